"""Apprise, as the program of its own that it is, against real listeners: json:// and ntfy:// on a port of loopback."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.child_program import lesser
from bot.escalations.telling import Failure, FailureKind, NotTellable, TellingOutcome
from bot.escalations.ways import apprise_child
from bot.escalations.ways.apprise_way import CHILD, AppriseWay
from bot.escalations.ways.texts import sms, subject, text
from tests.escalations.ways.tellings import telling
from tests.eventually import eventually
from tests.loopback import served
from tests.probes.listeners import listening, silent
from tests.stalls import STALL_S, Stalls

SECRET = "hunter2-hunter2"


class Service:
    """Takes what is posted, or refuses it with a status."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.taken: list[dict[str, str]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append(await request.json())
        return web.Response(status=self.status, text=f"a page with {SECRET}")


@contextlib.asynccontextmanager
async def running(service: Service) -> AsyncIterator[str]:
    """Gives "127.0.0.1:port"."""
    app = web.Application()
    app.router.add_post("/{rest:.*}", service.take)
    async with served(app) as url:
        yield url.removeprefix("http://")


def way(deadline_s: float = 25.0, turn_s: float = 30.0, **environ: str) -> AppriseWay:
    return AppriseWay(environ=environ, deadline_s=deadline_s, turn_s=turn_s)


def failed(kind: FailureKind, detail: str) -> TellingOutcome:
    return TellingOutcome(failure=Failure(kind, detail), sure=False)


async def test_it_tells_by_json_and_by_ntfy() -> None:
    """Each variable has an address of its own; that they took it does not say that somebody read it."""
    service = Service()
    async with running(service) as place:
        telling_of_two = way(PHONE=f"json://user:{SECRET}@{place}/hook", PUSH=f"ntfy://{place}/oncall")
        outcome = await telling_of_two.tell(("PHONE", "PUSH"), telling())

    assert outcome == TellingOutcome(("PHONE", "PUSH"), sure=False)
    assert {taken["title"] for taken in service.taken} == {subject(telling())}
    assert {taken["message"] for taken in service.taken} == {text(telling())}
    assert sorted(taken.get("topic", "") for taken in service.taken) == ["", "oncall"]


async def test_markup_of_others_is_only_text() -> None:
    """The words came from people: nothing of them may be a tag of somebody else's page."""
    service = Service()
    async with running(service) as place:
        await way(PHONE=f"json://{place}").tell(("PHONE",), telling(body="<b>&amp; *bold* \\n %s {}"))

    assert service.taken[0]["message"].endswith("<b>&amp; *bold* \\n %s {}")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, FailureKind.RATE_LIMITED),
        (500, FailureKind.UNREACHABLE),
        (503, FailureKind.UNREACHABLE),
        (401, FailureKind.REFUSED),
        (404, FailureKind.REFUSED),
    ],
)
@pytest.mark.parametrize("scheme", ["json", "ntfy"])
async def test_a_refusal_says_what_was_answered(scheme: str, status: int, kind: FailureKind) -> None:
    """By its number alone: words of a service, and addresses, may hold what nobody should read."""
    async with running(Service(status)) as place:
        outcome = await way(PHONE=f"{scheme}://user:{SECRET}@{place}/oncall").tell(("PHONE",), telling())

    assert outcome == failed(kind, f"it answered {status}")


async def test_one_that_fails_does_not_keep_the_other_from_being_told() -> None:
    service = Service()
    async with running(service) as place:
        outcome = await way(GOOD=f"json://{place}").tell(("MISSING", "GOOD"), telling())

    assert outcome == TellingOutcome(("GOOD",), Failure(FailureKind.NOT_CONFIGURED, "MISSING is not set"), sure=False)


async def test_nobody_behind_the_address() -> None:
    outcome = await way(PHONE="json://127.0.0.1:1/").tell(("PHONE",), telling())

    assert outcome == failed(FailureKind.UNREACHABLE, "no connection")


@pytest.mark.parametrize("url", ["nonsense://x", "twilio://incomplete", f"https://{SECRET}.example.com/", SECRET])
async def test_what_is_no_address_of_apprises(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Its value is in no outcome and in no log."""
    outcome = await way(PHONE=url).tell(("PHONE",), telling())

    assert outcome == failed(FailureKind.NOT_CONFIGURED, "PHONE holds no address that Apprise can use")
    assert caplog.records == []


async def test_one_that_takes_the_connection_and_never_answers_is_ended() -> None:
    """The loop goes on, the other program is gone, and those who wait behind it have their turn."""
    async with listening(silent) as port:
        stuck = way(deadline_s=3.0, PHONE=f"json://127.0.0.1:{port}/?rto=600")
        with Stalls() as stalls:
            began = time.monotonic()
            outcome = await stuck.tell(("PHONE",), telling())
            took = time.monotonic() - began

    assert outcome == failed(FailureKind.UNREACHABLE, "no answer within 3 s")
    assert took < 10
    assert stalls.busiest_s <= STALL_S
    await eventually(lambda: not children())


async def test_those_before_it_keep_nobody_waiting_for_ever() -> None:
    async with listening(silent) as port:
        stuck = way(deadline_s=2.0, turn_s=0.1, PHONE=f"json://127.0.0.1:{port}/?rto=600")
        outcomes = await asyncio.gather(*(stuck.tell(("PHONE",), telling()) for _ in range(6)))

    details = sorted(outcome.failure.detail for outcome in outcomes if outcome.failure)
    assert details == ["no answer within 2 s"] * 4 + ["the services before it did not answer"] * 2


async def test_a_telling_that_is_cancelled_leaves_nothing_behind() -> None:
    """As at a stop of the bot."""
    async with listening(silent) as port:
        task = asyncio.create_task(way(PHONE=f"json://127.0.0.1:{port}/?rto=600").tell(("PHONE",), telling()))
        await eventually(lambda: bool(children()))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert not children()


def test_a_service_that_takes_little_gets_the_short_text() -> None:
    """What is too long for a phone would be cut or sent in parts, the link last."""
    asked = {"title": subject(telling()), "text": text(telling()), "short": sms(telling())}
    assert apprise_child.fitting(asked, 0, 160) == ("", asked["short"])
    assert apprise_child.fitting(asked, 250, 32_768) == (asked["title"], asked["text"])
    assert apprise_child.fitting(asked, 20, 32_768) == ("", asked["short"])


async def test_what_is_asked_beforehand_sends_nothing() -> None:
    service = Service()
    async with running(service) as place:
        checked = way(PHONE=f"ntfy://{place}/oncall", BAD="nonsense://x")
        assert await checked.check("PHONE") == "ntfy"
        with pytest.raises(NotTellable, match=r"^BAD holds no address that Apprise can use$"):
            await checked.check("BAD")
        with pytest.raises(NotTellable, match=r"^NONE is not set$"):
            await checked.check("NONE")

    assert service.taken == []


def test_the_other_program_has_none_of_the_bots_secrets() -> None:
    """Whatever a service of Apprise's does, it can't read a token of Slack's."""
    environ = {
        "SLACK_BOT_TOKEN": SECRET,
        "PHONE": SECRET,
        "HTTPS_PROXY": "http://proxy:1",
        "PATH": "/bin",
        "HOME": "/x",
    }
    assert lesser(environ) == {"HTTPS_PROXY": "http://proxy:1", "PATH": "/bin", "LANG": "C.UTF-8"}


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "print('hello')", "import os; os.abort()", "print('[1]')"])
async def test_a_program_that_breaks_is_a_failed_step(tmp_path: Path, program: str) -> None:
    broken = tmp_path / "child.py"
    broken.write_text(program)
    outcome = await AppriseWay(environ={"PHONE": "json://x"}, program=broken).tell(("PHONE",), telling())

    assert outcome == failed(FailureKind.UNKNOWN, "Apprise ended without an answer")


async def test_it_ends_by_itself_where_the_bot_was_killed(tmp_path: Path) -> None:
    """Nobody would end it otherwise: an address may keep it waiting for ever."""
    source = CHILD.read_text()
    assert "END_S = 60" in source
    soon = tmp_path / "child.py"
    soon.write_text(source.replace("END_S = 60", "END_S = 2"))
    async with listening(silent) as port:
        url = f"json://127.0.0.1:{port}/?rto=600"
        outcome = await AppriseWay(environ={"PHONE": url}, program=soon).tell(("PHONE",), telling())

    assert outcome == failed(FailureKind.UNKNOWN, "Apprise ended without an answer")


def children() -> list[str]:
    """Programs that this process has started and that run."""
    found = Path("/proc/self/task").glob("*/children")
    pids = [pid for file in found for pid in file.read_text().split()]
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids if Path(f"/proc/{pid}/cmdline").exists()]
    return [command.decode() for command in commands if b"apprise_child" in command]
