"""What is said of content that goes after its days."""

from collections.abc import Mapping

from bot.retention import cards
from bot.retention.model import KeptKind, KeptTime, Standing
from tests.words.plain import Message
from tests.words.records import at


def messages() -> Mapping[str, Message]:
    shorter = [
        Standing(KeptKind.TICKETS, KeptTime(None, 365, at(1440)), 0, 1240),
        Standing(KeptKind.LOGS, KeptTime(30, 7, at(1440)), 2, 1),
    ]
    return {"Status, a shorter time waits": cards.status_lines(shorter)}
