"""`/known`, its buttons, the shortcut."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.card import card as investigation_card
from bot.investigations.model import card_key
from bot.known_issues.cards import INVESTIGATION, IT_IS, READ, USE
from bot.known_issues.model import LinkVerdict
from bot.messages.model import Content
from bot.people import NotTier2
from bot.slack.request import Answer, Request
from commands import known, t2
from commands.menu import chosen
from tests.commands.test_mention import Thread
from tests.fake_tracker import issue
from tests.world import APP, US_EAST, World

SPINNER = issue(1, "Tunnel fails", symptom="Spinner for ever", workaround="Reinstall", labels=("known-issue", "app"))


@pytest.fixture
async def thread() -> Thread:
    world = World()
    world.known.intake.applied("app", [SPINNER], cursor="one")
    await world.opened(APP, symptom="login fails")
    world.sent(card_key(1), "1.1")
    return Thread(world)


def asked(text: str = "", **more: Any) -> Request:
    return Request(user="UKIM", channel="C1", text=text, **more)


def shown(answer: Answer) -> str:
    assert isinstance(answer, Content)
    return str(answer.blocks)


async def test_words_find(thread: Thread) -> None:
    """With the buttons of each hit."""
    text = shown(await known.slash(asked("spinner"), thread.services))

    assert "Reinstall" in text
    assert f"'{USE}', 'value': '1'" in text
    assert READ in text


async def test_alone_it_lists_and_a_name_shows_all(thread: Thread) -> None:
    """`/known`, `/known KI-1`; one that is not there is said so."""
    assert "KI-1" in shown(await known.slash(asked(), thread.services))
    assert "Spinner for ever" in shown(await known.slash(asked(" ki-1 "), thread.services))
    assert "Spinner for ever" in shown(await known.read_button(asked(value="1"), thread.services))
    with pytest.raises(NotFound):
        await known.slash(asked("KI-9"), thread.services)


async def test_an_issue_that_was_not_stored_is_asked_for(thread: Thread) -> None:
    """By its key or address; what only looks like a key is looked for."""
    thread.world.tracker.put(issue(9, "Fresh from development", labels=()))

    assert "Fresh from development" in shown(await known.slash(asked("app#9"), thread.services))
    assert "Fresh from development" in shown(await known.slash(asked("<https://tracker.test/9>"), thread.services))
    assert "Tunnel fails" in shown(await known.slash(asked("SPINNER-500"), thread.services))
    with pytest.raises(NotFound):
        await known.slash(asked("https://tracker.test/404"), thread.services)


async def test_in_a_thread_a_hit_is_used_for_it(thread: Thread) -> None:
    """Without a question for which investigation."""
    answer = await thread.mention("known spinner")
    assert f"'{USE}', 'value': '1 1'" in shown(answer)

    await known.use_button(asked(value="1 1"), thread.services)
    assert [known.id for known in thread.world.evidence.overview(1).known] == [1]


async def test_with_one_live_investigation_it_is_clear(thread: Thread) -> None:
    """Whichever channel the person is in."""
    answer = await known.use_button(asked(value="1"), thread.services)

    assert isinstance(answer, Content) and "INV-1 is KI-1 now" in answer.text


async def test_using_it_is_taken_back_from_the_answer_and_the_card(thread: Thread) -> None:
    """Also where the bot had suggested nothing, so that no card of a suggestion is there."""
    answer = await known.use_button(asked(value="1"), thread.services)
    assert isinstance(answer, Content)
    (undo,) = answer.blocks[1]["elements"]
    await known.it_isnt(asked(value=undo["value"]), thread.services)
    first = thread.world.evidence.overview(1).known

    await known.use_button(asked(value="1"), thread.services)
    card = investigation_card(thread.world.evidence.overview(1))
    (menu,) = [
        element for block in card.blocks for element in block.get("elements", []) if element.get("type") == "overflow"
    ]
    entry = menu["options"][-1]
    await chosen(asked(value=entry["value"]), thread.services)

    assert (first, thread.world.evidence.overview(1).known) == ((), ())
    assert (undo["text"]["text"], entry["text"]["text"]) == ("It Isn't", "It Isn't KI-1")
    with pytest.raises(NotTier2):
        await chosen(replace(asked(value=entry["value"]), user="UTOM"), thread.services)


async def test_it_is_offered_only_where_there_is_something_to_use_it_for(thread: Thread) -> None:
    """This investigation, the only one, one of several, or none."""
    in_thread = shown(await thread.mention("known spinner"))
    alone = [shown(await known.slash(asked(text), thread.services)) for text in ("spinner", "KI-1", "")]
    await thread.world.opened(US_EAST, symptom="loss")
    several = shown(await known.slash(asked("KI-1"), thread.services))
    for number in (1, 2):
        await thread.world.investigations.dismiss(number, reason="x", by="UKIM")
    none = [shown(await known.slash(asked(text), thread.services)) for text in ("spinner", "KI-1", "")]
    none.append(shown(await thread.mention("known spinner")))

    assert "Use Here" in in_thread
    assert all("Use for INV-1" in text for text in alone)
    assert "Use for…" in several
    assert not any(USE in text for text in none)


async def test_with_several_a_form_asks(thread: Thread) -> None:
    """And uses the chosen one."""
    await thread.world.opened(US_EAST, symptom="loss")
    await known.use_button(asked(value="1", trigger_id="t"), thread.services)
    (call,) = [call for call in thread.slack.calls if call[0] == "views.open"]
    assert "INV-2" in str(call[1])

    await known.used(asked(values={INVESTIGATION: "2"}, private_metadata="1"), thread.services)
    assert thread.world.evidence.overview(2).known


async def test_with_none_it_says_how_to_begin(thread: Thread) -> None:
    """Nothing is being investigated."""
    await thread.world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM")
    with pytest.raises(BadInput, match="Nothing is being investigated"):
        await known.use_button(asked(value="1"), thread.services)


async def test_the_shortcut_looks_up_a_customers_words(thread: Thread) -> None:
    """A message without words is told so."""
    message = {"text": "Hi! My app shows a *spinner* for ever :(", "ts": "5.5"}
    assert "Reinstall" in shown(await known.from_message(asked(message=message), thread.services))
    with pytest.raises(BadInput):
        await known.from_message(asked(message={"text": " "}), thread.services)


async def test_the_buttons_of_a_suggestion_decide(thread: Thread) -> None:
    """It is, it isn't."""
    await thread.world.opened(US_EAST, symptom="x")
    link = thread.world.known.links.decide(1, 1, LinkVerdict.SUGGESTED)
    await known.it_is(asked(value=str(link.id)), thread.services)
    assert thread.world.evidence.overview(1).known
    await known.it_isnt(asked(value=str(link.id)), thread.services)
    assert not thread.world.evidence.overview(1).known
    assert IT_IS


async def test_status_says_how_old_the_data_is(thread: Thread) -> None:
    """One line per tracker."""
    thread.world.known.intake.failed("app", "timed out")
    text = shown(await t2.slash(asked("status"), thread.services))

    assert "GitHub acme/app not read yet; unreachable since" in text
