"""Known issues as pages: searched by the words of customers, and each with its history."""

import pytest

from bot.errors import NotFound
from bot.known_issues.model import IssueState
from bot.logins.model import Visitor
from bot.web.pages.known import KnownPages, KnownSearch, WholeIssue
from bot.web.pages.page import Page, PageRequest
from tests.fake_tracker import issue
from tests.logins.door import Door
from tests.world import World


class Reader:
    """Somebody of Tier 2 who looks at pages of a world."""

    def __init__(self) -> None:
        self.world = World()
        rooms = self.world.rooms
        self.pages = KnownPages(
            knowledge=rooms.knowledge,
            evidence=rooms.evidence,
            catalog=self.world.catalog,
            devices=rooms.reader.devices,
        )

    async def visitor(self) -> Visitor:
        door = Door()
        visitor = await door.service.visitor(await door.signed_in("UKIM"))
        assert visitor
        return visitor

    async def searches(self, words: str) -> KnownSearch:
        shown = await self.pages.search(PageRequest(await self.visitor(), {}, {"q": words}))
        assert isinstance(shown, Page) and isinstance(shown.data, KnownSearch)
        return shown.data

    async def opens(self, number: str) -> WholeIssue:
        shown = await self.pages.issue(PageRequest(await self.visitor(), {"number": number}, {}))
        assert isinstance(shown, Page) and isinstance(shown.data, WholeIssue)
        return shown.data


def known(reader: Reader, number: int, title: str, **more: object) -> None:
    reader.world.known.intake.applied("app", [issue(number, title, **more)], cursor=str(number))  # type: ignore[arg-type]


async def test_words_of_customers_find_it_and_say_why() -> None:
    reader = Reader()
    known(reader, 31, "Calls stutter on Android")
    known(reader, 32, "Refunds come twice")
    data = await reader.searches("stutter calls")

    assert [(row.number, row.title) for row in data.results] == [(1, "Calls stutter on Android")]
    assert set(data.results[0].why) == {"stutter", "calls"}


async def test_without_words_the_latest_are_there() -> None:
    reader = Reader()
    known(reader, 31, "Calls stutter")

    assert [row.number for row in (await reader.searches("   ")).results] == [1]


async def test_nothing_known_is_nothing() -> None:
    reader = Reader()
    known(reader, 31, "Calls stutter")

    assert (await reader.searches("moon")).results == ()
    assert (await reader.searches("x" * 100_000)).results == ()


async def test_an_issue_has_its_history_newest_first() -> None:
    reader = Reader()
    known(reader, 31, "Calls stutter on Android")
    known(reader, 31, "Calls stutter on Android", state=IssueState.IN_PROGRESS)
    whole = await reader.opens("1")

    assert whole.platforms == ("Android",) and whole.stage == "in progress"
    assert [change.words for change in whole.changes] == ["Development works on it", "Support heard of it"]


@pytest.mark.parametrize("number", ["7", "0", "-1", "x", "١", "9" * 40, ""])
async def test_what_is_not_there_is_said(number: str) -> None:
    with pytest.raises(NotFound):
        await Reader().opens(number)


async def test_an_address_that_is_no_web_page_is_no_link() -> None:
    reader = Reader()
    known(reader, 31, "Calls stutter", url="javascript:alert(1)")

    assert (await reader.opens("1")).url == ""
