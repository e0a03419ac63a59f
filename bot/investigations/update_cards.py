"""How updates, and what customers were told, are shown. Pure."""

from bot.investigations.update_model import Update
from bot.messages.model import Block
from bot.slack.blocks import written
from bot.slack.text import clock_time, person


def update_blocks(update: Update | None) -> list[Block]:
    """The newest update with its time, whole; nothing where there is none."""
    if not update:
        return []
    return written(update.text, before=f":mega: *Update {clock_time(update.at)}, {person(update.author)}:* ")
