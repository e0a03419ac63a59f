"""What Slack will never take, as people know it; told to the person whose action owed it."""

import re

from bot.messages.model import RefusedMessage
from bot.slack.text import foreign, person, place

_LEADING_DIGITS = re.compile(r"\d*")
_DIRECT = re.compile(r"D[A-Z0-9]+")

_WHAT = {
    "investigation": "The card of INV-{number}",
    "tickets": "The tickets of INV-{number}",
    "direct": "A change of an answer",
    "answer": "The answer about INV-{number}",
    "known": "A suggestion about INV-{number}",
    "told": "What somebody said about an investigation",
    "outcome": "The end of an investigation",
    "probes": "A probe",
    "places": "The map of a probe",
    "run": "A report of a probe",
    "picture": "A picture",
    "escalation": "An escalation",
    "question": "A question of management",
    "ladder": "A step of an escalation",
    "ladder_end": "That nobody answered an escalation",
    "ladder_question": "A reminder of a question of management",
    "still": "A question to whoever acknowledged an escalation",
    "overdue": "A warning about an escalation",
    "handover": "A handover",
    "day-end": "A question about the end of a day",
    "handoff": "A handoff to Tier 3",
    "vendor": "A handoff to a vendor",
    "vendor-text": "A text for a vendor",
    "vendor-trouble": "A question about a mail to a vendor",
    "vendor-reminder": "A reminder of a vendor",
    "triage": "A handoff to Tier 3",
    "known-ask": "A question about a known issue",
    "release": "A release",
    "released": "A release",
    "news": "News of a known issue",
    "followed": "News of a known issue",
    "briefing": "A briefing",
    "replies": "An answer to customers",
    "status_announcement": "A warning about a service",
    "done": "A mark on a message",
    "reminder": "A reminder",
    "still-on-it": "A question to an owner",
    "refusal": "A notice",
    "lost": "A notice",
}
"""By the first word of a message's key; `number` is the second."""


def refusal_line(refusal: RefusedMessage) -> str:
    """One line for `/t2 status`: what did not arrive where, whose it is, and why."""
    noun, _, rest = refusal.key.partition("/")
    number = _LEADING_DIGITS.match(rest)
    what = _WHAT.get(noun, "A message").format(number=number[0] if number else "")
    whose = f", which {person(refusal.for_user)} asked for," if refusal.for_user else ""
    return f":warning: {what}{whose} did not reach {_where(refusal)}: {foreign(refusal.reason)}"


def _where(refusal: RefusedMessage) -> str:
    """A direct message has no name but that of its person, and a picture is uploaded to no channel."""
    if not refusal.channel:
        return "Slack"
    if not _DIRECT.fullmatch(refusal.channel):
        return place(refusal.channel)
    return f"the direct messages of {person(refusal.for_user)}" if refusal.for_user else "somebody's direct messages"
