"""What people see on the App Home: each kind of person, empty and with something of everything."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from bot.briefings.model import Issue, NextStep, NextStepKind
from bot.home import cards, forms
from bot.home.model import (
    Changed,
    Changes,
    EscalationWaits,
    HandoverWaits,
    HomeView,
    LaneWaits,
    Listed,
    Part,
    Reader,
    RoundWaits,
    Waiting,
)
from bot.investigations.model import EventKind, State
from bot.known_issues.model import Change, ChangeKind
from bot.messages.model import Place
from bot.people import USUAL, DmKind, OwnHours, PersonalSettings
from bot.reminders.claim_model import ShownQuestion
from bot.replies.model import Reply, ReplyState, Round, RoundState, Then
from tests.words.plain import Message
from tests.words.records import KNOWN, NOW, OPEN, SOURCE, at, event
from tests.words.rooms.escalations import ESCALATED
from tests.words.rooms.handoffs import HANDED
from tests.words.rooms.handovers import ASKED, OFFER
from tests.words.rooms.reminders import QUESTION
from tests.world import OFFICE

OWN = PersonalSettings(frozenset({DmKind.NEWS, DmKind.TREND}), OwnHours(time(7), time(15, 30), frozenset({0, 1, 2, 3})))
KIM, LENA, TOM = Reader("UKIM", "T2 Tech", tier2=True), Reader("ULENA", manages=True), Reader("UTOM", by_hours=False)
FRONT = cards.Front("https://acme.slack.test", pages=(("Board", "https://t2.acme.test/board"),))
CARD = ("C1", "1.1")
ESCALATED_ONE = replace(OPEN, state=State.ESCALATED)
FREE = replace(OPEN, id=6, target="us-west", owner=None, claimed_at=None, symptom="")
OTHERS = replace(OPEN, id=7, owner="UJO", helpers=("UKIM",))
YOURS = Listed(ESCALATED_ONE, "U.S. East", Part.OWNER, NextStep(NextStepKind.MANAGEMENT, since=at(10)), place=CARD)
HELPED = Listed(OTHERS, "Android app", Part.HELPER, NextStep(NextStepKind.TICKETS, count=6), place=CARD)
FOUND = Listed(FREE, "U.S. West", place=CARD)
ELSEWHERE = Listed(replace(OTHERS, helpers=()), "Android app", place=CARD)
FROM_TOM = Listed(replace(OPEN, source=SOURCE), "U.S. East", Part.REPORTER, say="Use U.S. West for now.", place=CARD)
ROUND = Round(
    3,
    "k",
    "released",
    "s",
    RoundState.READY,
    Then.SOLVED,
    Place("C1"),
    "UKIM",
    NOW,
    {"version": "2.15"},
    replies=(Reply(1, ReplyState.LISTED), Reply(2, ReplyState.LISTED)),
)
ALL_WAITS = Waiting(
    escalations=(EscalationWaits(ESCALATED, "U.S. East", CARD),),
    claims=(ShownQuestion(QUESTION, OPEN, "U.S. East"),),
    handovers=(HandoverWaits(ASKED, "U.S. East"),),
    lanes=(LaneWaits(HANDED, "U.S. East", CARD),),
    rounds=(RoundWaits(ROUND, CARD),),
    day_end=(OFFER, (OPEN,)),
)
AGAIN = EscalationWaits(replace(ESCALATED, acknowledged_by="ULENA", acknowledged_at=at(16)), "U.S. East", CARD, True)
EVENTS = (
    event(EventKind.ESCALATED, 10),
    event(EventKind.ACKNOWLEDGED, 16, by="ULENA"),
    event(EventKind.NOTE, 20, by="UJO", text="The provider is on it."),
    event(EventKind.UPDATED, 30, by="UJO", text="Next news at 11."),
)
CHANGED = Changes(
    at(-30), (Changed(OPEN, "U.S. East", EVENTS, CARD),), ((KNOWN, Change(KNOWN.id, NOW, ChangeKind.DONE)),)
)
ISSUE = Issue(
    31, "Calls break up", "https://github.test/31", symptom="Voice calls break up.", workaround="Use IKEv2.",
    eta=date(2026, 12, 12),
)  # fmt: skip


def messages() -> Mapping[str, Message]:
    both = Reader("UKIM", "T2 Tech", tier2=True, manages=True)
    return {
        "Tier 2, something of everything": cards.home(
            HomeView(KIM, ALL_WAITS, (YOURS, HELPED), (FOUND,), (ELSEWHERE,), CHANGED), FRONT
        ),
        "Tier 2, who helps with what no one has picked up": cards.home(
            HomeView(KIM, mine=(replace(FOUND, part=Part.HELPER, next=NextStep(NextStepKind.CLAIM)),)), FRONT
        ),
        "Tier 2, nothing open": cards.home(HomeView(KIM), FRONT),
        "Management": cards.home(
            HomeView(
                LENA,
                Waiting(escalations=(EscalationWaits(ESCALATED, "U.S. East", CARD), AGAIN)),
                others=(replace(YOURS, part=Part.NONE, next=None),),
                free=(FOUND,),
                issues=(ISSUE,),
            ),
            FRONT,
        ),
        "Management, nothing open": cards.home(HomeView(LENA), FRONT),
        "Tier 1, from whose message an investigation came": cards.home(
            HomeView(TOM, mine=(FROM_TOM,), free=(FOUND,), issues=(ISSUE, replace(ISSUE, workaround="", eta=None))),
            FRONT,
        ),
        "Anybody else, nothing open": cards.home(HomeView(TOM), cards.Front()),
        "Tier 2, with settings of their own": cards.home(HomeView(KIM, settings=OWN, kinds=tuple(DmKind)), FRONT),
        "The form of settings": forms.settings_form(USUAL, tuple(DmKind), OFFICE),
        "The form of settings, of a manager whom a ladder asks": forms.settings_form(USUAL, tuple(DmKind)[-2:], OFFICE),
        "The form of settings, of Tier 1": forms.settings_form(USUAL, tuple(DmKind)[-2:], None),
        "Of Tier 2, where no team says who is in it": cards.home(HomeView(Reader("UKIM", tier2=True)), cards.Front()),
        "The form of settings, some are their own": forms.settings_form(OWN, tuple(DmKind)[:3], OFFICE),
        "A guest": cards.home(HomeView(Reader("UGUEST", colleague=False)), FRONT),
        "Of Tier 2 and of management": cards.home(HomeView(both), cards.Front()),
        "Much of everything": cards.home(
            HomeView(
                KIM,
                replace(ALL_WAITS, handovers=ALL_WAITS.handovers * 20),
                (YOURS,) * 20,
                (FOUND,) * 20,
                (ELSEWHERE,) * 20,
                replace(CHANGED, investigations=CHANGED.investigations * 20),
            ),
            FRONT,
        ),
    }
