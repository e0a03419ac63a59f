"""Whom an order means: what the records say, and what the desk says where it can be asked."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from bot.forgetting.matching import is_own_subject, telling
from bot.forgetting.model import Customer, ForgetOrder, Sought, Wanted, read_typed
from bot.forgetting.store import ForgettingStore
from bot.tickets.desk import DeskError, HelpDesk
from bot.tickets.model import Requester, Ticket

NO_SUCH = "Zendesk knows nobody by that name or address"
SEVERAL = "Zendesk knows {count} customers by that name. Type the e-mail address"


@dataclass(frozen=True, slots=True)
class Resolved:
    """`trouble` is why the desk did not answer, or why nobody is meant: `nobody` then."""

    sought: Sought = field(default_factory=Sought)
    trouble: str = ""
    nobody: bool = False


class Resolver:
    """`hash_of` gives what the stream has in place of a customer, 0 where nothing was read."""

    def __init__(self, *, store: ForgettingStore, desk: HelpDesk | None, hash_of: Callable[[int], int]) -> None:
        self._store = store
        self._desk = desk
        self._hash_of = hash_of

    async def resolve(self, order: ForgetOrder) -> Resolved:
        if not order.typed:
            return Resolved(order.sought)
        wanted = read_typed(order.typed)
        local = self._local(wanted, order.typed)
        if not self._desk:
            return Resolved(local)
        try:
            return await self._asked(self._desk, wanted, local)
        except DeskError as error:
            return Resolved(local, trouble=error.reason)

    def _local(self, wanted: Wanted, typed: str) -> Sought:
        """What is known without the desk."""
        if not wanted.ticket:
            requesters = [wanted.user] if wanted.user else []
            phrases = telling([wanted.email, wanted.name])
            return Sought(customer=self._customer(requesters, (), phrases, (), typed))
        ticket = self._with_subjects(Customer(tickets=(wanted.ticket,), typed=typed), ())
        requester, hashes = self._store.requester_of(wanted.ticket), self._store.hash_of(wanted.ticket)
        if not requester and not hashes:
            return Sought(ticket)
        whole = self._customer([requester] if requester else [], hashes, (), (), typed)
        return Sought(ticket, whole.with_more(ticket))

    async def _asked(self, desk: HelpDesk, wanted: Wanted, local: Sought) -> Resolved:
        if wanted.ticket:
            return await self._of_ticket(desk, wanted.ticket, local)
        found = await desk.requesters(str(wanted.user) if wanted.user else wanted.email or wanted.name)
        assert local.customer
        if len(found) > 1:
            return Resolved(trouble=SEVERAL.format(count=len(found)), nobody=True)
        if not found:
            # Somebody who is gone from the desk may still stand here.
            by_words = local.customer.phrases or local.customer.tickets
            return Resolved(local) if by_words else Resolved(trouble=NO_SUCH, nobody=True)
        return Resolved(Sought(customer=local.customer.with_more(await self._of(desk, found[0], local.customer))))

    async def _of_ticket(self, desk: HelpDesk, number: int, local: Sought) -> Resolved:
        assert local.ticket
        listed = await desk.tickets([number])
        ticket = self._with_subjects(local.ticket, listed)
        requester = next((each.requester_id for each in listed if each.requester_id), None)
        known = local.customer.requesters if local.customer else ()
        requester = requester or (known[0] if known else None)
        if not requester:
            return Resolved(Sought(ticket, local.customer))
        found = await desk.requesters(str(requester))
        who = found[0] if found else Requester(requester)
        whole = await self._of(desk, who, local.ticket)
        return Resolved(Sought(ticket, (local.customer or ticket).with_more(whole)))

    async def _of(self, desk: HelpDesk, who: Requester, local: Customer) -> Customer:
        tickets = await desk.tickets_of(who.id)
        return self._customer([who.id], (), telling([who.name, who.email]), tickets, local.typed)

    def _customer(
        self,
        requesters: Sequence[int],
        hashes: Collection[int],
        phrases: Sequence[str],
        tickets: Sequence[Ticket],
        typed: str,
    ) -> Customer:
        by_hash = dict.fromkeys([*hashes, *(hashed for each in requesters if (hashed := self._hash_of(each)))])
        known = self._store.known_tickets(requesters=requesters, hashes=list(by_hash))
        customer = Customer(
            tickets=tuple(dict.fromkeys([*known, *(ticket.id for ticket in tickets)])),
            requesters=tuple(requesters),
            hashes=tuple(by_hash),
            phrases=tuple(phrases),
            typed=typed,
        )
        return self._with_subjects(customer, tickets)

    def _with_subjects(self, customer: Customer, tickets: Sequence[Ticket]) -> Customer:
        """With the subjects that only these tickets have: others may have said the same in a few words."""
        stored = self._store.subjects(customer.tickets)
        subjects = [subject for subject in dict.fromkeys([*stored, *(t.subject for t in tickets)]) if subject]
        own = [subject for subject in subjects if is_own_subject(subject)]
        shared = set(self._store.shared(own, customer.tickets))
        return customer.with_more(Customer(phrases=tuple(each for each in own if each not in shared)))
