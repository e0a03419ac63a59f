"""How well two readings fit: what is looked into or asked, and what a ticket or an issue says. Pure.

Silence rules nothing out: only what both say, and say differently, does.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.reading.matters import QUESTION
from bot.reading.model import Reading, Said


class Apart(StrEnum):
    """Why two readings can't be about the same."""

    TARGET = "target"
    """Other targets are affected."""
    MENTION = "mention"
    """The target is only mentioned: it works, or somebody lives there."""
    PLATFORM = "platform"
    TOPIC = "topic"
    """Trouble of quite another kind, or something that somebody wants and no trouble."""


class Nearness(StrEnum):
    """How near a reading is, in this order."""

    SAME = "same"
    """The same trouble."""
    AREA = "area"
    """It may be: the same target, and trouble of a related kind or none that is told."""
    APART = "apart"


class Shared(StrEnum):
    """What both say."""

    TARGET = "target"
    SYMPTOM = "symptom"
    KIN = "kin"
    """Symptoms of one family: what doesn't connect for one drops for another."""
    PLATFORM = "platform"
    VERSION = "version"
    CODE = "code"
    WORDS = "words"
    """Most of the words of what is asked, where those are of no class of symptoms."""


PAYMENT = "payment"
FAMILIES = (
    frozenset(("connect", "slow", "speed", "drops", "dns", "streaming", "leak")),
    frozenset((PAYMENT,)),
    frozenset(("login",)),
    frozenset(("crash",)),
)
"""Of the symptoms that come with the bot. Trouble of two families is not the same trouble; a class of somebody's own
belongs to none, and is compared with nothing but itself."""
TWINS = (frozenset(("slow", "speed")),)
"""Two words for one symptom."""
_SAME = frozenset((Shared.SYMPTOM, Shared.CODE, Shared.WORDS))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How two readings fit, as data: why not, or in what."""

    apart: Apart | None = None
    shared: frozenset[Shared] = frozenset()
    whole: bool = False
    """Nothing is asked but the target: whoever has trouble there has the same."""

    @property
    def level(self) -> Nearness:
        if self.apart:
            return Nearness.APART
        same = self.shared & _SAME or (self.whole and Shared.TARGET in self.shared)
        return Nearness.SAME if same else Nearness.AREA


def judged(asked: Reading, said: Reading, *, any_symptom: bool = False) -> Judgement:
    """Judges what is `said` by what is `asked`. With `any_symptom` other trouble of the target is of its area."""
    apart = _targets(asked, said) or _platforms(asked, said) or _topics(asked, said)
    if not apart and not any_symptom and _strangers(asked.symptom, said.symptom):
        apart = Apart.TOPIC
    whole = not (asked.symptom or asked.codes or asked.terms or _matters(asked))
    return Judgement(apart, frozenset() if apart else frozenset(_shared(asked, said)), whole)


def related(one: str, other: str) -> bool:
    """Whether two classes of symptoms may have one cause."""
    return one == other or any(one in family and other in family for family in FAMILIES)


def _targets(asked: Reading, said: Reading) -> Apart | None:
    """Nothing where either names no target."""
    sought, affected = keys(asked.affected), keys(said.affected)
    if not sought or sought & affected:
        return None
    if affected:
        return Apart.TARGET
    return Apart.MENTION if sought <= keys(said.elsewhere) else None


def _platforms(asked: Reading, said: Reading) -> Apart | None:
    sought, named = _key(asked.platform), _key(said.platform)
    return Apart.PLATFORM if sought and named and sought != named else None


def _topics(asked: Reading, said: Reading) -> Apart | None:
    """Who wants a refund because nothing connects has that trouble; who only wants a refund has none."""
    sought, named = _matters(asked), _matters(said)
    if sought & named:
        return None
    if _only_asks(said) or (sought and named and not _only_asks(asked)):
        return Apart.TOPIC
    return Apart.TOPIC if _only_asks(asked) and (named or said.symptom) else None


def _only_asks(reading: Reading) -> bool:
    """Whether somebody wants something, and has no trouble beside it."""
    return QUESTION in keys(reading.matters)


def _matters(reading: Reading) -> frozenset[str]:
    matters = keys(reading.matters) - {QUESTION}
    return matters | {reading.wish.key} if reading.wish else matters


def _strangers(one: Said | None, other: Said | None) -> bool:
    """Whether they are of two families."""
    pair = {_key(one), _key(other)}
    return len([family for family in FAMILIES if pair & family]) > 1


def _shared(asked: Reading, said: Reading) -> list[Shared]:
    symptom, named = _key(asked.symptom), _key(said.symptom)
    same = symptom and (symptom == named or frozenset((symptom, named)) in TWINS)
    platform = asked.platform and _key(asked.platform) == _key(said.platform)
    shared = [
        (Shared.TARGET, keys(asked.affected) & keys(said.affected)),
        (Shared.SYMPTOM, same or (_only_asks(asked) and _matters(asked) & _matters(said))),
        (Shared.KIN, symptom and named and not same and related(symptom, named)),
        (Shared.PLATFORM, platform),
        (Shared.VERSION, frozenset(asked.versions) & frozenset(said.versions)),
        (Shared.CODE, frozenset(asked.codes) & frozenset(said.codes)),
        (Shared.WORDS, not symptom and _most_words(asked, said)),
    ]
    return [what for what, is_so in shared if is_so]


def _most_words(asked: Reading, said: Reading) -> bool:
    words = {term for term in asked.terms if " " not in term}
    return bool(words) and 2 * len(words.intersection(said.terms)) >= len(words)


def keys(said: tuple[Said, ...]) -> frozenset[str]:
    return frozenset(target.key for target in said)


def _key(said: Said | None) -> str:
    return said.key if said else ""
