"""A thousand addresses pinged ten times, beside fping."""

import re
import time

from bot.clock import system_clock
from bot.probes.icmp.ping import PingProbe
from bot.probes.model import Subject
from bot.probes.policy import ProbePolicy
from tests.bench.figures import Figure, ratio
from tests.bench.peer import Spent, path_of, run
from tests.bench.row_mtr import icmp_engine

TITLE = "sweep of 1,000 addresses, 10 pings each at 1 s"
ADDRESSES = [f"127.0.{70 + number // 250}.{1 + number % 250}" for number in range(1000)]
COUNT, INTERVAL_S = 10, 1.0


async def measure() -> list[Figure]:
    ours, lost = await _ours()
    peer = await _fping()
    figures = [
        Figure("wall", f"{ours.wall_s:.2f} s"),
        Figure("CPU", f"{ours.cpu_ms:.0f} ms"),
        Figure("lost", f"{lost} of {COUNT * len(ADDRESSES)}", "0", lost == 0),
    ]
    if not peer:
        return [*figures, Figure("fping", "is not installed, or may not run here")]
    return [
        *figures,
        Figure(
            "fping -c10 -p1000 -i1",
            f"{peer.wall_s:.2f} s, CPU {peer.cpu_ms:.0f} ms, lost {fping_lost(peer.output)}",
            note="on loopback, after ours",
        ),
        _beside("  ours : fping, wall", ours.wall_s, peer.wall_s),
        _beside("  ours : fping, CPU", ours.cpu_ms, peer.cpu_ms),
    ]


def _beside(what: str, ours: float, theirs: float) -> Figure:
    return Figure(what, ratio(ours, theirs), "1.00x", ours <= theirs)


async def _ours() -> tuple[Spent, int]:
    """The ping probe as a bot runs it, table and verdict after each round included."""
    async with icmp_engine() as engine:
        policy = ProbePolicy(allow_networks=("127.0.0.0/8",))
        probe = PingProbe(icmp=engine, policy=policy, clock=system_clock, count=COUNT, interval_s=INTERVAL_S)
        subject = Subject(label="loopback", addresses=tuple(ADDRESSES), trusted=True)
        began, used = time.monotonic(), time.process_time()
        result = await probe.run(subject, progress=lambda _: None)
        spent = Spent(time.monotonic() - began, 1000 * (time.process_time() - used))
    return spent, result.verdict.numbers.lost


async def _fping() -> Spent | None:
    program = path_of("fping")
    return await run([program, "-q", "-c", str(COUNT), "-p", "1000", "-i", "1", *ADDRESSES]) if program else None


def fping_lost(output: str) -> int:
    """From lines such as "127.0.70.1 : xmt/rcv/%loss = 10/10/0%, …"."""
    counts = re.findall(r"xmt/rcv/%loss = (\d+)/(\d+)/", output)
    return sum(int(sent) - int(received) for sent, received in counts)
