"""What status looks like, and that no text from outside ever works in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.model import Content
from bot.slack.blocks import section
from bot.status import cards
from bot.status.cards import LiveInvestigation
from bot.status.model import Component, Incident, Level, SourceKind, SourceState, StatusReport, TargetStatus
from bot.status.trouble import Announcement, ShownAnnouncement, Silence, SilenceWish, TargetTrouble, ToldTrouble
from tests import hostile
from tests.fake_status import alert, component
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, mrkdwn_texts

AT_0850 = NOW - timedelta(minutes=22)
PAGE = StatusReport(
    "page/public",
    "status page",
    SourceKind.PAGE,
    told=Level.DEGRADED,
    since=AT_0850,
    read_at=NOW,
    components=(component("US East", Level.DEGRADED),),
)
ALERTS = StatusReport("alerts/ops", "Alertmanager", SourceKind.ALERTS, told=Level.OPERATIONAL, read_at=NOW)
FOUND = Announcement(7, "us-east", "C1", AT_0850, NOW)
TROUBLE = TargetTrouble(alerts=(alert("HighPacketLoss", AT_0850),))
SILENCE = Silence(3, "us-east", "UKIM", NOW, NOW + timedelta(hours=1))


def line(*reports: StatusReport) -> str:
    return cards.status_line(TargetStatus("us-east", reports))


def labels(content: Content) -> list[str]:
    found = [e for block in content.blocks if block["type"] == "actions" for e in block["elements"]]
    return [each["text"]["text"] for each in found]


def shown(content: Content) -> str:
    return "\n".join(mrkdwn_texts(content))


def test_the_line_says_who_says_what_since_when() -> None:
    """One line for a card."""
    firing = replace(ALERTS, told=Level.DEGRADED, alerts=(alert("Loss", AT_0850), alert("Slow", NOW)))

    assert line(PAGE, firing) == (
        f":large_yellow_circle: Status page says degraded since <!date^{int(AT_0850.timestamp())}^{{time}}|08:50 UTC>; "
        f"2 alerts since <!date^{int(AT_0850.timestamp())}^{{time}}|08:50 UTC> (Loss, Slow)"
    )


def test_what_lasts_for_days_says_the_day() -> None:
    """A time alone would be taken for today's."""
    assert "{date_short_pretty} {time}" in line(replace(PAGE, since=NOW - timedelta(days=3)))


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (replace(PAGE, told=Level.OPERATIONAL), ":large_green_circle: Status page OK"),
        (replace(PAGE, components=(), told=Level.UNKNOWN), ":white_circle: Status page doesn't list it"),
        (
            replace(PAGE, told=Level.UNKNOWN, components=(component("US East", Level.UNKNOWN, word="flaky"),)),
            ":white_circle: Status page unknown (“flaky”) since",
        ),
        (replace(PAGE, told=Level.OPERATIONAL, stale=True, failing_since=NOW), "unknown, last operational"),
        (replace(PAGE, failing_since=NOW), "; status page unreachable since"),
        (replace(PAGE, read_at=None, told=Level.UNKNOWN), "Status page not read yet"),
        (replace(ALERTS, read_at=None, failing_since=NOW), "Alertmanager doesn't answer"),
        (ALERTS, ":large_green_circle: No alerts"),
        (replace(ALERTS, alerts=(alert("Loss", NOW, silenced=True),)), "1 alert, silenced"),
        (replace(ALERTS, stale=True, failing_since=NOW), ":white_circle: No alerts known"),
    ],
)
def test_what_is_not_known_is_said(report: StatusReport, words: str) -> None:
    """And is never green."""
    assert words in line(report)


def test_well_is_short() -> None:
    """Nothing to read where nothing is wrong."""
    assert line(replace(PAGE, told=Level.OPERATIONAL), ALERTS) == ":large_green_circle: Status page OK, no alerts"


def test_status_names_sources_that_are_away_and_strays() -> None:
    """Alerts about nothing of ours may be a matcher that is wrong."""
    state = SourceState("alerts/ops", "Alertmanager", NOW, NOW, "unreachable", strays=2)
    told = cards.status_lines([], [state])

    assert "2 alerts of Alertmanager about none of our targets" in told[0]
    assert "Alertmanager unreachable since" in told[1]


def test_an_announcement_asks_until_somebody_is_on_it() -> None:
    """Then it says who."""
    open_card = cards.announcement(ShownAnnouncement(FOUND, TROUBLE), "U.S. East", None)
    owned = cards.announcement(ShownAnnouncement(FOUND, TROUBLE), "U.S. East", LiveInvestigation("INV-12", "UKIM"))
    unowned = cards.announcement(ShownAnnouncement(FOUND, TROUBLE), "U.S. East", LiveInvestigation("INV-12", ""))

    assert labels(open_card) == ["Investigate", "Silence 1 Hour", "Silence 4 Hours"]
    assert "Expect tickets. No one has picked this up." in shown(open_card)
    assert labels(owned) == ["Silence 1 Hour", "Silence 4 Hours"]
    assert "<@UKIM> owns INV-12." in shown(owned)
    assert "INV-12 is open. No one has picked this up." in shown(unowned)


def test_a_silence_says_whose_it_is_and_what_alertmanager_did() -> None:
    """Made, refused, or on its way."""
    order = SilenceWish(3, "alerts/ops", alert("Loss", NOW))

    def told(**more: object) -> str:
        silence = replace(SILENCE, orders=(replace(order, **more),))  # type: ignore[arg-type]
        return shown(cards.announcement(ShownAnnouncement(FOUND, TROUBLE, silence), "U.S. East", None))

    assert "Silenced by <@UKIM> until" in told()
    assert "Telling Alertmanager…" in told()
    assert "<https://slack.test/s1|Loss>" in told(done=True, link="https://slack.test/s1")
    assert "Alertmanager hasn't taken it yet: refused the token (403)" in told(failure="refused the token (403)")
    assert (
        labels(cards.announcement(ShownAnnouncement(FOUND, TROUBLE, SILENCE), "U.S. East", None))[-1] == "End Silence"
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "under a minute"), (3000, "50 min"), (3600, "1 h"), (7500, "2 h 5 min")]
)
def test_durations_are_as_people_say_them(seconds: int, words: str) -> None:
    """No seconds, no decimals."""
    assert cards.duration(timedelta(seconds=seconds)) == words


troubles = st.builds(
    TargetTrouble,
    alerts=st.lists(hostile.status_alerts, max_size=30).map(tuple),
    silenced=st.lists(hostile.status_alerts, max_size=3).map(tuple),
    incidents=st.lists(hostile.status_incidents, max_size=5).map(tuple),
    failing=st.lists(hostile.status_reports, max_size=2).map(tuple),
)
orders = st.builds(
    SilenceWish,
    silence_id=st.just(3),
    source=st.just("alerts/ops"),
    alert=hostile.status_alerts,
    failure=hostile.WORDS,
    done=st.booleans(),
    link=st.sampled_from(["", "https://slack.test/s1"]),
)
announced = st.builds(
    ShownAnnouncement,
    announcement=st.builds(
        Announcement,
        id=hostile.NUMBERS,
        target=st.just("us-east"),
        channel=st.just("C1"),
        began_at=hostile.TIMES,
        announced_at=hostile.TIMES,
        over_at=hostile.maybe(hostile.TIMES),
        returns=st.integers(0, 9),
        seen=st.lists(
            st.builds(ToldTrouble, key=hostile.WORDS, name=hostile.WORDS, began_at=hostile.maybe(hostile.TIMES)),
            max_size=9,
        ).map(tuple),
    ),
    trouble=troubles,
    silence=hostile.maybe(st.lists(orders, max_size=9).map(lambda each: replace(SILENCE, orders=tuple(each)))),
)
taken = hostile.maybe(st.builds(LiveInvestigation, name=st.just("INV-1"), owner=st.sampled_from(["", "UKIM"])))


@settings(max_examples=60)
@given(announced, hostile.WORDS, taken)
def test_announcements_keep_slack_s_limits_and_are_inert(
    seen: ShownAnnouncement, title: str, who: LiveInvestigation | None
) -> None:
    """Whatever alerts, pages and errors say."""
    content = cards.announcement(seen, title, who)

    assert broken_by_message(content) == []
    assert [text for text in (content.text, *mrkdwn_texts(content)) if ALIVE.search(text)] == []


@settings(max_examples=25)
@given(st.lists(st.tuples(hostile.WORDS, hostile.statuses), max_size=3))
def test_lines_are_inert_and_keep_slack_s_limits(rows: list[tuple[str, TargetStatus]]) -> None:
    """In `/t2 status`."""
    state = SourceState("alerts/ops", "<!channel>", NOW, NOW, "<!here> *x*", strays=1)
    for told in cards.status_lines(rows, [state]):
        assert not ALIVE.search(told)
        assert broken_by_message(Content("x", (section(told),))) == []


WIDE = Incident("i9", "Login problems", "investigating", Level.DEGRADED, NOW)


def test_what_is_open_for_a_whole_page_is_a_line_of_its_own() -> None:
    """On a card it stands behind the target's own; in `/t2 status` once."""
    own = StatusReport(
        "page/public", "status page", SourceKind.PAGE, Level.OPERATIONAL, NOW, NOW, components=PAGE.components
    )
    target = TargetStatus("us-east", (replace(own, page_wide=(WIDE,)),))
    whole = TargetStatus("page/public", (replace(own, told=Level.DEGRADED, incidents=(WIDE,)),), page="status page")
    on_card = cards.status_line(target)
    listed = cards.status_lines([("U.S. East", target), ("Status page", whole)], [])

    assert on_card == ":large_green_circle: Status page OK; status page also has “Login problems”, about all services"
    assert "Login" not in listed[0]
    assert listed[1].startswith(":large_yellow_circle: Status page: “Login problems” (investigating) since <!date")


def test_the_announcement_of_a_page_asks_for_no_owner() -> None:
    """An investigation is about one target, which a form asks for."""
    seen = ShownAnnouncement(FOUND, TargetTrouble(incidents=(WIDE,)))
    card = cards.announcement(seen, "Status page", None, page=True)

    assert labels(card) == ["Investigate", "Silence 1 Hour", "Silence 4 Hours"]
    assert "No one has picked" not in shown(card)
    assert "status page:" not in shown(card)
    assert "Expect tickets." in shown(card)


@pytest.mark.parametrize(
    ("level", "mark"),
    [
        (Level.OPERATIONAL, ":large_green_circle:"),
        (Level.UNKNOWN, ":white_circle:"),
        (Level.MAINTENANCE, ":large_blue_circle:"),
        (Level.DEGRADED, ":large_yellow_circle:"),
        (Level.PARTIAL_OUTAGE, ":red_circle:"),
        (Level.MAJOR_OUTAGE, ":red_circle:"),
    ],
)
def test_colours_mean_the_same_everywhere(level: Level, mark: str) -> None:
    """Green was checked and is fine, grey is not known, blue is planned, yellow is not all well, red is broken now."""
    found = Component("c1", "US East", level, word=level)
    target = TargetStatus("us-east", (replace(PAGE, told=level, components=(found,)),))

    assert cards.status_line(target).startswith(mark)
