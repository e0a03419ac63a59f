"""A long answer read as it arrives, row by row: a thousand tickets need no more memory than the longest of them.

Whole, such an answer is five megabytes of JSON and thirty of objects, and one call that parses it holds everything
else up for longer than a person should wait.
"""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.tickets.zendesk.wire import malformed

VALUE_CHARS = 8_000_000
"""A ticket is far smaller; what is larger is no answer of a Zendesk."""
_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"
_AFTER = frozenset(f"{_BLANK},:]}}")


class RowByRow:
    """`rows` gives the values of the list at `key`; `rest` has all other keys of the answer once they are through."""

    def __init__(self, chunks: Iterable[bytes], *, key: str) -> None:
        self._chunks = iter(chunks)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._key = key
        self._text = ""
        self._at = 0
        self._ended = False
        self.rest: dict[str, Any] = {}

    def rows(self) -> Iterator[Any]:
        """Raises DeskError for what is no JSON object, or has no such list."""
        listed = False
        for name in self._members():
            if name == self._key:
                listed = True
                yield from self._elements()
            else:
                self.rest[name] = self._value()
        if not listed:
            raise malformed(f"a list of {self._key}")

    def _members(self) -> Iterator[str]:
        """The names of the object; whoever asks for the next one has read the value."""
        self._expect("{")
        if self._next() == "}":
            return
        while True:
            name = self._value()
            if not isinstance(name, str):
                raise malformed("a JSON object")
            self._expect(":")
            yield name
            if self._either(",", "}") == "}":
                return

    def _elements(self) -> Iterator[Any]:
        if self._next() != "[":
            raise malformed(f"a list of {self._key}")
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._either(",", "]") == "]":
                return

    def _value(self) -> Any:
        """The next value, once it has arrived whole."""
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise malformed("a JSON object") from None
            except ValueError:
                end = len(self._text)
            else:
                # A number may go on in the next piece: "1", "1.", "1.5".
                if self._ended or self._text[end : end + 1] in _AFTER:
                    self._at = end
                    return value
            if self._ended or end - self._at > VALUE_CHARS:
                raise malformed("a JSON object")
            self._more()

    def _more(self) -> None:
        """Twice as much as is there, so that a long value is not begun again with every piece of it."""
        self._text, self._at = self._text[self._at :], 0
        pieces, left = [self._text], max(1, len(self._text))
        while left > 0 and not self._ended:
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            pieces.append(self._decode(chunk or b"", self._ended))
            left -= len(pieces[-1])
        self._text = "".join(pieces)

    def _next(self) -> str:
        """The next character that is no blank, without taking it."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                raise malformed("a JSON object")
            self._more()

    def _expect(self, mark: str) -> None:
        if self._next() != mark:
            raise malformed("a JSON object")
        self._at += 1

    def _either(self, one: str, other: str) -> str:
        mark = self._next()
        if mark not in (one, other):
            raise malformed("a JSON object")
        self._at += 1
        return mark
