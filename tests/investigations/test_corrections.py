"""What stands on a timeline is corrected: by whom, what is shown of it, and what stays known."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.field_limits import TooLong
from bot.investigations.cards import event_lines, timeline
from bot.investigations.correction_model import CannotCorrect, CorrectionKind, NotYours, Wanted
from bot.investigations.model import Event, EventKind, SourceMessage
from tests.world import World

MESSAGE = SourceMessage("C1", "5.5", "UTOM", "it is the router", "https://slack.test/p5", "1.1")


async def noted(there: World, text: str = "only on Android", by: str = "UJO") -> Event:
    """A note by Jo in Kim's investigation."""
    if not there.investigations.live():
        await there.opened()
    there.evidence.note(1, text, by=by)
    return there.evidence.overview(1).events[-1]


async def test_words_are_corrected_and_what_stood_there_is_kept() -> None:
    there = World()
    note = await noted(there)
    there.clock.advance(600)
    assert await there.corrections.correct(note.id, Wanted("only on iOS"), by="UJO")
    corrected = there.corrections.event(note.id)
    (kept,) = there.corrections.history(note.id)

    assert (corrected.text, corrected.corrected_at, corrected.at) == ("only on iOS", there.clock(), note.at)
    assert (kept.kind, kept.before, kept.after, kept.by) == (
        CorrectionKind.WORDS,
        "only on Android",
        "only on iOS",
        "UJO",
    )
    assert event_lines(corrected)[0].endswith("only on iOS (corrected <!date^1795166520^{time}|09:22 UTC>)")
    assert not await there.corrections.correct(note.id, Wanted("only on iOS"), by="UJO"), "sent twice"


async def test_time_is_corrected_and_the_timeline_is_in_its_order() -> None:
    """When it was written down stays known: who has done nothing for hours is reckoned by that."""
    there = World()
    note = await noted(there)
    there.evidence.note(1, "later", by="UKIM")
    before = there.clock() - timedelta(hours=3)
    await there.corrections.correct(note.id, Wanted(at=before), by="UKIM")
    overview = there.evidence.overview(1)

    assert [event.text for event in overview.record if event.kind is EventKind.NOTE] == ["only on Android", "later"]
    assert overview.record[0].id == note.id and overview.events[0].kind is EventKind.OPENED
    assert overview.record[0].written_at == note.at
    assert "by <@UKIM>)" in event_lines(overview.record[0])[0], "it was the owner"


async def test_withdrawn_is_no_evidence_but_its_withdrawal_is_shown() -> None:
    there = World()
    note = await noted(there, "<!channel> customer Bob & co")
    await there.corrections.withdraw(note.id, "wrong *customer*", by="UJO")
    overview = there.evidence.overview(1)
    (line,) = event_lines(overview.record[-1])

    assert overview.events[-1].id != note.id and overview.record[-1].id == note.id
    assert line.startswith("<@UJO> withdrew a note ") and "wrong" in line and "Bob" not in str(timeline(overview))
    assert not await there.corrections.withdraw(note.id, "again", by="UJO")
    with pytest.raises(CannotCorrect, match="Put it back first"):
        await there.corrections.correct(note.id, Wanted("x"), by="UJO")

    assert await there.corrections.put_back(note.id, by="UKIM")
    assert there.evidence.overview(1).events[-1].text == "<!channel> customer Bob & co"
    assert not await there.corrections.put_back(note.id, by="UKIM")
    kinds = [correction.kind for correction in there.corrections.history(note.id)]
    assert kinds == [CorrectionKind.WITHDRAWN, CorrectionKind.PUT_BACK]


async def test_who_wrote_it_and_the_owner_may_and_nobody_else() -> None:
    """Also not an owner who has left Tier 2, nor anybody of what only the bot or a move says."""
    there = World()
    note = await noted(there)
    opened = there.evidence.overview(1).events[0]
    for by in ("UANA", "UTOM", "ULENA"):
        for correcting in (
            there.corrections.correct(note.id, Wanted("x"), by=by),
            there.corrections.withdraw(note.id, "x", by=by),
            there.corrections.put_back(note.id, by=by),
        ):
            with pytest.raises(NotYours):
                await correcting
    with pytest.raises(NotYours):
        await there.corrections.withdraw(opened.id, "x", by="UKIM")
    assert [event.id for event in await there.corrections.correctable(1, by="UKIM")] == [note.id]
    there.people.nobodies = frozenset({"UKIM"})
    with pytest.raises(NotYours):
        await there.corrections.correct(note.id, Wanted("x"), by="UKIM")
    assert there.corrections.history(note.id) == []


async def test_a_form_undoes_nothing_that_others_did_meanwhile() -> None:
    there = World()
    note = await noted(there)
    await there.corrections.correct(note.id, Wanted("only on iOS", seen=0), by="UJO")
    with pytest.raises(CannotCorrect, match="meanwhile"):
        await there.corrections.correct(note.id, Wanted("only on Android 15", seen=0), by="UKIM")

    assert there.corrections.event(note.id).text == "only on iOS"


async def test_time_has_come_and_is_near_the_investigation() -> None:
    there = World()
    note = await noted(there)
    for wrong in (timedelta(minutes=1), timedelta(days=-8)):
        with pytest.raises(BadInput):
            await there.corrections.correct(note.id, Wanted(at=there.clock() + wrong), by="UJO")
        with pytest.raises(BadInput):
            there.evidence.note(1, "earlier", by="UJO", at=there.clock() + wrong)
    with pytest.raises(TooLong):
        await there.corrections.correct(note.id, Wanted("x" * 4000), by="UJO")
    for nothing in ("", " \u202e "):
        with pytest.raises(BadInput):
            await there.corrections.correct(note.id, Wanted(nothing), by="UJO")


async def test_note_of_earlier_says_when_it_was_added() -> None:
    there = World()
    await there.opened()
    there.clock.advance(3600)
    there.evidence.note(1, "the provider confirmed it", by="UKIM", at=there.clock() - timedelta(hours=2))
    first = there.evidence.overview(1).record[0]

    assert first.text == "the provider confirmed it" and first.written_at == there.clock()
    assert "(added " in event_lines(first)[0]
    assert there.investigations.latest(1)[-1].at <= there.clock()


async def test_a_message_keeps_the_words_that_it_has_in_slack() -> None:
    """It can stand at another time, or be taken off; whoever pins it once more puts it back."""
    there = World()
    await there.opened()
    there.evidence.add_message(1, MESSAGE, by="UKIM")
    message = there.evidence.overview(1).events[-1]
    with pytest.raises(CannotCorrect):
        await there.corrections.correct(message.id, Wanted("other words"), by="UKIM")
    await there.corrections.correct(message.id, Wanted(at=message.at - timedelta(hours=1)), by="UKIM")
    await there.corrections.withdraw(message.id, "not about this", by="UKIM")
    assert not [event for event in there.evidence.overview(1).events if event.kind is EventKind.MESSAGE]
    there.evidence.add_message(1, MESSAGE, by="UJO")

    assert there.evidence.overview(1).record[0].id == message.id


async def test_what_shows_it_in_slack_is_shown_anew() -> None:
    """The card, and the message that told who asked."""
    there = World()
    note = await noted(there)
    there.sent("investigation/1", "1.1")
    before = there.wanted("investigation/1")
    await there.corrections.correct(note.id, Wanted("x"), by="UJO")

    assert there.wanted("investigation/1") > before


@given(st.lists(st.sampled_from(["words", "time", "withdraw", "put back"]), max_size=8))
@settings(max_examples=30, deadline=None)
def test_everything_that_ever_stood_there_is_kept(acts: list[str]) -> None:
    """From the corrections, read backwards, comes what was written first."""
    import asyncio

    asyncio.run(_kept(acts))


async def _kept(acts: list[str]) -> None:
    there = World()
    note = await noted(there)
    for number, act in enumerate(acts):
        there.clock.advance(60)
        withdrawn = bool(there.corrections.event(note.id).withdrawn_at)
        if act == "withdraw":
            await there.corrections.withdraw(note.id, "why", by="UJO")
        elif act == "put back":
            await there.corrections.put_back(note.id, by="UJO")
        elif not withdrawn:
            wanted = Wanted(f"words {number}") if act == "words" else Wanted(at=note.at - timedelta(minutes=number + 1))
            await there.corrections.correct(note.id, wanted, by="UJO")
    event, text, at = there.corrections.event(note.id), note.text, note.at.isoformat()
    now_text, now_at = event.text, event.at.isoformat()
    for kept in reversed(there.corrections.history(note.id)):
        if kept.kind is CorrectionKind.WORDS:
            assert kept.after == now_text
            now_text = kept.before
        if kept.kind is CorrectionKind.TIME:
            assert kept.after == now_at
            now_at = kept.before
    assert (now_text, now_at) == (text, at)
