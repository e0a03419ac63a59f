"""The loop that forgets: looks, takes out, and looks whether bytes are left. What a crash interrupts is done again."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from attrs import define

from bot.database import StorageError
from bot.due_loop import backoff_s
from bot.forgetting.model import Customer, ForgetOrder, Found, Kind, OrderState, Scope
from bot.forgetting.places import HELD
from bot.forgetting.resolving import Resolver
from bot.forgetting.seal import Seal
from bot.forgetting.service import order_key
from bot.forgetting.store import ForgettingStore
from bot.forgetting.sweep import Sweep
from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.records import Loop
from bot.tasks import others_first

logger = logging.getLogger(__name__)

FIRST_RETRY_S, LONGEST_RETRY_S = 60.0, 3600.0
BUSY_S = 10.0
MERGE_PAGES = 100


@define(kw_only=True, eq=False, repr=False, slots=False)
class ForgettingRunner(Loop):
    """One order after the other; everything that it knows is in the database."""

    _store: ForgettingStore
    _resolver: Resolver
    _investigations: InvestigationService
    _seal: Seal
    _pause: Callable[[], Awaitable[None]] = others_first
    """Lets others work between two steps."""

    async def run(self) -> None:
        """Never returns. What was forgotten before a backup was restored is forgotten again first."""
        self.take_up()
        await super().run()

    def take_up(self) -> None:
        """Orders what the file beside the database tells and the database does not: it was restored."""
        missing = self._store.unknown(self._seal.notes())
        if not missing:
            return
        logger.warning("%d forgotten customers are in the restored database: they are forgotten again", len(missing))
        with self._database.transaction():
            for note in missing:
                self._store.again(note)

    async def turn(self) -> datetime | None:
        """Forget one customer after the other."""
        while await self.step():
            pass
        return self._store.next_due_at()

    async def step(self) -> bool:
        """Do the next thing for the order that is due first; False where none is."""
        due = self._store.due(self._clock())
        if not due:
            return False
        order = due[0]
        try:
            match order.state:
                case OrderState.LOOKING:
                    await self._look(order)
                case OrderState.WANTED | OrderState.WAITING:
                    await self._forget(order)
                case OrderState.SEALING:
                    await self._close(order, ())
                case _:
                    self._store.set(order.id, next_at=None)
        except (StorageError, OSError) as error:
            logger.warning("forgetting waits: %s", error)
            self._store.set(order.id, next_at=self._clock() + timedelta(seconds=BUSY_S))
        return True

    async def _look(self, order: ForgetOrder) -> None:
        resolved = await self._resolver.resolve(order)
        if resolved.nobody:
            self._moved(order, OrderState.NOBODY, trouble=resolved.trouble)
            return
        sought = resolved.sought
        counted = {scope: await self._counted(sought.by(scope)) for scope in Scope}
        nothing = not any(found.places for found in counted.values()) and not resolved.trouble
        self._moved(
            order,
            OrderState.NOBODY if nothing else OrderState.ASKED,
            sought=sought,
            trouble=resolved.trouble,
            of_ticket=counted[Scope.TICKET],
            of_customer=counted[Scope.CUSTOMER],
        )

    async def _counted(self, customer: Customer | None) -> Found:
        total = Found()
        if customer:
            for found in Sweep(database=self._database, owed=self._owed, customer=customer).count():
                total = total.plus(found)
                await self._pause()
        return total

    def _moved(self, order: ForgetOrder, state: OrderState, **values: object) -> None:
        with self._database.transaction():
            if self._store.move(order.id, state, among=(order.state,), next_at=None, **values):
                self._owed.changed(order_key(order.id), human=True)

    async def _forget(self, order: ForgetOrder) -> None:
        """First what must not come in again, then what is there, then what the timelines say."""
        resolved = await self._resolver.resolve(order)
        scope = order.scope or Scope.CUSTOMER
        known = order.sought.by(scope) or Customer(typed=order.typed)
        customer = known.with_more(resolved.sought.by(scope) or Customer())
        with self._database.transaction():
            sought = replace(order.sought, **{scope.value: customer})
            self._store.set(order.id, sought=sought)
            self._store.mark(customer, until=order.confirmed_at or order.at)
        if not order.token:
            self._seal.remember(customer, token=order.note, until=order.at)
        await self._take_out(order.id, customer)
        if resolved.trouble and not resolved.nobody:
            self._wait(order, resolved.trouble)
            return
        self._record(order)
        await self._close(self._again(order), Sweep.words_of(customer).bytes_of())

    async def _take_out(self, order_id: int, customer: Customer) -> None:
        sweep = Sweep(database=self._database, owed=self._owed, customer=customer)
        for held in HELD:
            steps = sweep.remove(held)
            while True:
                with self._database.transaction():
                    found = next(steps, None)
                    if found and found.places:
                        self._store.add_done(order_id, found)
                if found is None:
                    break
                await self._pause()
        with self._database.transaction():
            done = self._store.get(order_id)
            sweep.finish(frozenset(done.done.kinds) if done else frozenset(), self._clock())
            if done and (files := sweep.unread(done.done.investigations)):
                self._store.add_done(order_id, Found({Kind.MESSAGE: files}))
        await self._merge_index(sweep)

    async def _merge_index(self, sweep: Sweep) -> None:
        """Some milliseconds at a time: all at once would be a third of a second with 100,000 known issues."""
        pages = -MERGE_PAGES
        while sweep.merge_index(pages):
            pages = MERGE_PAGES
            await self._pause()

    def _wait(self, order: ForgetOrder, trouble: str) -> None:
        """The desk can't be asked: what it alone knows is done when it can."""
        wait_s = backoff_s(order.attempts + 1, first_s=FIRST_RETRY_S, longest_s=LONGEST_RETRY_S, asked_s=None)
        next_at = self._clock() + timedelta(seconds=wait_s)
        with self._database.transaction():
            self._store.set(
                order.id, state=OrderState.WAITING, trouble=trouble, attempts=order.attempts + 1, next_at=next_at
            )
            self._owed.changed(order_key(order.id), human=False)

    def _record(self, order: ForgetOrder) -> None:
        """The timelines say that something was removed; from here on nobody knows any more what."""
        with self._database.transaction():
            done = self._again(order).done
            self._store.noted(order.note)
            for investigation_id in done.investigations:
                self._investigations.record_event(investigation_id, EventKind.FORGOTTEN, by=order.by or None, text="")
            self._store.ended(
                order.id,
                OrderState.SEALING,
                next_at=self._clock(),
                trouble="",
                backups=self._store.backups(),
                ended_at=None,
            )

    async def _close(self, order: ForgetOrder, forms: tuple[bytes, ...]) -> None:
        """Nothing of it is left in the write-ahead log, and no bytes in the file where these can be looked for."""
        leftover = await self._seal.close(forms)
        with self._database.transaction():
            self._store.ended(order.id, OrderState.DONE, leftover=int(leftover))
            self._owed.changed(order_key(order.id), human=True)

    def _again(self, order: ForgetOrder) -> ForgetOrder:
        again = self._store.get(order.id)
        assert again
        return again
