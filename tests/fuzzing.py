"""The whole bot in one process, given whatever people, trackers and a help desk may send; one seed, one run."""

import asyncio
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.known_issues.github import wire as github_wire
from bot.known_issues.jira import wire as jira_wire
from bot.known_issues.model import Release, TrackerIssue
from bot.known_issues.sync import Sync
from bot.known_issues.tracker import TrackerError
from bot.messages.model import MessageKind
from bot.slack.ephemeral import EphemeralMessages
from bot.slack.request import Conversation
from bot.views import views
from tests.commands.test_mention import Thread
from tests.fake_desk import FakeDesk, ticket
from tests.fake_tracker import FakeTracker
from tests.hostile_shapes import SHAPES
from tests.in_process import bolt_app, listening
from tests.slack import payloads
from tests.slack.payloads import Json
from tests.stalls import Stalls
from tests.world import APP, US_EAST, US_WEST, World

PEOPLE = ("UKIM", "UJO", "UANA", "ULENA", "UTOM", "UGUEST", "")
TICKETS = 40
FORMS_KEPT, BUTTONS_KEPT = 30, 200
RENDERED_MOST = 40
COMMAND_MAX, MESSAGE_MAX, INPUT_MAX, SUBJECT_MAX = 8_000, 40_000, 3_000, 1_000
BODY_MAX, DESCRIPTION_MAX, NOTES_MAX = 65_536, 32_767, 125_000
# fmt: off
WORDS = (
    "us-east U.S. East us-west app payments packet loss login fails login since update Android iOS 2.14.1 claim "
    "release handover <@UJO> join tickets remove #7 4711 https://desk.test/agent/tickets/7 probe ping mtr tls smoke "
    "from Brisbane, Berlin customers x2 known note update escalate ack handoff resolve dismiss reopen timeline status "
    "help briefing at 09:00 Europe/Berlin weekdays follow KI-31 INV-1 INV-2 merge :rotating_light: "
    "<!subteam^SLTM|@ltm> <!channel> &amp; *bold*"
).split()
# fmt: on
VERBS = (
    *(
        "claim",
        "release",
        "handover <@UJO>",
        "join",
        "tickets",
        "tickets remove",
        "probe ping",
        "probe",
        "known",
        "note",
    ),
    *("escalate", "ack", "handoff", "resolve", "dismiss", "reopen", "timeline", "status", "help", "update", "merge"),
)


class Texts:
    """Words, sentences, and long texts of hostile shapes, as long as the place takes them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._shapes = list(SHAPES.values())

    def some(self, most: int) -> str:
        kind = self._chance.random()
        if kind < 0.5:
            return self._words(self._chance.randint(0, 12))[:most]
        if kind < 0.6:
            return "".join(chr(self._chance.randint(1, 0x2FFF)) for _ in range(self._chance.randint(0, 60)))
        shape = self._chance.choice(self._shapes)
        length = most if kind > 0.9 else self._chance.randint(1, most)
        return (f"{self._words(2)} {shape}" if kind < 0.75 else shape)[:length]

    def markdown(self, most: int) -> str:
        """An issue's body, with the headings that the bot reads."""
        parts = [f"## {name}\n\n{self.some(most)}" for name in ("Symptoms", "Workaround", "ETA")]
        self._chance.shuffle(parts)
        return "\n\n".join(parts)[:most]

    def _words(self, count: int) -> str:
        return " ".join(self._chance.choice(WORDS) for _ in range(count))


@dataclass
class FuzzedBot:
    """`run` works through inputs one after the other; whatever they owe is rendered, as the outbox would."""

    seed: int = 7
    world: World = field(default_factory=lambda: World(desk=FakeDesk(), patience_s=0.0, given_up_s=0.0))
    """Probes do not run here, so nobody waits for them."""
    refused: int = 0
    """How often something of the bot's own failed by a mistake of ours: none may."""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._texts = Texts(self._chance)
        self._numbers = itertools.count(1)
        self._thread = Thread(self.world)
        self._slack = self._thread.slack
        self._thread.services = replace(self._thread.services, conversation=self._conversation())
        self._bolt = bolt_app()
        self._listener = listening(self.world, self._thread.services, self._bolt)
        self._views = views(self._thread.services, 5)
        self._sync = Sync(tracker=self.world.tracker, intake=self.world.known.intake, clock=self.world.clock)
        self._forms: list[Json] = []
        self._buttons: list[tuple[str, str, Json | None]] = []
        self._ts = 1000.0
        self._roots: list[str] = []
        self.made: list[str] = []
        self._makers: list[tuple[str, Callable[[], Any]]] = [
            ("command", self._command),
            ("mention", self._mention),
            ("message", self._message),
            ("press", self._press),
            ("form", self._form),
            ("shortcut", self._shortcut),
            ("event", self._event),
            ("issue", self._issue),
            ("release", self._release),
            ("tickets", self._tickets),
        ]

    async def run(self, inputs: int) -> Stalls:
        """How the loop did meanwhile."""
        await self._begin()
        with Stalls() as stalls:
            for _ in range(inputs):
                kind, make = self._chance.choice(self._makers)
                stalls.during = kind
                made = make()
                self.made.append(f"{kind} {str(made)[:200]}")
                del self.made[:-20]
                stalls.during = self.made[-1]
                await (self._deliver(made) if isinstance(made, dict) else made)
                await self._settled()
        await self.world.tasks.drain(deadline_s=1.0)
        return stalls

    async def _begin(self) -> None:
        for target in (APP, US_EAST, US_WEST):
            await self.world.opened(target)
        self.world.tasks.forever(self.world.tickets.run, name="tickets")
        await self._settled()

    async def _deliver(self, body: Json) -> None:
        """As Socket Mode does; what it begins runs to its end."""
        response = await self._bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        self.refused += response.status != 200
        await self.world.tasks.idle()
        self.refused += sum("Something went wrong" in str(each.get("text")) for each in self._said())
        self._slack.calls.clear()
        self._slack.answered.clear()

    def _said(self) -> list[Json]:
        opened = [arguments["view"] for name, arguments in self._slack.calls if name in ("views.open", "views.update")]
        self._forms = [*self._forms, *(view for view in opened if "submit" in view)][-FORMS_KEPT:]
        said = [*self._slack.answered, *(arguments for name, arguments in self._slack.calls if "post" in name.lower())]
        self._see([each.get("blocks") for each in said])
        for view in opened:
            self._see(view["blocks"], view | {"id": "V1"})
        return said

    async def _settled(self) -> None:
        """The clock goes on; what is owed is rendered, one message in each turn of the loop, and counts as sent."""
        self.world.clock.advance(self._chance.choice((1, 1, 1, 30, 200)))
        for message in self.world.owed.due(self.world.clock())[:RENDERED_MOST]:
            content = self._views[message.view](message.record_id) if message.view else None
            self._see(content.blocks if content else ())
            self._ts += 1
            ts = message.ts or f"{self._ts:.6f}"
            self.world.owed.sent(message, ts=None if message.kind in (MessageKind.FILE, MessageKind.REACTION) else ts)
            if message.key.startswith("investigation/") and message.key.count("/") == 1:
                self._roots = [*self._roots, ts][-20:]
            await _next_turn()

    def _user(self) -> str:
        return self._chance.choice(PEOPLE) if self._chance.random() < 0.3 else "UKIM"

    def _command(self) -> Json:
        body = payloads.command(
            self._chance.choice(("/investigate", "/probe", "/t2", "/known")),
            self._texts.some(COMMAND_MAX),
            f"t.{next(self._numbers)}",
        )
        return body | {"user_id": self._user() or "UTOM"}

    def _where(self) -> Json:
        root = self._chance.choice([*self._roots[-6:], "", "8.8"])
        self._ts += 1
        where: Json = {"channel": "C1", "ts": f"{self._ts:.6f}", "user": self._user(), "channel_type": "channel"}
        return where | ({"thread_ts": root} if root else {})

    def _mention(self) -> Json:
        words = f"<@UBOT> {self._chance.choice(VERBS)} {self._texts.some(MESSAGE_MAX)}"[:MESSAGE_MAX]
        return payloads.event("app_mention", f"Ev{next(self._numbers)}", text=words, **self._where())

    def _message(self) -> Json:
        more: Json = {"channel_type": "im", "channel": "D1"} if self._chance.random() < 0.3 else {}
        fields = self._where() | {"text": self._texts.some(MESSAGE_MAX)} | more
        return payloads.event("message", f"Ev{next(self._numbers)}", **fields)

    def _press(self) -> Json:
        """A button or a menu's entry that stands on some message or in a form, perhaps an old one."""
        if not self._buttons:
            return self._command()
        action, value, view = self._chance.choice(self._buttons)
        press = payloads.press if view is None else partial(payloads.press_in, view)
        return press(action, value, f"t.{next(self._numbers)}") | {"user": {"id": self._user() or "UTOM"}}

    def _see(self, shown: object, view: Json | None = None) -> None:
        """Remembers the buttons and menus that people see, on messages or in a view."""
        if isinstance(shown, list | tuple):
            for each in shown:
                self._see(each, view)
        elif isinstance(shown, dict):
            values = [shown.get("value"), *(option.get("value") for option in shown.get("options") or [])]
            self._buttons += [(str(shown.get("action_id")), str(value), view) for value in values if value is not None]
            self._see([each for key, each in shown.items() if key in ("elements", "accessory", "blocks")], view)
        del self._buttons[:-BUTTONS_KEPT]

    def _form(self) -> Json:
        """One that was opened, filled in."""
        if not self._forms:
            return self._shortcut()
        view = self._chance.choice(self._forms)
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        values = {
            block["block_id"]: {block["element"]["action_id"]: self._filled(block["element"])} for block in inputs
        }
        body = payloads.submission(view["callback_id"], values, f"{next(self._numbers)}.a")
        body["view"] |= {"private_metadata": view.get("private_metadata", ""), "blocks": view["blocks"]}
        return body | {"user": {"id": self._user() or "UTOM"}}

    def _filled(self, element: Json) -> Json:
        options = element.get("options") or []
        match element["type"]:
            case "plain_text_input":
                return {
                    "type": element["type"],
                    "value": self._texts.some(element.get("max_length", INPUT_MAX)) or None,
                }
            case "checkboxes" | "multi_static_select":
                chosen = [each for each in options if self._chance.random() < 0.5]
                return {"type": element["type"], "selected_options": chosen}
            case "users_select":
                return {"type": element["type"], "selected_user": self._user()}
            case _:
                return {"type": element["type"], "selected_option": self._chance.choice(options) if options else None}

    def _shortcut(self) -> Json:
        name = self._chance.choice(self._registered("shortcut"))
        body = payloads.message_shortcut(name) | {"trigger_id": f"t.{next(self._numbers)}"}
        return body | {"message": body["message"] | {"text": self._texts.some(MESSAGE_MAX)}}

    def _event(self) -> Json:
        item = {"type": "message", "channel": "C1", "ts": self._chance.choice([*self._roots, "8.8"])}
        kind = self._chance.choice(("reaction_added", "reaction_removed", "pin_added", "pin_removed"))
        pinned = {
            "channel_id": "C1",
            "item": item | {"message": {"ts": item["ts"], "text": self._texts.some(MESSAGE_MAX)}},
        }
        more = pinned if kind.startswith("pin") else {"item": item, "reaction": self._chance.choice(("eyes", "ticket"))}
        return payloads.event(kind, f"Ev{next(self._numbers)}", user=self._user() or "UTOM", **more)

    async def _issue(self) -> None:
        """A tracker's JSON is read, in a thread as adapters do, and a turn of the sync takes it in."""
        number = self._chance.randint(1, 60)
        read = self._github if self._chance.random() < 0.5 else self._jira
        try:
            self.world.tracker.put(await asyncio.to_thread(read, number))
        except TrackerError:
            return
        self.world.tracker.issues = dict(list(self.world.tracker.issues.items())[-10:])
        await self._sync.turn()

    def _github(self, number: int) -> TrackerIssue:
        stamp = self.world.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        row = {
            "id": number,
            "node_id": f"I{number}",
            "number": number,
            "html_url": f"https://github.test/acme/app/issues/{number}",
            "title": self._texts.some(256),
            "body": self._texts.markdown(BODY_MAX),
            "state": self._chance.choice(("open", "closed")),
            "labels": [{"name": "known-issue"}, {"name": self._texts.some(50)}],
            "created_at": stamp,
            "updated_at": stamp,
        }
        return github_wire.issue_from(row, github_wire.GitHubLens(FakeTracker.name, ("in progress",)))

    def _jira(self, number: int) -> TrackerIssue:
        stamp = self.world.clock().strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        node: Json = {"type": "paragraph", "content": [{"type": "text", "text": self._texts.some(DESCRIPTION_MAX)}]}
        for _ in range(self._chance.randint(0, 25)):
            kind = self._chance.choice(("blockquote", "panel", "bulletList", "listItem", "table", "expand", "layout"))
            node = {"type": kind, "content": [node]}
        heading = {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Workaround"}]}
        fields = {
            "summary": self._texts.some(255),
            "description": {"type": "doc", "version": 1, "content": [heading, node]},
            "labels": ["known-issue"],
            "created": stamp,
            "updated": stamp,
        }
        row = {"id": str(1000 + number), "key": f"VPN-{number}", "fields": fields}
        return jira_wire.issue_from(row, jira_wire.JiraLens(FakeTracker.name, "https://jira.test"))

    async def _release(self) -> None:
        notes = self._texts.some(NOTES_MAX)
        github_wire.named_in(notes, "acme", "app")
        number, now = next(self._numbers), self.world.clock()
        release = Release(FakeTracker.name, str(number), f"v2.{number}", "https://tracker.test/r", notes, now)
        self.world.known.intake.released(FakeTracker.name, [release])

    async def _tickets(self) -> None:
        """The desk has other tickets; its loop finds them when it is due."""
        desk = self.world.desk
        assert desk
        subject = f"US East app login {self._texts.some(SUBJECT_MAX)}"
        desk.found = [ticket(next(self._numbers), self.world.clock(), subject), *desk.found][:TICKETS]

    def _registered(self, kind: str) -> list[str]:
        return sorted(name.partition(" ")[2] for name in self._listener.registered if name.startswith(f"{kind} "))

    def _conversation(self) -> Conversation:
        """Whose limits follow the clock of the run: a flood of inputs is not one of a minute."""

        async def go_on(seconds: float) -> None:
            self.world.clock.advance(seconds)

        def seconds() -> float:
            return self.world.clock().timestamp()

        whispers = EphemeralMessages(client=self._slack, trusted_urls=(), seconds=seconds, pause=go_on)
        return Conversation(client=self._slack, trusted_urls=(), ephemeral=whispers, seconds=seconds)


async def _next_turn() -> None:
    """Until the loop has had one."""
    loop = asyncio.get_running_loop()
    turned = loop.create_future()
    loop.call_soon(turned.set_result, None)
    await turned
