"""The story of an investigation on its way to the tracker's issue: by a button, by words, by a page; once."""

import re

import pytest

from tests.stories.chat import Seen
from tests.stories.pages import browser, with_pages
from tests.stories.steps import known_answer, resolved
from tests.stories.town import Call, OpenTown, Town, Watch

pytestmark = pytest.mark.story

SOON = {'pending_labels = ["pending"]\nrefresh_s = 60': 'pending_labels = ["pending"]\nrefresh_s = 1'}
BUTTON = "Send Story to Tracker…"
ON = "put the story on"


def is_story(call: Call) -> bool:
    """A comment on an issue of either tracker."""
    return call.name.startswith("POST") and "/comment" in call.name and "From support. State" in call.body


def stories(there: Town) -> list[str]:
    """What the trackers were given: the bot looks for its own comment before it makes another."""
    return [call.body for call in there.calls if is_story(call)]


class AnswerLost(Watch):
    """The tracker takes the first comment, and the bot never hears of it."""

    def __init__(self) -> None:
        self.lost = 0

    def after(self, call: Call) -> bool:
        if self.lost or not is_story(call):
            return False
        self.lost += 1
        return True


async def about_a_known_issue(there: Town) -> Seen:
    """INV-1, which Kim says is a known issue of the app."""
    kim = there.kim
    await known_answer(there, "/known andriod crash", "(also ")
    await kim.types("#t2-tech", "/investigate app closes itself after update to 8.4")
    card = await kim.sees("#t2-tech", "owns INV-")
    await kim.sees_change(card, lambda now: "Looks like" in now.text)
    await kim.presses(card, "It Is")
    return await kim.sees_change(card, lambda now: "Looks like" not in now.text)


async def test_the_button_shows_what_goes_out_and_sends_it_once(town: OpenTown) -> None:
    """A lost answer makes no second comment, and the button is gone."""
    async with town(outside=True, settings=SOON) as there:
        kim = there.kim
        there.watch = watch = AnswerLost()
        card = await resolved(there, await about_a_known_issue(there))
        await kim.presses(card, BUTTON)
        form = await kim.form("The story of INV-1")
        assert "Trackers can be public" in form.text and "A transit provider dropped packets" in form.text
        kim.fills(form, open_questions="Why did no test find it?")
        assert await kim.submits(form) == {}
        await kim.sees(card, ON)
        await kim.sees_change(card, lambda now: BUTTON not in now.buttons)

        (story,) = stories(there)
        assert watch.lost and "Why did no test find it?" in story
        assert not [ticket.subject for ticket in there.zendesk.desk if ticket.subject in story]


async def test_words_and_the_page_do_the_same(town: OpenTown) -> None:
    """Also while it goes on; the same text goes once, by whichever way."""
    async with town(start=False, outside=True, settings=SOON) as there:
        port = await with_pages(there)
        card = await about_a_known_issue(there)
        await there.kim.types(card, "@secondline export tracker")
        offered = await there.kim.sees(card, "The form shows all of it")
        assert offered.buttons == ["Read and Send"]
        async with browser(there, port) as kim:
            status, page = await kim.signs_in("U0KIM", back="/investigations/1/tracker")
            assert status == 200 and "This goes out" in page and "## INV-1" in page
            fields = dict(re.findall(r'name="(csrf|issue)" value="([^"]+)"', page))
            path = f"{kim.home}/investigations/1/tracker"
            async with kim.session.post(path, data=fields | {"went_well": "Jo saw it first."}) as answer:
                assert answer.status == 200 and "In the tracker" in await answer.text()
            async with kim.session.post(path, data=fields | {"went_well": "Jo saw it first."}) as answer:
                assert answer.status == 400
        await there.kim.sees(card, ON)
        assert ["Jo saw it first." in story for story in stories(there)] == [True]
