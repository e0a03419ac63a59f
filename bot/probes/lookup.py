"""One DNS question to one server: A and AAAA records of a name, and what is wrong with the answer."""

import asyncio
import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

from bot.probes.answers import Answer
from bot.probes.typed import host_and_port, read_endpoint

_DNS_PORT = 53
_ATTEMPTS = 2
_TYPES = ("A", "AAAA")
BAD_NAME = (dns.exception.SyntaxError, dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong)


@dataclass(frozen=True, slots=True)
class Nameserver:
    """One server; `label` is what people read."""

    label: str
    address: str
    port: int


class _Part(NamedTuple):
    """The answer to one record type. `trouble` is a few words, "" for an answer (which may hold no address)."""

    addresses: tuple[str, ...] = ()
    ttl_s: int | None = None
    trouble: str = ""
    alias: str = ""


class Lookup:
    """Asks servers. Times are measured here: dnspython's own count only the last attempt."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    async def addresses(self, name: str, server: Nameserver, *, recursive: bool = True) -> Answer:
        """What the server says. With `recursive` off it is asked as a server of the name's own zone."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        parts = await asyncio.gather(*(self._part(name, record, server, recursive) for record in _TYPES))
        time_ms = (loop.time() - started) * 1000
        ttls = [part.ttl_s for part in parts if part.ttl_s is not None]
        return Answer(
            name,
            server.label,
            addresses=tuple(sorted({address for part in parts for address in part.addresses})),
            ttl_s=min(ttls) if ttls else None,
            time_ms=time_ms,
            trouble=_trouble(parts),
            alias=next((part.alias for part in parts if part.alias), ""),
        )

    async def records(self, name: str, record: str, server: Nameserver) -> tuple[str, ...]:
        """The answer's records of one type as text; none where there is no good answer."""
        try:
            answer = await self._sent(dns.message.make_query(name, record), server)
        except (dns.exception.DNSException, OSError, EOFError):
            return ()
        wanted = dns.rdatatype.from_text(record)
        return tuple(item.to_text() for rrset in answer.answer if rrset.rdtype == wanted for item in rrset)

    async def _part(self, name: str, record: str, server: Nameserver, recursive: bool) -> _Part:
        trouble = ""
        for _ in range(_ATTEMPTS):
            try:
                query = dns.message.make_query(name, record)
                if not recursive:
                    query.flags &= ~dns.flags.RD
                return await self._understood(await self._sent(query, server), record, query, server)
            except dns.exception.Timeout:
                trouble = f"timeout after {self._timeout_s:g} s"
            except (dns.exception.DNSException, OSError, EOFError) as error:
                return _Part(trouble=_words(error))
        return _Part(trouble=trouble)

    async def _understood(
        self, answer: dns.message.Message, record: str, query: dns.message.Message, server: Nameserver
    ) -> _Part:
        recursive = bool(query.flags & dns.flags.RD)
        if recursive and answer.rcode() == dns.rcode.SERVFAIL and await self._unchecked(query, server):
            return _Part(trouble="SERVFAIL: DNSSEC validation fails (it answers with checking disabled)")
        if not recursive and answer.rcode() == dns.rcode.NOERROR and not answer.flags & dns.flags.AA:
            return _Part(trouble="does not serve the zone (lame delegation)")
        return _read(answer, record)

    async def _unchecked(self, query: dns.message.Message, server: Nameserver) -> bool:
        """Whether the server has an answer where it need not check signatures (RFC 4035 section 3.2.2)."""
        again = dns.message.make_query(query.question[0].name, query.question[0].rdtype)
        again.flags |= dns.flags.CD
        try:
            answer = await self._sent(again, server)
        except (dns.exception.DNSException, OSError, EOFError):
            return False
        return answer.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)

    async def _sent(self, query: dns.message.Message, server: Nameserver) -> dns.message.Message:
        answer, _over_tcp = await dns.asyncquery.udp_with_fallback(
            query, server.address, port=server.port, timeout=self._timeout_s / _ATTEMPTS
        )
        return answer


def nameserver(text: str) -> Nameserver:
    """Reads "ip", "ip:port" or "[v6]:port"."""
    address, port = read_endpoint(text, _DNS_PORT)
    return Nameserver(address if port == _DNS_PORT else host_and_port(address, port), address, port)


def system_nameservers() -> tuple[Nameserver, ...]:
    """Those of /etc/resolv.conf, as they are now."""
    try:
        resolver = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return ()
    plain = [str(server) for server in resolver.nameservers]
    return tuple(Nameserver(f"system ({server})", server, resolver.port) for server in plain)


def _read(answer: dns.message.Message, record: str) -> _Part:
    rcode = answer.rcode()
    if rcode != dns.rcode.NOERROR:
        return _Part(trouble=dns.rcode.to_text(rcode))
    wanted = dns.rdatatype.from_text(record)
    addresses = tuple(str(item.address) for rrset in answer.answer if rrset.rdtype == wanted for item in rrset)
    aliases = [rrset for rrset in answer.answer if rrset.rdtype == dns.rdatatype.CNAME]
    alias = str(aliases[-1][0].target).rstrip(".") if aliases and not addresses else ""
    return _Part(addresses, min((rrset.ttl for rrset in answer.answer), default=None), alias=alias)


def _trouble(parts: Sequence[_Part]) -> str:
    """One trouble for both types where they agree; else with the type that has it."""
    troubles = [part.trouble for part in parts]
    if len(set(troubles)) == 1:
        return troubles[0]
    return ", ".join(f"{record}: {trouble}" for record, trouble in zip(_TYPES, troubles, strict=True) if trouble)


def _words(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "no route to the resolver"
    if isinstance(error, BAD_NAME):
        return "the name can't be looked up"
    return "an answer that can't be read"
