"""The real cards on a phone: what is related, merged and moved fits its width, with every button."""

from typing import Any

import pytest
from playwright.async_api import expect

from bot.messages.model import Content
from tests.sandbox.page.conftest import PHONE, Desk
from tests.sandbox.page.gestures import TECH
from tests.words.rooms import investigations, tickets

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CARDS = (
    "Card, it has to do with others",
    "Card, what caused it is resolved",
    "What is open, and has to do with others",
    "Relation: what caused it is resolved",
    "Merge: where the old card was",
)
LISTS = ("List, some were moved", "Moved to another one, but for some")
BEYOND = """() => [...document.querySelectorAll('[data-ts] *')]
    .filter(each => each.getBoundingClientRect().right > window.innerWidth + 0.5)
    .map(each => each.outerHTML.slice(0, 120))"""
"""What stands out at the right side."""


async def test_relations_merges_and_moved_tickets_fit(desk: Desk) -> None:
    made: dict[str, Any] = {**investigations.messages(), **tickets.messages()}
    for names in (CARDS, LISTS):  # a message of several: a channel takes one a second
        blocks = [block for name in names for block in made[name].blocks]
        assert len(blocks) <= 50 and all(isinstance(made[name], Content) for name in names)
        numbered = [{**block, "block_id": f"part-{place}"} for place, block in enumerate(blocks)]
        await desk.bot.post(TECH, names[0], blocks=numbered)
    page = await desk.open(f"as=U0KIM&channel={TECH}", PHONE)
    await expect(page.get_by_text("Undo the Merge…")).to_be_visible()

    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert await page.evaluate(BEYOND) == []
