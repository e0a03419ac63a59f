"""The rooms beside the briefing, as a test wants them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.briefings.model import Trouble
from bot.briefings.sources import Affected, Waiting
from bot.known_issues.model import Change, ChangeKind, IssueState, KnownIssue, Priority, Reading, TrackerIssue

THEN = datetime(2026, 11, 1, tzinfo=UTC)
URGENT = (Priority.P0, Priority.P1)


def known(
    number: int,
    *,
    title: str = "The app crashes",
    state: IssueState = IssueState.OPEN,
    released: bool = False,
    workaround: str = "turn it off",
    eta: date | None = date(2026, 12, 5),
    **reading: Any,
) -> KnownIssue:
    issue = TrackerIssue(
        tracker="app",
        uid=str(number),
        key=f"app#{number}",
        url=f"https://tracker.test/{number}",
        title=title,
        body="",
        state=state,
        created_at=THEN,
        updated_at=THEN,
        released=released,
    )
    return KnownIssue(number, issue, Reading(**{"known": True, "workaround": workaround, "eta": eta, **reading}), THEN)


@dataclass(frozen=True)
class FakeAge:
    title: str
    as_of: datetime | None = None
    failing_since: datetime | None = None
    reason: str = ""


class FakeKnownIssues:
    """Implements the ports `KnownIssues` and `IssueLinks`.

    `tickets` are (all, new) by issue, `investigations` the live ones.
    """

    def __init__(self) -> None:
        self.issues: dict[int, KnownIssue] = {}
        self.changes: list[Change] = []
        self.tickets: dict[int, tuple[int, int]] = {}
        self.investigations: dict[int, list[int]] = {}
        self.told_ages: list[FakeAge] = []

    def add(self, found: KnownIssue) -> None:
        self.issues[found.id] = found

    def change(self, issue_id: int, kind: ChangeKind, before: str, after: str, at: datetime) -> None:
        self.changes.append(Change(issue_id, at, kind, before, after, len(self.changes) + 1))

    def marked(self) -> Sequence[KnownIssue]:
        def is_marked(found: KnownIssue) -> bool:
            reading = found.reading
            return reading.priority in URGENT or reading.pending or reading.found_by_qa

        return [each for each in self.issues.values() if is_marked(each) and not each.issue.closed]

    def get(self, issue_id: int) -> KnownIssue:
        return self.issues[issue_id]

    def changes_since(self, moment: datetime) -> Sequence[tuple[KnownIssue, Change]]:
        return [(self.issues[each.issue_id], each) for each in self.changes if each.at > moment]

    def affected(self, since: datetime) -> Mapping[int, Affected]:
        return {
            number: Affected(*self.tickets.get(number, (0, 0)), frozenset(self.investigations.get(number, ())))
            for number in {*self.tickets, *self.investigations}
        }

    def ages(self) -> Sequence[FakeAge]:
        return self.told_ages


class FakeStatus:
    """Implements the port `ServiceStatus`."""

    def __init__(self, *told: tuple[str, str]) -> None:
        self._told = told

    def troubles(self) -> Sequence[Trouble]:
        return [Trouble(name, line) for name, line in self._told]


class FakeHandoffs:
    """Implements the port `Handoffs`: development has one investigation, until it is `given_back`."""

    def __init__(self, investigation_id: int, *, eta: date | None, handed_at: datetime) -> None:
        self.given_back = False
        self._waiting = Waiting(investigation_id, handed_at, ((7, "https://desk.test/7"),), eta=eta)

    def waiting(self) -> Sequence[Waiting]:
        return [] if self.given_back else [self._waiting]
