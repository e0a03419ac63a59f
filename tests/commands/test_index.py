"""What is written twice is held equal: the listeners, the manifest, the words, the help."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.check import SCOPES
from bot.messages.model import Content
from bot.slack.deliveries import Deliveries
from bot.slack.listener import Listener
from bot.slack.request import Conversation, Request
from bot.tasks import Tasks
from bot.views import views
from commands import help, register, t2
from commands.grammar import EXAMPLES
from commands.mention import SPOKEN
from commands.services import Services
from tests.commands.test_mention import Thread
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.fake_web_api import FakeWebApi
from tests.slack_limits import broken_by_message
from tests.sources import READS_SOURCES, shipped, source
from tests.world import World

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


@pytest.fixture
async def listener() -> Listener[Services]:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1")

    app = AsyncApp(name="test", client=AsyncWebClient(token="xoxb-1"), authorize=authorize, signing_secret="x")
    listener: Listener[Services] = Listener(
        app=app,
        services=cast("Services", None),
        deliveries=Deliveries(database=memory_database(), clock=FakeClock()),
        tasks=Tasks(),
        conversation=Conversation(client=FakeWebApi(), trusted_urls=()),
    )
    register(listener)
    return listener


def registered(listener: Listener[Services], kind: str) -> set[str]:
    return {name.partition(" ")[2] for name in listener.registered if name.startswith(f"{kind} ")}


async def test_commands_are_the_manifest_s(listener: Listener[Services]) -> None:
    """One that is missing there can't be typed, one that is missing here answers nothing."""
    assert registered(listener, "command") == {entry["command"] for entry in MANIFEST["features"]["slash_commands"]}


async def test_shortcuts_are_the_manifest_s(listener: Listener[Services]) -> None:
    """The same."""
    assert registered(listener, "shortcut") == {entry["callback_id"] for entry in MANIFEST["features"]["shortcuts"]}


async def test_every_subscribed_event_has_a_listener(listener: Listener[Services]) -> None:
    """And no listener waits for what never comes."""
    subscribed = {name.partition(".")[0] for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}

    assert registered(listener, "event") == subscribed


async def test_handlers_take_what_they_are_given(listener: Listener[Services]) -> None:
    """A request and the services, and they are asynchronous."""
    for name, route in listener._routes.items():
        assert list(inspect.signature(route.handler).parameters) == ["request", "services"], name
        assert inspect.iscoroutinefunction(route.handler), name


def test_scopes_that_are_checked_are_asked_for() -> None:
    """`secondline check` must not miss what the manifest never gives."""
    assert set(SCOPES) <= set(MANIFEST["oauth_config"]["scopes"]["bot"])


def test_every_word_that_is_known_does_something() -> None:
    """And every word that does something is known, with an example."""
    assert list(SPOKEN) == list(EXAMPLES)


async def test_help_names_every_command_and_word() -> None:
    """As Slack shows it: angle brackets are no links, and the bot's name is what this workspace calls it."""
    services = replace(Thread(World()).services, bot_name="watchdog")
    help_text = await help.everything_button(Request(user="UKIM"), services)
    assert help_text and not isinstance(help_text, str)
    page_text = "\n".join(block["text"]["text"] for block in help_text.blocks)

    assert "`@watchdog probe mtr from customers`" in page_text
    assert "`@watchdog probe playbook`" in page_text
    assert broken_by_message(help_text) == []
    assert "<" not in page_text
    assert [
        entry["command"] for entry in MANIFEST["features"]["slash_commands"] if f"`{entry['command']}" not in page_text
    ] == []
    assert [example for example in EXAMPLES.values() if f"`@watchdog {example}`" not in page_text] == []


async def test_help_is_six_verbs_each_with_its_button(listener: Listener[Services]) -> None:
    """By slash and by mention; the rest is one press away, and every button is answered."""
    services = replace(Thread(World()).services, bot_name="watchdog")
    request = Request(user="UKIM", channel="C1")
    typed, said = await t2.slash(replace(request, text="help"), services), await SPOKEN["help"](request, services, "")
    assert isinstance(typed, Content) and typed == said
    rows = [block["accessory"] for block in typed.blocks if block["type"] == "section"]
    buttons = [*rows, *typed.blocks[-1]["elements"]]

    assert len(rows) == 6
    assert buttons[-1]["text"]["text"] == "All Commands"
    assert {button["action_id"] for button in buttons} <= registered(listener, "button")
    for handler in (help.probes_button, help.thread_button, help.others_button, help.known_button, t2.status_button):
        answer = await handler(request, services)
        assert isinstance(answer, Content) and broken_by_message(answer) == []


async def test_help_all_lists_everything_at_once() -> None:
    """For whoever knows already that six are too few."""
    services, request = Thread(World()).services, Request(user="UKIM", channel="C1", text="help all")

    assert await t2.slash(request, services) == await help.everything_button(request, services)


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call of a function with one of these names, with the module that it stands in."""
    for file in shipped():
        if not file.name.startswith("bot/sandbox/"):
            for call in file.calls:
                if _name(call.func) in names:
                    yield file.module, call


def _name(function: ast.expr) -> str:
    """What is called, by its last name."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def constant(module: str, value: ast.expr) -> str | None:
    """The text that an argument stands for; None for what is only known when it runs."""
    if isinstance(value, ast.Constant):
        return str(value.value)
    found = getattr(importlib.import_module(module), value.id, None) if isinstance(value, ast.Name) else None
    return found if isinstance(found, str) else None


@READS_SOURCES
async def test_every_button_and_form_is_answered(listener: Listener[Services]) -> None:
    """A button that nobody registered would be acknowledged, and do nothing."""
    buttons = {constant(module, call.args[1]) for module, call in calls("button") if len(call.args) > 1}
    menus = {constant(module, call.args[0]) for module, call in calls("overflow")}
    forms = {constant(module, call.args[0]) for module, call in calls("modal")}

    assert len(buttons) > 20 and menus and len(forms) > 10
    assert (buttons | menus) - registered(listener, "button") - {None} == set()
    assert forms - registered(listener, "form") - {None} == set()


def test_every_view_has_a_name_of_its_own() -> None:
    """The later of two that are called the same would show what the other owes."""
    names = [
        constant("bot.views", key)
        for node in source("bot/views.py").nodes
        if isinstance(node, ast.Dict)
        for key in node.keys
        if key
    ]

    assert len(names) > 20 and sorted(set(names), key=str) == sorted(names, key=str)


@READS_SOURCES
def test_every_message_that_is_owed_can_be_shown() -> None:
    """Its view is a name, and bot/views.py has the function."""
    shown = set(views(Thread(World()).services, per_page=5))
    named = [
        (module, word.value) for module, call in calls("card", "post") for word in call.keywords if word.arg == "view"
    ]
    owed = {constant(module, value) for module, value in named} - {None}

    assert len(owed) > 15
    assert owed - shown == set()
