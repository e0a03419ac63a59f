"""To management and back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import BadInput, NotFound
from bot.escalations import cards, forms
from bot.escalations.model import EscalationDraft, PreparedForm, meter
from bot.escalations.service import StillWaiting, Withdrawn
from bot.investigations import cards as investigation_cards
from bot.investigations.model import IllegalMove, State
from bot.investigations.onset import Onset, OnsetSource
from bot.messages.model import Content, Place
from bot.people import NotInGroup, NotTier2
from bot.probes.batch import ProbeRun, reports_key
from bot.tickets.collection import LinkState
from tests.fake_desk import ticket
from tests.slack_limits import texts
from tests.world import US_EAST, World, contents

DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "a decision")


def text(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


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
    draft = (await world.escalations.prepare(1, by="UKIM")).draft

    assert draft.wrong == "U.S. East: 10.1.2.3 loses 4 of 10 packets. U.S. West is fine."
    assert (draft.needed, draft.since) == ("", "")
    assert draft.affected == "1 matching ticket · 1 confirmed"
    assert "10.1.2.3 loses 4 of 10" in draft.tried
    assert draft.tickets == (7,)
    assert [run.kind for run in runs_of(world, draft)] == ["ping", "mtr", "mtr"]


async def test_who_is_affected_is_what_their_tickets_tell(world: World) -> None:
    """Of the confirmed ones: places, plans and versions, the most frequent first."""
    assert world.desk
    told = ("Our Business plan, app 8.4.1", "Business plan here", "since the update to 8.4.1, iOS 18.1, Plus plan", "")
    world.desk.found = [
        replace(ticket(number, world.clock()), text=words, places=("Berlin",) if number < 10 else ())
        for number, words in enumerate(told, 8)
    ]
    await world.evidence.add_tickets(1, [8, 9, 10, 11], by="UKIM")

    assert (await world.escalations.prepare(1, by="UKIM")).draft.affected.splitlines()[1:] == [
        "Places: Berlin 2",
        "Plans: Business 2, Plus 1",
        "App versions: 8.4.1 2",
        "Systems: iOS 18.1 1",
    ]


def runs_of(world: World, draft: EscalationDraft) -> list[ProbeRun]:
    by_id = {run.id: run for batch in world.evidence.overview(1).batches for run in batch.runs}
    return [by_id[number] for number in draft.runs]


async def test_meter_says_what_is_missing(world: World) -> None:
    """All that the record can tell is there, and nothing of an empty one; the request only people know."""
    prepared = await world.escalations.prepare(1, by="UKIM")
    bare = World()
    await bare.opened(symptom="")
    nothing = await bare.escalations.prepare(1, by="UKIM")
    asked = replace(prepared.draft, needed="Call Harbor")

    assert [mark.name for mark in meter(prepared.overview, prepared.draft) if not mark.there] == ["request"]
    assert [mark.name for mark in meter(prepared.overview, asked) if not mark.there] == []
    assert [mark.name for mark in meter(nothing.overview, nothing.draft) if mark.there] == []


async def test_post_and_its_reports(world: World) -> None:
    """In the thread, the post in the channel too and before its files."""
    draft = (await world.escalations.prepare(1, by="UKIM")).draft
    runs, before = runs_of(world, draft), world.owed_keys("runs/%/reports")
    await world.escalations.escalate(1, draft, by="UKIM")

    new = world.owed_keys("runs/%/reports")
    assert before == [] and new == [reports_key(runs)] and len(runs) > 1
    assert world.owed_keys("escalation/%") == ["escalation/1"]
    assert {world.place(key).thread_key for key in ["escalation/1", *new]} == {"investigation/1"}
    assert world.database.value("SELECT broadcast FROM messages WHERE key = 'escalation/1'") == 1
    assert world.database.column("SELECT after_key FROM messages WHERE key = ?", new[0]) == ["escalation/1"]
    assert world.investigations.get(1).state is State.ESCALATED


async def test_failure_in_the_middle_leaves_no_escalation(world: World) -> None:
    """No record without its post, and no post without its record."""
    before = contents(world)
    world.database.run(
        "CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.kind = 'file' BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    draft = (await world.escalations.prepare(1, by="UKIM")).draft
    with pytest.raises(Exception, match="full"):
        await world.escalations.escalate(1, draft, by="UKIM")

    assert contents(world) == before


async def test_table_of_a_failed_probe_is_its_report(world: World) -> None:
    """A kind that writes no file is attached all the same, and once for two escalations."""
    world.probe_kinds["tls"].lost = {"U.S. East": 10}
    world.evidence.probe(1, "tls", "", by="UKIM")
    await world.probed()
    prepared = await world.escalations.prepare(1, by="UKIM")
    overview, draft = prepared.overview, prepared.draft
    (tls,) = [run for run in overview.findings.failing if run.kind == "tls"]
    assert tls.id in draft.runs and tls.result and not tls.result.report
    await world.escalations.escalate(1, draft, by="UKIM")
    await world.escalations.acknowledge(1, by="ULENA")
    await world.escalations.escalate(1, draft, by="UKIM")

    (key,) = world.owed_keys("runs/%/reports")
    content = world.database.value("SELECT content FROM messages WHERE key = ?", key)
    assert "tls U.S. East from our own network" in content and "10 of 10 lost" in content


async def test_probes_of_others_and_refusals_are_no_evidence(world: World) -> None:
    """What was tried says each thing once, what is wrong first."""
    world.probe_kinds["tls"].trouble = BadInput("U.S. East gets no TLS")
    for kind, what in (("mtr", "us-west"), ("ping", "us-east"), ("tls", "us-east"), ("ping", "9.9.9.9")):
        world.evidence.probe(1, kind, what, by="UKIM")
    await world.probed()
    draft = (await world.escalations.prepare(1, by="UKIM")).draft

    assert draft.tried.splitlines() == [
        "ping U.S. East: 10.1.2.3 loses 4 of 10",
        "Nothing wrong: mtr",
        "Control U.S. West: nothing wrong (ping, mtr)",
    ]
    assert [run.step for run in runs_of(world, draft)] == ["target", "worst", "control"]


async def test_since_is_the_first_ticket_of_the_rise() -> None:
    """Not when somebody opened it, nor the ticket of yesterday that has nothing to do with it; and it says so."""
    world = World()
    assert world.desk
    minutes = (*range(0, 24, 3), 700, 1300)
    world.desk.found = [ticket(n, world.clock() - timedelta(minutes=ago)) for n, ago in enumerate(minutes, 1)]
    await world.opened(US_EAST)
    await world.desk_settled()
    escalation = await world.escalations.escalate(1, replace(DRAFT, since=""), by="UKIM")

    assert escalation.onset == Onset(datetime(2026, 11, 20, 8, 51, tzinfo=UTC), OnsetSource.RISE)
    assert "08:51 UTC>, the rise of tickets" in text(cards.post(world.escalations.posted(1)))


async def test_escalating_again_begins_with_what_was_typed(world: World) -> None:
    """Every part as it was sent, with the tickets and probes that came since; nothing of it from the beginning."""
    draft = (await world.escalations.prepare(1, by="UKIM")).draft
    typed = replace(
        draft, wrong="Harbor drops packets", affected="31 of Acme", needed="Call Harbor", since="since dawn"
    )
    await world.escalations.escalate(1, typed, by="UKIM")
    await world.escalations.acknowledge(1, by="ULENA")
    assert world.desk
    world.desk.found += [ticket(8, world.clock()), ticket(9, world.clock())]
    await world.evidence.add_tickets(1, [8, 9], by="UKIM")
    await world.evidence.decide(1, [7], LinkState.REJECTED, by="UKIM")
    world.probe_kinds["ping"].lost = {"U.S. East": 6}
    world.evidence.probe(1, "ping", "", by="UKIM")
    await world.probed()
    world.clock.advance(180)
    await world.desk_settled()
    again = (await world.escalations.prepare(1, by="UJO")).draft

    assert (again.wrong, again.needed, again.since) == ("Harbor drops packets", "Call Harbor", "since dawn")
    assert again.affected == "31 of Acme\n09:15 UTC: 2 tickets in the last hour, usually none · 2 confirmed"
    assert again.tried == f"{typed.tried}\nping U.S. East: 10.1.2.3 loses 6 of 10"
    assert set(again.tickets) == {8, 9}
    newest = max(run.id for batch in world.evidence.overview(1).batches for run in batch.runs)
    assert newest in again.runs and len(set(again.runs)) == len(again.runs)
    assert len([run for run in runs_of(world, again) if run.kind == "ping"]) == 1


async def test_escalating_again_without_news_changes_nothing(world: World) -> None:
    """The same tickets and probes are not told twice."""
    draft = (await world.escalations.prepare(1, by="UKIM")).draft
    await world.escalations.escalate(1, replace(draft, needed="a decision"), by="UKIM")
    await world.escalations.acknowledge(1, by="ULENA")
    again = (await world.escalations.prepare(1, by="UKIM")).draft

    assert again == replace(draft, needed="a decision")


async def test_form_that_was_closed_keeps_its_draft(world: World) -> None:
    """Each person's own, until it is sent, without the tickets that were rejected since."""
    typed = EscalationDraft("Harbor drops packets", "since dawn", "31 of Acme", "an MTR", "Call", tickets=(7,))
    world.escalations.keep(1, typed, by="UKIM")
    world.clock.advance(60)
    world.escalations.keep(1, replace(typed, needed="Call Harbor"), by="UKIM")
    again, other = [await world.escalations.prepare(1, by=by) for by in ("UKIM", "UJO")]
    assert (again.draft, again.kept_at) == (replace(typed, needed="Call Harbor"), world.clock())
    assert (other.draft.needed, other.kept_at) == ("", None)

    await world.evidence.decide(1, [7], LinkState.REJECTED, by="UKIM")
    assert (await world.escalations.prepare(1, by="UKIM")).draft.tickets == ()
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    world.escalations.keep(1, typed, by="UKIM")
    await world.escalations.acknowledge(1, by="ULENA")
    assert (await world.escalations.prepare(1, by="UKIM")).kept_at is None


@pytest.mark.parametrize("part", list(forms.LIMITS))
async def test_what_is_too_long_is_refused_and_not_cut(world: World, part: str) -> None:
    """The sentence says which part, how much there is room for and how long it is."""
    before = contents(world)
    most = forms.LIMITS[part]
    typed: dict[str, Any] = {part: "x" * (most - 1) + "&"}
    with pytest.raises(BadInput, match=f"at most {most:,} characters, and this is {most + 4:,}"):
        await world.escalations.escalate(1, replace(DRAFT, **typed), by="UKIM")

    assert contents(world) == before


async def test_whoever_escalated_is_told_of_the_acknowledgement(world: World) -> None:
    """By one message in the thread, in the transaction of it; a second press adds none."""
    await world.escalations.escalate(1, DRAFT, by="UJO")
    for by in ("ULENA", "URAJ"):
        await world.escalations.acknowledge(1, by=by)
    (key,) = world.owed_keys("told/%")
    event = world.evidence.event(int(key.split("/")[1]))
    assert event
    content = investigation_cards.notice(event, world.evidence.overview(1))

    assert content and content.text == ":white_check_mark: <@UJO>, <@ULENA> acknowledged your escalation of INV-1."
    assert world.place(key) == Place("C1", thread_key="investigation/1")


async def test_acknowledgement_and_its_message_are_one(world: World) -> None:
    """A crash between them leaves neither."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    before = contents(world)
    world.database.run(
        "CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.key LIKE 'told/%' BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    with pytest.raises(Exception, match="x"):
        await world.escalations.acknowledge(1, by="ULENA")

    assert contents(world) == before


async def test_question_is_asked_of_whoever_escalated_too(world: World) -> None:
    """The owner may have gone home since."""
    await world.escalations.escalate(1, DRAFT, by="UJO")
    await world.escalations.ask(1, "how many customers?", by="ULENA")
    question = world.escalations.question(1)
    assert question

    assert cards.question(*question).text.startswith(":question: <@UKIM> and <@UJO>, <@ULENA> asks about")


async def test_meter_never_asks_for_what_is_done_or_can_not_be(world: World) -> None:
    """A probe that runs, a comparison that somebody made by hand, a desk or a control that is not there."""
    bare = World(desk=None, playbooks={})
    await bare.opened(US_EAST, symptom="")
    assert todo(await bare.escalations.prepare(1, by="UKIM")) == {
        "probe": "run a probe: `probe mtr` in the thread",
        "control": "compare with a healthy target: `probe mtr us-west`",
        "request": "say what they should do",
        "finding": "say in a sentence what is wrong",
        "impact": "say who is affected and how many",
    }
    bare.evidence.probe(1, "mtr", "", by="UKIM")
    assert todo(await bare.escalations.prepare(1, by="UKIM"))["probe"] == "wait for the probes that run"
    bare.evidence.probe(1, "mtr", "us-west", by="UKIM")
    await bare.probed()
    assert {"probe", "control"}.isdisjoint(todo(await bare.escalations.prepare(1, by="UKIM")))

    app = World()
    await app.opened(symptom="")
    await app.desk_settled()
    await app.probed()
    assert todo(await app.escalations.prepare(1, by="UKIM")) == {
        "tickets": "paste the link of a ticket",
        "probe": "try it on a device and record it",
        "request": "say what they should do",
        "finding": "say in a sentence what is wrong",
        "impact": "say who is affected and how many",
    }


def todo(prepared: PreparedForm) -> dict[str, str]:
    return {mark.name: mark.how for mark in meter(prepared.overview, prepared.draft) if not mark.there}


async def test_second_one_while_the_first_waits_is_refused(world: World) -> None:
    """Management is not called twice for one thing; after the answer it may be."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    before = contents(world)
    with pytest.raises(StillWaiting, match="Nobody was notified again"):
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
    assert [question.question for question in world.escalations.get(1).questions] == ["how many customers?"]
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
    with pytest.raises(BadInput, match="needs no answer"):
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


async def test_reopening_asks_nobody_again(world: World) -> None:
    """The post that was closed stays closed, on the managers' Home too, until somebody escalates again."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    await world.investigations.reopen(1, by="UKIM")
    shown = str(cards.post(world.escalations.posted(1)).blocks)

    assert "No answer needed: INV-1 was closed meanwhile." in shown and "Acknowledge" not in shown
    assert await world.escalations.waiting_for("ULENA") == []
    with pytest.raises(Withdrawn, match="INV-1 was closed and reopened"):
        await world.escalations.acknowledge(1, by="ULENA")


async def test_what_ended_does_not_wait_for_management(world: World) -> None:
    """Nobody is alerted of an escalation that nobody needs."""
    escalation = await world.escalations.escalate(1, DRAFT, by="UKIM")
    assert world.escalations.unacknowledged() == [escalation.escalated_at]
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    assert world.escalations.unacknowledged() == []
    await world.investigations.reopen(1, by="UKIM")

    assert world.escalations.unacknowledged() == []


async def test_post_keeps_what_management_was_called_by(world: World) -> None:
    """Who was mentioned, and why it was not the group, is part of the record."""
    note = "Slack does not show the group @ltm; these people stand for it."
    world.people.mention = ("<@ULENA> <@URAJ>", note)
    escalation = await world.escalations.escalate(1, DRAFT, by="UKIM")

    assert (escalation.mention, escalation.mention_note) == world.people.mention


async def test_runs_and_tickets_of_others_are_not_posted(world: World) -> None:
    """A form's values are what somebody sent, not what was offered."""
    await world.escalations.escalate(
        1, EscalationDraft("a", "b", "", "", "c", tickets=(7, 8), runs=(1, 999)), by="UKIM"
    )
    posted = world.escalations.posted(1)

    assert [ticket.ticket_id for ticket in posted.tickets] == [7]
    assert [run.id for run in posted.runs] == [1]


async def test_resolving_ends_an_unanswered_escalation(world: World) -> None:
    """Its post asks for nothing any more; after reopening it may be escalated again."""
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    before = world.wanted("escalation/1")
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    assert world.wanted("escalation/1") > before
    assert "No answer needed" in str(cards.post(world.escalations.posted(1)).blocks)
    await world.investigations.reopen(1, by="UKIM")
    second = await world.escalations.escalate(1, DRAFT, by="UKIM")

    assert second.id == 2
    assert world.escalations.get(1).withdrawn_at
