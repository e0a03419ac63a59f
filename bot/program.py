"""The `secondline` program: run, sandbox, check, backup, restore, retention, tickets, trends.

A command's own module is imported by name once it is chosen: the whole bot takes two seconds of a small machine, and
most commands need a fraction of it.
"""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from bot import __version__
from bot.clock import Clock, system_clock
from bot.errors import SecondLineError

FOR_ITS_OWNER = 0o077
"""Whatever this program and those that it starts write (databases, logs, profiles of a browser) nobody else reads."""
REFUSED = 2
"""Exit status where the program can't start as it is configured."""


def main(argv: Sequence[str] | None = None, clock: Clock = system_clock) -> int:
    """`secondline run`, `check`, `backup FILE`, `restore FILE`, `tickets read FILE`, `trends replay FILE`, `sandbox …`.

    The exit status; what is wrong with the configuration or a file is one sentence. The bot of a sandbox goes by
    another clock.
    """
    os.umask(FOR_ITS_OWNER)
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["sandbox"]:
        # By name also because nothing that is shipped imports the sandbox.
        return int(_imported("bot.sandbox.program").main(arguments[1:]))
    words = parser().parse_args(arguments)
    act: Callable[[argparse.Namespace, Clock], int] = getattr(_imported(words.module), words.act)
    try:
        return act(words, clock)
    except SecondLineError as error:
        print(error.sentence, file=sys.stderr)
        return REFUSED


def _imported(module: str) -> ModuleType:
    """While nobody looks for garbage: there is none, and looking for it takes a fifth of the start.

    What is imported stays: from here on only what is new is searched.
    """
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()


def parser() -> argparse.ArgumentParser:
    """Each command with its words, and as `module` and `act` what does it."""
    program = argparse.ArgumentParser(prog="secondline", description="A Slack chat-ops bot for Tier 2 support teams.")
    program.add_argument("--version", action="version", version=f"secondline {__version__}")
    commands = program.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the bot")
    run.set_defaults(module="bot.run_program", act="run")

    check = commands.add_parser("check", help="check what the bot needs")
    check.add_argument("--ladder", metavar="NAME", help="go up a ladder, tell nobody, say who can't be reached")
    check.set_defaults(module="bot.check_program", act="check")

    copying = commands.add_parser("backup", help="copy the database into a file, while the bot runs")
    copying.add_argument("file", metavar="FILE", type=Path, help="an older backup of that name is replaced")
    copying.set_defaults(module="bot.backup_program", act="back_up_into")

    restoring = commands.add_parser("restore", help="put a backup in the database's place, while the bot is stopped")
    restoring.add_argument("file", metavar="FILE", type=Path, help="what `secondline backup` made")
    restoring.set_defaults(module="bot.backup_program", act="restore_from")

    retention = commands.add_parser("retention", help="say how long what is kept, and what goes when")
    retention.set_defaults(module="bot.retention_program", act="say")

    _add_exports(commands)
    commands.add_parser("sandbox", help="try the bot without accounts")  # main has it before
    return program


def _add_exports(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What reads an export of tickets."""
    tickets = commands.add_parser("tickets", help="what the bot makes of an export of tickets")
    read = tickets.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "read", help="print what is read in each ticket, a line of JSON each"
    )
    read.set_defaults(module="bot.export_program", act="read")

    trends = commands.add_parser("trends", help="what the bot would have noticed in an export of tickets")
    again = trends.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "replay", help="print each alert that there would have been, a line of JSON each"
    )
    again.set_defaults(module="bot.export_program", act="replay_export")

    for command in (read, again):
        command.add_argument(
            "file", metavar="FILE", help='an export, one ticket a line as Zendesk writes it; "-" reads stdin'
        )
