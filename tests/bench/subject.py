"""The bot that is measured: `python -m bot run` as a process of its own, on the bench's own Slack."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import CannotRun
from tests.bench.switchboard import PEOPLE, Switchboard
from tests.stories.bot_process import Bot

SOCKETS = 2
"""How many connections the bot opens."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A bot that is connected. `folder` holds its log, settings and database."""

    bot: Bot
    slack: Switchboard
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "secondline.db"

    def memory_kb(self, field: str = "VmRSS") -> int:
        """A field of /proc/<pid>/status. Raises CannotRun where there is no /proc."""
        try:
            lines = Path(f"/proc/{self.bot.pid}/status").read_text("ascii").splitlines()
        except OSError as error:
            raise CannotRun(f"memory can't be read: {error}") from error
        return next(int(line.split()[1]) for line in lines if line.startswith(field + ":"))

    def cpu_s(self) -> float:
        """What the bot's process has used so far, see proc(5)."""
        stat = Path(f"/proc/{self.bot.pid}/schedstat").read_text("ascii")
        return int(stat.split()[0]) / 1e9


@contextlib.asynccontextmanager
async def switchboard() -> AsyncIterator[Switchboard]:
    slack = Switchboard()
    await slack.open()
    try:
        yield slack
    finally:
        await slack.close()


@contextlib.asynccontextmanager
async def subject(
    slack: Switchboard,
    *,
    targets: int,
    teams: int = 1,
    sockets: int = SOCKETS,
    extra: Mapping[str, str] | None = None,
    settings: str = "",
    pings: int = 1,
    prepared: Callable[[Path], object] | None = None,
) -> AsyncIterator[Subject]:
    """A bot of `targets` gateways and `teams` channels, with `sockets` connections open. Raises CannotRun.

    `settings` is more for its file; `prepared` is called with the path of its database, before it starts.
    """
    with tempfile.TemporaryDirectory(prefix="secondline-bench-") as name:
        folder = Path(name)
        found = Subject(_bot(slack, folder, extra or {}), slack, folder)
        (folder / "secondline.toml").write_text(_settings(targets, teams, pings) + settings, encoding="utf-8")
        if prepared:
            prepared(found.database)
        await found.bot.start()
        try:
            await _connected(found, sockets)
            yield found
        except TimeoutError as error:
            raise CannotRun(f"the bot did not answer in time; its last words:\n{found.bot.last_words()}") from error
        finally:
            await found.bot.close()


async def _connected(found: Subject, sockets: int) -> None:
    """Raises CannotRun where the bot ends instead, TimeoutError where it does neither."""
    connecting = asyncio.create_task(found.slack.until_connected(sockets))
    ending = asyncio.create_task(found.bot.ended(within_s=60.0))
    await asyncio.wait([connecting, ending], return_when=asyncio.FIRST_COMPLETED)
    ended = ending.done()
    ending.cancel()
    if ended:
        connecting.cancel()
        raise CannotRun(f"the bot ended; its last words:\n{found.bot.last_words()}")
    await connecting


def _bot(slack: Switchboard, folder: Path, extra: Mapping[str, str]) -> Bot:
    environment = {
        "SLACK_API_URL": f"{slack.origin}/api/",
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_APP_TOKEN": "xapp-bench",
        "SLACK_SIGNING_SECRET": "bench",
        "SECONDLINE_CONFIG": str(folder / "secondline.toml"),
        "SECONDLINE_DB": str(folder / "secondline.db"),
    }
    return Bot(environment=environment | dict(extra), log=folder / "bot.log")


def _settings(targets: int, teams: int, pings: int) -> str:
    """Probes as short as the settings allow: what is measured is the bot's own work."""
    people = json.dumps(PEOPLE)
    tables = ['[workspace]\nzone = "UTC"', '[escalation]\ngroup = "ltm"', "[tickets]\nrefresh_s = 3600"]
    tables += [
        '[probes]\nallow_networks = ["127.0.0.0/8"]\nmtr_cycles = 2\ninterval_s = 0.05\nping_count = ' + str(pings)
    ]
    for team in range(teams):
        tables.append(f'[teams.t2-{team}]\ntitle = "T2 {team}"\nchannel = "C0TEAM{team}"\nmembers = {people}')
    for number in range(targets):
        table = f'[targets.gw-{number}]\ntitle = "Gateway {number}"\nkind = "gateway"\nteam = "t2-{number % teams}"'
        table += f'\naddresses = ["127.0.{50 + number // 100}.{1 + number % 100}"]\nsearch = ["us east"]'
        tables.append(table + f'\ncontrol = "gw-{(number + 1) % targets}"')
    return "\n\n".join(tables) + "\n"
