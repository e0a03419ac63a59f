"""What support should tell customers now, of each target that is not fine. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.investigations.update_model import VIA_WORDS, Words
from bot.known_issues.model import KnownIssue
from bot.known_issues.wording import plain
from bot.web.pages.board_model import TargetState, Tone


class SaidBy(StrEnum):
    """Where the sentence comes from: what Tier 2 asked Tier 1 to say counts before what customers heard already."""

    TIER2 = "tier2"
    HEARD = "heard"
    RECORD = "record"
    """Nobody has written one: it is made of what is known."""


@dataclass(frozen=True, slots=True)
class Workaround:
    """What helps by a known issue, for a customer's eyes."""

    number: int
    name: str
    text: str
    eta: date | None
    version: str = ""
    """The one that has the fix, where it is out."""


@dataclass(frozen=True, slots=True)
class TellTarget:
    """`say` is the sentence to copy; `source` says in words where it comes from, `at` since when it is there."""

    key: str
    title: str
    tone: Tone
    word: str
    since: datetime | None
    say: str
    said_by: SaidBy
    source: str
    at: datetime | None
    investigation: int | None = None
    workarounds: tuple[Workaround, ...] = ()


@dataclass(frozen=True, slots=True)
class TellIssue:
    """A known issue that matters today."""

    number: int
    name: str
    title: str
    say: str
    workaround: str
    eta: date | None


@dataclass(frozen=True, slots=True)
class Telling:
    targets: tuple[TellTarget, ...]
    issues: tuple[TellIssue, ...]


def to_tell(
    state: TargetState, words: Words | None, issues: Sequence[KnownIssue], number: int | None, day: date
) -> TellTarget | None:
    """Of one target; None where there is nothing to say. `words` and `issues` are those of its live investigation."""
    if state.tone is Tone.GREEN or (state.tone is Tone.GREY and state.word != "Maintenance" and number is None):
        return None
    say, said_by, source, at = _sentence(state, words, looked_into=number is not None)
    return TellTarget(
        key=state.key,
        title=state.title,
        tone=state.tone,
        word=state.word,
        since=state.since,
        say=say,
        said_by=said_by,
        source=source,
        at=at,
        investigation=number,
        workarounds=tuple(_workaround(issue, day) for issue in issues if not issue.gone_at),
    )


def _sentence(
    state: TargetState, words: Words | None, *, looked_into: bool
) -> tuple[str, SaidBy, str, datetime | None]:
    if words and (asked := words.tier1_text):
        return asked.text.strip(), SaidBy.TIER2, "Tier 2 asks you to say this", asked.corrected_at or asked.at
    if words and words.said:
        heard = words.said[-1]
        return heard.text.strip(), SaidBy.HEARD, f"Customers heard this {VIA_WORDS[heard.via]}", heard.at
    return (
        _made(state, looked_into=looked_into),
        SaidBy.RECORD,
        "Nobody has written it yet: this is what is known",
        None,
    )


def _made(state: TargetState, *, looked_into: bool) -> str:
    """As a customer may read it, and no more than is known."""
    if state.word == "Maintenance":
        return f"{state.title} is being maintained right now, so it may not work for a while."
    doing = "We are looking into it." if looked_into else "We are checking it."
    if state.tone is Tone.RED:
        return f"We know that there is trouble with {state.title}. {doing}"
    return f"Some customers may have trouble with {state.title}. {doing}"


def _workaround(known: KnownIssue, day: date) -> Workaround:
    reading = known.reading
    eta = reading.eta if reading.eta and reading.eta >= day and not known.issue.released else None
    version = known.issue.fix_version if known.issue.released else ""
    return Workaround(known.id, known.name, plain(reading.workaround), eta, version)
