"""Prometheus asks the whole bot how it goes, over the wire."""

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.sandbox.free_port import free_port
from tests.stories.management import escalates
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

TOKEN = "what-prometheus-sends"


async def scraped(port: int) -> dict[tuple[str, str], float]:
    """Samples by name and the values of their labels, joined."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/metrics", headers=headers) as answer:
            assert answer.status == 200
            text = await answer.text()
        async with session.get(f"http://127.0.0.1:{port}/metrics") as refused:
            assert (refused.status, await refused.text()) == (401, "")
    families = text_string_to_metric_families(text)
    return {
        (sample.name, "/".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


async def opened_with_metrics(town: Town) -> int:
    port = free_port()
    town.bot.environment["SECONDLINE_METRICS_TOKEN"] = TOKEN
    with (town.folder / "secondline.toml").open("a") as settings:
        settings.write(f"\n[web]\nport = {port}\n")
    await town.bot_starts()
    return port


async def test_an_escalation_is_seen_in_the_metrics(town: OpenTown) -> None:
    """As are the calls of Slack and the presses that led to it, and that its loops go round."""
    async with town(start=False) as there:
        port = await opened_with_metrics(there)
        await escalates(there)
        samples = await scraped(port)

    assert samples["secondline_investigations", "escalated"] == 1
    assert samples["secondline_escalations_waiting", ""] == 1
    assert samples["secondline_slack_call_seconds_count", "chat.postMessage"] > 0
    assert samples["secondline_slack_lag_seconds_count", ""] > 0
    loops = {label for name, label in samples if name == "secondline_loop_idle_seconds"}
    assert {"outbox", "ladders", "watchdog", "directory"} <= loops
    assert samples["secondline_loop_idle_seconds", "watchdog"] < 60
