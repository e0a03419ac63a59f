"""Updates for those who wait, and what customers were told so far."""

import pytest

from bot.errors import BadInput
from bot.escalations import cards
from bot.escalations.model import EscalationDraft
from bot.field_limits import TooLong
from bot.investigations.model import EventKind
from bot.investigations.update_model import Audience, Via
from bot.people import NotTier2
from tests.world import World

DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "a decision")


async def test_newest_update_counts_for_those_whom_it_is_for() -> None:
    there = World()
    number = (await there.opened()).id
    await there.updates.update(number, "we look", Audience.BOTH, by="UKIM")
    there.clock.advance(60)
    await there.updates.update(number, "vendor called", Audience.MANAGEMENT, by="UJO")
    overview = there.evidence.overview(number)

    assert overview.words.for_management and overview.words.for_management.text == "vendor called"
    assert overview.words.for_tier1 and overview.words.for_tier1.text == "we look"
    assert overview.last_update_at == there.clock()
    assert overview.last_said_at is None
    assert [event.text for event in overview.events if event.kind is EventKind.UPDATED] == ["we look", "vendor called"]


async def test_update_that_was_sent_twice_is_one() -> None:
    """Slack repeats a form whose answer was lost; a corrected one is news."""
    there = World()
    number = (await there.opened()).id
    for text in ("we look", "we look", "we look again"):
        await there.updates.update(number, text, Audience.BOTH, by="UKIM")

    assert [update.text for update in there.updates.words(number).updates] == ["we look", "we look again"]


async def test_what_customers_were_told_is_kept_with_how() -> None:
    there = World()
    number = (await there.opened()).id
    await there.updates.said(number, "use U.S. West", Via.PHONE, by="UKIM")
    there.clock.advance(60)
    await there.updates.said(number, "we are on it", Via.STATUS_PAGE, by="UJO")
    overview = there.evidence.overview(number)

    assert there.updates.said_so_far(number) == overview.said_so_far
    assert [(each.author, each.via, each.text) for each in overview.said_so_far] == [
        ("UKIM", Via.PHONE, "use U.S. West"),
        ("UJO", Via.STATUS_PAGE, "we are on it"),
    ]
    assert overview.last_said_at == there.clock()
    assert overview.last_update_at is None


async def test_round_of_replies_is_one_entry_with_its_customers() -> None:
    """Its time is that of the last one: nobody is reminded while answers go out."""
    there = World()
    number = (await there.opened()).id
    for _ in range(3):
        there.clock.advance(60)
        there.updates.customer_told(number, "It is fixed.", by="UKIM", source="round/7")
    (entry,) = there.updates.said_so_far(number)

    assert (entry.customers, entry.via, entry.at) == (3, Via.ROUND, there.clock())


async def test_update_is_refused_where_it_can_not_be_one() -> None:
    there = World()
    number = (await there.opened()).id
    with pytest.raises(NotTier2):
        await there.updates.update(number, "x", Audience.BOTH, by="UTOM")
    with pytest.raises(BadInput):
        await there.updates.update(number, " ", Audience.BOTH, by="UKIM")
    with pytest.raises(TooLong):
        await there.updates.update(number, "x" * 5000, Audience.BOTH, by="UKIM")
    await there.investigations.dismiss(number, reason="none", by="UKIM")
    with pytest.raises(BadInput, match="Reopen"):
        await there.updates.update(number, "x", Audience.BOTH, by="UKIM")

    assert not there.updates.words(number).updates


async def test_post_shows_the_newest_update_since_it_was_escalated() -> None:
    """Corrected by a newer one; what only Tier 1 was told is none for management."""
    there = World()
    number = (await there.opened()).id
    await there.updates.update(number, "before", Audience.BOTH, by="UKIM")
    there.clock.advance(60)
    escalation = await there.escalations.escalate(number, DRAFT, by="UKIM")
    before = cards.post(there.escalations.posted(escalation.id))
    there.clock.advance(60)
    for text, audience in (
        ("mistaken", Audience.MANAGEMENT),
        ("*right* <!here>", Audience.BOTH),
        ("elsewhere", Audience.TIER1),
    ):
        await there.updates.update(number, text, audience, by="UJO")
    shown = str(cards.post(there.escalations.posted(escalation.id)).blocks)

    assert "before" not in str(before.blocks)
    assert "*right* &lt;!here&gt;" in shown
    assert "mistaken" not in shown
    assert "UJO" in shown
    assert "elsewhere" not in shown
