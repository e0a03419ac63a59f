"""All targets of one run, started and stopped together, with their control endpoint."""

import contextlib
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.targets.certificates import Authority
from bot.sandbox.targets.endpoint import MODES, Endpoint
from bot.sandbox.targets.places import (
    REGIONS,
    TROUBLE,
    WEB_ADDRESS,
    ZONE,
    GatewayAddress,
    TargetAddresses,
    VpnPlaces,
    bindable,
    records,
)
from bot.sandbox.targets.resolver import Resolver
from bot.sandbox.targets.vpn.service import VpnGateway, started
from bot.sandbox.targets.vpn.wireguard import WireguardServer, new_key, public_key

_FAULTY_NAMES = {f"us-east.{ZONE}": "servfail", f"pay.{ZONE}": "silent"}
_WRONG_ANSWER = {f"www.{ZONE}": ("127.9.9.9",)}


class TargetsSandbox:
    """Gateways, website, payments, two resolvers and the TLS servers. Everything listens on loopback only."""

    def __init__(self, *, clock: Clock, can_bind: Callable[[str], bool] = bindable) -> None:
        self._clock = clock
        self._can_bind = can_bind
        self._stack = contextlib.AsyncExitStack()
        self._endpoints: dict[str, Endpoint] = {}
        self._vpn: dict[str, VpnGateway] = {}

    async def start(self) -> TargetAddresses:
        """Listen on free ports; raises OSError where loopback can't be had, after closing what was open."""
        try:
            return await self._start()
        except OSError:
            await self.close()
            raise

    async def close(self) -> None:
        await self._stack.aclose()

    def endpoint(self, name: str) -> Endpoint:
        """The endpoint called so; KeyError for none."""
        return self._endpoints[name]

    def vpn(self, name: str) -> VpnGateway:
        """The VPN services of a gateway, as "us-east-1-vpn"; KeyError for none."""
        return self._vpn[name]

    def routes(self) -> web.Application:
        """`POST /target {"name", "mode"}` and `GET /targets`, to be mounted under /control."""
        app = web.Application()
        app.router.add_post("/target", self._set_mode)
        app.router.add_get("/targets", self._list)
        return app

    async def _start(self) -> TargetAddresses:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="secondline-targets-")))
        authority = Authority(folder=folder, now=self._clock())
        gateways = tuple([await self._gateway(*one) for one in _gateways()])
        resolver = Resolver(zone=ZONE, records=records(gateways))
        faulty = Resolver(zone=ZONE, records=records(gateways) | _WRONG_ANSWER, faults=_FAULTY_NAMES)
        web_names = (f"www.{ZONE}", f"pay.{ZONE}", "localhost", WEB_ADDRESS)
        return TargetAddresses(
            gateways=gateways,
            website_url=(await self._open("website", page=True)).url,
            website_https_url=(await self._open("website-https", tls=authority.server(web_names), page=True)).url,
            payments_url=(await self._open("payments", tls=authority.server(web_names, days=12))).url,
            tls=await self._tls_servers(authority, web_names),
            resolver=await self._resolver(resolver),
            faulty_resolver=await self._resolver(faulty),
            ca_pem=authority.ca_pem,
            vpn=await self._vpn_services(gateways) if all(gateway.present for gateway in gateways) else None,
        )

    async def _vpn_services(self, gateways: tuple[GatewayAddress, ...]) -> VpnPlaces:
        """VPN services at each gateway, called "us-east-1-vpn"; one WireGuard key serves for all."""
        key, bot_key = new_key(), new_key()
        for gateway in gateways:
            wireguard = WireguardServer(private=key, peer=public_key(bot_key))
            name = f"{gateway.name}-vpn"
            self._vpn[name] = VpnGateway(name=name, address=gateway.address, wireguard=wireguard.answer)
        ports = await started(list(self._vpn.values()))
        for each in self._vpn.values():
            self._stack.push_async_callback(each.close)
        return VpnPlaces(tuple(ports.services), str(ports.openvpn_tcp), public_key(key), bot_key)

    async def _gateway(self, name: str, region: str, address: str) -> GatewayAddress:
        present = self._can_bind(address)
        used = address if present else WEB_ADDRESS
        endpoint = await self._open(name, address=used, mode=TROUBLE.get(name, "ok"))
        return GatewayAddress(name, region, address, f"{endpoint.url}health", present)

    async def _tls_servers(self, authority: Authority, names: tuple[str, ...]) -> dict[str, str]:
        contexts = {
            "good": authority.server(names),
            "expired": authority.server(names, days=-3),
            "wrong-name": authority.server((f"other.{ZONE}",)),
            "self-signed": authority.self_signed(names),
            "no-intermediate": authority.server(names, with_chain=False),
        }
        opened = {fault: await self._open(f"tls-{fault}", tls=context) for fault, context in contexts.items()}
        return {fault: f"{endpoint.address}:{endpoint.port}" for fault, endpoint in opened.items()}

    async def _open(
        self,
        name: str,
        *,
        address: str = WEB_ADDRESS,
        mode: str = "ok",
        tls: ssl.SSLContext | None = None,
        page: bool = False,
    ) -> Endpoint:
        endpoint = Endpoint(name=name, address=address, mode=mode, tls=tls, page=page)
        await endpoint.start()
        self._stack.push_async_callback(endpoint.close)
        self._endpoints[name] = endpoint
        return endpoint

    async def _resolver(self, resolver: Resolver) -> str:
        address, port = await resolver.start()
        self._stack.push_async_callback(resolver.close)
        return f"{address}:{port}"

    async def _set_mode(self, request: web.Request) -> web.Response:
        body = await request.json()
        named: dict[str, Endpoint | VpnGateway] = {**self._endpoints, **self._vpn}
        endpoint = named.get(body.get("name", ""))
        if endpoint is None:
            return web.json_response({"error": f"name is one of {', '.join(named)}"}, status=400)
        try:
            await endpoint.set_mode(body.get("mode", ""))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"ok": True})

    async def _list(self, request: web.Request) -> web.Response:
        listed: list[Endpoint | VpnGateway] = [*self._endpoints.values(), *self._vpn.values()]
        rows = [{"name": one.name, "mode": one.mode, "url": one.url} for one in listed]
        return web.json_response({"targets": rows, "modes": MODES})


def _gateways() -> list[tuple[str, str, str]]:
    """Name, region and address of every gateway."""
    return [
        (f"{region.key}-{number}", region.key, address)
        for region in REGIONS
        for number, address in enumerate(region.addresses, 1)
    ]
