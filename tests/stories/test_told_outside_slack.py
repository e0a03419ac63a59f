"""Lena does not answer: mail, phone and a system of the company are told; she acknowledges by the link of the mail."""

import base64
import contextlib
import hashlib
import hmac
import json
import re
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.free_port import free_port
from tests.loopback import served
from tests.mail.mailbox import Mailbox, mail_server
from tests.stories.chat import Seen
from tests.stories.steps import escalated, opened, settled, timeline
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

SECRET = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
TEN = timedelta(minutes=10)
LADDER = """
[escalation]
group = "ltm"
[escalation.ladders.urgent]
asks_outside_hours = true
steps = [
  { way = "thread-group" },
  { way = "dm", people = ["lena"], wait_min = 10 },
  { way = "mail", to = ["lena@harbor.example", "gone@harbor.example"], title = "mail to Lena", wait_min = 10 },
  { way = "apprise", url_variables = ["PHONE_URL"], title = "phone bridge", wait_min = 10 },
  { way = "webhook", url_variables = ["DESK_URL"], title = "status desk", wait_min = 10 },
]
"""


@dataclass
class Outside:
    """Whom the bot tells outside Slack: a mail server, a push service, a system of the company's own."""

    box: Mailbox
    pushed: list[dict[str, Any]] = field(default_factory=list)
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """What the company's system answers to the next calls instead of 200."""
    public: str = ""
    ring: Callable[[], None] = lambda: None
    """Called with each arrival: whoever waits for it looks again."""

    async def push(self, request: web.Request) -> web.Response:
        self.pushed.append(await request.json())
        self.ring()
        return web.json_response({})

    async def post(self, request: web.Request) -> web.Response:
        self.posted.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        self.ring()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@contextlib.asynccontextmanager
async def around(town: OpenTown) -> AsyncIterator[tuple[Town, Outside]]:
    """A town with a ladder that leads outside, and the bot connected."""
    outside = Outside(Mailbox(refusing={"gone@harbor.example": "550 5.1.1 User unknown"}))
    app, port = web.Application(), free_port()
    app.router.add_post("/desk", outside.post)
    app.router.add_post("/", outside.push)
    outside.public = f"http://127.0.0.1:{port}"
    settings = {
        '[escalation]\ngroup = "ltm"\n': LADDER,
        "[workspace]": f'[web]\nport = {port}\npublic_url = "{outside.public}"\n'
        f'[mail]\nsender = "t2@harbor.example"\ntls = "none"\n[workspace]',
    }
    async with served(app) as url, mail_server(outside.box), town(start=False, settings=settings) as there:
        there.bot.environment |= {
            "MAIL_SERVER": f"127.0.0.1:{outside.box.port}",
            "PHONE_URL": f"ntfy://{url.removeprefix('http://')}/oncall",
            "DESK_URL": f"{url}/desk",
            "DESK_URL_SECRET": SECRET,
            "SECONDLINE_LINK_SECRET": "a secret that nobody knows, of 40 letters",
        }
        outside.ring = outside.box.before_answer = there.bell.ring
        await there.bot_starts()
        yield there, outside


async def test_lena_acknowledges_by_the_link_of_the_mail(town: OpenTown) -> None:
    """A scanner of mail follows it before her, which changes nothing; nobody is called after her."""
    async with around(town) as (there, outside):
        card = await opened(there)
        post = await escalated(there, card)
        await there.kim.sees_change(post, lambda now: "phone bridge" in now.text)
        await there.let_pass(TEN)
        asked = await there.lena.sees("@secondline", "Call the transit provider")
        assert asked.buttons[:2] == ["Acknowledge", "Need More"]

        await there.let_pass(TEN)
        await there.until(lambda: outside.box.mails, "the mail")
        mail = outside.box.mails[0]
        assert mail["Subject"] == "INV-1 needs an answer: U.S. East: packet loss"
        await there.kim.sees_change(post, lambda now: "not everybody, the mailbox refused it" in now.text)
        body = mail.get_body()
        assert body is not None
        found = re.search(r"^Acknowledge: (\S+)", body.get_content())
        assert found and found[1].startswith(f"{outside.public}/ack/")

        async with aiohttp.ClientSession() as browser:
            for _ in range(2):
                async with browser.get(found[1]) as page:
                    assert page.status == 200 and "INV-1 needs an answer." in await page.text()
            await there.let_pass(TEN)
            await there.until(lambda: outside.pushed, "the phone bridge, as nobody has pressed anything yet")
            async with browser.post(found[1]) as page:
                assert page.status == 200 and "You have acknowledged INV-1." in await page.text()
        await there.kim.sees_change(post, lambda now: "through mail to Lena" in now.text and not now.buttons[1:])
        await there.lena.sees_change(asked, lambda now: "Acknowledged" in now.text and "Acknowledge" not in now.buttons)
        assert "acknowledged" in await timeline(there, card)

        await there.let_pass(TEN)
        await settled(there)
        assert outside.posted == [] and len(outside.box.mails) == len(outside.pushed) == 1
        log = (there.folder / "bot.log").read_text()
        assert found[1].removeprefix(outside.public)[:20] not in log and SECRET not in log and "/oncall" not in log


async def test_every_way_says_the_same_and_the_desk_can_tell_who_says_it(town: OpenTown) -> None:
    """Nobody answers at all: the webhook is signed, and has the same key when its receiver says "later"."""
    async with around(town) as (there, outside):
        outside.statuses = [503]
        post = await escalated(there, await opened(there))
        for step in ("DM @lena", "mail to Lena", "phone bridge", "status desk"):
            await there.let_pass(TEN)
            await there.kim.sees_change(post, _shows(rf":(bell|warning): {step}"))
            await settled(there)
        assert len(outside.posted) == 2

        keys = {(head["webhook-id"], head["idempotency-key"]) for head, _ in outside.posted}
        assert len(keys) == 1
        head, raw = outside.posted[-1]
        said = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + raw
        mac = hmac.new(base64.b64decode(SECRET), said, hashlib.sha256).digest()
        assert head["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
        told = json.loads(raw)
        assert told["request"] == "Call the transit provider" and told["slack_url"].startswith("http")
        [pushed] = outside.pushed
        assert (pushed["title"], pushed["topic"]) == ("INV-1 needs an answer: U.S. East: packet loss", "oncall")
        links = {re.findall(r"/ack/\S+", text)[0] for text in (pushed["message"], told["text"])}
        assert len(links) == 2, "each step has a link of its own"


async def test_killed_while_it_mails_it_tells_again_with_the_same_key(town: OpenTown) -> None:
    """Whoever knows the key has it once: the second mail is the first one."""
    async with around(town) as (there, outside):
        await escalated(there, await opened(there))
        await there.let_pass(TEN)
        await there.lena.sees("@secondline", "Call the transit provider")
        killed: list[bool] = []

        def dies() -> None:
            if not killed:
                killed.append(True)
                there.bot.signal(signal.SIGKILL)
            there.bell.ring()

        outside.box.before_answer = dies
        await there.let_pass(TEN)
        await there.until(lambda: killed, "the mail")
        await there.bot.ended()
        await there.bot_starts()
        await there.until(lambda: len(outside.box.mails) == 2, "the mail again")
        await settled(there)

        assert outside.box.mails[0]["Message-ID"] == outside.box.mails[1]["Message-ID"]
        await there.let_pass(TEN)
        await there.until(lambda: outside.pushed, "the next step")


def _shows(pattern: str) -> Callable[[Seen], bool]:
    return lambda now: bool(re.search(pattern, now.text))
