"""Which messages go first where they can't all go at once. Pure."""

from enum import IntEnum


class Rank(IntEnum):
    """The lower goes first. Within a rank people take turns."""

    URGENT = 1
    """Escalations, and what their answers say."""
    ANSWER = 2
    """What somebody of Tier 2 has just asked for."""
    CARD = 3
    """What an investigation shows by itself, and what everybody else opened."""
    REST = 4


_URGENT = frozenset({"escalation", "question"})
"""By the first word of a message's key: so the reports that follow a post of these go as soon as it does."""
_OF_INVESTIGATIONS = frozenset({"investigation", "tickets", "handover", "told"})


def rank_of(key: str, *, after: str = "", view: str = "", human: bool = True, tier2: bool = False) -> Rank:
    """The rank of an owed message, decided when it is owed.

    `human` is true where a person waits for it, `tier2` where that is somebody of Tier 2; `after` is the key of the
    message that it follows.
    """
    if _URGENT & {_noun(key), _noun(after)}:
        return Rank.URGENT
    if human and tier2:
        return Rank.ANSWER
    of_playbook = view == "probes" and not human
    return Rank.CARD if of_playbook or _noun(key) in _OF_INVESTIGATIONS else Rank.REST


def _noun(key: str) -> str:
    return key.partition("/")[0]
