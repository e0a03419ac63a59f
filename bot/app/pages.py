"""The pages for people: who signs in how, and which pages there are."""

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta, tzinfo
from functools import partial

from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.beside import Beside
from bot.database import Database
from bot.exports.gather import StoryGatherer, StorySources
from bot.known_issues.search.beside import FOUND_IN, PROGRAM, SearchBeside
from bot.known_issues.search.index import Index
from bot.known_issues.search.program import SearchSetup
from bot.logins.service import LoginService, LoginSettings
from bot.logins.slack_openid import SlackOpenId
from bot.logins.store import SessionStore
from bot.messages.model import Content
from bot.numbers.drawing import Drawings
from bot.numbers.grouping import Names
from bot.numbers.service import WORTH, NumbersService
from bot.numbers.store import NumbersStore
from bot.probes import cards as probe_cards
from bot.settings import Settings
from bot.web.page_server import PageServer
from bot.web.pages.board import BoardPage, BoardSources
from bot.web.pages.investigation import InvestigationPages
from bot.web.pages.known import KnownPages
from bot.web.pages.live import Live
from bot.web.pages.numbers import NumbersPages
from bot.web.pages.page import PageRoute
from bot.web.pages.site import Site
from bot.web.pages.tell import TellPage
from bot.web.pages.tracker_copy import TrackerCopyPages
from commands.services import Pages as Door

SLACK_API, SLACK = "https://slack.com/api/", "https://slack.com"
BACK = "/login/back"


def build_numbers(rooms: Rooms, zone: tzinfo, *, worth: float = WORTH) -> NumbersService:
    records, catalog = rooms.records, rooms.catalog
    return NumbersService(
        store=NumbersStore(database=records.database, teams={target.key: target.team for target in catalog}),
        clock=records.clock,
        names=Names({team.key: team.title for team in rooms.teams}, {target.key: target.title for target in catalog}),
        zone=zone,
        worth=worth,
    )


def numbers_pages(rooms: Rooms, zone: tzinfo) -> Sequence[PageRoute]:
    numbers = build_numbers(rooms, zone)
    return NumbersPages(numbers=numbers, drawings=Drawings(numbers=numbers, environ=os.environ)).routes


def build_stories(rooms: Rooms, *, zone: tzinfo, workspace_url: str) -> StoryGatherer:
    def probes(batch_id: int) -> Content | None:
        """What the message of a batch says, without its picture."""
        batch = rooms.probes.get(batch_id)
        return probe_cards.card(batch, rooms.probes.before(batch), None) if batch else None

    sources = StorySources(
        evidence=rooms.evidence,
        escalations=rooms.escalations,
        replies=rooms.replies,
        handoffs=rooms.handoffs,
        vendors=rooms.vendors,
        copies=rooms.copies,
        probes=probes,
    )
    return StoryGatherer(sources=sources, records=rooms.records, zone=zone, workspace_url=workspace_url)


@dataclass(frozen=True, slots=True)
class Pages:
    """`door` is what commands know of them, `run` keeps open ones true."""

    server: PageServer
    door: Door
    run: Callable[[], Awaitable[None]]


def build_pages(settings: Settings, ground: Ground, rooms: Rooms, stories: StoryGatherer) -> Pages | None:
    """None where nobody can sign in, or nothing is served."""
    if not _served(settings):
        return None
    web, records = settings.web, ground.records
    logins = LoginService(
        records=records,
        store=SessionStore(database=records.database, clock=records.clock),
        provider=SlackOpenId(
            session=ground.http,
            url=web.login_url or _login_url(settings.slack.api_url),
            client_id=web.login_client_id,
            client_secret=web.login_client_secret.get_secret_value(),
            redirect_url=f"{web.public_url}{BACK}",
            workspace=ground.identity.team_id,
            clock=records.clock,
        ),
        settings=LoginSettings(
            workspace=ground.identity.team_id, lasts=timedelta(hours=web.session_h), tier1=web.tier1
        ),
    )
    live = Live(version=lambda: records.database.touched.shown)
    routes = page_routes(rooms, stories, settings.workspace.tzinfo)
    site = Site(
        routes=routes,
        logins=logins,
        live=live,
        public_url=web.public_url,
        zone=settings.workspace.tzinfo,
        clock=records.clock,
        admin=settings.workspace.admin,
    )
    door = Door(web.public_url, logins, partial(_menu, routes, logins, web.public_url))
    return Pages(PageServer(site.application(), base_path=site.url("")), door, site.run)


def _served(settings: Settings) -> bool:
    web = settings.web
    return bool(web.port and web.public_url and web.login_client_id)


def build_search(settings: Settings, database: Database) -> SearchBeside | None:
    """None where nobody can open a page. Without a model of what texts mean: that is in the bot's memory alone."""
    if not _served(settings):
        return None
    program = Beside(module=PROGRAM, setup=asdict(search_setup(settings)))
    return SearchBeside(
        program=program, index=Index(database=database), version=lambda: database.touched.tables(*FOUND_IN)
    )


def search_setup(settings: Settings) -> SearchSetup:
    reading = settings.reading
    return SearchSetup(
        database=str(settings.database.path),
        targets=settings.catalog().targets,
        words={word: tuple(others) for word, others in settings.known_issues.words.items()},
        symptoms={symptom: tuple(words) for symptom, words in reading.symptoms.items()},
        usual_symptoms=reading.usual_symptoms,
    )


async def _menu(
    routes: Sequence[PageRoute], logins: LoginService, public_url: str, user: str
) -> tuple[tuple[str, str], ...]:
    """The pages that somebody may open, as title and address."""
    roles = await logins.roles(user)
    return tuple((route.menu, f"{public_url}{route.path}") for route in routes if route.menu and roles & route.roles)


def page_routes(rooms: Rooms, stories: StoryGatherer, zone: tzinfo) -> list[PageRoute]:
    """Every page that there is, in the order of the menu."""
    board = BoardSources(
        gatherer=rooms.gatherer.without_links(),
        investigations=rooms.investigations,
        known=rooms.known,
        status=rooms.status,
        trends=rooms.trends,
        stream=rooms.stream,
        probes=rooms.probes,
        maintenance=rooms.maintenance.service,
    )
    known = KnownPages(
        knowledge=rooms.knowledge,
        evidence=rooms.evidence,
        catalog=rooms.catalog,
        devices=rooms.reader.devices,
    )
    investigations = InvestigationPages(
        records=rooms.records,
        investigations=rooms.investigations,
        evidence=rooms.evidence,
        escalations=rooms.escalations,
        stories=stories,
        catalog=rooms.catalog,
    )
    boards = BoardPage(sources=board, records=rooms.records, catalog=rooms.catalog)
    tell = TellPage(board=boards, updates=rooms.updates, known=rooms.known)
    copies, numbers = TrackerCopyPages(copies=rooms.copies), numbers_pages(rooms, zone)
    return [boards.route, tell.route, *investigations.routes, *copies.routes, *known.routes, *numbers]


def _login_url(api_url: str) -> str:
    """Whoever points the bot at another Slack signs in there too."""
    return SLACK if api_url == SLACK_API else api_url.rstrip("/").removesuffix("/api")
