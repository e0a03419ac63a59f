"""What the records say at the moment of the question, as families of metrics."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.clock import Clock
from bot.escalations.service import EscalationService
from bot.investigations.model import LIVE
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.messages.owed import Owed
from bot.metrics.measures import Measures
from bot.status.service import StatusService
from bot.tasks import LoopTurns
from bot.tickets.service import TicketService
from bot.tickets.stream_service import StreamService


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSources:
    """Whom the metrics ask."""

    owed: Owed
    investigations: InvestigationService
    escalations: EscalationService
    known: KnownIssueService
    status: StatusService
    tickets: TicketService
    stream: StreamService
    loops: Mapping[str, LoopTurns]
    """How the bot's endless loops go, by name."""


class MetricsService(Collector):
    """Asked by Prometheus four times a minute: each question is a count by an index, or of what is in memory."""

    def __init__(self, *, sources: MetricSources, measures: Measures, clock: Clock) -> None:
        self._sources = sources
        self._measures = measures
        self._clock = clock
        measures.registry.register(self)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format
        (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format)."""
        return generate_latest(self._measures.registry)

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked before the first question comes."""
        return ()

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        yield _gauge("secondline_info", "The version that runs.", ("version",), [((__version__,), 1)])
        yield from self._messages(now)
        yield from self._investigations(now)
        yield from self._sources_age(now)
        yield from self._loops()

    def _messages(self, now: datetime) -> Iterator[Metric]:
        owed = self._sources.owed.owed_by_rank()
        labels = ("rank",)
        counts = [((rank.name.lower(),), count) for rank, (count, _) in owed.items()]
        ages = [((rank.name.lower(),), _age_s(oldest, now)) for rank, (_, oldest) in owed.items()]
        yield _gauge("secondline_messages_owed", "Messages that Slack has not got yet.", labels, counts)
        text = "For how long the one that is late longest could have been sent."
        yield _gauge("secondline_messages_late_seconds", text, labels, ages)

    def _investigations(self, now: datetime) -> Iterator[Metric]:
        live = self._sources.investigations.live()
        states = [((state.value,), sum(one.state is state for one in live)) for state in LIVE]
        yield _gauge("secondline_investigations", "Live investigations by state.", ("state",), states)
        unowned = [((), sum(not investigation.owner for investigation in live))]
        yield _gauge("secondline_investigations_unclaimed", "Live investigations that nobody has.", (), unowned)
        waiting = self._sources.escalations.unacknowledged()
        text = "Escalations that management has not acknowledged."
        yield _gauge("secondline_escalations_waiting", text, (), [((), len(waiting))])
        oldest = [((), _age_s(min(waiting, default=None), now))]
        yield _gauge("secondline_escalations_waiting_seconds", "For how long the oldest of them waits.", (), oldest)

    def _sources_age(self, now: datetime) -> Iterator[Metric]:
        """What is read from outside. The age is since the last good reading; there is none before the first."""
        stream = self._sources.stream
        read: list[_Read] = [
            (("tracker", age.tracker), age.as_of, age.failing_since) for age in self._sources.known.ages()
        ]
        read += [(("status", each.source), each.read_at, each.failing_since) for each in self._sources.status.sources()]
        read.append((("tickets", "search"), None, self._sources.tickets.failing()))
        if stream.enabled:
            state = stream.state()
            read.append((("tickets", "stream"), state.complete_until, state.failing_since))
        ages = [(labels, _age_s(as_of, now)) for labels, as_of, _ in read if as_of]
        failing = [(labels, float(bool(fails))) for labels, _, fails in read]
        names = ("kind", "source")
        yield _gauge("secondline_source_age_seconds", "How old what was read from outside is.", names, ages)
        yield _gauge("secondline_source_failing", "1 while a source does not answer as it should.", names, failing)

    def _loops(self) -> Iterator[Metric]:
        now_s, loops = time.monotonic(), self._sources.loops
        idle = [((name,), now_s - turns.turned_at_s) for name, turns in loops.items()]
        yield _gauge("secondline_loop_idle_seconds", "Since when a loop has not gone round.", ("loop",), idle)
        failures = CounterMetricFamily(
            "secondline_loop_failures", "How often a loop failed and was started again.", labels=("loop",)
        )
        for name, turns in loops.items():
            failures.add_metric((name,), turns.failures)
        yield failures


_Sample = tuple[tuple[str, ...], float]
_Read = tuple[tuple[str, str], datetime | None, object]
"""What was read from outside: its labels, since when that is so, and whether it fails now."""


def _gauge(name: str, text: str, labels: tuple[str, ...], samples: Iterable[_Sample]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _age_s(moment: datetime | None, now: datetime) -> float:
    """0 for what lies ahead, and for what is not there."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
