"""The ladders of stories, and what of management is outside Slack: a mailbox, a pager, the company's phone bridge."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web

from bot.sandbox.free_port import free_port
from bot.sandbox.phone import SECRET
from tests.mail.mailbox import Mailbox, mail_server
from tests.stories.chat import Person, Seen
from tests.stories.counting import messages
from tests.stories.steps import opened
from tests.stories.town import Town

SOON = 0.02
"""Minutes: for stories in which one step follows the other and only their order counts."""
GROUP = 'way = "thread-group"'
LINK_SECRET = "story-links-story-links-story-links-story"


def dm(*people: str, wait: float = 10, more: str = "") -> str:
    return f'way = "dm"\nwait_min = {wait}\npeople = {json.dumps(people)}\n{more}'


def channel(name: str, *, mention: str = "@here", wait: float = 10) -> str:
    return f'way = "channel"\nwait_min = {wait}\nchannel = "{name}"\nmention = "{mention}"\n'


def mail(*to: str, wait: float = 10) -> str:
    return f'way = "mail"\nwait_min = {wait}\nto = {json.dumps(to)}\n'


def bridge(*, wait: float = 10) -> str:
    """The company's own webhook."""
    return f'way = "webhook"\ntitle = "phone bridge"\nwait_min = {wait}\nurl_variables = ["BRIDGE_URL"]\n'


def pager(*, wait: float = 10) -> str:
    return f'way = "apprise"\ntitle = "pager"\nwait_min = {wait}\nurl_variables = ["PAGER_URL"]\n'


def ladder(*steps: str, head: str = "", escalation: str = "", workspace: str = "") -> dict[str, str]:
    """Settings with one ladder. Stories are told at any time of day, so people are asked outside their hours too."""
    listed = "\n".join(f"[[escalation.ladders.day.steps]]\n{step}" for step in steps)
    first = f"[escalation.ladders.day]\n{head or 'asks_outside_hours = true'}\n{listed}\n"
    group = 'group = "ltm"'
    return {"[workspace]": f"{first}\n{workspace}\n[workspace]", group: f"{group}\n{escalation}"}


@dataclass
class Outside:
    """What came: mails, and requests to the phone bridge and the pager by their path, oldest first."""

    mailbox: Mailbox
    heard: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    before_answer: Callable[[str], None] = lambda _: None

    def at(self, path: str) -> list[Any]:
        return [body for where, _, body in self.heard if where == path]

    def keys(self, path: str) -> list[str]:
        return [headers.get("webhook-id", "") for where, headers, _ in self.heard if where == path]


@contextlib.asynccontextmanager
async def outside(there: Town, *, links: bool = False) -> AsyncIterator[Outside]:
    """Listening on loopback, and in the settings and the environment of a bot that is started afterwards."""
    async with mail_server() as box:
        found = Outside(box)

        def told(what: str) -> None:
            there.bell.ring()
            found.before_answer(what)

        async def hear(request: web.Request) -> web.Response:
            found.heard.append((request.path, {k.lower(): v for k, v in request.headers.items()}, await request.json()))
            told(request.path)
            return web.Response()

        box.before_answer = lambda: told("mail")
        app = web.Application()
        app.router.add_post("/{path:.*}", hear)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        there.bot.environment |= {
            "BRIDGE_URL": f"http://127.0.0.1:{port}/bridge",
            "BRIDGE_URL_SECRET": SECRET,
            "PAGER_URL": f"json://127.0.0.1:{port}/pager",
            "MAIL_SERVER": f"127.0.0.1:{box.port}",
        }
        more = '[mail]\ntls = "none"\nsender = "secondline@harbor.example"\n'
        if links:
            own = free_port()
            there.bot.environment["SECONDLINE_LINK_SECRET"] = LINK_SECRET
            more += f'[web]\nport = {own}\npublic_url = "http://127.0.0.1:{own}"\n'
        with (there.folder / "secondline.toml").open("a") as settings:
            settings.write(f"\n{more}")
        try:
            yield found
        finally:
            await runner.cleanup()


async def escalates(there: Town) -> tuple[Seen, Seen]:
    """Kim opens an investigation and escalates it at once: its card, and the post as Jo sees it."""
    card = await opened(there)
    await there.kim.presses(card, "Escalate")
    form = await there.kim.form("Escalate INV-1")
    there.kim.fills(form, needed="Call the transit provider")
    assert await there.kim.submits(form) == {}
    return card, await there.jo.sees("#t2-tech", "Call the transit provider")


async def asked(person: Person) -> Seen:
    """The direct message by which somebody is asked."""
    return await person.sees("@secondline", "Call the transit provider")


def told(there: Town) -> list[str]:
    """Whom the ladder told in Slack, in order, as often as it did: the recipients of its messages."""
    keys = [each.metadata["event_payload"]["key"] for each in messages(there) if each.metadata]
    return [key.split("/")[2] for key in keys if key.startswith("ladder/")]


async def visited(url: str, *, method: str = "GET") -> tuple[int, str]:
    """Somebody's browser, without Slack."""
    async with ClientSession() as http, http.request(method, url) as answer:
        return answer.status, await answer.text()
