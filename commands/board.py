"""`/t2 board`: where the pages are, links for big screens, and a person's own key for programs."""

from collections.abc import Sequence

from bot.errors import BadInput
from bot.logins.model import Session
from bot.messages.model import Content
from bot.slack.blocks import fitted, sections
from bot.slack.request import Answer, Request
from bot.slack.text import at, escape, foreign, link, person
from commands.inputs import said
from commands.services import Pages, Services

SCREENS = "`/t2 board link kitchen`, `/t2 board end kitchen`"
TOKEN = "`/t2 board token`"
USAGE = f"`/t2 board`, {SCREENS}, {TOKEN}"


class NoPages(BadInput):
    """Nobody can sign in to pages here."""

    def __init__(self) -> None:
        super().__init__("The pages aren't set up. Ask your admin to set SLACK_LOGIN_CLIENT_ID and web.public_url.")


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Answers to whoever typed it alone, since links and keys are secrets."""
    if not services.pages:
        raise NoPages
    word, _, name = (await said(rest, services)).strip().partition(" ")
    match word.lower():
        case "":
            tier2 = await services.people.is_tier2(request.user)
            return _where(services.pages, await services.pages.menu(request.user), tier2=tier2)
        case "link":
            secret = await services.pages.logins.make_screen(name, by=request.user)
            url = f"{services.pages.url}/screen/{secret}"
            return _shown(
                f"*A board for “{foreign(' '.join(name.split()), 40)}”*\n{escape(url)}",
                "Open it once on the screen; whoever has it sees the board, which shows no customer's data. It is told"
                f" only now. `/t2 board end {foreign(name.strip(), 40)}` ends it.",
            )
        case "end":
            await services.pages.logins.end_screen(name, by=request.user)
            return _shown(f"The board of “{foreign(name.strip(), 40)}” is ended.")
        case "token":
            token = await services.pages.logins.make_token(request.user, name)
            example = f"curl -H 'Authorization: Bearer {token}' {services.pages.url}/board.json"
            return _shown(
                "*Your key for programs*, which read what you may read. It is told only now.",
                f"```{escape(example)}```",
                "`/t2 board out` ends it, and signs you out everywhere.",
            )
        case "out":
            count = services.pages.logins.end_all(request.user)
            return _shown("You are signed out everywhere." if count else "You weren't signed in anywhere.")
    raise BadInput(f"I don't know /t2 board {word[:40]}. There are: {USAGE}.")


def _where(pages: Pages, menu: Sequence[tuple[str, str]], *, tier2: bool) -> Content:
    """The board for everybody, also who is sent away there with a sentence that says why; screens are Tier 2's."""
    others = [link(address, title) for title, address in menu if address != f"{pages.url}/board"]
    lines = [link(f"{pages.url}/board", "Open the board")]
    lines += [f"Other pages: {' · '.join(others)}"] if others else []
    lines += [_screen(screen) for screen in pages.logins.screens()] if tier2 else []
    return _shown(*lines, f"Also: {SCREENS}, {TOKEN}." if tier2 else f"Also: {TOKEN}.")


def _screen(screen: Session) -> str:
    return f":desktop_computer: “{foreign(screen.name, 40)}”, made by {person(screen.user)} {at(screen.made_at)}"


def _shown(*lines: str) -> Content:
    return Content(lines[0], fitted(sections(lines)))
