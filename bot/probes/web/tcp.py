"""The tcp probe: whether the configured ports of each address can be connected to."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.host_grammar import host_and_port, read_endpoint
from bot.probes.icmp.loss import ms
from bot.probes.model import Numbers, ProbeKind, ProbeReading, ProbeResult, Progress, Subject
from bot.probes.policy import Located, ProbePolicy, ProbeRefused
from bot.probes.results import BROKEN_WORDS, Run, broken, slowest
from bot.probes.side_by_side import each_apart, few_at_once, side_by_side
from bot.probes.web.dial import PhaseFailed, Phases, connected

TCP = ProbeKind(
    "tcp",
    columns=("Endpoint", "Result", "Connect"),
    needs="no ports",
    applies=lambda subject: bool(subject.ports),
    noun="ports",
    rules_out="the TCP ports",
)
_SLACK_S = 0.5


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """`label` is what people read: the address, or the configured host where one was given."""

    label: str
    address: str
    port: int


class TcpProbe:
    """Connects to every port of every address, says nothing and hangs up."""

    kind = TCP

    def __init__(self, *, policy: ProbePolicy, clock: Clock, timeout_s: float = 5.0) -> None:
        self._policy = policy
        self._clock = clock
        self._timeout_s = timeout_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.ports:
            raise BadInput(f"{subject.label} has no port to connect to. Its entry in secondline.toml needs ports.")
        run = Run(self.kind, subject.label, self._clock)
        try:
            endpoints, missing = await self._endpoints(subject)
        except ProbeRefused as refusal:
            return run.refused(refusal)
        if not endpoints:
            return run.fails("; ".join(missing) or "There is no address to connect to")
        measure, rounds = few_at_once(self._measured, len(endpoints))
        readings = await side_by_side(
            endpoints,
            measure,
            unfinished=lambda endpoint: _failed(endpoint, self._late()),
            broken=lambda endpoint: broken(TCP, endpoint.label, address=endpoint.address),
            deadline_s=(self._timeout_s + _SLACK_S) * rounds,
            on_each=lambda done: progress(_result(run, done, missing)),
        )
        return _result(run, readings, missing)

    async def _endpoints(self, subject: Subject) -> tuple[list[_Endpoint], tuple[str, ...]]:
        """What to connect to, and what has no address. Raises ProbeRefused."""
        everywhere = [int(port) for port in subject.ports if port.isdigit()]
        own = [self._policy.check(address, called=address) for address in subject.addresses] if everywhere else []
        hosts = subject.hosts if everywhere else ()
        single = {text: read_endpoint(text, 0) for text in subject.ports if not text.isdigit()}
        names = list(dict.fromkeys([*hosts, *(host for host, _ in single.values())]))
        looked_up = await each_apart(
            names, self._policy.located, broken=lambda host: Located((), (f"{host}: {BROKEN_WORDS}",))
        )
        known = dict(zip(names, looked_up, strict=True))
        addresses = dict.fromkeys([*own, *(address for host in hosts for address in known[host].addresses)])
        endpoints = [
            _Endpoint(host_and_port(address, port), address, port) for address in addresses for port in everywhere
        ]
        for text, (host, port) in single.items():
            of_host = known[host].addresses
            endpoints += [_Endpoint(_label(text, address, of_host), address, port) for address in of_host]
        return endpoints, tuple(why for located in looked_up for why in located.missing)

    async def _measured(self, endpoint: _Endpoint) -> ProbeReading:
        phases = Phases()
        try:
            async with connected(endpoint.address, endpoint.port, phases=phases, timeout_s=self._timeout_s):
                pass
        except PhaseFailed as failure:
            return _failed(endpoint, failure)
        took_ms = phases.ms["connect"]
        numbers = Numbers(took_ms=round(took_ms, 2))
        return ProbeReading(
            endpoint.label, True, (endpoint.label, "open", ms(took_ms)), "", numbers, "", endpoint.address
        )

    def _late(self) -> PhaseFailed:
        return PhaseFailed("connect", "timeout", f"timeout in connect after {self._timeout_s:g} s")


def _label(text: str, address: str, addresses: Sequence[str]) -> str:
    return text if len(addresses) == 1 else f"{text} at {address}"


def _failed(endpoint: _Endpoint, failure: PhaseFailed) -> ProbeReading:
    cells = (endpoint.label, failure.cause, "-")
    return ProbeReading(endpoint.label, False, cells, failure.sentence, Numbers(), failure.cause, endpoint.address)


def _result(run: Run, readings: Sequence[ProbeReading], missing: Sequence[str]) -> ProbeResult:
    return run.parts(readings, numbers=slowest(readings), missing=missing)
