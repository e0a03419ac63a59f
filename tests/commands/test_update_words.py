"""update, said, tell, and their form, as people use them."""

import pytest

from bot.errors import BadInput
from bot.investigations.update_forms import NEWS, PURPOSE, TIER1_TEXT, update_form
from bot.investigations.update_model import Purpose, Via
from bot.slack.request import Request
from commands import updates
from tests.commands.test_mention import Thread, thread

__all__ = ["thread"]


def form(there: Thread, **values: str) -> Request:
    """The form as it opens now, filled in."""
    current = there.services.updates.words(1).tier1_text
    opened = update_form(there.services.investigations.get(1), current)
    shown = {PURPOSE: str(Purpose.BOTH), NEWS: "", TIER1_TEXT: current.text if current else ""}
    return Request(user="UKIM", private_metadata=opened["private_metadata"], values=shown | values)


async def test_words_in_the_thread_are_kept_for_whom_they_are(thread: Thread) -> None:
    """Line breaks stay: a customer reads them."""
    assert await thread.mention("update the provider is on it") is None
    await thread.mention("update management: he called")
    await thread.mention("said on the phone: use U.S. West")
    answer = await thread.mention("tell tier 1 We know.\nUse U.S. West.")
    words = thread.services.updates.words(1)

    assert [(update.audience, update.text) for update in words.updates] == [
        ("both", "the provider is on it"),
        ("management", "he called"),
    ]
    assert [(entry.via, entry.text) for entry in words.said] == [
        (Via.PHONE, "use U.S. West"),
        (Via.TIER1, "We know.\nUse U.S. West."),
    ]
    assert "Nobody of Tier 1 sees it yet" in str(answer)
    assert await thread.mention("tell tier 1 nothing") is None, "there is nothing to see any more"


async def test_words_without_words_say_what_to_write(thread: Thread) -> None:
    for word in ("update", "said by phone", "said by fax", "tell"):
        with pytest.raises(BadInput, match=f"`{word.split()[0]} "):
            await thread.mention(word)


async def test_form_that_was_open_meanwhile_takes_back_nothing(thread: Thread) -> None:
    """What Tier 1 says counts only where the person changed it."""
    first = form(thread, **{NEWS: "we look"})
    await thread.mention("tell tier 1 use U.S. West")
    await updates.submitted(first, thread.services)
    text = thread.services.updates.words(1).tier1_text
    assert text and text.text == "use U.S. West"

    emptied = form(thread, **{TIER1_TEXT: ""})
    assert updates.check(emptied, thread.services) == {}
    await updates.submitted(emptied, thread.services)
    assert thread.services.updates.words(1).tier1_text is None
    assert [update.text for update in thread.services.updates.words(1).updates] == ["we look"]


async def test_form_needs_something_new(thread: Thread) -> None:
    assert updates.check(form(thread), thread.services) == {NEWS: "Write what is new."}
    assert updates.check(form(thread, **{TIER1_TEXT: "x"}), thread.services) == {}
    noted = form(thread, **{NEWS: "only on 2.4", PURPOSE: str(Purpose.NOTE)})
    await updates.submitted(noted, thread.services)

    assert thread.services.evidence.overview(1).events[-1].text == "only on 2.4"
    assert not thread.services.updates.words(1).updates
