"""How a clause can mean what it names: kinds of cues, whose words are in vocabulary/cues.toml."""

from typing import Final

from bot.reading.word_lists import listed, vocabulary, word_set

NOT: Final = "not"
"""Turns round what it belongs to."""
CANNOT: Final = "cannot"
"""Turns round what somebody wants to do, no trouble: "can't find the problem"."""
NEITHER: Final = "neither"
"""Denies what is said, or says that what it names fails too: "nothing works, neither Berlin nor Paris"."""
WITHOUT: Final = "without"
"""Turns round the next word, no verb: "without problems"."""
WORKS: Final = "works"
FAILS: Final = "fails"
STATE: Final = "state"
"""In trouble; denied it says nothing ("no error" is no health)."""
SAME: Final = "same"
"""As bad as what was named before."""
AGAIN: Final = "again"
"""What failed is over."""
PAST: Final = "past"
"""What was so until it broke."""
HOME: Final = "home"
"""Before a place where somebody lives or is."""
LEFT: Final = "left"
"""Before a place that somebody switched away from."""
TAKEN: Final = "taken"
"""Before a place that somebody switched to."""
TRIED: Final = "tried"
BESIDE: Final = "beside"
"""Before a place that something is compared with."""
ASIDE: Final = "aside"
"""A wish, advice, a question: what it names is not in trouble by that."""
INSTEAD: Final = "instead"
"""What stands in one clause with it is advice, or what somebody turned to."""
EXCEPT: Final = "except"
BUT: Final = "but"
"""Begins another clause."""
WHY: Final = "why"
"""Begins the reason."""
OTHERS: Final = "others"
"""Everything that is not named."""
CLOCK: Final = "clock"
"""Behind a place: its time, its newspaper, its airport."""
IDLE: Final = "idle"
"""Looks like a cue and is none."""

_VOCABULARY: Final = vocabulary("cues")


def cue_phrases() -> dict[tuple[str, str], tuple[str, ...]]:
    """As a lexicon takes them."""
    return {(kind, ""): listed(text) for kind, text in _VOCABULARY["phrases"].items()}


# Kinds of single words, which are looked at beside names only; a bit each.
ON: Final = 1
"""Before what somebody uses: "connect to", "using"."""
HOST: Final = 2
"""A word for a gateway: what stands beside it is one."""
AND: Final = 4
"""Begins another clause where the one before said something."""
ONLY: Final = 8
AUX: Final = 16
"""A verb that takes its meaning from the clause before: "Berlin does"."""
YES: Final = 32
NO: Final = 64
ANSWERS: Final = AUX | YES | NO
INSIDE: Final = 128
"""Before a place where somebody is, or that somebody uses."""
TO: Final = 256
SMALL: Final = 512
"""Says nothing of what is named beside it."""

_FLAGS: Final = {
    "on": ON,
    "host": HOST,
    "and": AND,
    "only": ONLY,
    "aux": AUX,
    "yes": YES,
    "no": NO,
    "inside": INSIDE,
    "to": TO,
    "small": SMALL,
}


def flags_of(word: str) -> int:
    """The kinds of a word, as bits."""
    bits = sum(bit for bit, words in _SETS.items() if word in words)
    return bits | HOST if word.startswith(_HOSTS) else bits


_SETS: Final = {_FLAGS[name]: word_set(text) for name, text in _VOCABULARY["words"].items()}
_HOSTS: Final = tuple(word[:-1] for word in _SETS[HOST] if word.endswith("*"))
