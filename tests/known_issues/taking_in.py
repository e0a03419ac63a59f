"""An intake on a database in memory, and what it knows."""

from collections.abc import Sequence

from bot.clock import Clock
from bot.known_issues.intake import Intake
from bot.known_issues.mapping import IssueMapping
from bot.known_issues.model import Age, TrackerIssue
from bot.known_issues.search.index import Index
from bot.known_issues.store import KnownIssueStore, TrackerStore
from bot.messages.store import MessageStore
from bot.records import Records
from bot.targets.model import Catalog
from tests.database import memory_database
from tests.fake_people import FakePeople


class TakingIn:
    """`intake` stores what a sync of the tracker `name` tells; `answers` counts how often all was told."""

    def __init__(self, clock: Clock, name: str = "app") -> None:
        database = memory_database()
        self.name = name
        self.answers = 0
        self._progress = TrackerStore(database=database, clock=clock)
        self._progress.begin([name])
        self._store = KnownIssueStore(database=database, clock=clock)
        owed = MessageStore(database=database, clock=clock, wake=lambda: None)
        self.intake = Intake(
            records=Records(database=database, owed=owed, people=FakePeople(), clock=clock),
            store=self._store,
            progress=self._progress,
            index=Index(database=database),
            catalog=Catalog(()),
            mappings={name: IssueMapping()},
        )
        self.intake.events.answered.heard_by(self._answered)

    def _answered(self, tracker: str, again: bool) -> None:
        self.answers += 1

    @property
    def cursor(self) -> str:
        return self._progress.cursor(self.name)

    def forget(self) -> None:
        """Where the tracker was read to: the next turn reads everything."""
        self._progress.reached(self.name, "")

    @property
    def age(self) -> Age:
        return self._progress.age(self.name, self.name)

    def knows(self, *issues: TrackerIssue) -> None:
        """Stored before the test."""
        self.intake.heard(issues)

    @property
    def stored(self) -> list[str]:
        """The uids of all issues, in the order in which they were stored."""
        return [known.issue.uid for known in self._store.all_of(self.name)]

    @property
    def gone(self) -> Sequence[str]:
        return [known.issue.uid for known in self._store.all_of(self.name) if known.gone_at]
