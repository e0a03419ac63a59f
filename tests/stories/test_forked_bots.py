"""The process that all bots of stories are forked from."""

import os
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from bot.sandbox.child import child_environment
from tests.eventually import eventually
from tests.stories.chat import WITHIN_S
from tests.stories.forked_bots import opened
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_who_goes_takes_only_their_own_bots(nest: Path, town: OpenTown) -> None:
    """Bots that wait for a Slack: one's end when one goes, another's stays, and has its own database."""
    async with town(start=False) as there, AsyncExitStack() as one, opened(nest) as another:
        away = there.bot.environment | {"SLACK_API_URL": "http://127.0.0.1:9/api/"}
        logs, bots = [there.folder / "goes.log", there.folder / "stays.log"], []
        for cradle, log in zip((await one.enter_async_context(opened(nest)), another), logs, strict=True):
            own = {"SECONDLINE_DB": str(log.with_suffix(".db"))}
            environment = child_environment(os.environ, away | own)
            bots.append(await cradle.launch(("run",), environment, log))
        for log in logs:
            await eventually(partial(_waits, log), within_s=WITHIN_S)
        await one.aclose()

        await eventually(lambda: not Path(f"/proc/{bots[0].pid}").exists(), within_s=WITHIN_S)
        assert Path(f"/proc/{bots[1].pid}").exists() and bots[1].returncode is None
        assert [log.with_suffix(".db").stat().st_mode & 0o777 for log in logs] == [0o600, 0o600]


def _waits(log: Path) -> bool:
    return log.exists() and "Slack does not answer" in log.read_text()
