"""Targets: what can have trouble, and how people name it."""

import difflib
import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.loose_json import normalized


@dataclass(frozen=True, slots=True)
class Target:
    """One configured target."""

    key: str
    title: str
    kind: str
    team: str = ""
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """DNS names."""
    addresses: tuple[str, ...] = ()
    """IP literals behind it."""
    urls: tuple[str, ...] = ()
    """What the http probe asks for."""
    tls: tuple[str, ...] = ()
    """"host:port"."""
    names: tuple[str, ...] = ()
    """What the dns probe looks up."""
    ports: tuple[str, ...] = ()
    """TCP ports of every address ("443") or of one host ("host:443")."""
    vpn: tuple[str, ...] = ()
    """Services of every address, as "wireguard:51820"."""
    wireguard_keys: tuple[str, ...] = ()
    """The public keys of the servers, "address=key", or one key for all."""
    expect: str = ""
    """A text that each page has."""
    test_payment: bool = False
    """Whether it gets test payments."""
    status_page: bool = False
    """Whether a status page tells of it."""
    search: tuple[str, ...] = ()
    """The words that its tickets use."""
    control: str = ""
    """The key of a target of the same kind that serves as comparison."""
    remote: bool = False
    """Whether Globalping may measure it from other places, with results that anybody can read."""


def folded(text: str) -> str:
    """The form in which names are compared: letters and digits of any script, without case ("U.S. East": "useast")."""
    return "".join(char for char in normalized("NFKC", text).casefold() if char.isalnum())


_ALL = ("all", "everything", "all targets")
_NEAR = 0.5
_EQUALLY_NEAR = 0.02
"""One letter more or less in the same place of two names makes more than this."""
_LONGEST, _LONGEST_NAME = 100, 300
"""Of a name that is compared by likeness, and of one that can be a target's at all."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """All configured targets, found by key, title, alias, host or address."""

    targets: tuple[Target, ...]
    _by_name: dict[str, Target] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, Target] = {}
        for target in self.targets:
            for name in (target.key, target.title, *target.aliases, *target.hosts):
                by_name.setdefault(folded(name), target)
            for address in target.addresses:
                by_name.setdefault(_address(address) or address, target)
        object.__setattr__(self, "_by_name", by_name)

    def __iter__(self) -> Iterator[Target]:
        return iter(self.targets)

    def __getitem__(self, key: str) -> Target:
        if target := self.get(key):
            return target
        raise KeyError(key)

    @property
    def example(self) -> str:
        """The key of a target for an example."""
        return next((target.key for target in self.targets), "us-east")

    def get(self, key: str) -> Target | None:
        return next((target for target in self.targets if target.key == key), None)

    def named(self, key: str) -> Target:
        """The target of a record, also of one that is no longer configured: then only its key is left of it."""
        return self.get(key) or Target(key, key, "")

    def find(self, name: str) -> Target | None:
        """The target that a person means by exactly `name`."""
        if len(name) > _LONGEST_NAME:
            return None
        address = _address(name)
        return self._by_name.get(address) if address else self._by_name.get(folded(name))

    def group(self, name: str) -> tuple[Target, ...]:
        """The targets that a person means by one name: a target, "all", a kind ("gateways"), a team, or "us-*"."""
        words = name.strip()
        if target := self.find(words):
            return (target,)
        plain = words.casefold()
        if plain in _ALL:
            return self.targets
        if plain.endswith("*"):
            start = plain.rstrip("*")
            return tuple(target for target in self.targets if start and target.key.startswith(start))
        kinds, kind = {target.kind for target in self.targets}, folded(plain)
        one = next((known for known in kinds if kind in (folded(known), f"{folded(known)}s")), None)
        if one:
            return tuple(target for target in self.targets if target.kind == one)
        return tuple(target for target in self.targets if target.team and folded(target.team) == kind)

    def longest_prefix(self, words: Iterable[str]) -> tuple[Target | None, list[str]]:
        """The target named by the most leading words, and the words that are left.

        "US East packet loss" is (us-east, ["packet", "loss"]); no target is (None, all words).
        """
        listed = list(words)
        for count in range(min(len(listed), 6), 0, -1):
            target = self.find(" ".join(listed[:count]))
            if target:
                return target, listed[count:]
        return None, listed

    def nearest(self, name: str, limit: int = 3) -> list[Target]:
        """The targets whose names look most like `name`, best first."""
        return [target for target, _ in self._likely([name])][:limit]

    def likeliest(self, *names: str) -> Target | None:
        """The one that is meant by a misspelt name, or one of several readings of it.

        None where no name is near, or two are equally near.
        """
        likely = self._likely(names)
        if len(likely) > 1 and likely[0][1] - likely[1][1] < _EQUALLY_NEAR:
            return None
        return likely[0][0] if likely else None

    def _likely(self, names: Iterable[str]) -> list[tuple[Target, float]]:
        """Targets with how like their likest name is, best first."""
        known, best = list(self._by_name), dict[str, tuple[Target, float]]()
        for word in (folded(name[:_LONGEST]) for name in names):
            for hit in difflib.get_close_matches(word, known, n=len(known) or 1, cutoff=_NEAR):
                target, like = self._by_name[hit], difflib.SequenceMatcher(None, hit, word).ratio()
                if target.key not in best or best[target.key][1] < like:
                    best[target.key] = (target, like)
        places = {target.key: place for place, target in enumerate(self.targets)}
        return sorted(best.values(), key=lambda candidate: (-round(candidate[1], 3), places[candidate[0].key]))


def _address(text: str) -> str:
    """The canonical form of an IP literal; "" where `text` is none."""
    try:
        return str(ipaddress.ip_address(text.strip().strip("[]")))
    except ValueError:
        return ""
