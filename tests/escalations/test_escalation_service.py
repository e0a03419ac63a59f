"""To management and back."""

import pytest

from bot.errors import BadInput, NotFound
from bot.escalations import cards
from bot.escalations.model import Draft, meter
from bot.escalations.service import StillWaiting, Withdrawn
from bot.investigations.model import IllegalMove, State
from bot.messages.model import Place
from bot.people import NotInGroup, NotTier2
from tests.fake_desk import ticket
from tests.world import US_EAST, World, contents

DRAFT = Draft("logins fail", "09:00", "31 tickets", "", "a decision")


@pytest.fixture
async def world() -> World:
    """An investigation with a confirmed ticket and a playbook that found something."""
    world = World()
    assert world.desk
    world.desk.found = [ticket(7, world.clock())]
    world.probe_kinds["ping"].lost = {"U.S. East": 4}
    world.probe_kinds["mtr"].report = "HOST: a"
    await world.opened(US_EAST, symptom="packet loss")
    await world.desk_settled()
    await world.probed()
    await world.evidence.decide(1, [7], "confirmed", by="UKIM")  # type: ignore[arg-type]
    return world


async def test_form_is_filled_from_the_record(world: World) -> None:
    """What people would otherwise type again."""
    _, draft = await world.escalations.prepare(1, by="UKIM")

    assert draft.wrong == "U.S. East: packet loss"
    assert draft.since.startswith("09:12 UTC")
    assert draft.affected == "1 matching ticket, 1 confirmed"
    assert "10.1.2.3 loses 4 of 10" in draft.tried
    assert (draft.tickets, len(draft.runs)) == ((7,), 2)


async def test_meter_says_what_is_missing(world: World) -> None:
    """All five parts are there, and none of an empty one."""
    seen, draft = await world.escalations.prepare(1, by="UKIM")
    bare = World()
    await bare.opened(symptom="")
    nothing, empty = await bare.escalations.prepare(1, by="UKIM")

    assert [mark.name for mark in meter(seen, draft) if not mark.there] == []
    assert [mark.name for mark in meter(nothing, empty) if mark.there] == []


async def test_one_post_and_one_file_per_chosen_run(world: World) -> None:
    """In the thread, the post in the channel too, owed with the record of it."""
    _, draft = await world.escalations.prepare(1, by="UKIM")
    await world.escalations.escalate(1, draft, by="UKIM")

    assert world.owed_keys("escalation/%") == ["escalation/1", *(f"escalation/1/run/{run}" for run in draft.runs)]
    assert {world.place(key).thread_key for key in world.owed_keys("escalation/%")} == {"investigation/1"}
    assert world.database.value("SELECT broadcast FROM messages WHERE key = 'escalation/1'") == 1
    assert world.investigations.get(1).state is State.ESCALATED


async def test_failure_in_the_middle_leaves_no_escalation(world: World) -> None:
    """No record without its post, and no post without its record."""
    before = contents(world)
    world.database.run(
        "CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.kind = 'file' BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    _, draft = await world.escalations.prepare(1, by="UKIM")
    with pytest.raises(Exception, match="full"):
        await world.escalations.escalate(1, draft, by="UKIM")

    assert contents(world) == before


async def test_second_one_while_the_first_waits_is_refused(world: World) -> None:
    """Management is not called twice for one thing; after the answer it may be."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    before = contents(world)
    with pytest.raises(StillWaiting, match="nobody was notified again"):
        await world.escalations.escalate(1, DRAFT, by="UJO")
    with pytest.raises(StillWaiting):
        await world.escalations.prepare(1, by="UJO")
    assert contents(world) == before
    await world.escalations.acknowledge(1, by="ULENA")

    assert (await world.escalations.escalate(1, DRAFT, by="UJO")).id == 2


async def test_only_tier_2_escalates(world: World) -> None:
    """Neither the form nor a form that was open before."""
    with pytest.raises(NotTier2):
        await world.escalations.prepare(1, by="UTOM")
    with pytest.raises(NotTier2):
        await world.escalations.escalate(1, DRAFT, by="UTOM")


async def test_what_is_over_can_not_be_escalated(world: World) -> None:
    """Also where the form was opened before it was resolved."""
    await world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM")
    with pytest.raises(IllegalMove, match="reopen"):
        await world.escalations.escalate(1, DRAFT, by="UKIM")


async def test_unknown_investigation_is_not_found(world: World) -> None:
    """And not "escalated already"."""
    with pytest.raises(NotFound):
        await world.escalations.escalate(99, DRAFT, by="UKIM")


async def test_only_management_acknowledges(world: World) -> None:
    """The sentence names the group."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    with pytest.raises(NotInGroup, match="@ltm"):
        await world.escalations.acknowledge(1, by="UKIM")

    assert world.escalations.get(1).acknowledged_by is None


async def test_first_acknowledgement_counts_and_edits_the_post(world: World) -> None:
    """The second manager sees who was first; the timeline has one line."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    before = world.wanted("escalation/1")
    world.clock.advance(60)
    await world.escalations.acknowledge(1, by="ULENA")
    second = await world.escalations.acknowledge_latest(1, by="URAJ")

    assert (second.acknowledged_by, second.acknowledged_at) == ("ULENA", world.clock())
    assert world.kinds(1).count("acknowledged") == 1
    assert world.wanted("escalation/1") == before + 1


async def test_ack_without_an_escalation(world: World) -> None:
    """A sentence, not a crash."""
    with pytest.raises(NotFound, match="INV-1 has not been escalated"):
        await world.escalations.acknowledge_latest(1, by="ULENA")


async def test_question_goes_into_the_thread(world: World) -> None:
    """Once per question, on the timeline and on the post; empty ones are refused."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    await world.escalations.ask(1, "how many customers?", by="ULENA")
    with pytest.raises(BadInput):
        await world.escalations.ask(1, "  ", by="ULENA")

    assert world.owed_keys("question/%") == ["question/1"]
    assert world.place("question/1") == Place("C1", thread_key="investigation/1")
    assert [each.question for each in world.escalations.get(1).questions] == ["how many customers?"]
    assert world.kinds(1)[-1] == "question"


async def test_question_sent_again_in_the_same_words_is_one(world: World) -> None:
    """A form that seemed lost is sent again; other words, or another person's, are another question."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    for by, words in (("ULENA", "how many?"), ("ULENA", "how many?"), ("URAJ", "how many?"), ("ULENA", "since when?")):
        await world.escalations.ask(1, words, by=by)

    assert world.owed_keys("question/%") == ["question/1", "question/2", "question/3"]


async def test_only_management_needs_more(world: World) -> None:
    """The owner's own team answers questions, and asks none."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    with pytest.raises(NotInGroup, match="@ltm"):
        await world.escalations.ask(1, "how many?", by="UKIM")

    assert world.escalations.get(1).questions == ()


async def test_nothing_is_asked_of_an_escalation_that_is_over(world: World) -> None:
    """Acknowledged, or its investigation closed: the sentence says so."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    await world.escalations.acknowledge(1, by="ULENA")
    with pytest.raises(BadInput, match="Nothing is awaited"):
        await world.escalations.may_ask(1, by="ULENA")


async def test_an_escalation_that_was_made_again_is_not_acknowledged(world: World) -> None:
    """Its successor waits, and the timeline does not say otherwise."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    await world.investigations.reopen(1, by="UKIM")
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    with pytest.raises(Withdrawn, match="INV-1 was escalated again"):
        await world.escalations.acknowledge(1, by="ULENA")

    assert "acknowledged" not in world.kinds(1)


async def test_post_keeps_what_management_was_called_by(world: World) -> None:
    """Who was mentioned, and why it was not the group, is part of the record."""
    note = "Slack does not show the group @ltm; these people stand for it."
    world.people.mention = ("<@ULENA> <@URAJ>", note)
    found = await world.escalations.escalate(1, DRAFT, by="UKIM")

    assert (found.mention, found.mention_note) == world.people.mention


async def test_runs_and_tickets_of_others_are_not_posted(world: World) -> None:
    """A form's values are what somebody sent, not what was offered."""
    await world.escalations.escalate(1, Draft("a", "b", "", "", "c", tickets=(7, 8), runs=(1, 999)), by="UKIM")
    posted = world.escalations.posted(1)

    assert [each.ticket_id for each in posted.tickets] == [7]
    assert [run.id for run in posted.runs] == [1]


async def test_resolving_ends_an_unanswered_escalation(world: World) -> None:
    """Its post asks for nothing any more; after reopening it may be escalated again."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    before = world.wanted("escalation/1")
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    assert world.wanted("escalation/1") > before
    assert "No answer is needed any more" in str(cards.post(world.escalations.posted(1)).blocks)
    await world.investigations.reopen(1, by="UKIM")
    second = await world.escalations.escalate(1, DRAFT, by="UKIM")

    assert second.id == 2
    assert world.escalations.get(1).withdrawn_at
