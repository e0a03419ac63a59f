"""Investigations and what is known: suggested once, decided by people, kept true."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.card import card as investigation_card
from bot.known_issues import cards as known_cards
from bot.known_issues.asking_development import AskState
from bot.known_issues.model import IssueState, LinkVerdict
from bot.people import NotTier2
from bot.tickets.collection import LinkState
from tests.eventually import eventually
from tests.fake_desk import ticket
from tests.fake_tracker import NOW, down, issue
from tests.world import APP, US_EAST, World, contents

SPINNER = issue(
    1,
    "Tunnel fails after the update",
    symptom="Spinner for ever",
    workaround="Reinstall the app",
    labels=("known-issue", "app"),
)


@pytest.fixture
def world() -> World:
    world = World()
    world.known.intake.applied("app", [SPINNER], cursor="one")
    return world


def verdicts(world: World) -> list[str]:
    return [str(link.verdict) for link in world.known.links.of(1)]


async def test_a_new_investigation_is_compared_at_once(world: World) -> None:
    """It stands on the card, which is owed in the same transaction, and the thread has no message of it."""
    await world.opened(symptom="spinner after update")

    assert verdicts(world) == ["suggested"]
    assert world.owed_keys("known/%") == []
    assert "Looks like" in str(investigation_card(world.evidence.overview(1)).blocks)
    seen = world.knowledge.suggestion(world.known.links.of(1)[0].id)
    assert seen and seen.issue.issue == SPINNER


async def test_nothing_is_suggested_where_nothing_is_alike(world: World) -> None:
    """Nor is anybody bothered."""
    await world.opened(symptom="login fails")

    assert verdicts(world) == []
    assert world.owed_keys("known/%") == []


async def test_what_is_known_later_is_suggested_once(world: World) -> None:
    """And never again after "It isn't"."""
    await world.opened(symptom="login page stays white")
    later = issue(2, "Login page is white", symptom="white login page", labels=("known-issue", "app"))
    world.known.intake.applied("app", [later], cursor="two")
    assert verdicts(world) == ["suggested"]

    await world.knowledge.decide(world.known.links.of(1)[0].id, LinkVerdict.IT_ISNT, by="UKIM")
    world.known.intake.applied("app", [replace(later, title="Login page stays white for ever")], cursor="three")
    assert verdicts(world) == ["isnt"]
    assert "Looks like" not in str(investigation_card(world.evidence.overview(1)).blocks)


async def test_a_failure_while_comparing_opens_nothing(world: World) -> None:
    """The investigation and its suggestion are one change."""
    world.database.run("CREATE TRIGGER full BEFORE INSERT ON known_links BEGIN SELECT RAISE(ABORT, 'full'); END")
    before = contents(world)
    with pytest.raises(Exception, match="full"):
        await world.opened(symptom="spinner after update")

    assert contents(world) == before


async def test_it_is_shows_on_the_card_and_stays_true(world: World) -> None:
    """When workaround or ETA change, the card is owed an edit in the same transaction."""
    await world.opened(symptom="spinner after update")
    await world.knowledge.decide(world.known.links.of(1)[0].id, LinkVerdict.IT_IS, by="UKIM")
    card = investigation_card(world.evidence.overview(1))
    assert "Reinstall the app" in str(card.blocks)
    assert world.kinds(1)[-1] == "known_issue"

    before = world.wanted("investigation/1")
    world.known.intake.applied("app", [replace(SPINNER, body="## Workaround\nWait for 2.15")], cursor="two")
    assert world.wanted("investigation/1") == before + 1
    assert "Wait for 2.15" in str(investigation_card(world.evidence.overview(1)).blocks)


async def test_what_is_shown_says_when_the_tracker_fails_and_answers_again(world: World) -> None:
    """Card and question are edited at these two moments, and never because a minute has passed."""
    await with_tickets(world, 3)
    keys = ("investigation/1", "known-ask/1")
    seen = []
    for answers in (True, False, True, True):
        before = [world.wanted(key) for key in keys]
        world.known.intake.answered("app") if answers else world.known.intake.failed("app", "timed out")
        seen.append([world.wanted(key) - count for key, count in zip(keys, before, strict=True)])

    assert seen == [[1, 1], [1, 1], [1, 1], [0, 0]]


async def test_what_is_over_says_only_as_of_when(world: World) -> None:
    """Nothing edits it when the tracker answers again."""
    await with_tickets(world, 3)
    world.known.intake.failed("app", "timed out")
    assert "unreachable since" in asked(world)
    assert "unreachable since" in suggested(world)
    await world.asks.decline(1, by="UKIM")
    await world.investigations.dismiss(1, reason="one router", by="UKIM")

    for text in (asked(world), suggested(world), str(investigation_card(world.evidence.overview(1)).blocks)):
        assert "GitHub acme/app" in text
        assert "unreachable" not in text


async def test_deciding_again_changes_the_mind_and_the_same_changes_nothing(world: World) -> None:
    """Two people press, or one thinks again."""
    await world.opened(symptom="spinner after update")
    number = world.known.links.of(1)[0].id
    await world.knowledge.decide(number, LinkVerdict.IT_IS, by="UKIM")
    await world.knowledge.decide(number, LinkVerdict.IT_IS, by="UJO")
    assert (world.known.links.of(1)[0].by, world.kinds(1).count("known_issue")) == ("UKIM", 1)

    await world.knowledge.decide(number, LinkVerdict.IT_ISNT, by="UJO")
    assert (verdicts(world), world.kinds(1).count("known_issue")) == (["isnt"], 2)
    assert not world.evidence.overview(1).known


async def test_only_tier_2_decides(world: World) -> None:
    """As with tickets."""
    await world.opened(symptom="spinner after update")
    with pytest.raises(NotTier2):
        await world.knowledge.decide(1, LinkVerdict.IT_IS, by="UTOM")
    with pytest.raises(NotFound):
        await world.knowledge.decide(99, LinkVerdict.IT_IS, by="UKIM")


async def test_an_issue_is_used_for_a_live_investigation(world: World) -> None:
    """Whatever the bot thinks of it; a closed one must be reopened first."""
    await world.opened(symptom="login fails")
    await world.knowledge.use(1, 1, by="UKIM")
    assert verdicts(world) == ["it_is"]

    await world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM")
    with pytest.raises(BadInput):
        await world.knowledge.use(1, 1, by="UKIM")


async def test_what_was_resolved_is_found_by_the_next_one(world: World) -> None:
    """Root cause and workaround, until it is reopened."""
    await world.opened(US_EAST, symptom="packet loss")
    await world.investigations.resolve(1, root_cause="transit provider", workaround="use us-west", by="UKIM")
    (match, *_) = (await world.knowledge.search("transit loss")).best
    assert match.learned and match.learned.workaround == "use us-west"

    await world.investigations.reopen(1, by="UKIM")
    assert not (await world.knowledge.search("transit")).best


@pytest.mark.parametrize("nothing", ["TBC", "none yet", "n/a", "-", "Noch keine"])
async def test_a_word_for_nothing_is_no_workaround(world: World, nothing: str) -> None:
    """Neither on the card, nor for the next one who searches."""
    await world.opened(US_EAST, symptom="packet loss")
    found = await world.investigations.resolve(1, root_cause="transit provider", workaround=nothing, by="UKIM")
    (match, *_) = (await world.knowledge.search("transit loss")).best

    assert found.workaround == ""
    assert match.learned and match.learned.workaround == ""


async def with_tickets(world: World, count: int) -> None:
    """INV-1 is about KI-1 and has so many confirmed tickets, a day apart."""
    assert world.desk
    world.desk.found = [ticket(100 + n, NOW - timedelta(days=n, minutes=1)) for n in range(count)]
    await world.opened(symptom="spinner after update")
    await world.knowledge.use(1, 1, by="UKIM")
    await world.desk_settled()
    await world.evidence.decide(1, [100 + n for n in range(count)], LinkState.CONFIRMED, by="UKIM")


def asked(world: World) -> str:
    return str(known_cards.ask(world.asks.asked(1)).blocks)


def suggested(world: World) -> str:
    seen = world.knowledge.suggestion(1)
    assert seen
    return str(known_cards.suggestion(seen).blocks)


async def test_affected_are_confirmed_tickets_each_once(world: World) -> None:
    """Not what a search found, nor the same ticket of two investigations, nor of one that it isn't."""
    await with_tickets(world, 2)
    assert world.desk
    await world.opened(US_EAST, symptom="slow")
    await world.evidence.add_tickets(2, [100, 101], by="UKIM")
    assert len(world.asks.affected(1)) == 2

    await world.knowledge.use(2, 1, by="UKIM")
    assert len(world.asks.affected(1)) == 2
    await world.evidence.decide(1, [101], LinkState.REJECTED, by="UKIM")
    await world.evidence.decide(2, [101], LinkState.REJECTED, by="UKIM")
    assert [each.number for each in world.asks.affected(1)] == [100]
    assert (await world.knowledge.search("spinner")).best[0].affected == 1


async def test_a_step_is_offered_once_to_the_lead() -> None:
    """However often the number passes it."""
    world = World(leads={"cs": "ULEAD"})
    world.known.intake.applied("app", [SPINNER], cursor="one")
    await with_tickets(world, 3)
    assert world.place("known-ask/1").channel == "ULEAD"

    await world.evidence.decide(1, [100], LinkState.REJECTED, by="UKIM")
    await world.evidence.decide(1, [100], LinkState.CONFIRMED, by="UKIM")
    assert world.owed_keys("known-ask/%") == ["known-ask/1"]
    assert world.asks.asked(1).affected == 3


async def test_without_a_lead_the_teams_channel_is_asked(world: World) -> None:
    """Where the investigation is."""
    await with_tickets(world, 3)

    assert world.place("known-ask/1").channel == "C1"


async def test_a_jump_over_two_steps_asks_for_the_higher_one(world: World) -> None:
    """One question, not two."""
    await with_tickets(world, 6)

    assert [ask.step for ask in [world.asks.get(1)]] == [5]
    assert world.owed_keys("known-ask/%") == ["known-ask/1"]


async def test_nobody_is_asked_about_what_is_fixed(world: World) -> None:
    """Development knows."""
    world.known.intake.applied("app", [replace(SPINNER, state=IssueState.DONE, closed_at=NOW)], cursor="two")
    await with_tickets(world, 3)

    assert world.owed_keys("known-ask/%") == []


async def test_a_handoff_answers_the_question_itself(world: World) -> None:
    """The card says that development was told; a press that comes late changes nothing."""
    await with_tickets(world, 3)
    world.knowledge.became(1, 1, by="UKIM")

    assert world.asks.get(1).state is AskState.TOLD
    assert (await world.asks.ask(1, by="UKIM")).state is AskState.TOLD
    with pytest.raises(BadInput, match="already"):
        await world.asks.decline(1, by="UKIM")


async def test_tickets_that_a_handoff_brings_are_not_asked_about(world: World) -> None:
    """Only the next step is, when more customers come."""
    assert world.desk
    world.desk.found = [ticket(100 + n, NOW - timedelta(days=n, minutes=1)) for n in range(5)]
    await world.opened(symptom="spinner after update")
    await world.desk_settled()
    await world.evidence.decide(1, [100, 101, 102], LinkState.CONFIRMED, by="UKIM")
    world.knowledge.became(1, 1, by="UKIM")
    assert world.owed_keys("known-ask/%") == []

    await world.evidence.decide(1, [103], LinkState.CONFIRMED, by="UKIM")
    assert world.owed_keys("known-ask/%") == []
    await world.evidence.decide(1, [104], LinkState.CONFIRMED, by="UKIM")
    assert world.owed_keys("known-ask/%") == ["known-ask/2"]


async def test_asking_comments_once_whatever_is_lost(world: World) -> None:
    """With count, growth and links of the tickets, and no word of a customer."""
    await with_tickets(world, 4)
    world.tasks.forever(world.asks.run, name="asks")
    await world.asks.ask(1, by="UKIM")
    await world.asks.ask(1, by="UJO")
    await eventually(lambda: world.asks.get(1).state is AskState.SENT)
    await world.tasks.drain(deadline_s=0)

    ((key, text),) = world.tracker.comments.values()
    assert (key, world.tracker.tries) == ("app#1", 1)
    assert text.startswith(
        "**4 support tickets are confirmed to be about this**: 1 in the last 24 hours, 4 in the last 7"
    )
    assert "INV-1" in text
    assert all(f"#{100 + n}](" in text for n in range(4))
    assert "us east" not in text.lower()
    assert world.asks.get(1).url.endswith("#comment")


async def test_asking_goes_on_after_the_tracker_was_down(world: World) -> None:
    """The card says so meanwhile; a refusal waits for a person."""
    await with_tickets(world, 3)
    world.tracker.failure = down("timed out")
    world.tasks.forever(world.asks.run, name="asks")
    await world.asks.ask(1, by="UKIM")
    await eventually(lambda: world.asks.get(1).failure == "timed out")
    assert world.asks.get(1).state is AskState.WANTED

    world.tracker.failure = None
    world.clock.advance(20)
    world.asks._wake.set()
    await eventually(lambda: world.asks.get(1).state is AskState.SENT)
    await world.tasks.drain(deadline_s=0)
    assert len(world.tracker.comments) == 1


async def test_a_refused_comment_can_be_asked_for_again(world: World) -> None:
    """After the token was mended."""
    await with_tickets(world, 3)
    world.tracker.failure = down("403", retry=False)
    world.tasks.forever(world.asks.run, name="asks")
    await world.asks.ask(1, by="UKIM")
    await eventually(lambda: world.asks.get(1).state is AskState.FAILED)

    world.tracker.failure = None
    await world.asks.ask(1, by="UKIM")
    await eventually(lambda: world.asks.get(1).state is AskState.SENT)
    await world.tasks.drain(deadline_s=0)


async def test_not_now_can_become_now_but_not_the_reverse(world: World) -> None:
    """What was sent can't be called back."""
    await with_tickets(world, 3)
    assert (await world.asks.decline(1, by="UKIM")).state is AskState.DECLINED
    assert (await world.asks.ask(1, by="UKIM")).state is AskState.WANTED
    with pytest.raises(BadInput):
        await world.asks.decline(1, by="UKIM")
    with pytest.raises(NotTier2):
        await world.asks.ask(1, by="UTOM")


async def test_most_affecting_come_first_without_words(world: World) -> None:
    """Then what changed last."""
    newer: Any = {"updated_at": NOW + timedelta(hours=1)}
    world.known.intake.applied("app", [issue(2, **newer), issue(3)], cursor="two")
    await with_tickets(world, 1)
    matches = (await world.knowledge.newest()).best

    assert [(match.issue.issue.key, match.affected) for match in matches if match.issue] == [
        ("app#1", 1),
        ("app#2", 0),
        ("app#3", 0),
    ]


async def test_a_page_has_everything(world: World) -> None:
    """Affected, investigations, changes, age."""
    await with_tickets(world, 2)
    page = world.knowledge.page(1)

    assert (page.affected, page.investigations, page.age.title) == (2, ("INV-1",), "GitHub acme/app")
    assert [str(change.kind) for change in page.changes] == ["new"]
    assert APP.key in page.issue.reading.targets


async def test_nobody_asks_development_about_no_tickets(world: World) -> None:
    """*It isn't* changes the card at once, and a press on an old one is told why."""
    await with_tickets(world, 3)
    before = world.wanted("known-ask/1")
    await world.knowledge.decide(world.known.links.of(1)[0].id, LinkVerdict.IT_ISNT, by="UJO")

    assert world.wanted("known-ask/1") > before
    with pytest.raises(BadInput, match="No confirmed ticket"):
        await world.asks.ask(1, by="UKIM")


async def test_a_question_whose_tickets_left_is_not_sent(world: World) -> None:
    """A comment on a tracker may be public."""
    await with_tickets(world, 3)
    await world.asks.ask(1, by="UKIM")
    await world.knowledge.decide(world.known.links.of(1)[0].id, LinkVerdict.IT_ISNT, by="UJO")
    await world.asks._send(world.asks.get(1))

    assert world.tracker.comments == {} and "No confirmed ticket" in world.asks.get(1).failure
