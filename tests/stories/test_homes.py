"""The App Home of each kind of person: what waits for them, kept true while they look, presses that come too late."""

import copy

import pytest

from bot.sandbox.slack.model import Window
from bot.sandbox.slack.views import View
from tests.stories.chat import Person, Seen
from tests.stories.pages import with_pages
from tests.stories.steps import escalated, opened
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

AT_WORK = {
    "[workspace]": """[workspace.working_hours]
start = "00:00"
end = "23:59"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

[workspace]"""
}


def view_of(there: Town, person: Person) -> View:
    view = there.slack.site.views.home(person.id)
    assert view, f"{person.id} has no Home"
    return view


def offers(there: Town, person: Person) -> list[str]:
    """What the buttons on somebody's Home say now."""
    return Seen("", "", "", view_of(there, person).body).buttons


async def shows(there: Town, person: Person, words: str, *, absent: bool = False) -> None:
    """Without opening it again."""

    def looks() -> bool:
        return (words in "\n".join(map(str, view_of(there, person).body["blocks"]))) is not absent

    await there.until(looks, f"{words!r} {'gone from' if absent else 'on'} the Home of {person.id}")


async def presses(there: Town, person: Person, label: str, *, on: View | None = None) -> None:
    """A button of the Home, as it is or as their client still shows it."""
    view = on or view_of(there, person)
    elements = [
        {**each, "block_id": block["block_id"]}
        for block in view.body["blocks"]
        for each in (*block.get("elements", ()), block.get("accessory") or {})
    ]
    pressed = next(each for each in elements if each.get("text", {}).get("text") == label)
    await there.slack.site.interactions.press_in_view(Window(person.id, ""), view, pressed)


async def test_lena_acknowledges_on_her_home_and_kim_hears_of_it(town: OpenTown) -> None:
    """Management: the request with its answers, no Claim; Kim's Home says what changed."""
    async with town() as there:
        card = await opened(there)
        await there.lena.home("of management")
        assert "Claim" not in offers(there, there.lena)
        await escalated(there, card)
        await shows(there, there.lena, "Call the transit provider")
        assert "Acknowledge" in offers(there, there.lena)
        await presses(there, there.lena, "Acknowledge")
        await there.kim.sees(card, "acknowledged your escalation")
        await shows(there, there.lena, "Waiting for you", absent=True)
        kims = await there.kim.home("Yours: 1 investigation")
        assert "Acknowledge" not in offers(there, there.kim) and "INV-1" in kims


async def test_kim_hands_over_and_jo_accepts_on_the_home(town: OpenTown) -> None:
    """Jo's Home is open while Kim asks; after the press it is Jo's there, and nothing waits."""
    async with town() as there:
        card = await opened(there)
        await there.jo.home("Others have")
        await there.kim.types(card, "<@U0BOT> handover <@U0JO> the vendor calls at ten")
        await shows(there, there.jo, "asks you to take over INV-1")
        await presses(there, there.jo, "Accept")
        await there.kim.sees_change(card, lambda now: "<@U0JO> owns INV-1" in now.text)
        await shows(there, there.jo, "Yours: 1 investigation")
        await shows(there, there.jo, "Waiting for you", absent=True)


async def test_tom_of_tier_1_sees_his_own_and_the_pages_for_him(town: OpenTown) -> None:
    """Who has what he reported and what to tell customers; no Claim, and no page that is closed to him."""
    async with town(start=False) as there:
        await with_pages(there)
        await there.tom.types("#tier1", "/investigate us-west customers are cut off")
        card = await there.kim.sees("#t2-tech", "no one has picked this up")
        await there.tom.home("From you: 1 investigation")
        assert "Claim" not in offers(there, there.tom)
        await there.kim.presses(card, "Claim")
        await shows(there, there.tom, "<@U0KIM> has it")
        await there.kim.types(card, "<@U0BOT> tell tier 1 Use U.S. East for now.")
        await shows(there, there.tom, "Tell customers: Use U.S. East for now.")
        pages = await there.tom.home("Pages:")
        assert "/board|Board" in pages and "/tell|Tell customers" in pages and "/investigations|" not in pages
        kims = await there.kim.home("Pages:")
        assert "/investigations|Investigations" in kims


async def test_a_press_that_comes_too_late_is_answered_and_the_button_goes(town: OpenTown) -> None:
    """Kim's client still shows Claim when Jo has it already, and is at work."""
    async with town(settings=AT_WORK) as there:
        await there.tom.types("#tier1", "/investigate us-west customers are cut off")
        card = await there.kim.sees("#t2-tech", "no one has picked this up")
        await there.kim.home("No one has picked up")
        old = copy.deepcopy(view_of(there, there.kim))
        await there.jo.presses(card, "Claim")
        await there.kim.sees_change(card, lambda now: "<@U0JO> owns INV-" in now.text)
        await presses(there, there.kim, "Claim", on=old)
        await there.kim.sees("@secondline", "is owned by somebody else")
        await shows(there, there.kim, "Others have")
        assert "Claim" not in offers(there, there.kim)


async def test_kim_wants_no_messages_about_handovers(town: OpenTown) -> None:
    """Jo asks in vain there: Kim is called in the thread, and the Home has it."""
    async with town() as there:
        card = await opened(there)
        await there.jo.home("Your settings")
        await presses(there, there.jo, "Change…")
        form = await there.jo.form("Your settings")
        form.filled["messages"] = {"messages": {"type": "checkboxes", "selected_options": []}}
        there.jo.fills(form, begins="07:00")
        assert "ends" in await there.jo.submits(form)
        there.jo.fills(form, begins="team", ends="team")
        assert await there.jo.submits(form) == {}
        await shows(there, there.jo, "all but handovers")
        await there.kim.types(card, "<@U0BOT> handover <@U0JO>")
        asked = await there.kim.sees(card, "asks you to take over INV-1")
        assert asked.text.startswith("<@U0JO>: ")
        await shows(there, there.jo, "Waiting for you")
