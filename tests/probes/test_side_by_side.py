"""Several measurements at once: one that breaks is one that breaks."""

import asyncio
import logging

import pytest

from bot.errors import BadInput
from bot.probes.model import ProbeReading
from bot.probes.results import BROKEN, broken, verdict_of
from bot.probes.side_by_side import side_by_side
from bot.probes.web.tcp import TCP
from bot.probes.wording import long


async def measured(*items: str, deadline_s: float = 5.0) -> tuple[list[ProbeReading], list[int]]:
    """Each item is what it does; also how many were known at each step."""
    known: list[int] = []

    async def measure(item: str) -> ProbeReading:
        match item:
            case "crashes":
                raise KeyError(item)
            case "hangs":
                await asyncio.Event().wait()
            case "refuses":
                raise BadInput("That can't be asked.")
            case "gives up":
                raise asyncio.CancelledError
        return ProbeReading(item, True)

    readings = await side_by_side(
        items,
        measure,
        unfinished=lambda item: ProbeReading(item, False, reason="late"),
        broken=lambda item: broken(TCP, item),
        deadline_s=deadline_s,
        on_each=lambda done: known.append(len(done)),
    )
    return readings, known


async def test_one_exception_is_one_failed_reading(caplog: pytest.LogCaptureFixture) -> None:
    """The others are measured; the traceback stands in the log, once."""
    with caplog.at_level(logging.ERROR):
        readings, known = await measured("a", "crashes", "b")

    assert [(reading.name, reading.ok, reading.cause) for reading in readings] == [
        ("a", True, ""),
        ("crashes", False, BROKEN),
        ("b", True, ""),
    ]
    assert readings[1].reason == "not measured: an error in the bot itself, which its log shows"
    assert known[-1] == 3
    assert len([record for record in caplog.records if record.exc_info]) == 1


async def test_a_measurement_that_cancels_itself_is_one_failed_reading() -> None:
    """That is no wish of anybody to stop the others."""
    readings, _ = await measured("a", "gives up")

    assert [reading.cause for reading in readings] == ["", BROKEN]


async def test_what_is_not_done_in_time_is_late_and_the_rest_is_there() -> None:
    """Also beside one that broke."""
    readings, _ = await measured("hangs", "crashes", "a", deadline_s=0.05)

    assert [reading.reason[:4] for reading in readings] == ["late", "not ", ""]


async def test_a_refusal_is_for_the_person_who_asked() -> None:
    """It is no finding about an endpoint."""
    with pytest.raises(BadInput, match="can't be asked"):
        await measured("a", "refuses")


def test_where_all_parts_broke_nothing_was_measured() -> None:
    """The bot's own error is no finding about a target."""
    verdict = verdict_of(TCP, "U.S. East", [broken(TCP, "a:443"), broken(TCP, "b:443")])

    assert not verdict.measured and not verdict.ok
    assert long(verdict) == "not measured: an error in the bot itself, which its log shows"
