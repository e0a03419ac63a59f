"""What everything else stands on: settings, clock, database, the two clients."""

import sqlite3
from dataclasses import dataclass

import aiohttp

from bot.clock import Clock
from bot.database import CannotOpen, Database
from bot.messages.store import MessageStore
from bot.migrations import migrations
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.reverse import ReverseNames
from bot.records import Records
from bot.settings import Settings
from bot.slack.client import SlackClient
from bot.slack.login import Identity
from bot.tasks import Tasks
from bot.tickets.desk import HelpDesk


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything else stands on."""

    settings: Settings
    clock: Clock
    client: SlackClient
    identity: Identity
    database: Database
    messages: MessageStore
    records: Records
    tasks: Tasks
    icmp: IcmpEngine
    http: aiohttp.ClientSession
    names: ReverseNames | None
    desk: HelpDesk | None


def open_database(settings: Settings) -> Database:
    """Raises CannotOpen."""
    try:
        database = Database(settings.database.path)
        with database.unhurried():
            migrations.apply(database.tables)
    except sqlite3.Error as error:
        raise CannotOpen(settings.database.path, str(error)) from error
    return database
