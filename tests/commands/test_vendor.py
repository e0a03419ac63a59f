"""What people say and press about vendors."""

from typing import Any

import pytest

from bot.errors import BadInput
from bot.investigations.above import VendorTurn
from bot.investigations.card import Choice
from bot.messages.model import Content
from bot.people import NotTier2
from bot.slack.request import Request
from bot.vendors import cards, forms
from bot.vendors.model import LetterState, NoReference, NotWithVendor, NoVendor
from commands import menu, vendor
from tests.commands.index import handler_of
from tests.commands.test_mention import Thread
from tests.vendors.vendors import STRIPE, TELIA, carried, opened, written


@pytest.fixture
async def thread() -> Thread:
    """INV-1, measured, with Telia and Stripe in the settings."""
    world = await opened()
    world.sent("investigation/1", "1.1")
    return Thread(world)


def pressed(value: str, user: str = "UKIM") -> Request:
    return Request(user=user, channel="C1", value=value, trigger_id="T1")


def sent(about: str, **values: Any) -> Request:
    return Request(user="UKIM", private_metadata=about, values=values)


def opened_forms(thread: Thread) -> list[str]:
    return [call["view"]["callback_id"] for call in thread.slack.called("views.open")]


def labels(content: object) -> list[str]:
    assert isinstance(content, Content)
    return [each["text"]["text"] for each in content.blocks[-1]["elements"]]


async def test_words_ask_which_and_are_answered_by_buttons(thread: Thread) -> None:
    """A name may be the beginning of one; Slack opens no form for a message."""
    assert labels(await thread.mention("handoff vendor")) == ["Telia", "Stripe"]
    assert labels(await thread.mention("handoff vendor tel")) == ["Open Letter"]
    with pytest.raises(NoVendor):
        await thread.mention("handoff vendor nobody")
    with pytest.raises(NotTier2):
        await vendor.handoff_words(Request(user="UTOM", channel="C1", thread_ts="1.1"), thread.services, "telia")
    await thread.mention("handoff")  # to Tier 3, as before


async def test_the_menu_and_the_buttons_open_the_letter(thread: Thread) -> None:
    asked = await menu.chosen(pressed(f"{Choice.VENDOR} 1"), thread.services)
    assert labels(asked) == ["Telia", "Stripe"]
    await vendor.open_button(pressed("1 telia"), thread.services)
    with pytest.raises(NotTier2):
        await vendor.open_button(pressed("1 telia", "UTOM"), thread.services)

    assert opened_forms(thread) == [forms.LETTER_FORM]


async def test_one_vendor_needs_no_question() -> None:
    world = await opened(TELIA)
    thread = Thread(world)
    assert await menu.chosen(pressed(f"{Choice.VENDOR} 1"), thread.services) is None

    assert opened_forms(thread) == [forms.LETTER_FORM]


async def test_the_form_sends_what_was_written(thread: Thread) -> None:
    """With what the vendor wants to know besides; what can't be sent stays in the form."""
    filled = {forms.SUBJECT: "Loss", forms.TEXT: "Hello,", forms.RUNS: ["2"], f"{forms.FIELD}0": "A-17"}
    request = sent("1 telia 0", **filled)
    assert vendor.check(request, thread.services) == {}
    assert list(vendor.check(sent("1 telia 0", **filled | {forms.TEXT: " "}), thread.services)) == [forms.TEXT]
    assert list(vendor.check(sent("1 telia 0", **filled | {forms.TEXT: "x" * 2950}), thread.services)) == [forms.TEXT]
    await vendor.written(request, thread.services)
    assert "while you had this open" in vendor.check(request, thread.services)[forms.TEXT]
    await carried(thread.world)

    [mail] = thread.world.mailer.sent
    assert (mail.subject, mail.text) == ("Loss", "Hello,\n\nOrder number: A-17")
    assert len(mail.attachments) == 1


async def test_what_they_say_is_noted_by_words(thread: Thread) -> None:
    await written(thread.world)
    await carried(thread.world)
    await thread.mention("reference TEL-4711")
    await thread.mention("vendor note they see it too &amp; reroute")
    await thread.mention("vendor asks which circuit")
    case = thread.world.vendors.overview(1)

    assert case.case.reference == "TEL-4711"
    assert [note.text for note in case.notes][1:] == ["they see it too & reroute", "which circuit"]
    assert case.standing and case.standing.turn is VendorTurn.OURS
    with pytest.raises(NoReference):
        await thread.mention("reference 4711")
    with pytest.raises(BadInput, match="Say what the vendor said"):
        await thread.mention("vendor hello")
    await thread.mention("vendor Done.")
    assert thread.world.vendors.get(1).ended_by == "UKIM"


async def test_with_several_vendors_people_say_which(thread: Thread) -> None:
    await written(thread.world)
    await written(thread.world, "stripe")
    with pytest.raises(BadInput, match="Say which"):
        await thread.mention("vendor note hm")
    await thread.mention("vendor stripe note they look")
    await thread.mention("reference telia TEL-4711")
    await thread.mention("vendor telia reference TEL-4712")
    with pytest.raises(BadInput):
        await thread.mention("reference TEL-4711")

    assert thread.world.vendors.get(1).reference == "TEL-4712"
    assert [note.text for note in thread.world.vendors.overview(2).notes] == ["they look"]


async def test_a_hundred_thousand_words_keep_nobody_waiting(thread: Thread) -> None:
    await written(thread.world)
    with pytest.raises(BadInput):
        await thread.mention("vendor " + "hm " * 100_000)
    with pytest.raises(BadInput):
        await thread.mention("vendor note " + "hm " * 100_000)
    with pytest.raises(NoReference):
        await thread.mention("reference " + "T" * 100_000)


async def test_nothing_is_noted_of_what_no_vendor_has(thread: Thread) -> None:
    with pytest.raises(NotWithVendor):
        await thread.mention("vendor note hm")


async def test_the_answer_s_form(thread: Thread) -> None:
    """A wrong reference stays in it, beside what is like theirs."""
    await written(thread.world)
    await vendor.note_button(pressed("1"), thread.services)
    assert opened_forms(thread) == [forms.ANSWER_FORM]
    assert list(vendor.note_check(sent("1"), thread.services)) == [forms.ANSWER]
    wrong = sent("1", **{forms.REFERENCE: "4711"})
    assert "TEL-4711" in vendor.note_check(wrong, thread.services)[forms.REFERENCE]
    filled = {forms.REFERENCE: "TEL-4711", forms.ANSWER: "which circuit?", forms.OURS: [forms.OURS]}
    assert vendor.note_check(sent("1", **filled), thread.services) == {}
    await vendor.noted(sent("1", **filled), thread.services)

    case = thread.world.vendors.overview(1).case
    assert (case.reference, bool(case.ours_since)) == ("TEL-4711", True)


async def test_buttons_say_what_became_of_a_letter() -> None:
    world = await opened(STRIPE)
    thread = Thread(world)
    await written(world, "stripe")
    with pytest.raises(NotTier2):
        await handler_of(cards.ARRIVED)(pressed("1", "UTOM"), thread.services)
    await handler_of(cards.ARRIVED)(pressed("1"), thread.services)
    await handler_of(cards.LATER)(pressed("1"), thread.services)
    await handler_of(cards.STOP)(pressed("1"), thread.services)
    assert world.vendors.get(1).remind_at is None
    shown = await vendor.show_button(pressed("1"), thread.services)
    assert isinstance(shown, Content) and "Our reference: INV-1" in str(shown.blocks)
    await handler_of(cards.DONE)(pressed("1"), thread.services)

    assert world.vendors.letter(1).state is LetterState.SENT
    assert cards.card(world.vendors.overview(1))
