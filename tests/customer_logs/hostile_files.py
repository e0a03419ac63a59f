"""Files that somebody made to hurt whoever reads them, each by its number."""

import gzip
import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from tests.customer_logs.reading.reading import shipped
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

SECRET_LINES = (
    *(
        'MANAGEMENT: CMD \'password "Auth" "x"\'',
        "auth-token SESS_ID_AT_x",
        ': EAP "x"',
        "https://a:b@c/",
        "Bearer abcdefg",
    ),
    *(
        "curl -u kim:x",
        "login -u kim -p x",
        "kim's MacBook Pro (2)",
        "iPhone von Kim",
        "kims-iphone.local",
        "SSID: a b c d",
    ),
    *(
        "customer name: Kim A B C",
        "kim@a.b.c.example.org",
        "198.51.100.7",
        "2a00::1:2:3",
        "4242 4242 4242 4242",
        "+49 151 2345",
    ),
    *("\\\\nas\\kim\\", "52.520008, 13.404954", "DE89 3704 0044 0532 0130 00", "0:1b:44:11:3a:b7", "f.e.d.c.ip6.arpa"),
    *(
        "0f:1e:2d:3c:4b:5a:69:78:87:96",
        "eyJhbGciOi.eyJz.x",
        "a" * 43 + "=",
        "<key>",
        "-----BEGIN X KEY-----",
        "ABCD-EFGH-IJKL",
    ),
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


def _nested(dice: random.Random) -> bytes:
    """Archives in archives, with a bomb or a log at the bottom."""
    content = dice.choice((_bomb, _any, _any))(dice)
    for depth in range(dice.randint(1, 6)):
        content = (
            gzip.compress(content, 1) if dice.random() < 0.3 else _zipped((f"{depth}.zip", content), ("a.log", b"a\n"))
        )
    return content


def _lying_zip(dice: random.Random) -> bytes:
    """Sizes, offsets, flags and methods that are not true; entries that overlap; a log behind a password."""
    packed = bytearray(_zipped(*[(f"{place}.log", _any(dice)[:5_000]) for place in range(dice.choice((1, 9, 300)))]))
    for mark, fields in ((b"PK\x01\x02", (8, 10, 16, 20, 24, 28, 30, 42)), (b"PK\x03\x04", (6, 8, 14, 18, 22, 26))):
        at = packed.find(mark)
        while at >= 0 and at + 46 < len(packed):
            if dice.random() < 0.5:
                where = at + dice.choice(fields)
                packed[where : where + 2] = dice.choice((b"\xff\xff", b"\0\0", b"\1\0", b"\x63\0", dice.randbytes(2)))
            at = packed.find(mark, at + 4)
    return bytes(packed)


def _odd_gzip(dice: random.Random) -> bytes:
    """Rubbish behind it, another file behind it, or a name and a comment that never end."""
    packed = gzip.compress(_any(dice), 1)
    return dice.choice(
        (
            packed + dice.randbytes(5_000),
            packed + b"\0" * 100_000,
            packed + _zipped(("a.log", b"a\n")),
            packed[:3] + b"\x1c" + packed[4:10] + b"\xff\xff" + b"a" * 70_000,
            packed[: len(packed) - dice.randint(1, 12)],
        )
    )


def _zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in files:
            packed.writestr(name, content)
    return buffer.getvalue()


def _nearly(dice: random.Random) -> bytes:
    """What a pattern begins to match again and again, and never does to its end."""
    sample = dice.choice((*samples(), *SECRET_LINES))
    cut = sample[: dice.randint(1, len(sample))]
    last_word = cut[cut.rfind(" ") + 1 :] or cut
    piece = dice.choice((cut, last_word, last_word + " ", cut + "\t", last_word[:3]))
    line = (piece * (2_000 // len(piece) + 1))[: dice.choice((240, 1_999))]
    return (f"{dice.choice(FRONTS)}{line}\n" * dice.choice((1, 40, 200))).encode()


def _stamps(dice: random.Random) -> bytes:
    """Times that go on and on, of all forms and zones, that jump, and that are none."""
    stamps = (
        "2026-11-20 14:02:11",
        "Nov 20 14:02:11",
        "20/11/2026 2:02:11 PM",
        "11-20 14:02:11.120",
        "14:02:11",
        "1795183331",
    )
    tails = ("", "." + "1" * 200, " +0200", " -1400", "Z", " CEST 2026", ":11:11:11:11", " AM PM AM", "\u00a0", "[" * 9)
    days = ("", "9999-99-99 ", "0000-00-00T", "31/02/2026 ", "Feb 30 ", "2038-01-19 03:14:08 ", "1969-12-31 23:59:59 ")
    lines = (
        f"{dice.choice(days)}{dice.choice(stamps)}{dice.choice(tails)} error {place}"
        for place in range(dice.choice((30, 4_000)))
    )
    return "\n".join(lines).encode()


def _terminal(dice: random.Random) -> bytes:
    """Colours, titles that never end, bells, NULs, backspaces, and marks that turn the direction."""
    pieces = (
        "\x1b[",
        "\x1b[31m",
        "\x1b]0;" + "t" * 300,
        "\x1b]8;;",
        "\x1b" * 40,
        "\x9b31m",
        "\0",
        "\x08",
        "\x07",
        "\r",
        "\x0c",
    )
    marks = (
        "\u202e",
        "\u202d",
        "\u2066",
        "\u200f",
        "\ufeff",
        "\u2028",
        "\x85",
        "e\u0301" * 30,
        "error ",
        "\n",
        "pass\u200bword=x ",
    )
    return "".join(dice.choices(pieces + marks, k=dice.choice((100, 20_000)))).encode()


def _letters(dice: random.Random) -> bytes:
    """Another alphabet in an encoding without its mark, cut inside a letter."""
    text = "\n".join(f"2026-11-20 14:02:{n % 60:02} ошибка 接続に失敗 🧨 خطأ" for n in range(dice.choice((3, 800))))
    kinds = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8", "shift_jis", "koi8-r", "gb18030", "utf-7")
    content = text.encode(dice.choice(kinds), "replace")
    return content[dice.randint(0, 3) : len(content) - dice.randint(0, 3)]


def _json(dice: random.Random) -> bytes:
    """Lines of collectors, of which half are no JSON, or too deep, or say odd things."""
    odd = (
        "[" * 1_900,
        '{"msg":' * 300,
        '{"msg": 1e999, "ts": NaN}',
        '{"log": "\\ud800", "time": -1}',
        "{" * 1_000,
        '{"ts": 1e400}',
    )
    texts = [
        json.dumps({"log": line, "time": line[:30], "ts": dice.random() * 10 ** dice.randint(-9, 30)})
        for line in samples()
    ]
    lines = [dice.choice((*texts, *odd)) for _ in range(dice.choice((3, 3_000)))]
    return b"\n".join(_changed(dice, line.encode()) for line in lines)


def _changed(dice: random.Random, line: bytes) -> bytes:
    at = dice.randrange(len(line))
    return line if dice.random() < 0.7 else line[:at] + dice.randbytes(2) + line[at + 1 :]


def _one_line(dice: random.Random) -> bytes:
    """Of the largest size, now and then."""
    piece = dice.choice((*_PIECES, *SECRET_LINES)).replace("\n", "") or "a"
    size = 25 << 20 if dice.random() < 0.02 else 2_000_000
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size]


@cache
def samples() -> tuple[str, ...]:
    """Lines that signatures match."""
    return tuple(line for signature in shipped().signatures.values() for line in signature.matches)


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
    *(_nearly, _stamps, _terminal, _letters, _nearly, _nested, _lying_zip, _odd_gzip, _one_line, _json),
    _bomb,
)
