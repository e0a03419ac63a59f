"""The status pages and Alertmanagers that are configured."""

import aiohttp

from bot.clock import Clock
from bot.settings import Settings
from bot.status.alertmanager import Alertmanager
from bot.status.matching import Concern, parse_matcher
from bot.status.model import SourceKind
from bot.status.source import Watched
from bot.status.statuspage import Statuspage


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
