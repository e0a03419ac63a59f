"""The http probe on a name that leads to loopback."""

import ssl

from bot.clock import system_clock
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.web.http import HttpProbe
from bot.probes.web.tls import verifying

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


async def loopback(_host: str) -> list[str]:
    return ["127.0.0.1"]


async def asked(
    *urls: str,
    tls: ssl.SSLContext | None = None,
    timeout_s: float = 5.0,
    slow_s: float = 2.0,
    expect: str = "",
    **policy: object,
) -> ProbeResult:
    rules = ProbePolicy(**({"allow_networks": ["127.0.0.0/8"], "resolve": loopback} | policy))  # type: ignore[arg-type]
    probe = HttpProbe(policy=rules, tls=tls or verifying(), clock=system_clock, timeout_s=timeout_s, slow_s=slow_s)
    return await probe.run(Subject("Website", urls=urls, expect=expect), progress=lambda _result: None)


def redirect(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()
