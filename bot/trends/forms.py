"""The forms of a trend: for how long to snooze it, why it is none, and which target an investigation is about. Pure."""

from collections.abc import Iterable

from bot.messages.model import Block
from bot.slack.blocks import field, modal, section, select, text_input
from bot.targets.model import Target

SNOOZE_FORM = "trend_snooze_form"
DISMISS_FORM = "trend_dismiss_form"
INVESTIGATE_FORM = "trend_investigate_form"

HOURS = "hours"
REASON = "reason"
TARGET = "target"
SYMPTOM = "symptom"
REASON_MAX = 300
"""Characters: it stands in one line of the message."""

_INPUT = "input"
_HOURS = (1, 2, 4, 8, 24)


def snooze_form(trend_id: int) -> Block:
    choices = [("1 hour" if hours == 1 else f"{hours} hours", str(hours)) for hours in _HOURS]
    hint = "If it's still rising then, you're told in its thread."
    blocks = [field(HOURS, "For how long?", select(_INPUT, choices, initial="4"), hint=hint)]
    return modal(SNOOZE_FORM, "Snooze", "Snooze", blocks, private_metadata=str(trend_id))


def dismiss_form(trend_id: int) -> Block:
    said = text_input(_INPUT, placeholder="A newsletter went out this morning", longest=REASON_MAX)
    blocks = [
        section("It's posted again only if clearly more customers write."),
        field(REASON, "Why is it not a trend?", said),
    ]
    return modal(DISMISS_FORM, "Not a trend", "Dismiss", blocks, private_metadata=str(trend_id))


def investigate_form(trend_id: int, targets: Iterable[Target], *, symptom: str) -> Block:
    """Of a rise that is about no single target nobody knows which one has trouble."""
    options = [(target.title, target.key) for target in targets]
    blocks = [
        section("Its tickets go on the list of the investigation."),
        field(TARGET, "What has trouble?", select(_INPUT, options)),
        field(SYMPTOM, "What do people see?", text_input(_INPUT, initial=symptom), optional=True),
    ]
    return modal(INVESTIGATE_FORM, "Investigate", "Open", blocks, private_metadata=str(trend_id))
