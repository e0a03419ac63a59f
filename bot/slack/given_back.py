"""What a person wrote in a form that is closed and was refused after all. Pure."""

from collections.abc import Sequence

from bot.messages.model import Content
from bot.slack.blocks import context, fitted, section, verbatim
from bot.slack.text import SECTION_MAX


def given_back(sentence: str, written: Sequence[str]) -> Content:
    """Says why, with the person's words to copy: nobody writes the same twice for somebody who waits."""
    starts = [(text, start) for text in written for start in range(0, len(text), SECTION_MAX)]
    words = [verbatim(text[start : start + SECTION_MAX]) for text, start in starts]
    return Content(sentence, fitted([section(sentence), context("What you wrote:"), *words]))
