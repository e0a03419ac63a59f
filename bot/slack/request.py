"""What a person did in Slack, whatever way it came, and how to answer that person alone."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Seconds
from bot.errors import BadInput
from bot.loose_json import mapping, objects
from bot.messages.budget import Budget
from bot.messages.model import Block, Content
from bot.newest import keep
from bot.slack.answers import SlackError, SlackUnclear
from bot.slack.client import WebApi
from bot.slack.deliveries import Payload
from bot.slack.ephemeral import EphemeralMessages, Reader, Told, nothing_noted

logger = logging.getLogger(__name__)

FORMS_PER_MIN = 30
"""Slack opens a hundred in a minute, for everybody together."""

PERMALINKS_KEPT = 5_000
"""A list of what is open has one for each line: Slack need not be asked for all of them each time."""
PERMALINKS_AT_ONCE = 8
"""Fifty answers that come together would keep everybody else waiting."""

Answer = Content | str | None


@dataclass(frozen=True, slots=True)
class Request:
    """One delivery, read at the border.

    `text` is the command's or message's own text; `value` the pressed button's; `message` the message that a
    shortcut or button stands on; `values` the inputs of a form, or of that message as the person has them, by block id,
    as text, or a list where several are chosen.
    """

    user: str
    channel: str = ""
    text: str = ""
    value: str = ""
    ts: str = ""
    thread_ts: str = ""
    trigger_id: str = ""
    response_url: str = ""
    private_metadata: str = ""
    view_id: str = ""
    view_hash: str = ""
    message: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    """What the person wrote in a form that they sent, without what it began with."""
    event: Mapping[str, Any] = field(default_factory=dict)
    on_home: bool = False
    """Whether it was pressed on the App Home."""

    @property
    def root_ts(self) -> str:
        """The thread that the person was in, if any."""
        return self.thread_ts or str(self.message.get("thread_ts") or self.message.get("ts") or "")

    def typed(self, block: str) -> str:
        """What is in one of a form's inputs, "" for nothing."""
        return str(self.values.get(block) or "")

    def chosen(self, block: str) -> tuple[int, ...]:
        """The numbers that are chosen in one of the inputs."""
        return tuple(map(int, self.values.get(block) or ()))


def read(payload: Payload) -> Request:
    """Any of Slack's payloads as a Request (https://docs.slack.dev/interactivity/handling-user-interaction)."""
    if "event" in payload:
        return _event(payload["event"])
    if "command" in payload:
        return Request(
            user=payload["user_id"],
            channel=payload["channel_id"],
            text=str(payload.get("text") or ""),
            trigger_id=str(payload.get("trigger_id") or ""),
            response_url=str(payload.get("response_url") or ""),
        )
    return _interaction(payload)


def _event(event: Payload) -> Request:
    item = mapping(event.get("item"))
    return Request(
        user=_id(event.get("user")),
        channel=_id(event.get("channel") or event.get("channel_id") or item.get("channel")),
        text=str(event.get("text") or ""),
        ts=str(event.get("ts") or item.get("ts") or (item.get("message") or {}).get("ts") or ""),
        thread_ts=str(event.get("thread_ts") or ""),
        event=event,
    )


def _id(named: object) -> str:
    """Some events carry the whole person or channel where others carry the id."""
    return str(named.get("id") or "") if isinstance(named, dict) else str(named or "")


def _interaction(payload: Payload) -> Request:
    view, action = payload.get("view") or {}, (payload.get("actions") or [{}])[0]
    message, container = payload.get("message") or {}, payload.get("container") or {}
    chosen = action.get("selected_option") or {}
    return Request(
        user=str((payload.get("user") or {}).get("id") or ""),
        channel=str((payload.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        value=str(action.get("value") or chosen.get("value") or ""),
        ts=str(payload.get("message_ts") or message.get("ts") or container.get("message_ts") or ""),
        thread_ts=_thread(message, container),
        trigger_id=str(payload.get("trigger_id") or ""),
        response_url=str(payload.get("response_url") or ""),
        private_metadata=str(view.get("private_metadata") or ""),
        view_id=str(view.get("id") or ""),
        view_hash=str(view.get("hash") or ""),
        message=message,
        values=_values(view or payload),
        written=_written(view) if payload.get("type") == "view_submission" else (),
        on_home=view.get("type") == "home",
    )


def _thread(message: Mapping[str, Any], container: Mapping[str, Any]) -> str:
    """The thread of a reply; "" for its root, which stands in the channel where the person pressed it."""
    thread_ts = str(message.get("thread_ts") or container.get("thread_ts") or "")
    return "" if thread_ts == str(message.get("ts") or container.get("message_ts") or "") else thread_ts


def _values(view: Payload) -> dict[str, Any]:
    """`state.values` with the action ids left out: every input of ours has a block of its own."""
    values: dict[str, Any] = {}
    for block_id, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            values[block_id] = _input(element)
    return values


def _written(view: Payload) -> tuple[str, ...]:
    values, written = _values(view), list[str]()
    for block in objects(view.get("blocks")):
        element, text = mapping(block.get("element")), str(values.get(str(block.get("block_id"))) or "").strip()
        if element.get("type") == "plain_text_input" and text not in (
            "",
            str(element.get("initial_value") or "").strip(),
        ):
            written.append(text)
    return tuple(written)


def _input(element: Payload) -> str | list[str]:
    if "selected_options" in element:
        return [str(option["value"]) for option in element["selected_options"] or []]
    chosen = (element.get("selected_option") or {}).get("value")
    others = ("value", "selected_user", "selected_date_time")
    return str(chosen or next((element[name] for name in others if element.get(name)), ""))


class Clarification(BadInput):
    """Says why it could not be done with more than a sentence, such as buttons for what the person may have meant.

    With a `topic` a person is told about it once, not each time.
    """

    def __init__(self, content: Content, *, topic: str = "") -> None:
        super().__init__(content.text)
        self.content = content
        self.topic = topic


class Conversation:
    """Answers that only one person sees. Best effort: they are no record, so they are not owed."""

    def __init__(
        self,
        *,
        client: WebApi,
        trusted_urls: tuple[str, ...],
        ephemeral: EphemeralMessages | None = None,
        told: Told = nothing_noted,
        seconds: Seconds = time.monotonic,
    ) -> None:
        self._client = client
        self._ephemeral = ephemeral or EphemeralMessages(
            client=client, trusted_urls=trusted_urls, told=told, seconds=seconds
        )
        self._permalinks: dict[tuple[str, str], str] = {}
        self._asking = asyncio.Semaphore(PERMALINKS_AT_ONCE)
        self._forms = Budget(seconds=seconds, others=FORMS_PER_MIN, done="opened {} forms")

    async def answer(self, request: Request, answer: Answer) -> None:
        """Answer by the response_url, else as an ephemeral where the person is, else in their direct messages."""
        if not answer:
            return
        reader = Reader(request.user, request.channel, request.thread_ts, request.response_url)
        await self._ephemeral.tell(reader, Content(answer) if isinstance(answer, str) else answer)

    async def open_form(self, request: Request, view: Block) -> str:
        """Open a modal, and its id; Slack takes it only within 3 seconds of what the person did.

        Where Slack's answer is lost the form may be open or not, and its id is "". Raises OverBudget: one person must
        not use up what Slack allows, or nobody else could escalate.
        """
        self._forms.charge(request.user)
        try:
            opened = await self._client.call("views.open", trigger_id=request.trigger_id, view=view)
        except SlackUnclear as error:
            logger.warning("whether a form opened is unknown: %s", error.sentence)
            await self.answer(request, "If no form opened, press again.")
            return ""
        return str((opened.get("view") or {}).get("id") or "")

    async def show_form(self, request: Request, view: Block) -> None:
        """Open a modal, in the place of the sheet in which the person pressed a button, if any."""
        if request.view_id and not request.on_home:
            await self.update_form(request.view_id, view)
        else:
            await self.open_form(request, view)

    async def update_form(self, view_id: str, view: Block) -> bool:
        """Show other blocks in a form that is open; what was typed stays. False where it is open no longer."""
        try:
            await self._client.call("views.update", view_id=view_id, view=view)
        except SlackError as error:
            logger.info("a form is not updated: %s", error.sentence)
            return error.retry
        return True

    async def show_home(self, user: str, view: Block) -> None:
        await self._client.call("views.publish", user_id=user, view=view)

    async def permalink(self, channel: str, ts: str) -> str:
        """The address of a message for people, which stays what it is; "" where the server has none."""
        if kept := self._permalinks.get((channel, ts)):
            return kept
        try:
            async with self._asking:
                answer = await self._client.call("chat.getPermalink", channel=channel, message_ts=ts)
        except SlackError as error:
            logger.info("no permalink: %s", error.sentence)
            return ""
        permalink = str(answer.get("permalink") or "")
        if permalink:
            keep(self._permalinks, (channel, ts), permalink, most=PERMALINKS_KEPT)
        return permalink

    async def message_at(self, channel: str, ts: str, *, roots: Sequence[str] = ()) -> Mapping[str, Any]:
        """One message as Slack has it, in a thread or not; {} where it can't be read.

        conversations.replies takes the ts of a reply too, conversations.history knows no replies. Where a server
        takes roots of threads only, those under `roots` are looked through. Raises SlackError for passing trouble.
        """
        for root in (ts, *roots):
            if message := await self._in_thread(channel, root, ts):
                return message
        return {}

    async def _in_thread(self, channel: str, root: str, ts: str) -> Mapping[str, Any]:
        bounds = {"oldest": ts, "latest": ts, "inclusive": True, "limit": 5}
        try:
            answer = await self._client.call("conversations.replies", channel=channel, ts=root, **bounds)
        except SlackError as error:
            if error.retry:
                raise
            logger.info("cannot read the message: %s", error.sentence)
            return {}
        return next((message for message in answer.get("messages") or [] if message.get("ts") == ts), {})
