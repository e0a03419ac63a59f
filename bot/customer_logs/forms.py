"""The form by which a person names a line of logs."""

from collections.abc import Sequence

from bot.customer_logs.model import Drop, Role
from bot.customer_logs.patterns import PATTERN_MAX
from bot.messages.model import Block
from bot.slack.blocks import context, field, modal, select, text_input

SIGNATURE_FORM = "log_signature_form"
WHOSE_FORM = "log_whose_form"
TICKET = "ticket"
TITLE, ROLE, MEANING, TRY, PATTERN = "title", "role", "meaning", "try", "pattern"
TITLE_MAX, MEANING_MAX, TRY_MAX = 60, 400, 400
ROLES: Sequence[tuple[str, str]] = (
    ("A cause: what went wrong", Role.CAUSE),
    ("A consequence of something else", Role.CONSEQUENCE),
    ("Normal: no trouble", Role.NORMAL),
)


def whose_form(drop: Drop) -> Block:
    """Asks once from which ticket a message's logs are."""
    count = sum(log.ticket_id is None for log in drop.logs)
    what = "Which ticket is this log from?" if count == 1 else f"Which ticket are these {count} logs from?"
    hint = "Its number or its link. When that customer is forgotten, what was read of it goes too."
    blocks = [field(TICKET, what, text_input(TICKET, placeholder="#48213"), hint=hint)]
    return modal(WHOSE_FORM, "Link a ticket", "Save", blocks, private_metadata=str(drop.id))


def signature_form(pattern: str, *, private_metadata: str) -> Block:
    """Filled with the pattern of the line."""
    blocks = [
        field(TITLE, "What is it?", text_input(TITLE, longest=TITLE_MAX, placeholder="The license server is full")),
        field(ROLE, "What is the line?", select(ROLE, ROLES, initial=Role.CAUSE)),
        field(MEANING, "What does it mean?", text_input(MEANING, multiline=True, longest=MEANING_MAX)),
        field(
            TRY,
            "What helps?",
            text_input(TRY, multiline=True, longest=TRY_MAX),
            hint="One thing a line.",
            optional=True,
        ),
        field(
            PATTERN,
            "Which lines are it?",
            text_input(PATTERN, initial=pattern, multiline=True, longest=PATTERN_MAX),
            hint="What varies is left open. Take out whatever is a customer's.",
        ),
        context("It counts when a lead has accepted it."),
    ]
    return modal(SIGNATURE_FORM, "This line is…", "Propose", blocks, private_metadata=private_metadata)
