"""People, groups and channels, from memory, whatever Slack tells or does not."""

import asyncio
from typing import Any

import pytest

from bot.people import NotTier2
from bot.slack.answers import SlackBusy, SlackError, SlackUnclear
from bot.slack.directory import Directory, Management, Team
from bot.tasks import Tasks
from tests.eventually import eventually
from tests.fake_web_api import Arguments, FakeWebApi

TEAMS = (
    Team("tech", "T2 Tech", "#t2-tech", usergroup="t2-tech"),
    Team("cs", "T2 CS", "#t2-cs", members=("@ana", "UBEN")),
)
LTM = Management("ltm", people=("lena", "URAJ"))
SCOPE = SlackError("missing_scope", method="usergroups.list", detail="the app needs the scope usergroups:read")


class Workspace(FakeWebApi):
    """Two pages of people and of channels, three groups. `people` are known one by one too."""

    members: dict[str, list[str]]

    def __init__(self) -> None:
        super().__init__()
        self.people: list[dict[str, Any]] = [{"id": "UANA", "name": "ana"}, {"id": "ULENA", "name": "Lena"}]
        self.rooms: list[dict[str, Any]] = [{"id": "C1", "name": "t2-tech"}, {"id": "C2", "name": "t2-cs"}]
        self.members = {"STECH": ["UKIM", "UJO"], "SLTM": ["ULENA", "URAJ"]}
        self.groups: list[dict[str, Any]] = [{"id": "STECH", "handle": "t2-tech"}, {"id": "SLTM", "handle": "LTM"}]
        self.groups.append({"id": "SOLD", "handle": "t2-cs", "date_delete": "1700000000"})

    def _usergroups_list(self, arguments: Arguments) -> Arguments:
        return {"usergroups": self.groups}

    def _usergroups_users_list(self, arguments: Arguments) -> Arguments:
        if arguments["usergroup"] not in self.members:
            raise SlackError("no_such_subteam", method="usergroups.users.list")
        return {"users": self.members[arguments["usergroup"]]}

    def _users_info(self, arguments: Arguments) -> Arguments:
        return next(({"user": item} for item in self.people if item["id"] == arguments["user"]), {})

    def _users_list(self, arguments: Arguments) -> Arguments:
        return _page(arguments, "members", self.people)

    def _conversations_list(self, arguments: Arguments) -> Arguments:
        return _page(arguments, "channels", self.rooms)


def _page(arguments: Arguments, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One entry on each page."""
    place = int(arguments.get("cursor") or 0)
    following = str(place + 1) if place + 1 < len(rows) else ""
    return {name: [rows[place]], "response_metadata": {"next_cursor": following}}


@pytest.fixture
async def slack() -> Workspace:
    return Workspace()


def directory(slack: FakeWebApi, teams: tuple[Team, ...] = TEAMS, management: Management = LTM) -> Directory:
    return Directory(client=slack, teams=teams, management=management)


@pytest.mark.parametrize(
    ("user", "team"), [("UKIM", "tech"), ("UJO", "tech"), ("UANA", "cs"), ("UBEN", "cs"), ("UTOM", "")]
)
async def test_team_by_group_name_or_id(slack: Workspace, user: str, team: str) -> None:
    """Names on the second page are found too."""
    assert await directory(slack).team_of(user) == team


async def test_colleagues_are_the_others_of_a_team(slack: Workspace) -> None:
    """Without those who have left; a team that nobody is in has none, and neither has somebody else."""
    slack.members["STECH"] = ["UKIM", "UJO", "ULEE"]
    slack.people += [{"id": "ULEE", "name": "lee", "deleted": True}, {"id": "UJO", "name": "Jo.Li"}]
    people = directory(slack)

    assert await people.colleagues("UKIM") == ("UJO",)
    assert await people.colleagues("UTOM") == ()
    assert [await people.name_of(user) for user in ("UJO", "UNOBODY")] == ["jo.li", "somebody"]


async def test_tier_1_is_told_who_may(slack: Workspace) -> None:
    """With the titles that people know."""
    with pytest.raises(NotTier2, match="T2 Tech and T2 CS"):
        await directory(slack).require_tier2("UTOM")


async def test_teams_that_list_nobody_are_open_to_everybody(slack: Workspace) -> None:
    """Who has not written it down is not locked out."""
    assert await directory(slack, (Team("tech", "T2 Tech", "#t2-tech"),)).is_tier2("UTOM")


async def test_names_that_can_not_be_read_let_nobody_in(slack: Workspace) -> None:
    """A list of people that can't be resolved is still a list."""
    slack.missing.add("users.list")
    known = directory(slack, (Team("cs", "T2 CS", "#t2-cs", members=("@ana",)),))

    assert not await known.is_tier2("UTOM")


async def test_channels_by_name(slack: Workspace) -> None:
    """Ids stay ids, unknown names stay as they are written."""
    known = directory(slack)

    assert [await known.channel_id(name) for name in ("#t2-cs", "T2-Tech", "C9", "#gone")] == [
        "C2",
        "C1",
        "C9",
        "#gone",
    ]
    assert await known.team_channel("cs") == "C2"
    assert await known.team_channel("nobody") == "C1"


async def test_management_is_the_group(slack: Workspace) -> None:
    """Its handle is found whatever its case."""
    known = directory(slack)

    assert await known.management_mention() == ("<!subteam^SLTM>", "")
    assert await known.managers() == {"ULENA", "URAJ"}


async def test_what_notifies_a_team(slack: Workspace) -> None:
    """Its user group, else its people who are here, else nobody: then its name is only a word."""
    teams = (
        Team("tech", "T2 Tech", "#t2-tech", usergroup="t2-tech"),
        Team("cs", "T2 <CS>", "#t2-cs", usergroup="t2-cs"),
        Team("qa", "QA", "#qa", members=("UANA", "lena", "nobody")),
        Team("gone", "Gone", "#gone", usergroup="t2-cs", members=("UGONE",)),
    )
    slack.people.append({"id": "UGONE", "name": "gone", "deleted": True})
    known = directory(slack, teams=teams)

    assert [await known.team_mention(team.key) for team in teams] == [
        "<!subteam^STECH>",
        "T2 &lt;CS&gt;",
        "<@UANA> <@ULENA>",
        "Gone",
    ]
    assert await known.team_mention("another") == "<!subteam^STECH>"


async def test_configured_group_id_needs_no_list(slack: Workspace) -> None:
    """Where groups can't be listed but the id is known."""
    slack.fail("usergroups.list", SCOPE)
    known = directory(slack, management=Management("ltm", group_id="SLTM"))

    assert await known.management_mention() == ("<!subteam^SLTM>", "")
    assert await known.managers() == {"ULENA", "URAJ"}


async def test_missing_scope_falls_back_to_people_and_says_so(slack: Workspace) -> None:
    """The people that stand for the group are mentioned, and the reason is kept for `/t2 status`."""
    slack.fail("usergroups.list", SCOPE)
    known = directory(slack)
    mention, note = await known.management_mention()

    assert mention == "<@ULENA> <@URAJ>"
    assert "these people stand for it" in note
    assert await known.managers() == {"ULENA", "URAJ"}
    assert any("usergroups:read" in problem for problem in known.problems)


async def test_nobody_to_notify_is_said(slack: Workspace) -> None:
    """An escalation that reaches nobody must not look like one that did."""
    slack.groups = []
    mention, note = await directory(slack, management=Management("ltm")).management_mention()

    assert mention == "@ltm"
    assert note.startswith("Nobody was notified")


async def test_people_who_are_not_there_are_nobody(slack: Workspace) -> None:
    """A misspelt name is no mention, and is named among the problems."""
    slack.groups = []
    known = directory(slack, management=Management("ltm", people=("lenna",)))

    assert (await known.management_mention())[1].startswith("Nobody was notified")
    assert await known.managers() == frozenset()
    assert any("lenna" in problem for problem in known.problems)


async def test_server_without_any_of_it(slack: Workspace) -> None:
    """Ids from the configuration are enough."""
    slack.missing |= {"usergroups.list", "usergroups.users.list", "users.list", "conversations.list"}
    teams = (Team("tech", "T2 Tech", "C1", members=("UKIM",)),)
    known = directory(slack, teams, Management("ltm", group_id="SLTM", people=("ULENA",)))

    assert await known.is_tier2("UKIM")
    assert not await known.is_tier2("UTOM")
    assert await known.team_channel("tech") == "C1"
    assert await known.managers() == {"ULENA"}
    assert len(known.problems) == 2


async def test_bad_moment_at_the_start_is_waited_out(slack: Workspace) -> None:
    """One refusal for now must not make the first escalation reach nobody."""
    slack.fail("usergroups.list", SlackBusy("ratelimited", method="usergroups.list", retry=True, retry_after_s=0.0))
    slack.fail("usergroups.users.list", SlackUnclear("no_answer", method="usergroups.users.list", retry=True))
    known = directory(slack)

    assert await known.management_mention() == ("<!subteam^SLTM>", "")
    assert await known.is_tier2("UKIM")
    assert not known.problems


async def test_entries_without_some_fields_are_passed_over(slack: Workspace) -> None:
    """A server may list groups that have no handle."""
    slack.groups.append({"id": "SODD"})

    assert await directory(slack).managers() == {"ULENA", "URAJ"}


async def test_short_ids_are_ids(slack: Workspace) -> None:
    """Slack's own are longer, others count from one."""
    slack.groups = []

    assert await directory(slack, management=Management("ltm", people=("U5",))).managers() == {"U5"}


async def test_many_questions_are_one_reading(slack: Workspace) -> None:
    """Twenty people who type at once ask Slack once."""
    known = directory(slack)
    await asyncio.gather(*(known.is_tier2("UKIM") for _ in range(20)))

    assert len(slack.called("usergroups.list")) == 1


async def test_change_in_slack_is_read_again(slack: Workspace) -> None:
    """After the event, without a question in between waiting for it."""
    known, tasks = directory(slack), Tasks()
    assert not await known.is_tier2("UNEW")
    tasks.forever(known.keep_fresh, name="directory")
    slack.members["STECH"].append("UNEW")
    known.changed()
    await eventually(lambda: len(slack.called("usergroups.list")) == 2)
    await eventually(lambda: len(slack.called("conversations.list")) == 4)
    await tasks.drain(deadline_s=0)

    assert await known.is_tier2("UNEW")


async def test_change_right_after_a_reading_is_read_too(slack: Workspace) -> None:
    """It waits out the pause, with all others that come meanwhile."""
    known, tasks = Directory(client=slack, teams=TEAMS, management=LTM, settle_s=0.01), Tasks()
    tasks.forever(known.keep_fresh, name="directory")
    await eventually(lambda: len(slack.called("conversations.list")) == 2)
    known.changed()
    await eventually(lambda: len(slack.called("conversations.list")) == 4)
    slack.members["STECH"].append("UNEW")
    for _ in range(5):
        known.changed()
    await eventually(lambda: len(slack.called("conversations.list")) == 6)
    await tasks.drain(deadline_s=0)

    assert await known.is_tier2("UNEW")


async def test_outage_while_reading_again_forgets_nobody(slack: Workspace) -> None:
    """Who was of Tier 2 or management still is, and nobody else becomes it."""
    known, tasks = directory(slack), Tasks()
    await known.managers()
    for method in ("usergroups.list", "usergroups.users.list", "users.list", "conversations.list"):
        slack.fail(method, SlackUnclear("no_answer", method=method, retry=True))
        slack.fail(method, SlackUnclear("no_answer", method=method, retry=True))
    tasks.forever(known.keep_fresh, name="directory")
    known.changed()
    await eventually(lambda: known.problems)
    await tasks.drain(deadline_s=0)

    assert await known.managers() == {"ULENA", "URAJ"}
    assert [await known.is_tier2(user) for user in ("UKIM", "UANA", "UTOM")] == [True, True, False]
    assert await known.team_channel("cs") == "C2"
    assert await known.management_mention() == ("<!subteam^SLTM>", "")


async def test_mentions_are_read_as_names(slack: Workspace) -> None:
    """People who are met for the first time are asked about, groups and channels are known; nobody else is an id."""
    known = directory(slack)
    await known.team_of("UKIM")
    said = await known.readable("<@UANA>, <@UKIM|kim> &amp; <!subteam^SLTM> in <#C2|>: <@U0GONE>, <!here>")

    assert said == "@ana, @kim &amp; @ltm in #t2-cs: @someone, @here"


async def test_names_of_people_groups_and_channels_by_their_ids(slack: Workspace) -> None:
    """Whom Slack does not tell is left out, so that nobody reads an id."""
    known = directory(slack)
    await known.team_of("UKIM")

    assert await known.called(["UANA", "SLTM", "C2", "UNOBODY", "SNONE", "C9", "ltm"]) == {
        "UANA": "ana",
        "SLTM": "ltm",
        "C2": "t2-cs",
    }


async def test_names_are_not_waited_for_long() -> None:
    """A form must open in time: where Slack is slow, there is a word for a name."""
    held = asyncio.Event()

    class Slow(Workspace):
        async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
            await held.wait()
            return await super().call(method, **arguments)

    async with asyncio.timeout(5.0):
        assert await directory(Slow()).readable("ask <@UANA>") == "ask @someone"


async def test_a_list_that_leads_in_a_circle_ends() -> None:
    """It counts as not read; the bot starts all the same."""

    class Circling(Workspace):
        def _conversations_list(self, arguments: Arguments) -> Arguments:
            following = "2" if arguments.get("cursor") == "1" else "1"
            return {"channels": self.rooms, "response_metadata": {"next_cursor": following}}

    slack = Circling()
    known = directory(slack)

    assert await known.team_of("UKIM") == "tech"
    assert len(slack.called("conversations.list")) <= 6
    assert any("leads in a circle" in problem for problem in known.problems)


async def test_who_is_tier_2_is_known_by_heart(slack: Workspace) -> None:
    """Nobody before Slack was read; then its people, and nobody whom it never told about."""
    known = directory(slack)
    assert not known.known_tier2("UKIM")
    for user in ("UKIM", "UTOM"):
        await known.is_tier2(user)

    assert (known.known_tier2("UKIM"), known.known_tier2("UTOM")) == (True, False)
    assert not known.known_tier2("UNOBODY") and not known.known_tier2("")


async def test_somebody_may_be_of_several_teams(slack: Workspace) -> None:
    """And of none, where they are nobody."""
    both = Directory(client=slack, teams=(*TEAMS, Team("web", "Web", "#web", members=("UKIM",))), management=LTM)

    assert await both.teams_of("UKIM") == {"tech", "web"}
    assert await both.teams_of("UTOM") == frozenset()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"channel": {"id": "C2", "is_member": True}}, ""),
        ({"channel": {"id": "C2", "is_member": False}}, "Invite me there"),
        ({"channel": {"id": "C2", "is_member": True, "is_archived": True}}, "It's archived"),
        (SlackError("channel_not_found", method="conversations.info"), "Invite me there"),
        (SlackBusy("ratelimited", method="conversations.info", retry_after_s=3), ""),
        (SlackError("missing_scope", method="conversations.info"), ""),
    ],
)
async def test_where_the_bot_can_post(slack: Workspace, answer: Any, words: str) -> None:
    """What Slack does not tell now bars nothing: the outbox finds out."""
    if isinstance(answer, SlackError):
        slack.fail("conversations.info", answer)
    else:
        slack.answers["conversations.info"] = answer
    barred = await Directory(client=slack, teams=TEAMS, management=LTM).barred("#t2-cs")

    assert barred.startswith(words) and bool(barred) == bool(words)
    assert slack.called("conversations.info")[0]["channel"] == "C2"
