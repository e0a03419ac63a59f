"""Probes of web servers inside a namespace, side by side: `python -m tests.netlab.web_prober '[…]' CA_PEM`, JSON out.

A job is a kind (http, tls, tcp) and the URL, endpoint or port that it looks at.
"""

import asyncio
import json
import sys
from typing import Any

from bot.clock import system_clock
from bot.probes.model import Probe, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.web.http import HttpProbe
from bot.probes.web.tcp import TcpProbe
from bot.probes.web.tls import TlsProbe, verifying

TIMEOUT_S = 3.0


async def probed(jobs: list[tuple[str, str]], ca_file: str) -> list[dict[str, Any]]:
    policy, tls = ProbePolicy(allow_networks=["10.231.0.0/16", "fd00:231::/32"]), verifying(ca_file)
    probes: dict[str, Probe] = {
        "http": HttpProbe(policy=policy, tls=tls, clock=system_clock, timeout_s=TIMEOUT_S),
        "tls": TlsProbe(policy=policy, tls=tls, clock=system_clock, timeout_s=TIMEOUT_S),
        "tcp": TcpProbe(policy=policy, clock=system_clock, timeout_s=TIMEOUT_S),
    }
    return list(await asyncio.gather(*(_one(probes[kind], kind, what) for kind, what in jobs)))


async def _one(probe: Probe, kind: str, what: str) -> dict[str, Any]:
    of_kind = {"http": {"urls": (what,)}, "tls": {"tls": (what,)}, "tcp": {"ports": (what,)}}
    result = await probe.run(Subject("lab", **of_kind[kind]), progress=lambda _result: None)  # type: ignore[arg-type]
    causes = [reading.cause for reading in result.readings]
    wrong = [fault.wrong for fault in result.verdict.faults]
    return {"ok": result.ok, "wrong": wrong, "causes": causes, "duration_s": result.duration_s}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(probed(json.loads(sys.argv[1]), sys.argv[2]))))
