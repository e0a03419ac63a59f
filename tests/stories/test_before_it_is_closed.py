"""Nobody says that it is mended without seeing whether it is."""

import pytest

from tests.stories.steps import opened, playbook_done
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_resolve_says_what_still_fails(town: OpenTown) -> None:
    """The form is there at once, what was typed stays in it, and sending stays possible."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        await playbook_done(there, card)
        await kim.presses(card, "Resolve")
        first = await kim.form("Resolve INV-1")
        assert "Running the" in first.text

        last = await kim.form("Resolve INV-1", saying="Still failing: 1 of 2 URLs fails")
        assert "503" in last.text and last.id == first.id
        assert await kim.sees(card, "Smoke check")
        kim.fills(first, root_cause="A transit provider dropped packets")
        assert await kim.submits(first) == {}
        await kim.sees_change(card, lambda now: "resolved INV-" in now.text)


async def test_words_do_not_close_what_still_fails(town: OpenTown) -> None:
    """They are answered with what fails, and a button whose form has them."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        await playbook_done(there, card)
        await kim.types(card, "@secondline resolve a bad link")
        asked = await kim.sees(card, "INV-1 stays open.")
        assert asked.only_for_me and "When it was last measured: 1 of 2 URLs fails" in asked.text
        await kim.presses(asked, "Resolve…")
        form = await kim.form("Resolve INV-1")

        assert "a bad link" in str(form.blocks)
        assert "owns INV-" in (kim.now(card) or card).text
