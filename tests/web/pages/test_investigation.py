"""An investigation's page: who sees it, and what of it."""

import re
from datetime import UTC, timedelta

import pytest

from bot.app.pages import build_stories
from bot.errors import NotAllowed, NotFound
from bot.escalations.model import EscalationDraft
from bot.exports.model import WholeInvestigation
from bot.exports.tracker_copy import NOTHING_FILLED_IN, copy_text
from bot.investigations.model import SourceMessage
from bot.investigations.relation_model import Bond, ToRelate
from bot.logins.model import Visitor
from bot.tickets.collection import LinkState
from bot.web.pages.investigation import InvestigationPages
from bot.web.pages.investigation_list import InvestigationList
from bot.web.pages.page import FileAnswer, Page, PageRequest
from tests.fake_desk import ticket
from tests.logins.door import Door
from tests.test_questions import asked, read_whole
from tests.world import APP, US_EAST, World


class Reader:
    def __init__(self) -> None:
        self.world = World()
        rooms = self.world.rooms
        self.stories = build_stories(rooms, zone=UTC, workspace_url="https://harbor.slack.com/")
        self.pages = InvestigationPages(
            records=rooms.records,
            investigations=rooms.investigations,
            evidence=rooms.evidence,
            escalations=rooms.escalations,
            stories=self.stories,
            catalog=self.world.catalog,
        )
        self._door = Door()

    async def visitor(self, user: str) -> Visitor:
        visitor = await self._door.service.visitor(await self._door.signed_in(user))
        assert visitor
        return visitor

    async def opens(self, number: str, *, user: str = "UKIM") -> WholeInvestigation:
        shown = await self.pages.show(PageRequest(await self.visitor(user), {"number": number}, {}))
        assert isinstance(shown, Page) and isinstance(shown.data, WholeInvestigation)
        return shown.data

    async def lists(self) -> InvestigationList:
        shown = await self.pages.all(PageRequest(await self.visitor("UKIM"), {}, {}))
        assert isinstance(shown, Page) and isinstance(shown.data, InvestigationList)
        return shown.data


def ended(world: World, count: int) -> None:
    """Many that were closed one after the other, the last one a minute ago."""
    with world.database.transaction():
        for number in range(1, count + 1):
            at = world.clock() - timedelta(minutes=1 + count - number)
            row = {"target": "us-east", "state": "resolved", "opened_by": "UKIM", "owner": "UKIM", "channel": "CTECH"}
            world.database.insert("investigations", row | {"opened_at": at, "closed_at": at})
            world.database.insert("helpers", {"investigation_id": number, "user": "UJO", "joined_at": at})


async def test_the_list_asks_a_few_questions_however_many_have_ended() -> None:
    """And none about them again, until any of them changes."""
    reader = Reader()
    ended(reader.world, 120)
    _ = reader.world.database.touched
    with asked(reader.world.database) as first:
        listed = await reader.lists()
    with asked(reader.world.database) as second:
        again = await reader.lists()
    await reader.world.investigations.reopen(120, by="UKIM")

    assert [each.number for each in listed.ended] == list(range(120, 0, -1)) and again == listed
    assert {each.owner for each in listed.ended} == {"kim"}
    assert len([sql for sql in first if "helpers" in sql]) < 10
    assert read_whole(reader.world.database, first) == []
    assert not [sql for sql in second if "closed_at, id" in sql]
    assert [each.number for each in (await reader.lists()).ended][:2] == [119, 118]


async def test_what_ended_a_month_ago_leaves_the_list_by_itself() -> None:
    """Nothing has to be written for it."""
    reader = Reader()
    ended(reader.world, 3)
    before = [each.number for each in (await reader.lists()).ended]
    reader.world.clock.advance(timedelta(days=30).total_seconds() - 90)

    assert (before, [each.number for each in (await reader.lists()).ended]) == ([3, 2, 1], [3])


async def test_tier_2_sees_everything() -> None:
    reader = Reader()
    await reader.world.opened(US_EAST)
    await reader.world.desk_settled()
    whole = await reader.opens("1")

    assert (
        whole.title.startswith("U.S. East") and whole.timeline and whole.timeline[0].words.startswith("@kim opened it")
    )
    assert whole.owner == "kim"


async def test_nobody_reads_an_id() -> None:
    """People, groups and channels that are mentioned by id have their names, also where one has left."""
    reader = Reader()
    await reader.world.opened(US_EAST)
    await reader.world.escalations.escalate(1, EscalationDraft("logins fail", "", "", "", "Call Harbor"), by="UKIM")
    document = await reader.stories.document(1)

    assert "@ltm" in document
    assert not re.search(r"\b[USC](?:KIM|JO|LTM|LENA|RAJ)\b", document)


@pytest.mark.parametrize(
    ("user", "why"), [("UTOM", "did not come from a message of yours"), ("ULENA", "was not escalated")]
)
async def test_who_has_nothing_to_do_with_it_is_told_why_they_may_not_see_it(user: str, why: str) -> None:
    reader = Reader()
    await reader.world.opened(US_EAST)

    with pytest.raises(NotAllowed, match=why):
        await reader.opens("1", user=user)


async def test_tier_1_sees_what_came_from_their_message_without_what_customers_wrote() -> None:
    reader = Reader()
    message = SourceMessage(channel="C0", ts="1.0", author="UTOM", text="tickets about us-east")
    await reader.world.opened(US_EAST, source=message)
    await reader.world.desk_settled()
    whole = await reader.opens("1", user="UTOM")

    assert whole.headline and whole.owner == "kim"
    assert (whole.timeline, whole.listed, whole.measured, whole.escalations) == ((), (), (), ())


@pytest.mark.parametrize("number", ["9", "x", "", "١", "9" * 30])
async def test_what_is_not_there_is_said(number: str) -> None:
    with pytest.raises(NotFound):
        await Reader().opens(number)


async def test_it_can_be_kept_as_a_file() -> None:
    reader = Reader()
    await reader.world.opened(US_EAST)
    kept = await reader.pages.export(PageRequest(await reader.visitor("UKIM"), {"number": "1"}, {}))

    assert isinstance(kept, FileAnswer) and kept.name == "INV-1.md"
    assert kept.body.decode().startswith("# INV-1: U.S. East")


async def test_the_tickets_that_are_listed_as_counting_are_those_of_the_count() -> None:
    """Also those that came since Slack's list was made; what people took off stands beside them, and is not counted."""
    reader = Reader()
    world, desk = reader.world, reader.world.desk
    assert desk
    desk.found = [ticket(number, world.clock()) for number in (1, 2, 3)]
    await world.opened(US_EAST)
    await world.desk_settled()
    await world.evidence.decide(1, [2], LinkState.CONFIRMED, by="UKIM")
    world.tickets.reject(1, [3], by="UKIM")
    desk.found += [ticket(number, world.clock()) for number in (4, 5)]
    world.clock.advance(180)
    await world.desk_settled()
    whole = await reader.opens("1")

    assert whole.tickets == 4 and not whole.about
    assert [(each.number, each.state) for each in whole.listed if each.counts] == [
        (2, "confirmed"),
        (5, "suggested"),
        (4, "suggested"),
        (1, "suggested"),
    ]
    assert [(each.number, each.state) for each in whole.listed if not each.counts] == [(3, "not related")]
    kept = await reader.stories.document(1)
    assert "[#3](https://desk.test/agent/tickets/3), not related, not counted, 2026" in kept


async def test_a_count_that_is_an_estimate_says_so() -> None:
    """Wherever the story tells of it."""
    reader = Reader()
    world, desk = reader.world, reader.world.desk
    assert desk
    desk.found = [ticket(1, world.clock()), ticket(2, world.clock())]
    desk.total = 40
    await world.opened(US_EAST)
    await world.desk_settled()
    world.tickets.reject(1, [2], by="UKIM")

    assert (await reader.opens("1")).about
    assert "\nAbout 20 tickets matched, 0 confirmed." in await reader.stories.document(1)
    assert "\nAbout 20 tickets matched, 0 confirmed." in copy_text(world.evidence.overview(1), NOTHING_FILLED_IN, UTC)


async def test_what_it_has_to_do_with_is_on_its_page_and_in_the_file() -> None:
    reader = Reader()
    await reader.world.opened(US_EAST)
    await reader.world.opened(APP)
    await reader.world.relations.relate(ToRelate(2, 1, Bond.CAUSE, "their <works>"), by="UKIM")
    kept = await reader.pages.export(PageRequest(await reader.visitor("UKIM"), {"number": "2"}, {}))

    assert (await reader.opens("2")).related == (("Caused by INV-1 U.S. East: their <works>", 1),)
    assert isinstance(kept, FileAnswer)
    assert "- **Related:** Caused by INV-1 U.S. East: their \\<works\\>" in kept.body.decode()
    copied = copy_text(reader.world.evidence.overview(2), NOTHING_FILLED_IN, UTC)
    assert "\nCaused by INV-1 U.S. East.\n" in copied, "a tracker may be public: without the words"


async def test_a_file_in_the_thread_comes_once_until_something_changes() -> None:
    reader = Reader()
    await reader.world.opened(US_EAST)

    assert await reader.stories.share(1, by="UKIM")
    assert not await reader.stories.share(1, by="UJO")
    reader.world.rooms.evidence.note(1, "only one provider", by="UKIM")
    assert await reader.stories.share(1, by="UKIM")
    assert len(reader.world.owed_keys("export/1/%")) == 2


async def test_only_tier_2_puts_it_into_a_thread() -> None:
    reader = Reader()
    await reader.world.opened(US_EAST)

    with pytest.raises(NotAllowed):
        await reader.stories.share(1, by="UTOM")
