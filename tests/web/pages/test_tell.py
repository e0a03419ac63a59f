"""What Tier 1 should tell customers now: the words of people before those that are made, and nothing that is over."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.investigations.model import Investigation
from bot.investigations.update_model import News, Purpose, Said, Via, Words
from bot.logins.model import Visitor
from bot.web.pages.board import BoardPage, BoardSources
from bot.web.pages.board_model import TargetState, Tone
from bot.web.pages.page import Page, PageRequest, PageRoute
from bot.web.pages.tell import TellPage
from bot.web.pages.tell_model import SaidBy, Telling, TellIssue, TellTarget, to_tell
from tests.fake_tracker import issue
from tests.logins.door import Door
from tests.web.pages.front import served
from tests.words.records import KNOWN, NOW, at
from tests.world import US_EAST, World

DAY = date(2026, 11, 30)
DOWN = TargetState("us-east", "U.S. East", Tone.RED, "Down", NOW)
ADVICE = Said(2, 4, at(31), "UKIM", Via.TIER1, "Use U.S. West for now.")
PHONE = Said(3, 4, at(40), "UJO", Via.PHONE, "We are on it.")
TAKEN_BACK = replace(ADVICE, id=5, at=at(50), text="")


class Teller:
    """A world, and somebody of Tier 1 who looks at its page."""

    def __init__(self) -> None:
        self.world = World()
        rooms = self.world.rooms
        sources = BoardSources(
            gatherer=rooms.gatherer.without_links(),
            investigations=rooms.investigations,
            known=rooms.known,
            status=rooms.status,
            trends=rooms.trends,
            stream=rooms.stream,
            probes=rooms.probes,
            maintenance=rooms.maintenance.service,
        )
        self.board = BoardPage(sources=sources, records=rooms.records, catalog=self.world.catalog)
        self.page = TellPage(board=self.board, updates=rooms.updates, known=rooms.known)

    async def opened(self) -> Investigation:
        return await self.world.opened(US_EAST)

    async def told(self) -> Telling:
        door = Door()
        visitor: Visitor | None = await door.service.visitor(await door.signed_in("UTOM"))
        assert visitor
        shown = await self.page.show(PageRequest(visitor, {}, {}))
        assert isinstance(shown, Page) and isinstance(shown.data, Telling)
        return shown.data


def told(words: Words | None, state: TargetState = DOWN, number: int | None = 4) -> TellTarget:
    target = to_tell(state, words, (), number, DAY)
    assert target
    return target


@pytest.mark.parametrize(
    ("words", "say", "said_by"),
    [
        (Words((), (ADVICE, PHONE)), "Use U.S. West for now.", SaidBy.TIER2),
        (Words((), (ADVICE, PHONE, TAKEN_BACK)), "We are on it.", SaidBy.HEARD),
        (Words(), "We know that there is trouble with U.S. East. We are looking into it.", SaidBy.RECORD),
    ],
)
def test_words_of_people_count_before_those_that_are_made(words: Words, say: str, said_by: SaidBy) -> None:
    assert (told(words).say, told(words).said_by) == (say, said_by)


def test_it_says_no_more_than_is_known() -> None:
    yellow = replace(DOWN, tone=Tone.YELLOW, word="Customers report trouble")
    planned = replace(DOWN, tone=Tone.GREY, word="Maintenance")

    assert told(None, yellow, None).say == "Some customers may have trouble with U.S. East. We are checking it."
    assert "is being maintained right now" in told(None, planned, None).say


@pytest.mark.parametrize("state", [replace(DOWN, tone=Tone.GREEN), replace(DOWN, tone=Tone.GREY, word="Not known")])
def test_of_what_is_fine_or_not_known_there_is_nothing_to_tell(state: TargetState) -> None:
    assert to_tell(state, None, (), None, DAY) is None


def test_an_eta_that_has_passed_is_none_and_what_is_gone_helps_nobody() -> None:
    passed = replace(KNOWN, reading=replace(KNOWN.reading, eta=DAY - timedelta(days=1)))
    target = to_tell(DOWN, None, (KNOWN, passed, replace(KNOWN, gone_at=NOW)), 4, DAY)

    assert target and [each.eta for each in target.workarounds] == [KNOWN.reading.eta, None]
    assert target.workarounds[0].text == "Switch the protocol to IKEv2."


async def test_the_page_is_what_a_browser_gets_and_hostile_words_are_inert() -> None:
    """With everything that it can show, by the real templates."""
    teller = Teller()
    number = (await teller.opened()).id
    teller.world.known.intake.applied(
        "app", [issue(31, "Packets are lost", workaround="Use <b>IKEv2</b>.")], cursor="1"
    )
    await teller.world.knowledge.use(number, 1, by="UKIM")
    await teller.world.updates.write(number, News("News", Purpose.TIER1, "Use <script>west</script>."), by="UKIM")
    async with served(routes=[teller.page.route]) as there, there.browser("UTOM") as tom, tom.get("/tell") as page:
        text = await page.text()

    assert page.status == 200 and "Use &lt;script&gt;west&lt;/script&gt;." in text and "Being looked into" in text
    assert 'href="/known/1"' in text and "<script>west" not in text and "<b>IKEv2" not in text


async def test_what_tier_2_asks_to_say_is_on_the_page_with_what_helps() -> None:
    teller = Teller()
    world, number = teller.world, (await teller.opened()).id
    body = "## Workaround\nSwitch the protocol to IKEv2."
    world.known.intake.applied("app", [issue(31, "Packets are lost", body=body)], cursor="1")
    await world.knowledge.use(number, 1, by="UKIM")
    before = await teller.told()
    await world.updates.write(number, News("News", Purpose.TIER1, "Use U.S. West for now."), by="UKIM")
    after = await teller.told()

    assert [target.say for target in before.targets] == [
        "Some customers may have trouble with U.S. East. We are looking into it."
    ]
    assert [(target.title, target.say) for target in after.targets] == [("U.S. East", "Use U.S. West for now.")]
    assert [each.text for each in after.targets[0].workarounds] == ["Switch the protocol to IKEv2."]
    assert after.issues == ()


async def test_steps_begin_on_a_line_of_their_own() -> None:
    """As they are copied into a ticket; one sentence goes on in its line."""
    issues = [
        TellIssue(1, "KI-1", "App closes", "We have it.", "1. Open the settings\n2. Clear the cache", DAY),
        TellIssue(2, "KI-2", "Card declined", "We have it.", "Use PayPal", DAY),
    ]

    async def show(asked: PageRequest) -> Page:
        return Page("tell.html", "Tell customers", Telling((), tuple(issues)))

    async with (
        served(routes=[PageRoute("/told", show)]) as there,
        there.browser("UTOM") as session,
        session.get("/told") as answer,
    ):
        words = re.findall(r'id="issue-\d+">(.*?)</p>', await answer.text(), re.S)

    assert words == [
        "We have it.\n1. Open the settings\n2. Clear the cache.\nA fix is expected by 30 November 2026.",
        "We have it. Use PayPal. A fix is expected by 30 November 2026.",
    ]
