"""What whoever takes an investigation over must know of it, from its record. Pure."""

from dataclasses import replace

from bot.investigations.above import Above
from bot.investigations.card import customers_words, escalation_words, tickets_words
from bot.investigations.next_step import next_step, situation
from bot.investigations.overview import Overview, evidence
from bot.known_issues.cards import in_one_line
from bot.slack.text import at, foreign, person

_EVIDENCE, _NOTES = 4, 3
"""So many results and notes; the thread has all of them."""
_LINE = 300
_JOINER = "\u2060"


def record(overview: Overview, above: Above) -> list[tuple[str, str]]:
    """What each part is about and its words in mrkdwn: what is known, what was tried, what is next."""
    notes = overview.notes[-_NOTES:]
    parts = [
        ("State", _state(overview, above)),
        ("Measured", _listed([foreign(line, _LINE) for line in evidence(overview)[:_EVIDENCE]])),
        ("Noted", _listed([f"{foreign(note.text, _LINE)} ({person(note.actor or '')})" for note in notes])),
        ("Known", in_one_line(overview.known[0]) if overview.known else ""),
        ("Tickets", tickets_words(overview.collected)),
        ("Customers", customers_words(overview, above.told)),
        ("Next", _next(overview, above)),
    ]
    return [(name, words) for name, words in parts if words]


def _state(overview: Overview, above: Above) -> str:
    escalation, opened = escalation_words(overview), at(overview.investigation.opened_at)
    known = [part.rstrip(".") for part in (escalation, above.tier3_words) if part]
    return f"Opened {opened}. {'. '.join(known)}" if known else f"Open since {opened}"


def _next(overview: Overview, above: Above) -> str:
    """For whoever takes it: that somebody must is done then."""
    step = next_step(replace(situation(overview, above), owned=True))
    return step.words if step else ""


def _listed(lines: list[str]) -> str:
    """One stands behind its name, several below it."""
    return "\n".join(f"• {line}" for line in lines) if len(lines) > 1 else "".join(lines)


def marked(parts: list[tuple[str, str]]) -> list[str]:
    """The record as lines of a message."""
    return [f"*{name}:*{_gap(words)}{words}" for name, words in parts]


def unmarked(parts: list[tuple[str, str]]) -> str:
    """The record for a form, where a person edits it; names and times in it are still marks."""
    return "\n".join(f"{name}:{_gap(words)}{words}" for name, words in parts).replace(_JOINER, "")


def _gap(words: str) -> str:
    return "\n" if words.startswith("•") else " "
