"""Help: six verbs, what their buttons show, and all of it."""

from collections.abc import Mapping

from commands import help_cards
from commands.grammar import EXAMPLES
from commands.usage import MORE_WORDS, SLASH
from tests.words.plain import Message

KINDS = ("ping", "mtr", "http")


def messages() -> Mapping[str, Message]:
    usages = {usage: what.format(kinds=", ".join(KINDS)) for usage, what in SLASH.items()}
    return {
        "Six verbs": help_cards.six("secondline"),
        "Probes": help_cards.probes("secondline", KINDS),
        "Words in a thread": help_cards.thread_words("secondline", EXAMPLES),
        "Help of others, and endings": help_cards.others("secondline", EXAMPLES),
        "All commands": help_cards.everything("secondline", usages, (*EXAMPLES.values(), *MORE_WORDS)),
    }
