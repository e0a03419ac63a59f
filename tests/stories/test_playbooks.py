"""Playbooks when somebody wants them: in a channel, and again in the thread of an investigation."""

import pytest

from tests.stories.steps import opened, playbook_done
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_a_playbook_is_run_on_demand(town: OpenTown) -> None:
    """The same list as on opening; a host has none and is refused in words."""
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-cs", "/probe playbook us-west")
        shown = await kim.sees("#t2-cs", "*playbook U.S. West*")
        shown = await kim.sees_change(shown, lambda now: "control U.S. East is" in now.text)
        assert "worst address" in shown.text and "without an investigation there are no tickets" in shown.text
        await kim.types("#t2-cs", "/probe playbook www.example.com")
        refused = await kim.sees("#t2-cs", "A playbook is for a target")
        assert refused.only_for_me

        card = await opened(there)
        await playbook_done(there, card)
        await kim.sees_change(card, lambda now: "trouble from Brisbane" in now.text)
        await kim.types(card, "@secondline probe playbook")
        again = await kim.sees(card, "*playbook U.S. East*")
        again = await kim.sees_change(
            again, lambda now: "control U.S. West is clean" in now.text and "trouble from Bris" in now.text
        )
        assert "status 503" in again.text


async def test_a_payments_playbook_begins_with_what_the_provider_says(town: OpenTown) -> None:
    """The status page stands before the test payment; without a page that step is left out and named."""
    async with town(outside=True) as there:
        kim = there.kim
        await there.until(lambda: any("summary" in call.name for call in there.calls), "the status page to be read")
        await there.moment()
        await kim.types("#t2-cs", "/probe playbook payments")
        shown = await kim.sees("#t2-cs", "*playbook Payments*")
        shown = await kim.sees_change(shown, lambda now: "A test payment succeeds in" in now.text)
        steps = [line.split("`")[1] for line in shown.text.splitlines() if line.count("`") == 2]
        assert steps == ["status", "http", "tls", "payment"]
        assert "status page says operational, read" in shown.text
    async with town() as there:
        await there.kim.types("#t2-cs", "/probe playbook payments")
        await there.kim.sees("#t2-cs", "left out, no status page is configured for it")
