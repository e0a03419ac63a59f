"""The messages of a handover, whatever stands in them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.field_limits import beginning
from bot.handovers import cards
from bot.handovers.model import Handover, HandoverChoice, HandoverState, Offer, OfferState, Why
from bot.handovers.note import record, unmarked
from bot.investigations.above import NOTHING_ABOVE
from bot.investigations.forms import hand_over_form
from bot.investigations.model import EventKind
from bot.investigations.overview import Overview
from bot.messages.model import Content
from tests import hostile
from tests.slack_limits import broken_by_message, broken_by_view, mrkdwn_texts, texts
from tests.words.records import OPEN, event, overview

NOW = datetime(2026, 11, 30, 9, 14, tzinfo=UTC)
ASKED = Handover(7, 4, "UKIM", "UJO", NOW, NOW, owner="UKIM")
LONG = ["&" * 580, "x" * 2900, "*_~`<@UKIM> <!channel> :smile:\n" * 90, "\u202e\x00" * 1000]


def shown(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


@pytest.mark.parametrize("note", LONG)
@pytest.mark.parametrize("whole", [True, False])
def test_the_note_is_whole_and_pings_nobody(note: str, whole: bool) -> None:
    """Beside the record, which is cut where it is long."""
    notes = [event(EventKind.NOTE, number, text=note) for number in range(9)]
    content = cards.asked(replace(ASKED, note=note, whole=whole), overview(OPEN, *notes), NOTHING_ABOVE)

    assert broken_by_message(content) == []
    assert "<!channel>" not in shown(content) and "<@UKIM> &lt;" not in shown(content)
    assert "Accept" in shown(content) and "until you accept" in shown(content)
    assert shown(content).count("x") >= note.count("x")


@settings(max_examples=40)
@given(hostile.overviews, hostile.WORDS, st.sampled_from(HandoverState), st.sampled_from(["", *Why]))
def test_every_state_keeps_slack_s_limits(seen: Overview, words: str, state: HandoverState, why: str) -> None:
    handover = replace(ASKED, note=beginning(words), state=state, why=why, settled_by="UANA", settled_at=NOW)
    for content in (
        cards.asked(handover, seen, NOTHING_ABOVE),
        cards.outcome(handover, seen),
        cards.owner_is_away(seen.investigation, "UKIM", words),
    ):
        assert not content or broken_by_message(content) == []
        assert not content or not [item for item in mrkdwn_texts(content) if hostile.ALIVE.search(item)]
    note = unmarked(record(seen, NOTHING_ABOVE))
    assert broken_by_view(hand_over_form(seen.investigation, beginning(note))) == []


@settings(max_examples=20)
@given(hostile.overviews, st.lists(hostile.WORDS, max_size=30))
def test_ends_of_days_keep_slack_s_limits(seen: Overview, names: list[str]) -> None:
    """Also with a hundred investigations and thirty colleagues with long names."""
    choices = tuple(HandoverChoice(f"U{number}", name) for number, name in enumerate(names))[:20]
    offer = Offer(3, "UKIM", NOW.date(), NOW, NOW, OfferState.OFFERED, tuple(range(100)), choices)
    rows = [(seen, ASKED if number % 3 else None) for number in range(100)]

    assert broken_by_message(cards.day_end(offer, rows)) == []
    assert broken_by_message(cards.day_end(replace(offer, state=OfferState.KEPT), rows)) == []
