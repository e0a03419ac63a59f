"""What the bot holds in memory after a day's work, pressed into a minute."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from bot.clock import system_clock
from bot.investigations.cards import CLAIM
from bot.investigations.forms import RESOLVE_FORM, ROOT_CAUSE, WORKAROUND
from bot.sandbox.zendesk.seed import Limits, Seed
from bot.sandbox.zendesk.seeds import morning
from bot.sandbox.zendesk.server import ZendeskSandbox
from tests.bench.figures import CannotRun, Figure
from tests.bench.subject import Subject, subject
from tests.bench.switchboard import PEOPLE, Envelope, Switchboard, command, message, press, submission
from tests.eventually import eventually

TITLE = "memory after a day's work"
WAVES, TARGETS, TEAMS = 4, 50, 25
MESSAGES, PROBES = 2000, 500
BOUND_MB = 150.0
PATIENCE_S = 45.0
A_DAYS_LIMITS = Limits(general=(100_000, 60), search_index=(100_000, 60))
"""What Zendesk would allow in the minutes of a day, in one."""


async def measure() -> list[Figure]:
    """Four waves of fifty investigations, with tickets from the sandbox's Zendesk, messages and probes between."""
    slack = Switchboard()
    desk = ZendeskSandbox(clock=system_clock, seed=replace(morning(index_lag_s=0.0), limits=A_DAYS_LIMITS))
    slack.mount("/zendesk", desk.routes())
    await slack.open()
    try:
        zendesk = {
            "ZENDESK_URL": f"{slack.origin}/zendesk",
            "ZENDESK_CLIENT_ID": Seed().client_id,
            "ZENDESK_CLIENT_SECRET": Seed().client_secret,
        }
        async with subject(slack, targets=TARGETS, teams=TEAMS, extra=zendesk) as bot:
            fresh = bot.memory_kb()
            held = [await _wave(bot, number) for number in range(WAVES)]
            return _figures(bot, fresh, held)
    except TimeoutError as error:
        raise CannotRun("the bot did not come to the end of its work in time") from error
    finally:
        await slack.close()


async def _wave(bot: Subject, wave: int) -> int:
    """One part of the day; resident kB after it."""
    origin, number = bot.slack.origin, wave * TARGETS
    symptom = "packet loss since this morning"
    await bot.slack.send(
        [command(origin, "/investigate", f"gw-{i} {symptom}", channel=_channel(i), user=_person(i)) for i in _targets()]
    )
    await _until(bot, "SELECT count(*) FROM investigations", number + TARGETS)
    ids = range(number + 1, number + TARGETS + 1)
    await bot.slack.send([press(CLAIM, str(i), channel=_channel(i), ts=_ts(i)) for i in ids])
    await bot.slack.send(
        [message(f"message {i}: it works again", channel=_channel(i), ts=_ts(i)) for i in _part(MESSAGES)]
    )
    await bot.slack.send([_probe(origin, i) for i in _part(PROBES)])
    batches = (wave + 1) * (TARGETS + PROBES // WAVES)
    await _until(bot, "SELECT count(*) FROM probe_batches WHERE state = 'done'", batches)
    await _until(bot, "SELECT count(*) FROM ticket_watches WHERE last_ok_at IS NOT NULL", number + TARGETS)
    ending = {ROOT_CAUSE: "a line card at the transit provider", WORKAROUND: "choose U.S. West"}
    await bot.slack.send(
        [
            submission(RESOLVE_FORM, ending, private_metadata=str(number), user=owner)
            for number, owner in _owners(bot).items()
        ]
    )
    await _until(bot, "SELECT count(*) FROM investigations WHERE state = 'resolved'", number + TARGETS)
    return bot.memory_kb()


def _probe(origin: str, number: int) -> Envelope:
    text, user = f"ping gw-{number % TARGETS}", _person(number)
    return command(origin, "/probe", text, channel=_channel(number), user=user)


def _person(number: int) -> str:
    """Everybody in turn: nobody may start many things in a minute, or have many probes waiting."""
    return PEOPLE[number % len(PEOPLE)]


def _figures(bot: Subject, fresh: int, held: list[int]) -> list[Figure]:
    peak = bot.memory_kb("VmHWM") / 1024
    growth = ", ".join(f"{kb / 1024:.0f}" for kb in [fresh, *held])
    work = f"{WAVES * TARGETS} investigations, {MESSAGES} messages, {PROBES} probes, {WAVES * TARGETS} playbooks"
    sent = sum(
        bot.slack.calls[method] for method in ("chat.postMessage", "chat.update", "files.completeUploadExternal")
    )
    now = held[-1] / 1024
    return [
        Figure(
            "resident at the end",
            f"{now:.0f} MB (at start and after each quarter: {growth})",
            f"{BOUND_MB:g} MB",
            now <= BOUND_MB,
            f"{work}, tickets from the sandbox's Zendesk; {sent} messages and edits had been sent, paced as ever",
        ),
        Figure("  at most, ever", f"{peak:.0f} MB"),
        Figure("  the bot's CPU", f"{bot.cpu_s():.1f} s"),
    ]


async def _until(bot: Subject, sql: str, count: int) -> None:
    with _database(bot) as connection:

        def reached() -> bool:
            return bool(connection.execute(sql).fetchone()[0] >= count)

        await eventually(reached, within_s=PATIENCE_S)


def _owners(bot: Subject) -> dict[int, str]:
    """Who has each open investigation: nobody else may resolve it."""
    with _database(bot) as connection:
        return dict(connection.execute("SELECT id, owner FROM investigations WHERE state = 'open'").fetchall())


@contextlib.contextmanager
def _database(bot: Subject) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{bot.database}?mode=ro", uri=True)) as connection:
        yield connection


def _targets() -> range:
    return range(TARGETS)


def _part(of: int) -> range:
    return range(of // WAVES)


def _channel(number: int) -> str:
    return f"C0TEAM{number % TEAMS}"


def _ts(number: int) -> str:
    return f"1700000000.{number:06d}"
