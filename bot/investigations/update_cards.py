"""How updates, and what customers were told, are shown. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.investigations.update_model import VIA_WORDS, Said, Update, Via, Words
from bot.messages.model import Block
from bot.slack.blocks import section, written
from bot.slack.text import clean, clock_time, foreign, person, preformatted

SHOWN = 120
"""Of what customers were told, on a line of the card."""


def update_blocks(update: Update | None) -> list[Block]:
    """The newest update with its time, whole; nothing where there is none."""
    if not update:
        return []
    return written(update.text, before=f":mega: *Update {_when(update)}, {person(update.author)}:* ")


def for_tier1(words: Words) -> list[Block]:
    """The newest update, and what to tell customers in a block that copies as it stands."""
    text = words.tier1_text
    blocks = update_blocks(words.for_tier1)
    if not text:
        return blocks
    when = ", ".join(filter(None, (clock_time(text.at), _corrected(text.corrected_at))))
    heading = section(f":speech_balloon: *Tell customers now* ({person(text.author or '')} {when})")
    return [*blocks, heading, section(preformatted(to_copy(text.text)))]


def to_copy(text: str) -> str:
    """A text as customers may read it: its lines, without control characters and marks that turn the direction."""
    return "\n".join(map(clean, text.strip().splitlines()))


def said_line(said: Sequence[Said]) -> str:
    """The newest that customers were told, and how often before; "" for nothing."""
    if not said:
        return ""
    newest, before = said[-1], len(said) - 1
    marks = [f"{before} before" if before else "", _corrected(newest.corrected_at)]
    more = f" ({', '.join(filter(None, marks))})" if any(marks) else ""
    words = foreign(newest.text, SHOWN)
    if newest.via is Via.TIER1:
        earlier = said_line([each for each in said if each.via is not Via.TIER1]).rstrip(".")
        told = f"{earlier}. " if earlier else ""
        ended = f" (taken back {clock_time(newest.taken_back_at)})" if newest.taken_back_at else ""
        return f"{told}Tier 1 was asked {_when(newest)}{ended} to say: {words}"
    return f"Customers told {clock_time(newest.at)} {VIA_WORDS[newest.via]}{more}: {words}"


def _when(told: Update | Said) -> str:
    """ "15:00", or "15:00 (corrected 15:10)"."""
    corrected = _corrected(told.corrected_at)
    return clock_time(told.at) + (f" ({corrected})" if corrected else "")


def _corrected(when: datetime | None) -> str:
    return f"corrected {clock_time(when)}" if when else ""


def said_by_people(said: Sequence[Said]) -> bool:
    """Whether the newest is no round of replies, which the card counts already."""
    return bool(said) and said[-1].via is not Via.ROUND


def only_asked(said: Sequence[Said]) -> bool:
    """Whether Tier 1 was asked to tell customers, and nobody is known to have told them."""
    return bool(said) and all(each.via is Via.TIER1 for each in said)
