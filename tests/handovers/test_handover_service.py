"""Handing over: asked, accepted, declined, ended; who owns it meanwhile, and who is told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.errors import BadInput
from bot.handovers.model import Handover, HandoverState, NotAsked, NotWaiting, OwnerIsThere, Why
from bot.investigations import cards as investigation_cards
from bot.investigations.service import AlreadyOwned, CannotOwn
from bot.people import NotTier2
from tests.world import World, contents

Act = Callable[[World], Awaitable[object]]


@pytest.fixture
def world() -> World:
    """A Friday, 09:12: everybody is at work."""
    return World()


async def asked(world: World, to: str = "UJO", *, by: str = "UKIM", note: str = "MTR is clean") -> Handover:
    handover = await world.handovers.ask(1, to=to, note=note, by=by)
    assert handover
    return handover


async def turned(world: World) -> None:
    """One turn of the loop."""
    await world.handovers.turn()


def owner(world: World) -> str | None:
    return world.investigations.get(1).owner


async def test_until_the_receiver_accepts_the_owner_stays_the_owner(world: World) -> None:
    """Both see it: the receiver by one message to them alone, everybody else on the card; then the thread is told."""
    await world.opened()
    handover = await asked(world)
    before = owner(world)
    keys = world.owed_keys("handover/%")
    await world.handovers.accept(handover.id, by="UJO")

    assert (before, owner(world)) == ("UKIM", "UJO")
    assert keys == ["handover/1/asked"] and world.place("handover/1/asked").channel == "UJO"
    assert world.rooms.above(1).handover_words == ""
    assert world.place("handover/1/outcome").thread_key == "investigation/1"
    assert world.kinds(1) == ["opened", "handover", "handed_over"]
    assert world.evidence.overview(1).events[1].text == "MTR is clean"


async def test_the_card_says_since_when_it_waits(world: World) -> None:
    """And is edited as soon as somebody is asked, and when it is over."""
    await world.opened()
    world.clock.advance(minutes=44)
    shown = world.wanted("investigation/1")
    handover = await asked(world)
    waiting, asked_for = world.rooms.above(1).handover_words, world.wanted("investigation/1")
    await world.handovers.decline(handover.id, by="UJO")

    assert waiting.startswith(":handshake: Handover to <@UJO> waits since <!date^")
    assert shown < asked_for < world.wanted("investigation/1")


async def test_declined_it_stays_where_it_is(world: World) -> None:
    await world.opened()
    handover = await asked(world)
    await world.handovers.decline(handover.id, by="UJO")
    await world.handovers.decline(handover.id, by="UJO")

    assert owner(world) == "UKIM"
    assert world.kinds(1) == ["opened", "handover", "declined"]
    assert world.owed_keys("handover/%") == ["handover/1/asked", "handover/1/outcome"]
    with pytest.raises(NotWaiting, match="was declined"):
        await world.handovers.accept(handover.id, by="UJO")


async def test_pressed_twice_it_is_accepted_once(world: World) -> None:
    """Also where both presses are under way at the same time."""
    await world.opened()
    handover = await asked(world)
    await asyncio.gather(*(world.handovers.accept(handover.id, by="UJO") for _ in range(2)))

    assert world.kinds(1) == ["opened", "handover", "handed_over"]
    assert world.owed_keys("handover/%") == ["handover/1/asked", "handover/1/outcome"]


@pytest.mark.parametrize("by", ["UKIM", "UANA", "UTOM"])
async def test_only_the_receiver_answers(world: World, by: str) -> None:
    await world.opened()
    handover = await asked(world)
    before = contents(world)
    for answer in (world.handovers.accept, world.handovers.decline):
        with pytest.raises(NotAsked):
            await answer(handover.id, by=by)

    assert contents(world) == before


async def test_whoever_left_tier_2_meanwhile_can_not_accept(world: World) -> None:
    await world.opened()
    handover = await asked(world)
    del world.people.tier2["UJO"]
    with pytest.raises(NotTier2):
        await world.handovers.accept(handover.id, by="UJO")

    assert owner(world) == "UKIM"


async def test_without_an_answer_it_ends_and_whoever_asked_is_told(world: World) -> None:
    """After half an hour, not before."""
    await world.opened()
    handover = await asked(world)
    world.clock.advance(minutes=29, seconds=59)
    await turned(world)
    before = world.handovers.get(handover.id).state
    world.clock.advance(seconds=1)
    await turned(world)
    await turned(world)

    assert (before, world.handovers.get(handover.id).state) == (HandoverState.PENDING, HandoverState.EXPIRED)
    assert owner(world) == "UKIM"
    assert world.kinds(1) == ["opened", "handover", "not_handed_over"]
    assert world.owed_keys("handover/%") == ["handover/1/asked", "handover/1/outcome"]
    with pytest.raises(NotWaiting, match="had no answer in time"):
        await world.handovers.accept(handover.id, by="UJO")


async def test_time_outside_working_hours_does_not_count(world: World) -> None:
    """Asked at 17:55 on a Friday, the receiver has until 08:25 on Monday; that survives a sleep of the bot."""
    world.clock.advance(hours=8, minutes=43)
    await world.opened()
    handover = await asked(world)
    world.clock.advance(hours=40)
    await turned(world)
    over_the_weekend = world.handovers.get(handover.id).state
    world.clock.advance(days=3)
    await turned(world)

    assert handover.expires_at - handover.asked_at == timedelta(days=2, hours=14, minutes=30)
    assert (over_the_weekend, world.handovers.get(handover.id).state) == ("pending", "expired")


async def test_accepted_at_the_moment_of_the_end_has_one_outcome(world: World) -> None:
    """Whichever comes first, a thousand times would be the same: one statement decides."""
    await world.opened()
    handover = await asked(world)
    world.clock.advance(minutes=30)
    await asyncio.gather(turned(world), world.handovers.accept(handover.id, by="UJO"), return_exceptions=True)
    accepted = world.handovers.get(handover.id).state is HandoverState.ACCEPTED

    assert owner(world) == ("UJO" if accepted else "UKIM")
    assert world.kinds(1)[2:] == (["handed_over"] if accepted else ["not_handed_over"])
    assert len(world.owed_keys("handover/%/outcome")) == 1


async def test_receiver_who_left_is_not_waited_for(world: World) -> None:
    await world.opened()
    handover = await asked(world)
    world.people.nobodies = frozenset({"UJO"})
    await turned(world)
    now = world.handovers.get(handover.id)

    assert (now.state, now.why, owner(world)) == (HandoverState.WITHDRAWN, Why.GONE, "UKIM")
    assert world.owed_keys("handover/%/outcome") == ["handover/1/outcome"]


async def test_asking_somebody_else_ends_the_first(world: World) -> None:
    """Visibly, and the first one can't accept any more."""
    await world.opened()
    first = await asked(world)
    shown = world.wanted("handover/1/asked")
    second = await asked(world, "UANA")
    with pytest.raises(NotWaiting, match="was withdrawn"):
        await world.handovers.accept(first.id, by="UJO")
    await world.handovers.accept(second.id, by="UANA")

    assert world.handovers.get(first.id).why == Why.REPLACED
    assert world.wanted("handover/1/asked") > shown
    assert owner(world) == "UANA"


async def test_asking_twice_is_once_and_another_note_is_shown(world: World) -> None:
    """A form whose answer was lost is sent again; whoever corrects the note means it."""
    await world.opened()
    first = await asked(world)
    again = await asked(world)
    shown = world.wanted("handover/1/asked")
    corrected = await asked(world, note="MTR shows loss")

    assert first.id == again.id == corrected.id and corrected.note == "MTR shows loss"
    assert world.owed_keys("handover/%") == ["handover/1/asked"] and world.wanted("handover/1/asked") > shown
    assert world.kinds(1) == ["opened", "handover", "handover"]


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (lambda world: world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM"), Why.CLOSED),
        (lambda world: world.investigations.dismiss(1, reason="x", by="UANA"), Why.CLOSED),
        (lambda world: world.investigations.release(1, by="UKIM"), Why.RELEASED),
        (lambda world: world.investigations.claim(1, by="UKIM"), Why.TAKEN_BACK),
        (lambda world: world.handovers.ask(1, to="UKIM", note="", by="UKIM"), Why.TAKEN_BACK),
    ],
)
async def test_owner_who_does_something_else_ends_it(world: World, end: Act, why: Why) -> None:
    """Nobody is told what they did themselves; whoever is asked sees it."""
    await world.opened()
    handover = await asked(world)
    shown = world.wanted("handover/1/asked")
    await end(world)
    now = world.handovers.get(handover.id)

    assert (now.state, now.why) == (HandoverState.WITHDRAWN, why)
    assert world.wanted("handover/1/asked") > shown
    assert world.owed_keys("handover/%/outcome") == []
    with pytest.raises(NotWaiting):
        await world.handovers.accept(handover.id, by="UJO")


async def test_owner_whose_claim_ends_has_asked_all_the_same(world: World) -> None:
    """The bot released it, since Kim went home and did not answer: Jo can still accept."""
    await world.opened()
    handover = await asked(world)
    with world.database.transaction():
        world.investigations.freed(1, owner="UKIM", why="no answer")
    between = owner(world)
    await world.handovers.accept(handover.id, by="UJO")

    assert (between, owner(world)) == (None, "UJO")


async def test_owner_who_picks_it_up_again_asks_nobody_any_more(world: World) -> None:
    """The bot had released it meanwhile; whoever was asked can't take it from them."""
    await world.opened()
    handover = await asked(world)
    with world.database.transaction():
        world.investigations.freed(1, owner="UKIM", why="no answer")
    await world.investigations.claim(1, by="UKIM")
    now = world.handovers.get(handover.id)

    assert (now.state, now.why, owner(world)) == (HandoverState.WITHDRAWN, Why.TAKEN_BACK, "UKIM")


async def test_what_nobody_has_is_asked_for_the_same_way(world: World) -> None:
    """And whoever claims it first has it: then whoever asked is told."""
    await world.opened(by="UTOM")
    handover = await asked(world)
    between = owner(world)
    await world.investigations.claim(1, by="UANA")
    now = world.handovers.get(handover.id)

    assert (between, owner(world)) == (None, "UANA")
    assert (now.state, now.why) == (HandoverState.WITHDRAWN, Why.CLAIMED)
    assert world.owed_keys("handover/%/outcome") == ["handover/1/outcome"]


async def test_whoever_asks_and_claims_it_then_is_told_nothing(world: World) -> None:
    """It was their own doing; whoever was asked sees it."""
    await world.opened(by="UTOM")
    await asked(world)
    shown = world.wanted("handover/1/asked")
    await world.investigations.claim(1, by="UKIM")

    assert world.owed_keys("handover/%") == ["handover/1/asked"] and world.wanted("handover/1/asked") > shown


@pytest.mark.parametrize("words", ["take", "ask"])
async def test_receiver_who_claims_it_accepts(world: World, words: str) -> None:
    """Nobody must know which of the ways is meant for that."""
    await world.opened()
    handover = await asked(world)
    if words == "ask":
        await world.handovers.ask(1, to="UJO", note="", by="UJO")
    else:
        await world.handovers.take(1, by="UJO")

    assert owner(world) == "UJO" and world.handovers.get(handover.id).state is HandoverState.ACCEPTED


async def test_receiver_who_claims_it_from_elsewhere_accepts(world: World) -> None:
    """A briefing has a button too."""
    await world.opened(by="UTOM")
    handover = await asked(world)
    await world.investigations.claim(1, by="UJO")

    assert world.handovers.get(handover.id).state is HandoverState.ACCEPTED
    assert world.kinds(1) == ["opened", "handover", "claimed"]


async def test_nobody_takes_it_from_an_owner_who_is_there(world: World) -> None:
    """Nor gives it away."""
    await world.opened(by="UJO")
    before = contents(world)
    for to in ("UKIM", "UANA"):
        with pytest.raises(OwnerIsThere):
            await world.handovers.ask(1, to=to, note="", by="UKIM")
    with pytest.raises(AlreadyOwned):
        await world.investigations.claim(1, by="UKIM")

    assert contents(world) == before


async def _on_vacation(world: World) -> None:
    world.people.away["UJO"] = "On vacation until Dec 7"


async def _after_hours(world: World) -> None:
    world.clock.advance(hours=9)


async def _gone(world: World) -> None:
    world.people.nobodies = frozenset({"UJO"})


@pytest.mark.parametrize("absent", [_on_vacation, _after_hours, _gone])
async def test_taking_over_from_an_absent_owner_is_told_to_them(world: World, absent: Act) -> None:
    """They stay on the card as a helper."""
    await world.opened(by="UJO")
    await absent(world)
    await world.handovers.take(1, note="you are at lunch", by="UKIM")
    taken, (key,) = world.investigations.get(1), world.owed_keys("handover/%")
    event = world.evidence.event(int(key.partition("/")[2]))

    assert (taken.owner, taken.helpers) == ("UKIM", ("UJO",))
    assert world.kinds(1) == ["opened", "taken_over"]
    assert event and "<@UJO>, <@UKIM> took INV-1 over from you." in investigation_cards.handover(event).text
    assert "you are at lunch" in investigation_cards.handover(event).text


async def test_claim_alone_takes_nothing_from_an_absent_owner(world: World) -> None:
    """Two people who press at the same moment in the evening: the second must not have it without a word."""
    await world.opened(by="UJO")
    world.clock.advance(hours=9)
    with pytest.raises(AlreadyOwned):
        await world.investigations.claim(1, by="UKIM")

    assert await world.handovers.absence("UJO") == "is outside their working hours"
    assert owner(world) == "UJO"


async def test_for_an_absent_owner_another_one_can_be_asked(world: World) -> None:
    """The owner keeps it until then, is told then, and stays a helper."""
    await world.opened(by="UJO")
    world.people.away["UJO"] = "ill"
    handover = await asked(world, "UANA", by="UKIM")
    between = owner(world)
    await world.handovers.accept(handover.id, by="UANA")
    given = world.investigations.get(1)

    assert (between, given.owner, given.helpers) == ("UJO", "UANA", ("UJO",))


async def test_taken_over_meanwhile_it_does_not_wait(world: World) -> None:
    """The absent owner asked one, another one takes it: one message tells the owner."""
    await world.opened()
    handover = await asked(world)
    world.people.away["UKIM"] = "ill"
    await world.handovers.take(1, by="UANA")

    assert world.handovers.get(handover.id).why == Why.CLAIMED
    assert owner(world) == "UANA"
    assert world.owed_keys("handover/%/outcome") == []


async def test_handing_to_oneself_what_nobody_has_is_a_claim(world: World) -> None:
    """Nobody is told what they did themselves."""
    await world.opened(by="UTOM")
    await world.handovers.ask(1, to="UKIM", note="", by="UKIM")

    assert owner(world) == "UKIM"
    assert world.kinds(1) == ["opened", "claimed"]
    assert world.owed_keys("handover/%") == []


async def test_owner_is_not_asked_to_take_their_own(world: World) -> None:
    await world.opened(by="UJO")

    assert await world.handovers.ask(1, to="UJO", note="", by="UKIM") is None
    assert world.owed_keys("handover/%") == []


@pytest.mark.parametrize("who", ["UJO", "UTOM"])
async def test_nobody_is_asked_who_can_not_own_it(world: World, who: str) -> None:
    """Whoever left, guests, apps and Tier 1."""
    await world.opened()
    world.people.nobodies = frozenset({"UJO"})
    with pytest.raises(CannotOwn):
        await world.handovers.ask(1, to=who, note="", by="UKIM")


async def test_strangers_hand_nothing_over(world: World) -> None:
    await world.opened()
    with pytest.raises(NotTier2):
        await world.handovers.ask(1, to="UJO", note="", by="UTOM")
    with pytest.raises(NotTier2):
        await world.handovers.take(1, by="UTOM")


async def test_what_has_ended_is_not_handed_over(world: World) -> None:
    await world.opened()
    await world.investigations.dismiss(1, reason="x", by="UKIM")
    for work in (world.handovers.ask(1, to="UJO", note="", by="UKIM"), world.handovers.take(1, by="UJO")):
        with pytest.raises(BadInput, match="Reopen it first"):
            await work


async def test_reopened_it_waits_for_nobody(world: World) -> None:
    await world.opened()
    await asked(world)
    await world.investigations.dismiss(1, reason="x", by="UKIM")
    await world.investigations.reopen(1, by="UKIM")

    assert world.handovers.pending(1) is None and world.handovers.waiting_for("UJO") == []
