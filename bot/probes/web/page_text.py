"""Looking for a text on a page while it arrives, as a reader sees it: whatever its encoding, markup and line breaks.

Everything is done part by part, so that a large page neither fills the memory nor holds the bot up. Pure.
"""

import html
import re
import zlib
from collections.abc import Iterator

from bot.loose_json import normalized
from bot.probes.web.charset import SNIFFED_BYTES, Decoding

TEXT_LIMIT = 4 * 1024 * 1024
"""So much of a page is looked at, counted after decompression: a small answer may be a large page."""
_PART = 32_768
_GZIP_OR_ZLIB, _RAW_DEFLATE = 47, -15
_COMPRESSED = ("gzip", "x-gzip", "deflate")
# Soft hyphens, joiners and marks of direction or order, which nobody sees.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Longer than the references that HTML knows by name; a tag that is longer than this is taken for text.
_REFERENCE_MAX, _TAG_MAX = 40, 8192
_INLINE = "a|abbr|b|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|s|small|span|strong|sub|sup|time|tt|u|wbr"
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>")


class PageText:
    """Whether `wanted` stands on the page whose body is fed in parts. White space may be as wide as it likes.

    `content_type` and `content_encoding` are headers of the answer. `unreadable` is a compression that can't be undone,
    `looked_at` how many bytes were looked at.
    """

    def __init__(self, expected: str, *, content_type: str = "", content_encoding: str = "") -> None:
        encodings = [encoding.strip().lower() for encoding in content_encoding.split(",")]
        encodings = [encoding for encoding in encodings if encoding not in ("", "identity")]
        known = [encoding for encoding in encodings if encoding in _COMPRESSED]
        self.unreadable = ", ".join(encodings) if len(encodings) > len(known[:1]) else ""
        self.has_text = not _plain(expected).strip()
        self._inflating = _Inflating() if encodings else None
        self._decoding = Decoding(content_type)
        self._views = [
            _View(expected),
            _View(expected, _Unescaped()),
            _View(expected, _Uncommented(), _Untagged(), _Unescaped()),
        ]
        self._start = b""
        self.looked_at = 0

    @property
    def full(self) -> bool:
        """Whether so much was looked at that no more is."""
        return self.looked_at >= TEXT_LIMIT

    @property
    def settled(self) -> bool:
        """Whether more of the page would change nothing."""
        return self.has_text or bool(self.unreadable) or self.full

    def feed(self, data: bytes) -> Iterator[None]:
        """Looks at some more of the body, and gives way after each part of it."""
        for part in self._inflating.inflated(data) if self._inflating else _parts(data):
            if self.settled:
                return
            self.looked_at += len(part)
            self._start += part
            if self.looked_at >= SNIFFED_BYTES:
                self._look(end=False)
            yield

    def close(self) -> None:
        """Ends the page: what is held back is looked at."""
        if not self.settled:
            self._look(end=True)

    def _look(self, *, end: bool) -> None:
        text = self._decoding.decoded(self._start, end=end)
        self._start = b""
        self.has_text = any([view.shows(text, end=end) for view in self._views])


class _Inflating:
    """Undoes gzip and both kinds of deflate; what is neither gives nothing."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
        self._taken: bytes | None = b""
        """What was taken while it could still be the bare format; None once that is settled."""

    def inflated(self, data: bytes) -> Iterator[bytes]:
        part = b""
        while data or len(part) == _PART:
            try:
                part = self._inflater.decompress(data, _PART)
            except zlib.error:
                if self._taken is None:
                    return
                # "deflate" is zlib's format by its definition, and the bare one by some servers' habit.
                data, self._taken = self._taken + data, None
                self._inflater = zlib.decompressobj(wbits=_RAW_DEFLATE)
                continue
            self._taken = None if part or self._taken is None else self._taken + data
            data = self._inflater.unconsumed_tail
            if self._inflater.eof:
                # Another member may follow (RFC 1952 section 2.2).
                data = self._inflater.unused_data
                self._inflater = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
            if part:
                yield part


class _Step:
    """One change that is made to a text in parts. `_cut` says where what is not whole yet begins."""

    def __init__(self) -> None:
        self._rest = ""

    def passed(self, text: str, *, end: bool) -> str:
        text = self._rest + text
        place = len(text) if end else self._cut(text)
        self._rest = text[place:]
        return self._changed(text[:place])

    def _cut(self, text: str) -> int:
        raise NotImplementedError

    def _changed(self, text: str) -> str:
        raise NotImplementedError


class _Unescaped(_Step):
    """Character references as the characters that they mean."""

    def _cut(self, text: str) -> int:
        place = text.rfind("&", len(text) - _REFERENCE_MAX)
        return len(text) if place < 0 or ";" in text[place:] else place

    def _changed(self, text: str) -> str:
        return html.unescape(text)


class _Uncommented(_Step):
    """Without comments, of which also one without an end is never seen."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = False

    def _cut(self, text: str) -> int:
        return len(text) - next((count for count in (3, 2, 1) if text.endswith(("<!--"[:count], "-->"[:count]))), 0)

    def _changed(self, text: str) -> str:
        kept, place = [], 0
        while place < len(text):
            mark = "-->" if self._inside else "<!--"
            position = text.find(mark, place)
            if not self._inside:
                kept.append(text[place:] if position < 0 else text[place:position])
            if position < 0:
                break
            self._inside, place = not self._inside, position + len(mark)
        return "".join(kept)


class _Untagged(_Step):
    """Without tags: those within a word are nothing, all others a space."""

    def _cut(self, text: str) -> int:
        place = text.rfind("<", len(text) - _TAG_MAX)
        return len(text) if place < 0 or ">" in text[place:] else place

    def _changed(self, text: str) -> str:
        return _TAG.sub(" ", _INLINE_TAG.sub("", text))


class _View:
    """One way to read the page: as it stands, or with `steps` taken one after the other."""

    def __init__(self, expected: str, *steps: _Step) -> None:
        self._expected = _plain(expected).strip()
        self._steps = steps
        self._tail = ""

    def shows(self, text: str, *, end: bool) -> bool:
        for step in self._steps:
            text = step.passed(text, end=end)
        window = _plain(self._tail + text)
        self._tail = window[-len(self._expected) :]
        return self._expected in window


def _parts(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _PART):
        yield data[start : start + _PART]


def _plain(text: str) -> str:
    """Puts one space for any white space, and leaves out what nobody sees."""
    words = " ".join(normalized("NFC", _UNSEEN.sub("", text)).split())
    before, after = (" " if part.isspace() else "" for part in (text[:1], text[-1:]))
    return f"{before}{words}{after}" if words else before
