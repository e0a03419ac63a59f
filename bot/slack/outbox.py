"""The outbox: the only sender. It renders the newest state, sends it, and stores where it went."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from attrs import define

from bot.clock import Clock
from bot.database import StorageError
from bot.due_loop import work_off
from bot.messages.model import (
    Content,
    Message,
    MessageKind,
    MessageState,
    Place,
    Rank,
    RefusedMessage,
    SendWay,
)
from bot.messages.owed import Owed
from bot.messages.store import MessageStore
from bot.slack.answers import MessageGone, SlackBusy, SlackError, SlackUnclear
from bot.slack.pacing import Pacer
from bot.slack.sender import Sender, digest_of, methods_of
from bot.slack.text import escape, place
from bot.slack.turns import Turns
from bot.tasks import Tasks

logger = logging.getLogger(__name__)

View = Callable[[int], Content | None]
"""Renders the newest state of a record; None where it no longer exists."""

LOOK_AFTER_S = 2.0
"""How long a request without an answer may still be worked on before the outbox looks for its result."""
IDLE_S = 30.0
NO_ROOM_S = 2.0
"""How long to wait where the database can't be written: nothing is sent that could not be written down."""
BACKOFF_MAX_S = 60.0
HELD_S = 5.0
"""A wait for a limit that is worth being told."""
BROKEN_S = 60.0
PROCESSED_AFTER_S = 1.0
"""How long Slack has for an uploaded image before it is asked whether it can be shown; then ever longer."""
LOOKS_MAX = 8
REACT_WITHIN = timedelta(seconds=60)
"""A sign on a message that comes later is let go: what it stood for is on the card."""

Queue = tuple[SendWay, str]
"""What has a limit of its own: posting in one channel, or any other way of sending."""
SendLane = tuple[SendWay, str, bool]
"""What goes one at a time. What is urgent has lanes of its own: a request that hangs must not hold it up."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Outbox:
    """Sends what is owed: by rank and in turns, paced, one at a time per channel and way. `clock` must run evenly."""

    _store: MessageStore
    _sender: Sender
    _views: Mapping[str, View]
    _tasks: Tasks
    _clock: Clock
    _wake: asyncio.Event

    def __attrs_post_init__(self) -> None:
        self._pacer = Pacer()
        self._turns = Turns()
        self._busy: set[SendLane] = set()
        self._unsaved: list[Message] = []
        """Whose outcome is not written down yet, since the database could not be written."""
        self._held: set[int] = set()
        """The urgent ones of which it was said that they wait."""

    async def run(self) -> None:
        """Send what is due, then wait for the next due time or for something newly owed; without end."""
        self._store.interrupted()
        self._store.retry_recent()
        await work_off(self._turn, wake=self._wake, clock=self._clock, idle_s=IDLE_S)

    async def _turn(self) -> datetime:
        wait_s = self.send_due() if self._saved() else NO_ROOM_S
        return self._clock() + timedelta(seconds=wait_s)

    def send_due(self) -> float:
        """Start sending what may go now; seconds until it is worth looking again."""
        now, wait_s = self._clock(), IDLE_S
        self._let_go(now)
        queues: dict[Queue, list[Message]] = defaultdict(list)
        for message in self._store.due(now):
            queues[_queue(message)].append(message)
        for queue, waiting in queues.items():
            wait_s = min(wait_s, self._serve(queue, waiting, now))
        later = self._store.next_due_at(now)
        due_s = (later - now).total_seconds() if later else IDLE_S
        return max(0.005, min(wait_s, due_s))

    def _let_go(self, now: datetime) -> None:
        try:
            dropped = self._store.let_go(now - REACT_WITHIN)
        except StorageError as error:
            logger.error("signs that come too late stay owed: %s", error.sentence)
            return
        if dropped:
            logger.info("%d signs came too late and were let go", dropped)

    def _serve(self, queue: Queue, waiting: Sequence[Message], now: datetime) -> float:
        """Start what may go of one queue, in turns; seconds until more of it may.

        Where posts wait, nobody overtakes who is next. Edits that wait for a budget leave others theirs.
        """
        wait_s = IDLE_S
        for message in self._turns.order(queue, waiting):
            lane = _lane(message)
            if lane in self._busy:
                continue
            pause_s = self._pause_s(message, now)
            if pause_s > 0:
                wait_s = min(wait_s, pause_s)
                self._hold(message, pause_s)
                if message.way is SendWay.POST:
                    break
                continue
            self._busy.add(lane)
            self._reserve(message, now)
            served = partial(self._turns.took, queue, message, waiting)
            self._tasks.start(self._deliver(message, lane, served), name=f"send {message.key}")
        return wait_s

    def _hold(self, message: Message, pause_s: float) -> None:
        """Say once of what is urgent and new that it waits for a limit, whoever met that first."""
        if pause_s < HELD_S or message.ts or message.rank is not Rank.URGENT or message.id in self._held:
            return
        self._held.add(message.id)
        try:
            self._store.hold(message)
        except StorageError as error:
            logger.error("that %s waits can't be said: %s", message.key, error.sentence)

    def _pause_s(self, message: Message, now: datetime) -> float:
        pause_s = self._pacer.method_wait_s(methods_of(message), now)
        if message.way is SendWay.EDIT:
            return max(pause_s, self._pacer.update_wait_s(now, human=message.human, rank=message.rank))
        if message.way is SendWay.POST:
            return max(pause_s, self._pacer.post_wait_s(message.place.channel, now, rank=message.rank))
        return pause_s

    def _reserve(self, message: Message, now: datetime) -> None:
        """Counted when it starts, since several start in one round."""
        self._pacer.called(methods_of(message), now)
        if message.way is SendWay.EDIT:
            self._pacer.updated(now, human=message.human)
        elif message.way is SendWay.POST:
            self._pacer.posted(message.place.channel, now)

    async def _deliver(self, message: Message, lane: SendLane, served: Callable[[], None]) -> None:
        try:
            if await self._attempt(message):
                served()
        except StorageError as error:
            logger.error("%s: %s", message.key, error.sentence)
            self._unsaved.append(message)
        except Exception:
            # A mistake of ours, such as a record that can't be rendered: it must not be tried in every round.
            self._store.later(
                message, due_at=self._clock() + timedelta(seconds=BROKEN_S), reason="a mistake, see the log"
            )
            raise
        finally:
            self._busy.discard(lane)
            self._wake.set()

    def _saved(self) -> bool:
        """Store that the outcome of what could not be stored is unknown; False while not even that can be."""
        while self._unsaved:
            try:
                reason = "its outcome could not be saved"
                self._store.later(self._unsaved[-1], due_at=self._clock(), reason=reason, unsure=True)
            except StorageError:
                return False
            self._unsaved.pop()
        return True

    async def _attempt(self, message: Message) -> bool:
        """Whether it had its turn: what was refused because of a limit still has it."""
        try:
            await self._send(message)
        except SlackBusy as error:
            self._blocked(message, error)
            return False
        except SlackUnclear as error:
            self._look_for(message, error)
        except MessageGone:
            self._gone(message)
        except SlackError as error:
            self._refuse(message, error)
        return True

    async def _send(self, message: Message) -> None:
        if message.kind is MessageKind.FILE:
            await self._share(message)
        elif message.kind is MessageKind.IMAGE:
            await (self._look_at(message, message.file_id) if message.file_id else self._upload(message))
        elif message.kind is MessageKind.REACTION:
            await self._react(message)
            self._store.sent(message, ts=None)
        elif message.kind is MessageKind.REMOVAL:
            await self._sender.remove(message)
            self._store.sent(message, ts=None)
        else:
            await self._show(message)

    async def _react(self, message: Message) -> None:
        """A sign that this server does not let the bot give is left out; what it stood for is on the card."""
        try:
            await self._sender.react(message)
        except SlackError as error:
            if error.retry:
                raise
            logger.info("%s is left out: %s", message.key, error.reason)

    async def _show(self, message: Message) -> None:
        content = self._content(message)
        if content is None:
            self._store.sent(message, ts=message.ts)
            return
        if message.way is SendWay.LOOK:
            if not await self._arrived(message, content):
                self._store.later(message, due_at=message.due_at, reason="it had not arrived")
            return
        digest = digest_of(content)
        if not message.ts:
            await self._post(message, content, digest)
        elif digest == message.digest:
            self._pacer.not_updated()
            self._store.sent(message, ts=message.ts, digest=digest)
        else:
            await self._sender.edit(message, content)
            self._store.sent(message, ts=message.ts, digest=digest)

    async def _post(self, message: Message, content: Content, digest: str) -> None:
        place = replace(message.place, channel=await self._sender.address(message.place.channel))
        message = replace(message, place=place)
        if not self._store.sending(message, digest):
            return
        channel, ts = await self._sender.post(message, content)
        self._store.sent(message, ts=ts, channel=channel, digest=digest)

    async def _arrived(self, message: Message, content: Content) -> bool:
        """Whether an earlier attempt arrived; if so it is edited later where the record has moved on."""
        for ts in await self._sender.find(message, content.text):
            if not self._store.is_anothers(message, ts):
                logger.info("%s had arrived after all", message.key)
                self._store.sent(replace(message, wanted=message.wanted - 1), ts=ts, digest=message.digest)
                return True
        return False

    async def _share(self, message: Message) -> None:
        """Share a file; where this server takes none, whichever of the three steps it lacks, it is owed as text."""
        if message.file_id or message.state is MessageState.UNSURE:
            if await self._sender.find(message, ""):
                await self._shared(message, message.file_id or "", "")
                return
            if self._store.not_there(message):
                return
        try:
            file_id, upload_url = await self._sender.reserve(message)
            self._store.uploaded(message, file_id)
            if not self._store.sending(message, ""):
                return
            link = await self._sender.share(message, file_id, upload_url)
        except SlackError as error:
            if error.retry:
                raise
            logger.warning("%s: %s; sending it as text", message.key, error.sentence)
            self._store.as_text(message, self._sender.as_text(message, error.reason).text)
        else:
            await self._shared(message, file_id, link)

    async def _upload(self, message: Message) -> None:
        """An image for a block: nobody sees a second one, so where its outcome is unknown it is asked for by its id."""
        file_id, upload_url = await self._sender.reserve(message)
        self._store.uploaded(message, file_id)
        self._store.sending(message, "")
        await self._sender.share(message, file_id, upload_url)
        self._look_later(message, PROCESSED_AFTER_S)

    async def _look_at(self, message: Message, file_id: str) -> None:
        """Blocks show an image when Slack has worked it through, and not before."""
        shows = await self._sender.can_show(file_id)
        if shows:
            self._store.has_picture(message)
        elif message.attempts >= LOOKS_MAX or (shows is None and not message.content):
            raise SlackError("not_processed", method="files.info")
        else:
            if shows is None:
                self._store.uploaded(message, None)
            self._store.sending(message, "")
            self._look_later(message, PROCESSED_AFTER_S * 2**message.attempts)

    def _look_later(self, message: Message, wait_s: float) -> None:
        due_at = self._clock() + timedelta(seconds=min(wait_s, BACKOFF_MAX_S))
        self._store.later(replace(message, attempts=message.attempts + 1), due_at=due_at, reason="Slack works on it")

    async def _shared(self, message: Message, file_id: str, link: str) -> None:
        """That it is there is stored first: asking for its address takes a moment, and may fail."""
        self._store.sent(message, ts=None)
        if link := link or (await self._sender.file_link(file_id) if file_id else ""):
            self._store.linked(message, link)

    def _content(self, message: Message) -> Content | None:
        if not message.view:
            return Content(message.content)
        return self._views[message.view](message.record_id)

    def _blocked(self, message: Message, error: SlackBusy) -> None:
        """Slack wants silence. The message keeps its place: nobody who comes later overtakes it afterwards."""
        until = self._clock() + timedelta(seconds=error.retry_after_s or 1.0)
        limited = error.method if error.method in methods_of(message) else ""
        self._pacer.block(limited or message.place.channel, until=until)
        due_at = message.due_at if limited or message.way is SendWay.POST else until
        logger.info("%s waits until %s: %s", message.key, until.time().isoformat("milliseconds"), error.reason)
        unsure = message.state is MessageState.UNSURE
        self._store.later(message, due_at=due_at, reason=error.reason, unsure=unsure, code=error.code)

    def _look_for(self, message: Message, error: SlackError) -> None:
        """Whether Slack has it is not known."""
        longer_s = min(BACKOFF_MAX_S, 2.0 ** min(message.attempts, 6)) if message.attempts > 1 else 0.0
        due_at = self._clock() + timedelta(seconds=max(LOOK_AFTER_S, longer_s))
        logger.info("%s waits until %s: %s", message.key, due_at.time().isoformat("milliseconds"), error.reason)
        self._store.later(message, due_at=due_at, reason=error.reason, unsure=True)

    def _gone(self, message: Message) -> None:
        if message.ts:
            self._store.lost(message)
        else:
            self._refuse(message, MessageGone("thread_not_found", method="chat.postMessage"))

    def _refuse(self, message: Message, error: SlackError) -> None:
        logger.warning("%s was refused: %s", message.key, error.reason)
        self._store.refused(message, error.reason, error.code)
        tell_refusal(self._store, RefusedMessage(message.key, message.place.channel, error.reason, message.for_user))


def _queue(message: Message) -> Queue:
    return (message.way, message.place.channel if message.way is SendWay.POST else "")


def _lane(message: Message) -> SendLane:
    channel = "" if message.way is SendWay.REACT else message.place.channel
    return (message.way, channel, message.rank is Rank.URGENT)


def tell_refusal(owed: Owed, refusal: RefusedMessage) -> None:
    """A direct message, once per refused message; a refused direct message stays in `/t2 status` only."""
    if not refusal.for_user or refusal.channel == refusal.for_user:
        return
    text = f":warning: Slack did not take a message for {place(refusal.channel)}: {escape(refusal.reason)}."
    owed.text(f"refusal/{refusal.key}", text=text, place=Place(refusal.for_user), for_user="")
