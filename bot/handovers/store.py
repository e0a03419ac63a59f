"""The tables of handovers and of the ends of working days."""

from dataclasses import asdict
from datetime import date, datetime

from bot.database import Row, Store
from bot.handovers.model import Handover, HandoverChoice, HandoverState, Offer, OfferState, Why
from bot.stored import Stored

_HANDOVERS, _OFFERS = Stored[Handover](Handover), Stored[Offer](Offer, json=("investigations", "choices"))


class HandoverStore(Store):
    """Questions and verbs of both; a unique index holds that an investigation waits for one person at most."""

    def get(self, handover_id: int) -> Handover | None:
        return _HANDOVERS.maybe(self._database.row("SELECT * FROM handovers WHERE id = ?", handover_id))

    def pending(self, investigation_id: int) -> Handover | None:
        """The one that an investigation waits for."""
        sql = "SELECT * FROM handovers WHERE investigation_id = ? AND state = 'pending'"
        return _HANDOVERS.maybe(self._database.row(sql, investigation_id))

    def waiting(self, receiver: str = "") -> list[Handover]:
        """All that are pending, or those that wait for one person, oldest first."""
        sql, whom = "SELECT * FROM handovers WHERE state = 'pending'", (receiver,) if receiver else ()
        rows = self._database.rows(f"{sql}{' AND receiver = ?' if receiver else ''} ORDER BY id", *whom)
        return _HANDOVERS.rows(rows)

    def ask(self, investigation_id: int, *, receiver: str, asked_by: str, owner: str, expires_at: datetime) -> int:
        """A new row; raises Taken while another one is pending."""
        row: Row = {"investigation_id": investigation_id, "receiver": receiver, "asked_by": asked_by, "owner": owner}
        row |= {"asked_at": self._clock(), "expires_at": expires_at, "state": HandoverState.PENDING}
        return self._database.insert("handovers", row)

    def linked(self, handover_id: int, link: str) -> None:
        """Where the card is."""
        self._database.update("handovers", {"id": handover_id}, link=link)

    def noted(self, handover_id: int, note: str, *, whole: bool) -> None:
        """What the person who asks says."""
        self._database.update("handovers", {"id": handover_id}, note=note, whole=int(whole))

    def settle(self, handover_id: int, state: HandoverState, *, by: str, why: Why | None = None) -> bool:
        """False where it was settled before: the condition in the statement decides."""
        pending: Row = {"id": handover_id, "state": HandoverState.PENDING}
        settled: Row = {"state": state, "why": why or "", "settled_by": by, "settled_at": self._clock()}
        return self._database.update("handovers", pending, **settled) > 0

    def expired(self, now: datetime) -> list[Handover]:
        sql = "SELECT * FROM handovers WHERE state = 'pending' AND expires_at <= ? ORDER BY expires_at"
        return _HANDOVERS.rows(self._database.rows(sql, now))

    def next_expiry(self) -> datetime | None:
        return self._database.time("SELECT min(expires_at) FROM handovers WHERE state = 'pending'")

    def plan(self, user: str, day: date, *, due_at: datetime, ends_at: datetime) -> None:
        """A day of a person has one row, whose times may change until something is said."""
        sql = """INSERT INTO day_ends (user, day, due_at, ends_at, state) VALUES (?, ?, ?, ?, 'planned')
            ON CONFLICT (user, day) DO UPDATE SET due_at = excluded.due_at, ends_at = excluded.ends_at
            WHERE state = 'planned' AND (due_at, ends_at) <> (excluded.due_at, excluded.ends_at)"""
        self._database.run(sql, user, day.isoformat(), due_at, ends_at)

    def ended_days(self, now: datetime) -> list[Offer]:
        """Those that something is to be said about now."""
        rows = self._database.rows("SELECT * FROM day_ends WHERE state = 'planned' AND due_at <= ? ORDER BY id", now)
        return _OFFERS.rows(rows)

    def next_day_end(self) -> datetime | None:
        return self._database.time("SELECT min(due_at) FROM day_ends WHERE state = 'planned'")

    def offer(self, offer_id: int) -> Offer | None:
        return _OFFERS.maybe(self._database.row("SELECT * FROM day_ends WHERE id = ?", offer_id))

    def open_offers(self, investigation_id: int) -> list[int]:
        """Those without an answer that list an investigation."""
        sql = """SELECT id FROM day_ends WHERE state = 'offered'
            AND EXISTS (SELECT 1 FROM json_each(investigations) WHERE value = ?)"""
        return self._database.column(sql, investigation_id)

    def open_offer(self, user: str) -> int | None:
        """The last one that somebody has not answered."""
        sql = "SELECT max(id) FROM day_ends WHERE user = ? AND state = 'offered'"
        number: int | None = self._database.value(sql, user)
        return number

    def offered(self, offer_id: int, investigations: list[int], choices: tuple[HandoverChoice, ...]) -> bool:
        """False where it was said already."""
        listed = [asdict(choice) for choice in choices]
        row: Row = {"state": OfferState.OFFERED, "investigations": investigations, "choices": listed}
        return self._database.update("day_ends", {"id": offer_id, "state": OfferState.PLANNED}, **row) > 0

    def skipped(self, offer_id: int) -> None:
        self._database.update("day_ends", {"id": offer_id, "state": OfferState.PLANNED}, state=OfferState.SKIPPED)

    def answered(self, offer_id: int, state: OfferState, chosen: str = "") -> bool:
        """False where it was answered before."""
        row: Row = {"id": offer_id, "state": OfferState.OFFERED}
        return self._database.update("day_ends", row, state=state, chosen=chosen) > 0
