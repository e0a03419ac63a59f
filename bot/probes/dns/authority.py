"""What the servers of a name's own zone say about it: there a resolver's answer comes from."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from attrs import define

from bot.probes.address import canonical
from bot.probes.dns.agreement import Mask, listed
from bot.probes.dns.answers import RECORDS, DnsAnswer
from bot.probes.dns.lookup import Lookup, Nameserver
from bot.probes.policy import ProbePolicy, ProbeRefused
from bot.probes.web.dial import routed

ZONE = "its zone's servers"
"""What they are called before it is known which they are."""
_SERVERS_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class _Servers:
    """The servers of a zone, one for each family of each host; `out_of_reach` are hosts that none here can ask."""

    known: tuple[Nameserver, ...] = ()
    out_of_reach: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.known or self.out_of_reach)


@define(kw_only=True, eq=False, repr=False, slots=False)
class Authority:
    """Finds a zone's servers by way of `resolvers`, for `find_s` at most, and asks them themselves.

    `port` is 53 but in tests; `mask` is how an address may be told.
    """

    _lookup: Lookup
    _policy: ProbePolicy
    _resolvers: Sequence[Nameserver]
    _find_s: float
    _port: int = 53
    _has_route: Callable[[str], bool] = routed
    _mask: Mask = str

    async def asked(self, name: str) -> DnsAnswer:
        """One answer for all servers of the zone; its trouble names those that fail, or that they disagree."""
        try:
            async with asyncio.timeout(self._find_s):
                servers = await self._servers(name)
        except TimeoutError:
            return DnsAnswer(name, ZONE, unasked="the resolvers did not name the servers of its zone in time")
        missed = _missed(servers.out_of_reach)
        if not servers.known:
            return DnsAnswer(name, ZONE, unasked=missed or "the resolvers know no servers of its zone")
        answers = await asyncio.gather(
            *(self._lookup.addresses(name, server, recursive=False) for server in servers.known)
        )
        return replace(_together(name, servers.known, answers, self._mask), remark=missed)

    async def _servers(self, name: str) -> _Servers:
        """By way of the first resolver that knows; one that is silent holds nothing up."""
        asked = [asyncio.ensure_future(self._known(name, resolver)) for resolver in self._resolvers]
        try:
            for look_up in asyncio.as_completed(asked):
                if nameservers := await look_up:
                    return nameservers
            return _Servers()
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def _known(self, name: str, resolver: Nameserver) -> _Servers:
        names = await self._zone(name, resolver)
        located = await asyncio.gather(*(self._located(host, resolver) for host in names[:_SERVERS_AT_MOST]))
        known = tuple(server for host in located for server in host.known)
        return _Servers(known, tuple(name for host in located for name in host.out_of_reach))

    async def _zone(self, name: str, resolver: Nameserver) -> list[str]:
        """The names of the servers of the nearest zone; a top-level domain is not asked about."""
        labels = name.rstrip(".").split(".")
        for start in range(max(len(labels) - 1, 1)):
            records = await self._lookup.records(".".join(labels[start:]), "NS", resolver)
            if records:
                return sorted(records)
        return []

    async def _located(self, host: str, resolver: Nameserver) -> _Servers:
        """The host's first allowed address of each family that this machine has."""
        texts = await asyncio.gather(*(self._lookup.records(host, record, resolver) for record in ("A", "AAAA")))
        allowed = [address for address in (self._first_allowed(host, text) for text in texts) if address]
        near = [address for address in allowed if self._has_route(address)]
        called = host.rstrip(".")
        if allowed and not near:
            return _Servers(out_of_reach=(called,))
        labels = [f"{called} over {_family(address)}" if len(near) > 1 else called for address in near]
        return _Servers(tuple(map(Nameserver, labels, near, [self._port] * len(near))))

    def _first_allowed(self, host: str, texts: Iterable[str]) -> str:
        for text in texts:
            try:
                return self._policy.check(canonical(text), called=host)
            except (ProbeRefused, ValueError):
                continue
        return ""


def _together(name: str, servers: Sequence[Nameserver], answers: Sequence[DnsAnswer], mask: Mask) -> DnsAnswer:
    good = [answer for answer in answers if not answer.trouble]
    label = answers[0].resolver if len(answers) == 1 else f"its zone's {len(answers)} servers"
    first = good[0] if good else answers[0]
    trouble = _only_over_one_family(servers, answers) or _failures(answers)
    cause = next((answer.cause for answer in answers if answer.cause), "")
    if not trouble and (trouble := _disagreement(good, mask)):
        cause = "mismatch"
    return replace(
        first,
        name=name,
        resolver=label,
        addresses=tuple(sorted({address for answer in good for address in answer.addresses})),
        trouble=trouble,
        cause=cause,
        time_ms=max(answer.time_ms or 0.0 for answer in answers),
        asked_again=any(answer.asked_again for answer in answers),
    )


def _failures(answers: Sequence[DnsAnswer]) -> str:
    """The trouble of each server that has one; said once where all have the same."""
    bad = [answer for answer in answers if answer.trouble]
    if bad and len(bad) == len(answers) and len({answer.trouble for answer in bad}) == 1:
        return bad[0].trouble
    return "; ".join(f"{answer.resolver}: {answer.trouble}" for answer in bad)


def _disagreement(good: Sequence[DnsAnswer], mask: Mask) -> str:
    """Where one server of a zone has other addresses than another, or none of a type; A and AAAA each by itself."""
    direct = [answer for answer in good if not answer.aliases]
    for record in RECORDS:
        first = next((answer for answer in direct if answer.of(record)), None)
        other = next((answer for answer in direct if first and not {*answer.of(record)} & {*first.of(record)}), None)
        if first and other:
            words = [
                f"{answer.resolver} says {listed(answer.of(record), mask) or f'no {record} record'}"
                for answer in (first, other)
            ]
            return f"its servers disagree: {', '.join(words)}"
    return ""


def _only_over_one_family(servers: Sequence[Nameserver], answers: Sequence[DnsAnswer]) -> str:
    """Where each server fails over one family for the same reason, and over the other none does."""
    troubles: dict[str, list[str]] = {}
    for server, answer in zip(servers, answers, strict=True):
        troubles.setdefault(_family(server.address), []).append(answer.trouble)
    for bad, other in (("IPv6", "IPv4"), ("IPv4", "IPv6")):
        reasons = troubles.get(bad, [])
        if len(reasons) > 1 and len(set(reasons)) == 1 and reasons[0] and not any(troubles.get(other, ["none"])):
            return f"no server answers over {bad} ({reasons[0]}), over {other} all do"
    return ""


def _missed(hosts: Sequence[str]) -> str:
    if not hosts:
        return ""
    has = "has an IPv6 address" if len(hosts) == 1 else "have IPv6 addresses"
    return f"{', '.join(hosts)} {has} only, and this machine has no IPv6"


def _family(address: str) -> str:
    return "IPv6" if ":" in address else "IPv4"
