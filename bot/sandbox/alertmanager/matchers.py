"""Matchers as Alertmanager's API takes them: `name="value"`, with = != =~ !~; a regular expression is anchored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.rest.answers import Json

_FORM = re.compile(r"\A\s*+([a-zA-Z_:][a-zA-Z0-9_:]*+)\s*+(=~|!~|!=|=)(.*)", re.DOTALL)
_ANY_NAME = re.compile(r'\A\s*+"((?>(?:[^"\\]|\\.?)+))"\s*+(=~|!~|!=|=)(.*)', re.DOTALL)
"""Since 0.27 the name of a label may be any text, in quotes."""
_BARE_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"')
_ESCAPE = re.compile(r'\\[n"\\]')
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class Matcher:
    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def matches(self, labels: Mapping[str, str]) -> bool:
        """A label that is absent is an empty one."""
        found = labels.get(self.name, "")
        same = re.fullmatch(self.value, found) is not None if self.is_regex else found == self.value
        return same is self.is_equal

    def written(self) -> Json:
        return {"name": self.name, "value": self.value, "isRegex": self.is_regex, "isEqual": self.is_equal}


def parse(text: str, *, any_name: bool = False) -> Matcher:
    """One matcher of a `filter`; ValueError has Alertmanager's own words."""
    found = _FORM.fullmatch(text) or (_ANY_NAME.fullmatch(text) if any_name else None)
    if found is None:
        raise ValueError(f"bad matcher format: {text}")
    name, operator, value = found[1], found[2], found[3].strip()
    if value.startswith('"') != (value.endswith('"') and len(value) > 1):
        raise ValueError(f"matcher value contains unescaped double quote: {value}")
    if value.startswith('"'):
        value = value[1:-1]
    if _BARE_QUOTE.search(value):
        raise ValueError(f"matcher value contains unescaped double quote: {value}")
    value = _ESCAPE.sub(lambda escape: _ESCAPES[escape[0]], value)
    return checked(Matcher(name, value, operator.endswith("~"), not operator.startswith("!")))


def checked(matcher: Matcher) -> Matcher:
    """The same matcher, if its regular expression is one."""
    if matcher.is_regex:
        try:
            re.compile(matcher.value)
        except re.error as error:
            raise ValueError(f"error parsing regexp: {error}: `{matcher.value}`") from error
    return matcher


def all_match(matchers: list[Matcher], labels: Mapping[str, str]) -> bool:
    return all(matcher.matches(labels) for matcher in matchers)
