"""The bot as a child process: started, watched, started again, and ended."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

DEATHS_MAX = 3
"""Ends in a row without a connection in between, after which starting again is pointless."""
PAUSE_S = 1.0
DEADLINE_S = 15.0
"""For ending in order; longer than the bot itself takes to finish what it has begun."""
PATIENCE_S = 1.0
START_S = 20.0
"""For a bot that is started again to be connected."""
TAIL_LINES = 15
_OURS = ("SLACK_", "ZENDESK_", "SECONDLINE_", "WIREGUARD_", "STRIPE_", "GLOBALPING_", "GITHUB_", "JIRA_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ws_proxy", "wss_proxy")


def child_environment(inherited: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The environment of the bot: `given`, and what was inherited but proxies and settings of another bot."""
    kept = {
        name: value for name, value in inherited.items() if not name.startswith(_OURS) and name.lower() not in _PROXIES
    }
    return {**kept, **given}


class BotProcess:
    """Runs `command` until `stop`. What it writes goes to `log_file`, or to the terminal where that is None."""

    def __init__(
        self,
        *,
        command: Sequence[str],
        environment: Mapping[str, str],
        log_file: Path | None,
        connected: Callable[[], bool],
        say: Callable[[str], None],
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._command = command
        self._environment = environment
        self._log_file = log_file
        self._connected = connected
        self._say = say
        self._deadline_s = deadline_s
        self._process: asyncio.subprocess.Process | None = None
        self._ending = asyncio.Event()
        self._again = asyncio.Event()
        self._up = asyncio.Event()
        self._hurry = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def keep_running(self) -> int:
        """Start the bot again whenever it ends. Returns its exit status when it is no use, 0 after `stop`."""
        deaths = 0
        while not self._ending.is_set():
            status, was_connected = await self._run_once()
            if self._ending.is_set():
                return 0
            if self._again.is_set():
                self._again.clear()
                continue
            deaths = 1 if was_connected else deaths + 1
            self._say(f"The bot ended {_ending(status)}. {self._tail()}".rstrip())
            if deaths >= DEATHS_MAX:
                self._say(f"It ended {deaths} times in a row without a connection, so it is not started again.")
                return status or 1
            if not await self._stopped_within(PAUSE_S):
                self._say("Starting the bot again.")
        return 0

    def stop(self) -> None:
        """Let `keep_running` end the process and return: SIGTERM, and SIGKILL when the deadline has passed."""
        self._ending.set()

    async def start_again(self, environment: Mapping[str, str]) -> bool:
        """End the process in order and start it with this environment; whether it is connected after that."""
        self._environment = environment
        self._up.clear()
        self._again.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._up.wait(), self._deadline_s + START_S)
        return self._up.is_set()

    def kill(self) -> None:
        """Stop without waiting for anything."""
        self._ending.set()
        self._hurry.set()

    async def _stopped_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        return self._ending.is_set()

    async def _run_once(self) -> tuple[int, bool]:
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(self._log_file.open("ab")) if self._log_file else None
            # A session of its own: Ctrl-C in the terminal reaches the sandbox only, which then ends the bot in order.
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(self._environment),
                start_new_session=True,
            )
        exited = asyncio.ensure_future(self._process.wait())
        was_connected = False
        while not (exited.done() or self._ending.is_set() or self._again.is_set()):
            await _either(exited, self._ending, timeout_s=0.2)
            was_connected = was_connected or self._connected()
            if was_connected and not self._again.is_set():
                self._up.set()
        if not exited.done():
            await self._end(self._process, exited)
        return await exited, was_connected

    async def _end(self, process: asyncio.subprocess.Process, exited: asyncio.Future[int]) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await _either(exited, self._hurry, timeout_s=min(PATIENCE_S, self._deadline_s))
        if not exited.done() and not self._hurry.is_set():
            if self._ending.is_set():
                self._say("The bot finishes what it has begun. Ctrl-C again ends it at once.")
            await _either(exited, self._hurry, timeout_s=self._deadline_s - PATIENCE_S)
        if not exited.done():
            self._say("The bot was killed before it had finished.")
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    def _tail(self) -> str:
        """The last lines of the log, to say why."""
        if self._log_file is None:
            return ""
        lines = self._log_file.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:]
        return "\n".join(["Its last words:", *(f"  {line}" for line in lines)]) if lines else "It said nothing."


async def _either(exited: asyncio.Future[int], asked: asyncio.Event, *, timeout_s: float) -> None:
    """Until the process has exited, or the event is set, or the time is over."""
    asking: asyncio.Future[bool] = asyncio.ensure_future(asked.wait())
    waited_for: list[asyncio.Future[Any]] = [exited, asking]
    await asyncio.wait(waited_for, timeout=max(timeout_s, 0), return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()


def _ending(status: int) -> str:
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with exit status {status}"
