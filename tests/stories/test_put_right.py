"""The record is put right: words, times and what does not belong there; everybody sees that it was."""

import pytest

from bot.investigations.correction_cards import MOMENT, TEXT, WHY, WITHDRAW
from tests.stories.chat import Form, Person, Seen
from tests.stories.steps import asked_by_tier_1, done, opened, timeline
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
        assert "note 2, by the owner" in await timeline(there, card), "a form is acknowledged before it is worked on"
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


async def test_what_was_told_is_put_right_where_people_read_it(town: OpenTown) -> None:
    """Tier 1's answer and the calls are edited; nobody is called again, and Kim learns who heard it."""
    async with town() as there:
        asked, answer, card = await asked_by_tier_1(there)
        await there.kim.types(card, "@secondline update the provider found it, next news at noon")
        called = await there.tom.sees(asked, "there is news of U.S. East.")
        await there.kim.types(card, "@secondline correct next news at one")
        heard = await there.kim.sees(
            card, "The update is corrected. 1 person was told before; tell them with `update …`."
        )
        assert heard.only_for_me
        shown = await there.tom.sees_change(answer, lambda now: "next news at one" in now.text)
        assert "noon" not in shown.text and "(corrected " in shown.text
        await there.tom.sees_change(called, lambda now: "(corrected " in now.text)
        told = await timeline(there, card)
        assert "wrote an update: next news at one (corrected " in told and "noon" not in told

        await there.bot.kill()
        await there.bot_starts()
        await there.kim.types(card, "@secondline withdraw it was another provider")
        await there.kim.sees(card, "The update is withdrawn. 1 person was told before")
        await there.tom.sees_change(answer, lambda now: "next news" not in now.text)
        await there.tom.sees_change(called, lambda now: "withdrew an update" in now.text)
        assert len([each for each in there.tom.thread(asked) if each.by_bot]) == 2, "the answer and the one call"

        await done(there.jo, card, "said by phone: use U.S. West")
        await there.kim.sees_change(card, lambda now: "by phone: use U.S. West" in now.text)
        await done(there.jo, card, "correct by phone: use U.S. South")
        await there.kim.sees_change(card, lambda now: "by phone (corrected " in now.text and "U.S. South" in now.text)
        await done(there.jo, card, "withdraw nobody was told")
        await there.kim.sees_change(card, lambda now: "U.S. South" not in now.text)
