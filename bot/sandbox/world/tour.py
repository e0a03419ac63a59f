"""The first morning, step by step: what to do next, as whom, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.errors import Json

KIM, LENA, RAJ = "U0KIM", "U0LENA", "U0RAJ"
TECH = "C0T2TECH"
SAY, COMMAND, PRESS, SUBMIT, ACT = "say", "command", "press", "submit", "act"
"""What somebody did: the text or the command as typed, the action_id, the callback_id, the key of a menu's act."""


@dataclass(frozen=True, slots=True)
class Step:
    """`words` say what `who` does in `place`; `typed` can be put into a composer, `act` is done in the world's menu or
    by the strip's `button`.

    It is done as soon as a deed of the kind begins with one of the texts of `done_by`, or for what is said holds it.
    """

    key: str
    label: str
    who: str
    words: str
    done_by: tuple[tuple[str, str], ...]
    place: str = TECH
    typed: str = ""
    in_thread: bool = False
    act: str = ""
    button: str = ""


MORNING = (
    Step(
        "investigate",
        "Investigate",
        KIM,
        "Tier 1 gets lots of tickets about U.S. East. Look into it:",
        ((COMMAND, "/investigate "), (SUBMIT, "investigation_open_form")),
        typed="/investigate us-east packet loss",
    ),
    Step(
        "tickets",
        "Tickets",
        KIM,
        "Open the card's thread. Say which tickets belong to it.",
        ((PRESS, "ticket_related"), (PRESS, "ticket_unrelated"), (PRESS, "ticket_confirm_all")),
    ),
    Step(
        "probe",
        "Probe",
        KIM,
        "In the thread, ask for one more look:",
        ((SAY, "probe "), (COMMAND, "/probe "), (PRESS, "probe_next_look")),
        typed="@secondline probe mtr us-west",
        in_thread=True,
    ),
    Step(
        "escalate",
        "Escalate",
        KIM,
        "Management should know. Press Escalate on the card, say what you need, and send it.",
        ((SUBMIT, "escalation_form"),),
    ),
    Step(
        "acknowledge",
        "Acknowledge",
        LENA,
        "Somebody escalated to you. Press Acknowledge.",
        ((PRESS, "escalation_acknowledge"),),
    ),
    Step(
        "handoff",
        "Hand off",
        KIM,
        "It is a bug. Press Send to Tier 3 on the card, and fill in the form.",
        ((SUBMIT, "handoff_form"),),
    ),
    Step(
        "accept",
        "Accept",
        RAJ,
        "Second Line asks you in your direct messages. Accept lane and priority.",
        ((PRESS, "handoff_accept"),),
        place="D0RAJ",
    ),
    Step(
        "release",
        "Release",
        KIM,
        "Development has fixed it. Let the fix go out:",
        ((ACT, "release"),),
        act="release",
        button="Release the Fix",
    ),
    Step(
        "resolve",
        "Resolve",
        KIM,
        "Press Resolve on the card. Say what was wrong and what helps until next time.",
        ((SUBMIT, "investigation_resolve_form"),),
    ),
)


class Tour:
    """Hears what people do and ticks off the morning; `tell` is called whenever a step is done."""

    def __init__(self, *, steps: tuple[Step, ...] = MORNING, tell: Callable[[], None]) -> None:
        self._steps = steps
        self._tell = tell
        self._done: set[str] = set()

    def hear(self, kind: str, what: str) -> None:
        """Somebody did this; steps may be done in any order."""
        done = {step.key for step in self._steps if any(_fits(kind, what, *one) for one in step.done_by)}
        if done - self._done:
            self._done |= done
            self._tell()

    def steps(self) -> list[Json]:
        return [
            {
                "key": step.key,
                "label": step.label,
                "who": step.who,
                "words": step.words,
                "place": step.place,
                "typed": step.typed,
                "in_thread": step.in_thread,
                "act": step.act,
                "button": step.button,
                "done": step.key in self._done,
            }
            for step in self._steps
        ]


def _fits(kind: str, what: str, wanted_kind: str, wanted: str) -> bool:
    if kind != wanted_kind:
        return False
    return wanted in what if kind == SAY else what.startswith(wanted)
