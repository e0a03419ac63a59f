"""`secondline tickets read` and `secondline trends replay`: what needs an export and targets, and no account.

It imports neither Slack nor Zendesk nor what builds the bot: that is half of the memory of a replay.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from bot.app.detector import build_detector
from bot.app.reading import build_reader
from bot.errors import SecondLineError
from bot.read_tickets import open_export, read_tickets
from bot.settings import load_part
from bot.trends.replay import Export, replay

COMMANDS = ("tickets", "trends")
REFUSED = 2
"""Exit status where the program can't start as it is configured."""


def main(argv: Sequence[str]) -> int:
    """One of COMMANDS, with what follows it."""
    parser = argparse.ArgumentParser(prog="secondline")
    add_exports(parser.add_subparsers(required=True, metavar="COMMAND"))
    return acted(parser.parse_args(argv))


def add_exports(commands: Any) -> None:
    """Each command with its words, and under `act` what it does with them."""
    tickets = commands.add_parser("tickets", help="what the bot makes of an export of tickets")
    of_tickets = tickets.add_subparsers(required=True, metavar="COMMAND")
    read = of_tickets.add_parser("read", help="print what is read in each ticket, a line of JSON each")
    trends = commands.add_parser("trends", help="what the bot would have noticed in an export of tickets")
    of_trends = trends.add_subparsers(required=True, metavar="COMMAND")
    again = of_trends.add_parser("replay", help="print each alert that there would have been, a line of JSON each")
    for command, act in ((read, _read_tickets), (again, _replay)):
        command.add_argument(
            "file", metavar="FILE", help='an export, one ticket a line as Zendesk writes it; "-" reads stdin'
        )
        command.set_defaults(act=lambda words, act=act: act(words.file))


def acted(chosen: argparse.Namespace) -> int:
    """The exit status; what is wrong with the configuration or the file is one sentence."""
    try:
        return int(chosen.act(chosen))
    except SecondLineError as error:
        print(error.sentence, file=sys.stderr)
        return REFUSED


def _read_tickets(name: str) -> int:
    """Needs the targets and [reading] only, so that a team tries it before there is any account."""
    settings = load_part(os.environ, "targets", "reading")
    reader, fields = build_reader(settings), settings.reading.fields
    return _of_export(name, lambda stream: read_tickets(stream, reader, fields, out=sys.stdout, err=sys.stderr))


def _replay(name: str) -> int:
    """Needs no account either; hours of the week are those of [workspace], holidays those of [briefing]."""
    settings = load_part(os.environ, "targets", "reading", "trends", "workspace", "briefing")
    export = Export(read=build_reader(settings).read, meanings=settings.reading.fields)
    detector = build_detector(settings)
    return _of_export(name, lambda stream: replay(stream, export, detector, out=sys.stdout, err=sys.stderr))


def _of_export(name: str, work: Callable[[BinaryIO], bool]) -> int:
    """1 where a line could not be read."""
    with open_export(name) as stream:
        try:
            fine = work(stream)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever reads has enough ("| head"); what Python would flush at its end has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
    return 0 if fine else 1
