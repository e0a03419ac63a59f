"""Updates for those who wait, and what customers were told so far."""

import pytest

from bot.errors import BadInput
from bot.escalations import cards
from bot.escalations.model import EscalationDraft
from bot.field_limits import TooLong
from bot.investigations import cards as investigation_cards
from bot.investigations.above import NOTHING_ABOVE
from bot.investigations.card import card
from bot.investigations.model import EventKind, SourceMessage
from bot.investigations.next_step import next_step, situation
from bot.investigations.update_model import News, Purpose, Via
from bot.people import NotTier2
from bot.slack.text import clock_time
from tests.hostile_shapes import SHAPES
from tests.slack_limits import broken_by_message
from tests.world import World

DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "a decision")


async def test_newest_update_counts_for_those_whom_it_is_for() -> None:
    there = World()
    number = (await there.opened()).id
    await there.updates.write(number, News("we look", Purpose.BOTH), by="UKIM")
    there.clock.advance(60)
    await there.updates.write(number, News("vendor called", Purpose.MANAGEMENT), by="UJO")
    overview = there.evidence.overview(number)

    assert overview.words.for_management and overview.words.for_management.text == "vendor called"
    assert overview.words.for_tier1 and overview.words.for_tier1.text == "we look"
    assert overview.last_update_at == there.clock()
    assert overview.words.last_said_at is None
    assert [event.text for event in overview.events if event.kind is EventKind.UPDATED] == ["we look", "vendor called"]


async def test_update_that_was_sent_twice_is_one() -> None:
    """Slack repeats a form whose answer was lost; a corrected one is news."""
    there = World()
    number = (await there.opened()).id
    for text in ("we look", "we look", "we look again"):
        await there.updates.write(number, News(text, Purpose.BOTH), by="UKIM")

    assert [update.text for update in there.updates.words(number).updates] == ["we look", "we look again"]

    there.clock.advance(1800)
    await there.updates.write(number, News("we look again", Purpose.BOTH), by="UKIM")
    assert there.evidence.overview(number).last_update_at == there.clock()


async def test_what_customers_were_told_is_kept_with_how() -> None:
    there = World()
    number = (await there.opened()).id
    await there.updates.write(number, News("use U.S. West", Purpose.PHONE), by="UKIM")
    there.clock.advance(60)
    await there.updates.write(number, News("we are on it", Purpose.STATUS_PAGE), by="UJO")
    overview = there.evidence.overview(number)

    assert there.updates.words(number).said == overview.said_so_far
    assert [(each.author, each.via, each.text) for each in overview.said_so_far] == [
        ("UKIM", Via.PHONE, "use U.S. West"),
        ("UJO", Via.STATUS_PAGE, "we are on it"),
    ]
    assert overview.words.last_said_at == there.clock()
    assert overview.last_update_at is None


async def test_round_of_replies_is_one_entry_with_its_customers() -> None:
    """Its time is that of the last one: nobody is reminded while answers go out."""
    there = World()
    number = (await there.opened()).id
    for _ in range(3):
        there.clock.advance(60)
        there.updates.customer_told(number, "It is fixed.", by="UKIM", source="round/7")
    (entry,) = there.updates.words(number).said

    assert (entry.customers, entry.via, entry.at) == (3, Via.ROUND, there.clock())


async def test_update_is_refused_where_it_can_not_be_one() -> None:
    there = World()
    number = (await there.opened()).id
    with pytest.raises(NotTier2):
        await there.updates.write(number, News("x", Purpose.BOTH), by="UTOM")
    with pytest.raises(BadInput):
        await there.updates.write(number, News(" ", Purpose.BOTH), by="UKIM")
    with pytest.raises(TooLong):
        await there.updates.write(number, News("x" * 5000, Purpose.BOTH), by="UKIM")
    await there.investigations.dismiss(number, reason="none", by="UKIM")
    with pytest.raises(BadInput, match="Reopen"):
        await there.updates.write(number, News("x", Purpose.BOTH), by="UKIM")

    assert not there.updates.words(number).updates


async def test_post_shows_the_newest_update_since_it_was_escalated() -> None:
    """Corrected by a newer one; what only Tier 1 was told is none for management."""
    there = World()
    number = (await there.opened()).id
    await there.updates.write(number, News("before", Purpose.BOTH), by="UKIM")
    there.clock.advance(60)
    escalation = await there.escalations.escalate(number, DRAFT, by="UKIM")
    before = cards.post(there.escalations.posted(escalation.id))
    there.clock.advance(60)
    for text, purpose in (
        ("mistaken", Purpose.MANAGEMENT),
        ("*right* <!here>", Purpose.BOTH),
        ("elsewhere", Purpose.TIER1),
    ):
        await there.updates.write(number, News(text, purpose), by="UJO")
    shown = str(cards.post(there.escalations.posted(escalation.id)).blocks)

    assert "before" not in str(before.blocks)
    assert "*right* &lt;!here&gt;" in shown
    assert "mistaken" not in shown
    assert "UJO" in shown
    assert "elsewhere" not in shown


async def test_who_of_management_asked_or_acknowledged_is_told_by_a_message() -> None:
    """Others see the post change; what only Tier 1 is told calls nobody in the thread."""
    there = World()
    number = (await there.opened()).id
    await there.updates.write(number, News("nobody waits yet", Purpose.BOTH), by="UKIM")
    escalation = await there.escalations.escalate(number, DRAFT, by="UKIM")
    await there.updates.write(number, News("they see it on the post", Purpose.BOTH), by="UKIM")
    assert told(there) == []

    await there.escalations.ask(escalation.id, "How many?", by="URAJ")
    await there.escalations.acknowledge(escalation.id, by="ULENA")
    await there.updates.write(number, News("for Tier 1", Purpose.TIER1), by="UJO")
    await there.updates.write(number, News("*31*\n<!here>", Purpose.MANAGEMENT), by="UJO")
    (shown,) = [told_text for told_text in told(there) if "news of" in told_text]

    assert "<@URAJ> and" not in shown
    assert shown.startswith(":mega: <@URAJ>, <@ULENA>: <@UJO> has news of INV-1 The app:")
    assert "&lt;!here&gt;" in shown


async def test_question_is_answered_by_an_update() -> None:
    """The next step asks for it no longer; an update for Tier 1 alone is no answer."""
    there = World()
    number = (await there.opened()).id
    escalation = await there.escalations.escalate(number, DRAFT, by="UKIM")
    await there.escalations.ask(escalation.id, "How many?", by="URAJ")
    steps = []
    for purpose in (Purpose.TIER1, Purpose.BOTH):
        await there.updates.write(number, News("31", purpose), by="UKIM")
        step = next_step(situation(there.evidence.overview(number), NOTHING_ABOVE))
        steps.append(step.words if step else "")

    assert "answer <@URAJ>" in steps[0]
    assert "answer" not in steps[1]


async def test_tier_1_is_told_where_they_asked_and_can_copy_what_to_say() -> None:
    """Their answer is edited, and a message calls who asked: an edit notifies nobody."""
    there = World()
    source = SourceMessage("CTIER1", "7.7", "UTOM", "US East?")
    number = (await there.opened(source=source)).id
    hostile = "Use `U.S. West` *now* <@UKIM> & <!here>"
    await there.updates.write(number, News("we look", Purpose.BOTH, hostile), by="UKIM")
    overview = there.evidence.overview(number)
    shown = investigation_cards.answer(overview).blocks

    assert told(there, view="investigation_outcome") == [
        ":speech_balloon: <@UTOM>, the answer above says what to tell customers about The app."
    ]
    assert [block["text"]["text"] for block in shown][2:] == [
        f":speech_balloon: *Tell customers now* (<@UKIM> {clock_time(there.clock())})",
        "```Use 'U.S. West' *now* &lt;@UKIM&gt; &amp; &lt;!here&gt;```",
    ]
    assert overview.said_so_far[-1].via is Via.TIER1


async def test_what_tier_1_says_is_replaced_and_taken_back() -> None:
    """There is one text at a time; what was said stays in the history."""
    there = World()
    number = (await there.opened(source=SourceMessage("CTIER1", "7.7", "UTOM"))).id
    for text in ("first", "second", "second", ""):
        there.clock.advance(60)
        await there.updates.write(number, News("", Purpose.TIER1, text), by="UKIM")
        words = there.updates.words(number)
        assert (words.tier1_text.text if words.tier1_text else "") == text
    overview = there.evidence.overview(number)

    assert [entry.text for entry in overview.said_so_far] == ["first", "second"]
    assert len(told(there, view="investigation_outcome")) == 3
    assert "don't tell customers that" in told(there, view="investigation_outcome")[-1]
    assert "```" not in str(investigation_cards.answer(overview).blocks)


async def test_what_tier_1_says_ends_with_the_investigation() -> None:
    """The resolved one has a workaround; the text of before is no longer true."""
    there = World()
    number = (await there.opened(source=SourceMessage("CTIER1", "7.7", "UTOM"))).id
    await there.updates.write(number, News("", Purpose.TIER1, "we mend it"), by="UKIM")
    await there.investigations.resolve(number, root_cause="x", workaround="", by="UKIM")
    with pytest.raises(BadInput, match="Reopen"):
        await there.updates.write(number, News("", Purpose.TIER1, "more"), by="UKIM")
    await there.updates.write(number, News("called back", Purpose.PHONE), by="UKIM")

    assert "we mend it" not in str(investigation_cards.answer(there.evidence.overview(number)))
    assert [entry.text for entry in there.updates.words(number).said] == ["we mend it", "called back"]


async def test_card_shows_what_customers_were_told_last() -> None:
    """With how often before; by a round alone the card counts already."""
    there = World()
    number = (await there.opened()).id
    there.updates.customer_told(number, "fixed", by="UKIM", source="round/1")
    assert "Customers told" not in str(card(there.evidence.overview(number)))
    await there.updates.write(number, News("use <West> `now`", Purpose.CHAT), by="UKIM")
    shown = str(card(there.evidence.overview(number)))

    assert f"Customers told {clock_time(there.clock())} by chat (1 before): use &lt;West&gt;" in shown


async def test_what_tier_1_was_asked_to_say_is_not_yet_said() -> None:
    """The card says so, and keeps what customers were told by Tier 2 itself."""
    there = World()
    number = (await there.opened()).id
    await there.updates.write(number, News("", Purpose.TIER1, "use U.S. West"), by="UKIM")
    shown, now = str(card(there.evidence.overview(number))), clock_time(there.clock())
    assert f"Tier 1 was asked {now} to say: use U.S. West" in shown and "Customers told" not in shown

    await there.updates.write(number, News("we are on it", Purpose.PHONE), by="UKIM")
    await there.updates.write(number, News("", Purpose.TIER1, "wait"), by="UKIM")
    shown = str(card(there.evidence.overview(number)))
    assert f"Customers told {now} by phone: we are on it. Tier 1 was asked {now} to say: wait" in shown


def told(there: World, view: str = "told") -> list[str]:
    """What the messages of a view say, oldest first."""
    rows = there.database.rows("SELECT record_id FROM messages WHERE view = ? ORDER BY id", view)
    shown = []
    for row in rows:
        event = there.evidence.event(row["record_id"])
        assert event
        overview = there.evidence.overview(event.investigation_id)
        content = (
            investigation_cards.notice(event, overview)
            if view == "told"
            else investigation_cards.outcome(event, overview, to_asker=True)
        )
        shown.append(content.text if content else "")
    return shown


async def test_what_nobody_can_see_is_no_text() -> None:
    """Of direction marks alone a message would be empty, and a block to copy would end before it begins."""
    there = World()
    number = (await there.opened(source=SourceMessage("CTIER1", "7.7", "UTOM"))).id
    with pytest.raises(BadInput):
        await there.updates.write(number, News("\u202e \u200f", Purpose.BOTH), by="UKIM")
    await there.updates.write(number, News("", Purpose.TIER1, "first"), by="UKIM")
    await there.updates.write(number, News("", Purpose.TIER1, "\u202e"), by="UKIM")

    assert there.updates.words(number).tier1_text is None
    assert "```" not in str(investigation_cards.answer(there.evidence.overview(number)).blocks)


async def test_clock_that_was_set_back_makes_no_news_old() -> None:
    """The same words an hour before the last ones are news."""
    there = World()
    number = (await there.opened()).id
    await there.updates.write(number, News("still waiting", Purpose.BOTH), by="UKIM")
    there.clock.advance(-3600)
    await there.updates.write(number, News("still waiting", Purpose.BOTH), by="UKIM")

    assert len(there.updates.words(number).updates) == 2


@pytest.mark.parametrize("shape", SHAPES)
async def test_hostile_words_stay_words(shape: str) -> None:
    """Whatever is written: every message keeps Slack's limits, and nothing in it calls anybody."""
    there = World()
    number = (await there.opened(source=SourceMessage("CTIER1", "7.7", "UTOM"))).id
    text = "<!here> <@U1> `" + SHAPES[shape][:500]
    await there.escalations.escalate(number, DRAFT, by="UKIM")
    await there.updates.write(number, News(text, Purpose.BOTH, text), by="UKIM")
    await there.updates.write(number, News(text, Purpose.PHONE), by="UKIM")
    overview = there.evidence.overview(number)
    for content in (investigation_cards.answer(overview), card(overview), cards.post(there.escalations.posted(1))):
        assert broken_by_message(content) == []
        assert "<!here>" not in str(content) and "<@U1>" not in str(content)
