"""The status pages and Alertmanagers that are configured."""

import aiohttp

from bot.app.parts import Adapters, RoomSettings
from bot.clock import Clock
from bot.records import Records
from bot.settings import Settings
from bot.status.alertmanager import Alertmanager
from bot.status.announcements import Announcements
from bot.status.board import StatusBoard
from bot.status.matching import Concern, parse_matcher
from bot.status.model import SourceKind
from bot.status.service import StatusService
from bot.status.silences import SilenceStore
from bot.status.source import Watched
from bot.status.statuspage import Statuspage
from bot.status.store import StatusStore


def build_status(records: Records, adapters: Adapters, settings: RoomSettings) -> StatusService:
    database, clock = records.database, records.clock
    store, targets = StatusStore(database=database, clock=clock), [target.key for target in settings.catalog]
    board = StatusBoard(store=store, watched=adapters.watched, targets=targets, clock=clock)
    announcements = Announcements(
        records=records,
        store=store,
        silences=SilenceStore(database=database, clock=clock),
        board=board,
        quiet_s=settings.quiet_s,
    )
    return StatusService(
        records=records,
        board=board,
        announcements=announcements,
        catalog=settings.catalog,
        team_channel=adapters.team_channel,
        spread=adapters.spread,
    )


def build_watched(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> tuple[Watched, ...]:
    """Every configured source, pages first."""
    return (*_pages(settings, session, clock), *_alertmanagers(settings, session, clock))


def _pages(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> list[Watched]:
    pages = settings.status.pages
    return [
        Watched(
            key=key,
            title=title,
            kind=SourceKind.PAGE,
            source=Statuspage(session=session, url=page.url, title=title, clock=clock),
            concerns={target: Concern(names=names) for target, names in page.components.items()},
            refresh_s=page.refresh_s,
            announce=page.announce,
        )
        for key, page in pages.items()
        for title in ["status page" if len(pages) == 1 else f"status page {key}"]
    ]


def _alertmanagers(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> list[Watched]:
    status, watched = settings.status, []
    for key, alertmanager in status.alertmanagers.items():
        title = "Alertmanager" if len(status.alertmanagers) == 1 else f"Alertmanager {key}"
        source = Alertmanager(
            session=session,
            url=alertmanager.url,
            title=title,
            clock=clock,
            token=status.alertmanager_token.get_secret_value(),
            filters=tuple(map(parse_matcher, alertmanager.filter)),
        )
        concerns = {
            target: Concern(matchers=tuple(map(parse_matcher, matchers)))
            for target, matchers in alertmanager.targets.items()
        }
        watched.append(
            Watched(
                key=key,
                title=title,
                kind=SourceKind.ALERTS,
                source=source,
                concerns=concerns,
                refresh_s=alertmanager.refresh_s,
                announce=alertmanager.announce,
                announce_after_s=alertmanager.announce_after_s,
                silencer=source if alertmanager.write else None,
            )
        )
    return watched
