"""What may be probed: configured targets and public addresses, and nothing that these turn into later."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.errors import BadInput
from bot.probes.address import Network, canonical, embedded, not_public
from bot.probes.host_grammar import Destination, is_internal, read_place, read_url
from bot.probes.model import Subject
from bot.targets.model import Target

ALLOW_KEY = "probes.allow_networks"
PORTS_KEY = "probes.ports"
WEB_PORTS = (80, 443)
RESOLVE_TIMEOUT_S = 5.0
_AT_ONCE = 500
"""Of thousands of addresses so many are judged before others get their turn."""

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""Looks a host name up; raises OSError where it has no address."""


class ProbeRefused(BadInput):
    """The rules do not let an address be probed; `why` is what it is ("a private address"), `remedy` names the key.

    What an internal name leads to is nobody's business in a channel, so neither sentence says it.
    """

    def __init__(self, what: str, address: str, why: str) -> None:
        named = what != address
        first = f"{what} has no public address" if named else f"{address} is {why}"
        super().__init__(f"{first}. Only public addresses, and networks in {ALLOW_KEY}, are probed.")
        self.why = why
        example = "" if named else f', for example "{address}/{ipaddress.ip_address(address).max_prefixlen}"'
        self.remedy = f"Add its network to {ALLOW_KEY} in secondline.toml{example}."


class PortNotProbed(BadInput):
    """Somebody typed a port that is not one of the web's or of the settings."""

    def __init__(self, port: int, allowed: Iterable[int]) -> None:
        listed = ", ".join(map(str, sorted(allowed)))
        super().__init__(f"Port {port} is not probed. These are: {listed}; more stand in {PORTS_KEY}.")


class InternalName(BadInput):
    """A name of some inside network was typed; it is not looked up."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is an internal name. Only targets and public hosts are probed.")


class NoAddress(BadInput):
    """A host name leads to no address; `reason` is a few words."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host}: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Located:
    """The addresses of a subject; `missing` says for each host without one why, as "host: reason"."""

    addresses: tuple[str, ...]
    missing: tuple[str, ...] = ()


class ProbePolicy:
    """The one place that says which addresses probes may send to.

    Names are looked up here, each address found is judged, and probes connect to exactly the address that was
    judged, so that a DNS answer that changes in between changes nothing.
    """

    def __init__(
        self,
        *,
        allow_networks: Iterable[str | Network] = (),
        ports: Iterable[int] = (),
        resolve: Resolve | None = None,
    ) -> None:
        """`ports` may be typed behind a host besides those of the web."""
        self._allowed = tuple(ipaddress.ip_network(str(network)) for network in allow_networks)
        self._ports = frozenset([*WEB_PORTS, *ports])
        self._resolve = resolve or system_addresses

    @property
    def allows_networks(self) -> bool:
        """Whether some inside network may be probed, and so names in it be typed."""
        return bool(self._allowed)

    def check_port(self, port: int) -> None:
        """Raises PortNotProbed where people may not type it, and no page that they typed may lead to it."""
        if port not in self._ports:
            raise PortNotProbed(port, self._ports)

    def check_name(self, host: str) -> None:
        """Raises InternalName for one that no public server knows."""
        if is_internal(host) and not self._allowed:
            raise InternalName(host)

    def subject_from_text(self, text: str) -> Subject:
        """What a person typed: a host, an address, host:port, or an http(s) URL, also as Slack marks links.

        Raises BadInput where it is none of these, Refused for an address literal that may not be probed.
        """
        place = read_place(text)
        if place.literal:
            self.check(place.host, called=place.host)
        return subject_at(place)

    def check(self, address: str, *, called: str = "") -> str:
        """Returns the canonical address; raises Refused where it may not be probed. `called` is its name."""
        parsed = ipaddress.ip_address(address)
        inner = embedded(parsed)
        why = not_public(parsed)
        if why and not any(each in network for each in (parsed, inner) if each for network in self._allowed):
            raise ProbeRefused(called or str(parsed), str(parsed), why)
        return str(parsed)

    async def addresses_of(self, host: str) -> tuple[str, ...]:
        """The addresses of a host name or literal, judged. Raises ProbeRefused if any is refused, or NoAddress."""
        literal = canonical(host)
        if literal:
            return (self.check(literal, called=literal),)
        addresses = await self._looked_up(host)
        return tuple(dict.fromkeys(self.check(address, called=host) for address in addresses))

    async def locate(self, subject: Subject) -> Located:
        """Every address of a subject, its own and those of its hosts, judged, each once. Raises ProbeRefused."""
        own = list[str]()
        for number, address in enumerate(subject.addresses, 1):
            own.append(self.check(address, called=address))
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        located = await asyncio.gather(*(self.located(host) for host in subject.hosts))
        addresses = dict.fromkeys([*own, *(address for part in located for address in part.addresses)])
        return Located(tuple(addresses), tuple(problem for part in located for problem in part.missing))

    async def located(self, host: str) -> Located:
        """The addresses of a host name or literal, judged, or why it has none. Raises ProbeRefused."""
        try:
            return Located(await self.addresses_of(host))
        except NoAddress as error:
            return Located((), (error.sentence,))

    async def _looked_up(self, host: str) -> list[str]:
        try:
            async with asyncio.timeout(RESOLVE_TIMEOUT_S):
                answers = await self._resolve(host)
        except TimeoutError as error:
            raise NoAddress(host, f"DNS did not answer within {RESOLVE_TIMEOUT_S:g} s") from error
        except (OSError, UnicodeError) as error:
            raise NoAddress(host, _resolve_words(error)) from error
        addresses = [address for address in map(canonical, answers) if address]
        if not addresses:
            raise NoAddress(host, "the name has no address")
        return addresses


def subject_at(place: Destination) -> Subject:
    """The subject for a typed place, with what each kind needs."""
    return Subject(
        label=place.label,
        hosts=() if place.literal else (place.host,),
        addresses=(place.host,) if place.literal else (),
        urls=(place.url,),
        tls=(place.tls,) if place.tls else (),
        ports=(str(place.port),),
        names=() if place.literal else (place.host,),
        remote=True,
        typed=True,
    )


def subject_of(target: Target) -> Subject:
    """The subject for a configured target; what its entry leaves out follows from its hosts and URLs."""
    places = [read_url(url) for url in target.urls]
    secure = [place for place in places if place.tls]
    return Subject(
        label=target.title,
        hosts=target.hosts,
        addresses=target.addresses,
        urls=target.urls,
        tls=target.tls or tuple(dict.fromkeys(place.tls for place in secure)),
        names=target.names or target.hosts or tuple(dict.fromkeys(p.host for p in places if not p.literal)),
        ports=target.ports,
        vpn=target.vpn,
        wireguard_keys=target.wireguard_keys,
        expect=target.expect,
        test_payment=target.test_payment,
        status_of=target.key if target.status_page else "",
        trusted=True,
        remote=target.remote,
    )


def configured_ports(targets: Iterable[Target]) -> frozenset[int]:
    """The TCP ports that the entries of targets name: people may type these too."""
    named = [port for target in targets for port in (*target.ports, *target.tls)]
    named += [service for target in targets for service in target.vpn if service.startswith("openvpn-tcp:")]
    pages = [read_url(url).port for target in targets for url in target.urls]
    return frozenset([*pages, *(int(text.rpartition(":")[2]) for text in named)])


async def system_addresses(host: str) -> list[str]:
    """Asks the system's resolver for the addresses of the families that this machine has."""
    loop = asyncio.get_running_loop()
    try:
        infos = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except socket.gaierror:
        # A machine with loopback alone counts as having no family at all.
        infos = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in infos]


def _resolve_words(error: Exception) -> str:
    if isinstance(error, socket.gaierror) and error.errno in (socket.EAI_NONAME, socket.EAI_NODATA):
        return "the name does not exist or has no address"
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return "DNS does not answer"
    return "the name can't be looked up"
