"""What a file holds: itself, what it is packed from, or the logs in an archive; never more than is allowed. Pure."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.customer_logs.reading.decoding import is_text

UNPACKED_MAX = 30 << 20
"""Bytes of one file, all logs in it together."""
LOGS_MAX = 8
"""Logs of one archive that are read."""
MEMBERS_MAX = 2000
"""Entries of an archive that are looked at."""
_GZIP, _ZIP, _ZIP_EMPTY, _TAR_AT = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", 257
_STEP = 1 << 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    OverflowError,
)
"""What a damaged archive raises; NotImplementedError, for a way of packing that is not known, is a RuntimeError."""
_LIKELY = (".log", ".txt", ".gz", ".out", ".err", ".json", ".csv", "")


@dataclass(frozen=True, slots=True)
class Packed:
    """One log, by the name that it has in its archive; `cut` where it is longer than what is read."""

    name: str
    content: bytes
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`problem` is why nothing could be read; `left_out` are logs of the archive that nobody reads."""

    logs: tuple[Packed, ...] = ()
    problem: str = ""
    left_out: int = 0


def unpacked(name: str, content: bytes) -> Unpacked:
    """The logs of a file, whatever its name says that it is."""
    if not content:
        return Unpacked(problem="empty")
    if content.startswith((_ZIP, _ZIP_EMPTY)):
        return _of_zip(content)
    if content.startswith(_GZIP):
        name, content, cut = _gunzipped(name, content, UNPACKED_MAX)
        if not content:
            return Unpacked(problem="damaged")
    else:
        content, cut = content[:UNPACKED_MAX], len(content) > UNPACKED_MAX
    if content[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return Unpacked(problem="tar")
    if not is_text(content):
        return Unpacked(problem="no text")
    return Unpacked((Packed(name, content, cut),))


def _gunzipped(name: str, content: bytes, most: int) -> tuple[str, bytes, bool]:
    """All members of a gzip file up to `most` bytes; what is damaged ends where it is."""
    pieces, size, left = [], 0, content
    while left.startswith(_GZIP) and size < most:
        member = zlib.decompressobj(wbits=31)
        try:
            while left and not member.eof and size < most:
                piece = member.decompress(left, min(_STEP, most - size))
                left = member.unused_data if member.eof else member.unconsumed_tail
                pieces.append(piece)
                size += len(piece)
                if not piece and not member.eof and not left:
                    break
        except zlib.error:
            break
    return name.removesuffix(".gz"), b"".join(pieces), size >= most


def _of_zip(content: bytes) -> Unpacked:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [each for each in archive.infolist()[:MEMBERS_MAX] if not each.is_dir() and each.file_size]
    except _BROKEN:
        return Unpacked(problem="damaged")
    if members and all(each.flag_bits & 1 for each in members):
        return Unpacked(problem="password")
    logs: list[Packed] = []
    room, beyond = UNPACKED_MAX, 0
    for member in sorted(members, key=_likely):
        if len(logs) == LOGS_MAX or room <= 0:
            beyond += 1
            continue
        log = _member(archive, member, room)
        if log:
            logs.append(log)
            room -= len(log.content)
    return Unpacked(tuple(logs), "" if logs else "no text", beyond)


def _likely(member: zipfile.ZipInfo) -> tuple[int, str]:
    """Logs first: an archive of diagnostics has much else."""
    name = member.filename.rsplit("/", 1)[-1].lower()
    suffix = f".{name.rsplit('.', 1)[1]}" if "." in name else ""
    likely = _LIKELY.index(suffix) if suffix in _LIKELY else len(_LIKELY)
    return (0 if ".log" in name else 1 + likely), member.filename


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> Packed | None:
    """One entry, packed once more or not; None where it is no text."""
    name = member.filename.rsplit("/", 1)[-1]
    content = b"".join(_chunks(archive, member, room))
    if content.startswith(_GZIP):
        name, content, _ = _gunzipped(name, content, room)
    if not content or content.startswith(_ZIP) or not is_text(content):
        return None
    return Packed(name, content, len(content) >= room)


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    """Its first bytes. What it says of its own size is not believed; what is damaged ends there."""
    try:
        with archive.open(member) as stream:
            while room > 0 and (chunk := stream.read(min(_STEP, room))):
                room -= len(chunk)
                yield chunk
    except _BROKEN:
        return
