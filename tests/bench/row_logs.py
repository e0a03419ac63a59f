"""How long a log of 25 MB takes from its first byte to its report, in a program of its own, and what it needs."""

import asyncio
import contextlib
import gzip
import random
import resource
import time
from collections.abc import AsyncIterator

from bot.customer_logs.child import FILE_MAX, CannotRead, LogProgram
from bot.customer_logs.source import OpenLog
from bot.tasks import MOMENT_S, others_first
from tests.bench.figures import Figure, at_most
from tests.customer_logs.reading.reading import KEY, NOW

TITLE = "reading a log of 25 MB"
BOUND_S, STALL_MS, MEMORY_MB = 5.0, 100.0, 1024
RUNS = 3
HOW = "wall time with the start of the program; an OpenVPN log of 12 kinds of lines"
LINES = (
    "TLS: Initial packet from [AF_INET]203.0.113.{a}:1194, sid={h:08x} {h:08x}",
    "VERIFY OK: depth=1, C=US, O=Acme, CN=ca-{a}",
    "peer info: IV_VER=2.6.{b}",
    "peer info: IV_PLAT=win",
    "write UDPv4 []: Network is unreachable (fd=3,code=101)",
    "TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)",
    "TLS Error: TLS handshake failed",
    "SIGUSR1[soft,tls-error] received, process restarting",
    "UDPv4 link remote: [AF_INET]203.0.113.{a}:1194",
    "Data Channel: cipher 'AES-256-GCM', peer-id: {a}",
    "MANAGEMENT: >STATE:176{h},WAIT,,,,,,",
    "recv_line: packet id {h} from kim{a}@example.com token={h:x}{h:x}",
)


def usual_log(size: int = FILE_MAX) -> bytes:
    """A log of just that size at most."""
    dice, lines, length, at_s = random.Random(7), [], 0, 0.0
    while length < size:
        at_s += dice.random()
        clock = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_763_600_000 + at_s))
        text = dice.choice(LINES).format(a=dice.randrange(255), b=dice.randrange(9), h=dice.getrandbits(32))
        lines.append(f"{clock} us={dice.randrange(10**6)} {text}")
        length += len(lines[-1]) + 1
    return "\n".join(lines).encode()[:size]


def _hostile() -> dict[str, bytes]:
    return {
        "one line": b"a1=" * (FILE_MAX // 3),
        "nothing but line ends": b"\n" * FILE_MAX,
        "words that are nowhere else": random.Random(3).randbytes(FILE_MAX // 2).hex().encode(),
        "zeros behind a gzip": gzip.compress(b"0\n" * (4 * FILE_MAX), 6),
    }


async def measure() -> list[Figure]:
    log = usual_log()
    walls, stalls = [], []
    for _ in range(RUNS):
        wall_s, stall_s = await _read(log)
        walls.append(wall_s)
        stalls.append(1000 * stall_s)
    packed, _ = await _read(gzip.compress(log, 6))
    hostile = {name: (await _read(content))[0] for name, content in _hostile().items()}
    dearest = max(hostile, key=lambda name: hostile[name])
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        at_most("25 MB to a report", walls, BOUND_S, "s", HOW),
        Figure("  the same, as .gz", f"{packed:.1f} s", f"{BOUND_S:g} s", packed <= BOUND_S),
        Figure(
            f"  the dearest of {len(hostile)} hostile files ({dearest})",
            f"{hostile[dearest]:.1f} s",
            f"{BOUND_S:g} s",
            hostile[dearest] <= BOUND_S,
        ),
        Figure("  memory of that program", f"{peak_mb:.0f} MB", f"{MEMORY_MB} MB", peak_mb <= MEMORY_MB),
        at_most("  longest stall of the bot's loop meanwhile", stalls, STALL_MS, "ms"),
    ]


async def _read(content: bytes) -> tuple[float, float]:
    """Seconds until the answer, and the longest time in which the loop did nothing else."""
    ended = asyncio.Event()
    stall = asyncio.create_task(_longest_stall(ended))
    began = time.monotonic()
    with contextlib.suppress(CannotRead):
        log = OpenLog("client.log", len(content), _chunks(content))
        await LogProgram().read(log, {"name": "client.log", "key": KEY, "now": NOW})
    wall_s = time.monotonic() - began
    ended.set()
    return wall_s, await stall


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 1 << 16):
        yield content[at : at + (1 << 16)]


async def _longest_stall(ended: asyncio.Event) -> float:
    longest = 0.0
    while not ended.is_set():
        before = time.monotonic()
        await others_first()
        longest = max(longest, time.monotonic() - before - MOMENT_S)
    return longest
