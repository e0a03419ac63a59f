"""What people call targets: the configuration's names, and what follows of them. Pure.

"U.S. East" is "us-east", "useast", "USA East" and "East US" too; "Milan" is "Mailand"; "Germany - Frankfurt" is
"Frankfurt". A spelling that would follow for several targets follows for none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from bot.reading.lexicon import folded_words
from bot.reading.platforms import platform_phrases
from bot.reading.word_lists import listed, vocabulary, word_set
from bot.targets.model import Catalog, Target

GATEWAY = "gateway"
APP = "app"


class Name(NamedTuple):
    """One target that a spelling may mean."""

    key: str
    kind: str
    loose: bool
    """Whether it counts only beside words that say that a gateway is meant, or where nothing else is named."""
    generic: bool = False
    """Whether tickets have it whatever they are about: "app", "Windows"."""


@dataclass(frozen=True, slots=True)
class TargetNames:
    """Spellings without spaces, and all their beginnings."""

    names: dict[str, tuple[Name, ...]]
    begins: frozenset[str]
    longest: int
    """Words of a spelling."""
    near: dict[str, str]
    """Long names with a letter left out: how a slip finds them."""
    addresses: dict[str, Name]
    """Hosts and IP addresses, as they stand in a text."""
    tails: tuple[str, ...]
    """What hosts end with and addresses begin with."""
    adjectives: dict[str, tuple[Name, ...]]
    """What names a gateway beside a word for one: "Dutch"."""
    first: dict[str, frozenset[str]]
    """By the first word of names of two words the others: "East" after "us"."""


_PARTS = re.compile(r"(?<=\s)[-–—]+(?=\s)|[,()|/:#]+|(?<=\s)\d+\Z")
_GENERIC = word_set(
    """
    server servers gateway gateways region location node nodes pop vpn exit streaming optimized optimised p2p
    premium free virtual city the app web site api
    """
)
# Words of texts that are also codes or names of places: alone they name a gateway only beside a word for one.
_COMMON = word_set(
    """
    us it in is no at be de me to so or an my ie la es pl ch se fi pt by do as am id il ma al co ga va pa mi
    nice bath reading mobile split orange cork tours man usa uk eu ap sa ca au east west north south central
    fr nl jp sg hk gb br mx za kr tr ro hu cz dk gr ua america europe asia home main best auto fastest
    """
)
_APPS = """
app, apps, the app, client, vpn client, application, program, software, desktop app, mobile app, mobile apps, desktop
vpn app, our app, desktop client, mobile client, app client, desktop apps
"""
_COASTS = ("coast", "kuste", "kust")
_NEAR_MIN, _NEAR_MAX = 7, 12
"""Letters of a name that is found with a slip in it."""


def target_names(catalog: Catalog) -> TargetNames:
    spellings: dict[str, dict[str, Name]] = {}
    for target in catalog:
        for text, loose in _configured(target):
            _enter(spellings, folded_words(text), target, loose=loose)
    # What people configured is found however it is written apart; what follows of it only as it is written.
    begins = {bare[:size] for bare in spellings for size in range(1, len(bare) + 1)}
    longest = max((len(words) for target in catalog for words in _all_words(target)), default=1) + 2
    for words, owners in _derived(catalog).items():
        if "".join(words) not in spellings and len(owners) == 1 and len(words) <= longest:
            [(target, loose)] = owners
            _enter(spellings, words, target, loose=loose)
            begins.update("".join(words[:size]) for size in range(1, len(words) + 1))
    known = _owned(spellings)
    names = {bare: known[tuple(owners.values())] for bare, owners in spellings.items()}
    return TargetNames(
        names=names,
        begins=frozenset(begins),
        longest=min(longest, 8),
        near=_near(names),
        addresses=_addresses(catalog),
        tails=_tails(catalog),
        first=_first(catalog),
        adjectives=_adjectives_of(catalog),
    )


def _owned(spellings: dict[str, dict[str, Name]]) -> dict[tuple[Name, ...], tuple[Name, ...]]:
    """Thousands of spellings have the same few owners: each of these is kept once."""
    owners = (tuple(names.values()) for names in spellings.values())
    return {names: names for names in owners}


def _enter(
    spellings: dict[str, dict[str, Name]], words: list[str] | tuple[str, ...], target: Target, *, loose: bool
) -> None:
    bare = "".join(words)
    if not bare or (len(bare) == 1 and bare.isascii()):
        return
    owners = spellings.setdefault(bare, {})
    known = owners.get(target.key)
    loose = loose or (len(words) == 1 and bare in _COMMON)
    if known is None or known.loose:
        owners[target.key] = Name(target.key, target.kind, loose, target.kind == APP and bare in _generic_apps())


def _configured(target: Target) -> Iterator[tuple[str, bool]]:
    """Each name with whether it is a loose one: words of the ticket search are no names by themselves."""
    own = (target.key, target.title, *target.aliases)
    for text in own:
        yield text, False
    for text in target.search if target.kind == GATEWAY else ():
        if text not in own:
            yield text, True


def _all_words(target: Target) -> Iterator[list[str]]:
    return (folded_words(text) for text in (target.key, target.title, *target.aliases, *target.search))


def _derived(catalog: Catalog) -> dict[tuple[str, ...], list[tuple[Target, bool]]]:
    """What follows of the names, with all targets of which it follows."""
    spellings: dict[tuple[str, ...], dict[str, tuple[Target, bool]]] = {}
    for target in catalog:
        for words, loose in _variants(target):
            known = spellings.setdefault(words, {}).get(target.key)
            if known is None or known[1]:
                spellings[words][target.key] = (target, loose)
    for code, target in _alone_in_country(catalog).items():
        for spelling in _countries()[code]:
            spellings.setdefault(spelling, {}).setdefault(target.key, (target, True))
    return {words: list(owners.values()) for words, owners in spellings.items()}


def _variants(target: Target) -> Iterator[tuple[tuple[str, ...], bool]]:
    names = [target.title, *target.aliases, target.key]
    whole = [tuple(folded_words(name)) for name in names]
    if target.kind == GATEWAY:
        parts = [tuple(folded_words(part)) for name in names[:-1] for part in _PARTS.split(name)]
        plain = [
            tuple(word for word in words if word not in _GENERIC and not word.isdigit() and len(word) > 1)
            for words in (*whole, *parts)
        ]
        for words in dict.fromkeys((*parts, *plain)):
            if len("".join(words)) >= 3:
                yield words, False
                yield from ((other, False) for other in _spellings().get(words, ()))
                yield from ((other, False) for other in _with_country(words))
        for words in dict.fromkeys((*whole, *plain)):
            yield from ((other, False) for other in _directed(words))
            code = _codes().get(words[:1])
            if code and len(words) > 1 and words[1:] not in _direction_of():
                # "DE Frankfurt", "us-texas": the place without its country.
                yield words[1:], False
                yield from ((other, False) for other in _spellings().get(words[1:], ()))
                yield from ((other, False) for other in _with_country(words[1:]))
                yield (*words[1:], words[0]), False


def _with_country(city: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """ "Frankfurt, Germany" and "Germany - Frankfurt"."""
    code = _city_country().get(city)
    for country in _countries().get(code, ())[:8] if code else ():
        yield (*city, *country)
        yield (*country, *city)


def _directed(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """ "U.S. East" in all ways to say a country and a direction, in both orders."""
    for cut in range(1, len(words)):
        for head, tail in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            code, directions = _codes().get(head), _direction_of().get(tail)
            if code and directions:
                for country, direction in product(dict.fromkeys((*_countries()[code], (code,))), directions):
                    yield (*country, *direction)
                    yield (*direction, *country)
                yield from (direction for direction in directions if "".join(direction).endswith(_COASTS))


def _alone_in_country(catalog: Catalog) -> dict[str, Target]:
    """Countries with one gateway."""
    by_country: dict[str, set[str]] = {}
    for target in catalog:
        if target.kind == GATEWAY:
            for words in _all_words(target):
                for code in filter(
                    None,
                    (_city_country().get(tuple(words)), _codes().get(tuple(words)), _codes().get(tuple(words[:1]))),
                ):
                    by_country.setdefault(code, set()).add(target.key)
    return {
        code: catalog[next(iter(keys))]
        for code, keys in by_country.items()
        if len(keys) == 1 and code in _countries() and code not in ("eu", "ap", "sa", "us")
    }


def _adjectives_of(catalog: Catalog) -> dict[str, tuple[Name, ...]]:
    alone, adjectives = _alone_in_country(catalog), dict(_lines("adjectives"))
    return {
        words[0]: (Name(target.key, target.kind, False),)
        for code, target in alone.items()
        for words in adjectives.get(code, ())
        if len(words) == 1
    }


def _near(names: dict[str, tuple[Name, ...]]) -> dict[str, str]:
    """Each name of enough letters by what it is without one of them; what two names have in common is neither."""
    slips: dict[str, str] = {}
    for bare in names:
        if _NEAR_MIN <= len(bare) <= _NEAR_MAX and bare.isalpha() and bare.isascii():
            for shorter in shortened(bare):
                slips[shorter] = "" if slips.get(shorter, bare) != bare else bare
    return {shorter: bare for shorter, bare in slips.items() if bare}


def shortened(word: str) -> set[str]:
    """The word, and the word without any one of its letters but the first."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}


def _addresses(catalog: Catalog) -> dict[str, Name]:
    """Hosts of several labels and addresses, lower case; those of several targets are nobody's."""
    by_host: dict[str, set[tuple[str, str]]] = {}
    for target in catalog:
        for host in (*target.hosts, *target.addresses):
            if "." in host or ":" in host:
                by_host.setdefault(host.casefold().rstrip("."), set()).add((target.key, target.kind))
    return {
        host: Name(key, kind, False) for host, owners in by_host.items() if len(owners) == 1 for key, kind in owners
    }


def _tails(catalog: Catalog) -> tuple[str, ...]:
    hosts = (".".join(host.casefold().rstrip(".").split(".")[-2:]) for target in catalog for host in target.hosts)
    heads = (address.casefold()[:5] for target in catalog for address in target.addresses)
    return tuple(dict.fromkeys((*hosts, *heads)))


def _first(catalog: Catalog) -> dict[str, frozenset[str]]:
    seconds: dict[str, set[str]] = {}
    for target in catalog:
        if target.kind == GATEWAY:
            for words in _all_words(target):
                if len(words) == 2:
                    seconds.setdefault(words[0], set()).add(words[1])
    return {first: frozenset(others) for first, others in seconds.items() if len(others) > 1}


def _lines(section: str) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """A country's code with names of it, or of one place in it, for each line of vocabulary/places.toml."""
    for line in _places()[section].replace("\n  ", " ").split("\n"):
        if line:
            code, _, names = line.partition(": ")
            yield code, [tuple(words) for name in names.split(",") if (words := folded_words(name))]


@cache
def _places() -> dict[str, str]:
    return vocabulary("places")


@cache
def _spellings() -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """All names of a country or a city by each of them; what is both is the city."""
    places = (*_lines("countries"), *_lines("cities"))
    return {name: names for _, names in places for name in names}


@cache
def _city_country() -> dict[tuple[str, ...], str]:
    return {name: code for code, names in _lines("cities") for name in names}


@cache
def _countries() -> dict[str, list[tuple[str, ...]]]:
    return dict(_lines("countries"))


@cache
def _codes() -> dict[tuple[str, ...], str]:
    """Countries by all that they are called, and by their code."""
    named = {name: code for code, names in _lines("countries") for name in names}
    return {**{(code,): code for code in _countries()}, **named}


@cache
def _generic_apps() -> frozenset[str]:
    platforms = (phrase for phrases in platform_phrases().values() for phrase in phrases)
    return frozenset("".join(folded_words(phrase)) for phrase in (*platforms, *listed(_APPS)))


@cache
def _direction_of() -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    lines = [
        [tuple(folded_words(name)) for name in line.split(",")]
        for line in _places()["directions"].replace("\n  ", " ").split("\n")
        if line
    ]
    return {name: names for names in lines for name in names}
