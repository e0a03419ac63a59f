"""The loop that keeps a tracker and what is stored in step."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from bot.known_issues.model import IssueDraft, IssueState, Release, TrackerIssue
from bot.known_issues.store import RECHECK_AFTER
from bot.known_issues.sync import BACKOFF_MAX_S, STALE_LIMIT, Sync, Syncs
from bot.known_issues.tracker import Account, TrackerChanges, TrackerError
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.known_issues.taking_in import TakingIn

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def issue(number: int) -> TrackerIssue:
    url = f"https://x.test/{number}"
    return TrackerIssue("app", str(number), f"app#{number}", url, "t", "", IssueState.OPEN, NOW, NOW)


class FakeTracker:
    """Has pages by cursor; `failures` come first."""

    name, title = "app", "GitHub harbor-vpn/app"

    def __init__(self) -> None:
        self.pages: dict[str, TrackerChanges] = {}
        self.failures: deque[TrackerError | None] = deque()
        self.asked: list[str] = []
        self.turned = 0
        self.during_releases: Callable[[], None] = lambda: None

    def named(self, text: str) -> str:
        return ""

    async def changes(self, cursor: str) -> TrackerChanges:
        self.asked.append(f"changes {cursor}")
        if self.failures and (failure := self.failures.popleft()):
            raise failure
        return self.pages.get(cursor, TrackerChanges((), cursor))

    async def recheck(self, issues: Sequence[TrackerIssue]) -> Mapping[str, TrackerIssue | None]:
        self.asked.append("recheck " + ",".join(each.uid for each in issues))
        return {each.uid: None if each.uid == "9" else each for each in issues}

    async def assignable(self) -> tuple[Account, ...]:
        return ()

    async def assign(self, issue: TrackerIssue, account: str) -> None:
        raise AssertionError("a sync changes nothing")

    async def releases(self) -> tuple[Release, ...]:
        self.asked.append("releases")
        self.during_releases()
        return ()

    async def read(self, key: str) -> TrackerIssue:
        raise NotImplementedError

    async def create(self, draft: IssueDraft, *, stamp: str) -> TrackerIssue:
        raise NotImplementedError

    async def comment(self, issue: TrackerIssue, text: str, *, stamp: str) -> str:
        raise NotImplementedError

    def hurry(self) -> None:
        raise AssertionError("a sync hurries nobody")

    async def check(self) -> str:
        raise NotImplementedError


class Stand(TakingIn):
    def __init__(self) -> None:
        self.tracker, self.clock = FakeTracker(), FakeClock()
        super().__init__(self.clock)
        self.sync = Sync(
            tracker=self.tracker,
            intake=self.intake,
            clock=self.clock,
            refresh_s=180,
            recheck_s=1800,
            releases_s=900,
            gather_s=0.0,
        )

    def knows_for_long(self, *numbers: int) -> None:
        """Stored so long ago that they are asked about again."""
        self.knows(*map(issue, numbers))
        self.clock.now += RECHECK_AFTER * 2


@pytest.fixture
def stand() -> Stand:
    return Stand()


async def test_every_page_is_stored_with_its_cursor(stand: Stand) -> None:
    """Then releases are read, and what was not seen for long."""
    stand.tracker.pages = {"": TrackerChanges((issue(1),), "a", more=True), "a": TrackerChanges((issue(2),), "b")}
    stand.knows_for_long(3)

    assert await stand.sync.turn() == 180
    assert stand.tracker.asked == ["changes ", "changes a", "releases", "recheck 3"]
    assert (stand.stored, stand.cursor) == (["3", "1", "2"], "b")
    assert (stand.answers, stand.age.as_of) == (1, stand.clock.now)


async def test_rechecks_and_releases_are_due_now_and_then(stand: Stand) -> None:
    """Most turns ask for changes only, and a recheck for as many issues as one may ask for."""
    stand.knows_for_long(*range(1, STALE_LIMIT + 2))
    await stand.sync.turn()
    stand.tracker.asked.clear()
    for _ in range(10):
        stand.clock.advance(180)
        await stand.sync.turn()

    assert stand.tracker.asked.count("changes ") == 10
    assert stand.tracker.asked.count("releases") == 2
    assert stand.tracker.asked.count(f"recheck {STALE_LIMIT + 1}") == 1


async def test_a_failing_page_loses_none_before_it(stand: Stand) -> None:
    """The next turn goes on where the last page ended."""
    stand.tracker.pages = {"": TrackerChanges((issue(1),), "a", more=True), "a": TrackerChanges((issue(2),), "b")}
    stand.tracker.failures.extend([None, TrackerError("GitHub", "no answer within 20 s", retry=True)])

    assert await stand.sync.turn() == 15
    assert (stand.stored, stand.age.reason, stand.answers) == (["1"], "no answer within 20 s", 0)
    await stand.sync.turn()
    assert (stand.stored, stand.age.reason, stand.answers) == (["1", "2"], "", 1)


async def test_it_waits_longer_each_time_and_as_long_as_it_is_asked_to(stand: Stand) -> None:
    """Nothing that a tracker does ends the loop."""
    down = TrackerError("GitHub", "down", retry=True)
    stand.tracker.failures.extend([down] * 9)
    waits = [await stand.sync.turn() for _ in range(9)]
    stand.tracker.failures.append(None)
    await stand.sync.turn()
    stand.tracker.failures.append(TrackerError("GitHub", "slow down", retry=True, retry_after_s=70))
    limited = await stand.sync.turn()
    stand.tracker.failures.append(TrackerError("GitHub", "401", retry=False))

    assert waits[:4] == [15, 30, 60, 120]
    assert max(waits) == waits[-1] == BACKOFF_MAX_S
    assert limited == 70
    assert await stand.sync.turn() == 180


async def test_an_issue_that_a_webhook_names_is_read_by_itself(stand: Stand) -> None:
    """Deleted ones are in no list; those that are not stored are left to the list."""
    stand.knows(issue(1), issue(9))
    await stand.sync.turn()
    stand.tracker.asked.clear()
    stand.sync.poke("9")
    stand.sync.poke("77")
    await stand.sync.turn()
    await stand.sync.turn()

    assert stand.tracker.asked == ["changes ", "recheck 9", "changes "]
    assert stand.gone == ["9"]


async def test_a_named_issue_is_not_forgotten_while_the_tracker_is_down(stand: Stand) -> None:
    """It is read once the tracker answers again."""
    stand.knows(issue(9))
    stand.sync.poke("9")
    stand.tracker.failures.append(TrackerError("GitHub", "down", retry=True))
    await stand.sync.turn()
    missing = stand.gone
    await stand.sync.turn()

    assert (missing, stand.gone) == ([], ["9"])


async def test_a_poke_wakes_the_loop(stand: Stand) -> None:
    """Without it, the next turn would be in minutes; a name that is none wakes nobody."""
    syncs = Syncs([stand.sync])
    running = asyncio.create_task(stand.sync.run())
    await eventually(lambda: stand.answers == 1)
    syncs.poke("other")
    syncs.poke("app", releases=True)
    await eventually(lambda: stand.answers == 2)
    running.cancel()
    await asyncio.wait({running})

    assert stand.tracker.asked.count("releases") == 2


async def test_a_release_that_a_webhook_names_while_others_are_read_is_read_too(stand: Stand) -> None:
    """It may have come out after the list was made; once it is read they are due by their time again."""
    stand.tracker.during_releases = lambda: stand.sync.poke(releases=stand.tracker.asked.count("releases") == 1)
    for _ in range(3):
        await stand.sync.turn()

    assert stand.tracker.asked.count("releases") == 2


async def test_a_poke_does_not_break_the_silence_a_tracker_asked_for(stand: Stand) -> None:
    """A webhook says that there is something, not that it may be asked for."""
    stand.tracker.failures.append(TrackerError("GitHub", "slow down", retry=True, retry_after_s=600))
    running = asyncio.create_task(stand.sync.run())
    await eventually(lambda: stand.age.failing_since)
    for _ in range(20):
        stand.sync.poke("1")
        await asyncio.wait({running}, timeout=0.001)
    running.cancel()
    await asyncio.wait({running})

    assert stand.tracker.asked == ["changes "]
