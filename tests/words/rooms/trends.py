"""Rises of customers: the message of a trend in each of its states, and its forms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.investigations.model import Investigation, State
from bot.messages.model import ShownPicture
from bot.reading.versions import spelled
from bot.trends import cards, forms, overview_cards, report_cards, wording
from bot.trends.model import SeriesKey, Trend, TrendMode, TrendState
from bot.trends.record import Judged, SeenFirst, TrendsOverview
from bot.trends.shadow import ReportLine, TrendReport
from bot.trends.shown import NewestTicket, ShownTrend
from tests.words.plain import Message
from tests.words.records import KNOWN, NOW, OPEN, STATUS, SUBJECTS, TARGETS, at

RISING = Trend(
    id=1,
    series=SeriesKey(target="us-east"),
    state=TrendState.RISING,
    team="tech",
    channel="C1",
    began_at=at(-33),
    noticed_at=at(-6),
    last_at=NOW,
    window_h=1,
    customers=31,
    expected=4.2,
    most=31,
    about="us-east",
    symptom="connect",
    sharing=24,
    ticket_ids=tuple(range(48531, 48500, -1)),
    said_at=at(-6),
)
NEWEST = tuple(
    NewestTicket(48531 - place, subject, f"https://acme.zendesk.test/agent/tickets/{48531 - place}")
    for place, subject in enumerate((*SUBJECTS, "US-East-1 again??"))
)
PICTURE = ShownPicture("F1", "Customers who wrote about U.S. East, hour by hour.")
SHOWN = ShownTrend(
    trend=RISING, local=NOW, title="U.S. East", symptom="can't connect", newest=NEWEST, status=STATUS, picture=PICTURE
)
INV = replace(OPEN, symptom="can't connect")


def shown(state: TrendState = TrendState.RISING, *, trend: Mapping[str, Any] | None = None, **more: Any) -> ShownTrend:
    return replace(SHOWN, trend=replace(RISING, state=state, **(trend or {})), **more)


def title(key: str) -> str:
    return {target.key: target.title for target in TARGETS}.get(key, key)


def reports() -> Mapping[str, TrendReport]:
    def line(number: int, series: SeriesKey, **more: Any) -> ReportLine:
        fields: dict[str, Any] = {"most": 9 + 4 * number, "most_window_h": 1.0, "expected": 2.1, "window_h": 1.0}
        return ReportLine(series=series, fleet=False, noticed_at=at(-3000 * number), **(fields | more))

    lines = (
        line(6, SeriesKey(target="us-east")),
        line(5, SeriesKey(target="us-east", version="app 8.4.0")),
        line(5, SeriesKey(symptom="payment"), most_window_h=3.0, expected=0.4),
        line(4, SeriesKey(version="ios 26.2"), expected=0.0),
        line(3, SeriesKey(code="809")),
        line(2, SeriesKey(term=7), words="captcha loop"),
        line(1, SeriesKey(), expected=80.0, most=214),
    )
    many = tuple(line(number, SeriesKey(target="us-east")) for number in range(30, 0, -1))
    setup = TrendReport(1, NOW, "C1", True, "on", at(-28 * 1440), NOW, lines)
    return {
        "at set-up": setup,
        "at set-up, in shadow": replace(setup, mode="shadow", lines=lines[:1]),
        "at set-up, nothing": replace(setup, lines=()),
        "at set-up, many": replace(setup, lines=many),
        "while it learns": replace(setup, lines=(), speaks_from=at(5 * 1440)),
        "while it learns, in shadow": replace(setup, lines=(), speaks_from=at(5 * 1440), mode="shadow"),
        "daily": replace(setup, setup=False, mode="shadow", since=at(-1440), lines=lines[:2]),
    }


def overviews(live: Investigation, ended: Investigation) -> Mapping[str, TrendsOverview]:
    def judged(number: int, real: bool | None, **more: Any) -> Judged:
        return Judged(replace(RISING, id=number, noticed_at=at(-600 * number), **more), real)

    over: dict[str, Any] = {"state": TrendState.OVER}
    week = (
        judged(6, True, **over, investigation_id=2, series=SeriesKey(symptom="payment")),
        judged(5, False, **over, dismissed_at=NOW, dismissed_by="UKIM", reason="a newsletter"),
        judged(4, None, **over, series=SeriesKey(version="ios 26.2")),
        judged(3, False, **over, investigation_id=3, series=SeriesKey(code="809")),
        judged(2, None, state=TrendState.SNOOZED, snoozed_until=at(120), snoozed_by="UKIM"),
        judged(1, None),
    )
    seen = (SeenFirst(live, at(25)), SeenFirst(replace(ended, id=5, target="android"), None))
    on = TrendsOverview(TrendMode.ON)
    return {
        "a good week": TrendsOverview(TrendMode.ON, week[4:], week * 2, week, seen),
        "a maintenance explains it": replace(on, rising=(judged(7, None, maintenance_id=3, said_at=None),)),
        "nothing yet": on,
        "one real message": replace(on, month=(judged(9, True, **over, investigation_id=2),)),
        "it learns": replace(on, speaks_from=at(5 * 1440)),
        "it only watches": replace(on, mode=TrendMode.SHADOW, month=(judged(4, None, **over, shadow=True),) * 2),
        "it learns, and only watches": replace(on, mode=TrendMode.SHADOW, speaks_from=at(5 * 1440)),
        "off": TrendsOverview(TrendMode.OFF),
    }


def messages() -> Mapping[str, Message]:
    dismissed: dict[str, Any] = {
        "dismissed_at": NOW,
        "dismissed_by": "UKIM",
        "reason": "the newsletter of this morning",
    }
    dismissed |= {"dismissed_customers": 31}
    over: dict[str, Any] = {"over_at": at(150), "most": 45}
    ended = Investigation(
        4, "us-east", "", State.RESOLVED, "UKIM", NOW, "C1", owner="UKIM", root_cause="a router", closed_at=at(95)
    )
    no_target: dict[str, Any] = {"about": "", "symptom": "", "sharing": 0}
    states = {
        "rising": SHOWN,
        "rising, Zendesk away": replace(SHOWN, newest=tuple(replace(each, subject="", url="") for each in NEWEST)),
        "rising, half an hour": shown(trend={"window_h": 0.5, "customers": 5, "expected": 0.06}),
        "rising, three hours": shown(trend={"window_h": 3.0, "customers": 9, "expected": 0.6}, status=None),
        "rising, hardly anybody usually writes": shown(trend={"expected": 0.0, "customers": 3}, picture=None),
        "rising, calm again": shown(trend={"customers": 3, "most": 31}),
        "rising, silent": shown(trend={"customers": 0, "most": 31}),
        "one is usual": shown(trend={"expected": 1.2, "customers": 9}),
        "a symptom": replace(
            shown(trend=no_target | {"series": SeriesKey(symptom="payment"), "symptom": "payment"}),
            title="",
            symptom="payment fails",
            status=None,
        ),
        "a version of an app": shown(
            trend=no_target | {"series": SeriesKey(target="android", version="app 8.4.0")},
            title="Android app",
            status=None,
        ),
        "a version": shown(
            trend=no_target | {"series": SeriesKey(version="ios 26.2")}, title="", symptom="", status=None
        ),
        "a version of a target": shown(trend={"version": "ios 26.2"}, status=None),
        "an error code": shown(trend=no_target | {"series": SeriesKey(code="809")}, title="", symptom="", status=None),
        "a new word": shown(
            trend=no_target | {"series": SeriesKey(term=7), "words": "error 809"}, title="", symptom="", status=None
        ),
        "a new word, most of one target": shown(trend={"series": SeriesKey(term=7), "words": "error 809"}, status=None),
        "everything": shown(
            trend=no_target | {"series": SeriesKey(), "fleet": True, "customers": 214, "expected": 80.0},
            title="",
            symptom="",
            status=None,
        ),
        "looks like a known issue": shown(known=KNOWN),
        "a known issue that regressed": shown(known=KNOWN, regressed=True),
        "larger than what was dismissed": shown(
            larger_than=replace(RISING, **dismissed), trend={"customers": 64, "larger_than": 1}
        ),
        "started again": shown(again=ended, trend={"again_of": 4, "settled_at": at(120)}),
        "never stopped": shown(again=ended, trend={"again_of": 4}),
        "somebody looks into it": shown(
            TrendState.INVESTIGATED, investigation=INV, investigation_url="https://acme.slack.test/p1"
        ),
        "began in a maintenance": shown(trend={"maintenance_id": 3, "said_at": NOW}),
        "opened and free": shown(TrendState.INVESTIGATED, investigation=replace(INV, owner=None)),
        "snoozed": shown(TrendState.SNOOZED, trend={"snoozed_until": at(240), "snoozed_by": "UKIM"}),
        "dismissed": shown(TrendState.DISMISSED, trend=dismissed),
        "over": shown(TrendState.OVER, trend=over),
        "over, of a version": shown(
            TrendState.OVER, trend=over | {"series": SeriesKey(version="ios 26.2"), "most_window_h": 0.5}, title=""
        ),
        "over, of everything": shown(TrendState.OVER, trend=over | {"series": SeriesKey(), "fleet": True}, title=""),
        "over, after it was looked into": shown(
            TrendState.OVER, trend=over | {"investigation_id": 4}, investigation=ended
        ),
        "over, dismissed": shown(TrendState.OVER, trend=over | dismissed | {"most_window_h": 3.0}),
    }
    listed: dict[str, Message] = {f"Message, {name}": cards.card(each) for name, each in states.items()}
    snoozed = shown(trend={"snoozed_by": "UKIM", "snoozed_until": at(-1)})
    listed["To an agent"] = cards.to_agent(SHOWN, (48531, 48527), "https://acme.slack.test/p1")
    listed["To an agent, one ticket"] = cards.to_agent(SHOWN, (48531,), "")
    listed["To an agent, many tickets"] = cards.to_agent(SHOWN, RISING.ticket_ids, "")
    listed["In the thread, after a snooze"] = cards.still_rising(snoozed)
    for name, each in overviews(INV, ended).items():
        listed[f"Overview, {name}"] = overview_cards.overview(each, title)
        listed[f"Lines of /t2 status, {name}"] = overview_cards.status_lines(each)
    for name, made in reports().items():
        listed[f"Report, {name}"] = report_cards.report(made, title)
    listed["Form, snooze"] = forms.snooze_form(1)
    listed["Form, not a trend"] = forms.dismiss_form(1)
    listed["Form, which target"] = forms.investigate_form(1, TARGETS, symptom="payment fails")
    listed["On the card of an investigation"] = [wording.now_and_usual(RISING)]
    names = ("ios 26.2", "app 8.4.1", "macos 15", "android 16", "windows 11")
    listed["Versions"] = [spelled(each) for each in names]
    return listed
