"""What people do with logs: send them, look at excerpts, name lines, accept what others named."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from attrs import define

from bot.customer_logs.model import Drop, OwnSignature, SentLog, SignatureDraft, SignatureState
from bot.customer_logs.origin import told_apart
from bot.customer_logs.over_all import ShownDrop, once, reports_of, shared
from bot.customer_logs.patterns import why_not
from bot.customer_logs.store import CustomerLogStore
from bot.errors import BadInput, NotAllowed, existing
from bot.field_limits import require_short
from bot.investigations.model import Investigation
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.messages.model import Place
from bot.records import Service

VIEW, SIGNATURE_VIEW = "customer_logs", "log_signature"
FILES_MAX = 10
"""Of one message, as many as Slack takes in one."""


def drop_key(drop_id: int) -> str:
    return f"logs/{drop_id}"


def signature_key(signature_id: int) -> str:
    return f"log-signature/{signature_id}"


@dataclass(frozen=True, slots=True)
class LogSettings:
    """`ours` are addresses that are no customer's; `own` are signatures of the team's file; `leads` accept others.

    `mask_key` makes the numbers of masks: whoever has the database alone can't try which address is behind one.
    """

    ours: tuple[str, ...] = ()
    own: tuple[Mapping[str, object], ...] = ()
    leads: Mapping[str, str] = field(default_factory=dict)
    mask_key: bytes = b"of nobody"


@define(kw_only=True, eq=False, repr=False, slots=False)
class CustomerLogService(Service):
    _store: CustomerLogStore
    _investigations: InvestigationService
    _known: KnownIssueService
    settings: LogSettings
    _wake: asyncio.Event

    def dropped(
        self,
        investigation_id: int | None,
        files: Sequence[str],
        *,
        by: str,
        channel: str,
        ts: str,
        thread_ts: str = "",
        tickets: Mapping[str, int] = MappingProxyType({}),
    ) -> bool:
        """A message with logs is read once; `files` are ids, "" for what is pasted in it. False where it is known.

        Without an investigation the sender alone hears of it, where they sent it. `tickets` has those of files.
        """
        place = Place(channel)
        if investigation_id is not None:
            place = self._investigations.get(investigation_id).thread
        with self._database.transaction():
            drop_id = self._store.drop(
                investigation_id, files[:FILES_MAX], by=by, channel=channel, ts=ts, thread_ts=thread_ts
            )
            if drop_id is None:
                return False
            for log in existing(self._store.get(drop_id), "").logs:
                if ticket_id := tickets.get(log.file_id):
                    self._store.is_of(log.id, ticket_id)
            self._owed.card(drop_key(drop_id), view=VIEW, record_id=drop_id, place=place, for_user=by, human=False)
        self._wake.set()
        return True

    def drop(self, drop_id: int) -> Drop:
        """Raises NotFound."""
        return existing(self._store.get(drop_id), "That log is not there any more.")

    async def is_of(self, drop_id: int, ticket_id: int, *, by: str) -> None:
        """The logs of a message of which nobody said it are from this ticket. Raises NotTier2, NotFound."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            for log in self.drop(drop_id).logs:
                if log.ticket_id is None:
                    self._store.is_of(log.id, ticket_id)
            self._owed.changed(drop_key(drop_id), human=True)

    def removed(self, channel: str, ts: str) -> None:
        """Somebody deleted the message: nothing of its logs is kept."""
        drop = self._store.at(channel, ts)
        if drop:
            with self._database.transaction():
                self._store.empty(drop.id)
                for each in self._with(drop):
                    self._owed.changed(drop_key(each.id), human=False)  # one with the same log may count now

    def shown(self, drop_id: int) -> ShownDrop | None:
        """With what the other logs say, also those of one that was merged; over all of them speaks the newest alone."""
        found = self._store.get(drop_id)
        if found is None:
            return None
        drops = self._with(found)
        drop = next(each for each in drops if each.id == drop_id)
        reports = reports_of(drops)
        newest = not any(other.id > drop.id and reports_of([other]) for other in drops)
        issues = {number: self._known.get(number) for number in _issues(drop)}
        others = reports_of(other for other in drops if other.id != drop.id)
        return ShownDrop(
            drop=drop,
            shared=tuple(shared(reports)) if newest and len(reports) > 1 else (),
            others=tuple(others),
            issues=issues,
        )

    def _with(self, drop: Drop) -> list[Drop]:
        """All of its investigation, and of those that are one with it; the same log is one."""
        if drop.investigation_id is None:
            return once([drop])
        together = self._investigations.together(drop.investigation_id)
        return once(told_apart(self._store.of(together), together[0]))

    def replaced_by(self, drop_id: int, log_id: int) -> list[int]:
        """The messages with the same log, which this one is counted in the place of."""
        drops = self._with(self.drop(drop_id))
        return [each.id for each in drops if any(log.same_as and log.same_as.log_id == log_id for log in each.logs)]

    def same_as(self, drop_id: int, log_id: int) -> SentLog | None:
        """The log with the same bytes that is counted in its place."""
        logs = (log for each in self._with(self.drop(drop_id)) for log in each.logs)
        return next((log.same_as for log in logs if log.id == log_id), None)

    def merging(self, investigation: Investigation, into: Investigation) -> None:
        """Two are one, or are two again, in the transaction of it: their logs are compared, and their masks named."""
        for drop in self._store.of([investigation.id, into.id]):
            self._owed.changed(drop_key(drop.id), human=False)

    def mask_scope(self, drop: Drop) -> str:
        """Masks are the same within an investigation; what somebody sends to the bot is theirs alone."""
        return f"INV-{drop.investigation_id}" if drop.investigation_id is not None else f"of {drop.by}"

    def signatures(self) -> list[dict[str, object]]:
        """The team's own: those of the file, and those that a lead accepted."""
        accepted = [signature.as_read() for signature in self._store.accepted()]
        return [*map(dict, self.settings.own), *accepted]

    async def propose(self, draft: SignatureDraft, *, place: Place, by: str) -> int:
        """A line that somebody knows; it counts when a lead has accepted it. Raises NotTier2, BadInput."""
        await self._people.require_tier2(by)
        require_short(draft.title, "A title")
        if why := why_not(draft.pattern):
            raise BadInput(why)
        with self._database.transaction():
            number = self._store.propose(draft, by=by)
            key = signature_key(number)
            self._owed.card(key, view=SIGNATURE_VIEW, record_id=number, place=place, for_user=by)
        return number

    def signature(self, signature_id: int) -> OwnSignature:
        return existing(self._store.signature(signature_id), "There is no such line.")

    @property
    def leads(self) -> tuple[str, ...]:
        """Who accepts a line, each once."""
        return tuple(dict.fromkeys(self.settings.leads.values()))

    async def decide(self, signature_id: int, state: SignatureState, *, by: str) -> OwnSignature:
        """A lead accepts or declines; without leads, anybody of Tier 2 but who proposed it. Raises NotAllowed."""
        signature, leads = self.signature(signature_id), self.leads
        await self._people.require_tier2(by)
        if leads and by not in leads:
            raise NotAllowed("Only a lead can decide about that.", who_can=leads)
        if not leads and by == signature.proposed_by:
            raise NotAllowed("Somebody else has to decide: you proposed it.")
        with self._database.transaction():
            if self._store.decide(signature_id, state, by=by):
                self._owed.changed(signature_key(signature_id), human=True)
        return self.signature(signature_id)


def _issues(drop: Drop) -> list[int]:
    findings = (finding for log in drop.logs for report in log.reports for finding in report.findings)
    return [finding.issue_id for finding in findings if finding.issue_id]
