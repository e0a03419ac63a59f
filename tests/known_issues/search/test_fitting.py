"""What is no suggestion, wherever one is made: another platform, another target, something else that is asked."""

from typing import Any

import pytest

from bot.known_issues.model import LinkVerdict, TrackerIssue
from bot.known_issues.search.fitting import Fitting
from bot.reading.model import Said
from bot.reading.reader import TicketReader
from tests.fake_tracker import issue
from tests.world import APP, CATALOG, US_EAST, World


def known(*issues: TrackerIssue) -> World:
    world = World()
    world.known.intake.applied("app", issues, cursor="1")
    return world


def found(world: World, words: str, **more: Any) -> list[str]:
    found = []
    for match in world.known.search(words, **more).best:
        found += [match.issue.issue.key] if match.issue else []
        found += [f"INV-{match.learned.investigation_id}"] if match.learned else []
    return found


IOS = issue(1, "App crashes at login on iPhone", workaround="Log in by mail")
ANDROID = issue(2, "App crashes at login on Android", workaround="Clear the app's storage")
BOTH = issue(3, "App crashes at login on all phones")
UNSAID = issue(4, "App crashes at login")


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("app crashes at login on iOS", {"app#1", "app#3", "app#4"}),
        ("app crashes at login on Samsung Galaxy S24, Android 14", {"app#2", "app#3", "app#4"}),
        ("app crashes at login on Windows", {"app#4"}),
        ("app crashes at login", {"app#1", "app#2", "app#3", "app#4"}),
        ("app crashes at login on iOS, works on Android", {"app#1", "app#3", "app#4"}),
        ("app crashes at login, Android is fine", {"app#1", "app#3", "app#4"}),
    ],
)
def test_questions_are_answered_for_their_platform(words: str, keys: set[str]) -> None:
    """Silence rules nothing out, on either side."""
    assert set(found(known(IOS, ANDROID, BOTH, UNSAID), words)) == keys


@pytest.mark.parametrize(
    "wrong",
    [
        issue(1, "Login crash", labels=("known-issue", "platform: android")),
        issue(1, "Login crash", fields={"components": "Android"}),
        issue(1, "Login crash", labels=("known-issue", "desktop")),
        issue(1, "Login crash", symptom="It closes by itself on a Google Pixel"),
        issue(1, "Login crash", workaround="On Android, clear the storage of the app in Settings"),
        issue(1, "Login crash on Android, not on iOS"),
        issue(1, "Login crash. iOS works fine"),
    ],
)
async def test_an_android_issue_is_no_suggestion_for_ios(wrong: TrackerIssue) -> None:
    """Whatever says that it is one: title, label, component, symptom, or its workaround alone."""
    world = known(wrong)
    opened = await world.opened(APP, symptom="login crash on iPhone 15")

    assert not world.known.links.of(opened.id)
    assert found(world, "login crash iPhone") == []
    assert found(world, "login crash") == ["app#1"]


async def test_the_same_issue_is_one_for_android() -> None:
    world = known(issue(1, "Login crash", workaround="On Android, clear the storage of the app in Settings"))
    opened = await world.opened(APP, symptom="login crash on Android")
    (link,) = world.known.links.of(opened.id)

    assert link.verdict is LinkVerdict.SUGGESTED


async def test_a_workaround_by_another_platform_is_one_for_ios() -> None:
    """ "Use the Android app instead" says nothing of where it happens."""
    world = known(issue(1, "Login crash", workaround="Use the Android app instead"))
    opened = await world.opened(APP, symptom="login crash on iPhone")

    assert world.known.links.of(opened.id)


async def test_an_issue_that_names_another_target_is_none() -> None:
    """Also where no label says so."""
    world = known(issue(1, "U.S. West drops packets at night"), issue(2, "Gateways drop packets at night"))
    opened = await world.opened(US_EAST, symptom="drops packets at night")
    (link,) = world.known.links.of(opened.id)

    assert world.known.get(link.issue_id).issue.key == "app#2"
    assert found(world, "us east drops packets") == ["app#2"]
    assert set(found(world, "drops packets")) == {"app#1", "app#2"}


async def test_thread_says_what_the_words_leave_open() -> None:
    """Whoever asks in the thread of an iOS crash wants no Android workaround, unless they say so."""
    world = known(IOS, ANDROID)
    opened = await world.opened(APP, symptom="crashes on iOS 17")

    async def asked(words: str) -> list[str]:
        best = (await world.knowledge.search(words, here=opened.id)).best
        return [each.issue.issue.key for each in best if each.issue]

    assert (await asked("login crashes"), await asked("login crashes Android")) == (["app#1"], ["app#2"])


def test_refunds_are_no_answer_for_declined_cards() -> None:
    """One word in common is not the same question."""
    world = known(issue(1, "Refund to a card takes ten days"), issue(2, "Cards of one bank are declined"))

    assert found(world, "cards declined") == ["app#2"]
    assert found(world, "refund to card") == ["app#1"]


def test_one_word_counts_only_where_nothing_has_more() -> None:
    world = known(issue(1, "Map shows the wrong country"), issue(2, "Country list is empty"), issue(3, "Map is slow"))

    assert found(world, "wrong country") == ["app#1"]
    assert set(found(world, "empty map country")) == {"app#1", "app#2"}
    assert found(world, "slow") == ["app#3"]


async def test_what_another_platform_taught_is_no_answer() -> None:
    """Our own investigations too."""
    world = World()
    await world.opened(APP, symptom="login crash on Android")
    await world.investigations.resolve(1, root_cause="a bad Android build", workaround="Clear storage", by="UKIM")

    assert found(world, "login crash iPhone") == []
    assert found(world, "login crash") == ["INV-1"]


def test_a_target_that_names_a_platform_is_of_it() -> None:
    fitting = Fitting(catalog=CATALOG, reader=TicketReader(catalog=CATALOG))

    assert fitting.trouble("app", "crash on iOS").platforms.affected == {"ios"}
    assert fitting.trouble("us-east", "").reading.affected == (Said("us-east"),)
