"""response_urls: 5 uses within 30 minutes (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.slack.content import Content
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.messages import Draft, Messages
from bot.sandbox.slack.model import Channel, Message
from bot.sandbox.slack.ratelimits import RateLimits
from bot.sandbox.slack.workspace import Workspace

MOST_USES = 5
LIFE = timedelta(minutes=30)
MOST_KEPT = 10_000


@dataclass(slots=True)
class Place:
    """What a response_url answers: a person in a channel, and the message that they acted on, if any."""

    user: str
    channel: str
    until: datetime
    message_ts: str = ""
    uses: int = 0


class Responses:
    """Takes what the app posts to its response_urls."""

    def __init__(self, *, workspace: Workspace, messages: Messages, rates: RateLimits) -> None:
        self._workspace = workspace
        self._messages = messages
        self._rates = rates
        self._places: dict[str, Place] = {}

    def issue(self, user: str, channel: str, *, message_ts: str = "") -> str:
        """The last part of a new response_url."""
        secret = f"{self._workspace.seed.team_id}/{secrets.token_hex(12)}"
        self._places[secret] = Place(user, channel, self._workspace.clock() + LIFE, message_ts)
        if len(self._places) > MOST_KEPT:
            del self._places[next(iter(self._places))]
        return secret

    def take(self, secret: str, body: Json) -> None:
        """One use; raises ApiError, also for what is used up or too old."""
        place = self._places.get(secret)
        if place is None:
            raise ApiError("invalid_url")
        if self._workspace.clock() > place.until:
            raise ApiError("expired_url")
        if place.uses >= MOST_USES:
            raise ApiError("used_url")
        self._rates.take_post(f"respond {place.channel}")
        place.uses += 1
        self.answer(place, body)

    def to_ack(self, user: str, channel: str, body: Json) -> None:
        """What a command's ack carries, shown as if posted to its response_url."""
        if body.get("text") or body.get("blocks") or body.get("attachments"):
            self.answer(Place(user, channel, self._workspace.clock()), body)

    def answer(self, place: Place, body: Json) -> None:
        channel = self._workspace.channel(place.channel)
        original = self._original(channel, place)
        changes_it = body.get("delete_original") or body.get("replace_original")
        if changes_it and original is not None and not original.by_app:
            raise ApiError("cant_update_message")
        if body.get("delete_original") and original is not None:
            self._messages.delete(original)
            return
        content = Content.read(body, self._workspace)
        if body.get("replace_original") and original is not None:
            self._messages.edit(
                original, self._workspace.bot_user, text=content.text, blocks=list(content.blocks or ())
            )
            return
        draft = Draft(
            self._workspace.bot_user,
            content.text,
            content.blocks or (),
            content.attachments or (),
            by_app=True,
            thread_ts=str(body.get("thread_ts") or self._thread_of(original)),
        )
        if body.get("response_type") == "in_channel":
            self._messages.post(channel, draft)
        else:
            self._messages.post_ephemeral(channel, draft, visible_to=place.user)

    @staticmethod
    def _original(channel: Channel, place: Place) -> Message | None:
        return channel.messages.get(place.message_ts) or channel.ephemerals.get(place.message_ts)

    @staticmethod
    def _thread_of(original: Message | None) -> str:
        """Answers to what happened in a thread appear there."""
        return original.thread_ts if original is not None and original.is_reply else ""
