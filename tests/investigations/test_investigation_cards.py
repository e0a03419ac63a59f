"""The card by state, and that no text from outside ever works in it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.investigations import cards, forms
from bot.investigations.above import Above, Tier3, Told
from bot.investigations.card import MENU_MAX, card
from bot.investigations.model import Event, EventKind, Investigation, State
from bot.investigations.overview import Overview
from bot.known_issues.model import Age, IssueReading, KnownIssue, Link, LinkVerdict, Suggestion
from bot.messages.model import Content
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.model import ProbePlace, Subject
from bot.slack.text import unescape
from bot.tickets.collection import Collected, LinkedTicket, LinkState, TicketWatch
from tests import hostile
from tests.fake_probe import result
from tests.fake_tracker import issue
from tests.hostile import ALIVE, NOW, RTL, SAMPLES
from tests.slack_limits import broken_by_message, broken_by_view, mrkdwn_texts, texts
from tests.world import APP

WATCH = TicketWatch(12, ("app",), "login", NOW, active=True, next_at=NOW)
AGE = Age("app", "GitHub acme/app", NOW)
KNOWN = KnownIssue(31, issue(31, "The app spins"), IssueReading(known=True), NOW)
LINK = Link(12, 31, LinkVerdict.SUGGESTED, "", NOW, 3)
FOUND = Investigation(12, "app", "login fails", State.OPEN, "UKIM", NOW, "C1", owner="UKIM", claimed_at=NOW)


def seen(investigation: Investigation = FOUND, *events: Event) -> Overview:
    return Overview(investigation, APP, events, None, ())


def ticket(number: int, state: LinkState) -> LinkedTicket:
    return LinkedTicket(number, state, "It fails", "open", f"https://desk.test/{number}", NOW)


def labels(content: Content) -> list[str]:
    elements = [element for block in content.blocks if block["type"] == "actions" for element in block["elements"]]
    return [element["text"]["text"] for element in elements if element["type"] == "button"]


def shown(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


@pytest.mark.parametrize(
    ("state", "owner", "expected"),
    [
        (State.OPEN, None, "Claim, Escalate, Send to Tier 3, Resolve"),
        (State.OPEN, "UKIM", "Join, Escalate, Send to Tier 3, Resolve"),
        (State.ESCALATED, "UKIM", "Join, Escalate Again, Send to Tier 3, Resolve"),
        (State.HANDED_OFF, "UKIM", "Join, Escalate, Resolve"),
        (State.RESOLVED, "UKIM", "Reopen, Show Timeline"),
        (State.DISMISSED, None, "Reopen, Show Timeline"),
    ],
)
def test_buttons_are_what_the_state_allows(state: State, owner: str | None, expected: str) -> None:
    """The common next steps, and none that would be refused."""
    above = Above(Tier3.WORKING) if state is State.HANDED_OFF else Above()
    content = card(seen(replace(FOUND, state=state, owner=owner, closed_by="UKIM", closed_at=NOW)), above)

    assert ", ".join(labels(content)) == expected


def test_resolved_card_says_cause_and_workaround() -> None:
    """The next one reads here what helped."""
    investigation = replace(
        FOUND, state=State.RESOLVED, root_cause="a bad link", workaround="use Miami", closed_by="UJO"
    )
    text = shown(card(seen(investigation)))

    assert "*Root cause:* a bad link" in text
    assert "*Workaround:* use Miami" in text


def test_escalation_waits_until_it_is_acknowledged() -> None:
    """An acknowledgement of an earlier escalation does not count for the later one."""
    first = Event(NOW, EventKind.ESCALATED, "UKIM")
    done = Event(NOW.replace(minute=20), EventKind.ACKNOWLEDGED, "ULENA")
    again = Event(NOW.replace(minute=30), EventKind.ESCALATED, "UJO")
    investigation = replace(FOUND, state=State.ESCALATED)

    assert "waiting for management since" in shown(card(seen(investigation, first)))
    assert "<@ULENA> acknowledged" in shown(card(seen(investigation, first, done)))
    assert "waiting for management since" in shown(card(seen(investigation, first, done, again)))


@pytest.mark.parametrize("state", [State.RESOLVED, State.DISMISSED, State.OPEN])
def test_escalation_that_nobody_answered_waits_no_longer(state: State) -> None:
    """Once the investigation was closed, and after it was opened again, nobody is waited for."""
    escalated = Event(NOW, EventKind.ESCALATED, "UKIM")

    assert "not acknowledged" in shown(card(seen(replace(FOUND, state=state), escalated)))


def run(number: int, kind: str, *, lost: int = 0, barred: str = "", step: str = "target", place: str = "") -> ProbeRun:
    label = "U.S. West" if step == "control" else "The app"
    made = result(kind, label, lost=lost, barred=barred, place=ProbePlace(*place.split(", ")) if place else None)
    return ProbeRun(number, number, step, kind, label, RunState.DONE, Subject(label), result=made, place=place)


def batch(*runs: ProbeRun, target: str = "app", state: RunState = RunState.DONE, **more: object) -> Batch:
    return Batch(runs[0].id if runs else 99, "Playbook", "", target, "C1", state, NOW, runs=runs, **more)  # type: ignore[arg-type]


def finding(*batches: Batch, investigation: Investigation = FOUND) -> str:
    """The line of the card about probes; "" where there is none."""
    content = shown(card(Overview(investigation, APP, (), None, batches)))
    marks = (":red_circle: *", ":large_green_circle: *", ":white_circle: *", "Measured last: ")
    lines = [line for line in content.splitlines() if line.startswith(marks)]
    assert len(lines) <= 1
    return lines[0].split(maxsplit=1)[1].replace("*", "") if lines else ""


LOSS = "10.1.2.3 loses 4 of 10 packets."


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

    assert finding(batch(run(1, "ping", lost=4)), later, investigation=investigation).endswith(LOSS)


def test_finding_is_the_newest_of_its_kind() -> None:
    """A probe that finds no loss where there was loss turns it, and the other way round."""
    assert finding(batch(run(1, "ping", lost=4)), batch(run(2, "ping"))) == "Nothing wrong in 1 probe."
    assert finding(batch(run(1, "ping")), batch(run(2, "ping", lost=4))) == LOSS


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING])
def test_running_batch_adds_to_the_finding(state: RunState) -> None:
    """What is known stays while it is measured again; before anything is known that is all there is to say."""
    running = batch(replace(run(2, "ping"), state=state, result=None), state=state)

    assert finding(batch(run(1, "ping", lost=4)), running) == f"{LOSS} (still measuring…)"
    assert finding(running) == "The probes are running…"
    assert finding(batch(run(1, "ping", lost=4)), replace(running, target="us-west")) == LOSS


def test_nothing_measured_is_no_finding() -> None:
    """While somebody waits the card says where to look; afterwards it says nothing of it."""
    refused = batch(run(1, "payment", barred="Payments gets no test payments"))
    interrupted = batch(state=RunState.INTERRUPTED)
    resolved = replace(FOUND, state=State.RESOLVED, closed_by="UKIM", closed_at=NOW)

    assert finding(refused) == "Nothing could be measured. The thread says why."
    assert finding(interrupted) == "The probes were interrupted. Run them again."
    assert finding(refused, investigation=resolved) == finding(interrupted, investigation=resolved) == ""


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
    content = card(seen(investigation))

    assert broken_by_message(content) == []
    assert joined(words) in joined(unescape(shown(content)))


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


def test_what_was_measured_is_one_sentence_with_what_was_run() -> None:
    """What a person tried is theirs; what they found stands behind one colon."""
    text = "the playbook. U.S. East: 10.1.2.3 loses 4 of 10"
    (ran,) = cards.event_lines(Event(NOW, EventKind.PROBE, None, text=text))
    (tried,) = cards.event_lines(Event(NOW, EventKind.PROBE, "UKIM", text="tablet: connects"))

    assert ran == "Second Line ran the playbook. U.S. East: 10.1.2.3 loses 4 of 10"
    assert tried == "<@UKIM> tried it by hand: tablet: connects"


def test_escalated_before_is_escalated_again() -> None:
    """Also from Tier 3, where nobody is asked any more, and after it was opened again; not while the first one waits,
    also where a vendor is asked."""
    escalated, answered = Event(NOW, EventKind.ESCALATED, "UKIM"), Event(NOW, EventKind.ACKNOWLEDGED, "ULENA")
    sent = Event(NOW, EventKind.HANDED_OFF, "UKIM")

    for state in (State.ESCALATED, State.HANDED_OFF):
        investigation = replace(FOUND, state=state)
        assert "Escalate Again" in labels(card(seen(investigation, escalated, answered)))
        assert not [item for item in labels(card(seen(investigation, escalated))) if item.startswith("Escalate")]
    away = card(seen(replace(FOUND, state=State.HANDED_OFF), escalated, sent))
    assert "Escalate Again" in labels(away) and "waiting for management" not in shown(away)
    assert "Escalate Again" in labels(card(seen(FOUND, escalated)))
    assert "Escalate" in labels(card(seen(FOUND)))


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
        card(seen(investigation)),
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
    for content in (card(overview), cards.timeline(overview), cards.answer(overview)):
        assert broken_by_message(content) == []
        assert not [item for item in mrkdwn_texts(content) if ALIVE.search(item)]
    assert labels(card(overview))


@settings(max_examples=15)
@given(st.lists(st.tuples(hostile.investigations, hostile.targets, st.sampled_from(["", "https://slack.test/p"]))))
def test_lists_keep_slack_s_limits(rows: list[tuple[Investigation, object, str]]) -> None:
    """Also a hundred open investigations with long names."""
    assert broken_by_message(cards.listing(rows * 9)) == []  # type: ignore[arg-type]
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


TICKETS = Collected(replace(WATCH, total=45), (ticket(1, LinkState.CONFIRMED), ticket(2, LinkState.SUGGESTED)))


def customers(told: Told, collected: Collected | None = TICKETS, state: State = State.OPEN) -> str:
    overview = Overview(replace(FOUND, state=state), APP, (), collected, ())
    lines = shown(card(overview, Above(told=told))).splitlines()
    return next((line.removeprefix(":speech_balloon: ") for line in lines if line.startswith(":speech_balloon:")), "")


def test_the_card_says_what_customers_were_told() -> None:
    """How many of all who wrote; of one that was no trend it says nothing."""
    assert customers(Told()) == "1 customer hasn't been told"
    assert customers(Told(6)) == "6 of 45 matching tickets were answered"
    assert customers(Told(45)) == "All 45 matching tickets were answered"
    assert customers(Told(1, NOW)).startswith("1 of 45 matching tickets was answered at <!date")
    assert customers(Told(), None) == customers(Told(), state=State.DISMISSED) == ""


def test_a_suggestion_is_asked_on_the_card() -> None:
    """With its two buttons, the first of them the next step; what gave way to them is in the menu."""
    overview = replace(seen(), suggested=Suggestion(LINK, KNOWN, AGE))
    content = card(overview)

    assert ":bulb: Looks like <" in shown(content)
    assert labels(content) == ["It Is", "It Isn't", "Join", "Escalate"]
    assert menu(content)[:3] == ["Send to Tier 3", "Resolve", "Dismiss: Not a Trend…"]
    assert primary(content) == ["It Is"]


def menu(content: Content) -> list[str]:
    elements = [element for block in content.blocks if block["type"] == "actions" for element in block["elements"]]
    return [each["text"]["text"] for menu in elements if menu["type"] == "overflow" for each in menu["options"]]


def primary(content: Content) -> list[str]:
    elements = [element for block in content.blocks if block["type"] == "actions" for element in block["elements"]]
    return [element["text"]["text"] for element in elements if element.get("style")]


@settings(max_examples=60)
@given(hostile.overviews, st.booleans(), st.booleans())
def test_at_most_four_buttons_one_of_them_primary_and_four_lines(
    overview: Overview, asked: bool, has_tracker: bool
) -> None:
    """In every state; and the one menu holds what Slack takes."""
    live = overview.investigation.live
    content = card(
        replace(overview, suggested=Suggestion(LINK, KNOWN, AGE) if asked and live else None, known=(KNOWN,)),
        Above(has_tracker=has_tracker, told=Told(3, NOW)),
    )

    assert 2 <= len(labels(content)) <= 4
    assert len(primary(content)) <= 1
    assert len(menu(content)) <= MENU_MAX
    assert ("It Isn't KI-31" in menu(content)) == live
    assert broken_by_message(content) == []
    assert any(text.startswith("*Next:* ") for text in texts(list(content.blocks))) or not live
