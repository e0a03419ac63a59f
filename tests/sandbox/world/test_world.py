"""What can happen outside Slack, by the world's menu."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import system_clock
from bot.sandbox.github import seed as github_seed
from bot.sandbox.github.acts import REPOSITORY
from bot.sandbox.jira import seed as jira_seed
from bot.sandbox.world.clock import AHEAD, clock_from
from bot.sandbox.world.customers import IPHONES, MORE_TICKETS, SURGE
from tests.sandbox.world.small_world import SmallWorld


@pytest.fixture
async def small() -> AsyncIterator[SmallWorld]:
    world = SmallWorld()
    await world.targets.start()
    yield world
    await world.targets.close()


async def test_the_fix_of_what_the_bot_handed_over_goes_out(small: SmallWorld) -> None:
    """The newest issue of the bot is closed, and the next version names it."""
    github = small.outside.github
    with pytest.raises(ValueError, match="Send an investigation to Tier 3 first"):
        await small.world.let_happen("release")

    number = github.open_issue("Calls stutter", who=github_seed.BOT.login)
    assert f"Release the fix of app#{number}" in small.labels()
    happened = await small.world.let_happen("release")

    repository = github.forge.repository(REPOSITORY)
    newest = repository.releases[-1]
    assert happened == f"v8.4.1 is out, with the fix of app#{number}."
    assert (newest.tag, newest.draft, f"#{number}" in newest.body) == ("v8.4.1", False, True)
    assert repository.issues[number].state == "closed"
    assert "Release the fix" in small.labels()


async def test_a_fix_in_jira_goes_out_with_its_version(small: SmallWorld) -> None:
    jira = small.outside.jira
    key = jira.open_issue("Calls stutter", who=jira_seed.BOT.name)

    happened = await small.world.let_happen("release")

    issue = jira.site.issue(key)
    assert issue.status.name == "Done" and issue.fix_versions[0].released
    assert happened == f"Version {issue.fix_versions[0].name} is out, with the fix of {key}."


async def test_a_gateway_is_mended_and_breaks(small: SmallWorld) -> None:
    """Health check, losses from overseas, alerts and the status page change together."""
    alerts, page = small.outside.alertmanager.state, small.outside.statuspage.board
    assert small.landscape.lossy("127.0.21.2", "EU") and len(alerts.firing()) == 2

    await small.world.let_happen("mend-us-east")
    assert small.targets.endpoint("us-east-2").mode == "ok"
    assert not small.landscape.lossy("127.0.21.2", "EU")
    assert (alerts.firing(), page.unresolved(), page.component("US East").status) == ([], [], "operational")

    await small.world.let_happen("break-us-west")
    assert small.targets.endpoint("us-west-2").mode == "503"
    assert small.landscape.lossy("127.0.22.1", "OC")
    assert [alert.labels["region"] for alert in alerts.firing()] == ["us-west"]
    assert {"Break U.S. East", "Mend U.S. West"} <= set(small.labels())


async def test_customers_write_and_tier_1_asks(small: SmallWorld) -> None:
    """Each time other tickets and another question; search finds the tickets at once."""
    await small.world.let_happen("tickets-us-east")
    await small.world.let_happen("tickets-us-east")
    now = small.clock()
    ages = [(now - ticket.created_at).total_seconds() / 60 for ticket in small.desk]
    assert len(ages) == 2 * MORE_TICKETS and max(ages) < 11

    await small.world.let_happen("ask")
    await small.world.let_happen("ask")
    assert len(set(small.asked)) == 2


async def test_a_new_ios_version_and_everything(small: SmallWorld) -> None:
    """The desk has both from now on, whenever the customers say to have written."""
    await small.world.let_happen("ios")
    assert sum("26.2" in one.subject + one.description for one in small.desk) == IPHONES
    await small.world.let_happen("everything")

    assert len({one.requester_id for one in small.desk}) > SURGE
    assert small.clock() - min(one.generated_at for one in small.desk) < timedelta(minutes=1)


async def test_zendesk_goes_away_and_comes_back(small: SmallWorld) -> None:
    """After an hour by itself, earlier by the menu."""
    await small.world.let_happen("zendesk-away")
    assert "Zendesk is back" in small.labels()
    await small.world.let_happen("hour")
    assert "Zendesk is away for an hour" in small.labels()

    await small.world.let_happen("zendesk-away")
    await small.world.let_happen("zendesk-back")
    assert "Zendesk is away for an hour" in small.labels()


async def test_customers_write_while_time_passes(small: SmallWorld) -> None:
    """Of an hour that is left out the desk has what came in it, as of then."""
    for _ in range(12):
        await small.world.let_happen("hour")

    hours = {int((small.clock() - one.generated_at).total_seconds() // 3600) for one in small.desk}
    assert 20 <= sum(1 for _ in small.desk) <= 50 and hours == set(range(12))


async def test_an_hour_passes_for_everything_and_the_bot_follows(small: SmallWorld) -> None:
    """The sandbox's clock and that of a bot that is started afterwards are an hour ahead."""
    happened = await small.world.let_happen("hour")

    assert happened == "An hour has passed. The bot does what is due now." and small.followed == 1
    assert small.clock() - system_clock() > timedelta(minutes=59)
    assert small.clock.environment() == {AHEAD: "3600"}
    assert clock_from(small.clock.environment())() - system_clock() > timedelta(minutes=59)
    assert clock_from({})() - system_clock() < timedelta(seconds=1)


async def test_ten_minutes_pass(small: SmallWorld) -> None:
    """Long enough for one step of the ladder, and no more."""
    happened = await small.world.let_happen("minutes")

    assert happened == "Ten minutes have passed. The bot does what is due now." and small.followed == 1
    assert small.clock.environment() == {AHEAD: "600"}


async def test_lena_goes_and_comes_back(small: SmallWorld) -> None:
    """By her status, as people do."""
    await small.world.let_happen("lena-away")
    assert "Lena is back" in small.labels()
    await small.world.let_happen("lena-back")

    assert small.statuses == [("On vacation", ":palm_tree:"), ("", "")]


async def test_what_is_not_on_the_menu_does_not_happen(small: SmallWorld) -> None:
    with pytest.raises(ValueError, match="Open the menu again"):
        await small.world.let_happen("break-us-east")


async def test_a_planned_maintenance_begins_and_ends(small: SmallWorld) -> None:
    """On the status page, with an alert that it brings; the menu offers the one or the other."""
    page = small.outside.statuspage.board
    await small.world.let_happen("work-begins")
    assert [work.status for work in page.maintenances()] == ["in_progress", "scheduled"]
    assert page.component("EU Central").status == "under_maintenance"

    await small.world.let_happen("work-ends")
    assert [work.status for work in page.maintenances()] == ["scheduled"]
    assert page.component("EU Central").status == "operational"
    assert "The maintenance of EU Central begins" in small.labels()
