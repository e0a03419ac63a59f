"""The dns probe: each name asked of several resolvers, the answers compared."""

import asyncio
import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.answers import COLUMNS, Answer, compared, dns_verdict, reading_of
from bot.probes.model import ProbeResult, Progress, Reading, Subject
from bot.probes.policy import Policy, Refused
from bot.probes.run import Run
from bot.probes.side_by_side import side_by_side
from bot.probes.typed import host_and_port, read_endpoint

_DNS_PORT = 53
_ATTEMPTS = 2
_TYPES = ("A", "AAAA")


@dataclass(frozen=True, slots=True)
class Nameserver:
    """One resolver; `label` is what people read."""

    label: str
    address: str
    port: int


class _Question(NamedTuple):
    name: str
    server: Nameserver


class _Part(NamedTuple):
    """The answer to one record type. `trouble` is a few words, "" for an answer (which may hold no address)."""

    addresses: tuple[str, ...] = ()
    ttl_s: int | None = None
    trouble: str = ""


class DnsProbe:
    """Asks the system's resolvers (unless `ask_system` is off) and the given ones for A and AAAA records.

    Times are measured here: dnspython's own count only the last attempt.
    """

    kind = "dns"
    summary = "answers of several resolvers compared"

    def __init__(
        self,
        *,
        policy: Policy,
        clock: Clock,
        resolvers: Sequence[str] = (),
        ask_system: bool = True,
        timeout_s: float = 5.0,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._given = tuple(nameserver(text) for text in resolvers)
        self._ask_system = ask_system
        self._timeout_s = timeout_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.names:
            raise BadInput(f"{subject.label} has no name to look up.")
        run = Run(self.kind, subject.label, COLUMNS, self._clock)
        servers = self._servers()
        if not servers:
            return run.could_not(
                "This machine has no DNS resolver configured", "Name some under probes.resolvers in secondline.toml."
            )

        async def measured(question: _Question) -> Reading:
            return reading_of(self._judged(await self._asked(question), trusted=subject.trusted))

        readings = await side_by_side(
            [_Question(name, server) for name in subject.names for server in servers],
            measured,
            unfinished=lambda q: reading_of(Answer(q.name, q.server.label, trouble="no answer in time")),
            deadline_s=self._timeout_s + 1.0,
            on_each=lambda done: progress(_result(run, done)),
        )
        return _result(run, readings)

    def _servers(self) -> tuple[Nameserver, ...]:
        found = (*(system_nameservers() if self._ask_system else ()), *self._given)
        return tuple({(server.address, server.port): server for server in reversed(found)}.values())[::-1]

    async def _asked(self, question: _Question) -> Answer:
        loop = asyncio.get_running_loop()
        started = loop.time()
        parts = await asyncio.gather(*(self._part(question, record) for record in _TYPES))
        time_ms = (loop.time() - started) * 1000
        addresses = sorted({address for part in parts for address in part.addresses})
        ttls = [part.ttl_s for part in parts if part.ttl_s is not None]
        return Answer(
            question.name,
            question.server.label,
            addresses=tuple(addresses),
            ttl_s=min(ttls) if ttls else None,
            time_ms=time_ms,
            trouble=_trouble(parts),
        )

    async def _part(self, question: _Question, record: str) -> _Part:
        trouble = ""
        for _ in range(_ATTEMPTS):
            try:
                query = dns.message.make_query(question.name, record)
                return _read(await self._sent(query, question.server), record)
            except dns.exception.Timeout:
                trouble = f"timeout after {self._timeout_s:g} s"
            except (dns.exception.DNSException, OSError, EOFError) as error:
                return _Part(trouble=_words(error))
        return _Part(trouble=trouble)

    async def _sent(self, query: dns.message.Message, server: Nameserver) -> dns.message.Message:
        answer, _over_tcp = await dns.asyncquery.udp_with_fallback(
            query, server.address, port=server.port, timeout=self._timeout_s / _ATTEMPTS
        )
        return answer

    def _judged(self, answer: Answer, *, trusted: bool) -> Answer:
        """Hides private addresses behind a name that a person typed: they are nobody's business in a channel."""
        if trusted:
            return answer
        return answer.with_addresses(tuple(dict.fromkeys(self._public(address) for address in answer.addresses)))

    def _public(self, address: str) -> str:
        try:
            return self._policy.check(address)
        except Refused:
            return "(an address that is not public)"


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
    found = [rrset for rrset in answer.answer if rrset.rdtype == wanted]
    addresses = tuple(str(item.address) for rrset in found for item in rrset)
    return _Part(addresses, min((rrset.ttl for rrset in answer.answer), default=None))


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
    if isinstance(
        error, dns.exception.SyntaxError | dns.name.LabelTooLong | dns.name.EmptyLabel | dns.name.NameTooLong
    ):
        return "the name can't be looked up"
    return "an answer that can't be read"


def _result(run: Run, done: Sequence[Reading]) -> ProbeResult:
    readings = compared(done)
    return run.result(ok=all(r.ok for r in readings), verdict=dns_verdict(readings), readings=readings)
