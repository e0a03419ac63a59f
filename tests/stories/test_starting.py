"""Starting where something is wrong: a sentence and status 2, or the bot runs and says what it lacks."""

import signal

import pytest

from tests.eventually import eventually
from tests.stories.chat import WITHIN_S
from tests.stories.counting import files, keys
from tests.stories.steps import escalated, opened, playbook_done, settled
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

REFUSED = 2
REFUSALS = {
    "SLACK_BOT_TOKEN": ("xoxb-wrong", "Slack refuses SLACK_BOT_TOKEN"),
    "SLACK_APP_TOKEN": ("xapp-wrong", "Slack refuses SLACK_APP_TOKEN: the app-level token is wrong"),
    "SECONDLINE_CONFIG": ("/nowhere/secondline.toml", "/nowhere/secondline.toml"),
    "SECONDLINE_DB": ("/nowhere/secondline.db", "/nowhere/secondline.db"),
}


@pytest.mark.parametrize("variable", REFUSALS)
async def test_it_ends_with_a_sentence(town: OpenTown, variable: str) -> None:
    """A wrong token or path: one line that names it, and status 2, without a traceback."""
    value, words = REFUSALS[variable]
    async with town(start=False) as there:
        there.bot.environment[variable] = value
        await there.bot.start()

        assert await there.bot.ended() == REFUSED
        assert words in there.bot.output
        assert "Traceback" not in there.bot.output


async def test_it_waits_for_a_slack_that_is_away(town: OpenTown) -> None:
    """It says so, connects once Slack is back, and says nothing else on its way."""
    async with town(start=False) as there:
        there.slack.control.fault({"where": "api", "method": "auth.test", "status": 503, "times": 2})
        await there.bot_starts()
        lines = there.bot.output.splitlines()

        assert sum("Slack does not answer at" in line and "Trying again in" in line for line in lines) == 2
        assert not [line for line in lines if "slack_bolt" in line]


async def test_waiting_for_slack_ends_with_a_signal(town: OpenTown) -> None:
    """Nobody has to kill a bot that waits."""
    async with town(start=False) as there:
        there.bot.environment["SLACK_API_URL"] = "http://127.0.0.1:9/api/"
        await there.bot.start()
        waits = "Slack does not answer at http://127.0.0.1:9/api/"
        await eventually(lambda: waits in there.bot.output, within_s=WITHIN_S)
        there.bot.signal(signal.SIGTERM)

        assert await there.bot.ended() == 0
        assert "Traceback" not in there.bot.output


async def _without_scopes(there: Town, *scopes: str) -> None:
    there.slack.control.remove_scopes(list(scopes))
    await there.bot_starts()


async def test_without_the_scope_for_history_it_works(town: OpenTown) -> None:
    """Without it a lost answer can't be looked up; everything else goes on, and `check` names the scope."""
    async with town(start=False) as there:
        await _without_scopes(there, "channels:history", "groups:history", "im:history")
        card = await opened(there)
        await playbook_done(there, card)
        await escalated(there, card)
        await there.kim.types("#t2-tech", "/t2 check")
        await there.kim.sees("#t2-tech", "channels:history")
        await settled(there)

        assert set(keys(there).values()) == {1}


async def test_without_user_groups_people_of_the_settings_stand_for_them(town: OpenTown) -> None:
    """The post names Lena, says why, and Lena can acknowledge."""
    people = {'group = "ltm"': 'group = "ltm"\npeople = ["lena"]'}
    async with town(start=False, settings=people) as there:
        await _without_scopes(there, "usergroups:read")
        card = await opened(there)
        post = await escalated(there, card)
        assert "<@U0LENA>" in post.text and "Slack does not show the group @ltm" in post.text
        await there.lena.presses(post, "Acknowledge")
        await there.kim.sees_change(post, lambda now: "Acknowledged by <@U0LENA>" in now.text)
        await there.kim.types("#t2-tech", "/t2 status")
        await there.kim.sees("#t2-tech", "user groups can't be read")


async def test_without_the_scope_for_files_reports_come_as_text(town: OpenTown) -> None:
    """The report is a message in the thread, which says why it is no file and what the app needs."""
    async with town(start=False) as there:
        await _without_scopes(there, "files:write")
        card = await opened(there)
        await playbook_done(there, card)
        await escalated(there, card)
        report = await there.kim.sees(card, "HOST: ")
        assert "not as a file" in report.text and "files:write" in report.text
        await settled(there)

        assert not files(there)
        assert set(keys(there).values()) == {1}


async def test_a_server_that_lacks_methods(town: OpenTown) -> None:
    """Groups, files, history, permalinks and reactions are unknown there: reports come as text, the day goes on."""
    people = {'group = "ltm"': 'group = "ltm"\npeople = ["lena"]'}
    async with town(start=False, settings=people) as there:
        for method in (
            "usergroups.*",
            "files.*",
            "conversations.history",
            "conversations.replies",
            "chat.getPermalink",
        ):
            there.slack.control.fault({"where": "api", "method": method, "error": "unknown_method", "times": 10_000})
        there.slack.control.fault({"where": "api", "method": "reactions.*", "error": "unknown_method", "times": 10_000})
        await there.bot_starts()
        kim = there.kim
        card = await opened(there)
        await playbook_done(there, card)
        note = await kim.types(card, "@secondline note it is the transit provider")
        assert note
        post = await escalated(there, card)
        assert "<@U0LENA>" in post.text
        await kim.sees(card, "HOST: ")
        await there.lena.presses(post, "Acknowledge")
        await kim.sees_change(card, lambda now: "<@U0LENA> acknowledged" in now.text)
        await kim.sees(card, "acknowledged your escalation")
        await settled(there)
        there.slack.control.fault({"where": "api", "method": "chat.postMessage", "lose_answer": True})
        await kim.types("#t2-tech", "/probe ping eu-central")
        await kim.sees("#t2-tech", "EU Central")
        await settled(there)

        assert set(keys(there).values()) == {1, 2} and keys(there)["probes/3"] == 2
        assert [key for key, count in keys(there).items() if count == 2] == ["probes/3"], "only the lost answer"


async def test_an_archived_channel(town: OpenTown) -> None:
    """Nothing can be posted there: Kim is told in her direct messages, and the bot works elsewhere."""
    async with town(start=False) as there:
        await there.bot_starts()
        there.slack.control.channel("C0T2CS", archived=True)
        await there.ana.types("#tier1", "/investigate payments declined")
        await there.ana.sees("@secondline", "the channel is archived")
        await opened(there)


async def test_a_channel_that_the_bot_is_not_in(town: OpenTown) -> None:
    """Whoever asked is told; once the bot is invited the card comes, and everything under it."""
    async with town(start=False) as there:
        there.slack.control.channel("C0T2TECH", bot_member=False)
        await there.bot_starts()
        await there.kim.types("#t2-tech", "/investigate us-east packet loss")
        await there.kim.sees("@secondline", "invite it with /invite")
        there.slack.control.channel("C0T2TECH", bot_member=True)
        card = await there.kim.sees("#t2-tech", "owns INV-")
        await playbook_done(there, card)
        await there.kim.sees_reply(card, "32 matching tickets")
        await settled(there)

        assert set(keys(there).values()) == {1}


async def test_sigterm_lets_work_finish(town: OpenTown) -> None:
    """In the middle of opening: it ends with status 0, and the next start does the rest, once."""
    async with town(start=False) as there:
        await there.bot_starts()
        card = await opened(there)
        there.bot.signal(signal.SIGTERM)

        assert await there.bot.ended() == 0
        await there.bot_starts()
        await there.kim.sees_reply(card, "32 matching tickets")
        playbook = await there.kim.sees(card, "*Playbook for")
        await there.kim.sees_change(playbook, lambda now: "trouble" in now.text or "interrupted" in now.text)
        await settled(there)
        assert keys(there) == {"investigation/1": 1, "tickets/1": 1, "probes/1": 1}


async def test_check_says_ok_for_every_part(town: OpenTown) -> None:
    """One line per part, and status 0."""
    async with town(start=False) as there:
        await there.bot.start("check")
        status = await there.bot.ended()
        lines = there.bot.output.splitlines()

        assert status == 0, there.bot.output
        for part in ("Database", "Slack bot token", "Slack app token", "Slack scopes", "Channel #t2-tech", "Zendesk"):
            assert [line for line in lines if part in line and "ok" in line], part


async def test_check_says_how_to_mend(town: OpenTown) -> None:
    """What is wrong has its remedy in the same line, and the status is 1."""
    async with town(start=False) as there:
        there.slack.control.remove_scopes(["files:write"])
        there.slack.control.channel("C0T2CS", archived=True)
        there.bot.environment["ZENDESK_CLIENT_SECRET"] = "wrong"
        await there.bot.start("check")
        status = await there.bot.ended()
        lines = there.bot.output.splitlines()

        assert status == 1
        for part, remedy in (("Slack scopes", "files:write"), ("#t2-cs", "archived"), ("Zendesk", "ZENDESK_CLIENT")):
            assert [line for line in lines if part in line and remedy in line], there.bot.output
