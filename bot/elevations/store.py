"""The tables of elevations: tickets, the messages that gather them, and how far it is."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.database import Row, Store, moment
from bot.elevations.model import (
    Aim,
    ElevatedTicket,
    ElevationProgress,
    ElevationState,
    ElevationTally,
    Gathering,
    GatheringKind,
    Mode,
    TakenBy,
)
from bot.stored import Stored
from bot.tickets.model import Ticket
from bot.tickets.waiting import Wait

SUBJECT_MAX = 200
EMPTIED_AT_ONCE = 500
GATHERED_AT_ONCE = 500
"""So many rows are written in a few hundredths of a second, in which nothing else is done."""

_TICKETS = Stored[ElevatedTicket](ElevatedTicket)
_GATHERINGS = Stored[Gathering](Gathering)
_PROGRESS = Stored[ElevationProgress](ElevationProgress)
_TALLIES = Stored[ElevationTally](ElevationTally)
_FORGOTTEN = "('read', 'waiting', 'quiet', 'old', 'would')"


class ElevationStore(Store):
    """Questions and verbs of elevations. A ticket has one row for ever once it was elevated."""

    def progress(self) -> ElevationProgress:
        row = self._database.row("SELECT * FROM elevation_progress WHERE id = 1")
        assert row, "a migration made it"
        return _PROGRESS.row(row)

    def progressed(self, **columns: object) -> None:
        self._database.update("elevation_progress", {"id": 1}, **columns)

    def began(self, mode: Mode) -> None:
        """From here on it is in this mode; what a mode before it left undone is looked at again."""
        now = self._clock()
        sql = """UPDATE elevation_progress SET mode = ?1, began_at = ?2, dry_at = coalesce(dry_at, ?2),
            walk_before = NULL, walked_at = NULL, reported_at = NULL WHERE id = 1"""
        self._database.run(sql, mode, now)
        sql = """UPDATE elevations SET state = 'read', next_at = ?, gathering_id = NULL, attempts = 0, failure = ''
            WHERE state IN ('would', 'old', 'waiting')"""
        self._database.run(sql, now)

    def get(self, ticket_id: int) -> ElevatedTicket | None:
        return _TICKETS.maybe(self._database.row("SELECT * FROM elevations WHERE ticket_id = ?", ticket_id))

    def known(self, ticket_ids: Collection[int]) -> dict[int, ElevatedTicket]:
        sql = "SELECT * FROM elevations WHERE ticket_id IN (SELECT value FROM json_each(?))"
        rows = self._database.rows(sql, list(ticket_ids))
        return {row["ticket_id"]: _TICKETS.row(row) for row in rows}

    def seen(self, ticket_ids: Iterable[int]) -> None:
        """A search found them again."""
        sql = "UPDATE elevations SET seen_at = ? WHERE ticket_id IN (SELECT value FROM json_each(?))"
        self._database.run(sql, self._clock(), list(ticket_ids))

    def found(self, ticket: Ticket, state: ElevationState, aim: Aim | None = None) -> None:
        """A search found it, and it was never seen or has changed: it is to be read, or old."""
        now, target, team = self._clock(), aim.target if aim else "", aim.team if aim else ""
        sql = """INSERT INTO elevations (ticket_id, subject, url, updated_at, state, next_at, seen_at, target, team)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (ticket_id) DO UPDATE SET subject = excluded.subject, url = excluded.url,
              updated_at = excluded.updated_at, state = excluded.state, next_at = excluded.next_at,
              seen_at = excluded.seen_at, attempts = 0, failure = ''"""
        self._database.run(sql, ticket.id, *_words_of(ticket).values(), state, now, now, target, team)

    def judged(self, ticket: Ticket, aim: Aim, wait: Wait, state: ElevationState, *, next_at: datetime) -> None:
        row = _words_of(ticket) | {"state": state, "next_at": next_at, "target": aim.target, "team": aim.team}
        self._ticket(ticket.id, **row, since=wait.since, touched_at=wait.touched_at)

    def quiet(self, ticket_id: int, ticket: Ticket | None = None) -> None:
        """Nobody waits for us there."""
        row = _words_of(ticket) if ticket else {}
        self._ticket(ticket_id, **row, state=ElevationState.QUIET, since=None, touched_at=None, attempts=0, failure="")

    def read_again(self, ticket_id: int, *, at: datetime) -> None:
        """Somebody has just done something with it."""
        self._ticket(ticket_id, state=ElevationState.READ, next_at=at)

    def due(self, states: Sequence[ElevationState], now: datetime, *, limit: int = 1) -> list[ElevatedTicket]:
        """Those that are due in any of these states; who has waited longest comes first."""
        sql = """SELECT * FROM elevations WHERE state IN (SELECT value FROM json_each(?)) AND next_at <= ?
            ORDER BY state = 'unsure' DESC, coalesce(since, updated_at), ticket_id LIMIT ?"""
        return _TICKETS.rows(self._database.rows(sql, list(states), now, limit))

    def next_at(self, states: Sequence[ElevationState]) -> datetime | None:
        sql = "SELECT min(next_at) FROM elevations WHERE state IN (SELECT value FROM json_each(?))"
        return self._database.time(sql, list(states))

    def interrupted(self) -> int:
        """At start: what was being moved when the program died has an unknown outcome."""
        sql = "UPDATE elevations SET state = 'unsure', next_at = ? WHERE state = 'writing'"
        return self._database.run(sql, self._clock())

    def writing(self, ticket_id: int) -> bool:
        """From here on a crash leaves the outcome unknown; False where it is no longer to be moved."""
        sql = "UPDATE elevations SET state = 'writing' WHERE ticket_id = ? AND state IN ('waiting', 'unsure')"
        return bool(self._database.run(sql, ticket_id))

    def later(self, ticket_id: int, state: ElevationState, *, next_at: datetime) -> None:
        self._ticket(ticket_id, state=state, next_at=next_at)

    def refused(self, ticket: ElevatedTicket, state: ElevationState, reason: str, *, next_at: datetime) -> None:
        row: Row = {"attempts": ticket.attempts + 1, "failure": reason[:SUBJECT_MAX], "next_at": next_at}
        self._ticket(ticket.ticket_id, state=state, **row)

    def try_refused_now(self) -> None:
        """The desk moves tickets again: whatever it refused is due."""
        sql = "UPDATE elevations SET next_at = ? WHERE state IN ('waiting', 'unsure') AND failure <> ''"
        self._database.run(sql, self._clock())

    def elevated(self, ticket_id: int, ticket: Ticket | None, *, group_id: int, gathering_id: int) -> None:
        row = _words_of(ticket) if ticket else {}
        row |= {"state": ElevationState.ELEVATED, "elevated_at": self._clock(), "attempts": 0, "failure": ""}
        self._ticket(ticket_id, **row, group_id=group_id, gathering_id=gathering_id)

    def elevated_since(self, since: datetime) -> list[datetime]:
        """When tickets were elevated, the earliest first."""
        sql = "SELECT elevated_at FROM elevations WHERE elevated_at > ? AND elevated_at <= ? ORDER BY elevated_at"
        column = self._database.column(sql, since, self._clock())
        return [moment(text) for text in column]

    def count(self, states: Sequence[ElevationState], before: datetime | None = None) -> int:
        """How many tickets are in any of these states, and due `before` then."""
        sql = """SELECT count(*) FROM elevations WHERE state IN (SELECT value FROM json_each(?1))
            AND (?2 IS NULL OR next_at <= ?2)"""
        return int(self._database.value(sql, list(states), before))

    def count_of_team(self, state: ElevationState, team: str) -> int:
        return int(self._database.value("SELECT count(*) FROM elevations WHERE state = ? AND team = ?", state, team))

    def refusals(self) -> int:
        """How many tickets the desk would not have moved."""
        return int(self._database.value("SELECT count(*) FROM elevations WHERE failure <> ''"))

    def gather(self, kind: GatheringKind, *, channel: str, team: str, look_at: datetime) -> int:
        row: Row = {"kind": kind, "channel": channel, "team": team, "opened_at": self._clock()}
        return self._database.insert("elevation_gatherings", row | {"look_next_at": look_at})

    def gathering(self, gathering_id: int) -> Gathering | None:
        return _GATHERINGS.maybe(self._database.row("SELECT * FROM elevation_gatherings WHERE id = ?", gathering_id))

    def newest_gathering(self, channel: str) -> Gathering | None:
        """The last one of a channel about tickets that were moved."""
        sql = "SELECT * FROM elevation_gatherings WHERE channel = ? AND kind = 'moved' ORDER BY id DESC LIMIT 1"
        return _GATHERINGS.maybe(self._database.row(sql, channel))

    def tallies(self, gathering_id: int) -> list[ElevationTally]:
        """The tickets of a message, counted: it may have ten thousand."""
        sql = """SELECT target, taken, investigation_id, count(*) AS count FROM elevations WHERE gathering_id = ?
            GROUP BY target, taken, investigation_id"""
        return _TALLIES.rows(self._database.rows(sql, gathering_id))

    def untaken(self, gathering_id: int) -> int:
        return sum(tally.count for tally in self.tallies(gathering_id) if not tally.taken)

    def first_of(self, gathering_id: int, limit: int) -> list[ElevatedTicket]:
        """The first tickets of a message: by target, those that nobody took and who waited longest first."""
        sql = """SELECT * FROM elevations WHERE gathering_id = ?
            ORDER BY target = '', target, taken <> '', coalesce(since, updated_at), ticket_id LIMIT ?"""
        return _TICKETS.rows(self._database.rows(sql, gathering_id, limit))

    def waiting_about(self, gathering_id: int, target: str, limit: int) -> list[ElevatedTicket]:
        """Those of a message that name a target and that nobody took."""
        sql = """SELECT * FROM elevations WHERE gathering_id = ? AND target = ? AND taken = ''
            ORDER BY coalesce(since, updated_at), ticket_id LIMIT ?"""
        return _TICKETS.rows(self._database.rows(sql, gathering_id, target, limit))

    def unsettled(self, gathering_id: int) -> list[ElevatedTicket]:
        """Those of a message that nobody took in the desk."""
        sql = "SELECT * FROM elevations WHERE gathering_id = ? AND taken IN ('', 'investigated') ORDER BY ticket_id"
        return _TICKETS.rows(self._database.rows(sql, gathering_id))

    def told_before(self, kind: GatheringKind, channel: str, since: datetime) -> int | None:
        """The message of that kind that a channel has since then."""
        sql = "SELECT max(id) FROM elevation_gatherings WHERE kind = ? AND channel = ? AND opened_at >= ?"
        number: int | None = self._database.value(sql, kind, channel, since)
        return number

    def untaken_before(self, gathering: Gathering) -> int:
        """How many tickets of earlier messages in its channel nobody took."""
        sql = """SELECT count(*) FROM elevations e JOIN elevation_gatherings g ON g.id = e.gathering_id
            WHERE g.channel = ? AND g.id < ? AND g.kind = 'moved' AND g.closed = 0 AND e.taken = ''"""
        return int(self._database.value(sql, gathering.channel, gathering.id))

    def ungathered(self, state: ElevationState) -> dict[str, list[int]]:
        """Some tickets in a state that no message tells of yet, by team."""
        sql = """SELECT team, ticket_id FROM elevations WHERE state = ? AND gathering_id IS NULL
            ORDER BY ticket_id LIMIT ?"""
        rows = self._database.rows(sql, state, GATHERED_AT_ONCE)
        teams: dict[str, list[int]] = {}
        for row in rows:
            teams.setdefault(row["team"], []).append(row["ticket_id"])
        return teams

    def put_into(self, gathering_id: int, ticket_ids: Sequence[int]) -> None:
        sql = "UPDATE elevations SET gathering_id = ? WHERE ticket_id IN (SELECT value FROM json_each(?))"
        self._database.run(sql, gathering_id, list(ticket_ids))

    def to_look_at(self, now: datetime) -> list[Gathering]:
        """Messages whose tickets may have been taken."""
        sql = """SELECT * FROM elevation_gatherings WHERE closed = 0 AND look_next_at <= ?
            ORDER BY look_next_at, id LIMIT 1"""
        return _GATHERINGS.rows(self._database.rows(sql, now))

    def next_look_at(self) -> datetime | None:
        return self._database.time("SELECT min(look_next_at) FROM elevation_gatherings WHERE closed = 0")

    def looked(self, gathering_id: int, *, next_at: datetime, closed: bool) -> None:
        self._database.update("elevation_gatherings", {"id": gathering_id}, look_next_at=next_at, closed=int(closed))

    def taken(self, ticket_id: int, why: TakenBy, investigation_id: int | None = None) -> bool:
        """False where that is no change. What an investigation has stays with it."""
        values: Row = {"taken": why, "investigation_id": investigation_id}
        current = self.get(ticket_id)
        if not current or (current.taken, current.investigation_id) == (why, investigation_id):
            return False
        return bool(self._ticket(ticket_id, **values))

    def of_investigation(self, investigation_id: int) -> list[ElevatedTicket]:
        rows = self._database.rows("SELECT * FROM elevations WHERE investigation_id = ?", investigation_id)
        return _TICKETS.rows(rows)

    def waiting_among(self, ticket_ids: Sequence[int]) -> list[ElevatedTicket]:
        """Those of them that were elevated and that nobody took."""
        sql = """SELECT * FROM elevations WHERE state = 'elevated' AND taken = ''
            AND ticket_id IN (SELECT value FROM json_each(?))"""
        return _TICKETS.rows(self._database.rows(sql, list(ticket_ids)))

    def empty(self, before: datetime) -> int:
        """Forget some tickets that were not elevated and that no search has found since then."""
        sql = f"""DELETE FROM elevations WHERE ticket_id IN (SELECT ticket_id FROM elevations
            WHERE state IN {_FORGOTTEN} AND seen_at < ? LIMIT ?)"""
        return self._database.run(sql, before, EMPTIED_AT_ONCE)

    def _ticket(self, ticket_id: int, **values: object) -> int:
        return self._database.update("elevations", {"ticket_id": ticket_id}, **values)


def _words_of(ticket: Ticket) -> Row:
    return {"subject": ticket.subject[:SUBJECT_MAX], "url": ticket.url, "updated_at": ticket.updated_at}
