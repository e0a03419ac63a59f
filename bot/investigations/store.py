"""The tables of investigations, helpers and events."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from bot.clock import Clock
from bot.database import Database, Row, Store
from bot.investigations.correction_store import CorrectionStore
from bot.investigations.merge_store import MergeStore
from bot.investigations.model import LIVE, Event, EventKind, Investigation, Latest, SourceMessage, State
from bot.investigations.relation_model import Bond, Relation, bonds
from bot.investigations.relation_store import RelationStore
from bot.investigations.teams import Moved
from bot.investigations.update_store import UpdateStore
from bot.stored import Stored

_LIVE = ", ".join(f"'{state}'" for state in LIVE)
_INVESTIGATIONS = Stored[Investigation](Investigation, json=("source",))
_EVENTS, _MOVES = Stored[Event](Event), Stored[Moved](Moved)
_LATEST = Stored[Latest](Latest)

HAPPENED_SINCE = f"""SELECT e.* FROM (
      SELECT id FROM investigations INDEXED BY investigations_live WHERE state IN ({_LIVE})
      UNION SELECT id FROM investigations WHERE closed_at > ?1) i
    CROSS JOIN events e ON e.investigation_id = i.id
    WHERE coalesce(e.entered_at, e.at) > ?1 AND e.kind IN (SELECT value FROM json_each(?2))
      AND e.removed_at IS NULL AND e.withdrawn_at IS NULL ORDER BY e.id"""
"""CROSS: in this order, as the events of all years are many more (https://www.sqlite.org/optoverview.html#crossjoin)."""


class InvestigationStore(Store):
    """Questions and verbs of investigations; transactions are the service's."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        super().__init__(database=database, clock=clock)
        self.updates = UpdateStore(database=database, clock=clock)
        self.corrections = CorrectionStore(database=database, clock=clock)
        self.merges = MergeStore(database=database, clock=clock)
        self.relations = RelationStore(database=database, clock=clock)

    def now(self) -> datetime:
        """The time by which records are stamped."""
        return self._clock()

    def get(self, investigation_id: int) -> Investigation | None:
        row = self._database.row("SELECT * FROM investigations WHERE id = ?", investigation_id)
        return self._investigation(row) if row else None

    def around(self, own: Sequence[int]) -> list[tuple[Relation, Bond, int]]:
        """What stands of the first of these, with those that go on in it: what the other one is, as it goes on."""
        standing = self.relations.of(own)
        numbers = {number for each in standing for number in (each.investigation_id, each.other_id)}
        return bonds(standing, own[0], {number: self.merges.survivor(number) for number in numbers})

    def causes(self) -> dict[int, set[int]]:
        """By each that was caused by others, these; as they go on now."""
        found: dict[int, set[int]] = {}
        for each in self.relations.causes():
            effect, cause = self.merges.survivor(each.investigation_id), self.merges.survivor(each.other_id)
            if effect != cause:
                found.setdefault(effect, set()).add(cause)
        return found

    def live_for(self, target: str) -> Investigation | None:
        """The one of a target, else the one in which that goes on."""
        row = self._database.row(f"SELECT * FROM investigations WHERE target = ? AND state IN ({_LIVE})", target)
        if row:
            return self._investigation(row)
        for number in self.merges.of_target(target):
            survivor = self.get(self.merges.survivor(number))
            if survivor and survivor.live:
                return survivor
        return None

    def live(self) -> list[Investigation]:
        return self._several(f"SELECT * FROM investigations WHERE state IN ({_LIVE}) ORDER BY id")

    def resolved_before(self, target: str, investigation_id: int) -> Investigation | None:
        """The one of a target that was resolved last, but for this one."""
        sql = """SELECT * FROM investigations WHERE target = ? AND state = 'resolved' AND id <> ?
            ORDER BY closed_at DESC LIMIT 1"""
        row = self._database.row(sql, target, investigation_id)
        return self._investigation(row) if row else None

    def closed_since(self, moment: datetime) -> list[Investigation]:
        sql = f"SELECT * FROM investigations WHERE closed_at > ? AND state NOT IN ({_LIVE}) ORDER BY closed_at, id"
        return self._several(sql, moment)

    def closed_after(self, moment: datetime, number: int, *, at_most: int) -> list[Investigation]:
        """The next ones that were closed after a moment, or at it with a higher number."""
        sql = f"""SELECT * FROM investigations WHERE closed_at >= ?1 AND (closed_at > ?1 OR id > ?2)
              AND state NOT IN ({_LIVE}) ORDER BY closed_at, id LIMIT ?3"""
        return self._several(sql, moment, number, at_most)

    def live_or_closed_since(self, moment: datetime) -> list[int]:
        """Their ids: there may be a thousand of them."""
        sql = f"""SELECT id FROM investigations INDEXED BY investigations_live WHERE state IN ({_LIVE})
             UNION SELECT id FROM investigations WHERE closed_at > ?"""
        return self._database.column(sql, moment)

    def open(
        self, *, target: str, symptom: str, by: str, owner: str | None, channel: str, source: SourceMessage | None
    ) -> int:
        """A new row; raises Taken where the target has a live investigation (the unique index decides)."""
        now = self._clock()
        row: Row = {"target": target, "symptom": symptom, "state": State.OPEN, "opened_by": by, "opened_at": now}
        row |= {"owner": owner, "claimed_at": now if owner else None, "channel": channel}
        return self._database.insert("investigations", row | {"source": asdict(source) if source else ""})

    def owned_by(self, investigation_id: int, owner: str | None) -> None:
        claimed_at = self._clock() if owner else None
        self._set(investigation_id, owner=owner, claimed_at=claimed_at)

    def joined(self, investigation_id: int, user: str) -> bool:
        """False where the person had joined before."""
        sql = "INSERT OR IGNORE INTO helpers VALUES (?, ?, ?)"
        return self._database.run(sql, investigation_id, user, self._clock()) > 0

    def moved(self, investigation_id: int, state: State) -> None:
        self._set(investigation_id, state=state)

    def moved_to(self, investigation_id: int, team: str, channel: str) -> None:
        self._set(investigation_id, team=team, channel=channel)

    def record_move(
        self, before: Investigation, team: str, channel: str, *, left_owner: str | None, note: str, called: str, by: str
    ) -> int:
        """A new row; its number."""
        row: Row = {"investigation_id": before.id, "at": self._clock(), "author": by, "team": team, "channel": channel}
        row |= {"called": called, "left_channel": before.channel, "left_owner": left_owner, "note": note}
        return self._database.insert("moves", row)

    def move(self, move_id: int) -> Moved | None:
        return _MOVES.maybe(self._database.row("SELECT * FROM moves WHERE id = ?", move_id))

    def closed(
        self,
        investigation_id: int,
        state: State,
        *,
        by: str,
        root_cause: str = "",
        workaround: str = "",
        reason: str = "",
    ) -> None:
        row: Row = {"root_cause": root_cause, "workaround": workaround, "reason": reason}
        self._set(investigation_id, state=state, closed_by=by, closed_at=self._clock(), **row)

    def reopened(self, investigation_id: int) -> None:
        """Raises Taken where the target has another live investigation meanwhile."""
        self._set(investigation_id, state=State.OPEN, closed_by=None, closed_at=None, reason="")

    def _set(self, investigation_id: int, **values: object) -> None:
        self._database.update("investigations", {"id": investigation_id}, **values)

    def record(
        self,
        investigation_id: int,
        kind: EventKind,
        *,
        actor: str | None,
        about: str | None = None,
        text: str = "",
        source: SourceMessage | None = None,
        at: datetime | None = None,
    ) -> int | None:
        """One line of the timeline, its id; None where the source message is on it already.

        `at` is when it happened, where that was before.
        """
        if source and self._again(investigation_id, source, text):
            return None
        now = self._clock()
        row: Row = {"investigation_id": investigation_id, "at": at or now, "kind": kind}
        row |= {"actor": actor, "about": about, "text": text, "entered_at": now if at else None}
        if source:
            row |= {"source_channel": source.channel, "source_ts": source.ts, "permalink": source.permalink}
        return self._database.insert("events", row)

    def event(self, event_id: int) -> Event | None:
        return _EVENTS.maybe(self._database.row("SELECT * FROM events WHERE id = ?", event_id))

    def reworded(self, source: SourceMessage) -> list[int]:
        """A message that is on a timeline was edited in Slack; the investigations that have it."""
        message: Row = {"source_channel": source.channel, "source_ts": source.ts}
        self._database.update("events", message, text=source.text)
        return self._with_message(source)

    def removed(self, source: SourceMessage) -> list[int]:
        """A message was unpinned or deleted: its lines are hidden; the investigations that had it."""
        had = self._with_message(source)
        sql = "UPDATE events SET removed_at = ? WHERE source_channel = ? AND source_ts = ? AND removed_at IS NULL"
        self._database.run(sql, self._clock(), source.channel, source.ts)
        return had

    def timeline(self, investigation_id: int) -> list[Event]:
        """In the order in which they were written down, also those that were withdrawn."""
        sql = "SELECT * FROM events WHERE investigation_id = ? AND removed_at IS NULL ORDER BY id"
        return _EVENTS.rows(self._database.rows(sql, investigation_id))

    def events_since(self, investigation_id: int, moment: datetime) -> list[Event]:
        """The lines that were written on a timeline since, without those that were withdrawn."""
        sql = """SELECT * FROM events WHERE investigation_id = ? AND coalesce(entered_at, at) > ? AND removed_at IS NULL
              AND withdrawn_at IS NULL ORDER BY id"""
        return _EVENTS.rows(self._database.rows(sql, investigation_id, moment))

    def happened_since(self, moment: datetime, kinds: Iterable[EventKind]) -> list[Event]:
        """Lines of some kinds that were written since on the timelines of those that are live or ended since."""
        return _EVENTS.rows(self._database.rows(HAPPENED_SINCE, moment, sorted(kinds)))

    def latest(self, investigation_id: int) -> list[Latest]:
        """The last time of each kind and person."""
        sql = """SELECT kind, actor, max(coalesce(entered_at, at)) AS at FROM events
            WHERE investigation_id = ? AND removed_at IS NULL GROUP BY kind, actor"""
        return _LATEST.rows(self._database.rows(sql, investigation_id))

    def _with_message(self, source: SourceMessage) -> list[int]:
        sql = "SELECT investigation_id FROM events WHERE source_channel = ? AND source_ts = ? AND removed_at IS NULL"
        return self._database.column(sql, source.channel, source.ts)

    def _again(self, investigation_id: int, source: SourceMessage, text: str) -> bool:
        """Whether the message stands on the timeline; one that was taken off is put back."""
        line: Row = {"investigation_id": investigation_id, "source_channel": source.channel, "source_ts": source.ts}
        return self._database.update("events", line, removed_at=None, withdrawn_at=None, text=text) > 0

    def _several(self, sql: str, *values: object) -> list[Investigation]:
        """There may be a thousand: their helpers are asked for once."""
        rows, helpers = self._database.rows(sql, *values), dict[int, list[str]]()
        for joined in self._database.rows(
            """SELECT investigation_id, user FROM helpers WHERE investigation_id IN (SELECT value FROM json_each(?))
               ORDER BY joined_at""",
            [row["id"] for row in rows],
        ):
            helpers.setdefault(joined["investigation_id"], []).append(joined["user"])
        return [_INVESTIGATIONS.row(row, helpers=tuple(helpers.get(row["id"], ()))) for row in rows]

    def _investigation(self, row: Row) -> Investigation:
        sql = "SELECT user FROM helpers WHERE investigation_id = ? ORDER BY joined_at"
        return _INVESTIGATIONS.row(row, helpers=tuple(self._database.column(sql, row["id"])))
