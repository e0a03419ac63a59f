"""The app's manifest.yml: where it is, and its content.

A reader for the part of YAML that the manifest uses, because nothing else that the bot needs at run time reads YAML.
"""

import re
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

_PAIR = re.compile(r"\A(?P<key>[A-Za-z_][\w.-]*):(?:\s+(?P<value>.*))?")
_NUMBER = re.compile(r"-?\d+")
_COMMENT = re.compile(r"\A((?>(?:[^\"#]|(?<=\S)#|\"[^\"]*+\")*))(?:(?<!\S)#.*)?\Z")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None}


def find_manifest() -> Traversable:
    """Beside the code in an installed copy, above it in a checkout; FileNotFoundError where it is in neither."""
    package = resources.files("bot")
    for place in (package / "manifest.yml", package / ".." / "manifest.yml"):
        if place.is_file():
            return place
    raise FileNotFoundError("manifest.yml is neither beside the package bot nor above it")


def read_manifest() -> dict[str, Any]:
    """The app's manifest as Slack would read it."""
    return parse(find_manifest().read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, Any]:
    """Mappings, lists, plain and quoted scalars, `>-` folded text and comments; ValueError for anything else."""
    lines = [_Line(number, raw) for number, raw in enumerate(text.splitlines(), 1)]
    reader = _Reader([line for line in lines if line.text])
    content = reader.block(0)
    if not isinstance(content, dict) or reader.line is not None:
        raise ValueError("the manifest is no mapping of keys at its top")
    return content


class _Line:
    def __init__(self, number: int, raw: str) -> None:
        self.number = number
        self.text = _COMMENT.sub(r"\1", raw).strip()
        self.indent = len(raw) - len(raw.lstrip(" "))

    def wrong(self) -> ValueError:
        return ValueError(f"line {self.number}: this part of YAML is not understood: {self.text}")


class _Reader:
    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines
        self._at = 0

    @property
    def line(self) -> _Line | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def block(self, least: int) -> Any:
        """The mapping or list that starts here, indented by at least `least`; None where there is none."""
        line = self.line
        if line is None or line.indent < least:
            return None
        return self._items(line.indent) if line.text.startswith("- ") else self._mapping(line.indent)

    def _items(self, indent: int) -> list[Any]:
        items: list[Any] = []
        while (line := self.line) is not None and line.indent == indent and line.text.startswith("- "):
            line.text, line.indent = line.text[2:].lstrip(), indent + 2
            if _PAIR.fullmatch(line.text):
                items.append(self._mapping(indent + 2))
            else:
                self._at += 1
                items.append(_scalar(line, line.text))
        return items

    def _mapping(self, indent: int) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        while (line := self.line) is not None and line.indent == indent:
            pair = _PAIR.fullmatch(line.text)
            if pair is None:
                raise line.wrong()
            self._at += 1
            pairs[pair["key"]] = self._value(line, pair["value"] or "")
        if line is not None and line.indent > indent:
            raise line.wrong()
        return pairs

    def _value(self, line: _Line, text: str) -> Any:
        if text == ">-":
            return self._folded(line.indent)
        return _scalar(line, text) if text else self.block(line.indent + 1)

    def _folded(self, indent: int) -> str:
        parts: list[str] = []
        while (line := self.line) is not None and line.indent > indent:
            parts.append(line.text)
            self._at += 1
        return " ".join(parts)


def _scalar(line: _Line, text: str) -> Any:
    if text[0] == text[-1] == '"' and "\\" not in text:
        return text[1:-1]
    if text[0] in "\"'[]{}&*!|>%@`" or ": " in text:
        raise line.wrong()
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _NUMBER.fullmatch(text) else text
