"""What is to be done next about an investigation: one line from its record, never empty while it is live. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.investigations.above import NOTHING_ABOVE, Above, Tier3
from bot.investigations.model import LIVE, EventKind, State
from bot.investigations.overview import Overview
from bot.investigations.relation_model import Bond
from bot.investigations.with_vendors import awaited, to_do
from bot.probes.batch import RunState
from bot.probes.conclusion import Light
from bot.slack.text import clock_time, person, plural


class StepKind(StrEnum):
    """What the next step is; a button of the card does some of them."""

    CLAIM = "claim"
    DECIDE = "decide"
    ANSWER = "answer"
    ESCALATE = "escalate"
    CONFIRM = "confirm"
    MEASURE = "measure"
    HAND_OFF = "hand_off"
    REVIEW = "review"
    CALL = "call"
    """By phone: the bot has asked everybody."""
    WAIT = "wait"
    RESOLVE = "resolve"
    VENDOR = "vendor"
    """Something for a vendor, or waiting for one."""


@dataclass(frozen=True, slots=True)
class Step:
    """`words` go on after "Next:", in mrkdwn."""

    kind: StepKind
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The facts that the next step follows from; `waits_since` is set while management owes an answer.

    `reopened` is true after an escalation of an earlier time, `asked_by` is who of management needs more.
    `by_hand` is whether it can only be tried on a device, `attempted` whether probes came to an end, `suggested` the
    known issue that it may be. `cause` is the investigation that caused it, `cause_over` whether all that did are over.
    """

    state: State
    owned: bool = True
    light: Light = Light.UNKNOWN
    measuring: bool = False
    by_hand: bool = False
    attempted: bool = False
    rises: bool = False
    to_confirm: int = 0
    confirmed: int = 0
    matching: int = 0
    suggested: str = ""
    known: str = ""
    escalated: bool = False
    reopened: bool = False
    waits_since: datetime | None = None
    asked_by: str = ""
    cause: str = ""
    cause_over: bool = False
    above: Above = NOTHING_ABOVE

    @property
    def unhappy(self) -> bool:
        """Whether something is wrong now: measured, or in what customers write."""
        return self.light is Light.BROKEN or self.rises


def situation(overview: Overview, above: Above) -> Situation:
    """Reads the record."""
    investigation, collected = overview.investigation, overview.collected
    escalated, own = overview.last(EventKind.ESCALATED), overview.own_batches
    asked = overview.last(EventKind.QUESTION)
    waits = overview.to_management if overview.waits_for_management else None
    question = asked if asked and asked.actor and waits and asked.id > waits.id else None
    telling = (EventKind.NOTE, EventKind.UPDATED)
    notes = [event for event in overview.events if event.kind in telling and question]
    answer = next((note for note in notes if question and note.id > question.id and note.actor != question.actor), None)
    counts = collected.counts if collected else None
    said_causes = [each for each in overview.neighbours if each.bond is Bond.CAUSE]
    causes = sorted((each for each in said_causes if each.state is not State.DISMISSED), key=lambda each: each.over)
    if waits and above.waits_for_since and above.waits_for_since < waits.at:
        above = replace(above, waits_for="", waits_for_since=None)  # they gave it back since
    return Situation(
        state=investigation.state,
        owned=bool(investigation.owner),
        light=overview.headline.light,
        measuring=any(batch.is_live for batch in own),
        attempted=any(batch.state is RunState.DONE for batch in own),
        by_hand=any(batch.by_hand for batch in own) and not overview.headline.measured,
        rises=bool(above.rise_words or (counts and counts.rises)),
        to_confirm=len(collected.suggested) if collected else 0,
        confirmed=len(collected.confirmed) if collected else 0,
        matching=(collected.total or 0) if collected else 0,
        suggested=overview.suggested.issue.name if overview.suggested else "",
        known=overview.known[0].name if overview.known else "",
        escalated=bool(escalated) and investigation.state is not State.OPEN,
        reopened=bool(escalated) and investigation.state is State.OPEN,
        waits_since=answer.at if answer else (above.waits_for_since or waits.at) if waits else None,
        asked_by=person(question.actor or "") if question and not answer else "",
        cause=causes[0].name if causes else "",
        cause_over=all(each.over for each in causes),
        above=replace(above, waits_for=person(question.actor or "")) if question and answer else above,
    )


def next_step(now: Situation) -> Step | None:
    """The one thing to do next; None once it is over and nobody waits for an answer any more."""
    if now.state not in LIVE:
        return _review(now)
    return next(step for rule in _RULES if (step := rule(now)))


def _claim(now: Situation) -> Step | None:
    return None if now.owned else Step(StepKind.CLAIM, "claim it")


def _answer(now: Situation) -> Step | None:
    return Step(StepKind.ANSWER, f"answer {now.asked_by}, who needs to know more") if now.asked_by else None


def _decide(now: Situation) -> Step | None:
    return Step(StepKind.DECIDE, f"say whether it is {now.suggested}") if now.suggested else None


def _review(now: Situation) -> Step | None:
    ready = now.above.told.to_review
    return Step(StepKind.REVIEW, f"review the {plural(ready, 'answer')} to customers") if ready else None


def _for_vendor(now: Situation) -> Step | None:
    words = to_do(now.above.vendors)
    return Step(StepKind.VENDOR, words) if words else None


def _vendor(now: Situation) -> Step | None:
    words = awaited(now.above.vendors)
    return Step(StepKind.VENDOR, words) if words else None


def _sending(now: Situation) -> Step | None:
    count = now.above.told.sending
    words = f"{plural(count, 'answer is', 'answers are')} on the way to customers"
    return Step(StepKind.WAIT, words) if count else None


def _after_the_fix(now: Situation) -> Step | None:
    """The fix is out, or there will be none."""
    if now.above.tier3 is Tier3.DECLINED:
        return Step(StepKind.RESOLVE, "resolve: Tier 3 closed it without a fix")
    if now.above.tier3 is not Tier3.RELEASED:
        return None
    if now.measuring:
        return Step(StepKind.WAIT, "the fix is out, and the probes are running")
    if now.light is Light.BROKEN:
        return Step(StepKind.MEASURE, "run the probes again: the fix is out, and they failed")
    if rest := _rest(now):
        return rest
    fine = " and probes are fine" if now.light is not Light.UNKNOWN else ""
    return Step(StepKind.RESOLVE, f"resolve: the fix is out{fine}")


def _rest(now: Situation) -> Step | None:
    """Tickets of customers who wrote the same, and were told nothing."""
    answered = now.above.told.answered
    matching = max(now.matching, answered)
    if not (answered and now.to_confirm and matching > answered):
        return None
    have = "has" if answered == 1 else "have"
    words = f"{answered} of {matching} matching tickets {have} been answered: confirm the rest?"
    return Step(StepKind.CONFIRM, words)


def _management(now: Situation) -> Step | None:
    if not now.waits_since:
        return None
    if now.above.unanswered_since:
        words = f"call management yourself: nobody had answered by {clock_time(now.above.unanswered_since)}"
        return Step(StepKind.CALL, words)
    whom = now.above.waits_for or "management"
    return Step(StepKind.WAIT, f"waiting for {whom} since {clock_time(now.waits_since)}")


def _first_results(now: Situation) -> Step | None:
    return Step(StepKind.WAIT, "the first results come in a few seconds") if now.measuring and _dark(now) else None


def _dark(now: Situation) -> bool:
    return now.light is Light.UNKNOWN


def _escalate(now: Situation) -> Step | None:
    known_bug = bool(now.known) and now.light is not Light.BROKEN
    if now.cause or now.escalated or now.above.tier3 is not Tier3.NONE or not now.unhappy or known_bug:
        return None
    if now.reopened:
        return Step(StepKind.ESCALATE, "escalate again: management doesn't know that it's open again")
    return Step(StepKind.ESCALATE, "escalate: management doesn't know yet")


def _confirm(now: Situation) -> Step | None:
    if now.confirmed or not now.to_confirm:
        return None
    which = "the ticket that belongs" if now.to_confirm == 1 else "the tickets that belong"
    return Step(StepKind.CONFIRM, f"confirm {which} to it: {now.to_confirm} to look at")


def _development(now: Situation) -> Step | None:
    waits = {
        Tier3.TRIAGE: "waiting for Tier 3 to decide who takes it",
        Tier3.WORKING: "waiting for Tier 3 to fix it",
        Tier3.FIXED: "waiting for the release: it is fixed",
    }
    words = waits.get(now.above.tier3)
    return _rest(now) or Step(StepKind.WAIT, words) if words else None


def _after_its_cause(now: Situation) -> Step | None:
    if not now.cause or not now.cause_over:
        return None
    if now.light is Light.BROKEN and not now.measuring:
        return Step(StepKind.MEASURE, f"run the probes again: {now.cause}, which caused this, is resolved")
    return Step(StepKind.RESOLVE, f"check and resolve: {now.cause}, which caused this, is resolved")


def _cause(now: Situation) -> Step | None:
    """What caused it is mended first, by whoever has that."""
    return Step(StepKind.WAIT, f"waiting for {now.cause}, which caused this") if now.cause else None


def _hand_off(now: Situation) -> Step | None:
    possible = now.state is not State.HANDED_OFF and now.above.has_tracker and now.above.tier3 is Tier3.NONE
    if not (possible and now.escalated and now.unhappy) or now.known:
        return None
    return Step(StepKind.HAND_OFF, "send to Tier 3 if it needs a fix, or resolve it once it's over")


def _measure(now: Situation) -> Step | None:
    if not _dark(now):
        return None
    if now.by_hand:
        return Step(StepKind.MEASURE, "try it on a device and record what you see")
    return None if now.attempted else Step(StepKind.MEASURE, "run the probes: `probe playbook` in the thread")


def _end(now: Situation) -> Step:
    if now.known:
        return Step(StepKind.RESOLVE, f"resolve once customers have the workaround: it is {now.known}")
    if now.unhappy:
        return Step(StepKind.RESOLVE, "resolve once it's over: management knows")
    if _dark(now):
        return Step(StepKind.RESOLVE, "note what you find out, then resolve or dismiss it")
    return Step(StepKind.RESOLVE, "resolve or dismiss it: nothing is wrong now")


_RULES: Sequence[Callable[[Situation], Step | None]] = (
    _claim,
    _answer,
    _decide,
    _review,
    _for_vendor,
    _sending,
    _after_the_fix,
    _management,
    _first_results,
    _after_its_cause,
    _escalate,
    _confirm,
    _development,
    _vendor,
    _cause,
    _hand_off,
    _measure,
    _end,
)
"""In this order; the last one always has a step."""
