"""What the records say, as Prometheus reads it."""

import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.messages.model import Place
from bot.metrics.measures import Measures
from bot.metrics.service import MetricSources, MetricsService
from bot.tasks import LoopTurns
from tests.fake_clock import FakeClock
from tests.fake_desk import unreachable
from tests.tickets.fake_stream import FakeStream
from tests.world import US_EAST, US_WEST, World

ROOM = Path("bot/metrics/README.md")


class Scraped:
    """A world that is asked for its metrics."""

    def __init__(self, loops: Mapping[str, LoopTurns] | None = None, *, world: World | None = None) -> None:
        self.world = world or World()
        self.measures = Measures()
        rooms = self.world.rooms
        sources = MetricSources(
            owed=rooms.records.owed,
            investigations=rooms.investigations,
            escalations=rooms.escalations,
            known=rooms.known,
            status=rooms.status,
            tickets=rooms.tickets,
            stream=rooms.stream,
            loops=loops or {},
        )
        self._service = MetricsService(sources=sources, measures=self.measures, clock=self.world.clock)

    def samples(self) -> dict[tuple[str, tuple[str, ...]], float]:
        """By name and the values of its labels, as Prometheus' own parser reads the text."""
        text = self._service.text().decode()
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


async def test_live_investigations_are_counted_by_state() -> None:
    scraped = Scraped()
    await scraped.world.opened(US_EAST)
    await scraped.world.opened(US_WEST)
    samples = scraped.samples()

    assert samples["secondline_investigations", ("open",)] == 2
    assert samples["secondline_investigations", ("escalated",)] == 0
    assert samples["secondline_investigations_unclaimed", ()] == sum(
        not investigation.owner for investigation in scraped.world.rooms.investigations.live()
    )


async def test_a_message_that_is_late_grows_older_until_it_is_sent() -> None:
    scraped = Scraped()
    owed = scraped.world.rooms.records.owed
    owed.text("escalation/9", text="It is urgent.", place=Place("C1"))
    scraped.world.clock.advance(90)
    late = scraped.samples()
    scraped.world.sent("escalation/9", ts="1.2")
    sent = scraped.samples()

    assert late["secondline_messages_owed", ("urgent",)] == 1
    assert late["secondline_messages_late_seconds", ("urgent",)] == 90
    assert sent["secondline_messages_owed", ("urgent",)] == 0
    assert sent["secondline_messages_late_seconds", ("urgent",)] == 0


def test_a_message_that_is_due_later_is_not_late() -> None:
    scraped = Scraped()
    scraped.world.rooms.records.owed.text("note/1", text="Soon.", place=Place("C1"))
    scraped.world.clock.advance(-30)

    assert scraped.samples()["secondline_messages_late_seconds", ("rest",)] == 0


def test_a_loop_says_since_when_it_stands_and_how_often_it_failed() -> None:
    samples = Scraped({"outbox": LoopTurns(time.monotonic() - 400, failures=3)}).samples()

    assert samples["secondline_loop_idle_seconds", ("outbox",)] == pytest.approx(400, abs=5)
    assert samples["secondline_loop_failures_total", ("outbox",)] == 3


async def test_the_stream_of_tickets_grows_old_while_the_desk_is_away() -> None:
    """Without a desk there is none."""
    clock = FakeClock()
    stream = FakeStream(clock)
    scraped = Scraped(world=World(clock=clock, stream=stream))
    await scraped.world.rooms.stream.turn()
    fresh = scraped.samples()
    clock.advance(120)
    stream.failures.append(unreachable())
    await scraped.world.rooms.stream.turn()
    old = scraped.samples()

    assert ("secondline_source_failing", ("tickets", "stream")) not in Scraped().samples()
    assert fresh["secondline_source_age_seconds", ("tickets", "stream")] == 60
    assert old["secondline_source_age_seconds", ("tickets", "stream")] == 180
    assert old["secondline_source_failing", ("tickets", "stream")] == 1


def test_no_text_of_a_label_breaks_the_format() -> None:
    scraped = Scraped({'a "loop"\nof\\evil{}': LoopTurns(0.0)})
    scraped.measures.called('x"} 1\ny', 0.1, "bad\nword")

    assert ("secondline_slack_call_failures_total", ("bad\nword", 'x"} 1\ny')) in scraped.samples()


def test_the_readme_names_each_metric_that_there_is() -> None:
    """And none that there isn't; so do its rules."""
    scraped = Scraped({"outbox": LoopTurns(0.0)})
    scraped.measures.called("chat.update", 0.1, "ratelimited")
    text = scraped._service.text().decode()
    there = {f"{family.name}{'_total' if family.type == 'counter' else ''}" for family in families(text)}
    there = {name for name in there if name.startswith("secondline_")}
    room = ROOM.read_text(encoding="utf-8")
    told = re.findall(r"^\| (.+?) \|", room, re.M)
    names = {name for cell in told for name in re.findall(r"`(secondline_\w+)`", cell)}
    rules = yaml.safe_load(room.split("## Five rules that matter")[1].split("```yaml")[1].split("```")[0])
    expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]

    assert names == there
    assert len(expressions) == 5
    assert {name for expression in expressions for name in re.findall(r"secondline_\w+", expression)} <= there


def test_the_first_refusal_since_the_start_raises_its_alert() -> None:
    """Prometheus sees no increase in a count that begins at one: the rule asks whether it was there before."""
    room = ROOM.read_text(encoding="utf-8")
    counted = set(re.findall(r"increase\((secondline_\w+)\[15m\]\)", room))
    fresh = {name for name, _ in Scraped({}).samples()}

    assert counted
    for name in counted - fresh:
        assert f"or ({name} unless {name} offset 15m)" in room, name


def families(text: str) -> list[Metric]:
    return list(text_string_to_metric_families(text))
