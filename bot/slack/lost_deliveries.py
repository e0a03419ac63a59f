"""What people did and the bot never worked on, because it was down for too long: they are told."""

import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bot.database import Database
from bot.messages.model import Place
from bot.messages.owed import Owed
from bot.slack.deliveries import Deliveries, Unfinished
from bot.slack.request import Request, read
from bot.slack.text import at, foreign, place, plural, unescape
from bot.slack_marks import readable

logger = logging.getLogger(__name__)

LISTED_MAX = 10
_MENTIONS = re.compile(r"<@[A-Z0-9]+(?:\|[^<>]*+)?>\s*")
_KINDS_TOLD = ("command ", "button ", "form ", "shortcut ", "event app_mention")
"""What people do to have something done. Whoever only wrote in a channel waits for nothing."""


def tell_lost(database: Database, deliveries: Deliveries, owed: Owed) -> int:
    """Owes each person one direct message about everything of theirs; how many deliveries were lost."""
    lost = deliveries.lost()
    with database.transaction():
        for user, theirs in _by_person(lost).items():
            owed.text(f"lost/{theirs[0].key}", text=lost_text(theirs), place=Place(user), for_user=user)
        for delivery in lost:
            deliveries.done(delivery.key)
    if lost:
        logger.warning("%s could not be done any more", plural(len(lost), "delivery", "deliveries"))
    return len(lost)


def lost_text(lost: Sequence[Unfinished]) -> str:
    """What was not done, oldest first, as mrkdwn."""
    lines = [
        f"• {_what(delivery)}{_where(read(delivery.payload))}, {at(delivery.received_at)}"
        for delivery in lost[:LISTED_MAX]
    ]
    if len(lost) > LISTED_MAX:
        lines.append(f"• and {len(lost) - LISTED_MAX} more")
    these = "This was" if len(lost) == 1 else "These were"
    return "\n".join([f"{these} not done, because Second Line was down. Do it again if it still matters.", *lines])


def _by_person(lost: Sequence[Unfinished]) -> dict[str, list[Unfinished]]:
    people: dict[str, list[Unfinished]] = defaultdict(list)
    for delivery in lost:
        request = read(delivery.payload)
        user = request.user
        if user and not request.event.get("bot_id") and (delivery.kind.startswith(_KINDS_TOLD) or _direct(delivery)):
            people[user].append(delivery)
    return people


def _direct(lost: Unfinished) -> bool:
    """Words in direct messages are for the bot; an edit or a deletion there asks for nothing."""
    event = lost.payload.get("event") or {}
    private = event.get("channel_type") == "im" or str(event.get("channel") or "").startswith("D")
    return lost.kind == "event message" and private and event.get("subtype") in (None, "file_share")


def _what(lost: Unfinished) -> str:
    """What was lost as the person knows it: their words, the button's, the form's title."""
    payload = lost.payload
    request = read(payload)
    if lost.kind.startswith("command "):
        words = _said(f"{payload['command']} {request.text}")
        return f"“{foreign(words)}”"
    if lost.kind.startswith("form "):
        return f"the form “{_text((payload.get('view') or {}).get('title'))}”"
    if lost.kind.startswith("button "):
        action = (payload.get("actions") or [{}])[0]
        label = action.get("text") or (action.get("selected_option") or {}).get("text")
        return f"the button “{_text(label)}”" if label else "a button"
    if lost.kind.startswith("shortcut "):
        about = foreign(_said(str(request.message.get("text") or "")), 80)
        return f"a shortcut on the message “{about}”" if about else "a shortcut"
    return f"“{foreign(_said(_MENTIONS.sub('', request.text)))}”"


def _said(text: str) -> str:
    """As people saw it; who is mentioned by an id alone is somebody."""
    return unescape(readable(text, {}))


def _text(element: Any) -> str:
    return foreign(str((element or {}).get("text") or "") if isinstance(element, dict) else "", 80)


def _where(request: Request) -> str:
    return f" in {place(request.channel)}" if request.channel and not request.channel.startswith("D") else ""
