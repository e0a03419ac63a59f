"""`secondline tickets read` and `secondline trends replay`: what needs an export and targets, and no account.

It imports neither Slack nor Zendesk nor what builds the bot: that is half of the memory of a replay.
"""

import argparse
import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from bot.app.detector import build_detector, trend_settings
from bot.app.reading import build_reader
from bot.clock import Clock
from bot.read_tickets import open_export, read_tickets
from bot.settings import load_part
from bot.trends.replay import Export, replay


def read(words: argparse.Namespace, _: Clock) -> int:
    """Needs the targets and [reading] only, so that a team tries it before there is any account."""
    settings = load_part(os.environ, "targets", "reading")
    reader, fields = build_reader(settings), settings.reading.fields
    return _of_export(words.file, lambda stream: read_tickets(stream, reader, fields, out=sys.stdout, err=sys.stderr))


def replay_export(words: argparse.Namespace, _: Clock) -> int:
    """Needs no account either; hours of the week are those of [workspace], holidays those of [briefing]."""
    settings = load_part(os.environ, "targets", "reading", "trends", "workspace", "briefing")
    export = Export(read=build_reader(settings).read, meanings=settings.reading.fields)
    detector = build_detector(trend_settings(settings), settings.catalog())
    return _of_export(words.file, lambda stream: replay(stream, export, detector, out=sys.stdout, err=sys.stderr))


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
