"""The card by state, and that no text from outside ever works in it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.investigations import cards, forms
from bot.investigations.model import Event, EventKind, Investigation, State
from bot.investigations.overview import Overview
from bot.messages.model import Content
from tests import hostile
from tests.hostile import ALIVE, NOW, RTL, SAMPLES
from tests.slack_limits import broken_by_message, broken_by_view, mrkdwn_texts, texts
from tests.world import APP

FOUND = Investigation(12, "app", "login fails", State.OPEN, "UKIM", NOW, "C1", owner="UKIM", claimed_at=NOW)


def seen(found: Investigation = FOUND, *events: Event) -> Overview:
    return Overview(found, APP, events, None, ())


def labels(content: Content) -> list[str]:
    elements = [each for block in content.blocks if block["type"] == "actions" for each in block["elements"]]
    return [each["text"]["text"] for each in elements if each["type"] == "button"]


def shown(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


@pytest.mark.parametrize(
    ("state", "owner", "expected"),
    [
        (State.OPEN, None, "Claim, Escalate, Hand to Tier 3, Resolve, Not a trend, Timeline"),
        (State.OPEN, "UKIM", "Join, Escalate, Hand to Tier 3, Resolve, Not a trend, Timeline"),
        (State.ESCALATED, "UKIM", "Join, Escalate again, Hand to Tier 3, Resolve, Not a trend, Timeline"),
        (State.HANDED_OFF, "UKIM", "Join, Escalate, Resolve, Not a trend, Timeline"),
        (State.RESOLVED, "UKIM", "Reopen, Timeline"),
        (State.DISMISSED, None, "Reopen, Timeline"),
    ],
)
def test_buttons_are_what_the_state_allows(state: State, owner: str | None, expected: str) -> None:
    """The common next steps, and none that would be refused."""
    card = cards.card(seen(replace(FOUND, state=state, owner=owner, closed_by="UKIM", closed_at=NOW)))

    assert ", ".join(labels(card)) == expected


def test_resolved_card_says_cause_and_workaround() -> None:
    """The next one reads here what helped."""
    found = replace(FOUND, state=State.RESOLVED, root_cause="a bad link", workaround="use Miami", closed_by="UJO")
    text = shown(cards.card(seen(found)))

    assert "*Root cause:* a bad link" in text
    assert "*Workaround:* use Miami" in text


def test_escalation_waits_until_it_is_acknowledged() -> None:
    """An acknowledgement of an earlier escalation does not count for the later one."""
    first = Event(NOW, EventKind.ESCALATED, "UKIM")
    done = Event(NOW.replace(minute=20), EventKind.ACKNOWLEDGED, "ULENA")
    again = Event(NOW.replace(minute=30), EventKind.ESCALATED, "UJO")
    found = replace(FOUND, state=State.ESCALATED)

    assert "waiting for management" in shown(cards.card(seen(found, first)))
    assert "acknowledged by <@ULENA>" in shown(cards.card(seen(found, first, done)))
    assert "waiting for management" in shown(cards.card(seen(found, first, done, again)))


@pytest.mark.parametrize("state", [State.RESOLVED, State.DISMISSED, State.OPEN])
def test_escalation_that_nobody_answered_waits_no_longer(state: State) -> None:
    """Once the investigation was closed, and after it was opened again, nobody is waited for."""
    escalated = Event(NOW, EventKind.ESCALATED, "UKIM")

    assert "not acknowledged" in shown(cards.card(seen(replace(FOUND, state=state), escalated)))


def test_permalinks_keep_slack_s_grammar() -> None:
    """Those of replies have an "&" in them."""
    event = Event(NOW, EventKind.MESSAGE, "UKIM", permalink="https://slack.test/p1?thread_ts=1.1&cid=C1")

    assert "<https://slack.test/p1?thread_ts=1.1&amp;cid=C1|message>" in shown(cards.timeline(seen(FOUND, event)))


@pytest.mark.parametrize("text", SAMPLES)
def test_hostile_symptom_is_inert(text: str) -> None:
    """It notifies nobody, links nowhere, formats nothing and turns no line round, wherever the symptom stands."""
    found = replace(FOUND, symptom=text)
    event = Event(NOW, EventKind.NOTE, "UKIM", text=text)
    for content in (
        cards.card(seen(found)),
        cards.timeline(seen(found, event)),
        cards.listing([(found, APP, "https://slack.test/p1")]),
        cards.existing(found, APP, "https://slack.test/p1"),
    ):
        assert not broken_by_message(content)
        assert not [each for each in mrkdwn_texts(content) if ALIVE.search(each) or "```" in each or "*bold*" in each]
        assert RTL not in json.dumps([content.text, content.blocks], ensure_ascii=False)


def test_newest_events_stay_in_a_long_timeline() -> None:
    """What does not fit is left out at the beginning."""
    events = [Event(NOW, EventKind.NOTE, "UKIM", text=f"note {number} " + "x" * 400) for number in range(80)]
    text = shown(cards.timeline(seen(FOUND, *events)))

    assert "note 79 " in text
    assert "note 0 " not in text
    assert "earlier events are left out" in text


@settings(max_examples=30)
@given(hostile.overviews)
def test_every_message_keeps_slack_s_limits(overview: Overview) -> None:
    """Whatever is in the record, Slack takes the card, the timeline and the answer."""
    for content in (cards.card(overview), cards.timeline(overview), cards.answer(overview)):
        assert broken_by_message(content) == []
        assert not [each for each in mrkdwn_texts(content) if ALIVE.search(each)]
    assert labels(cards.card(overview))


@settings(max_examples=15)
@given(st.lists(st.tuples(hostile.investigations, hostile.targets, st.sampled_from(["", "https://slack.test/p"]))))
def test_lists_keep_slack_s_limits(rows: list[tuple[Investigation, object, str]]) -> None:
    """Also a hundred open investigations with long names."""
    assert broken_by_message(cards.listing(rows * 9)) == []  # type: ignore[arg-type]
    assert broken_by_view(cards.home(rows * 9)) == []  # type: ignore[arg-type]
    for found, target, link in rows:
        assert broken_by_message(cards.existing(found, target, link)) == []  # type: ignore[arg-type]


@settings(max_examples=60)
@given(hostile.events, hostile.investigations, hostile.WORDS)
def test_forms_and_handover_keep_slack_s_limits(event: Event, found: Investigation, words: str) -> None:
    """A form that Slack refuses is a press without an answer."""
    assert broken_by_message(cards.handover(event)) == []
    for view in (
        forms.open_form([APP], symptom=words, trouble=words, nearest="app", came_from=""),
        forms.resolve_form(found),
        forms.dismiss_form(found),
        forms.add_form([(found, APP)], message=""),
    ):
        assert broken_by_view(view) == []
