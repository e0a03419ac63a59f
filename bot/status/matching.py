"""Which components and alerts of a source concern which target. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.status.model import Alert, Component, Incident, Reading

# Prometheus' names of labels; the operators are those of Alertmanager.
_MATCHER = re.compile(r"\A\s*+([a-zA-Z_][a-zA-Z0-9_]*+)\s*+(=~|!~|!=|=)(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
LONGEST_VALUE = 200
"""A label's value is compared as far as this."""


_PART = re.compile(r"\\.|\[\^?\]?(?:\\.?|[^\]\\])*+(?:\]|\Z)|[()|*+]|\{\d*+,\d*+\}|.", re.DOTALL)
REPEATS_MAX = 3
"""More of them in one expression are tried in too many ways: Alertmanager's own engine knows none, Python's does."""


class NoMatcher(ValueError):
    """The text is no label matcher."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A label matcher as in Alertmanager: a label that is not there counts as "", an expression matches all of it."""

    label: str
    operator: str
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        found = labels.get(self.label, "")[:LONGEST_VALUE]
        same = bool(re.fullmatch(self.value, found)) if "~" in self.operator else found == self.value
        return same is not self.operator.startswith("!")

    def __str__(self) -> str:
        quoted = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.operator}"{quoted}"'


def parse_matcher(text: str) -> Matcher:
    """`region="us-east"`, `severity=~page|critical`; `str` is the inverse. Raises NoMatcher."""
    found = _MATCHER.fullmatch(text)
    if not found:
        raise NoMatcher(text)
    label, operator, value = found[1], found[2], found[3].strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = _ESCAPE.sub(lambda hit: "\n" if hit[1] == "n" else hit[1], value[1:-1])
    elif '"' in value:
        raise NoMatcher(text)
    if "~" in operator:
        try:
            re.compile(value)
        except (re.error, OverflowError, RecursionError) as error:
            raise NoMatcher(text) from error
        if _endless(value):
            raise NoMatcher(text)
    return Matcher(label, operator, value)


def _endless(expression: str) -> bool:
    """Whether a label's value could keep the expression busy: a repeated group repeats or chooses inside, as in
    "(a+)+" and "(a|b)*", or there are more than a few repeats."""
    open_groups, repeats, closed_loose = [False], 0, False
    for token in _PART.findall(expression):
        repeat = token in "*+" or (token[0] == "{" and len(token) > 1)
        if repeat and closed_loose:
            return True
        closed_loose = False
        if token == "(":
            open_groups.append(False)
        elif token == ")":
            closed_loose = len(open_groups) > 1 and open_groups.pop()
            open_groups[-1] |= closed_loose
        elif repeat or token == "|":
            open_groups[-1] = True
            repeats += repeat
    return repeats > REPEATS_MAX


@dataclass(frozen=True, slots=True)
class Concern:
    """What of a source concerns a target: components by name, id or group, any of them; alerts by all matchers."""

    names: tuple[str, ...] = ()
    matchers: tuple[Matcher, ...] = ()

    def of(self, reading: Reading) -> Reading:
        """The part of a reading that concerns the target."""
        components = tuple(each for each in reading.components if self._names(each))
        keys = {key for each in components for key in (_folded(each.id), _folded(each.name))}
        incidents = tuple(each for each in reading.incidents if self._touches(each, keys))
        return replace(
            reading,
            components=components,
            incidents=incidents,
            alerts=tuple(each for each in reading.alerts if self._fires(each)),
        )

    def missing(self, reading: Reading) -> tuple[str, ...]:
        """The configured names that no component and no group of the page has."""
        there = {_folded(key) for each in reading.components for key in (each.id, each.name, each.group)}
        return tuple(name for name in self.names if _folded(name) not in there)

    def _names(self, component: Component) -> bool:
        wanted = set(map(_folded, self.names))
        return any(_folded(key) in wanted for key in (component.id, component.name, component.group) if key)

    def _touches(self, incident: Incident, keys: set[str]) -> bool:
        return any(_folded(key) in keys for key in incident.components)

    def _fires(self, alert: Alert) -> bool:
        labels = dict(alert.labels)
        return bool(self.matchers) and all(matcher.matches(labels) for matcher in self.matchers)


@lru_cache(maxsize=16_384)
def _folded(name: str) -> str:
    """Kept, since every component is compared with every target's names."""
    return " ".join(name.casefold().split())
