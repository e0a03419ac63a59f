"""What people do about it: ask what is stored of a customer, have it forgotten, or leave it."""

import asyncio
from collections.abc import Iterable

from attrs import define

from bot.errors import BadInput, NotAllowed, existing
from bot.forgetting.model import ForgetOrder, ForgettingSettings, OrderState, Scope, read_typed
from bot.forgetting.store import ForgettingStore
from bot.messages.model import Place
from bot.people import Group
from bot.records import Service

VIEW = "forget"


def order_key(order_id: int) -> str:
    return f"forget/{order_id}"


class MayNotForget(NotAllowed):
    """Only a few people may have a customer forgotten."""

    def __init__(self, who: str, whom: Iterable[str], trouble: str) -> None:
        """`trouble` is why nobody is among them ("@privacy has no members")."""
        nobody = f"Nobody can have a customer forgotten yet: {trouble}. Ask your admin to add somebody."
        super().__init__(nobody if trouble else f"Only {who} can have a customer forgotten.", who_can=whom)


@define(kw_only=True, eq=False, repr=False, slots=False)
class ForgettingService(Service):
    _store: ForgettingStore
    _settings: ForgettingSettings
    _wake: asyncio.Event

    async def ask(self, typed: str, *, by: str) -> ForgetOrder:
        """Look for what is stored; a direct message shows it. Raises MayNotForget, BadInput."""
        await self._require(by)
        read_typed(typed)
        with self._database.transaction():
            number = self._store.order(" ".join(typed.split()), by=by)
            self._owed.card(order_key(number), view=VIEW, record_id=number, place=Place(by), for_user=by)
        self._wake.set()
        return self.get(number)

    async def confirm(self, order_id: int, scope: Scope, *, by: str) -> None:
        """Forget it, for good. Raises MayNotForget, BadInput where it is too late for that, NotFound."""
        await self._own(order_id, by)
        if self.get(order_id).sought.by(scope) is None or not self._moved(order_id, OrderState.WANTED, scope=scope):
            raise BadInput("This was decided before. Type `/t2 forget` again to begin anew.")
        self._wake.set()

    async def keep(self, order_id: int, *, by: str) -> None:
        """Leave everything as it is; what was looked for is let go of. Raises MayNotForget, NotFound."""
        await self._own(order_id, by)
        with self._database.transaction():
            if self.get(order_id).state in (OrderState.ASKED, OrderState.NOBODY, OrderState.LOOKING):
                self._store.ended(order_id, OrderState.KEPT)
                self._owed.changed(order_key(order_id), human=True)

    def get(self, order_id: int) -> ForgetOrder:
        """Raises NotFound."""
        return existing(self._store.get(order_id), "There is no such order.")

    def pending(self) -> int:
        """How many orders are not done yet."""
        return self._store.pending()

    def _moved(self, order_id: int, state: OrderState, **values: object) -> bool:
        now = self._store.now()
        with self._database.transaction():
            moved = self._store.move(
                order_id, state, among=(OrderState.ASKED,), confirmed_at=now, next_at=now, attempts=0, **values
            )
            self._owed.changed(order_key(order_id), human=True)
        return moved

    async def _own(self, order_id: int, by: str) -> None:
        await self._require(by)
        if self.get(order_id).by != by:
            raise NotAllowed(
                "Somebody else asked for that. Only they can decide about it.", who_can=[self.get(order_id).by]
            )

    async def _require(self, by: str) -> None:
        """Members of the group and leads; management where the settings name neither."""
        settings = self._settings
        group = await self._people.group(settings.group) if settings.group else Group()
        named = group.users | await self._people.named(settings.leads)
        if not settings.group and not settings.leads:
            named, who = await self._people.managers(), "management"
        else:
            who = " and ".join([f"@{settings.group}"] * bool(settings.group) + ["leads"] * bool(settings.leads))
        if by not in named:
            trouble = "" if named else group.trouble or f"Slack knows nobody of {who}"
            raise MayNotForget(who, sorted(named), trouble)
