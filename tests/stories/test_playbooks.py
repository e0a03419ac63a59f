"""Playbooks when somebody wants them: in a channel, and again in the thread of an investigation."""

import pytest

from tests.stories.chat import Person, Seen
from tests.stories.steps import PLAYBOOK, TROUBLE, opened, playbook_done
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_a_playbook_is_run_on_demand(town: OpenTown) -> None:
    """The same list as on opening; a host has none and is refused in words."""
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-cs", "/probe playbook us-west")
        shown = await kim.sees("#t2-cs", "Playbook for U.S. West")
        shown = await kim.sees_change(shown, lambda now: "Run Again" in now.buttons)
        assert "worst address" in shown.text and "without an investigation there are no tickets" in shown.text
        await kim.types("#t2-cs", "/probe playbook www.example.com")
        refused = await kim.sees("#t2-cs", "A playbook is for a target")
        assert refused.only_for_me

        card = await opened(there)
        await playbook_done(there, card)
        first = await kim.sees_change(await kim.sees(card, PLAYBOOK), lambda now: "trouble from Bris" in now.text)
        await kim.presses(first, "Run Again")
        again = await there.until(lambda: [each for each in _playbooks(kim, card) if each.ts != first.ts], "a second")
        await kim.types(card, "@secondline probe playbook")
        await kim.sees(card, "is being measured already")
        shown = await kim.sees_change(
            again[0], lambda now: TROUBLE in now.text and "trouble from Bris" in now.text and "503" in now.text
        )
        assert "(before: " not in shown.text and len(_playbooks(kim, card)) == 2


async def test_a_payments_playbook_begins_with_what_the_provider_says(town: OpenTown) -> None:
    """The status page stands before the test payment; without a page that step is left out and named."""
    async with town(outside=True) as there:
        kim = there.kim
        await there.until(lambda: any("summary" in call.name for call in there.calls), "the status page to be read")
        await there.moment()
        await kim.types("#t2-cs", "/probe playbook payments")
        shown = await kim.sees("#t2-cs", "*Playbook for Payments*")
        shown = await kim.sees_change(shown, lambda now: "A test payment succeeds in" in now.text)
        steps = [line.split("*")[1] for line in shown.text.splitlines() if line.count("*") == 2]
        assert [step for step in steps if len(step) < 8] == ["status", "http", "tls", "payment"]
    async with town() as there:
        await there.kim.types("#t2-cs", "/probe playbook payments")
        await there.kim.sees("#t2-cs", "left out, no status page is configured for it")


def _playbooks(person: Person, card: Seen) -> list[Seen]:
    return [each for each in person.thread(card) if "*Playbook for " in each.text]
