"""Bytes of any encoding as lines of UTF-8, without colours, control characters and carriage returns. Pure."""

import codecs
import re
from dataclasses import dataclass

LINE_MAX = 2000
"""Bytes of a line that are read."""
LINES_MAX = 800_000
_LOOK_AT = 8192
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,16}[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_])")
_RETURN = "⏎".encode()
"""An app of OpenVPN's writes it where a line ends, and now and then in place of the end."""
_CONTROL = bytes(set(range(32)) - {9, 10}) + b"\x7f"
_MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x7fELF", b"MZ", b"SQLite format 3", b"Rar!", b"7z\xbc\xaf",
    b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x0a\x0d\x0d\x0a", b"ElfFile",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """`cut_lines` are longer than `LINE_MAX`; `left_out` says that there are more lines than `LINES_MAX`."""

    lines: list[bytes]
    encoding: str
    cut_lines: int = 0
    left_out: bool = False
    ends_whole: bool = True
    """The last line has its end."""


def is_text(content: bytes) -> bool:
    """Whether it may be a log: no picture, no program, and little in it that no text has."""
    head = content[:_LOOK_AT]
    if head.startswith(_MAGIC):
        return False
    if _encoding(content) != "utf-8":
        return True
    strange = len(head) - len(head.translate(None, bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27})))
    return strange * 20 <= len(head)


def decoded(content: bytes) -> Decoded:
    """Whatever it is, it comes back as lines that are UTF-8."""
    encoding = _encoding(content)
    if encoding == "utf-8":
        text = content.removeprefix(b"\xef\xbb\xbf")
        if not _is_utf8(text):
            encoding, text = "windows-1252", _as_utf8(text, "cp1252", "latin-1")
    else:
        text = _as_utf8(content, encoding, encoding).removeprefix(b"\xef\xbb\xbf")
    if _RETURN in text:
        text = text.removeprefix(_RETURN).replace(b"\n" + _RETURN, b"\n").replace(_RETURN, b"\n")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\x1b" in text:
        text = _ESCAPES.sub(b"", text)
    text = text.translate(None, _CONTROL)
    ends_whole = text.endswith(b"\n") or not text
    lines = text.split(b"\n", LINES_MAX)
    left_out = len(lines) > LINES_MAX and bool(lines.pop().strip())
    if lines and not lines[-1]:
        lines.pop()
    return _short(Decoded(lines, encoding, left_out=left_out, ends_whole=ends_whole))


def _short(whole: Decoded) -> Decoded:
    """A line without end is cut, never inside a letter."""
    long = [place for place, line in enumerate(whole.lines) if len(line) > LINE_MAX]
    for place in long:
        whole.lines[place] = whole.lines[place][:LINE_MAX].decode("utf-8", "ignore").encode()
    return Decoded(whole.lines, whole.encoding, len(long), whole.left_out, whole.ends_whole)


def _encoding(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    head = content[:_LOOK_AT]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 > len(head) and abs(even - odd) * 2 > max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def _is_utf8(text: bytes) -> bool:
    """A few broken letters, as in a file that is cut, leave it UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text)
    except UnicodeDecodeError:
        foreign = len(text) - len(text.translate(None, bytes(range(128, 256))))
        return text.decode("utf-8", "replace").count("\ufffd") * 10 < foreign
    return True


def _as_utf8(content: bytes, encoding: str, otherwise: str) -> bytes:
    """In pieces: as one text it could take four times its size."""
    size, pieces = 1 << 20, []
    for at in range(0, len(content), size):
        piece = content[at : at + size]
        try:
            text = piece.decode(encoding)
        except UnicodeDecodeError:
            text = piece.decode(otherwise, "replace")
        pieces.append(text.encode("utf-8", "replace"))
    return b"".join(pieces)
