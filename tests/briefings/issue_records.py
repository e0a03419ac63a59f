"""Known issues as a test wants them, put straight into the records of a world."""

from datetime import UTC, date, datetime
from typing import Any

from bot.known_issues.model import Change, ChangeKind, IssueReading, IssueState, LinkVerdict, TrackerIssue
from bot.known_issues.store import ChangeLog, KnownIssueStore
from tests.world import World

THEN = datetime(2026, 11, 1, tzinfo=UTC)


class IssueRecords:
    """Writes issues, changes and links without a tracker and without reading any text."""

    def __init__(self, world: World) -> None:
        self._database = world.database
        self._store = KnownIssueStore(database=world.database, clock=world.clock)
        self._log = ChangeLog(database=world.database, store=self._store)

    def put(
        self,
        number: int,
        *,
        state: IssueState = IssueState.OPEN,
        released: bool = False,
        workaround: str = "turn it off",
        eta: date | None = date(2026, 12, 5),
        **reading: Any,
    ) -> None:
        """KI-`number`, new or as it is from now on."""
        issue = TrackerIssue(
            tracker="app",
            uid=str(number),
            key=f"app#{number}",
            url=f"https://tracker.test/{number}",
            title="The app crashes",
            body="",
            state=state,
            created_at=THEN,
            updated_at=THEN,
            released=released,
        )
        values = {"known": True, "workaround": workaround, "eta": eta, **reading}
        made = self._store.put(issue, IssueReading(**values))
        self._database.run("UPDATE known_issues SET id = ? WHERE id = ?", number, made.id)

    def change(self, issue_id: int, kind: ChangeKind, before: str, after: str, at: datetime) -> None:
        self._log.add(Change(issue_id, at, kind, before, after))

    def link(self, issue_id: int, investigation_id: int) -> None:
        """People say that the investigation is about it."""
        self._database.run(
            "INSERT INTO known_links (investigation_id, issue_id, verdict, by, at) VALUES (?, ?, ?, 'UKIM', ?)",
            investigation_id,
            issue_id,
            LinkVerdict.IT_IS,
            THEN,
        )
