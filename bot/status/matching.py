"""Which components and alerts of a source concern which target. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.status.model import Alert, Component, Incident, SourceReading

# Since Alertmanager 0.27 a label may have any name; what is no word of Prometheus stands in quotes, or without
# whatever has a meaning in a matcher.
_LABEL = r'"(?>(?:[^"\\]|\\.){1,200})"|[^\s\d{}!=~,\\"\'`][^\s{}!=~,\\"\'`]{0,199}+'
_MATCHER = re.compile(rf"\A\s*+({_LABEL})\s*+(=~|!~|!=|=)(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SLASH = re.compile(r" ?/ ?")
_PLAIN_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
LONGEST_VALUE = 200
"""A label's value is compared as far as this."""


_PART = re.compile(r"\\.|\[\^?\]?(?>(?:\\.?|[^\]\\])*)(?:\]|\Z)|[()|*+]|\{\d*+,\d*+\}|.", re.DOTALL)
REPEATS_MAX = 3
"""More of them in one expression are tried in too many ways: Alertmanager's own engine knows none, Python's does."""


class NoMatcher(ValueError):
    """The text is no label matcher."""


@dataclass(frozen=True, slots=True)
class LabelMatcher:
    """A label matcher as in Alertmanager: a label that is not there counts as "", an expression matches all of it."""

    label: str
    operator: str
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.label, "")[:LONGEST_VALUE]
        same = bool(re.fullmatch(self.value, value)) if "~" in self.operator else value == self.value
        return same is not self.operator.startswith("!")

    def __str__(self) -> str:
        label = self.label if _PLAIN_LABEL.fullmatch(self.label) else _quoted(self.label)
        return f"{label}{self.operator}{_quoted(self.value)}"


def parse_matcher(text: str) -> LabelMatcher:
    """`region="us-east"`, `severity=~page|critical`, `"service.name"=vpn`; `str` is the inverse. Raises NoMatcher."""
    match = _MATCHER.fullmatch(text)
    if not match:
        raise NoMatcher(text)
    label, operator, value = match[1], match[2], match[3].strip()
    if label.startswith('"'):
        label = _unquoted(label)
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = _unquoted(value)
    elif '"' in value:
        raise NoMatcher(text)
    if "~" in operator and not is_bounded(value):
        raise NoMatcher(text)
    return LabelMatcher(label, operator, value)


def is_bounded(expression: str) -> bool:
    """Whether it is a regular expression that no short text keeps busy."""
    try:
        re.compile(expression)
    except (re.error, OverflowError, RecursionError):
        return False
    return not _endless(expression)


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


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(lambda hit: "\n" if hit[1] == "n" else hit[1], text[1:-1])


@dataclass(frozen=True, slots=True)
class Concern:
    """The part of a source that concerns a target: any components by id, name or group; alerts by all matchers.

    An id means what has it and nothing else. A name that several groups have is told apart as "Group / Name".
    """

    names: tuple[str, ...] = ()
    matchers: tuple[LabelMatcher, ...] = ()

    def of(self, reading: SourceReading) -> SourceReading:
        """The part of a reading that concerns the target."""
        components = tuple(dict.fromkeys(component for name in self.names for component in _called(name, reading)))
        incidents = tuple(
            incident
            for incident in reading.incidents
            if any(touched in components for touched in _touched(incident, reading))
        )
        return replace(
            reading,
            components=components,
            incidents=incidents,
            alerts=tuple(alert for alert in reading.alerts if self._fires(alert)),
        )

    def missing(self, reading: SourceReading) -> tuple[str, ...]:
        """The configured names that no component and no group of the page has."""
        return tuple(name for name in self.names if not _called(name, reading))

    def ambiguous(self, reading: SourceReading) -> dict[str, tuple[str, ...]]:
        """The configured names that components of several groups have, with each as it can be told apart."""
        names = {}
        for name in self.names:
            named = [component for component in _called(name, reading) if _folded(component.name) == _folded(name)]
            if len({component.group for component in named}) > 1:
                names[name] = tuple(
                    f"{component.group} / {component.name}" if component.group else component.id for component in named
                )
        return names

    def _fires(self, alert: Alert) -> bool:
        labels = dict(alert.labels)
        return bool(self.matchers) and all(matcher.matches(labels) for matcher in self.matchers)


def about_the_page(reading: SourceReading) -> SourceReading:
    """The incidents that name no component: they are about all of the page."""
    return SourceReading(incidents=tuple(incident for incident in reading.incidents if not incident.components))


def _called(name: str, reading: SourceReading) -> list[Component]:
    """The components that a configured name means."""
    folded = _folded(name)
    with_id = [component for component in reading.components if folded in _ids(component)]
    return with_id or [component for component in reading.components if folded in _names(component)]


def _touched(incident: Incident, reading: SourceReading) -> list[Component]:
    """The components that an incident is about. It comes with ids and names, and what has its id there needs no name:
    another group may have a component of that name too.
    """
    keys = set(map(_folded, incident.components))
    with_id = [component for component in reading.components if keys & _ids(component)]
    keys -= {_folded(name) for component in with_id for name in (component.name, component.group)}
    return with_id + [component for component in reading.components if keys & _names(component)]


def _ids(component: Component) -> set[str]:
    return {_folded(key) for key in (component.id, component.group_id) if key}


def _names(component: Component) -> set[str]:
    """ "API", its group "US", and both: "US / API", or "US - API" as in the updates of an incident."""
    name, group = component.name, component.group
    both = (f"{group} / {name}", f"{group} - {name}") if group and name else ()
    return {_folded(key) for key in (name, group, *both) if key}


@lru_cache(maxsize=16_384)
def _folded(name: str) -> str:
    """Kept, since every component is compared with every target's names."""
    return _SLASH.sub("/", " ".join(name.casefold().split()))
