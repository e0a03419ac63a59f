"""The App Home: what shows it, and to whom it offers which page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.app.parts import RoomSettings
from bot.home import cards
from bot.home.keeping import HomeKeeper, Publish
from bot.home.personal import Personal
from bot.home.service import HomeService
from bot.messages.model import Block
from commands.services import Home

PagesFor = Callable[[str], Awaitable[tuple[tuple[str, str], ...]]]
"""The pages that a person may open, as title and address."""


async def no_pages(_user: str) -> tuple[tuple[str, str], ...]:
    """Where nobody can sign in."""
    return ()


@dataclass(frozen=True, slots=True)
class Around:
    """What a Home says of its surroundings."""

    workspace_url: str
    bot_name: str
    pages_for: PagesFor = no_pages


def build_home(
    homes: HomeService, personal: Personal, settings: RoomSettings, publish: Publish, around: Around
) -> Home:
    example = next((target.key for target in settings.catalog.targets if target.addresses), "us-east")

    async def render(user: str) -> Block:
        front = cards.Front(around.workspace_url, around.bot_name, example, await around.pages_for(user))
        return cards.home(await homes.view(user), front)

    keeper = HomeKeeper(homes=homes, render=render, publish=publish)
    return Home(keeper=keeper, service=homes, personal=personal, team_hours=settings.reminders.hours)
