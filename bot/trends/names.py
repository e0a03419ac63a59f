"""What rises, as plain text: for messages, pictures, and what is stored. Pure."""

from bot.reading.versions import spelled
from bot.trends.model import SeriesKey


def plain_name(series: SeriesKey, *, title: str, symptom: str, words: str) -> str:
    """`title` is what people call its target, `symptom` its class, `words` are those of its term: text from outside."""
    if series.target:
        version = version_name(series.version).removeprefix("app ")
        return f"{title or series.target} ({version})" if version else title or series.target
    if series.symptom:
        return f"“{symptom or series.symptom}”"
    if series.version:
        return version_name(series.version)
    if series.code:
        return f"error {series.code}"
    return f"“{' '.join(words.split())[:50] or 'a new word'}”" if series.term else "Everything"


def version_name(version: str) -> str:
    """ "ios 26.2" as "iOS 26.2"."""
    return spelled(version)
