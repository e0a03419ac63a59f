"""What everything else stands on: settings, records, tasks, and the connections that are closed at the end."""

from dataclasses import dataclass

import aiohttp

from bot.known_issues.search.beside import SearchBeside
from bot.known_issues.search.meaning.vectors import Vectors
from bot.known_issues.tracker import Tracker
from bot.mail.mailer import Mailer
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.reverse import ReverseNames
from bot.reading.reader import TicketReader
from bot.records import Records
from bot.settings import Settings
from bot.slack.client import SlackClient
from bot.slack.login import BotIdentity
from bot.tasks import Tasks
from bot.tickets.desk import HelpDesk
from bot.tickets.stream import TicketStream


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    settings: Settings
    records: Records
    tasks: Tasks
    client: SlackClient
    identity: BotIdentity
    icmp: IcmpEngine
    http: aiohttp.ClientSession
    names: ReverseNames | None
    desk: HelpDesk | None
    reader: TicketReader
    meaning: Vectors | None
    """None where the extra is not installed."""
    search: SearchBeside | None
    """None where nobody can open a page: then few ask, and the bot does it itself."""
    stream: TicketStream | None
    trackers: tuple[Tracker, ...]
    mailer: Mailer

    async def close(self) -> None:
        if self.search:
            await self.search.close()
        if self.stream:
            await self.stream.close()
        if self.desk:
            await self.desk.close()
        if self.names:
            await self.names.close()
        await self.icmp.close()
        await self.http.close()
        await self.client.close()
        self.records.database.close()
