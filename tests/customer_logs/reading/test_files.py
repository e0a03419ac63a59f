"""Files of any encoding, packed or not, as the logs that are in them."""

import gzip
import io
import zipfile

import pytest

from bot.customer_logs.reading.decoding import LINE_MAX, LINES_MAX, decoded
from bot.customer_logs.reading.unpacking import LOGS_MAX, UNPACKED_MAX, unpacked
from tests.customer_logs.reading.reading import answer, report, reports

TEXT = "2026-11-20 14:00:00 Fehler: Zürich\n2026-11-20 14:00:01 zu Ende\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    assert [line.decode() for line in decoded(TEXT.encode(encoding)).lines] == TEXT.splitlines()


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_and_colours(end: str) -> None:
    text = f"\x1b[1;31mred\x1b[0m and{end}\x1b]0;title\x07plain\x00\x08{end}"
    assert decoded(text.encode()).lines == [b"red and", b"plain"]


def test_a_cut_letter_leaves_it_utf_8() -> None:
    """The end of a log may be anywhere."""
    assert decoded(TEXT.encode() + b"\xc3").encoding == "utf-8"


def test_long_lines_and_many_lines() -> None:
    """Are read as far as may be, and it says so."""
    text = decoded(b"a" * (LINE_MAX + 9) + b"\nb\n")
    assert (len(text.lines[0]), text.cut_lines, text.lines[1]) == (LINE_MAX, 1, b"b")
    many = decoded(b"a\n" * (LINES_MAX + 2))
    assert (len(many.lines), many.left_out) == (LINES_MAX, True)
    assert "long lines" in [limit["kind"] for limit in report("2026-11-20 14:00:00 x" + "y" * 3000)["limits"]]


def zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_packed_files() -> None:
    """Gzip of several parts; an archive with logs, some of them packed once more, beside what is no log."""
    content = TEXT.encode()
    assert report(gzip.compress(content[:30]) + gzip.compress(content[30:]))["lines"] == 2
    archive = zipped(
        ("a/one.log", content), ("two.log.gz", gzip.compress(content)), ("x.png", b"\x89PNG\r\n" + bytes(99))
    )
    assert [each["name"] for each in reports("logs.zip", archive)] == ["one.log", "two.log"]
    many = zipped(*[(f"{place}.log", content) for place in range(LOGS_MAX + 3)])
    read = reports("logs.zip", many)
    assert len(read) == LOGS_MAX and [limit["amount"] for limit in read[0]["limits"]] == [3]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "no text"),
        (bytes(range(32)) * 50, "no text"),
        (b"\x1f\x8b broken", "damaged"),
        (b"PK\x03\x04 broken", "damaged"),
        (zipped(("x.png", b"\x89PNG" + bytes(99))), "no text"),
        (zipped(), "no text"),
        (b"name".ljust(257, b"\0") + b"ustar\0" + bytes(300), "tar"),
    ],
    ids=["empty", "picture", "binary", "gzip", "zip", "archive of a picture", "empty archive", "tar"],
)
def test_what_is_no_log(content: bytes, problem: str) -> None:
    assert answer("x.log", content)["problem"] == problem


def test_an_archive_with_a_password() -> None:
    archive = bytearray(zipped(("a.log", TEXT.encode())))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(mark) + offset] |= 1
    assert answer("x.zip", bytes(archive))["problem"] == "password"


def test_a_bomb_is_unpacked_as_far_as_may_be() -> None:
    """What it says of its own size is not believed."""
    bomb = gzip.compress(b"2026-11-20 14:00:00 x\n" * 2_000_000, 6)
    (log,) = unpacked("x.gz", bomb).logs
    assert (len(log.content), log.cut) == (UNPACKED_MAX, True)


def test_a_log_that_is_cut_says_so() -> None:
    lines = [f"2026-11-20 14:00:{n:02} all is well {n}" for n in range(30)]
    assert [limit["kind"] for limit in report("\n".join([*lines, "2026-11-2"]))["limits"]] == ["ends early"]
    assert [limit["kind"] for limit in report("\n".join(["ll is well", *lines]) + "\n")["limits"]] == ["begins late"]
    assert report("\n".join(lines))["limits"] == ()
