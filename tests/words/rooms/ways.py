"""What a step of a ladder says to people: in Slack, and outside of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from bot.escalations.links import LinkedEscalation
from bot.escalations.telling import Asked, Telling, WayKind
from bot.escalations.ways import cards, texts
from bot.messages.model import Content, Place
from bot.web import ack_page
from bot.web.ack_page import AckPage
from tests.words.plain import Message
from tests.words.records import at

TELLING = Telling(
    key="ladder-5-42",
    escalation_id=5,
    name="INV-4",
    title="U.S. East: can't connect",
    request="Call the transit provider and have the router taken out.",
    body="Call the transit provider and have the router taken out.\n\nImpact: 31 customers, most of them in New York",
    priority="P1",
    post_url="https://acme.slack.test/archives/C1/p1",
    acknowledge_url="https://secondline.example.com/ack/AAAAKgG9abcdefghijklmnopqrstuvwx",
    wrong="U.S. East loses about half of its packets.",
    impact="31 customers, most of them in New York",
)
ASKED = Asked(
    step_id=42,
    way=WayKind.DM,
    recipients=("ULENA",),
    mention="",
    thread=Place("C1", "investigation/4"),
    telling=TELLING,
    escalated_by="UKIM",
    escalated_at=at(10),
)
ANSWER = ":white_check_mark: *Acknowledged by <@URAJ> 10:24*"


def messages() -> Mapping[str, Message]:
    channel = replace(ASKED, way=WayKind.CHANNEL, mention="<!here>")
    group = replace(ASKED, way=WayKind.GROUP, mention="<!subteam^SLTM>")
    inside = replace(TELLING, acknowledge_url="", post_url="")
    return {
        "Direct message": cards.asked(ASKED),
        "Direct message, late": cards.asked(replace(ASKED, late=True)),
        "Direct message, somebody was first": cards.asked(replace(ASKED, answer=ANSWER)),
        "Direct message, no link and no priority yet": cards.asked(
            replace(ASKED, telling=replace(TELLING, post_url="", priority=""))
        ),
        "In a channel": cards.asked(channel),
        "In the thread": cards.asked(group),
        "In the thread, answered": cards.asked(replace(group, answer=ANSWER)),
        "Mail, subject": Content(texts.subject(TELLING)),
        "Mail, push, pager": Content(texts.text(TELLING)),
        "Mail, push, pager, of a bot without a public address": Content(texts.text(inside)),
        "Text message": Content(texts.sms(TELLING)),
        "Text message, without a link": Content(texts.sms(inside)),
        **{f"Page behind the link, {name}": _shown(page) for name, page in _pages().items()},
    }


def _pages() -> Mapping[str, AckPage]:
    linked = LinkedEscalation("INV-4", TELLING.title, TELLING.request, "P1", at(10), "phone bridge")
    return {
        "an answer is awaited": ack_page.waiting(linked, UTC),
        "somebody was first": ack_page.waiting(replace(linked, acknowledged_at=at(24)), UTC),
        "no answer is needed": ack_page.waiting(replace(linked, needed=False), UTC),
        "pressed": ack_page.done(linked),
        "pressed, and the bot could not": ack_page.failed(linked, "The bot can't save anything now."),
        "expired": ack_page.refused(expired=True),
        "broken": ack_page.refused(expired=False),
    }


def _shown(page: AckPage) -> Content:
    button = ["[Acknowledge]"] if page.asks else []
    return Content("\n".join(line for line in (page.headline, page.request, page.title, *button, *page.small) if line))
