"""From Bolt to a handler: acknowledged at once, worked on once, and nobody is left without an answer."""

import asyncio
import inspect
import json
import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.database import Database
from bot.errors import BadInput, TooMuch
from bot.migrations import migrations
from bot.slack.client import SlackClient
from bot.slack.deliveries import Deliveries
from bot.slack.listener import Listener
from bot.slack.request import Answer, Conversation, Request
from bot.tasks import Tasks
from tests.database import memory_database
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.fake_web_api import FakeWebApi
from tests.slack import payloads
from tests.slack.payloads import Json
from tests.stalls import LONGEST_S, Stalls


@dataclass
class Line:
    """A listener on a real Bolt app, built as bot.app builds it; `seen` is what reached the handler."""

    database: Database = field(default_factory=memory_database)
    clock: FakeClock = field(default_factory=FakeClock)
    slack: FakeWebApi = field(default_factory=FakeWebApi)
    tasks: Tasks = field(default_factory=Tasks)
    seen: list[Request] = field(default_factory=list)
    answer: Answer = None
    trouble: Exception | None = None
    wrong: dict[str, str] = field(default_factory=dict)
    commits: bool = False
    check_trouble: Exception | None = None
    patience_s: float = 10.0
    slow: Callable[[], object] | None = None
    gate: asyncio.Event | None = None

    async def handle(self, request: Request, line: "Line") -> Answer:
        self.seen.append(request)
        if self.slow:
            self.slow()
        if self.commits:
            with self.database.transaction():
                pass
        if self.gate:
            await self.gate.wait()
        if self.trouble:
            raise self.trouble
        return self.answer

    def listen(self, client: SlackClient) -> "Line":
        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1"
            )

        logger = logging.getLogger("slack_bolt")
        self.bolt = AsyncApp(
            name="test",
            client=client.web,
            authorize=authorize,
            signing_secret="",
            process_before_response=True,
            logger=logger,
        )
        self.listener: Listener[Line] = Listener(
            app=self.bolt,
            services=self,
            deliveries=Deliveries(database=self.database, clock=self.clock),
            tasks=self.tasks,
            conversation=Conversation(client=self.slack, trusted_urls=("https://hooks.slack.com/",)),
            patience_s=self.patience_s,
        )
        self.listener.command("/investigate", self.handle)
        self.listener.button("investigation_claim", self.handle)
        self.listener.shortcut("investigate_message", self.handle)
        self.listener.event("app_mention", self.handle)
        self.listener.form("form", self.handle, check=_check)
        self.listener.acknowledge_the_rest()
        return self

    async def deliver(self, body: Json) -> BoltResponse:
        return await self.bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))


def _check(request: Request, line: Line) -> dict[str, str]:
    if line.check_trouble:
        raise line.check_trouble
    return line.wrong if request.values["cause"] else {"cause": "Say what it was."}


@pytest.fixture
async def client(unused_url: str) -> AsyncIterator[SlackClient]:
    client = SlackClient(token="xoxb-1", api_url=unused_url)
    yield client
    await client.close()


@pytest.fixture
async def unused_url() -> AsyncIterator[str]:
    """A Slack that fails the test if anything is asked of it, which auth.test would be."""
    asked: list[str] = []

    async def refuse(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"ok": False, "error": "unexpected"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    await runner.cleanup()
    assert asked == []


@pytest.fixture
async def line(client: SlackClient) -> Line:
    return Line().listen(client)


EVERY_KIND = [
    payloads.command(),
    payloads.press(),
    payloads.message_shortcut(),
    payloads.mention(),
    payloads.submission("form", {"cause": {"input": {"type": "plain_text_input", "value": "a link"}}}),
]


@pytest.mark.parametrize("body", EVERY_KIND, ids=lambda body: body.get("type", "command"))
async def test_every_kind_is_acknowledged_and_worked_on(line: Line, body: Json) -> None:
    """With an empty acknowledgement, which shows nothing."""
    response = await line.deliver(body)
    await line.tasks.idle()

    assert (response.status, response.body) == (200, "")
    assert [request.user for request in line.seen] == ["UKIM"]
    assert line.database.value("SELECT done FROM deliveries") == 1


@pytest.mark.parametrize("body", EVERY_KIND, ids=lambda body: body.get("type", "command"))
async def test_exception_right_after_the_ack_does_not_take_it_back(line: Line, body: Json) -> None:
    """Bolt answers 404 or 500 where it sees an exception, so it sees none."""
    line.trouble = RuntimeError("a mistake")
    response = await line.deliver(body)
    await line.tasks.idle()

    assert response.status == 200


async def test_ack_does_not_wait_for_the_handler(line: Line) -> None:
    """Fifty commands are acknowledged while the first of them hangs, in a fraction of Slack's 3 s each."""
    line.gate = asyncio.Event()
    started = time.perf_counter()
    for number in range(50):
        assert (await line.deliver(payloads.command(trigger_id=f"t.{number}"))).status == 200
    each_s = (time.perf_counter() - started) / 50
    line.gate.set()
    await line.tasks.idle()

    assert each_s < 0.1
    assert len(line.seen) == 50


async def test_redelivered_event_runs_once(line: Line) -> None:
    """Slack sends an event again until it is acknowledged; each delivery is, also while the first still runs."""
    line.gate = asyncio.Event()
    responses = [await line.deliver(payloads.mention()) for _ in range(2)]
    line.gate.set()
    await line.tasks.idle()
    responses.append(await line.deliver(payloads.mention()))
    await line.tasks.idle()

    assert [response.status for response in responses] == [200] * 3
    assert len(line.seen) == 1


@pytest.mark.parametrize(
    "body",
    [
        payloads.event("channel_archive", channel="C1"),
        payloads.event("message", channel="C1", user="UTOM", text="hi", ts="1.1"),
        payloads.command("/unknown"),
        payloads.press("unknown_button"),
        payloads.message_shortcut("unknown_shortcut"),
        payloads.global_shortcut("unknown_shortcut"),
        payloads.submission("unknown_form", {}),
    ],
    ids=["event", "message", "command", "button", "message shortcut", "shortcut", "form"],
)
async def test_what_nobody_registered_is_acknowledged(line: Line, body: Json) -> None:
    """Without an ack Slack sends it three more times, or shows the person an error."""
    assert (await line.deliver(body)).status == 200
    assert line.seen == []


async def test_error_with_words_reaches_the_person(line: Line) -> None:
    """As an ephemeral in the thread; what people typed in it does nothing."""
    line.trouble = BadInput("I don't know <!channel>.")
    await line.deliver(payloads.mention())
    await line.tasks.idle()

    (call,) = line.slack.called("chat.postEphemeral")
    assert (call["user"], call["text"]) == ("UKIM", "I don't know &lt;!channel&gt;.")


async def test_unexpected_error_gives_a_token_that_the_log_has(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    """The person can name it, and nobody has to guess which line of the log is meant."""
    line.trouble = RuntimeError("a mistake")
    await line.deliver(payloads.command())
    await line.tasks.idle()

    (answer,) = line.slack.answered
    token = answer["text"].split("`")[1]
    assert f"failed [{token}]" in caplog.text
    assert "a mistake" in caplog.text
    assert "a mistake" not in answer["text"]


async def test_form_with_an_error_stays_open_and_can_be_sent_again(line: Line) -> None:
    """The same form, with the same hash, is not taken for one that was worked on."""
    response = await line.deliver(payloads.submission("form", {"cause": {"input": {"value": None}}}))
    assert '"response_action": "errors"' in response.body
    assert line.seen == []
    again = await line.deliver(payloads.submission("form", {"cause": {"input": {"value": "a link"}}}))
    await line.tasks.idle()

    assert (again.status, again.body, len(line.seen)) == (200, "", 1)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(RuntimeError("a mistake"), "it is logged as "), (BadInput("INV-3 is resolved."), "INV-3 is resolved.")],
    ids=["mistake", "words"],
)
async def test_form_whose_check_fails_stays_open(
    line: Line, trouble: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With a sentence beside its first input; an exception here would be no answer at all, and Slack's own words."""
    line.check_trouble = trouble
    body = payloads.submission("form", {"chosen": {"menu": {"value": "x"}}, "cause": {"input": {"value": "a link"}}})
    body["view"]["blocks"] = [{"type": "section", "block_id": "chosen"}, {"type": "input", "block_id": "cause"}]
    response = await line.deliver(body)
    answer = json.loads(response.body)
    line.check_trouble = None
    again = await line.deliver(body)
    await line.tasks.idle()

    assert (response.status, answer["response_action"], list(answer["errors"])) == (200, "errors", ["cause"])
    assert said in answer["errors"]["cause"]
    assert "a mistake" not in response.body and ("a mistake" in caplog.text) is isinstance(trouble, RuntimeError)
    assert (again.status, again.body, len(line.seen)) == (200, "", 1)


@pytest.mark.parametrize(
    "body",
    [
        payloads.event("app_mention", item=["x"], user=[1], channel={"id": 1}) | {"event": ["no", "object"]},
        {name: value for name, value in payloads.command().items() if name != "channel_id"},
        payloads.press() | {"container": "x"},
        payloads.submission("form", {"cause": ["no", "elements"]}),
        payloads.submission("form", {"cause": {"input": "no element"}}),
    ],
    ids=["event", "command", "press", "form", "element"],
)
async def test_what_cannot_be_read_is_acknowledged(line: Line, body: Json) -> None:
    """Nothing that Slack sends today; without an ack it would come three more times."""
    ack = AsyncAck()  # type: ignore[no-untyped-call]
    await line.listener.listen("command /investigate", ack, body)
    await line.tasks.idle()

    assert ack.response and (ack.response.status, ack.response.body) == (200, "")
    assert line.seen == []


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[tuple[Database, sqlite3.Connection]]:
    """A database in a file, and another program that can lock it."""
    database = Database(tmp_path / "a.db")
    migrations.apply(database.tables)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    yield database, other
    other.close()
    database.close()


async def test_lock_of_another_program_delays_and_stops_nothing(
    shared: tuple[Database, sqlite3.Connection], client: SlackClient
) -> None:
    """A command is acknowledged at once, and done when the lock is gone; the loop turns meanwhile."""
    database, other = shared
    line = Line(database=database, commits=True).listen(client)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.4, other.rollback)
    with Stalls() as stalls:
        response = await line.deliver(payloads.command())
        still_locked = other.in_transaction
        await line.tasks.idle()

    assert (response.status, still_locked) == (200, True)
    assert len(line.seen) == 1
    assert line.slack.answered == []
    assert database.value("SELECT done FROM deliveries") == 1
    assert stalls.longest_s < LONGEST_S


async def test_lock_that_comes_while_a_handler_waits(
    shared: tuple[Database, sqlite3.Connection], client: SlackClient
) -> None:
    """It begins anew, since nothing of it was saved."""
    database, other = shared
    line = Line(database=database, commits=True).listen(client)
    line.slow = lambda: other.execute("BEGIN IMMEDIATE") if len(line.seen) == 1 else None
    asyncio.get_running_loop().call_later(0.3, other.rollback)
    with Stalls() as stalls:
        await line.deliver(payloads.command())
        await line.tasks.idle()

    assert len(line.seen) > 1
    assert line.slack.answered == []
    assert database.value("SELECT done FROM deliveries") == 1
    assert stalls.longest_s < LONGEST_S


async def test_lock_that_stays_is_told(shared: tuple[Database, sqlite3.Connection], client: SlackClient) -> None:
    """Calmly, and once; the same command works afterwards."""
    database, other = shared
    line = Line(database=database, commits=True, patience_s=0.1).listen(client)
    other.execute("BEGIN IMMEDIATE")
    with Stalls() as stalls:
        response = await line.deliver(payloads.command())
        await eventually(lambda: line.slack.answered)
    other.rollback()
    await line.tasks.idle()
    await line.deliver(payloads.command(trigger_id="t.2"))
    await line.tasks.idle()

    assert response.status == 200
    (answer,) = line.slack.answered
    assert answer["text"].startswith("Second Line could not save this") and "try again" in answer["text"]
    assert len(line.seen) == 1
    assert stalls.longest_s < LONGEST_S


async def test_form_that_is_sent_again_shows_no_error(line: Line) -> None:
    """Its answer was lost: what it asked for is done meanwhile, and its check would call that an error."""
    body = payloads.submission("form", {"cause": {"input": {"type": "plain_text_input", "value": "a link"}}})
    await line.deliver(body)
    await line.tasks.idle()
    line.wrong = {"cause": "It is resolved already."}
    again = await line.deliver(body)
    await line.tasks.idle()

    assert (again.status, again.body, len(line.seen)) == (200, "", 1)


FILLED: Json = {"cause": {"input": {"type": "plain_text_input", "value": "a link"}}}


def _another_form(user: str = "UKIM", values: Json | None = None) -> Json:
    """The same form opened a second time, as on a phone beside the laptop."""
    body = payloads.submission("form", values or FILLED)
    return body | {"user": body["user"] | {"id": user}, "view": body["view"] | {"id": f"V2{user}", "hash": "2"}}


async def test_own_success_is_no_error_of_the_same_form(line: Line) -> None:
    """Its answer was lost, so the person opened the form again and sent the same; somebody else is told."""
    await line.deliver(payloads.submission("form", FILLED))
    await line.tasks.idle()
    line.wrong = {"cause": "INV-4 is resolved already."}
    again, other = await line.deliver(_another_form()), await line.deliver(_another_form("UJO"))

    assert (again.status, again.body) == (200, "")
    assert "resolved already" in str(other.body)


async def test_own_success_is_no_error_that_comes_later(line: Line) -> None:
    """The same where only the handler sees that it was done."""
    await line.deliver(payloads.submission("form", FILLED))
    await line.tasks.idle()
    line.trouble = BadInput("INV-4 is resolved already.")
    await line.deliver(_another_form())
    await line.tasks.idle()
    assert line.slack.calls == []
    await line.deliver(_another_form("UJO"))
    await line.tasks.idle()

    assert "resolved already" in line.slack.texts("UJO")[0]


async def test_a_form_that_failed_and_fails_again_says_so(line: Line) -> None:
    """Only a success makes the second one needless."""
    line.trouble = BadInput("That is not possible.")
    await line.deliver(payloads.submission("form", FILLED))
    await line.tasks.idle()
    await line.deliver(_another_form())
    await line.tasks.idle()

    assert len(line.slack.texts("UKIM")) == 2


@pytest.mark.parametrize(
    "trouble", [BadInput("Only Tier 2 can own it."), TooMuch("Enough.", topic="forms"), RuntimeError("a fault of ours")]
)
async def test_words_of_a_refused_form_are_given_back(line: Line, trouble: Exception) -> None:
    """It is closed by then. What the form began with is no word of theirs, and neither is what they chose."""
    line.trouble = trouble
    values = {
        "cause": {"input": {"type": "plain_text_input", "value": "the <#C1> *transit*\n" + "x" * 2900}},
        "note": {"input": {"type": "plain_text_input", "value": "State: open"}},
        "who": {"input": {"type": "users_select", "selected_user": "UTOM"}},
    }
    inputs = [
        {"block_id": "cause", "element": {"type": "plain_text_input", "initial_value": "the transit"}},
        {"block_id": "note", "element": {"type": "plain_text_input", "initial_value": "State: open"}},
        {"block_id": "who", "element": {"type": "users_select"}},
    ]
    for number in range(2):
        body = payloads.submission("form", values, view_hash=f"{number}.a")
        body["view"] |= {"id": f"V{number}", "blocks": inputs}
        await line.deliver(body)
        await line.tasks.idle()
    messages = [str(arguments["blocks"]) for _, arguments in line.slack.calls if arguments.get("blocks")]

    assert len(messages) == 2
    for shown in messages:
        assert "What you wrote:" in shown and "the <#C1> *transit*" in shown and "x" * 2900 in shown
        assert "State: open" not in shown and "UTOM" not in shown


async def test_a_flood_is_told_once(line: Line) -> None:
    """One person's too much is one answer, another topic and another person are others."""
    line.trouble = TooMuch("Enough.", topic="probes")
    for number in range(20):
        await line.deliver(payloads.command(trigger_id=f"t.{number}"))
    await line.deliver(payloads.command(trigger_id="t.jo") | {"user_id": "UJO"})
    await line.tasks.idle()
    line.trouble = TooMuch("Enough of that.", topic="forms")
    await line.deliver(payloads.command(trigger_id="t.forms"))
    await line.tasks.idle()

    assert sorted(item["text"] for item in line.slack.answered) == ["Enough of that.", "Enough.", "Enough."]


async def test_edited_mention_does_not_run_again(line: Line) -> None:
    """Somebody mends a typo in an old one: the day after, after the deliveries were forgotten, and twice."""
    await line.deliver(payloads.mention())
    await line.tasks.idle()
    line.clock.advance(3 * 86_400)
    await Deliveries(database=line.database, clock=line.clock).forget_old()
    responses = [await line.deliver(payloads.edited_mention(event_id=f"Ev{n}")) for n in (2, 2, 3)]
    await line.tasks.idle()

    assert [response.status for response in responses] == [200] * 3
    assert len(line.seen) == 1
    assert line.listener.redo_unfinished() == 0


async def test_edited_mention_runs_where_it_could_not_before(line: Line) -> None:
    """Until it could, and then no more."""
    line.trouble = BadInput("I don't know 'clam'.")
    await line.deliver(payloads.mention("<@UBOT> clam"))
    await line.tasks.idle()
    await line.deliver(payloads.edited_mention("<@UBOT> clain", "Ev2"))
    await line.tasks.idle()
    line.trouble = None
    await line.deliver(payloads.edited_mention("<@UBOT> claim", "Ev3"))
    await line.tasks.idle()
    await line.deliver(payloads.edited_mention("<@UBOT> claim it", "Ev4"))
    await line.tasks.idle()

    assert [request.text for request in line.seen] == ["<@UBOT> clam", "<@UBOT> clain", "<@UBOT> claim"]


async def test_mention_that_an_edit_makes(line: Line) -> None:
    """It runs once, whatever order the edit and a late delivery of the first come in."""
    await line.deliver(payloads.edited_mention())
    await line.tasks.idle()
    await line.deliver(payloads.mention(event_id="Ev1"))
    await line.deliver(payloads.edited_mention(event_id="Ev3"))
    await line.tasks.idle()

    assert len(line.seen) == 1


async def test_mention_that_failed_after_it_did_something_does_not_run_again(line: Line) -> None:
    """What was committed would be done twice."""
    line.trouble, line.commits = RuntimeError("a mistake"), True
    await line.deliver(payloads.mention())
    await line.tasks.idle()
    await line.deliver(payloads.edited_mention())
    await line.tasks.idle()

    assert len(line.seen) == 1


async def test_mention_while_the_first_still_runs(line: Line) -> None:
    """An edit within a second does not run beside it."""
    line.gate = asyncio.Event()
    await line.deliver(payloads.mention())
    await line.deliver(payloads.edited_mention())
    line.gate.set()
    await line.tasks.idle()

    assert len(line.seen) == 1


async def test_crash_is_taken_up_again(line: Line, client: SlackClient) -> None:
    """What was acknowledged and not finished is worked on by the next process; what was finished is not."""
    await line.deliver(payloads.command(trigger_id="t.done"))
    await line.tasks.idle()
    line.gate = asyncio.Event()
    await line.deliver(payloads.command(text="lost", trigger_id="t.lost"))
    await line.tasks.drain(deadline_s=0)
    later = Line(database=line.database, clock=line.clock).listen(client)

    assert later.listener.redo_unfinished() == 1
    await later.tasks.idle()
    assert [request.text for request in later.seen] == ["lost"]
    assert later.listener.redo_unfinished() == 0


async def test_what_is_too_old_is_not_taken_up(line: Line, client: SlackClient) -> None:
    """Nobody expects an answer after a weekend."""
    line.gate = asyncio.Event()
    await line.deliver(payloads.command())
    await line.tasks.drain(deadline_s=0)
    line.clock.advance(11 * 60)

    assert Line(database=line.database, clock=line.clock).listen(client).listener.redo_unfinished() == 0


async def test_full_disk_costs_nobody_the_answer(line: Line) -> None:
    """A delivery that can't be stored is acknowledged and worked on all the same."""
    line.database.value(f"PRAGMA max_page_count = {line.database.value('PRAGMA page_count')}")
    text = "x" * 50_000
    response = await line.deliver(payloads.command(text=text))
    await line.tasks.idle()

    assert response.status == 200
    assert [request.text for request in line.seen] == [text]


async def test_verification_token_is_not_stored(line: Line) -> None:
    """Slack's old secret has no business in our file."""
    line.gate = asyncio.Event()
    await line.deliver(payloads.command())

    assert "verification" not in line.database.value("SELECT payload FROM deliveries")
    await line.tasks.drain(deadline_s=0)


async def test_registered_routes_are_named(line: Line) -> None:
    """What the manifest is compared with."""
    assert "command /investigate" in line.listener.registered
    assert len(line.listener.registered) == 5


async def test_names_of_arguments_are_bolt_s(line: Line) -> None:
    """Bolt passes None for a name that it does not know, with one line in the log."""
    listeners = [function.ack_function for function in line.bolt._async_listeners]
    names = {name for function in listeners for name in inspect.signature(function).parameters}

    assert names == {"ack"}


async def test_bolt_tries_no_listener_for_each_route(line: Line) -> None:
    """Only those for what nobody registered: it asks one after the other, 2 ms long where there are two hundred."""
    assert len(line.bolt._async_listeners) == 6


UNDER_ANOTHER_APP_S_SECRETS = """
import asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

async def authorize():
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-ours")

async def seen(ack, context):
    assert context.bot_token == "xoxb-ours", context.bot_token
    await ack()

client = AsyncWebClient(token="xoxb-ours", base_url="http://127.0.0.1:9/")
app = AsyncApp(client=client, authorize=authorize, signing_secret="x", process_before_response=True)
app.command("/t2")(seen)
body = {"command": "/t2", "text": "", "team_id": "T1", "user_id": "U1", "channel_id": "C1", "trigger_id": "1"}
response = asyncio.run(app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body)))
print(response.status)
"""


def test_secrets_of_another_app_in_the_environment_change_nothing() -> None:
    """Bolt reads SLACK_CLIENT_ID and its secret, and would want an installation; our own authorization stays."""
    environment = os.environ | {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-other"}
    command = [sys.executable, "-c", UNDER_ANOTHER_APP_S_SECRETS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.stdout == "200\n", done.stderr


async def test_a_text_that_was_cut_inside_a_character_can_be_stored(line: Line) -> None:
    """Half of one is no text for a database; nothing else of it is lost."""
    await line.deliver(payloads.mention("<@UBOT> note \U0001f600 and half \ud83d"))
    await line.tasks.idle()

    assert [request.text for request in line.seen] == ["<@UBOT> note \U0001f600 and half ?"]
