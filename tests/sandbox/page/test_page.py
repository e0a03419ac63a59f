"""The sandbox's page in a real browser: what a person sees and can do."""

import pytest
from playwright.async_api import Page, expect

from tests.eventually import eventually
from tests.sandbox.page.conftest import PATIENCE_MS, PHONE, Desk
from tests.sandbox.page.gestures import TECH, TIER1, message, say
from tests.sandbox.page.small_bot import REPORT, card

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def width_of_content(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))


async def test_a_channel_shows_its_messages(desk: Desk) -> None:
    """Name, author, text, the acting person and the other channels are there."""
    page = await desk.open()

    await expect(page.get_by_test_id("channel-title")).to_have_text("t2-tech")
    await expect(message(page, "early shift").get_by_test_id("author")).to_have_text("Kim Park")
    await expect(message(page, "early shift").get_by_test_id("reply-bar")).to_contain_text("1 reply")
    await expect(page.get_by_test_id("me")).to_contain_text("Kim Park")
    await expect(page.locator("[data-testid=channel-link][data-channel-name=tier1]")).to_be_visible()


async def test_what_is_said_appears_for_everybody(desk: Desk) -> None:
    """A message with formatting, a mention and a channel arrives live in another person's page."""
    kim, jo = await desk.open(), await desk.open(f"as=U0JO&channel={TECH}")

    await say(kim, "*bold* `code` @jo see #tier1 :eyes:")

    for page in (kim, jo):
        shown = message(page, "see")
        await expect(shown.locator("strong")).to_have_text("bold")
        await expect(shown.locator("code")).to_have_text("code")
        await expect(shown.locator("[data-user-id=U0JO]")).to_have_text("@jo")
        await expect(shown.locator(".emoji")).to_have_attribute("aria-label", ":eyes:")
    await expect(message(jo, "see").locator(".mention-me")).to_have_text("@jo")


async def test_live_news_leave_the_composer_alone(desk: Desk) -> None:
    """Half a sentence, its caret and the focus survive a message of somebody else."""
    page = await desk.open()
    await page.get_by_test_id("composer-input").press_sequentially("half a sen")

    await desk.sandbox.acts.say("U0JO", TECH, "me too")
    await message(page, "me too").wait_for()

    await expect(page.get_by_test_id("composer-input")).to_be_focused()
    await page.keyboard.type("tence")
    await expect(page.get_by_test_id("composer-input")).to_have_value("half a sentence")


async def test_slash_lists_commands_and_runs_one(desk: Desk) -> None:
    """The list shows the usage, Tab takes it, Enter runs it, and the bot's card appears."""
    page = await desk.open()
    await page.get_by_test_id("composer-input").press_sequentially("/inv")
    await expect(page.get_by_test_id("completion-option")).to_contain_text("/investigate <target> [what people see]")
    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("usage-hint")).to_contain_text("<target>")
    await page.keyboard.type("us-east")
    await page.keyboard.press("Enter")

    shown = message(page, "INV-12 us-east")
    await expect(shown.locator(".block-header")).to_have_text("INV-12 us-east")
    await expect(shown.locator("[data-action-id=escalate]")).to_have_text("Escalate")


async def test_names_are_completed(desk: Desk) -> None:
    """After "@" people and groups are offered by their names."""
    page = await desk.open()
    await page.get_by_test_id("composer-input").press_sequentially("ask @le")
    await expect(page.get_by_test_id("completion-option").first).to_contain_text("Lena Vogt")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("composer-input")).to_have_value("ask @lena ")


async def test_a_thread_opens_and_takes_replies(desk: Desk) -> None:
    """The pane shows parent and replies; its composer answers there; the bar counts."""
    page = await desk.open()
    await message(page, "early shift").get_by_test_id("reply-bar").click()
    pane = page.get_by_test_id("thread-pane")
    await expect(pane.get_by_test_id("message")).to_have_count(2)

    await pane.get_by_test_id("thread-composer-input").fill("welcome back")
    await page.keyboard.press("Enter")

    await expect(pane.get_by_test_id("message").last).to_contain_text("welcome back")
    await expect(message(page, "early shift").get_by_test_id("reply-bar")).to_contain_text("2 replies")


async def test_a_slash_command_in_a_thread_is_refused_in_words(desk: Desk) -> None:
    """As in Slack: it is not supported there; what was typed is not lost."""
    page = await desk.open()
    await message(page, "early shift").get_by_test_id("reply-bar").click()
    composer = page.get_by_test_id("thread-composer-input")
    await composer.fill("/investigate us-east")
    await composer.press("Enter")

    await expect(page.get_by_test_id("thread-composer-problem")).to_contain_text("not supported in threads")
    await expect(composer).to_have_value("/investigate us-east")


async def test_hostile_text_stays_text(desk: Desk) -> None:
    """Markup of people, of the bot's blocks and in addresses is shown and never run."""
    markup = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
    escaped = markup.replace("<", "&lt;").replace(">", "&gt;")
    block = {"type": "section", "text": {"type": "mrkdwn", "text": f"{escaped} <javascript:window.hit=1|press me>"}}
    rich = {"type": "markdown", "text": f"{markup} [press](javascript:window.hit=1)"}
    page = await desk.open()

    await say(page, markup)
    await desk.bot.post(
        TECH, "blocks", blocks=[block, {"type": "header", "text": {"type": "plain_text", "text": markup}}, rich]
    )

    await message(page, "press me").wait_for()
    await expect(message(page, "press me").locator(".block-header")).to_have_text(markup)
    assert await page.locator(".message-list img, .message-list script, a[href^='javascript']").count() == 0
    assert await page.evaluate("window.hit") is None


async def test_acting_as_another_person(desk: Desk) -> None:
    """A click on a face changes who acts; the address keeps it; what only Kim may see is gone."""
    page = await desk.open()
    await desk.bot.client.chat_postEphemeral(channel=TECH, user="U0KIM", text="for Kim alone")
    await expect(message(page, "for Kim alone")).to_contain_text("Only visible to you")

    await page.locator("[data-testid=act-as][data-user-id=U0ANA]").click()

    await expect(page.get_by_test_id("me")).to_contain_text("Ana Ruiz")
    await expect(page.get_by_text("for Kim alone")).to_have_count(0)
    await say(page, "Ana here")
    await expect(message(page, "Ana here").get_by_test_id("author")).to_have_text("Ana Ruiz")
    assert "as=U0ANA" in page.url


async def test_news_elsewhere_get_a_dot(desk: Desk) -> None:
    """Another channel becomes bold by a message, and plain again when it is opened."""
    page = await desk.open()
    link = page.locator("[data-testid=channel-link][data-channel-name=tier1]")
    await desk.sandbox.acts.say("U0TOM", TIER1, "four more")
    await expect(link.locator(".unread-dot")).to_be_visible()

    await link.click()

    await expect(message(page, "four more")).to_be_visible()
    await expect(link.locator(".unread-dot")).to_have_count(0)


async def test_the_toolbar_reacts_pins_and_runs_shortcuts(desk: Desk) -> None:
    """What the bar of a message does reaches Slack and the bot."""
    page = await desk.open(f"as=U0KIM&channel={TIER1}")
    shown = message(page, "lots of tickets")
    await shown.hover()
    await shown.get_by_test_id("react-white_check_mark").click()
    await expect(shown.locator("[data-testid=reaction][data-name=white_check_mark]")).to_have_attribute(
        "aria-pressed", "true"
    )
    await shown.get_by_test_id("toolbar-pin").click()
    await expect(shown).to_contain_text("Pinned")

    await shown.get_by_test_id("toolbar-more").click()
    await page.locator("[data-callback-id=investigate_message]").click()

    await eventually(lambda: len(desk.bot.shortcuts) == 1)
    assert desk.bot.shortcuts[0]["message"]["text"].startswith("lots of tickets")


async def test_own_messages_can_be_edited_and_deleted(desk: Desk) -> None:
    """Arrow up edits the last one in its place; the menu deletes after a question."""
    page = await desk.open()
    await say(page, "us east is sloow")
    await message(page, "sloow").wait_for()
    await page.get_by_test_id("composer-input").press("ArrowUp")
    await page.get_by_test_id("edit-input").fill("us east is slow")
    await page.get_by_test_id("edit-save").click()
    await expect(message(page, "is slow")).to_contain_text("(edited)")

    await message(page, "is slow").hover()
    await page.get_by_test_id("toolbar-more").click()
    await page.get_by_test_id("delete-message").click()
    await page.get_by_test_id("confirm-ok").click()

    await expect(page.get_by_text("is slow")).to_have_count(0)


async def test_a_text_file_is_shown_in_its_thread(desk: Desk) -> None:
    """The first lines stand there, all of them on demand, and there is a download."""
    root = await desk.bot.post(TECH, "INV-12")
    await desk.bot.client.files_upload_v2(
        channel=TECH, thread_ts=root, content=REPORT, filename="mtr.txt", title="MTR", snippet_type="text"
    )
    page = await desk.open(f"as=U0KIM&channel={TECH}&thread={root}")
    file = page.get_by_test_id("thread-messages").get_by_test_id("file")

    await expect(file.get_by_test_id("file-text")).to_contain_text("20.|-- hop-20.example")
    await file.get_by_test_id("file-expand").click()
    await expect(file.get_by_test_id("file-expand")).to_have_text("Collapse")
    await expect(file.locator("a[download]")).to_have_attribute(
        "href", f"{desk.origin}/slack/files/{await file.get_attribute('data-file-id')}/mtr.txt"
    )


async def test_the_home_is_opened_once(desk: Desk) -> None:
    """A bot that publishes its Home whenever it is opened is not asked again and again."""
    page = await desk.open()
    await page.get_by_test_id("app-link").click()
    await expect(page.get_by_test_id("app-home")).to_contain_text("Good morning")
    await page.get_by_test_id("messages-tab").click()
    await say(page, "hello bot")
    await message(page, "hello bot").wait_for()

    assert desk.bot.homes == 1


async def test_a_permalink_leads_to_its_message(desk: Desk) -> None:
    """Slack's permalink opens the page at the message."""
    ts = (await desk.sandbox.acts.say("U0TOM", TIER1, "the one that is meant"))["ts"]
    link = str((await desk.bot.client.chat_getPermalink(channel=TIER1, message_ts=ts))["permalink"])
    for number in range(40):
        await desk.sandbox.acts.say("U0JO", TIER1, f"noise {number}")
    page = await desk.open()
    await say(page, f"see {link}")

    await message(page, "see http").locator("a").click()

    await expect(page.get_by_test_id("channel-title")).to_have_text("tier1")
    await expect(message(page, "the one that is meant")).to_be_in_viewport()


async def test_a_phone_shows_one_thing_at_a_time(desk: Desk) -> None:
    """List, channel, thread and form each fill the screen, and nothing scrolls sideways."""
    await desk.bot.post(TECH, "INV-12", blocks=card("us-east-with-a-very-long-name-that-does-not-end-" * 2))
    page = await desk.open("as=U0KIM", PHONE)
    await expect(page.get_by_test_id("channel-pane")).to_be_hidden()
    widths = [await width_of_content(page)]

    await page.locator("[data-testid=channel-link][data-channel-name=t2-tech]").click()
    await expect(page.get_by_test_id("sidebar")).to_be_hidden()
    widths.append(await width_of_content(page))
    await message(page, "early shift").get_by_test_id("reply-bar").click()
    await expect(page.get_by_test_id("channel-pane")).to_be_hidden()
    widths.append(await width_of_content(page))
    await page.get_by_test_id("thread-close").click()
    await message(page, "INV-12").locator("[data-action-id=escalate]").click()
    await page.get_by_test_id("modal-submit").wait_for()
    widths.append(await width_of_content(page))

    assert widths == [PHONE[0]] * 4


async def test_the_page_comes_back_after_a_lost_connection(desk: Desk) -> None:
    """What was said while the page was cut off is there when it is back."""
    page = await desk.open()
    await page.context.set_offline(True)
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.get_by_test_id("lost")).to_be_visible()
    await desk.sandbox.acts.say("U0JO", TECH, "while you were away")
    await page.context.set_offline(False)

    await expect(message(page, "while you were away")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_test_id("lost")).to_be_hidden()


@pytest.mark.parametrize("lost", ["main.js", "live.js", "layout.css"])
async def test_a_part_that_does_not_arrive_is_asked_for_again(desk: Desk, lost: str) -> None:
    """A connection that breaks while the page loads would leave "Loading…", or a page without its looks, for ever."""
    page = await desk.open()
    await page.route(f"**/{lost}", lambda route: route.abort("connectionreset"), times=1)
    await page.reload()
    await expect(page.get_by_test_id("act-as").first).to_be_attached()
    await expect(page.locator("main.body")).to_have_css("display", "grid")
