"""What one server says about a name: its A and AAAA records, where its aliases lead, and what is wrong with it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset

from bot.probes.dns.answers import RECORDS, DnsAnswer, followed
from bot.probes.dns.wire import DnsMessage, NotHeard, ask
from bot.probes.host_grammar import host_and_port, read_endpoint

_DNS_PORT = 53
BAD_NAME = (dns.exception.SyntaxError, dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong)


@dataclass(frozen=True, slots=True)
class Nameserver:
    """One server; `label` is what people read."""

    label: str
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class _Part:
    """The answer to one record type. `trouble` is a few words, "" for an answer (which may hold no address).

    `ends` is true where the server itself says that there is no more behind the last alias.
    """

    addresses: tuple[str, ...] = ()
    ttl_s: int | None = None
    trouble: str = ""
    cause: str = ""
    aliases: tuple[str, ...] = ()
    ends: bool = False
    again: bool = False


class Lookup:
    """Asks servers. Times are measured here: dnspython's own count only the last attempt."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    async def addresses(self, name: str, server: Nameserver, *, recursive: bool = True) -> DnsAnswer:
        """What the server says. With `recursive` off it is asked as a server of the name's own zone."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        parts = await asyncio.gather(*(self._part(name, record, server, recursive) for record in RECORDS))
        time_ms = (loop.time() - started) * 1000
        aliases = max((part.aliases for part in parts), key=len)
        trouble, cause = _trouble(parts)
        return DnsAnswer(
            name,
            server.label,
            addresses=tuple(sorted({address for part in parts for address in part.addresses})),
            ttl_s=min((part.ttl_s for part in parts if part.ttl_s is not None), default=None),
            time_ms=time_ms,
            trouble=trouble,
            cause=cause,
            aliases=aliases,
            leads_on=bool(aliases) and not recursive and not any(part.ends for part in parts),
            asked_again=any(part.again for part in parts),
        )

    async def records(self, name: str, record: str, server: Nameserver) -> tuple[str, ...]:
        """The answer's records of one type as text; none where there is no good answer."""
        try:
            heard = await self._asked(dns.message.make_query(name, record), server)
        except (NotHeard, *BAD_NAME):
            return ()
        rdtype = dns.rdatatype.from_text(record)
        return tuple(
            item.to_text() for rrset in _internet(heard.message.answer) if rrset.rdtype == rdtype for item in rrset
        )

    async def _part(self, name: str, record: str, server: Nameserver, recursive: bool) -> _Part:
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._timeout_s
        try:
            query = dns.message.make_query(name, record)
            if not recursive:
                query.flags &= ~dns.flags.RD
            heard = await self._asked(query, server)
            part = _read(heard, name, record, recursive)
            failed = recursive and heard.message.rcode() == dns.rcode.SERVFAIL
            if failed and await self._has_it_unchecked(query, server, ends - loop.time()):
                words = "SERVFAIL: DNSSEC validation fails (it answers with checking disabled)"
                return replace(part, trouble=words, cause="dnssec")
            return part
        except NotHeard as error:
            return _Part(trouble=error.sentence, cause=error.cause)
        except BAD_NAME:
            return _Part(trouble="the name can't be looked up", cause="name")

    async def _has_it_unchecked(self, query: dns.message.Message, server: Nameserver, left_s: float) -> bool:
        """Whether the server has an answer where it need not check signatures (RFC 4035 section 3.2.2)."""
        again = dns.message.make_query(query.question[0].name, query.question[0].rdtype)
        again.flags |= dns.flags.CD
        try:
            heard = await ask(again, server.address, server.port, timeout_s=max(left_s, self._timeout_s / 4))
        except NotHeard:
            return False
        return heard.message.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)

    async def _asked(self, query: dns.message.Message, server: Nameserver) -> DnsMessage:
        return await ask(query, server.address, server.port, timeout_s=self._timeout_s)


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


def _read(heard: DnsMessage, name: str, record: str, recursive: bool) -> _Part:
    """The addresses at the end of the aliases; records of other names and classes are no part of the answer."""
    message, rcode = heard.message, heard.message.rcode()
    if not recursive and rcode == dns.rcode.NOERROR and not message.flags & dns.flags.AA:
        return _Part(trouble="does not serve the zone (lame delegation)", cause="lame")
    asked, answer = _text(dns.name.from_text(name)), _internet(message.answer)
    targets = {_text(rrset.name): _text(rrset[0].target) for rrset in answer if rrset.rdtype == dns.rdatatype.CNAME}
    aliases = followed(asked, targets)
    last = (asked, *aliases)[-1]
    if rcode != dns.rcode.NOERROR:
        code = dns.rcode.to_text(rcode)
        return _Part(trouble=code, cause=code.lower(), aliases=aliases, again=heard.again)
    way = [rrset for rrset in answer if _text(rrset.name) in (asked, *aliases)]
    rdtype = dns.rdatatype.from_text(record)
    return _Part(
        tuple(
            str(item.address) for rrset in way if (rrset.rdtype, _text(rrset.name)) == (rdtype, last) for item in rrset
        ),
        min((rrset.ttl for rrset in way), default=None),
        aliases=aliases,
        ends=any(_is_of(last, rrset) for rrset in message.authority),
        again=heard.again,
    )


def _is_of(name: str, rrset: dns.rrset.RRset) -> bool:
    """Whether this record says that `name` is in the server's zone, and has no such records (RFC 2308 section 2.2)."""
    return rrset.rdtype == dns.rdatatype.SOA and dns.name.from_text(name).is_subdomain(rrset.name)


def _internet(rrsets: Sequence[dns.rrset.RRset]) -> list[dns.rrset.RRset]:
    """Those of the class IN, that are not empty: addresses of other classes are none."""
    return [rrset for rrset in rrsets if rrset.rdclass == dns.rdataclass.IN and len(rrset)]


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _trouble(parts: Sequence[_Part]) -> tuple[str, str]:
    """One trouble for both types where they agree; else with the type that has it. Its cause is the first one's."""
    troubles = [part.trouble for part in parts]
    cause = next((part.cause for part in parts if part.cause), "")
    if len(set(troubles)) == 1:
        return troubles[0], cause
    return ", ".join(
        f"{record}: {trouble}" for record, trouble in zip(RECORDS, troubles, strict=True) if trouble
    ), cause
