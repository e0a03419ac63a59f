"""What the servers of a name's own zone say about it: there a resolver's answer comes from."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.probes.address import canonical
from bot.probes.answers import Answer
from bot.probes.lookup import Lookup, Nameserver
from bot.probes.policy import Policy, Refused

_SERVERS_AT_MOST = 4


class Authority:
    """Finds a zone's servers by way of `resolvers` and asks them themselves. `port` is 53 but in tests."""

    def __init__(self, *, lookup: Lookup, policy: Policy, resolvers: Sequence[Nameserver], port: int = 53) -> None:
        self._lookup = lookup
        self._policy = policy
        self._resolvers = resolvers
        self._port = port

    async def asked(self, name: str) -> Answer:
        """One answer for all servers of the zone; its trouble names those that fail, or that they disagree."""
        servers = await self._servers(name)
        if not servers:
            return Answer(name, "its zone's servers", unasked="the resolvers know no servers of its zone")
        answers = await asyncio.gather(*(self._lookup.addresses(name, server, recursive=False) for server in servers))
        return _together(name, answers)

    async def _servers(self, name: str) -> list[Nameserver]:
        """By way of the first resolver that knows; one that is silent holds nothing up."""
        asked = [asyncio.ensure_future(self._known(name, resolver)) for resolver in self._resolvers]
        try:
            for each in asyncio.as_completed(asked):
                if found := await each:
                    return found
            return []
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def _known(self, name: str, resolver: Nameserver) -> list[Nameserver]:
        names = await self._zone(name, resolver)
        found = await asyncio.gather(*(self._located(host, resolver) for host in names[:_SERVERS_AT_MOST]))
        return [server for server in found if server]

    async def _zone(self, name: str, resolver: Nameserver) -> list[str]:
        """The names of the servers of the nearest zone; a top-level domain is not asked about."""
        labels = name.rstrip(".").split(".")
        for start in range(max(len(labels) - 1, 1)):
            found = await self._lookup.records(".".join(labels[start:]), "NS", resolver)
            if found:
                return sorted(found)
        return []

    async def _located(self, host: str, resolver: Nameserver) -> Nameserver | None:
        for text in await self._lookup.records(host, "A", resolver):
            try:
                address = self._policy.check(canonical(text), called=host)
            except (Refused, ValueError):
                continue
            return Nameserver(host.rstrip("."), address, self._port)
        return None


def _together(name: str, answers: Sequence[Answer]) -> Answer:
    good = [answer for answer in answers if not answer.trouble]
    bad = [answer for answer in answers if answer.trouble]
    label = answers[0].resolver if len(answers) == 1 else f"its zone's {len(answers)} servers"
    first = good[0] if good else answers[0]
    same = len({answer.trouble for answer in bad}) == 1 and not good
    trouble = bad[0].trouble if same else "; ".join(f"{answer.resolver}: {answer.trouble}" for answer in bad)
    other = next((each for each in good if not set(each.addresses) & set(first.addresses) and each.addresses), None)
    if not trouble and other and first.addresses:
        shown = [f"{each.resolver} says {', '.join(each.addresses)}" for each in (first, other)]
        trouble = f"its servers disagree: {', '.join(shown)}"
    slowest = max(answer.time_ms or 0.0 for answer in answers)
    addresses = tuple(sorted({address for answer in good for address in answer.addresses}))
    return replace(first, name=name, resolver=label, addresses=addresses, trouble=trouble, time_ms=slowest)
