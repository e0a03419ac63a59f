"""Who is believed: groups that have nobody, people who left, guests, apps, strangers, and names that several have."""

import asyncio
from typing import Any

import pytest

from bot.people import NotColleague, NotTier2, TeamsUnknown
from bot.slack.answers import SlackError, SlackUnclear
from bot.slack.directory import Directory, Management, Team
from bot.slack.roster import Roster
from bot.tasks import Tasks
from tests.eventually import eventually
from tests.slack.test_directory import SCOPE, Workspace

TECH = (Team("tech", "T2 Tech", "#t2-tech", usergroup="t2-tech"),)
NOBODIES: dict[str, dict[str, Any]] = {
    "left": {"deleted": True},
    "app": {"is_bot": True},
    "guest": {"is_restricted": True},
    "guest of one channel": {"is_ultra_restricted": True, "is_restricted": True},
    "stranger": {"is_stranger": True},
    "from another workspace": {"team_id": "T2"},
}


@pytest.fixture
async def slack() -> Workspace:
    return Workspace()


def directory(slack: Workspace, teams: tuple[Team, ...] = TECH, **more: Any) -> Directory:
    management = more.pop("management", Management("ltm"))
    return Directory(client=slack, teams=teams, management=management, team_id="T1", settle_s=0.01, **more)


def _misspelt(slack: Workspace) -> None:
    slack.groups[0]["handle"] = "t2-techs"


def _disabled(slack: Workspace) -> None:
    slack.groups[0]["date_delete"] = 1_700_000_000


def _empty(slack: Workspace) -> None:
    slack.members["STECH"] = []


def _deleted(slack: Workspace) -> None:
    del slack.members["STECH"]


def _all_left(slack: Workspace) -> None:
    slack.people += [{"id": user, "name": user.lower(), "deleted": True} for user in ("UKIM", "UJO")]


BROKEN = {
    "misspelt": (_misspelt, "@t2-tech does not exist in Slack (did you mean @t2-techs?)"),
    "disabled": (_disabled, "@t2-tech is disabled in Slack"),
    "empty": (_empty, "@t2-tech has no members"),
    "deleted": (_deleted, "@t2-tech does not exist in Slack"),
    "all left": (_all_left, "@t2-tech has nobody who is still here"),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_group_that_has_nobody_makes_nobody_tier_2(slack: Workspace, how: str) -> None:
    """A typo must not open everything to everybody; the problem is named, and told to whoever is refused."""
    change, words = BROKEN[how]
    change(slack)
    known = directory(slack)

    assert [await known.is_tier2(user) for user in ("UKIM", "UTOM")] == [False, False]
    assert any(problem.startswith(words) and "nobody counts as T2 Tech" in problem for problem in known.problems)
    with pytest.raises(NotTier2, match=words.split("(")[0].strip()):
        await known.require_tier2("UKIM")


@pytest.mark.parametrize("how", BROKEN)
async def test_people_of_the_settings_count_where_the_group_has_nobody(slack: Workspace, how: str) -> None:
    """And only they."""
    BROKEN[how][0](slack)
    known = directory(slack, (Team("tech", "T2 Tech", "#t2-tech", usergroup="t2-tech", members=("ana",)),))

    assert [await known.is_tier2(user) for user in ("UANA", "UTOM")] == [True, False]
    assert any("only the configured members count as T2 Tech" in problem for problem in known.problems)


async def test_handle_that_another_group_took_over(slack: Workspace) -> None:
    """The disabled one does not hide the one in use."""
    slack.groups.insert(0, {"id": "SOLDTECH", "handle": "t2-tech", "date_delete": 1})

    assert await directory(slack).is_tier2("UKIM")


async def test_group_by_its_id(slack: Workspace) -> None:
    """Which needs no list of groups."""
    slack.fail("usergroups.list", SCOPE)
    known = directory(slack, (Team("tech", "T2 Tech", "#t2-tech", usergroup="STECH"),))

    assert [await known.is_tier2(user) for user in ("UKIM", "UTOM")] == [True, False]


async def test_groups_that_can_not_be_read_at_all_leave_it_open_to_colleagues(slack: Workspace) -> None:
    """Not to guests, apps and those who left."""
    slack.fail("usergroups.list", SCOPE)
    slack.people += [{"id": f"U{n}", "name": "x"} | flags for n, flags in enumerate(NOBODIES.values())]
    known = directory(slack)

    assert await known.is_tier2("UTOM")
    assert not any([await known.is_tier2(f"U{n}") for n in range(len(NOBODIES))])


async def test_groups_that_can_not_be_read_now_let_nobody_in(slack: Workspace) -> None:
    """An outage at the start is no reason to believe everybody; the sentence says to try again."""
    for _ in range(2):
        slack.fail("usergroups.list", SlackUnclear("no_answer", method="usergroups.list", retry=True))
    known = directory(slack)

    assert not await known.is_tier2("UTOM")
    with pytest.raises(TeamsUnknown, match="Try again in a minute"):
        await known.require_tier2("UKIM")


async def test_group_that_is_emptied_later_shuts_out(slack: Workspace) -> None:
    """What was read an hour ago is no membership."""
    known, tasks = directory(slack), Tasks()
    assert await known.is_tier2("UKIM")
    tasks.forever(known.keep_fresh, name="directory")
    slack.groups[0]["date_delete"] = 1_700_000_000
    known.changed()
    await eventually(lambda: any("is disabled" in problem for problem in known.problems))
    await tasks.drain(deadline_s=0)

    assert not await known.is_tier2("UKIM")


@pytest.mark.parametrize("who", NOBODIES)
async def test_member_of_the_group_who_is_nobody(slack: Workspace, who: str) -> None:
    """In the group, in the settings by name and by id: never of Tier 2, never of management."""
    slack.people.append({"id": "UX", "name": "xen", "team_id": "T1"} | NOBODIES[who])
    slack.members["STECH"].append("UX")
    slack.members["SLTM"].append("UX")
    named = (Team("cs", "T2 CS", "C2", members=("xen", "UX")),)
    known = directory(slack, (*TECH, *named), management=Management("ltm", people=("xen", "UX")))

    assert not await known.is_tier2("UX")
    assert await known.team_of("UX") == ""
    assert not await known.is_colleague("UX")
    assert "UX" not in await known.managers()
    assert await known.named(["xen", "UX", "ana"]) == {"UANA"}
    assert any(problem.startswith("xen") and "does not count" in problem for problem in known.problems)


async def test_colleague_of_the_same_organisation(slack: Workspace) -> None:
    """Whoever is at home in another workspace of it and belongs to this one too."""
    slack.people.append({"id": "UKIM", "name": "kim", "team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}})

    assert await directory(slack).is_tier2("UKIM")


async def test_a_flood_of_somebody_new_asks_once(slack: Workspace) -> None:
    """Slack tells who somebody is a hundred times a minute, for all."""
    known = directory(slack)
    await known.managers()
    before = len(slack.called("users.info"))
    slack.people.append({"id": "UNEW", "name": "new", "is_restricted": True})
    counted = await asyncio.gather(*(known.is_colleague("UNEW") for _ in range(20)))

    assert counted == [False] * 20 and len(slack.called("users.info")) == before + 1


async def test_who_is_refused_hears_whom_to_ask(slack: Workspace) -> None:
    """Each team with its channel by name: a guest sees no link to it."""
    slack.people.append({"id": "UX", "name": "xen", "is_restricted": True})
    known = directory(slack, (*TECH, Team("cs", "T2 CS", "C2", members=("ana",))))
    await known.require_colleague("UKIM")

    with pytest.raises(NotColleague) as refused:
        await known.require_colleague("UX")
    assert refused.value.sentence.endswith("Ask T2 Tech (#t2-tech) or T2 CS (#t2-cs) to do it for you.")


async def test_a_channel_that_the_settings_know_by_id_has_its_name_all_the_same(slack: Workspace) -> None:
    """Where all have ids no channels are listed: each is asked for once. One that Slack doesn't tell has none."""
    slack.people.append({"id": "UX", "name": "xen", "is_restricted": True})
    slack.answers["conversations.info"] = {"channel": {"id": "C1", "name": "T2-tech"}}
    known = directory(slack, (Team("tech", "T2 Tech", "C1", usergroup="t2-tech"),))
    await known.managers()
    known.changed()

    with pytest.raises(NotColleague) as refused:
        await known.require_colleague("UX")
    assert refused.value.sentence.endswith("Ask T2 Tech (#t2-tech) to do it for you.")
    assert await known.called(["C1"]) == {"C1": "t2-tech"}
    assert [each["channel"] for each in slack.called("conversations.info")] == ["C1"]
    slack.fail("conversations.info", SCOPE)
    with pytest.raises(NotColleague) as unnamed:
        await directory(slack, (Team("tech", "T2 Tech", "C1", usergroup="t2-tech"),)).require_colleague("UX")
    assert unnamed.value.sentence.endswith("Ask T2 Tech to do it for you.")


async def test_a_channel_is_called_as_it_is_called_now(slack: Workspace) -> None:
    """Not as it was before."""
    slack.rooms[1] |= {"previous_names": ["support", "desk"]}
    known = directory(slack, (*TECH, Team("cs", "T2 CS", "C2", members=("ana",))))
    await known.managers()

    assert await known.called(["C2"]) == {"C2": "t2-cs"}


async def test_nobody_is_no_colleague(slack: Workspace) -> None:
    """An event may come without a person."""
    slack.fail("usergroups.list", SCOPE)

    assert not await directory(slack).is_tier2("")


async def test_name_of_somebody_who_left_belongs_to_who_has_it_now(slack: Workspace) -> None:
    """In whatever order Slack lists them."""
    gone = {"id": "UOLD", "name": "ana", "deleted": True}
    for people in ([gone, *slack.people], [*slack.people, gone]):
        slack.people = people

        assert await directory(slack, people=("ana",)).named(["ana"]) == {"UANA"}


async def test_name_that_two_colleagues_have_is_nobody_s(slack: Workspace) -> None:
    """Names are not unique over workspaces; the problem asks for the id."""
    slack.people.append({"id": "UANA2", "name": "ana"})
    known = directory(slack, people=("ana",))

    assert await known.named(["ana"]) == frozenset()
    assert any("several people in Slack are called ana" in problem for problem in known.problems)


GROUPS: dict[str, tuple[Any, str]] = {
    "empty": (lambda slack: slack.members.update(SLTM=[]), "@ltm has no members"),
    "disabled": (lambda slack: slack.groups[1].update(date_delete=1), "@ltm is disabled in Slack"),
    "deleted": (lambda slack: slack.members.pop("SLTM"), "@ltm does not exist in Slack"),
    "not there": (lambda slack: slack.groups.pop(1), "@ltm does not exist in Slack"),
    "all left": (
        lambda slack: slack.people.extend({"id": user, "name": user, "deleted": True} for user in ("ULENA", "URAJ")),
        "@ltm has nobody who is still here",
    ),
}


@pytest.mark.parametrize("by_id", [False, True])
@pytest.mark.parametrize("how", GROUPS)
async def test_management_that_nobody_is(slack: Workspace, how: str, by_id: bool) -> None:
    """Mentioning such a group raises nothing and pings nobody, so it is not mentioned."""
    change, words = GROUPS[how]
    change(slack)
    group_id = "SLTM" if by_id else ""
    alone = directory(slack, management=Management("ltm", group_id=group_id))
    mention, note = await alone.management_mention()
    with_people = directory(slack, management=Management("ltm", group_id=group_id, people=("ana",)))

    assert mention == "@ltm"
    assert note == f"Nobody was notified: {words}, and no people are configured."
    assert await alone.managers() == frozenset()
    assert any(problem.startswith(words) and "notifies nobody" in problem for problem in alone.problems)
    assert await with_people.management_mention() == ("<@UANA>", f"{words}; these people stand for it.")
    assert await with_people.managers() == {"UANA"}


async def test_people_who_stand_for_management_and_left(slack: Workspace) -> None:
    """Who is still here is mentioned; where nobody is, that is said."""
    slack.members["SLTM"] = []
    slack.people[1]["deleted"] = True
    some = await directory(slack, management=Management("ltm", people=("lena", "ana"))).management_mention()
    mention, note = await directory(slack, management=Management("ltm", people=("lena",))).management_mention()

    assert some[0] == "<@UANA>"
    assert mention == "@ltm"
    assert note == "Nobody was notified: @ltm has no members, and the configured people have left."


async def test_manager_who_left_can_not_answer(slack: Workspace) -> None:
    """The others of the group still can, and the group is still mentioned."""
    slack.people.append({"id": "URAJ", "name": "raj", "deleted": True})
    known = directory(slack)

    assert await known.managers() == {"ULENA"}
    assert await known.management_mention() == ("<!subteam^SLTM>", "")


async def test_somebody_who_leaves_now_counts_no_more(slack: Workspace) -> None:
    """Slack's event says who they are; nothing is read for that."""
    known = directory(slack)
    assert await known.is_tier2("UKIM")
    known.changed({"id": "UKIM", "name": "kim", "deleted": True})

    assert not await known.is_tier2("UKIM")
    assert len(slack.called("usergroups.list")) == 1


async def test_a_new_status_of_somebody_is_nothing_to_read(slack: Workspace) -> None:
    """A large workspace sends that all day."""
    known, tasks = directory(slack), Tasks()
    await known.is_tier2("UKIM")
    known.changed({"id": "UKIM", "name": "kim"})
    tasks.forever(known.keep_fresh, name="directory")
    await eventually(lambda: len(slack.called("usergroups.list")) == 2)
    known.changed({"id": "UKIM", "name": "kim", "profile": {"status_text": "lunch"}})
    known.changed()
    await eventually(lambda: len(slack.called("usergroups.list")) == 3)
    known.changed({"id": "UKIM", "name": "kim", "profile": {"status_text": "back"}})
    await eventually(lambda: not known._stale.is_set())
    await tasks.drain(deadline_s=0)

    assert len(slack.called("usergroups.list")) == 3


async def test_a_group_of_many_is_listed_at_once(slack: Workspace) -> None:
    """One by one would use up what Slack answers in a minute."""
    slack.members["STECH"] = [f"U{n}" for n in range(60)]
    slack.people += [{"id": f"U{n}", "name": f"n{n}", "is_restricted": n == 7} for n in range(60)]
    known = directory(slack)

    assert [await known.is_tier2(user) for user in ("U6", "U7")] == [True, False]
    assert not slack.called("users.info")


async def test_server_that_does_not_tell_of_one_person(slack: Workspace) -> None:
    """Then everybody is listed, once."""
    slack.missing.add("users.info")
    slack.people.append({"id": "UJO", "name": "jo", "is_restricted": True})
    known = directory(slack)

    assert [await known.is_tier2(user) for user in ("UKIM", "UJO")] == [True, False]
    assert len(slack.called("users.list")) == len(slack.people)


async def test_person_whom_slack_does_not_know(slack: Workspace) -> None:
    """An id of nowhere is nobody."""
    slack.fail("usergroups.list", SCOPE)
    known = directory(slack)
    await known.managers()
    slack.fail("users.info", SlackError("user_not_found", method="users.info"))

    assert not await known.is_tier2("UNOWHERE")


async def test_a_renamed_channel_stays_the_team_s(slack: Workspace) -> None:
    """After the rename, after a restart, and when somebody makes a new channel of the old name."""
    known, tasks = directory(slack), Tasks()
    assert await known.team_channel("tech") == "C1"
    tasks.forever(known.keep_fresh, name="directory")
    slack.rooms[0] = {"id": "C1", "name": "tier2-tech", "previous_names": ["t2-tech"], "is_member": True}
    slack.rooms.append({"id": "C9", "name": "t2-tech", "is_member": False})
    known.changed()
    await eventually(lambda: known.known_id("#tier2-tech") == "C1")
    await tasks.drain(deadline_s=0)

    assert await known.team_channel("tech") == "C1"
    assert await directory(slack).team_channel("tech") == "C1"


async def test_an_archived_channel_gives_its_name_away(slack: Workspace) -> None:
    """In whatever order Slack lists them."""
    slack.rooms.insert(0, {"id": "COLD", "name": "t2-tech", "is_archived": True})
    slack.rooms.append({"id": "COLD2", "name": "t2-tech", "is_archived": True})

    assert await directory(slack).team_channel("tech") == "C1"


def test_a_group_is_as_of_now_whoever_became_somebody_else() -> None:
    """What was said of it before is kept only as long as nobody in Slack did."""
    roster, group = Roster(team_id="T1"), frozenset(("UJO", "UKIM"))
    assert roster.believed(group) == group
    roster.learn({"id": "UJO", "name": "jo", "deleted": True})
    assert roster.believed(group) == {"UKIM"} and roster.believed(["UJO"]) == frozenset()
    roster.learn({"id": "UJO", "name": "jo"})
    assert roster.believed(group) == group
