"""The form for news of an investigation: whom it is for, what is new, what Tier 1 should say."""

from bot.investigations.model import Investigation
from bot.investigations.update_model import Purpose, Said
from bot.messages.model import Block
from bot.slack.blocks import field, modal, select, text_input

UPDATE_FORM = "investigation_update_form"

PURPOSE = "purpose"
NEWS = "news"
TIER1_TEXT = "tier1_text"

_INPUT = "input"
_PURPOSES = {
    Purpose.BOTH: "Management and Tier 1",
    Purpose.MANAGEMENT: "Management",
    Purpose.TIER1: "Tier 1",
    Purpose.NOTE: "Tier 2: a note on the record",
    Purpose.PHONE: "Customers were told this by phone",
    Purpose.CHAT: "Customers were told this by chat",
    Purpose.HAND: "Customers were told this in tickets",
    Purpose.STATUS_PAGE: "The status page says this",
}


def update_form(investigation: Investigation, current: Said | None) -> Block:
    """`current` is what Tier 1 should say now: it travels through the form, so that it counts only where it changed."""
    options = [(words, str(purpose)) for purpose, words in _PURPOSES.items()]
    blocks = [
        field(PURPOSE, "Who is it for?", select(_INPUT, options, initial=Purpose.BOTH)),
        field(NEWS, "What's new?", text_input(_INPUT, multiline=True), optional=True),
        field(
            TIER1_TEXT,
            "What should Tier 1 tell customers now?",
            text_input(_INPUT, initial=current.text if current else "", multiline=True),
            hint="Tier 1 copies it as it stands. Empty it to take it back.",
            optional=True,
        ),
    ]
    metadata = f"{investigation.id} {current.id if current else 0}"
    return modal(UPDATE_FORM, f"{investigation.name}: what's new?", "Save", blocks, private_metadata=metadata)


def read_metadata(text: str) -> tuple[int, int]:
    """The investigation, and which text for Tier 1 the form began with (0 for none)."""
    number, _, said_id = text.partition(" ")
    return int(number), int(said_id or 0)
