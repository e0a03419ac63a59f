"""The one place that makes sentences of verdicts, long for a message and short for a line among others. Pure."""

from bot.probes.model import Shape, Verdict
from bot.probes.wording import counted, parts, path


def long(verdict: Verdict) -> str:
    """Says the whole verdict without markup: the fact first, then what makes it less certain."""
    if not verdict.measured:
        return verdict.wrong
    return "; ".join([_sentence(verdict), *verdict.caveats])


def short(verdict: Verdict) -> str:
    """Says the verdict in a few words for the middle of a line, never without its caveats."""
    if not verdict.measured:
        return verdict.wrong
    return "; ".join([_few_words(verdict), *verdict.caveats])


def _sentence(verdict: Verdict) -> str:
    if verdict.path:
        return path.sentence(verdict)
    return counted.sentence(verdict) if verdict.shape is Shape.ADDRESSES else parts.sentence(verdict)


def _few_words(verdict: Verdict) -> str:
    if verdict.path:
        return path.few_words(verdict)
    return counted.few_words(verdict) if verdict.shape is Shape.ADDRESSES else parts.few_words(verdict)
