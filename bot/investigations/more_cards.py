"""What is seldom done with an investigation, as a sheet behind its card's menu, which takes five entries. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.investigations.merge_cards import undo_button
from bot.investigations.model import Investigation
from bot.investigations.overview import Overview
from bot.investigations.relation_model import bond_words
from bot.messages.model import Block
from bot.slack.blocks import button, divider, section, sheet
from bot.slack.text import foreign

RELATE = "more_relate"
MERGE = "more_merge"
MOVE = "more_move"
RELEASE = "more_release"
TAKE_BACK = "relation_take_back"
_TAKEN_BACK_MAX = 40
"""So many of what was said and merged: a sheet takes a hundred blocks."""


@dataclass(frozen=True, slots=True)
class MoreToDo:
    """What a sheet shows: `merged` are those that can be taken out again, with their titles."""

    overview: Overview
    merged: Sequence[tuple[Investigation, str]] = ()
    move_label: str = ""
    """ "" where there is no other team."""
    others: bool = True
    """Whether there is another one that it could have to do with."""


def more_sheet(todo: MoreToDo) -> Block:
    """Each with a button, and what was said before with the way back."""
    investigation = todo.overview.investigation
    number, blocks = str(investigation.id), list[Block]()
    if todo.others:
        relate, merge = "It has to do with another one, and both go on.", "It is the same as another one."
        blocks += [section(relate, accessory=button("Relate…", RELATE, number))]
        blocks += [section(merge, accessory=button("Merge…", MERGE, number))]
    if todo.move_label:
        moving = button(todo.move_label, MOVE, number)
        blocks += [section("Another team should have it.", accessory=moving)]
    if investigation.owner:
        blocks += [section("Its owner can't go on with it.", accessory=button("Release", RELEASE, number))]
    said = [
        section(foreign(bond_words(each)), accessory=button("Take Back", TAKE_BACK, f"{number} {each.relation_id}"))
        for each in todo.overview.neighbours[:_TAKEN_BACK_MAX]
    ]
    said += [
        section(f"{foreign(title)} is merged into this.", accessory=undo_button(each, investigation))
        for each, title in todo.merged[:_TAKEN_BACK_MAX]
    ]
    return sheet(f"{investigation.name}: more", [*blocks, *([divider()] if blocks and said else []), *said])
