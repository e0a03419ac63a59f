"""What reminds somebody of what nobody does, and what asks an owner."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.reminders import cards
from bot.reminders.claim_model import ClaimEnd, ClaimQuestion, Freed, ShownQuestion
from bot.reminders.model import Nudge, NudgeLine, NudgeState, ReminderKind, ShownNudge
from tests.words.plain import Message
from tests.words.records import OPEN, RESOLVED, at

UNCLAIMED = NudgeLine(ReminderKind.UNCLAIMED, at(0), 1)
NO_UPDATE = NudgeLine(ReminderKind.NO_UPDATE, at(10), 2)
NOT_TOLD = NudgeLine(ReminderKind.NOT_TOLD, at(-20), 3, count=31)
ASKED = NudgeLine(ReminderKind.ASKED, at(0), 4, whom="UKIM", asked_by="UKIM", text="call the provider again")
FOR_JO = replace(ASKED, whom="UJO")
TEAM = "<!subteam^ST2TECH>"
QUESTION = ClaimQuestion(1, 4, "UKIM", at(250), at(0), 12, at(280))


def messages() -> Mapping[str, Message]:
    return {**_to_somebody(), **_afterwards(), **_to_an_owner()}


def _to_somebody() -> Mapping[str, Message]:
    fix = NudgeLine(ReminderKind.FIX_NOT_TOLD, at(-40), 5, count=31)
    long_open = NudgeLine(ReminderKind.LONG_OPEN, at(-1400), 6)
    return {
        "No one has picked it up": _shown(UNCLAIMED, team=TEAM),
        "No one has picked it up, the team has no user group": _shown(UNCLAIMED, team="T2 Tech"),
        "Its owner has left": _shown(NudgeLine(ReminderKind.FREED, at(0), 1, "UKIM", text=Freed.GONE), team=TEAM),
        "Its owner did not answer": _shown(
            NudgeLine(ReminderKind.FREED, at(0), 1, "UKIM", text=Freed.SILENT, count=12), team=TEAM
        ),
        "No news since it was escalated": _shown(NO_UPDATE),
        "Customers have heard nothing": _shown(NOT_TOLD),
        "Its owner is away": cards.reminder(ShownNudge(replace(_nudge(NOT_TOLD), team=TEAM), OPEN, "U.S. East")),
        "Its owner couldn't be asked": _shown(
            NudgeLine(ReminderKind.FREED, at(0), 1, "UKIM", text=Freed.UNREACHED), team=TEAM
        ),
        "One customer has heard nothing": _shown(replace(NOT_TOLD, count=1)),
        "A fix is out": _shown(fix),
        "Open over a day": _shown(long_open),
        "Asked for by themselves": _shown(ASKED),
        "Asked for without words": _shown(replace(ASKED, text="")),
        "Asked for by somebody else": _shown(FOR_JO),
        "Everything at once, to the owner": _shown(FOR_JO, NO_UPDATE, fix, NOT_TOLD, long_open),
        "Everything at once, to the team": _shown(UNCLAIMED, NOT_TOLD, team=TEAM),
        "Two that were asked for": _shown(ASKED, FOR_JO),
    }


def _afterwards() -> Mapping[str, Message]:
    until: dict[str, Any] = {"state": NudgeState.SNOOZED, "by": "UJO"}
    return {
        "Snoozed": _over(UNCLAIMED, until=at(40), **until),
        "Snoozed until tomorrow": _over(UNCLAIMED, NOT_TOLD, until=at(1380), **until),
        "Stopped": _over(NOT_TOLD, state=NudgeState.STOPPED, by="UJO"),
        "What was asked for is done": _over(ASKED, state=NudgeState.STOPPED, by="UKIM"),
        "It isn't so any more": _over(UNCLAIMED, state=NudgeState.DONE),
        "Several aren't so any more": _over(NO_UPDATE, NOT_TOLD, state=NudgeState.DONE),
        "It was resolved": cards.reminder(
            ShownNudge(_nudge(NOT_TOLD, state=NudgeState.DONE, ended_at=at(95)), replace(OPEN, **RESOLVED), "U.S. East")
        ),
        "A newer one stands below": _over(NO_UPDATE, state=NudgeState.REPLACED),
    }


def _to_an_owner() -> Mapping[str, Message]:
    return {
        "Still on it?": _asked(QUESTION),
        "Still on it? One customer wrote": _asked(replace(QUESTION, wrote=1)),
        **{
            f"Still on it? Ended: {end}": _asked(replace(QUESTION, ended_as=end, ended_at=at(280)))
            for end in ClaimEnd
            if end
        },
    }


def _shown(*lines: NudgeLine, team: str = "") -> Message:
    return cards.reminder(ShownNudge(_nudge(*lines, team=team), OPEN, "U.S. East"))


def _over(*lines: NudgeLine, **changes: Any) -> Message:
    return cards.reminder(ShownNudge(_nudge(*lines, ended_at=at(10), **changes), OPEN, "U.S. East"))


def _nudge(*lines: NudgeLine, team: str = "", **changes: Any) -> Nudge:
    nudge = Nudge(1, 4, at(65), tuple(lines), owner="" if team else "UKIM", team=team)
    return replace(nudge, **changes)


def _asked(question: ClaimQuestion) -> Message:
    return cards.still_on_it(ShownQuestion(question, OPEN, "U.S. East"))
