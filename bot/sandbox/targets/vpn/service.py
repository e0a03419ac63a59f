"""The VPN services of one gateway, on ports that all gateways share."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from bot.sandbox.targets.vpn.answers import ikev2, openvpn

MODES = ("ok", "silent", "refuse")
_PORT_TRIES = 50
Respond = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class VpnPorts:
    """One port for each kind of service."""

    openvpn_udp: int
    openvpn_tcp: int
    wireguard: int
    ikev2: int

    @property
    def services(self) -> list[str]:
        """As the bot's setting `vpn` has them."""
        return [f"{name.replace('_', '-')}:{getattr(self, name)}" for name in self.__slots__]


class VpnGateway:
    """Modes: ok answers, silent listens and says nothing, refuse closes the ports."""

    def __init__(self, *, name: str, address: str, wireguard: Respond) -> None:
        self.name = name
        self.address = address
        self.mode = "ok"
        self._wireguard = wireguard
        self._ports: VpnPorts | None = None
        self._open = contextlib.AsyncExitStack()

    @property
    def url(self) -> str:
        return f"{self.address} {', '.join(self._ports.services)}" if self._ports else self.address

    async def start(self, ports: VpnPorts) -> None:
        """Raises OSError where a port can't be had, after closing what was open."""
        self._ports = ports
        try:
            for port, respond in (
                (ports.openvpn_udp, openvpn),
                (ports.wireguard, self._wireguard),
                (ports.ikev2, ikev2),
            ):
                await self._listen(port, respond)
            server = await asyncio.start_server(self._serve, self.address, ports.openvpn_tcp)
            self._open.callback(server.close)
        except OSError:
            await self.close()
            raise

    async def set_mode(self, mode: str) -> None:
        """Raises ValueError for an unknown mode."""
        if mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}")
        before, self.mode = self.mode, mode
        if mode == "refuse":
            await self.close()
        elif before == "refuse" and self._ports:
            await self.start(self._ports)

    async def close(self) -> None:
        await self._open.aclose()

    async def _listen(self, port: int, respond: Respond) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self, respond), local_addr=(self.address, port)
        )
        self._open.callback(transport.close)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """OpenVPN over TCP: each packet after its length in two bytes."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                length = int.from_bytes(await reader.readexactly(2), "big")
                reply = openvpn(await reader.readexactly(length))
                if reply is None:
                    break
                if self.mode == "ok":
                    writer.write(len(reply).to_bytes(2, "big") + reply)
                    await writer.drain()
        writer.close()


async def started(gateways: list[VpnGateway]) -> VpnPorts:
    """Starts all of them on the same free ports. Raises OSError where none are found."""
    for _ in range(_PORT_TRIES):
        ports = VpnPorts(*await _free_ports(gateways[0].address))
        running: list[VpnGateway] = []
        try:
            for gateway in gateways:
                await gateway.start(ports)
                running.append(gateway)
        except OSError:
            for gateway in running:
                await gateway.close()
            continue
        return ports
    raise OSError("no ports are free on all gateways")


async def _free_ports(address: str) -> list[int]:
    loop, ports = asyncio.get_running_loop(), []
    transports = [
        (await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(address, 0)))[0] for _ in range(4)
    ]
    for transport in transports:
        ports.append(int(transport.get_extra_info("sockname")[1]))
        transport.close()
    # Closed in the loop's next turn.
    await asyncio.sleep(0)
    return ports


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, gateway: VpnGateway, respond: Respond) -> None:
        self._gateway = gateway
        self._respond = respond
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._respond(data) if self._gateway.mode == "ok" else None
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)
