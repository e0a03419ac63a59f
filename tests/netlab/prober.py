"""One probe run inside a namespace: `python -m tests.netlab.prober kind mode address count interval_s`, JSON out."""

import asyncio
import json
import sys

from bot.clock import system_clock
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.sockets import Mode
from bot.probes.model import Probe, Subject
from bot.probes.mtr import MtrProbe
from bot.probes.ping import PingProbe
from bot.probes.policy import Policy


async def probed(kind: str, mode: Mode, address: str, count: int, interval_s: float) -> None:
    icmp = IcmpEngine(modes=(mode,))
    await icmp.open()
    policy = Policy(allow_networks=["10.231.0.0/16", "fd00:231::/32", "127.0.0.0/8"])
    probes: dict[str, Probe] = {
        "mtr": MtrProbe(icmp=icmp, policy=policy, clock=system_clock, cycles=count, interval_s=interval_s),
        "ping": PingProbe(icmp=icmp, policy=policy, clock=system_clock, count=count, interval_s=interval_s),
    }
    try:
        result = await probes[kind].run(Subject("lab", addresses=(address,)), progress=lambda _result: None)
    finally:
        await icmp.close()
    rows = [reading.data for reading in result.readings]
    print(json.dumps({"ok": result.ok, "verdict": result.verdict, "rows": rows, "duration_s": result.duration_s}))


def main() -> None:
    kind, mode, address, count, interval_s = sys.argv[1:]
    asyncio.run(probed(kind, "raw" if mode == "raw" else "ping socket", address, int(count), float(interval_s)))


if __name__ == "__main__":
    main()
