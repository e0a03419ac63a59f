"""Who is believed, over the wire: groups without members, people who left, other apps, edits, what anybody names."""

import re

import pytest

from bot.sandbox.slack.errors import ApiError
from tests.stories.chat import Seen
from tests.stories.counting import keys
from tests.stories.steps import escalated, opened, settled, timeline
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

MISSPELT = {'usergroup = "t2-tech"': 'usergroup = "t2-tehc"'}
LENA = {'group = "ltm"': 'group = "ltm"\npeople = ["lena"]'}


async def test_a_misspelt_group_makes_nobody_tier_2(town: OpenTown) -> None:
    """Kim is told why, Tom is no more than he was, `/t2 status` and `check` name the group and the nearest."""
    async with town(start=False, settings=MISSPELT) as there:
        await there.bot.start("check")
        assert await there.bot.ended() == 1
        assert "User group @t2-tehc: there is no such group" in there.bot.output
        assert "Did you mean @t2-tech?" in there.bot.output

        await there.bot_starts()
        await there.kim.types("#t2-tech", "/investigate us-east packet loss")
        card = await there.kim.sees("#t2-tech", "no one has picked this up")
        for person in (there.kim, there.tom):
            await person.presses(card, "Claim")
            told = await person.sees("#t2-tech", "@t2-tehc does not exist in Slack")
            assert told.only_for_me
        await there.ana.types("#t2-cs", "/t2 status")
        await there.ana.sees("#t2-cs", "did you mean @t2-tech?): nobody counts as T2 Tech")
        assert "<@U0" not in (there.kim.now(card) or card).text.split("INV-1")[0]


@pytest.mark.parametrize("how", ["empty", "disabled", "deleted"])
async def test_an_escalation_to_a_group_of_nobody_says_so(town: OpenTown, how: str) -> None:
    """With the configured people in its place, who can acknowledge."""
    async with town(start=False, settings=LENA) as there:
        there.slack.control.group(
            "S0LTM", [] if how == "empty" else None, disabled=how == "disabled" or None, deleted=how == "deleted"
        )
        await there.bot_starts()
        post = await escalated(there, await opened(there))
        assert "<@U0LENA>" in post.text and "<!subteam" not in post.text
        assert "these people stand for it" in post.text
        await there.lena.presses(post, "Acknowledge")
        await there.kim.sees_change(post, lambda now: "Acknowledged by <@U0LENA>" in now.text)


async def test_an_escalation_that_reaches_nobody_says_so(town: OpenTown) -> None:
    """The group is emptied while the bot runs, and nobody is configured."""
    async with town() as there:
        card = await opened(there)
        there.slack.control.group("S0LTM", [])
        await _status_says(there, "@ltm has no members")
        post = await escalated(there, card)

        assert "Nobody was notified: @ltm has no members" in post.text
        assert "<!subteam" not in post.text


async def test_who_left_gets_no_handover_and_keeps_nothing(town: OpenTown) -> None:
    """Their group still lists them; what they had is free for others."""
    async with town() as there:
        await there.jo.types("#t2-tech", "/investigate us-east packet loss")
        card = await there.kim.sees("#t2-tech", "<@U0JO> owns")
        there.slack.control.person("U0JO", deleted=True)
        await there.kim.types(card, "@secondline claim INV-1")
        await there.kim.sees_change(card, lambda now: "<@U0KIM> owns" in now.text)
        await there.kim.types(card, "@secondline handover <@U0JO> yours")
        told = await there.kim.sees(card, "Only Tier 2 can own")

        assert told.only_for_me


@pytest.mark.parametrize("who", ["multi", "single"])
async def test_a_guest_in_the_group_is_not_of_tier_2(town: OpenTown, who: str) -> None:
    """From the moment on that they are one."""
    async with town() as there:
        card = await opened(there)
        there.slack.control.person("U0JO", guest=who)
        await there.jo.types(card, "@secondline resolve all is well")
        told = await there.jo.sees(card, "You're a guest here")
        await there.jo.types("#t2-tech", "/investigate website slow")
        kept = await there.jo.sees("#t2-tech", "/investigate website slow")

        assert kept.only_for_me and "investigation/2" not in keys(there)
        assert told.only_for_me and "owns INV-" in (there.kim.now(card) or card).text


async def test_another_app_does_nothing_in_anybodys_name(town: OpenTown) -> None:
    """A workflow that mentions the bot, one that says to be Kim, and a bot that answers."""
    async with town() as there:
        card = await opened(there)
        before = len(there.kim.screen("#t2-tech")), len(there.kim.screen(card))
        for user in ("", "U0JO"):
            for text in ("@secondline investigate website slow", "@secondline claim INV-1", "@secondline what?"):
                there.slack.control.app_says("C0T2TECH", text, user=user)
                there.slack.control.app_says("C0T2TECH", text, user=user, thread_ts=card.ts)
        note = await there.kim.types(card, "@secondline note the last word")
        assert note
        await there.kim.sees_change(note, lambda now: "white_check_mark" in now.reactions)
        await settled(there)

        assert keys(there).keys() >= {"investigation/1"} and "investigation/2" not in keys(there)
        told = [
            each for each in there.kim.screen("#t2-tech")[before[0] :] if each.by_bot and "B0OTHER" not in str(each.raw)
        ]
        assert told == []
        assert [each for each in there.kim.screen(card) if "I don't know" in each.text] == []


async def test_mending_a_typo_does_not_take_it_back(town: OpenTown) -> None:
    """Jo hands over to Kim what Kim had handed over; then Kim mends the words of a week ago."""
    async with town() as there:
        card = await opened(there)
        first = await there.kim.types(card, "@secondline handover @jo customers of one provder")
        assert first
        await there.jo.presses(await there.jo.sees("@secondline", "asks you to take over"), "Accept")
        await there.kim.sees_change(card, lambda now: "<@U0JO> owns" in now.text)
        await there.jo.types(card, "@secondline handover @kim it is the transit")
        await there.kim.presses(await there.kim.sees("@secondline", "asks you to take over"), "Accept")
        await there.kim.sees_change(card, lambda now: "<@U0KIM> owns" in now.text)
        there.kim.edits(first, "@secondline handover @jo customers of one provider")
        wrong = await there.kim.types(card, "@secondline nots the typo is mended")
        assert wrong
        await there.kim.sees(card, "I don't know 'nots'")
        there.kim.edits(wrong, "@secondline note the typo is mended")
        await there.kim.sees_change(wrong, lambda now: "white_check_mark" in now.reactions)
        there.kim.edits(wrong, "@secondline note the typo is mended twice")
        await settled(there)
        told = await timeline(there, card)

        assert "<@U0KIM> owns" in (there.kim.now(card) or card).text
        assert (told.count("the typo is mended"), told.count("handed it over")) == (1, 2)


async def test_what_tier_1_names_is_suggested(town: OpenTown) -> None:
    """With a receipt and a way back; Tier 2 confirms, and a number in a sentence is nothing."""
    async with town() as there:
        card = await opened(there)
        tickets = await there.kim.sees_reply(card, "32 matching tickets")
        link = f"http://127.0.0.1:{there.port}/zendesk/agent/tickets/48201"
        await there.tom.types(card, f"this one too {link}, since 2024 and for 48202 people")
        receipt = await there.tom.sees(card, "Suggested for INV-1: #48201")
        assert receipt.only_for_me and receipt.buttons == ["Undo"]
        await there.tom.presses(receipt, "Undo")
        await there.tom.sees(card, "Undone: #48201")
        await there.kim.sees_change(tickets, lambda now: "newer" not in now.text and "Confirm All 32" in now.buttons)
        await there.tom.types(card, "@secondline tickets 48201")
        await there.kim.sees_change(tickets, lambda now: "1 newer ticket, named by <@U0TOM>" in now.text)
        await there.kim.presses(tickets, "Show")
        await there.kim.sees_change(tickets, lambda now: "Confirm All 33" in now.buttons)
        await there.kim.presses(tickets, "Confirm All 33")
        await there.kim.sees_change(tickets, lambda now: "33 related" in now.text)
        await there.kim.types(card, f"@secondline tickets remove <{link}>")
        await there.kim.sees_change(tickets, lambda now: "32 related, 1 not, by <@U0KIM>" in now.text)


async def test_taking_over_is_told_to_who_had_it(town: OpenTown) -> None:
    """They stay on the card, and no message says that it is from them."""
    async with town() as there:
        card = await opened(there)
        there.slack.control.status("U0KIM", text="On vacation", emoji=":palm_tree:")
        await there.jo.types(card, "@secondline handover @jo you are in the sun")
        told = await there.kim.sees(card, "<@U0JO> took INV-1 over from you")
        assert "<@U0KIM>, " in told.text and "is yours now, from" not in told.text
        await there.kim.sees_change(card, lambda now: "<@U0JO> owns" in now.text and "with <@U0KIM>" in now.text)


async def test_a_form_sent_twice_is_no_error(town: OpenTown) -> None:
    """Its answer was lost, so it stood there still; what it asked for was done."""
    async with town() as there:
        card = await opened(there)
        await there.kim.presses(card, "Resolve")
        form = await there.kim.form("Resolve INV-1")
        there.kim.fills(form, root_cause="A transit provider dropped packets")
        there.slack.control.fault({"where": "interactions", "method": "view_submission", "lose_answer": True})
        with pytest.raises(ApiError, match="operation_timeout"):
            await there.kim.submits(form)
        await there.kim.sees_change(card, lambda now: "resolved INV-" in now.text)

        assert await there.kim.submits(form) == {}
        await there.kim.presses(card, "Show Timeline")
        listed = await there.kim.sees("#t2-tech", "INV-1: timeline")
        assert listed.text.count("resolved it") == 1


async def test_hosts_that_people_type(town: OpenTown) -> None:
    """Tier 1 measures targets; ports and slips are asked about; a press measures what was meant."""
    async with town() as there:
        tom, kim = there.tom, there.kim
        await tom.types("#tier1", "/probe ping example.com")
        assert (await tom.sees("#tier1", "Only Tier 2 can measure a host that is no target")).only_for_me
        await kim.types("#t2-tech", "/probe tcp example.com:22")
        assert (await kim.sees("#t2-tech", "Port 22 is not probed")).only_for_me
        await tom.types("#tier1", "/probe pign us-wset")
        asked = await tom.sees("#tier1", "Did you mean")
        assert asked.only_for_me and "ping U.S. West" in asked.buttons
        await tom.presses(asked, "ping U.S. West")
        probe = await tom.sees("#tier1", "*ping U.S. West*")
        await tom.sees_change(probe, lambda now: "answer" in now.text)


async def test_words_in_direct_messages(town: OpenTown) -> None:
    """`status`, `probe`, and what names an investigation."""
    async with town() as there:
        await there.tom.types("#tier1", "/investigate us-east packet loss")
        card = await there.kim.sees("#t2-tech", "no one has picked this up")
        await there.kim.types("@secondline", "claim INV-1")
        await there.kim.sees_change(card, lambda now: "<@U0KIM> owns" in now.text)
        await there.kim.types("@secondline", "status")
        await there.kim.sees("@secondline", "1 investigation open")
        await there.kim.types("@secondline", "status `INV-1`")
        await there.kim.sees("@secondline", "<@U0KIM> has U.S. East")
        await there.kim.types("@secondline", "probe ping eu-central")
        probe = await there.kim.sees("@secondline", "*ping EU Central*")
        await there.kim.sees_change(probe, lambda now: "answer" in now.text)
        note = await there.kim.types("#tier1", "@secondline note INV-1 said in another channel")
        assert note
        await there.kim.sees_change(note, lambda now: "white_check_mark" in now.reactions)
        assert "said in another channel" in await timeline(there, card)


async def test_a_renamed_channel_stays_the_teams(town: OpenTown) -> None:
    """While the bot runs and after a restart, though somebody made a new channel of the old name."""
    async with town() as there:
        there.slack.control.channel("C0T2TECH", name="tier2-tech")
        there.slack.control.channel("C0RANDOM", name="t2-tech")
        await there.tom.types("#tier1", "/investigate us-east packet loss")
        await there.kim.sees("#tier2-tech", "no one has picked this up")
        await there.bot.kill()
        await there.bot_starts()
        await there.tom.types("#tier1", "/investigate us-west packet loss")
        await there.kim.sees("#tier2-tech", "INV-2: no one has picked this up")


async def test_an_archived_private_channel_gives_its_name_to_another(town: OpenTown) -> None:
    """Private channels have events of their own."""
    async with town() as there:
        await there.tom.types("#tier1", "/investigate us-east packet loss")
        await there.kim.sees("#t2-tech", "no one has picked this up")
        workspace = there.slack.site.workspace
        for channel in ("C0T2TECH", "C0RANDOM"):
            workspace.channels[channel].is_private = True
            workspace.channels[channel].members.add(workspace.bot_user)
        there.slack.control.channel("C0T2TECH", archived=True, name="t2-tech-old")
        there.slack.control.channel("C0RANDOM", name="t2-tech")
        await _status_says(there, "1 investigation open")
        await there.until(lambda: sum(each.name == "conversations.list" for each in there.calls) > 1, "a new list")
        await there.tom.types("#tier1", "/investigate us-west packet loss")
        await there.kim.sees("#t2-tech", "INV-2: no one has picked this up")


async def test_the_team_of_the_target_gets_the_card(town: OpenTown) -> None:
    """Kim is told where it is."""
    async with town() as there:
        await there.kim.types("#t2-tech", "/investigate payments cards are declined")
        await there.ana.sees("#t2-cs", "cards are declined")
        told = await there.kim.sees("#t2-tech", "INV-1 is open in <#C0T2CS>")
        assert told.only_for_me


async def _status_says(there: Town, words: str) -> Seen:
    """Groups are read again some seconds after they changed."""
    for _ in range(90):
        known = {each.ts for each in there.ana.screen("#t2-cs")}
        await there.ana.types("#t2-cs", "/t2 status")

        def told(known: set[str] = known) -> Seen | None:
            return next((each for each in there.ana.screen("#t2-cs") if each.ts not in known), None)

        shown: Seen = await there.until(told, "the status")
        if re.search(re.escape(words), shown.text):
            return shown
        await there.moment()
    raise AssertionError(f"`/t2 status` does not say {words!r}")
