"""What a reader looks for: names of targets and all phrases, as one table of each. Pure."""

from functools import lru_cache

from bot.reading.cues import cue_phrases
from bot.reading.lexicon import Lexicon
from bot.reading.matters import matter_phrases
from bot.reading.naming import GATEWAY, TargetNames, target_names
from bot.reading.platforms import platform_phrases
from bot.reading.symptoms import symptom_phrases
from bot.reading.word_lists import phrases_by_key, vocabulary
from bot.targets.model import Catalog, Target

Classes = tuple[tuple[str, tuple[str, ...]], ...]
"""Classes of symptoms of the settings, each with its words."""


def tables_of(catalog: Catalog, own: Classes, usual_symptoms: bool) -> tuple[TargetNames, Lexicon]:
    """The same as the last time where targets are called the same, whatever else is said of them."""
    return _made(Catalog(tuple(map(_as_named, catalog))), own, usual_symptoms)


def _as_named(target: Target) -> Target:
    """The target with only what people call it by."""
    return Target(
        key=target.key,
        title=target.title,
        kind=target.kind,
        aliases=target.aliases,
        hosts=target.hosts,
        addresses=target.addresses,
        search=target.search,
    )


@lru_cache(maxsize=1)
def _made(catalog: Catalog, own: Classes, usual_symptoms: bool) -> tuple[TargetNames, Lexicon]:
    names = target_names(catalog)
    phrases = {
        **cue_phrases(),
        **symptom_phrases(dict(own), usual=usual_symptoms),
        **platform_phrases(),
        **phrases_by_key("wish", vocabulary("wishes")),
        **matter_phrases(),
        **_searched(catalog),
    }
    return names, Lexicon(phrases, name_begins=names.begins)


def _searched(catalog: Catalog) -> dict[tuple[str, str], tuple[str, ...]]:
    """Phrases of the ticket search that are found with small words between: "card was declined"."""
    by_target = {}
    for target in catalog:
        phrases = [" ~ ".join(phrase.split()) for phrase in target.search]
        if phrases and target.kind != GATEWAY:
            by_target["target", target.key] = tuple(phrases)
    return by_target
