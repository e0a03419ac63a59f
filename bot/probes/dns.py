"""The dns probe: each name asked of several resolvers and of its zone's own servers, the answers compared."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.answers import COLUMNS, Answer, compared, dns_verdict, reading_of
from bot.probes.authority import Authority
from bot.probes.dial import routed
from bot.probes.lookup import Lookup, Nameserver, nameserver, system_nameservers
from bot.probes.model import ProbeResult, Progress, Reading, Subject
from bot.probes.policy import Policy, Refused
from bot.probes.run import Run
from bot.probes.side_by_side import side_by_side

_AUTHORITY = "its zone's servers"


class _Question(NamedTuple):
    """`server` is None for the servers of the name's own zone."""

    name: str
    server: Nameserver | None


class DnsProbe:
    """Asks the system's resolvers (unless `ask_system` is off) and the given ones for A and AAAA records.

    With `authority_port` 0 the servers of the name's own zone are left out. `has_route` says whether this machine can
    send to an address at all.
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
        authority_port: int = 53,
        has_route: Callable[[str], bool] | None = None,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._given = tuple(nameserver(text) for text in resolvers)
        self._ask_system = ask_system
        self._timeout_s = timeout_s
        self._authority_port = authority_port
        self._has_route = has_route or routed
        self._lookup = Lookup(timeout_s=timeout_s)

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.names:
            raise BadInput(f"{subject.label} has no name to look up.")
        run = Run(self.kind, subject.label, COLUMNS, self._clock)
        servers = self._servers()
        if not servers:
            return run.could_not(
                "This machine has no DNS resolver configured", "Name some under probes.resolvers in secondline.toml."
            )
        authority = Authority(
            lookup=self._lookup,
            policy=self._policy,
            resolvers=servers,
            port=self._authority_port,
            has_route=self._has_route,
        )

        async def measured(question: _Question) -> Reading:
            name, server = question
            asked = self._lookup.addresses(name, server) if server else authority.asked(name)
            return reading_of(self._judged(await asked, trusted=subject.trusted))

        own = subject.addresses if subject.trusted else ()
        readings = await side_by_side(
            self._questions(subject.names, servers),
            measured,
            unfinished=lambda q: reading_of(_late(q)),
            deadline_s=self._timeout_s + 1.0,
            on_each=lambda done: progress(_result(run, done, own)),
        )
        return _result(run, readings, own)

    def _questions(self, names: Sequence[str], servers: Sequence[Nameserver]) -> list[_Question]:
        all_servers = (*servers, None) if self._authority_port else servers
        return [_Question(name, server) for name in names for server in all_servers]

    def _servers(self) -> tuple[Nameserver, ...]:
        found = (*(system_nameservers() if self._ask_system else ()), *self._given)
        return tuple({(server.address, server.port): server for server in reversed(found)}.values())[::-1]

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


def _late(question: _Question) -> Answer:
    label = question.server.label if question.server else _AUTHORITY
    return Answer(question.name, label, trouble="no answer in time")


def _result(run: Run, done: Sequence[Reading], own: Sequence[str]) -> ProbeResult:
    readings = compared(done, own=own)
    return run.result(ok=all(r.ok for r in readings), verdict=dns_verdict(readings), readings=readings)
