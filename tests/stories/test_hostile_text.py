"""Everything from outside is hostile: subjects, symptoms and notes ping nobody, format nothing, fit everywhere."""

import json

import pytest

from bot.sandbox.zendesk.seed import Seed, SeedTicket
from tests.stories.counting import messages, pings
from tests.stories.steps import escalated, opened, playbook_done, resolved, settled
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

EVIL = "<!channel> <!here> <@U0RAJ> <!subteam^S0T2CS> @channel *bold* _it_ ~no~ `code` ```x``` :tada: <https://e.example|bank>"
SUBJECTS = (
    f"US East {EVIL}",
    "US East " + "A" * 4_992,
    "US East \u202egnitcennocer speek\u202c \u200f\u2067back\u2069",
    "US East &amp; &lt;!channel&gt; &&&<<<>>>",
    "US East\n\n> quoted\n• listed\x00\x1b[31m\u2028next",
)
HOSTILE = Seed(tickets=tuple(SeedTicket(subject=each, description=each[:5000], minutes_ago=9.0) for each in SUBJECTS))


async def test_nobody_is_pinged_and_nothing_is_formatted(town: OpenTown) -> None:
    """Hostile words from customers and colleagues, through every message and form of a whole day."""
    async with town(seed=HOSTILE) as there:
        kim = there.kim
        card = await opened(there, f"us-east {EVIL}")
        tickets = await kim.sees_reply(card, "5 matching tickets")
        await kim.presses(tickets, "Confirm All 5")
        await kim.sees_change(tickets, lambda now: "5 related" in now.text)
        await playbook_done(there, card)
        for words in (f"note {EVIL}", f"probe ping {EVIL}", f"{EVIL}", "note " + "long " * 900):
            assert await kim.types(card, f"@secondline {words}")
        pushed = await there.jo.types(card, f"look at this {EVIL}")
        assert pushed
        kim.reacts(pushed, "pushpin")
        await kim.types("#t2-tech", f"/investigate nothing known {EVIL} " + "long " * 700)
        form = await kim.form("Investigate")
        assert "What you typed is too long" in form.text
        kim.fills(form, target="us-west")
        assert await kim.submits(form) == {}
        await kim.sees("#t2-tech", "owns INV-2")
        await escalated(there, card)
        await there.kim.presses(card, "Show Timeline")
        await kim.sees("#t2-tech", "INV-1: timeline")
        await resolved(there, card)
        await settled(there)

        _inert(there)
        assert [each for each in there.slack.api.log if not each.answer_ok and each.error != "already_reacted"] == []


def _inert(there: Town) -> None:
    """In every text that Slack parses, and in every answer to one person."""
    channels = there.slack.site.workspace.channels.values()
    listed = [*messages(there), *(each for channel in channels for each in channel.ephemerals.values() if each.by_app)]
    for message in listed:
        for text in [message.text, *_parsed(message.blocks)]:
            assert pings(text) <= {"<@U0KIM>", "<@U0JO>", "<@U0LENA>", "<!subteam^S0LTM>"}, text
            assert "<https://e.example" not in text, text
            assert not any(mark in text for mark in "\u202e\u2067\u200f\x00\x1b\u2028"), text
    subjects = [text for each in listed for text in _parsed(each.blocks) if "/agent/tickets/" in text]
    assert subjects and not any("*bold*" in text or "`code`" in text or ":tada:" in text for text in subjects)


def _parsed(part: object) -> list[str]:
    """Texts of type mrkdwn."""
    if isinstance(part, dict):
        own = [str(part["text"])] if part.get("type") == "mrkdwn" else []
        return own + [text for value in part.values() for text in _parsed(value)]
    return [text for each in part for text in _parsed(each)] if isinstance(part, list) else []


def test_the_hostile_words_are_hostile() -> None:
    """Untouched they would notify people: the story would notice."""
    assert pings(EVIL) >= {"<!channel>", "<!here>", "<@U0RAJ>"}
    assert json.dumps(SUBJECTS)
