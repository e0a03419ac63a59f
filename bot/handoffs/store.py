"""The tables of handoffs, of their errands outside, and of the tickets that hang on their problem ticket."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.database import Database, Row, Store
from bot.handoffs.model import Decision, Errand, ErrandKind, Handoff, HandoffDraft, HungTicket
from bot.stored import Stored

_DRAFTS = Stored[HandoffDraft](HandoffDraft, json=("tickets", "runs"))
_DECISIONS, _HANDOFFS = Stored[Decision](Decision), Stored[Handoff](Handoff, json=("told",))
_ERRANDS, _HUNG = Stored[Errand](Errand), Stored[HungTicket](HungTicket)


class HandoffStore(Store):
    """Questions and verbs of handoffs; transactions are the service's."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        super().__init__(database=database, clock=clock)
        self.wake = asyncio.Event()
        """Set where something more is to be done outside."""

    def hand_over(self, investigation_id: int, draft: HandoffDraft, *, by: str) -> int:
        """A new row; raises Taken while the investigation has another current handoff (the unique index decides)."""
        row = asdict(draft)
        row |= {f"wanted_{name}": row.pop(name) for name in ("priority", "lane", "issue_id")}
        row |= {"investigation_id": investigation_id, "issue_id": draft.issue_id, "told": draft.tickets}
        return self._database.insert("handoffs", row | {"handed_by": by, "handed_at": self._clock()})

    def get(self, handoff_id: int) -> Handoff | None:
        return next(self._handoffs("id = ?", handoff_id), None)

    def current_for(self, investigation_id: int) -> Handoff | None:
        return next(self._handoffs("investigation_id = ? AND ended_at IS NULL", investigation_id), None)

    def latest_for(self, investigation_id: int) -> Handoff | None:
        """The last one, ended or not."""
        return next(self._handoffs("investigation_id = ? ORDER BY id DESC LIMIT 1", investigation_id), None)

    def current(self) -> list[Handoff]:
        """All that have not ended, oldest first."""
        return list(self._handoffs("ended_at IS NULL ORDER BY id"))

    def about(self, issue_id: int) -> list[Handoff]:
        """Those that gave this issue to Tier 3 and have not ended."""
        return list(self._handoffs("issue_id = ? AND ended_at IS NULL ORDER BY id", issue_id))

    def became(self, handoff_id: int, issue_id: int) -> None:
        """The tracker has its issue."""
        self._database.update("handoffs", {"id": handoff_id}, issue_id=issue_id)

    def joined(self, issue_id: int, into: int) -> None:
        """A known issue turned out to be another one."""
        self._database.update("handoffs", {"issue_id": issue_id}, issue_id=into)

    def decided(self, handoff_id: int, decision: Decision) -> None:
        row: Row = {"priority": decision.priority, "lane": decision.lane, "reason": decision.reason}
        row |= {"decided_by": decision.by, "decided_at": decision.at}
        self._database.update("handoffs", {"id": handoff_id}, **row)

    def assigned(self, handoff_id: int, account: str) -> None:
        self._database.update("handoffs", {"id": handoff_id}, assignee=account)

    def problem_is(self, handoff_id: int, problem_id: int, url: str) -> None:
        """`url` is its page for people."""
        self._database.update("handoffs", {"id": handoff_id}, problem_id=problem_id, problem_url=url)

    def end(self, handoff_id: int) -> None:
        self._database.update("handoffs", {"id": handoff_id}, ended_at=self._clock())

    def ask(self, handoff_id: int, kind: ErrandKind, detail: str = "", *, after: timedelta = timedelta(0)) -> int:
        """One more thing to be done outside."""
        self.wake.set()
        now = self._clock()
        row: Row = {"handoff_id": handoff_id, "kind": kind, "detail": detail, "asked_at": now, "next_at": now + after}
        return self._database.insert("handoff_errands", row)

    def settle(self, errand_id: int, detail: str) -> None:
        """What an errand says is settled: each try says just that."""
        self._database.update("handoff_errands", {"id": errand_id}, detail=detail)

    def told(self, handoff_id: int, ticket_ids: Sequence[int]) -> None:
        """The issue knows these tickets."""
        self._database.update("handoffs", {"id": handoff_id}, told=list(ticket_ids))

    def inherit(self, earlier_id: int, handoff_id: int, kind: ErrandKind) -> None:
        """What an earlier handoff still has to do of a kind is this one's: the stamp finds what was made for it."""
        self.wake.set()
        sql = """UPDATE handoff_errands SET handoff_id = ?, given_up = 0, waits_until = NULL, next_at = ?
            WHERE handoff_id = ? AND kind = ? AND done_at IS NULL"""
        self._database.run(sql, handoff_id, self._clock(), earlier_id, kind)

    def overtake(self, handoff_id: int, *kinds: ErrandKind) -> None:
        """Drops what is still to be done of these kinds."""
        sql = """UPDATE handoff_errands SET done_at = ? WHERE handoff_id = ? AND done_at IS NULL
            AND kind IN (SELECT value FROM json_each(?))"""
        self._database.run(sql, self._clock(), handoff_id, kinds)

    def errand(self, errand_id: int) -> Errand:
        """As it is now: it may have been given to a later handoff, or be done, while the tracker was asked."""
        (row,) = self._database.rows("SELECT * FROM handoff_errands WHERE id = ?", errand_id)
        return _ERRANDS.row(row)

    def errands(self, handoff_id: int) -> list[Errand]:
        rows = self._database.rows("SELECT * FROM handoff_errands WHERE handoff_id = ? ORDER BY id", handoff_id)
        return list(map(_ERRANDS.row, rows))

    def due(self, now: datetime) -> list[Errand]:
        """What may be tried now, oldest first: nothing in the tracker before the issue is there."""
        sql = """SELECT e.* FROM handoff_errands e JOIN handoffs h ON h.id = e.handoff_id
            WHERE e.done_at IS NULL AND e.given_up = 0 AND e.next_at <= ?
              AND (e.kind IN ('create', 'problem') OR (e.kind = 'hang' AND h.problem_id IS NOT NULL)
                   OR (e.kind IN ('evidence', 'triage', 'assign') AND h.issue_id IS NOT NULL)
                   OR (e.kind = 'tickets' AND h.issue_id IS NOT NULL AND NOT EXISTS (
                     SELECT 1 FROM handoff_errands b WHERE b.handoff_id = h.id AND b.done_at IS NULL
                       AND b.kind IN ('create', 'evidence'))))
            ORDER BY e.id LIMIT 20"""
        return _ERRANDS.rows(self._database.rows(sql, now))

    def next_due_at(self, now: datetime) -> datetime | None:
        """When the next errand that waits for its time may be tried."""
        sql = "SELECT min(next_at) FROM handoff_errands WHERE done_at IS NULL AND given_up = 0 AND next_at > ?"
        return self._database.time(sql, now)

    def done(self, errand: Errand) -> None:
        row: Row = {"done_at": self._clock(), "failure": "", "failing_since": None, "waits_until": None}
        self._database.update("handoff_errands", {"id": errand.id}, **row)

    def failed(self, errand: Errand, *, reason: str, next_at: datetime, given_up: bool, long: bool = False) -> None:
        """`long` is a wait that people should know the end of."""
        sql = """UPDATE handoff_errands SET failure = ?, failing_since = coalesce(failing_since, ?), next_at = ?,
              given_up = ?, waits_until = ? WHERE id = ?"""
        self._database.run(sql, reason, self._clock(), next_at, int(given_up), next_at if long else None, errand.id)

    def retry(self, handoff_id: int) -> None:
        """Somebody mended what was in the way: what was given up is tried again, and tickets that would not hang."""
        self.wake.set()
        sql = "UPDATE handoff_tickets SET failure = '' WHERE handoff_id = ? AND failure <> ''"
        again = self._database.run(sql, handoff_id)
        if again:
            self.ask(handoff_id, ErrandKind.HANG)
        self._database.run(
            """UPDATE handoff_errands SET given_up = 0, waits_until = NULL, next_at = ?
               WHERE handoff_id = ? AND done_at IS NULL""",
            self._clock(),
            handoff_id,
        )

    def hurry(self, kinds: Sequence[ErrandKind], *, tracker: str = "", given_up: bool) -> list[int]:
        """What waits outside may be tried now, and with `given_up` what was given up too; the handoffs whose it is.

        `tracker` is whose handoffs are meant, "" for all.
        """
        self.wake.set()
        sql = """UPDATE handoff_errands SET given_up = 0, waits_until = NULL, next_at = ?1
             WHERE done_at IS NULL AND failing_since IS NOT NULL
               AND ((given_up = 0 AND next_at > ?1) OR (given_up = 1 AND ?2))
               AND handoff_id IN (SELECT id FROM handoffs WHERE ended_at IS NULL AND (?3 = '' OR tracker = ?3))
               AND kind IN (SELECT value FROM json_each(?4))
             RETURNING handoff_id"""
        handoffs = self._database.column(sql, self._clock(), int(given_up), tracker, kinds)
        return sorted(set(handoffs))

    def want_hung(self, handoff_id: int, ticket_ids: Sequence[int]) -> int:
        """These shall hang on the problem ticket; how many are new."""
        return sum(
            self._database.run("INSERT OR IGNORE INTO handoff_tickets VALUES (?, ?, 0, '')", handoff_id, number)
            for number in ticket_ids
        )

    def want_no_more(self, handoff_id: int, ticket_ids: Sequence[int]) -> None:
        """These belong to it no longer; what hangs in the desk already stays there."""
        sql = """DELETE FROM handoff_tickets WHERE handoff_id = ? AND hung = 0
            AND ticket_id IN (SELECT value FROM json_each(?))"""
        self._database.run(sql, handoff_id, list(ticket_ids))

    def hung(self, handoff_id: int) -> list[HungTicket]:
        rows = self._database.rows("SELECT * FROM handoff_tickets WHERE handoff_id = ? ORDER BY ticket_id", handoff_id)
        return list(map(_HUNG.row, rows))

    def hang(self, handoff_id: int, ticket_id: int, *, failure: str = "") -> None:
        """It hangs now, or `failure` says why it does not."""
        row: Row = {"handoff_id": handoff_id, "ticket_id": ticket_id}
        self._database.update("handoff_tickets", row, hung=int(not failure), failure=failure)

    def _handoffs(self, which: str, *values: object) -> Iterator[Handoff]:
        for row in self._database.rows(f"SELECT * FROM handoffs WHERE {which}", *values):
            asked_for = {name: row[f"wanted_{name}"] for name in ("priority", "lane", "issue_id")}
            decision = _DECISIONS.row(row, by=row["decided_by"], at=row["decided_at"]) if row["decided_at"] else None
            yield _HANDOFFS.row(row, draft=_DRAFTS.row(row, **asked_for), decision=decision)
