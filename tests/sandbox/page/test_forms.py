"""Buttons, confirmations and forms of the bot, pressed and filled in a real browser."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.eventually import eventually
from tests.sandbox.page.conftest import Desk
from tests.sandbox.page.gestures import TECH, TIER1, message, say
from tests.sandbox.page.small_bot import card, field, form, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def open_form(desk: Desk) -> Page:
    """Kim's page with the bot's form."""
    page = await desk.open()
    await desk.bot.post(TECH, "INV-12", blocks=card("us-east"))
    await message(page, "INV-12").locator("[data-action-id=escalate]").click()
    await page.get_by_test_id("modal-submit").wait_for()
    return page


async def view_id(page: Page) -> str:
    return str(await page.get_by_test_id("modal").get_attribute("data-view-id"))


async def choose(page: Page, block: str, value: str, *, keep_open: bool = False) -> None:
    """Pick from the select menu of an input; a menu of many stays open."""
    if not (keep_open and await page.get_by_test_id("popover").is_visible()):
        await page.locator(f"[data-testid=modal] [data-block-id={block}] button.select").click()
    await page.locator(f"[role=option][data-value={value}]").click()


def every_input() -> list[dict[str, Any]]:
    """One input of each kind that the form does not have anyway."""
    options = [{"text": plain(name), "value": name} for name in ("P0", "P1")]
    kinds: dict[str, dict[str, Any]] = {
        "person": {"type": "users_select"},
        "people": {"type": "multi_users_select"},
        "place": {"type": "conversations_select"},
        "lane": {"type": "radio_buttons", "options": options},
        "day": {"type": "datepicker"},
        "hour": {"type": "timepicker"},
        "moment": {"type": "datetimepicker", "initial_date_time": 1740993120},
        "many": {"type": "number_input", "is_decimal_allowed": False},
        "link": {"type": "url_text_input"},
        "mail": {"type": "email_text_input"},
    }
    return [field(name, name, kind | {"action_id": f"use_{name}"}) for name, kind in kinds.items()]


async def test_a_button_opens_a_form_that_reports_errors(desk: Desk) -> None:
    """Missing answers are refused at once, the bot's errors stand under their input, then the form is accepted."""
    page = await desk.open()
    await desk.bot.post(TECH, "INV-12", blocks=card("us-east"))
    await message(page, "INV-12").locator("[data-action-id=escalate]").click()
    form = page.get_by_test_id("modal")
    await expect(page.get_by_test_id("modal-title")).to_have_text("Escalate INV-12")

    await page.get_by_test_id("modal-submit").click()
    await expect(form.locator("[data-block-id=level] .input-error")).to_have_text(
        "Please complete this required field."
    )
    await form.locator("[data-action-id=text]").fill("none")
    await form.locator("button[data-action-id=pick]").click()
    await page.locator("[role=option][data-value=P1]").click()
    await page.get_by_test_id("modal-submit").click()
    await expect(form.locator("[data-block-id=impact] .input-error")).to_have_text("Say who is affected.")
    await form.locator("[data-action-id=text]").fill("300 customers")
    await page.get_by_test_id("modal-submit").click()

    await expect(form).to_be_hidden()
    values = desk.bot.submitted[0]
    assert values["impact"]["text"] == {"type": "plain_text_input", "value": "300 customers"}
    assert values["level"]["pick"]["selected_option"]["value"] == "P1"


async def test_every_input_gives_its_value_in_slacks_shape(desk: Desk) -> None:
    """Chosen and typed, each element ends in view.state.values under the key that Slack documents."""
    page = await open_form(desk)
    await desk.bot.client.views_update(view_id=await view_id(page), view=form(*every_input()))
    shown = page.get_by_test_id("modal")
    await shown.locator("[data-action-id=text]").fill("many")
    await choose(page, "level", "P0")
    await choose(page, "person", "U0ANA")
    for name in ("U0LENA", "U0RAJ"):
        await choose(page, "people", name, keep_open=True)
    await page.keyboard.press("Escape")
    await choose(page, "place", TIER1)
    await shown.locator("[data-block-id=lane] [data-value=P1]").check()
    await shown.locator("[data-block-id=runs] [data-value=P0]").check()
    for block, typed in {
        "day": "2025-03-03",
        "hour": "09:12",
        "many": "42",
        "link": "https://x.example",
        "mail": "a@x.example",
    }.items():
        await shown.locator(f"[data-block-id={block}] input").fill(typed)
    await page.get_by_test_id("modal-submit").click()

    await expect(shown).to_be_hidden()
    values = {block: next(iter(actions.values())) for block, actions in desk.bot.submitted[0].items()}
    assert values["level"]["selected_option"]["value"] == "P0"
    assert values["person"] == {"type": "users_select", "selected_user": "U0ANA"}
    assert values["people"] == {"type": "multi_users_select", "selected_users": ["U0LENA", "U0RAJ"]}
    assert values["place"] == {"type": "conversations_select", "selected_conversation": TIER1}
    assert values["lane"]["selected_option"]["value"] == "P1"
    assert [each["value"] for each in values["runs"]["selected_options"]] == ["P0"]
    assert values["day"] == {"type": "datepicker", "selected_date": "2025-03-03"}
    assert values["hour"] == {"type": "timepicker", "selected_time": "09:12"}
    assert values["moment"] == {"type": "datetimepicker", "selected_date_time": 1740993120}
    assert [values[each]["value"] for each in ("many", "link", "mail")] == ["42", "https://x.example", "a@x.example"]


async def test_an_update_of_the_form_keeps_what_is_typed(desk: Desk) -> None:
    """The bot changes the view under the person's hands: text, caret and focus stay."""
    page = await open_form(desk)
    answer = page.get_by_test_id("modal").locator("[data-action-id=text]")
    await answer.press_sequentially("300 cust")
    note = {"type": "section", "block_id": "meter", "text": {"type": "mrkdwn", "text": "2 of 5"}}
    await desk.bot.client.views_update(view_id=await view_id(page), view=form(note))
    await page.locator("[data-block-id=meter]").wait_for()

    await expect(answer).to_be_focused()
    await page.keyboard.type("omers")
    await expect(answer).to_have_value("300 customers")


async def test_escape_closes_a_form(desk: Desk) -> None:
    """The bot's view is closed for the server too: it does not come back with a reload."""
    page = await desk.open()
    await desk.bot.post(TECH, "INV-12", blocks=card("us-east"))
    await message(page, "INV-12").locator("[data-action-id=escalate]").click()
    await page.get_by_test_id("modal-submit").wait_for()
    await page.keyboard.press("Escape")

    await expect(page.get_by_test_id("modal")).to_be_hidden()
    await page.reload()
    await message(page, "INV-12").wait_for()
    await expect(page.get_by_test_id("modal")).to_be_hidden()


async def test_a_form_opens_only_in_the_window_that_asked(desk: Desk) -> None:
    """A second window of the same person shows nothing; a reload of the first brings the form back."""
    other = await desk.open()
    page = await open_form(desk)

    await say(other, "still here")
    await message(page, "still here").wait_for()
    await expect(other.get_by_test_id("modal")).to_be_hidden()
    await page.reload()
    await expect(page.get_by_test_id("modal-title")).to_have_text("Escalate INV-12")


async def test_a_confirm_asks_first(desk: Desk) -> None:
    """Back sends nothing, Dismiss sends the press."""
    page = await desk.open()
    await desk.bot.post(TECH, "INV-12", blocks=card("us-east"))
    dismiss = message(page, "INV-12").locator("[data-action-id=dismiss]")
    await dismiss.click()
    await page.get_by_test_id("confirm-cancel").click()
    assert desk.bot.pressed == []

    await dismiss.click()
    await page.get_by_test_id("confirm-ok").click()

    await eventually(lambda: len(desk.bot.pressed) == 1)


async def test_a_press_that_nobody_answers_is_marked(desk: Desk) -> None:
    """With the bot gone the page says so, and the button gets a warning."""
    page = await desk.open()
    await desk.bot.post(TECH, "INV-12", blocks=card("us-east"))
    await message(page, "INV-12").wait_for()
    await desk.bot.close()
    await expect(page.get_by_test_id("bot-offline")).to_be_visible()

    await message(page, "INV-12").locator("[data-action-id=escalate]").click()

    await expect(message(page, "INV-12").get_by_test_id("press-failed")).to_be_visible()
