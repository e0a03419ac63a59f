"""What is counted as it happens, since no record keeps it: times and refusals, since the start."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.process_collector import ProcessCollector

from bot.messages.owed import WITHDRAWN
from bot.probes.batch import Batch, ProbeRun, RunState

_LAG_S = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_CALL_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PROBE_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0)


class Measures:
    """Hears signals of the rooms and of the border to Slack; `registry` has everything that it counted."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which no question needs
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        histogram, counter = partial(Histogram, registry=self.registry), partial(Counter, registry=self.registry)
        self._lag = histogram(
            "secondline_slack_lag_seconds",
            "From when an event or a press happened in Slack until it was delivered, by Slack's clock and ours.",
            buckets=_LAG_S,
        )
        self._call = histogram(
            "secondline_slack_call_seconds", "Calls of Slack's Web API.", ("method",), buckets=_CALL_S
        )
        self._refused_calls = counter(
            "secondline_slack_call_failures",
            "Calls that Slack did not do, by its own word (ratelimited, no_answer, …).",
            ("method", "error"),
        )
        self._refused = counter(
            "secondline_messages_refused",
            "Messages that Slack will never take, by its own word (is_archived, not_in_channel, …).",
            ("error",),
        )
        self._probe = histogram(
            "secondline_probe_seconds", "Probe runs from start to end.", ("kind",), buckets=_PROBE_S
        )
        self._probe_outcomes = counter(
            "secondline_probe_runs",
            'Probe runs by what came of them: "fine", "trouble", or "failed" where nothing was measured.',
            ("kind", "outcome"),
        )

    def delivered(self, lag_s: float) -> None:
        """Slack delivered something so many seconds after it happened."""
        self._lag.observe(lag_s)

    def called(self, method: str, duration_s: float, error: str) -> None:
        """A method of Slack's was called; `error` is Slack's word for why not, "" where it did it."""
        self._call.labels(method).observe(duration_s)
        if error:
            self._refused_calls.labels(method, error).inc()

    def settled(self, _key: str, code: str, _reason: str) -> None:
        """A message went out ("") or never will; what was withdrawn is nobody's refusal."""
        if code and code != WITHDRAWN:
            self._refused.labels(code).inc()

    def probed(self, batch: Batch) -> None:
        """All runs of a batch have ended."""
        for run in batch.runs:
            if run.started_at and run.finished_at:
                self._probe.labels(run.kind).observe((run.finished_at - run.started_at).total_seconds())
                self._probe_outcomes.labels(run.kind, _outcome(run)).inc()


def _outcome(run: ProbeRun) -> str:
    if run.state is not RunState.DONE or not run.result or not run.result.measured:
        return "failed"
    return "fine" if run.result.ok else "trouble"
