"""Real VPN servers on loopback: openvpn, wireguard-go and strongSwan's daemon, each as long as a block lasts."""

import asyncio
import contextlib
import random
import socket
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.eventually import eventually
from tests.needs import needs_ip, needs_openvpn, needs_strongswan, needs_wireguard
from tests.probes.listeners import Authority

_START_S = 10.0
_CHARON = """
charon {{
  load = random nonce openssl kdf kernel-netlink socket-default
  port = 0
  port_nat_t = {port}
  {more}
}}
"""


@asynccontextmanager
async def openvpn(folder: Path, *options: str, tcp: bool = False) -> AsyncIterator[int]:
    """An OpenVPN server without a tunnel behind it; gives its port."""
    program, authority, port = needs_openvpn(), Authority(folder), free_port()
    authority.server("vpn.example")
    pair = str(folder / "server.pem")
    arguments = ["--dev", "null", "--tls-server", "--dh", "none", "--local", "127.0.0.1", "--port", str(port)]
    arguments += ["--proto", "tcp4-server" if tcp else "udp4", "--ca", str(authority.file), "--cert", pair]
    ready = "Listening for incoming TCP" if tcp else "UDPv4 link remote"
    async with _running(program, *arguments, "--key", pair, *options, ready=ready):
        if tcp:
            await eventually(lambda: listens(port), within_s=_START_S)
        yield port


@asynccontextmanager
async def wireguard(folder: Path, *, private: str, peer: str) -> AsyncIterator[int]:
    """A WireGuard device with one peer (keys in base64); gives its port."""
    (daemon, wg), ip, port = needs_wireguard(), needs_ip(), free_port()
    name, key = f"wg{port}", folder / "wg.key"
    control = Path(f"/var/run/wireguard/{name}.sock")
    key.touch(mode=0o600)
    key.write_text(private)
    async with _running("env", "WG_PROCESS_FOREGROUND=1", daemon, name, ready=control.exists):
        await _done(wg, "set", name, "private-key", str(key), "listen-port", str(port), "peer", peer)
        await _done(ip, "link", "set", name, "up")
        yield port


@asynccontextmanager
async def strongswan(folder: Path, more: str = "") -> AsyncIterator[int]:
    """An IKEv2 responder that knows nobody, at its NAT port; `more` are lines of its configuration."""
    charon, port = needs_strongswan(), free_port()
    configuration = folder / "strongswan.conf"
    configuration.write_text(_CHARON.format(port=port, more=more))
    async with _running("env", f"STRONGSWAN_CONF={configuration}", charon, ready=lambda: bound(port)):
        yield port


def free_port() -> int:
    """A port that is free for both UDP and TCP, below those that the system gives away: nobody gets it meanwhile."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, contextlib.suppress(OSError):
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def listens(port: int) -> bool:
    """Whether some socket listens on the TCP port, without connecting to it."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def bound(port: int) -> bool:
    """Whether some socket has the UDP port."""
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") for row in rows)


@asynccontextmanager
async def _running(*command: str, ready: str | Callable[[], bool]) -> AsyncIterator[Process]:
    """A process that is `ready`: it has printed that, or what it makes is there."""
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    try:
        async with asyncio.timeout(_START_S):
            if isinstance(ready, str):
                await _printed(process, ready)
            else:
                await eventually(ready, within_s=_START_S)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), _START_S)


async def _printed(process: Process, ready: str) -> None:
    assert process.stdout is not None
    seen = b""
    while ready.encode() not in seen:
        line = await process.stdout.readline()
        seen += line
        assert line, seen.decode(errors="replace")


async def _done(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    output, _ = await process.communicate()
    assert not process.returncode, output.decode(errors="replace")
