"""From Bolt to a handler: store, acknowledge, run in an owned task, tell the person what went wrong."""

import asyncio
import logging
import re
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from bot.clock import Seconds
from bot.database import FIRST_PAUSE_S, LONGEST_PAUSE_S, Busy, current_delivery, patiently
from bot.errors import SecondLineError, TooMuch
from bot.loose_json import mapping, objects
from bot.messages.budget import Act, current_act
from bot.newest import keep
from bot.slack.deliveries import Deliveries, Delivery, Payload, delivery_key, form_twin
from bot.slack.given_back import given_back
from bot.slack.intake import Accepted, Intake
from bot.slack.kept import kept
from bot.slack.request import Answer, Clarification, Conversation, Request, read
from bot.slack.routes import route_of
from bot.slack.shape import with_whole_characters
from bot.slack.text import escape
from bot.tasks import Tasks, caught

QUIET_S = 60.0
KEPT = 10_000


class RecentNotices:
    """Remembers by person and topic."""

    def __init__(self, *, seconds: Seconds = time.monotonic) -> None:
        self._seconds = seconds
        self._said: dict[tuple[str, str], float] = {}

    def repeats(self, person: str, topic: str) -> bool:
        """Whether the person was told about it a moment ago; if not, they are now."""
        now_s, about = self._seconds(), (person, topic)
        if about in self._said and now_s - self._said[about] < QUIET_S:
            return True
        keep(self._said, about, now_s, most=KEPT)
        return False


_ANYTHING = re.compile(".*")

logger = logging.getLogger(__name__)

Services = TypeVar("Services")
Handler = Callable[[Request, Services], Awaitable[Answer]]
Before = Callable[[str, Request, Services], Awaitable[bool]]
"""Whether the handler of a route runs; raises where the person is told why it doesn't."""
Shut = Callable[[Request, Services], bool]
"""Whether `Before` refuses who asks, from memory: it must not wait."""
Afterwards = Callable[[Request, Services], Awaitable[None]]
Wording = Callable[[SecondLineError, str, Services], Awaitable[str]]
"""What went wrong as a person reads it, as plain text."""
Check = Callable[[Request, Services], dict[str, str]]
"""Looks at a form before it closes, so that nobody's words are lost; what is wrong by block id. It must not wait."""


PATIENCE_S = 10.0
SENTENCE_MAX = 300


@dataclass(frozen=True, slots=True)
class _Route(Generic[Services]):
    handler: Handler[Services]
    check: Check[Services] | None = None


Listen = Callable[[str, AsyncAck, Payload], Awaitable[None]]
"""Acknowledges what was delivered for a route, and begins what it asks for."""


class Routing(AsyncMiddleware):
    """Stands in Bolt behind its own checks, and finds the route of a delivery by its name.

    Bolt's listeners are tried one after the other, each with a new set of arguments: where there are two hundred, an
    ordinary message of a channel takes two milliseconds before its ack, and every other ack waits for them.
    """

    def __init__(self, routes: Container[str], listen: Listen) -> None:
        self._routes = routes
        self._listen = listen

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Bolt's hook; what has no route goes on to Bolt's listeners."""
        route = route_of(req.body)
        if route not in self._routes:
            return await next()
        ack = req.context.ack
        await self._listen(route, ack, req.body)
        answer: BoltResponse | None = ack.response
        return answer


@dataclass(frozen=True, slots=True)
class _Work:
    """What was acknowledged and is to be worked on; `unstored` where the database was locked."""

    key: str
    name: str
    request: Request
    unstored: Delivery | None = None


class Listener(Generic[Services]):
    """Takes from Bolt what has a handler.

    Bolt must never see an exception (one just after `ack()` takes the ack back), so what it calls here only stores
    the delivery, acknowledges and starts a task of our own; see `_run` for the app's one error handler.
    """

    def __init__(
        self,
        *,
        app: AsyncApp,
        services: Services,
        deliveries: Deliveries,
        tasks: Tasks,
        conversation: Conversation,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """A person waits `patience_s` for a database that another program holds, and is told then."""
        self._app = app
        self._services = services
        self._deliveries = deliveries
        self._tasks = tasks
        self._conversation = conversation
        self._patience_s = patience_s
        self._intake = Intake(deliveries)
        self._next: deque[_Work] = deque()
        self._beginning: asyncio.Task[None] | None = None
        self._notices = RecentNotices()
        self._routes: dict[str, _Route[Services]] = {}
        app.use(Routing(self._routes, self.listen))
        self._before: Before[Services] | None = None
        self._shut: Shut[Services] | None = None
        self._wording: Wording[Services] | None = None
        self._afterwards: Afterwards[Services] | None = None

    @property
    def registered(self) -> frozenset[str]:
        """Every route as "kind name": "command /investigate"."""
        return frozenset(self._routes)

    def command(self, name: str, handler: Handler[Services]) -> None:
        self._register(f"command {name}", _Route(handler))

    def shortcut(self, callback_id: str, handler: Handler[Services]) -> None:
        self._register(f"shortcut {callback_id}", _Route(handler))

    def button(self, action_id: str, handler: Handler[Services]) -> None:
        """A button, a menu whose choice is the request's `value`, or an input that tells of what is typed."""
        self._register(f"button {action_id}", _Route(handler))

    def form(self, callback_id: str, handler: Handler[Services], *, check: Check[Services] | None = None) -> None:
        self._register(f"form {callback_id}", _Route(handler, check))

    def event(self, name: str, handler: Handler[Services]) -> None:
        self._register(f"event {name}", _Route(handler))

    def before(self, before: Before[Services]) -> None:
        """Asked ahead of each handler."""
        self._before = before

    def shut(self, shut: Shut[Services]) -> None:
        """Asked ahead of a form's check: whoever may not ask for anything is told so, and not what the form lacks."""
        self._shut = shut

    def wording(self, wording: Wording[Services]) -> None:
        """Asked how whoever is refused reads why."""
        self._wording = wording

    def afterwards(self, afterwards: Afterwards[Services]) -> None:
        """Called after each handler, also after one that refused."""
        self._afterwards = afterwards

    def acknowledge_the_rest(self) -> None:
        """Last: what nobody registered is acknowledged all the same, or Slack sends it three more times."""

        async def acknowledge(ack: AsyncAck) -> None:
            await ack()

        for register in (
            self._app.event,
            self._app.action,
            self._app.shortcut,
            self._app.view,
            self._app.view_closed,
            self._app.command,
        ):
            register(_ANYTHING)(acknowledge)

    def redo_unfinished(self) -> int:
        """Run again what a crash interrupted before the start; how many."""
        unfinished = self._deliveries.unfinished()
        for each in unfinished:
            arrived = self._read(each.kind, each.payload) if each.kind in self._routes else None
            if arrived:
                self._start(_Work(each.key, each.kind, arrived[0]))
            else:
                self._deliveries.done(each.key)
        return len(unfinished)

    def _register(self, name: str, route: _Route[Services]) -> None:
        self._routes[name] = route

    async def listen(self, name: str, ack: AsyncAck, body: Payload) -> None:
        """Store what was delivered for a route, acknowledge it, and begin to work on it."""
        route, body = self._routes[name], with_whole_characters(body)
        arrived = self._read(name, body)
        if arrived is None:
            await ack()
            return
        request, key = arrived
        looked_at = route.check and not self._came_before(key) and not self._is_shut(request)
        wrong = self._wrong(name, route, request, body) if looked_at else {}
        if wrong and self._asked(lambda: self._deliveries.succeeded(form_twin(body))):
            await ack()
            return
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        delivery = Delivery(key, name, kept(body), form_twin(body))
        accepted = await self._intake.accept(delivery)
        await ack()
        if accepted is not Accepted.BEFORE:
            self._start(_Work(key, name, request, delivery if accepted is Accepted.UNSTORED else None))

    def _is_shut(self, request: Request) -> bool:
        return bool(self._shut and self._shut(request, self._services))

    def _came_before(self, key: str) -> bool:
        """A form that is sent again because its answer was lost: what it says is done is no error."""
        return self._asked(partial(self._deliveries.known, key))

    def _read(self, name: str, body: Payload) -> tuple[Request, str] | None:
        """A delivery as a request; None for what Slack never sends: it is acknowledged, or it would come again."""
        try:
            return read(body), delivery_key(body)
        except Exception:
            logger.exception("%s came with a payload that can't be read", name)
            return None

    def _wrong(self, name: str, route: _Route[Services], request: Request, body: Payload) -> dict[str, str]:
        """What keeps the form open, by block. A check that fails keeps it open too, with everything that was typed."""
        try:
            return route.check(request, self._services) if route.check else {}
        except SecondLineError as error:
            logger.info("%s by %s: %s", name, request.user, error.sentence)
            sentence = error.sentence
        except Exception:
            token = secrets.token_hex(3)
            logger.exception("the check of %s by %s failed [%s]", name, request.user, token)
            sentence = f"Something went wrong. Send it again, or tell your admin: it is logged as {token}."
        return {_first_input(body): sentence[:SENTENCE_MAX]}

    def _asked(self, question: Callable[[], bool]) -> bool:
        """What the deliveries say; False where they can't be read."""
        try:
            return question()
        except SecondLineError as error:
            logger.error("cannot look for a delivery: %s", error.sentence)
            return False

    def _start(self, work: _Work) -> None:
        """Begin it in its turn, in the order in which all came."""
        self._next.append(work)
        if self._beginning is None or self._beginning.done():
            self._beginning = self._tasks.start(self._begin(), name="deliveries")

    async def _begin(self) -> None:
        while self._next:
            await self._intake.quiet()
            work = self._next.popleft()
            self._tasks.start(self._run(work.key, work.name, work.request, work.unstored), name=work.name)

    async def _run(self, key: str, name: str, request: Request, unstored: Delivery | None) -> None:
        """The app's one handler of errors: every one becomes words for the person, none is swallowed."""
        current_delivery.set(key)
        current_act.set(Act(request.user) if request.user else None)
        failed = True
        try:
            if unstored is not None and not await self._stored(unstored):
                return
            answer = await self._handled(key, name, request)
            failed = False
        except Clarification as question:
            logger.info("%s by %s: %s", name, request.user, question.sentence)
            repeats = question.topic and self._notices.repeats(request.user, question.topic)
            answer = None if repeats else question.content
        except TooMuch as error:
            repeats = self._notices.repeats(request.user, error.topic)
            answer = (
                None if repeats and not request.written else _refused(request, await self._worded(error, request.user))
            )
        except SecondLineError as error:
            logger.info("%s by %s: %s", name, request.user, error.sentence)
            # The same form by the same person was done a moment ago: what is impossible now is their own success.
            done = self._asked(lambda: self._deliveries.twin_succeeded(key))
            answer = None if done else _refused(request, await self._worded(error, request.user))
        except Exception:
            token = secrets.token_hex(3)
            logger.exception("%s by %s failed [%s]", name, request.user, token)
            mistake = SecondLineError(
                f"Something went wrong inside Second Line. Try again, or tell your admin: it is logged as `{token}`."
            )
            worded = await caught(self._worded(mistake, request.user), name="the words of a mistake")
            answer = _refused(request, worded or mistake.sentence)
        if request.user:
            await self._conversation.answer(request, answer)
        current_delivery.set(None)
        if self._afterwards:
            await caught(self._afterwards(request, self._services), name=f"what follows {name}")
        await self._finish(key, failed=failed)

    async def _worded(self, error: SecondLineError, user: str) -> str:
        return escape(await self._wording(error, user, self._services) if self._wording else error.sentence)

    async def _stored(self, delivery: Delivery) -> bool:
        """Whether it is new, once the database can be written again."""
        (new,) = await patiently(partial(self._deliveries.arrived, [delivery]), within_s=self._patience_s)
        return new

    async def _handled(self, key: str, name: str, request: Request) -> Answer:
        """What the handler answers; begun anew where another program held the database before it had saved anything."""
        end, pause_s = time.monotonic() + self._patience_s, FIRST_PAUSE_S
        while True:
            try:
                if self._before and not await self._before(name, request, self._services):
                    return None
                return await self._routes[name].handler(request, self._services)
            except Busy:
                if time.monotonic() + pause_s > end or self._deliveries.is_done(key):
                    raise
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _finish(self, key: str, *, failed: bool) -> None:
        def finish() -> None:
            if failed:
                self._deliveries.failed(key)
            self._deliveries.done(key)

        try:
            await patiently(finish)
        except SecondLineError as error:
            logger.error("cannot mark a delivery as done: %s", error.sentence)


def _refused(request: Request, sentence: str) -> Answer:
    """A form is closed by now, so its words are given back."""
    return given_back(sentence, request.written) if request.written else sentence


def _first_input(body: Payload) -> str:
    """The input beside which a sentence about the whole form is shown: Slack shows it beside nothing else."""
    blocks = objects(mapping(body.get("view")).get("blocks"))
    inputs = (str(block.get("block_id")) for block in blocks if block.get("type") == "input")
    return next(inputs, next(iter(read(body).values), ""))
