"""The tables of briefings: schedules, what was said, what was amended, who has read it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from bot.briefings.model import Amendment, Briefing, Situation
from bot.database import Row, Store
from bot.stored import Stored


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """What somebody set for a channel; `schedule` is as they can type it, "" where they want none."""

    channel: str
    schedule: str
    set_by: str
    set_at: datetime


SITUATIONS = Stored[Situation](Situation)
_SCHEDULES, _AMENDMENTS = Stored[ScheduleRow](ScheduleRow), Stored[Amendment](Amendment)
_BRIEFINGS = Stored[Briefing](Briefing)


class BriefingStore(Store):
    """Questions and verbs of briefings; transactions are the service's."""

    def schedules(self) -> list[ScheduleRow]:
        return _SCHEDULES.rows(self._database.rows("SELECT * FROM briefing_schedules ORDER BY channel"))

    def set_schedule(self, channel: str, schedule: str, *, by: str) -> None:
        sql = "INSERT OR REPLACE INTO briefing_schedules VALUES (?, ?, ?, ?)"
        self._database.run(sql, channel, schedule, by, self._clock())

    def days_taken(self, names: Sequence[str], *, since: date) -> set[date]:
        """The local days from `since` on that had their briefing, under any of the channel's names."""
        sql = f"SELECT day FROM briefing_days WHERE channel IN ({_marks(names)}) AND day >= ?"
        rows = self._database.rows(sql, *names, since.isoformat())
        return {date.fromisoformat(row["day"]) for row in rows}

    def begin(self, names: Sequence[str], day: date, *, due_at: datetime, said: Situation) -> int:
        """A new briefing, its id; raises Taken where the day has one under any of the channel's names."""
        row: Row = {"channel": names[0], "day": day.isoformat(), "due_at": due_at, "said_at": said.at}
        number = self._database.insert("briefings", row | {"said": SITUATIONS.write(said)})
        for name in names:
            taken = {"channel": name, "day": day.isoformat(), "briefing_id": number}
            self._database.insert("briefing_days", taken)
        return number

    def add_page(self, briefing_id: int, number: int) -> int:
        """The id of a post in the thread; the first of them has the number 1."""
        return self._database.insert("briefing_pages", {"briefing_id": briefing_id, "number": number})

    def page(self, page_id: int) -> tuple[int, int] | None:
        """The briefing that a post in the thread belongs to, and the post's number."""
        row = self._database.row("SELECT briefing_id, number FROM briefing_pages WHERE id = ?", page_id)
        return (row["briefing_id"], row["number"]) if row else None

    def pages_of(self, briefing_id: int) -> list[int]:
        """The numbers of the posts in its thread."""
        sql = "SELECT number FROM briefing_pages WHERE briefing_id = ? ORDER BY number"
        return self._database.column(sql, briefing_id)

    def get(self, briefing_id: int) -> Briefing | None:
        row = self._database.row("SELECT * FROM briefings WHERE id = ?", briefing_id)
        return _briefing(row) if row else None

    def latest_of(self, names: Sequence[str]) -> Briefing | None:
        """The last one of a channel."""
        sql = f"SELECT * FROM briefings WHERE channel IN ({_marks(names)}) ORDER BY said_at DESC, id DESC LIMIT 1"
        row = self._database.row(sql, *names)
        return _briefing(row) if row else None

    def latest_since(self, since: datetime) -> list[Briefing]:
        """The last one of each channel, those that were said later than `since`."""
        sql = """SELECT * FROM briefings WHERE id IN (SELECT max(id) FROM briefings INDEXED BY briefings_by_time
              WHERE said_at > ? GROUP BY channel) ORDER BY id"""
        return list(map(_briefing, self._database.rows(sql, since)))

    def amend(self, briefing_id: int, amendment: Amendment) -> None:
        self._database.insert("briefing_amendments", {"briefing_id": briefing_id, **asdict(amendment)})

    def amendments(self, briefing_id: int) -> tuple[Amendment, ...]:
        """The amendments in the order in which they came."""
        sql = "SELECT issue_id, part, before, after, at FROM briefing_amendments WHERE briefing_id = ? ORDER BY id"
        rows = self._database.rows(sql, briefing_id)
        return tuple(_AMENDMENTS.row(row) for row in rows)

    def read(self, briefing_id: int, user: str) -> bool:
        """False where the person had read it before."""
        sql = "INSERT OR IGNORE INTO briefing_readers VALUES (?, ?, ?)"
        return self._database.run(sql, briefing_id, user, self._clock()) > 0

    def readers(self, briefing_id: int) -> tuple[str, ...]:
        """Who has read it, the first one first."""
        sql = "SELECT user FROM briefing_readers WHERE briefing_id = ? ORDER BY read_at, user"
        return tuple(self._database.column(sql, briefing_id))


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _briefing(row: Row) -> Briefing:
    return _BRIEFINGS.row(row, said=SITUATIONS.read(row["said"]))
