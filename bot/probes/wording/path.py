"""Sentences about the way to a target. Pure."""

from bot.probes.model import Verdict


def sentence(verdict: Verdict) -> str: ...


def few_words(verdict: Verdict) -> str: ...
