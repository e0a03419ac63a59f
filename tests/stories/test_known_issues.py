"""What development knows already: found, suggested, used, and asked about, over the wire."""

import pytest

from tests.stories.steps import known_answer
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

SOON = {
    'pending_labels = ["pending"]\nrefresh_s = 60': 'pending_labels = ["pending"]\nrefresh_s = 1',
    "ask_at = [3, 10, 25]": "ask_at = [2]",
}


def comments(there: Town) -> list[str]:
    """What the bot said on issues, of whichever tracker."""
    said = [call.body for call in there.calls if call.name.startswith("POST /") and "/comment" in call.name]
    return [body for body in said if "confirmed to be about this" in body]


async def test_from_a_suggestion_to_a_comment_of_development(town: OpenTown) -> None:
    """The card has workaround and ETA and follows the tracker; two tickets later the lead's question is answered."""
    async with town(outside=True, settings=SOON) as there:
        kim, jo = there.kim, there.jo
        crash = await known_answer(there, "/known andriod crash", "(also ")
        assert "cache" in crash.text and "8.4.1" in crash.text
        await kim.types("#t2-tech", "/investigate app closes itself after update to 8.4")
        card = await kim.sees("#t2-tech", "owns INV-")
        card = await kim.sees_change(card, lambda now: "Looks like" in now.text)
        assert "crash" in card.text.lower()

        await kim.presses(card, "It Is")
        await kim.sees_change(card, lambda now: "Looks like" not in now.text)
        card = await jo.sees_change(card, lambda now: "ETA" in now.text and "workaround" in now.text)

        first, second = sorted(each.id for each in there.zendesk.desk)[:2]
        await kim.types(card, f"#{first} #{second}")
        ask = await jo.sees("#t2-tech", "has 2 confirmed tickets")
        await jo.presses(ask, "Tell Development")
        await jo.sees_change(ask, lambda now: "told development" in now.text)
        assert [f"#{first}" in text and f"#{second}" in text for text in comments(there)] == [True]
        await known_answer(there, "/known andriod crash", "affects 2 tickets")


async def test_one_bug_in_two_trackers_is_shown_once(town: OpenTown) -> None:
    """With both links, whether one names the other, or both have the words and the version."""
    async with town(outside=True, settings=SOON) as there:
        assert there.outside
        key = there.outside.jira.open_issue("Kernel panic after sleep", labels=["customer-facing"])
        number = there.outside.github.open_issue("Mac restarts", f"Jira: {key}", labels=["customer-facing"])
        await known_answer(there, "/known kernel panic sleep", "Kernel panic after sleep")
        seen = await known_answer(there, "/known mac restarts", "(also ")
        battery = await known_answer(there, "/known battery drain iPhone", "Battery drain on iPhone")

        assert f"issues/{number}|" in seen.text and f"browse/{key}|" in seen.text
        assert battery.text.count("Battery drain on iPhone") == 1
        assert "(also <" in battery.text


async def test_a_question_about_ios_is_not_answered_for_android(town: OpenTown) -> None:
    """Nor is it suggested for an investigation; what names no platform is."""
    async with town(outside=True, settings=SOON) as there:
        assert there.outside
        opened = there.outside.github.open_issue
        opened("Zebra flickers on Android", "## Workaround\n\nClear storage", labels=["customer-facing"])
        opened("Zebra flickers sometimes", labels=["customer-facing"])
        seen = await known_answer(there, "/known zebra flickers iPhone", "Zebra flickers sometimes")
        assert "Android" not in seen.text
        await known_answer(there, "/known zebra flickers on Galaxy S25", "Clear storage")

        await there.kim.types("#t2-tech", "/investigate app zebra flickers on iPhone")
        card = await there.kim.sees("#t2-tech", "owns INV-")
        card = await there.kim.sees_change(card, lambda now: "Looks like" in now.text)
        assert "Zebra flickers sometimes" in card.text
