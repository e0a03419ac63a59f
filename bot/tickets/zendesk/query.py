"""TicketQuery as Zendesk search text, in which what a person typed can never become an operator."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.loose_json import normalized
from bot.tickets.model import PROBLEM_TAG, TicketQuery

MAX_PHRASE_CHARS = 200
READ_MAX = 2_000
"""So much of a text is cleaned for a phrase."""

# Quotes end a phrase and backslash may escape; servers fold typographic quotes into plain ones. `*` is a wildcard.
_BLANKED = str.maketrans(dict.fromkeys('"\\*“”„‟«»″‶〝〞〟', " "))
_OPERATORS = "-+<>=:~!()[]{}|&^?.,;/ "


def clean_phrase(text: str) -> str:
    """`text` as the inside of a quoted phrase; "" where nothing searchable is left.

    Quotes, backslashes, wildcards, control and invisible characters and lone surrogates become blanks, and
    operators at the start are dropped.
    """
    flat = normalized("NFKC", text[:READ_MAX]).translate(_BLANKED)
    visible = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in flat)
    words = " ".join(visible.split())[:MAX_PHRASE_CHARS].strip().lstrip(_OPERATORS)
    return words if any(char.isalnum() for char in words) else ""


def phrases_of(query: TicketQuery) -> tuple[str, ...]:
    """The phrases worth a search of their own: cleaned, each once.

    A phrase that holds another one whole ("us east gateway" and "us east") can find nothing more and is left out.
    """
    cleaned = {phrase.casefold(): phrase for text in query.phrases if (phrase := clean_phrase(text))}
    return tuple(phrase for key, phrase in cleaned.items() if not _holds_another(key, cleaned))


def _holds_another(phrase: str, phrases: Iterable[str]) -> bool:
    return any(other != phrase and f" {other} " in f" {phrase} " for other in phrases)


def search_text(query: TicketQuery, phrases: Iterable[str]) -> str:
    """Zendesk's search text for the tickets that hold *all* of `phrases` (from `phrases_of`).

    Zendesk joins bare phrases by AND and has no OR between them, so "any of" takes one search per phrase.
    """
    terms = ["type:ticket", f"-tags:{PROBLEM_TAG}", f"created>{instant(query.created_after)}"]
    if query.unsolved_only:
        terms.append("status<solved")
    terms += [f'"{word}"' for text in query.also if (word := clean_phrase(text))]
    return " ".join([*terms, *(f'"{phrase}"' for phrase in phrases)])


def instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("created_after needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
