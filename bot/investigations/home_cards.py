"""The App Home: what is open, or where nothing is, who one is and what to do first."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.investigations.cards import NEW, listing
from bot.investigations.model import Investigation
from bot.messages.model import Block
from bot.slack.blocks import actions, button, divider, header, section
from bot.slack.text import foreign, person
from bot.targets.model import Target

_HELP = "`/t2 help` shows everything else."


@dataclass(frozen=True, slots=True)
class Reader:
    """Who opened the Home; `team` is the title of their Tier 2 team, "" for everybody else.

    `example` is the key of a target.
    """

    user: str
    team: str = ""
    manages: bool = False
    example: str = "us-east"
    bot_name: str = "secondline"


def home(rows: Sequence[tuple[Investigation, Target, str]], reader: Reader, *, waiting: Sequence[Block] = ()) -> Block:
    """The App Home tab; `waiting` is what waits for the reader, above everything else."""
    blocks = _what_is_open(rows, reader) if rows else _first_morning(reader)
    return {"type": "home", "blocks": [header("Second Line"), section(_who(reader)), *waiting, *blocks]}


def _what_is_open(rows: Sequence[tuple[Investigation, Target, str]], reader: Reader) -> list[Block]:
    return [*listing(rows).blocks, divider(), section(f"{_begin(reader)}. {_HELP}")]


def _who(reader: Reader) -> str:
    if reader.manages:
        return f"You are {person(reader.user)}, of management: escalations come to you."
    if reader.team:
        return f"You are {person(reader.user)}, of {foreign(reader.team)}."
    return f"You are {person(reader.user)}. What you see here, Tier 2 is looking into."


def _begin(reader: Reader) -> str:
    return f"`/investigate {foreign(reader.example)} packet loss` opens an investigation"


def _first_morning(reader: Reader) -> list[Block]:
    """The same way as the README's morning."""
    bot = foreign(reader.bot_name)
    steps = (
        f"{_begin(reader)}: one card, and a thread that fills itself.",
        "In the thread, tick the tickets that belong to it.",
        f"`@{bot} probe mtr` measures once more.",
        "*Escalate* asks management; one of them presses *Acknowledge*.",
        "A bug goes to Tier 3, with the evidence. When its fix is released, you are told.",
        "*Resolve* keeps what was wrong and what helped for the next time.",
    )
    lines = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    begin = actions(button("Open an Investigation", NEW, "new", style="primary"))
    return [section("Nothing is being investigated."), begin, divider(), section(f"{lines}\n{_HELP}")]
