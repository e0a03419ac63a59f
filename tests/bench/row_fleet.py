"""How a sweep of the fleet grows: 100, 1,000 and 10,000 addresses, beside fping, and what it keeps others waiting."""

import resource
import time

from bot.clock import system_clock
from bot.probes.icmp.ping import PingProbe
from bot.probes.model import Subject
from bot.probes.policy import ProbePolicy
from tests.bench.figures import Figure, ratio
from tests.bench.peer import Spent, path_of, run
from tests.bench.row_mtr import icmp_engine
from tests.bench.row_sweep import fping_lost
from tests.stalls import Stalls

TITLE = "smoke test of the fleet: 10 pings each at 1 s, by the number of addresses"
SIZES = (100, 1_000, 10_000)
COUNT, INTERVAL_S = 10, 1.0
WALL_S = 12.0
FPING_MAX = 5_000
STALL_MS = 100.0
HOW = "what the loop's thread computes between two of its turns, in a second run; an ack waits so long at most"


def addresses(count: int) -> list[str]:
    """On loopback, where each answers for itself."""
    return [f"127.{70 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}" for number in range(count)]


async def measure() -> list[Figure]:
    return [figure for size in SIZES for figure in await _of(size)]


async def _of(size: int) -> list[Figure]:
    listed = addresses(size)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours, lost = await _ours(listed)
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    with Stalls() as stalls:
        await _ours(listed)
    busiest_ms, longest_ms = 1000 * stalls.busiest_s, 1000 * stalls.longest_s
    figures = [
        Figure(f"{size:,} addresses, wall", f"{ours.wall_s:.2f} s", f"{WALL_S:g} s", ours.wall_s <= WALL_S),
        Figure("  CPU", f"{ours.cpu_ms:.0f} ms, {1000 * ours.cpu_ms / COUNT / size:.0f} µs a packet"),
        Figure("  lost to ourselves", f"{lost} of {COUNT * size:,}", "0", lost == 0),
        Figure("  longest stall of the loop", f"{busiest_ms:.0f} ms", f"{STALL_MS:g} ms", busiest_ms <= STALL_MS, HOW),
        Figure("  by the clock, with what else this machine did", f"{longest_ms:.0f} ms"),
        Figure("  memory, at its highest", f"{grown_mb:.0f} MB more"),
    ]
    return [*figures, *await _peer(listed, ours)]


async def _peer(listed: list[str], ours: Spent) -> list[Figure]:
    """`fping` waits for `-i` ms after each packet: a second must have room for all of them.

    One knows 65,536 packets of ten seconds, so that of more than five thousand addresses several do a part each.
    """
    program, parts = path_of("fping"), [listed[at : at + FPING_MAX] for at in range(0, len(listed), FPING_MAX)]
    if not program:
        return [Figure("  fping", "is not installed")]
    gap_ms = min(1.0, 1000 / len(parts[0]))
    options = ["-q", "-c", str(COUNT), "-p", "1000", "-i", f"{gap_ms:g}"]
    peer = await run(*([program, *options, *part] for part in parts))
    if not peer:
        return [Figure("  fping", "may not run here")]
    told = f"{peer.wall_s:.2f} s, CPU {peer.cpu_ms:.0f} ms, lost {fping_lost(peer.output)}"
    return [
        Figure(f"  fping -c10 -p1000 -i{gap_ms:g}{f', {len(parts)} of them' if len(parts) > 1 else ''}", told),
        Figure("  ours : fping, CPU", ratio(ours.cpu_ms, peer.cpu_ms), "1.00x", ours.cpu_ms <= peer.cpu_ms),
    ]


async def _ours(listed: list[str]) -> tuple[Spent, int]:
    """The ping probe as a bot runs it, its record and its file included."""
    async with icmp_engine() as engine:
        policy = ProbePolicy(allow_networks=("127.0.0.0/8",))
        probe = PingProbe(icmp=engine, policy=policy, clock=system_clock, count=COUNT, interval_s=INTERVAL_S)
        swept = Subject(label="loopback", addresses=tuple(listed), trusted=True)
        began, used = time.monotonic(), time.process_time()
        result = await probe.run(swept, progress=lambda _: None)
        spent = Spent(time.monotonic() - began, 1000 * (time.process_time() - used))
    return spent, result.verdict.numbers.lost
