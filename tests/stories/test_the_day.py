"""A day with the bot: from the first words to the resolved investigation, told as what people type and see."""

from dataclasses import replace

import pytest

from bot.sandbox.zendesk.seed import SeedTicket
from tests.stories.chat import Person, Seen
from tests.stories.steps import escalated, opened, playbook_done, timeline
from tests.stories.town import BRISK, OpenTown, Town, open_town

pytestmark = pytest.mark.story


async def test_evidence_comes_by_itself() -> None:
    """One command: a card, tickets with count and growth, a playbook with its picture, and nothing else.

    Here the bot is really started as `python -m bot run`; other stories fork it from a process that has imported it.
    """
    async with open_town(start=False) as there:
        kim = there.kim
        print(f"start to connected {await there.bot_starts():.2f} s")
        assert "WARNING" not in (there.folder / "bot.log").read_text(), "a library warns of what is meant so"
        began = there.now_s()
        card = await opened(there)
        print(f"command to card {there.now_s() - began:.2f} s")
        assert "packet loss" in card.text and "INV-1" in card.text
        await there.until(lambda: kim.thread(card), "the first evidence")
        print(f"command to first evidence {there.now_s() - began:.2f} s")
        playbook = await playbook_done(there, card)
        print(f"command to all of the playbook {there.now_s() - began:.2f} s")
        assert "503" in playbook.text and "Both answer" in playbook.text
        tickets = await kim.sees_reply(card, "matching tickets")
        assert "32 matching tickets" in tickets.text and " with “packet loss”:" in tickets.text
        await kim.sees_change(card, lambda now: "tickets in the last hour" in now.text and "status 503" in now.text)

        playbook = await kim.sees_change(playbook, lambda now: _pictures(now))
        assert "from Brisbane" in _pictures(playbook)[0]
        assert len(kim.thread(card)) == 2, "tickets, and the playbook with its picture"


async def test_tickets_are_looked_for_again_and_again(town: OpenTown) -> None:
    """A customer writes later: the count grows, and the ticket waits under the list until somebody asks for it."""
    async with town(pace=replace(BRISK, refresh_s=5)) as there:
        kim = there.kim
        card = await opened(there)
        tickets = await kim.sees_reply(card, "32 matching tickets")
        there.zendesk.desk.write_in(SeedTicket(subject="us-east is gone", description="packet loss"))
        tickets = await kim.sees_change(tickets, lambda now: "33 matching tickets" in now.text)

        assert "1 newer ticket" in tickets.text and "us-east is gone" not in tickets.text
        await kim.presses(tickets, "Show")
        shown = await kim.sees_change(tickets, lambda now: "us-east is gone" in now.text)
        assert "newer" not in shown.text and "came last" in shown.text


async def test_the_second_who_types_it_joins_the_first(town: OpenTown) -> None:
    """Jo gets who has it, with Open and Join, and no second card."""
    async with town() as there:
        card = await opened(there)
        await there.jo.types("#t2-tech", "/investigate US East slow")
        told = await there.jo.sees("#t2-tech", "has U.S. East")
        assert told.only_for_me and told.buttons == ["Open", "Join"]
        await there.jo.presses(told, "Join")

        await there.kim.sees_change(card, lambda now: "with <@U0JO>" in now.text)
        assert len([each for each in there.kim.screen("#t2-tech") if "owns INV-" in each.text]) == 1


async def test_people_decide_about_tickets(town: OpenTown) -> None:
    """Ticks, all of them and a pasted link become tags in Zendesk; what is undone or taken off loses its tag."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        tickets = await kim.sees_reply(card, "matching tickets")
        first, second, third = tickets.options[:3]
        await kim.ticks(tickets, first, second)
        await there.jo.ticks(tickets, third)
        await kim.presses(tickets, "Related")
        await there.until(lambda: len(there.tagged("inv-1")) == 2, "tags for what was ticked")
        await there.jo.presses(tickets, "Not Related")
        decided = await kim.sees_change(tickets, lambda now: "1 not related, by <@U0JO>" in now.text)
        assert "2 related, by <@U0KIM>" in decided.text and not {first, second, third} & set(decided.options)
        await kim.types(card, f"@secondline tickets remove {first.split()[0]}")
        await there.until(lambda: len(there.tagged("inv-1")) == 1, "the tag to go")
        await kim.sees_change(tickets, lambda now: "1 related, 1 not, by <@U0KIM>" in now.text)

        link = f"http://127.0.0.1:{there.port}/zendesk/agent/tickets/48201"
        pasted = await kim.types(card, f"this one too {link}")
        assert pasted
        await there.until(lambda: 48201 in there.tagged("inv-1"), "a tag for the pasted ticket")
        await kim.sees_change(pasted, lambda now: "white_check_mark" in now.reactions)

        await kim.presses(tickets, "Confirm All 29")
        await there.until(lambda: len(there.tagged("inv-1")) == 31, "tags for all")
        await kim.sees_change(tickets, lambda now: "31 related, 1 not, by <@U0KIM>" in now.text)
        await kim.presses(tickets, "Undo 29")
        await there.until(lambda: len(there.tagged("inv-1")) == 2, "the tags of all to go")
        await kim.sees_change(tickets, lambda now: "Confirm All 29" in now.buttons)


async def test_words_in_the_thread_add_to_the_record(town: OpenTown) -> None:
    """A probe and a note by mention, a pin, a :pushpin:, its edit and its removal: all on the timeline."""
    async with town() as there:
        kim, jo = there.kim, there.jo
        card = await opened(there)
        asked = await kim.types(card, "@secondline probe ping eu-central")
        assert asked
        ping = await kim.sees(card, "EU Central")
        await kim.sees_change(ping, lambda now: "Both answer" in now.text)
        noted = await kim.types(card, "@secondline note only customers of one provider")
        assert noted
        await kim.sees_change(noted, lambda now: "white_check_mark" in now.reactions)
        wrong = await kim.types(card, "@secondline nots something")
        assert wrong
        assert "Did you mean 'note'?" in (await kim.sees(card, "I don't know 'nots'")).text

        pinned = await jo.types(card, "traceroute of a customer ends at hop 7")
        pushed = await jo.types(card, "router in Ashburn was swapped last night")
        assert pinned and pushed
        jo.pins(pinned)
        kim.reacts(pushed, "pushpin")
        await _sees_on_timeline(there, card, "hop 7")
        await _sees_on_timeline(there, card, "Ashburn was swapped")
        jo.edits(pushed, "router in Ashburn was swapped on Friday")
        listed = await _sees_on_timeline(there, card, "swapped on Friday")
        assert "only customers of one provider" in listed
        kim.reacts(pushed, "pushpin", remove=True)
        await _gone_from_timeline(there, card, "Ashburn")


async def test_escalated_acknowledged_resolved_and_reopened(town: OpenTown) -> None:
    """The form is filled from the record; only management acknowledges; the ending is on the card."""
    async with town() as there:
        kim, lena, tom = there.kim, there.lena, there.tom
        card = await opened(there)
        tickets = await kim.sees_reply(card, "matching tickets")
        await kim.ticks(tickets, "Packet loss on U.S. East")
        await kim.presses(tickets, "Related")
        await kim.sees_change(tickets, lambda now: "1 related" in now.text)
        await kim.sees_change(card, lambda now: "U.S. West is fine." in now.text)

        post = await escalated(there, card)
        assert post.text.startswith("<!subteam^S0LTM> Call the transit provider") and "*1 ticket:*" in post.text
        assert post.thread == card.ts and post.raw["subtype"] == "thread_broadcast"
        assert post.buttons == ["Details", "Acknowledge", "Need More", "Take It Back"]
        await there.until(lambda: _reports(kim, card), "the report: files come after the post")
        await lena.presses(post, "Details")
        assert "Packet loss on U.S. East" in (await lena.sees(card, "*What was tried*")).text

        await tom.presses(post, "Acknowledge")
        refused = await tom.sees(card, "ltm")
        assert refused
        await lena.presses(post, "Need More")
        form = await lena.form("Need more")
        lena.fills(form, question="How many customers pay for business plans?")
        assert await lena.submits(form) == {}
        asked = await kim.sees(card, "business plans")
        assert asked.text.startswith(":question: <@U0KIM>, <@U0LENA> asks about INV-1")
        await lena.presses(post, "Acknowledge")
        post = await kim.sees_change(post, lambda now: "Acknowledged by <@U0LENA>" in now.text)
        assert post.buttons == ["Details"]
        await kim.sees_change(card, lambda now: "<@U0LENA> acknowledged" in now.text)
        await kim.sees(card, "<@U0KIM>, <@U0LENA> acknowledged your escalation of INV-1.")

        await kim.presses(card, "Resolve")
        form = await kim.form("Resolve INV-1")
        assert "root_cause" in await kim.submits(form)
        kim.fills(form, root_cause="A transit provider dropped packets", workaround="Use U.S. West")
        assert await kim.submits(form) == {}
        closed = await kim.sees_change(card, lambda now: "resolved INV-" in now.text)
        assert "A transit provider dropped packets" in closed.text and "Use U.S. West" in closed.text
        assert closed.buttons == ["Reopen", "Show Timeline"]
        await lena.sees(card, "<@U0LENA>, <@U0KIM> resolved INV-1 U.S. East.")
        await kim.sees_change(tickets, lambda now: "no longer searched" in now.text)

        await kim.presses(card, "Reopen")
        await kim.sees_change(card, lambda now: "Resolve" in now.buttons)
        listed = await timeline(there, card)
        told = (
            "opened it",
            "confirmed #",
            "ran the playbook. ",
            "escalated it",
            "asked: ",
            "acknowledged",
            "resolved it",
            "reopened",
        )
        assert [word for word in told if word not in listed] == []


async def test_tier_one_is_answered_in_its_own_thread(town: OpenTown) -> None:
    """*Investigate this* on Tom's message: the card in Tier 2's channel, the answer in Tom's thread, kept true."""
    async with town() as there:
        kim, tom = there.kim, there.tom
        asked = await kim.sees("#tier1", "lots of tickets about US East")
        await kim.uses("Investigate this", asked)
        card = await kim.sees("#t2-tech", "owns INV-")
        assert "a message" in card.text
        answer = await tom.sees(asked, "is looking into U.S. East")
        await kim.presses(card, "Resolve")
        form = await kim.form("Resolve INV-1")
        kim.fills(form, root_cause="transit", workaround="Use U.S. West")
        await kim.submits(form)

        answer = await tom.sees_change(answer, lambda now: "is resolved" in now.text)
        assert "Use U.S. West" in answer.text
        told = await tom.sees(asked, "<@U0TOM>, U.S. East is resolved")
        assert told.ts != answer.ts and told.thread == asked.ts and "Use U.S. West" in told.text
        await kim.presses(card, "Reopen")
        await tom.sees(asked, "<@U0TOM>, U.S. East isn't over")


async def test_a_form_asks_for_a_target_that_nobody_knows(town: OpenTown) -> None:
    """An unknown word opens a form with the nearest target chosen; sending it opens the investigation."""
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-tech", "/investigate us-eas packet loss")
        form = await kim.form("Investigate")
        assert "us-east" in form.text and form.shows("target") == "U.S. East"
        kim.fills(form, target="us-west", symptom="no connection at all")
        assert await kim.submits(form) == {}
        card = await kim.sees("#t2-tech", "owns INV-")
        assert card.text.startswith("U.S. West: no connection at all")

        await kim.types("#t2-tech", "/investigate")
        assert "INV-1" in (await kim.sees("#t2-tech", "1 investigation open")).text
        assert "INV-1" in await kim.home("Yours: 1 investigation")


async def test_a_message_from_elsewhere_is_added(town: OpenTown) -> None:
    """*Add to investigation* asks which one, in its thread it does not ask; both stand on the timeline."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        elsewhere = await kim.sees("#tier1", "Android app asking")
        await kim.uses("Add to investigation", elsewhere)
        form = await kim.form("Add to investigation")
        assert form.shows("investigation") == "INV-1 U.S. East"
        assert await kim.submits(form) == {}
        await _sees_on_timeline(there, card, "Android app asking")
        here = await there.jo.types(card, "graph of the last hour")
        assert here
        await kim.uses("Add to investigation", here)
        await kim.sees(card, "on the timeline of INV-1")
        await _sees_on_timeline(there, card, "graph of the last hour")


def _pictures(message: Seen) -> list[str]:
    """What its pictures show, in words."""
    return [str(block["alt_text"]) for block in message.raw.get("blocks") or [] if block["type"] == "image"]


def _reports(person: Person, card: Seen) -> list[str]:
    """The files with reports of U.S. East in the card's thread."""
    names = [name for each in person.thread(card) for name in each.files]
    return [name for name in names if name.startswith("us-east-")]


async def _sees_on_timeline(there: Town, card: Seen, words: str) -> str:
    """Asks again until it is there, since what Slack tells arrives a moment later."""
    for _ in range(20):
        told = await timeline(there, card)
        if words in told:
            return told
    raise AssertionError(f"no {words!r} on:\n{told}")


async def _gone_from_timeline(there: Town, card: Seen, words: str) -> None:
    for _ in range(20):
        told = await timeline(there, card)
        if words not in told:
            return
    raise AssertionError(f"still {words!r} on:\n{told}")
