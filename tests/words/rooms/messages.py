"""What Slack did not take, as `/t2 status` tells it."""

from collections.abc import Mapping

from bot.messages import cards
from bot.messages.model import RefusedMessage
from tests.words.plain import Message

KEYS = (
    "investigation/4", "tickets/4", "answer/4/C1/1.1", "known/4/31", "told/9", "outcome/9", "probes/3", "run/3/report",
    "escalation/5", "question/5", "handover/9", "handoff/5", "triage/5", "known-ask/1", "release/1", "news/1",
    "briefing/1", "replies/7", "status_announcement/7", "direct/D1/1.1", "something/1",
)  # fmt: skip


def messages() -> Mapping[str, Message]:
    listed = [cards.refusal_line(_refused(key)) for key in KEYS]
    listed += [cards.refusal_line(_refused("handover/9", "D1")), cards.refusal_line(_refused("handover/9", "D1", ""))]
    return {"Lines of /t2 status": listed}


def _refused(key: str, channel: str = "C1", for_user: str = "UKIM") -> RefusedMessage:
    return RefusedMessage(key=key, channel=channel, reason="the channel is archived", for_user=for_user)
