"""The first morning, step by step: what to do next, as whom, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.errors import Json

KIM, RAJ = "U0KIM", "U0RAJ"
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
        "Customers write about U.S. East, and Second Line says so. Press Investigate on its message, or type:",
        ((COMMAND, "/investigate "), (PRESS, "trend_investigate"), (SUBMIT, "investigation_open_form")),
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
        "silence",
        "No answer",
        KIM,
        "The post says who is asked when nobody answers. Nobody does. Let time go by:",
        ((ACT, "minutes"),),
        act="minutes",
        button="Ten Minutes Pass",
    ),
    Step(
        "lena",
        "Lena is silent",
        KIM,
        "The post says that Lena was asked herself. She doesn't answer either:",
        ((ACT, "minutes"),),
        act="minutes",
        button="Ten Minutes Pass",
    ),
    Step(
        "acknowledge",
        "Acknowledge",
        RAJ,
        "It is your turn: Second Line asks you in your direct messages. Press Acknowledge.",
        ((PRESS, "escalation_acknowledge"),),
        place="D0RAJ",
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
        """Somebody did this; steps may be done in any order, those that wait for the same deed one after the other."""
        first: dict[tuple[tuple[str, str], ...], str] = {}
        for step in self._steps:
            if step.key not in self._done and any(_fits(kind, what, *one) for one in step.done_by):
                first.setdefault(step.done_by, step.key)
        if first:
            self._done |= set(first.values())
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
