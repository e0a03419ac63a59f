"""The morning's summary."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from bot.briefings import cards
from bot.briefings.model import (
    AmendedPart,
    Amendment,
    Briefing,
    BriefingOverview,
    CustomersWaiting,
    Doubt,
    Due,
    Elevated,
    Ended,
    FollowUp,
    Issue,
    News,
    NextStep,
    NextStepKind,
    Ongoing,
    Planned,
    Rose,
    ServiceTrouble,
    Situation,
    Stage,
    Unlisted,
)
from bot.briefings.schedule import PlannedBriefing, Schedule
from bot.investigations.model import State
from bot.known_issues.model import ChangeKind, Priority
from tests.words.plain import Message
from tests.words.records import LINK, OPEN, RESOLVED, at

DAY = date(2026, 11, 30)
TICKET = (48500, "https://acme.zendesk.test/48500")
ISSUE = Issue(
    31,
    "Voice calls break up",
    "https://tracker.test/31",
    workaround="Switch the protocol to IKEv2.",
    eta=date(2026, 12, 12),
    priority=Priority.P1,
    tickets=12,
    more=3,
    investigations=(4,),
    also=(("VPN-9", "https://jira.test/VPN-9"),),
)


def briefing(said: Situation, **more: Any) -> BriefingOverview:
    return BriefingOverview(Briefing(1, "C1", DAY, at(-14), said), **more)


def messages() -> Mapping[str, Message]:
    whole = _situation()
    amendments = (
        Amendment(31, AmendedPart.ETA, "2026-12-12", "2026-12-19", at(60)),
        Amendment(31, AmendedPart.WORKAROUND, "", "Use Wi-Fi.", at(70)),
        Amendment(31, AmendedPart.STAGE, "open", "in progress", at(80)),
    )
    now = {4: replace(OPEN, helpers=("UJO",)), 5: replace(OPEN, id=5, **RESOLVED)}
    planned = PlannedBriefing(("C1",), Schedule(time(9), "Europe/Berlin"), at(1440), set_by="UKIM")
    return {
        "Briefing": cards.page(briefing(whole), 0),
        "Briefing, amended during the day": cards.page(
            briefing(whole, amendments=amendments, readers=("UKIM", "UJO"), now=now, not_told={"KI-31 v2.15": 0}), 0
        ),
        "Briefing, for one person": cards.page(BriefingOverview(Briefing(0, "C1", DAY, at(0), whole)), 0),
        "Briefing, a second part": cards.page(_long(), 1),
        "Briefing, nothing": cards.page(briefing(Situation(at(0), at(-1440))), 0),
        "Briefing, nothing, a source is away": cards.page(briefing(Situation(at(0), doubts=whole.doubts)), 0),
        "How many parts": str(cards.pages(_long())),
        "Who has read it": cards.read_by(("UKIM", "UJO")),
        "When it comes": cards.planned(planned),
        "When it comes, as configured": cards.planned(replace(planned, set_by=None, next_at=None)),
    }


def _long() -> BriefingOverview:
    return briefing(replace(_situation(), investigations=tuple(_ongoing(NextStepKind.DECIDE, n) for n in range(40))))


def _ongoing(step: NextStepKind, number: int = 4, **more: Any) -> Ongoing:
    values: dict[str, Any] = {"owner": None if step is NextStepKind.CLAIM else "UKIM", "link": LINK}
    values |= {"tickets": 31 + number, "confirmed": 6, "more": 12, "growth": "27 in the last hour"} | more
    following = NextStep(step, at(-30), 12)
    return Ongoing(number, "U.S. East: packet loss", State.OPEN, "C1", at(-60), following, **values)


def _situation() -> Situation:
    stages = [replace(ISSUE, id=40 + n, stage=stage, workaround="", eta=None) for n, stage in enumerate(Stage)]
    values = {ChangeKind.ETA: ("2026-12-05", "2026-12-12"), ChangeKind.PRIORITY: ("P2", "P1")}
    news = [News(31, "Voice calls break up", ISSUE.url, kind, *values.get(kind, ("", "2.15"))) for kind in ChangeKind]
    return Situation(
        at=at(0),
        since=at(-1440),
        investigations=(
            _ongoing(NextStepKind.DECIDE, 3, said="Use U.S. West for now.", said_at=at(-20)),
            *(_ongoing(step, 4 + n) for n, step in enumerate(NextStepKind)),
        ),
        ended=(
            Ended(2, "U.S. East: no connection", State.RESOLVED, "UJO", "A router dropped packets.", LINK),
            Ended(3, "Website: slow", State.DISMISSED, "UKIM", "One customer's own network."),
        ),
        news=tuple(news),
        issues=(ISSUE, *stages),
        pending=(replace(ISSUE, id=32, workaround="", eta=None, priority=None),),
        found_by_qa=(replace(ISSUE, id=33),),
        troubles=(
            ServiceTrouble("U.S. East", "degraded, by the status page", since=at(-22)),
            ServiceTrouble("Website", "major outage, by the status page", since=at(-22), broken=True),
            ServiceTrouble("Payments", "unknown", known=False),
        ),
        planned=(
            Planned("M-3", ("U.S. East", "U.S. West"), at(600), at(690), "new kernel"),
            Planned("M-4", ("Payments",), at(-10), at(30), "New cards", of_page=True),
        ),
        rises=(Rose("U.S. East", at(-420), 31, 1), Rose("“error <809>”", at(-300), 9, 0.5)),
        elevated=(Elevated(4, "management", at(-100), (TICKET,)),),
        follow_ups=tuple(_follow_up(due) for due in Due),
        not_told=(CustomersWaiting("KI-31", "Voice calls break up", "v2.15", 12, at(-600), LINK),),
        customers_not_told=12,
        doubts=(Doubt("Zendesk", at(-40), at(-35), "timed out"), Doubt("Jira", None, at(-35))),
        unlisted=Unlisted(news=2, issues=3),
    )


def _follow_up(due: Due) -> FollowUp:
    since = DAY if due is Due.OVERDUE else at(-3000)
    tickets = (TICKET,) if due is Due.OPEN_TICKETS else ()
    return FollowUp(due, 2, "U.S. East: no connection", LINK, "UJO", since, tickets)
