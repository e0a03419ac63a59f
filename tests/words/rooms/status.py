"""How services do, and what is announced of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.status import cards
from bot.status.cards import LiveInvestigation
from bot.status.model import Expected, Incident, Level, SourceState, StatusReport, TargetStatus
from bot.status.trouble import Announcement, ShownAnnouncement, Silence, SilenceWish, TargetTrouble, ToldTrouble
from tests.fake_status import alert, component
from tests.words.plain import Message
from tests.words.records import ALERTS, NOW, PAGE, STATUS, at

INCIDENT = Incident("i9", "Login problems", "investigating", Level.DEGRADED, at(-30), update="We are looking into it.")
QUIET = replace(ALERTS, told=Level.OPERATIONAL, alerts=())
ANNOUNCED = Announcement(7, "us-east", "C1", at(-22), at(-20))
TROUBLE = TargetTrouble(alerts=(alert("HighPacketLoss", at(-22)), alert("SlowHandshakes", at(-10), number=2)))
SILENCE = Silence(3, "us-east", "UKIM", NOW, at(60))
WISH = SilenceWish(3, "alerts/ops", TROUBLE.alerts[0])


def messages() -> Mapping[str, Message]:
    return {**_lines(), **_announcements()}


def _lines() -> Mapping[str, Message]:
    reports: dict[str, tuple[StatusReport, ...]] = {
        f"the page says {level}": (replace(PAGE, told=level, components=(component("US East", level),)),)
        for level in Level
    }
    reports |= {
        "both": (PAGE, ALERTS),
        "alerts, none": (QUIET,),
        "alerts, silenced": (replace(ALERTS, alerts=(alert("HighPacketLoss", at(-22), silenced=True),)),),
        "alerts, many": (replace(ALERTS, alerts=tuple(alert("HighPacketLoss", at(-22), number=n) for n in range(9))),),
        "page, no component": (replace(PAGE, components=(), told=Level.UNKNOWN),),
        "page, not read yet": (replace(PAGE, read_at=None, told=Level.UNKNOWN),),
        "page, away": (replace(PAGE, failing_since=at(-5), failure="timed out"),),
        "page, away for long": (replace(PAGE, told=Level.OPERATIONAL, stale=True, failing_since=at(-50)),),
        "alerts, away": (replace(QUIET, told=Level.UNKNOWN, read_at=None, failing_since=at(-5)),),
        "page, an incident": (replace(PAGE, incidents=(INCIDENT,)),),
        "page, all of it": (replace(PAGE, page_wide=(INCIDENT,)),),
        "page, maintenance": (
            replace(PAGE, told=Level.MAINTENANCE, incidents=(replace(INCIDENT, planned=True, stage="in_progress"),)),
        ),
    }
    states = [SourceState("alerts/ops", "Alertmanager", NOW, at(-5), "timed out", strays=2)]
    whole = TargetStatus("page/public", (replace(PAGE, incidents=(INCIDENT,)),), page="status page")
    expected = Expected(at(-10), at(90), "M-3", "new kernel")
    return {
        "Line: in maintenance": cards.status_line(TargetStatus("us-east", (PAGE, ALERTS), expected=expected)),
        "Line: in maintenance, no source": cards.status_line(TargetStatus("us-east", (), expected=expected)),
        "Line: in maintenance, too long": cards.status_line(
            TargetStatus("us-east", (QUIET,), expected=replace(expected, until=at(-1), late=True))
        ),
        **{f"Line: {name}": cards.status_line(TargetStatus("us-east", each)) for name, each in reports.items()},
        "Lines of /t2 status": cards.status_lines([("U.S. East", STATUS), ("Status page", whole)], states),
        "Durations": [cards.duration(timedelta(seconds=seconds)) for seconds in (20, 3000, 3600, 7500)],
    }


def _announcements() -> Mapping[str, Message]:
    live = ShownAnnouncement(ANNOUNCED, TROUBLE)
    seen = (ToldTrouble("a", "HighPacketLoss", at(-22)),)
    over = replace(ANNOUNCED, over_at=at(5), seen=seen)
    wishes = {
        "wanted": WISH,
        "made": replace(WISH, done=True, link="https://alerts.test/#/silences/s1"),
        "refused": replace(WISH, failure="refused the token (403)"),
    }
    states = {
        "nobody's": (live, None),
        "somebody's": (live, LiveInvestigation("INV-4", "UKIM")),
        "open, not claimed": (live, LiveInvestigation("INV-4", "")),
        "over, may come back": (ShownAnnouncement(over, TargetTrouble()), None),
        "over": (ShownAnnouncement(replace(over, closed=True, returns=2), TargetTrouble()), None),
        "silenced for us": (replace(live, silence=SILENCE), None),
        **{
            f"silence {name}": (replace(live, silence=replace(SILENCE, orders=(wish,))), None)
            for name, wish in wishes.items()
        },
        "a source is away": (
            replace(live, trouble=replace(TROUBLE, failing=(replace(ALERTS, failing_since=at(-5)),))),
            None,
        ),
    }
    listed: dict[str, Message] = {
        f"Announced, {name}": cards.announcement(each, "U.S. East", taken) for name, (each, taken) in states.items()
    }
    page = ShownAnnouncement(ANNOUNCED, TargetTrouble(incidents=(INCIDENT,)))
    listed["Announced, it began in a maintenance"] = cards.announcement(live, "U.S. East", None, planned="M-3")
    listed["Announced, a whole page"] = cards.announcement(page, "Status page", None, page=True)
    return listed
