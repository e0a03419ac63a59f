"""The table about logs that customers send."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.customer_logs.patterns import why_not
from bot.settings.section import Section
from bot.settings.values import ShortText, refused


def _usable(pattern: str) -> str:
    """Whether lines can be searched with it."""
    if why := why_not(pattern):
        raise refused(why)
    return pattern


LinePattern = Annotated[str, AfterValidator(_usable)]
Words = Annotated[str, Field(max_length=400)]


class LogSignature(Section):
    """A line that the team knows: what it is, and what to do. `lines` are patterns, any of which is in it."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    role: Literal["cause", "consequence", "normal"]
    meaning: Words = ""
    likely: Words = ""
    tries: Annotated[tuple[ShortText, ...], Field(max_length=4)] = ()
    tell: Words = ""
    known: Annotated[str, Field(max_length=120)] = ""
    lines: Annotated[tuple[LinePattern, ...], Field(min_length=1, max_length=20)]


class LogsSection(Section):
    """What was read of a log is kept for `keep_days` days. `signatures` are lines that the team knows itself."""

    keep_days: Annotated[int, Field(ge=1, le=3650)] = 30
    signatures: Annotated[tuple[LogSignature, ...], Field(max_length=500)] = ()
