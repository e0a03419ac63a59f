"""The dns probe: each name asked of several resolvers and of its zone's own servers, the answers compared."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from attrs import define

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.dns.agreement import DNS, SLOW_S, dns_verdict
from bot.probes.dns.answers import DnsAnswer, never_reached, own_of
from bot.probes.dns.authority import ZONE, Authority
from bot.probes.dns.lookup import Lookup, Nameserver, nameserver, system_nameservers
from bot.probes.model import ProbeResult, Progress, Subject
from bot.probes.policy import ProbePolicy, ProbeRefused
from bot.probes.results import BROKEN, BROKEN_WORDS, Run
from bot.probes.side_by_side import side_by_side
from bot.probes.web.dial import routed

# The zone's servers are looked for first, and then asked.
_DEADLINE_FACTOR, _SLACK_S = 2, 0.5


class _Question(NamedTuple):
    """`server` is None for the servers of the name's own zone."""

    name: str
    server: Nameserver | None


@define(kw_only=True, eq=False, repr=False, slots=False)
class DnsProbe:
    """Asks the system's resolvers (unless `ask_system` is off) and the given ones for A and AAAA records.

    With `authority_port` 0 the servers of the name's own zone are left out. `has_route` says whether this machine can
    send to an address at all.
    """

    kind = DNS

    _policy: ProbePolicy
    _clock: Clock
    _resolvers: Sequence[str] = ()
    _ask_system: bool = True
    _timeout_s: float = 5.0
    _authority_port: int = 53
    _has_route: Callable[[str], bool] = routed
    _slow_s: float = SLOW_S

    def __attrs_post_init__(self) -> None:
        self._given = tuple(map(nameserver, self._resolvers))
        self._lookup = Lookup(timeout_s=self._timeout_s)

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.names:
            raise BadInput(f"{subject.label} has no name to look up.")
        run = Run(self.kind, subject.label, self._clock)
        servers = self._servers()
        if not servers:
            return run.could_not(
                "This machine has no DNS resolver configured", "Name some under probes.resolvers in secondline.toml."
            )
        mask = str if subject.trusted else self._public
        authority = Authority(
            lookup=self._lookup,
            policy=self._policy,
            resolvers=servers,
            find_s=self._timeout_s,
            port=self._authority_port,
            has_route=self._has_route,
            mask=mask,
        )

        async def measured(question: _Question) -> DnsAnswer:
            name, server = question
            return await (self._lookup.addresses(name, server) if server else authority.asked(name))

        def result(answers: Sequence[DnsAnswer]) -> ProbeResult:
            return run.result(*dns_verdict(subject.label, answers, own=own_of(subject), mask=mask, slow_s=self._slow_s))

        answers = await side_by_side(
            self._questions(subject.names, servers),
            measured,
            unfinished=_late,
            broken=_broken,
            deadline_s=self._timeout_s * _DEADLINE_FACTOR + _SLACK_S,
            on_each=lambda done: progress(result(done)),
        )
        return result(answers)

    def _questions(self, names: Sequence[str], servers: Sequence[Nameserver]) -> list[_Question]:
        all_servers = (*servers, None) if self._authority_port else servers
        return [_Question(name, server) for name in names for server in all_servers]

    def _servers(self) -> tuple[Nameserver, ...]:
        nameservers = (*(system_nameservers() if self._ask_system else ()), *self._given)
        return tuple({(server.address, server.port): server for server in reversed(nameservers)}.values())[::-1]

    def _public(self, address: str) -> str:
        """Hides private addresses behind a name that a person typed: they are nobody's business in a channel."""
        try:
            return self._policy.check(address)
        except ProbeRefused:
            return address if never_reached(address) else "(an address that is not public)"


def _late(question: _Question) -> DnsAnswer:
    return replace(_unknown(question), trouble="no answer in time", cause="timeout")


def _broken(question: _Question) -> DnsAnswer:
    return replace(_unknown(question), trouble=BROKEN_WORDS, cause=BROKEN)


def _unknown(question: _Question) -> DnsAnswer:
    return DnsAnswer(question.name, question.server.label if question.server else ZONE)
