"""The record is put right: words, times and what does not belong there; everybody sees that it was."""

import pytest

from bot.investigations.correction_cards import MOMENT, TEXT, WHY, WITHDRAW
from commands.tickets import DONE
from tests.stories.chat import Form, Person, Seen
from tests.stories.steps import opened, timeline
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def form_of(person: Person, card: Seen, words: str) -> Form:
    """The form of one entry, by the button below the timeline and the list of what the person may correct."""
    await person.presses(card, "Show Timeline")
    shown = await person.sees("#t2-tech", "INV-1: timeline")
    await person.presses(shown, "Correct…")
    listed = await person.form("Correct INV-1")
    await person.presses_in(listed, "Correct…", beside=words)
    return await person.form("Correct a note")


async def done(person: Person, card: Seen, words: str) -> None:
    """Says it to the bot in the thread, and waits for the mark that it is done."""
    said = await person.types(card, f"@secondline {words}")
    assert said
    await person.sees_change(said, lambda now: DONE in now.reactions)


async def test_words_correct_the_record(town: OpenTown) -> None:
    """By the person's own clock; a note of the evening before stands before the opening."""
    async with town() as there:
        card = await opened(there)
        await done(there.jo, card, "note only custmers of one provider")
        await done(there.jo, card, "correct only customers of Hafenlink")
        await done(there.kim, card, "note yesterday at 23:50 their works began")
        told = await timeline(there, card)
        assert "only customers of Hafenlink (corrected " in told and "custmers" not in told
        assert told.index("their works began (added ") < told.index("opened it")

        await there.tom.types(card, "@secondline withdraw I did not write it")
        assert (await there.tom.sees(card, "You have written nothing in INV-1")).only_for_me
        await done(there.jo, card, "withdraw wrong customer")
        told = await timeline(there, card)
        assert "withdrew a note" in told and "wrong customer" in told and "Hafenlink" not in told


async def test_forms_correct_the_record(town: OpenTown) -> None:
    """The owner corrects what others wrote; a form that was open meanwhile undoes nothing."""
    async with town() as there:
        card = await opened(there)
        for number in (1, 2):
            await done(there.jo, card, f"note note {number}")
        form = await form_of(there.kim, card, "note 2")
        stale = await form_of(there.jo, card, "note 2")
        before = int(form.shows(MOMENT)) - 3600
        there.kim.fills(form, **{TEXT: "note 2, by the owner", MOMENT: str(before + 7200)})
        assert await there.kim.submits(form) == {MOMENT: "That time hasn't come yet."}
        there.kim.fills(form, **{MOMENT: str(before)})
        assert await there.kim.submits(form) == {}
        there.jo.fills(stale, **{TEXT: "note 2, once more"})
        assert "meanwhile" in (await there.jo.submits(stale))[MOMENT]
        await there.jo.closes(stale)
        told = await timeline(there, card)
        assert told.index("note 2, by the owner (corrected ") < told.index("opened it")

        await there.bot.kill()
        await there.bot_starts()
        form = await form_of(there.kim, card, "note 1")
        there.kim.fills(form, **{WITHDRAW: "yes"})
        assert await there.kim.submits(form) == {WHY: "Say why, in a few words."}
        there.kim.fills(form, **{WHY: "it is about INV-2"})
        assert await there.kim.submits(form) == {}
        told = await timeline(there, card)
        assert "withdrew a note of <@U0JO>" in told and "note 1" not in told
