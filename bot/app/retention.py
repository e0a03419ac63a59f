"""How long what is kept: by the settings, for the bot and for the program beside it."""

from collections.abc import Callable, Mapping

from bot.clock import Clock
from bot.database import Database
from bot.retention.model import KeptKind
from bot.retention.service import RetentionService
from bot.retention.store import RetentionStore
from bot.settings import Settings


def retention_days(settings: Settings) -> Mapping[KeptKind, int]:
    """The days of each kind; the keys of some stand where their content is set up."""
    own = settings.retention
    return {
        KeptKind.TICKETS: own.tickets_days,
        KeptKind.TEXTS: own.texts_days,
        KeptKind.LOGS: settings.logs.keep_days,
        KeptKind.MESSAGES: settings.database.content_days,
        KeptKind.PROBES: settings.database.details_days,
        KeptKind.STREAM: settings.tickets.forget_days,
        KeptKind.EXPORTS: own.exports_days,
        KeptKind.MAIL: own.mail_days,
        KeptKind.AUDIT: own.audit_days,
    }


def build_retention(
    days: Mapping[KeptKind, int], database: Database, clock: Clock, waiting: Callable[[], list[int]] = list
) -> tuple[RetentionService, RetentionStore]:
    """`waiting` gives investigations whose tickets may still be answered."""
    store = RetentionStore(database=database, waiting=waiting)
    return RetentionService(store=store, clock=clock, configured=days), store
