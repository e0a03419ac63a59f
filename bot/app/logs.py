"""The room of customers' logs: what people do with them, and the loop that reads them."""

import asyncio
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.app.ground import Ground
from bot.app.parts import Adapters, RoomSettings
from bot.customer_logs.child import LogProgram
from bot.customer_logs.runner import LogReader
from bot.customer_logs.service import CustomerLogService, LogSettings
from bot.customer_logs.slack_source import SlackLogs
from bot.customer_logs.store import CustomerLogStore
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.records import Records
from bot.settings import Settings
from bot.slack.downloads import Downloads
from bot.slack.request import Conversation


@dataclass(frozen=True, slots=True)
class LogRoom:
    service: CustomerLogService
    reader: LogReader


def build_logs(
    records: Records,
    adapters: Adapters,
    settings: RoomSettings,
    investigations: InvestigationService,
    known: KnownIssueService,
) -> LogRoom:
    store, wake = CustomerLogStore(database=records.database, clock=records.clock), asyncio.Event()
    service = CustomerLogService(
        records=records,
        store=store,
        investigations=investigations,
        known=known,
        settings=settings.logs,
        wake=wake,
    )
    reader = LogReader(
        records=records,
        store=store,
        logs=service,
        investigations=investigations,
        known=known,
        source=adapters.logs,
        program=adapters.log_program,
        wake=wake,
    )
    return LogRoom(service, reader)


def build_log_source(ground: Ground, conversation: Conversation) -> SlackLogs:
    slack = ground.settings.slack
    downloads = Downloads(
        session=ground.client.session, token=slack.bot_token.get_secret_value(), api_url=slack.api_url
    )
    return SlackLogs(
        client=ground.client,
        downloads=downloads,
        message_at=lambda channel, ts, root: conversation.message_at(channel, ts, roots=[root] if root else []),
    )


def build_log_program() -> LogProgram:
    return LogProgram()


def log_settings(settings: Settings, leads: Mapping[str, str]) -> LogSettings:
    """The numbers of masks are made with the bot's token: whoever has the database alone can't try addresses."""
    token = settings.slack.bot_token.get_secret_value()
    own = [
        {"id": f"team-{place}", **signature.model_dump(mode="json", exclude_defaults=True)}
        for place, signature in enumerate(settings.logs.signatures, 1)
    ]
    return LogSettings(
        ours=tuple(sorted({address for target in settings.catalog() for address in target.addresses})),
        own=tuple(own),
        leads=leads,
        mask_key=hmac.new(token.encode(), b"masks in logs", sha256).digest(),
    )
