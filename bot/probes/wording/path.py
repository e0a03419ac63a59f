"""Sentences about the way to a target. Pure."""

from bot.probes.model import Verdict


def sentence(verdict: Verdict) -> str:
    """The whole of it."""
    raise NotImplementedError(verdict)


def few_words(verdict: Verdict) -> str:
    """The same for a line among others."""
    raise NotImplementedError(verdict)


def delay_words(verdict: Verdict) -> str:
    """Where delay begins, "" for nowhere."""
    raise NotImplementedError(verdict)
