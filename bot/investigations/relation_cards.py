"""How what two investigations have to do with each other is said, and the form for it. Pure."""

from collections.abc import Sequence

from bot.investigations.cards import HELPERS_NAMED, RESOLVE, called
from bot.investigations.model import STATE_MARKS, STATE_WORDS, Investigation, State
from bot.investigations.overview import Overview
from bot.investigations.relation_model import Bond, Neighbour, bonds_listed
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, field, message, modal, section, select, text_input
from bot.slack.text import cut, foreign

RELATE_FORM = "relate_form"

OTHER = "other"
BOND = "bond"
HOW = "how"
_INPUT = "input"
_CHOICES = 100
_CAUSE_SHOWN = 200


def bonds_line(neighbours: Sequence[Neighbour]) -> str:
    """The same in one line of a message; "" for none."""
    return " · ".join(foreign(words, 200) for words in bonds_listed(neighbours))


def cause_ended(effect: Overview, cause: Investigation, title: str, *, stands: bool) -> Content:
    """Asks those who have an investigation to look again: what caused it has ended, or goes on after all.

    `title` is that of the cause's target, `stands` whether nobody took back that it caused this.
    """
    investigation, name = effect.investigation, f"{cause.name} {foreign(title)}"
    people = [user for user in dict.fromkeys((investigation.owner, *investigation.helpers)) if user][:HELPERS_NAMED]
    mark = STATE_MARKS[cause.state]
    if not stands:
        return message(f"{mark} {name} has ended. It didn't cause this.")
    if cause.live:
        return message(f"{mark} {called(people)}{name}, which caused this, was reopened.")
    if cause.state is State.DISMISSED:
        return message(f"{mark} {called(people)}{name} was dismissed: not a trend. What else caused this?")
    why = f"\n>{foreign(cause.root_cause, _CAUSE_SHOWN)}" if cause.root_cause else ""
    first = f"{mark} {called(people)}{name}, which caused this, is resolved."
    if not investigation.live:
        return message(f"{first}{why}")
    ask = f"{first} Check {investigation.name}, and resolve it too?"
    pressed = button(f"Resolve {investigation.name}…", RESOLVE, str(investigation.id), style="primary")
    return Content(ask, (section(f"{ask}{why}"), actions(pressed)))


def relate_form(investigation: Investigation, others: Sequence[tuple[Investigation, str]]) -> Block:
    """Asks for the other one, each with its title, and what it is to this one."""
    name = investigation.name
    listed = [(_option(other, title), str(other.id)) for other, title in others[:_CHOICES]]
    chosen = [
        (f"{name} was caused by it", str(Bond.CAUSE)),
        (f"{name} caused it", str(Bond.EFFECT)),
        ("They have something in common", str(Bond.RELATED)),
    ]
    blocks = [
        field(OTHER, "Which other investigation?", select(_INPUT, listed)),
        field(BOND, "What is it to this one?", select(_INPUT, chosen, initial=Bond.CAUSE)),
        field(
            HOW,
            "In a few words",
            text_input(_INPUT),
            hint="For example: same transit, same release. Both go on as they are.",
            optional=True,
        ),
    ]
    return modal(RELATE_FORM, f"Relate {name}", "Relate", blocks, private_metadata=str(investigation.id))


def _option(investigation: Investigation, title: str) -> str:
    over = "" if investigation.live else f" ({STATE_WORDS[investigation.state]})"
    return cut(f"{investigation.name} {title}{over}", 75)
