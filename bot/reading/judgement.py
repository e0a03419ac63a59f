"""How well two readings fit: what is looked into or asked, and what a ticket or an issue says. Pure.

Silence rules nothing out: only what both say, and say differently, does.
"""

from dataclasses import dataclass
from enum import StrEnum

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


class Level(StrEnum):
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


FAMILIES = (
    frozenset(("connect", "slow", "speed", "drops", "dns", "streaming", "leak")),
    frozenset(("payment",)),
    frozenset(("login",)),
    frozenset(("crash",)),
)
"""Of the symptoms that come with the bot. Trouble of two families is not the same trouble; a class of somebody's own
belongs to none, and is compared with nothing but itself."""
TWINS = (frozenset(("slow", "speed")),)
"""Two words for one symptom."""
WEIGHTS = {
    Shared.TARGET: 4,
    Shared.SYMPTOM: 4,
    Shared.CODE: 4,
    Shared.VERSION: 2,
    Shared.KIN: 1,
    Shared.PLATFORM: 1,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How two readings fit, as data: why not, or in what."""

    apart: Apart | None = None
    shared: frozenset[Shared] = frozenset()
    whole: bool = False
    """Nothing is asked but the target: whoever has trouble there has the same."""

    @property
    def level(self) -> Level:
        if self.apart:
            return Level.APART
        same = self.shared & {Shared.SYMPTOM, Shared.CODE} or (self.whole and Shared.TARGET in self.shared)
        return Level.SAME if same else Level.AREA

    @property
    def weight(self) -> int:
        """The more, the nearer; 0 for what is apart or shares nothing."""
        return 0 if self.apart else sum(WEIGHTS[each] for each in self.shared)


def judged(asked: Reading, said: Reading) -> Judgement:
    """Judges what is `said` by what is `asked`."""
    apart = _targets(asked, said) or _platforms(asked, said) or _topics(asked, said)
    whole = not (asked.symptom or asked.codes or asked.wish)
    return Judgement(apart, frozenset() if apart else frozenset(_shared(asked, said)), whole)


def related(one: str, other: str) -> bool:
    """Whether two classes of symptoms may have one cause."""
    return one == other or any(one in family and other in family for family in FAMILIES)


def _targets(asked: Reading, said: Reading) -> Apart | None:
    """Nothing where either names no target."""
    wanted, affected = keys(asked.affected), keys(said.affected)
    if not wanted or wanted & affected:
        return None
    if affected:
        return Apart.TARGET
    return Apart.MENTION if wanted <= keys(said.elsewhere) else None


def _platforms(asked: Reading, said: Reading) -> Apart | None:
    wanted, told = _key(asked.platform), _key(said.platform)
    return Apart.PLATFORM if wanted and told and wanted != told else None


def _topics(asked: Reading, said: Reading) -> Apart | None:
    """Who wants a refund because nothing connects has that trouble; who only wants a refund has none."""
    wanted, told = _key(asked.symptom), _key(said.symptom)
    if asked.wish:
        return Apart.TOPIC if not said.wish and told and told != wanted else None
    if wanted and told and _strangers(wanted, told):
        return Apart.TOPIC
    return Apart.TOPIC if wanted and said.wish and not told else None


def _strangers(one: str, other: str) -> bool:
    known = [family for family in FAMILIES if one in family or other in family]
    return len(known) == 2


def _shared(asked: Reading, said: Reading) -> list[Shared]:
    symptom, told = _key(asked.symptom), _key(said.symptom)
    same = symptom and (symptom == told or frozenset((symptom, told)) in TWINS)
    platform = asked.platform and _key(asked.platform) == _key(said.platform)
    shared = [
        (Shared.TARGET, keys(asked.affected) & keys(said.affected)),
        (Shared.SYMPTOM, same or (asked.wish and _key(asked.wish) == _key(said.wish))),
        (Shared.KIN, symptom and told and not same and related(symptom, told)),
        (Shared.PLATFORM, platform),
        (Shared.VERSION, frozenset(asked.versions) & frozenset(said.versions)),
        (Shared.CODE, frozenset(asked.codes) & frozenset(said.codes)),
    ]
    return [what for what, is_so in shared if is_so]


def keys(said: tuple[Said, ...]) -> frozenset[str]:
    return frozenset(each.key for each in said)


def _key(said: Said | None) -> str:
    return said.key if said else ""
