"""The form that asks which investigation a known issue is used for."""

from collections.abc import Iterable

from bot.known_issues.model import KnownIssue
from bot.messages.model import Block
from bot.slack.blocks import field, modal, section, select
from bot.slack.text import foreign

USE_FORM = "known_use_form"
INVESTIGATION = "investigation"
_INPUT = "input"


def use_form(found: KnownIssue, live: Iterable[tuple[int, str]]) -> Block:
    """`live` are investigations by number with what they are about."""
    options = [(f"INV-{number} {title}", str(number)) for number, title in live]
    chosen = select(_INPUT, options, initial=options[0][1])
    blocks = [
        section(f"*{found.name}* {foreign(found.issue.title, 150)}"),
        field(INVESTIGATION, "Which investigation is about it?", chosen),
    ]
    return modal(USE_FORM, f"Use {found.name}", "Use", blocks, private_metadata=str(found.id))
