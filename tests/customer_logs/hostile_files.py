"""Files that somebody made to hurt whoever reads them, each by its number."""

import gzip
import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from tests.customer_logs.secret_logs import FRONTS

CORPUS = Path(__file__).parent / "corpus"
LARGEST = 400_000
_PIECES = (
    *("a", "0", "9f", " ", "\t", "_", "=", "'", '"', "\\", '\\"', "<", ">", "[", "(", "{", "&", "@", "%40"),
    *(":", "::", ".", "1.2.3.4", "203.0.113.7.", "fe80::", "password=", "token: ", "user=", "-----BEGIN X KEY-----"),
    *("-----END X KEY-----", "<key>", "</key>", "<auth-user-pass>", "4242 4242 4242 4242", "eyJhbGciOi.", "Bearer "),
    *("/home/", "C:\\Users\\", "‹key 1›", "2026-11-20 14:02:11 ", "Nov 20 14:02:11 ", "1763647331 ", "99:99:99 "),
    *("0000-00-00 00:00:00 ", "31/31/9999 25:61:61 PM ", "TLS Error: ", "AUTH_FAILED", "error ", "\x1b[31m", "\x1b]0;"),
    *("\r", "\x00", "\u202e", "\U0001f9e8", "é", "\n", "\n\n", "OpenVPN 2.6.8 ", "Windows 11 ", "charon: "),
    *("AES_256_GCM/", "A" * 43 + "=", "de:ad:be:ef:", "12345678-1234-1234-1234-"),
)


@cache
def real_logs() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(CORPUS.glob("*.log")))


def hostile_file(number: int) -> tuple[str, bytes]:
    """Name and content; the same for the same number."""
    dice = random.Random(number)
    kind = KINDS[number % len(KINDS)]
    return f"{number}{dice.choice(('.log', '.txt', '.gz', '.zip', ''))}", kind(dice)


def _noise(dice: random.Random) -> bytes:
    return dice.randbytes(dice.choice((1, 7, 500, 20_000)))


def _over_and_over(dice: random.Random) -> bytes:
    piece = "".join(dice.choices(_PIECES, k=dice.randint(1, 4)))
    return (piece * (dice.choice((300, 5_000, LARGEST)) // len(piece) + 1)).encode()


def _mixed(dice: random.Random) -> bytes:
    return "".join(dice.choices(_PIECES, k=dice.choice((10, 2_000, 30_000)))).encode()


def _lines(dice: random.Random) -> bytes:
    front = dice.choice(FRONTS)
    line = ["".join(dice.choices(_PIECES, k=dice.randint(1, 12))) for _ in range(dice.randint(1, 30))]
    return "\n".join(front + dice.choice(line) for _ in range(dice.choice((5, 500, 6_000)))).encode()


def _mutated(dice: random.Random) -> bytes:
    log = bytearray(dice.choice(real_logs()))
    for _ in range(dice.randint(1, 40)):
        at = dice.randrange(len(log))
        log[at : at + dice.randint(0, 9)] = dice.choice(_PIECES).encode()[: dice.randint(0, 30)]
        log = log or bytearray(b"x")
    return bytes(log)


def _encoded(dice: random.Random) -> bytes:
    encoding = dice.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "latin-1"))
    content = _mutated(dice).decode("utf-8", "replace").encode(encoding, "replace")
    return content[dice.randint(0, 3) : len(content) - dice.randint(0, 3)]


def _gzip(dice: random.Random) -> bytes:
    packed = bytearray(gzip.compress(_any(dice)) * dice.randint(1, 3))
    return _broken(dice, packed)


def _zip(dice: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(
        buffer, "w", dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    ) as packed:
        for place in range(dice.choice((0, 1, 5, 60))):
            name = dice.choice(("../../etc/passwd", "a/b.log", "c.gz", "d.zip", "\\x.txt", "e" * 300)) + str(place)
            packed.writestr(name, _any(dice)[:50_000])
    return _broken(dice, bytearray(buffer.getvalue()))


def _bomb(dice: random.Random) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    piece = dice.choice((b"\0", b"a\n", b"2026-11-20 14:00:00 error\n", b"A" * 60 + b"\n"))
    return b"".join(packer.compress(piece * ((1 << 20) // len(piece))) for _ in range(3)) + packer.flush()


def _broken(dice: random.Random, content: bytearray) -> bytes:
    for _ in range(dice.choice((0, 0, 1, 5))):
        content[dice.randrange(len(content))] = dice.randrange(256)
    return bytes(content[: dice.choice((len(content), len(content) // 2 + 1))])


def _any(dice: random.Random) -> bytes:
    return dice.choice((_noise, _mixed, _lines, _mutated, _encoded))(dice)


KINDS: Sequence[Callable[[random.Random], bytes]] = (
    *(
        _mixed,
        _lines,
        _mutated,
        _over_and_over,
        _encoded,
        _mixed,
        _lines,
        _zip,
        _gzip,
        _noise,
        _mutated,
        _over_and_over,
    ),
    _bomb,
)
