"""`secondline tickets read`: what the reader finds in an export, a line a ticket."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from bot.errors import SecondLineError
from bot.loose_json import parsed
from bot.reading.model import Reading
from bot.reading.reader import TicketReader
from bot.reading.rows import ticket_text

LINE_MAX = 8_000_000
"""Bytes of a line; Zendesk's own bound for a description is 64 kB."""
STDIN = "-"


class ExportError(SecondLineError):
    """The file can't be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an export: its number, the row that it is, or what is wrong with it."""

    number: int
    row: Mapping[str, Any] | None
    problem: str = ""


def rows_of(stream: BinaryIO) -> Iterator[Line]:
    """Line by line, whatever is wrong with one of them; empty lines are left out."""
    number = 0
    while raw := stream.readline(LINE_MAX):
        number += 1
        if len(raw) >= LINE_MAX and not raw.endswith(b"\n"):
            _skip_line(stream)
            yield Line(number, None, f"longer than {LINE_MAX:,} bytes")
        elif raw.strip():
            yield _line(number, raw)


def _line(number: int, raw: bytes) -> Line:
    try:
        row = parsed(raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError:
        return Line(number, None, "not UTF-8")
    except ValueError as error:
        return Line(number, None, f"no JSON: {error}")
    if not isinstance(row, dict):
        return Line(number, None, "no JSON object")
    if not isinstance(row.get("id"), int | str) or isinstance(row.get("id"), bool):
        return Line(number, None, 'no "id": one ticket a line is wanted')
    return Line(number, row)


def _skip_line(stream: BinaryIO) -> None:
    while raw := stream.readline(LINE_MAX):
        if raw.endswith(b"\n"):
            return


def open_export(name: str) -> BinaryIO:
    """The file of this name, or standard input for "-". Raises ExportError."""
    if name == STDIN:
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise ExportError(f"{name} can't be read: {error.strerror}.") from error


def read_tickets(
    stream: BinaryIO, reader: TicketReader, meanings: Mapping[str, str], *, out: TextIO, err: TextIO
) -> bool:
    """Prints what is read; False where a line could not be, which `err` is told."""
    fine = True
    for line in rows_of(stream):
        if line.row is None:
            fine = False
            print(f"line {line.number}: {line.problem}", file=err)
            continue
        reading = reader.read(ticket_text(line.row, meanings))
        print(json.dumps(said(line.row["id"], reading), ensure_ascii=False), file=out)
    return fine


def said(ticket_id: int | str, reading: Reading) -> dict[str, Any]:
    """What is printed of a ticket; silence is null or []. Who only wants money back writes about payments too."""
    about = reading.symptom.key if reading.symptom else "payment" if reading.wish else None
    return {
        "id": ticket_id,
        "affected": [target.key for target in reading.affected],
        "elsewhere": [target.key for target in reading.elsewhere],
        "symptom": about,
        "platform": reading.platform.key if reading.platform else None,
        "version": ", ".join(reading.versions) or None,
        "codes": list(reading.codes),
        "language": reading.language or None,
    }
