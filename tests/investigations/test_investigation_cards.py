"""The card by state, and that no text from outside ever works in it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.investigations import cards, forms, home_cards
from bot.investigations.model import Event, EventKind, Investigation, State
from bot.investigations.overview import Overview
from bot.messages.model import Content
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.manual import Trial
from bot.probes.model import ProbePlace, Subject
from bot.slack.text import unescape
from tests import hostile
from tests.fake_probe import result
from tests.hostile import ALIVE, NOW, RTL, SAMPLES
from tests.slack_limits import broken_by_message, broken_by_view, mrkdwn_texts, texts
from tests.world import APP

FOUND = Investigation(12, "app", "login fails", State.OPEN, "UKIM", NOW, "C1", owner="UKIM", claimed_at=NOW)


def seen(investigation: Investigation = FOUND, *events: Event) -> Overview:
    return Overview(investigation, APP, events, None, ())


def labels(content: Content) -> list[str]:
    elements = [element for block in content.blocks if block["type"] == "actions" for element in block["elements"]]
    return [element["text"]["text"] for element in elements if element["type"] == "button"]


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
    investigation = replace(
        FOUND, state=State.RESOLVED, root_cause="a bad link", workaround="use Miami", closed_by="UJO"
    )
    text = shown(cards.card(seen(investigation)))

    assert "*Root cause:* a bad link" in text
    assert "*Workaround:* use Miami" in text


def test_escalation_waits_until_it_is_acknowledged() -> None:
    """An acknowledgement of an earlier escalation does not count for the later one."""
    first = Event(NOW, EventKind.ESCALATED, "UKIM")
    done = Event(NOW.replace(minute=20), EventKind.ACKNOWLEDGED, "ULENA")
    again = Event(NOW.replace(minute=30), EventKind.ESCALATED, "UJO")
    investigation = replace(FOUND, state=State.ESCALATED)

    assert "waiting for management" in shown(cards.card(seen(investigation, first)))
    assert "acknowledged by <@ULENA>" in shown(cards.card(seen(investigation, first, done)))
    assert "waiting for management" in shown(cards.card(seen(investigation, first, done, again)))


@pytest.mark.parametrize("state", [State.RESOLVED, State.DISMISSED, State.OPEN])
def test_escalation_that_nobody_answered_waits_no_longer(state: State) -> None:
    """Once the investigation was closed, and after it was opened again, nobody is waited for."""
    escalated = Event(NOW, EventKind.ESCALATED, "UKIM")

    assert "not acknowledged" in shown(cards.card(seen(replace(FOUND, state=state), escalated)))


def run(number: int, kind: str, *, lost: int = 0, barred: str = "", step: str = "target", place: str = "") -> ProbeRun:
    label = "U.S. West" if step == "control" else "The app"
    made = result(kind, label, lost=lost, barred=barred, place=ProbePlace(*place.split(", ")) if place else None)
    return ProbeRun(number, number, step, kind, label, RunState.DONE, Subject(label), result=made, place=place)


def batch(*runs: ProbeRun, target: str = "app", state: RunState = RunState.DONE, **more: object) -> Batch:
    return Batch(runs[0].id if runs else 99, "Playbook", "", target, "C1", state, NOW, runs=runs, **more)  # type: ignore[arg-type]


def finding(*batches: Batch, investigation: Investigation = FOUND) -> str:
    """The line of the card about probes; "" where there is none."""
    card = shown(cards.card(Overview(investigation, APP, (), None, batches)))
    lines = [line for line in card.splitlines() if line.startswith(":satellite_antenna:")]
    assert len(lines) <= 1
    return lines[0].removeprefix(":satellite_antenna: ") if lines else ""


LOSS = "The app: 10.1.2.3 loses 4 of 10"


@pytest.mark.parametrize(
    "later",
    [
        batch(run(2, "mtr"), target="us-west"),
        batch(run(2, "mtr"), target=""),
        batch(run(2, "mtr", lost=10), target="us-west"),
        batch(run(2, "payment", barred="Payments gets no test payments")),
        batch(run(2, "ping", barred="No ICMP from here: not allowed")),
        batch(run(2, "ping", step="control"), target="us-west"),
        batch(run(2, "tls")),
        batch(run(2, "dns"), state=RunState.CANCELLED),
        batch(replace(run(2, "ping"), state=RunState.INTERRUPTED), state=RunState.INTERRUPTED),
    ],
    ids=["another", "typed", "another bad", "not set up", "refused", "control", "fine", "cancelled", "interrupted"],
)
@pytest.mark.parametrize("state", [State.OPEN, State.RESOLVED])
def test_finding_stays_whatever_else_is_probed(later: Batch, state: State) -> None:
    """What is wrong with the target is told until a newer measurement of it says otherwise, also once it is over."""
    investigation = replace(FOUND, state=state, closed_by="UKIM", closed_at=NOW)

    assert finding(batch(run(1, "ping", lost=4)), later, investigation=investigation).startswith(LOSS)


def test_finding_is_the_newest_of_its_kind() -> None:
    """A probe that finds no loss where there was loss turns it, and the other way round."""
    assert "nothing wrong (ping)" in finding(batch(run(1, "ping", lost=4)), batch(run(2, "ping")))
    assert finding(batch(run(1, "ping")), batch(run(2, "ping", lost=4))).startswith(LOSS)


def test_control_is_told_beside_the_finding() -> None:
    """That only this one is bad is half of the news."""
    both = batch(run(1, "ping", lost=4), run(2, "ping", step="control"))

    assert finding(both) == f"{LOSS}; control U.S. West is clean"


def test_places_are_told_by_name() -> None:
    """What another place sees is not said of here."""
    line = finding(
        batch(run(1, "mtr")), batch(run(2, "mtr", lost=4, place="Berlin, DE"), run(3, "mtr", place="Oslo, NO"))
    )

    assert line == "The app: nothing wrong (mtr). By mtr The app has trouble from Berlin, not from here and Oslo"


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING])
def test_running_batch_adds_to_the_finding(state: RunState) -> None:
    """What is known stays while it is measured again; before anything is known that is all there is to say."""
    running = batch(replace(run(2, "ping"), state=state, result=None), state=state)

    assert finding(batch(run(1, "ping", lost=4)), running) == f"{LOSS} (running…)"
    assert finding(running) == "Playbook: running…"
    assert finding(batch(run(1, "ping", lost=4)), replace(running, target="us-west")) == LOSS


def test_nothing_measured_is_no_finding() -> None:
    """While somebody waits the card says where to look; afterwards it says nothing of it."""
    refused = batch(run(1, "payment", barred="Payments gets no test payments"))
    interrupted = batch(state=RunState.INTERRUPTED)
    resolved = replace(FOUND, state=State.RESOLVED, closed_by="UKIM", closed_at=NOW)

    assert finding(refused) == "Nothing could be measured; the thread says why."
    assert finding(interrupted) == "Playbook was interrupted; run it again."
    assert finding(refused, investigation=resolved) == finding(interrupted, investigation=resolved) == ""
    assert finding(batch(run(1, "mtr"), target="us-west")) == ""


def test_what_people_tried_by_hand_is_a_finding() -> None:
    """Of an app that nothing can measure from here, all tries together."""
    untried = batch(by_hand="reproduce it on a device")
    tried = Trial("UKIM", NOW, "Pixel 9", "", "", reproduced=True)

    assert finding(untried) == "The app: reproduce it on a device"
    assert finding(replace(untried, trials=(tried, replace(tried, reproduced=False)))) == (
        "The app: reproduced in 1 of 2 tries"
    )


LONG = " ".join(f"word{number}" for number in range(360))
"""As long as a form takes."""


@pytest.mark.parametrize("part", ["root_cause", "workaround", "reason", "symptom"])
@pytest.mark.parametrize(
    "words", [LONG, "&" * 580, "x" * 2900, "a\nb <c>\n" * 150], ids=["long", "escaped", "one", "lines"]
)
def test_what_people_typed_stands_whole_on_the_card(part: str, words: str) -> None:
    """No limit of Slack's cuts it: it goes on in the next section."""
    closed = replace(FOUND, state=State.RESOLVED, closed_by="UKIM", closed_at=NOW)
    typed: dict[str, Any] = {part: words}
    investigation = replace(FOUND if part == "symptom" else closed, **typed)
    card = cards.card(seen(investigation))

    assert broken_by_message(card) == []
    assert joined(words) in joined(unescape(shown(card)))


def test_notes_and_handovers_are_whole() -> None:
    """On the timeline and in the message that hands it over; a message that is linked may be cut."""
    note, over = Event(NOW, EventKind.NOTE, "UKIM", text=LONG), Event(NOW, EventKind.HANDED_OVER, "UKIM", "UJO", LONG)
    listed = cards.timeline(seen(FOUND, note, over))

    assert joined(shown(listed)).count(joined(LONG)) == 2
    assert joined(LONG) in joined(shown(cards.handover(over)))
    assert joined(LONG) in joined(shown(cards.answer(seen(replace(FOUND, state=State.RESOLVED, workaround=LONG)))))
    assert broken_by_message(listed) == []


def joined(text: str) -> str:
    """Without spaces and line ends: a section may begin anywhere between two words."""
    return "".join(text.split()).replace("\u2060", "")


def test_timeline_says_whom_it_concerns() -> None:
    """To whom it was handed over, whose message, whose escalation was acknowledged."""
    events = [
        Event(NOW, EventKind.HANDED_OVER, "UKIM", about="UJO"),
        Event(NOW, EventKind.ACKNOWLEDGED, "ULENA", about="UKIM"),
        Event(NOW, EventKind.MESSAGE, "UKIM", about="UTOM", text="it is slow"),
    ]
    text = shown(cards.timeline(seen(FOUND, *events)))

    assert "handed it over to <@UJO>" in text
    assert "acknowledged the escalation of <@UKIM>" in text
    assert "added a message of <@UTOM>: it is slow" in text


def test_escalated_before_is_escalated_again() -> None:
    """Also from development, and after it was opened again; not while the first one waits for its answer."""
    escalated, answered = Event(NOW, EventKind.ESCALATED, "UKIM"), Event(NOW, EventKind.ACKNOWLEDGED, "ULENA")

    for state in (State.ESCALATED, State.HANDED_OFF):
        investigation = replace(FOUND, state=state)
        assert "Escalate again" in labels(cards.card(seen(investigation, escalated, answered)))
        assert not [item for item in labels(cards.card(seen(investigation, escalated))) if item.startswith("Escalate")]
    assert "Escalate again" in labels(cards.card(seen(FOUND, escalated)))
    assert "Escalate" in labels(cards.card(seen(FOUND)))


def test_permalinks_keep_slack_s_grammar() -> None:
    """Those of replies have an "&" in them."""
    event = Event(NOW, EventKind.MESSAGE, "UKIM", permalink="https://slack.test/p1?thread_ts=1.1&cid=C1")

    assert "<https://slack.test/p1?thread_ts=1.1&amp;cid=C1|message>" in shown(cards.timeline(seen(FOUND, event)))


@pytest.mark.parametrize("text", SAMPLES)
def test_hostile_symptom_is_inert(text: str) -> None:
    """It notifies nobody, links nowhere, formats nothing and turns no line round, wherever the symptom stands."""
    investigation = replace(FOUND, symptom=text)
    event = Event(NOW, EventKind.NOTE, "UKIM", text=text)
    for content in (
        cards.card(seen(investigation)),
        cards.timeline(seen(investigation, event)),
        cards.listing([(investigation, APP, "https://slack.test/p1")]),
        cards.existing(investigation, APP, "https://slack.test/p1"),
    ):
        assert not broken_by_message(content)
        assert not [item for item in mrkdwn_texts(content) if ALIVE.search(item) or "```" in item or "*bold*" in item]
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
        assert not [item for item in mrkdwn_texts(content) if ALIVE.search(item)]
    assert labels(cards.card(overview))


@settings(max_examples=15)
@given(st.lists(st.tuples(hostile.investigations, hostile.targets, st.sampled_from(["", "https://slack.test/p"]))))
def test_lists_keep_slack_s_limits(rows: list[tuple[Investigation, object, str]]) -> None:
    """Also a hundred open investigations with long names."""
    assert broken_by_message(cards.listing(rows * 9)) == []  # type: ignore[arg-type]
    assert broken_by_view(home_cards.home(rows * 9, home_cards.Reader("U1"))) == []  # type: ignore[arg-type]
    for investigation, target, link in rows:
        assert broken_by_message(cards.existing(investigation, target, link)) == []  # type: ignore[arg-type]


@settings(max_examples=60)
@given(hostile.events, hostile.investigations, hostile.WORDS)
def test_forms_and_handover_keep_slack_s_limits(event: Event, investigation: Investigation, words: str) -> None:
    """A form that Slack refuses is a press without an answer."""
    assert broken_by_message(cards.handover(event)) == []
    for view in (
        forms.open_form([APP], symptom=words, trouble=words, nearest="app", came_from=""),
        forms.resolve_form(investigation),
        forms.dismiss_form(investigation),
        forms.add_form([(investigation, APP)], message=""),
    ):
        assert broken_by_view(view) == []


def test_every_kind_of_event_has_words() -> None:
    """A timeline shows them all."""
    assert set(cards.EVENT_WORDS) == set(EventKind)
