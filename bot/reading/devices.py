"""What a text says it runs on: platforms and browsers that have trouble, and those that are fine. Pure.

A name in a text is no proof: "works on Android" says that Android is fine, "not on iOS" the opposite of what came
before it, "use Chrome instead" neither. Only a contradiction rules something out; silence never does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.clauses import Clause, ClauseVerdict, Mention, clauses_of, without_swallowed
from bot.reading.lexicon import Entry, Hit, Lexicon
from bot.reading.naming import Name
from bot.reading.verdicts import judge
from bot.reading.word_lists import word_set

_KINDS = ("platform", "platforms", "browser")
_ONE = word_set("old older new newer other another second previous some")
"""That one of them is fine says nothing of the others."""
_TROUBLE = frozenset((ClauseVerdict.FAILS, ClauseVerdict.OPEN, ClauseVerdict.TRIED))


@dataclass(frozen=True, slots=True)
class MentionedKeys:
    """Keys that a text says are affected, and those it says are fine."""

    affected: frozenset[str] = frozenset()
    fine: frozenset[str] = frozenset()

    def __or__(self, other: "MentionedKeys") -> "MentionedKeys":
        affected = self.affected | other.affected
        return MentionedKeys(affected, (self.fine | other.fine) - affected)

    def apart(self, other: "MentionedKeys") -> bool:
        """Whether both name something and have nothing in common, or one is about what the other says is fine."""
        if self.affected and other.affected and not self.affected & other.affected:
            return True
        return any(one.affected and one.affected <= two.fine for one, two in ((self, other), (other, self)))


NOTHING = MentionedKeys()


@dataclass(frozen=True, slots=True)
class Devices:
    """What one text, or several, say. A word for several of them ("phones") names each."""

    platforms: MentionedKeys = NOTHING
    browsers: MentionedKeys = NOTHING

    def __or__(self, other: "Devices") -> "Devices":
        return Devices(self.platforms | other.platforms, self.browsers | other.browsers)


def devices_in(lexicon: Lexicon, words: Sequence[Entry], breaks: Sequence[int]) -> Devices:
    """Clause by clause, with the names of platforms and browsers as what clauses are about."""
    hits = lexicon.hits(words, breaks)
    mentions = [_mention(hit) for hit in _longest(hits)]
    clauses = clauses_of(words, breaks, without_swallowed(hits, mentions), mentions)
    judge(clauses, words)
    by_kind: dict[str, tuple[set[str], set[str]]] = {kind: (set(), set()) for kind in ("platform", "browser")}
    for clause in clauses:
        for mention in clause.mentions:
            for name in mention.names:
                affected, fine = by_kind[name.kind]
                if mention.verdict in _TROUBLE:
                    affected.add(name.key)
                elif mention.verdict is ClauseVerdict.FINE and not _of_one(clause, words):
                    fine.add(name.key)
    platforms, browsers = (MentionedKeys(frozenset(one), frozenset(two - one)) for one, two in by_kind.values())
    return Devices(platforms, browsers)


def _mention(hit: Hit) -> Mention:
    kind = "browser" if hit.kind == "browser" else "platform"
    return Mention(hit.start, hit.end, tuple(Name(key, kind, False) for key in hit.value.split()))


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Of names that overlap the longer one; what looks like a name and is none takes its place too."""
    longest: list[Hit] = []
    for hit in sorted(
        (hit for hit in hits if hit.kind in _KINDS), key=lambda hit: (hit.start, -hit.end, hit.kind != "platforms")
    ):
        if not longest or hit.start >= longest[-1].end:
            longest.append(hit)
    return [hit for hit in longest if hit.value]


def _of_one(clause: Clause, words: Sequence[Entry]) -> bool:
    names = {at for mention in clause.mentions for at in range(mention.start, mention.end)}
    return any(
        words[at].word in _ONE or words[at].word.isdigit() for at in range(clause.start, clause.end) if at not in names
    )
