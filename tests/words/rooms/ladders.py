"""What people see of a ladder: the plan, what came of it, and what the bot asks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.escalations import cards, forms, ladder_cards
from bot.escalations.ladder_model import LadderRun, Rung, RunState, Step, StepState
from bot.escalations.model import EscalationPost, PreparedForm, meter
from bot.escalations.telling import Failure, FailureKind, WayKind
from bot.investigations.model import State
from bot.messages.model import Content
from tests.words.plain import Message
from tests.words.records import OPEN, RESOLVED, at, overview
from tests.words.rooms.escalations import DRAFT, ESCALATED, LIVE, QUESTION

NOBODY = "Nobody was notified: @ltm has no members."
TEN = timedelta(minutes=10)
GROUP = Rung(WayKind.GROUP, timedelta(), names=("@ltm",))
LENA, RAJ = (Rung(WayKind.DM, TEN, (f"U{name.upper()}",), names=(f"@{name}",), line=2) for name in ("lena", "raj"))
ROOM = Rung(WayKind.CHANNEL, TEN, ("#management",), mention="@here", line=3)
MAIL = Rung(WayKind.MAIL, TEN, ("lena@example.com",), line=4)
PHONE = Rung(WayKind.APPRISE, TEN, ("PHONE_BRIDGE_URL",), title="phone bridge", line=5)
RUNGS = (GROUP, LENA, RAJ, ROOM, MAIL, PHONE)


def _step(place: int, rung: Rung, minute: float, state: StepState = StepState.PLANNED, **more: object) -> Step:
    moment = {"next_at": at(minute)} if state is StepState.PLANNED else {"told_at": at(minute)}
    return Step(place, 1, 1, place, rung, state, **{**moment, **more})  # type: ignore[arg-type]


POSTED = _step(1, GROUP, 10, StepState.TOLD, is_post=True)
PLANNED = tuple(_step(place, rung, 10 * place) for place, rung in enumerate(RUNGS[1:], start=2))
RUN = LadderRun(1, 5, "day", RUNGS, RunState.RUNNING, at(10), repeats_left=2, repeats=2, steps=(POSTED, *PLANNED))


def _lena(state: StepState = StepState.TOLD, **more: object) -> LadderRun:
    return replace(RUN, steps=(POSTED, _step(2, LENA, 20, state, **more), *PLANNED[1:]))


def messages() -> Mapping[str, Message]:
    gone = Failure(FailureKind.PERSON_GONE)
    unsure = _step(6, PHONE, 60, StepState.TOLD, sure=False)
    refused = _step(5, MAIL, 50, StepState.FAILED, failure=Failure(FailureKind.MAILBOX_REFUSED, "550 no such mailbox"))
    away = replace(PLANNED[0], place=9, postponed="away", next_at=at(70))
    acknowledged = replace(ESCALATED, acknowledged_by="ULENA", acknowledged_at=at(26))
    by_phone = replace(ESCALATED, acknowledged_by="", acknowledged_via="phone bridge", acknowledged_at=at(62))
    taken = replace(ESCALATED, withdrawn_at=at(15), taken_back_by="UKIM")
    asked = replace(_lena(), state=RunState.ACKNOWLEDGED, asked_at=at(90), next_at=at(100), steps=_lena().begun)
    stopped = replace(RUN, state=RunState.STOPPED, because="taken back")
    held = replace(asked, asked_at=None)
    done = (
        POSTED,
        *(replace(step, state=StepState.TOLD, told_at=step.next_at) for step in PLANNED[:3]),
        refused,
        unsure,
    )
    return {
        "The post with its plan": _post(RUN),
        "The post, the first was told": _post(_lena()),
        "The post, a message is on its way": _post(_lena(StepState.TELLING)),
        "The post, somebody has left": _post(_lena(StepState.FAILED, failure=gone)),
        "The post, Slack is busy": _post(_lena(StepState.TELLING, failure=Failure(FailureKind.RATE_LIMITED))),
        "The post, told late": _post(_lena(late=True)),
        "The post, somebody is away": _post(replace(RUN, steps=(POSTED, *PLANNED[1:], away))),
        "The post, the group is empty": _post(
            _nobody(), mention="@ltm", mention_note="Nobody was notified: @ltm has no members."
        ),
        "The post, a question is open": _post(replace(_lena(), state=RunState.PAUSED)),
        "The post, nobody answered": _post(replace(RUN, state=RunState.ENDED, ended_at=at(70), steps=done)),
        "The post, it begins with a direct message": _post(RUN, mention="", priority="P0"),
        "The post, acknowledged": cards.post(EscalationPost(acknowledged, LIVE, (), (), run=held)),
        "The post, acknowledged by phone": cards.post(EscalationPost(by_phone, LIVE, (), (), run=held)),
        "The post, no news since": cards.post(EscalationPost(acknowledged, LIVE, (), (), run=asked)),
        "The post, taken back": cards.post(EscalationPost(taken, OPEN, (), (), run=stopped)),
        "The post, sent to Tier 3": _post(
            replace(_lena(), state=RunState.STOPPED, because="sent to Tier 3"), state=State.HANDED_OFF
        ),
        "Nobody answered": ladder_cards.end(_posted(replace(RUN, state=RunState.ENDED, steps=done))),
        "A question is open": ladder_cards.open_question(_questioned()) or Content(""),
        "A step is overdue": ladder_cards.overdue(PLANNED[0], _posted(RUN)),
        "Still on it?": ladder_cards.still_on_it(EscalationPost(acknowledged, LIVE, (), (), run=asked)),
        "Still on it? Whoever took it by phone": ladder_cards.still_on_it(
            EscalationPost(by_phone, LIVE, (), (), run=asked)
        ),
        "Still on it, yes": ladder_cards.still_on_it(EscalationPost(acknowledged, LIVE, (), (), run=held)),
        "Still on it, handed back": ladder_cards.still_on_it(_posted(RUN)),
        "Still on it, resolved": ladder_cards.still_on_it(
            EscalationPost(acknowledged, replace(OPEN, **RESOLVED), (), (), run=asked)
        ),
        "Form: escalate, with a priority": forms.escalate_form(
            PreparedForm(overview(), DRAFT, by_priority=True), meter(overview(), DRAFT), at(10)
        ),
    }


def _questioned() -> EscalationPost:
    return EscalationPost(replace(ESCALATED, questions=(QUESTION,)), LIVE, (), (), run=RUN)


def _nobody() -> LadderRun:
    failed = _step(1, GROUP, 10, StepState.FAILED, failure=Failure(FailureKind.NOBODY), is_post=True)
    return replace(RUN, steps=(failed, *PLANNED))


def _posted(run: LadderRun) -> EscalationPost:
    return EscalationPost(ESCALATED, LIVE, (), (), run=run)


def _post(run: LadderRun, *, state: State = State.ESCALATED, **more: object) -> Message:
    escalation = replace(ESCALATED, **more)  # type: ignore[arg-type]
    over = state is State.HANDED_OFF
    return cards.post(EscalationPost(escalation, replace(LIVE, state=state), (), (), run=run, over=over))
