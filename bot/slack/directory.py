"""People, user groups and channels, held in memory and read again when Slack says that they changed."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from bot.errors import YOUR_ADMIN
from bot.people import Availability, DmKind, Group, NotColleague, NotTier2, PersonalSettings, TeamsUnknown, usual
from bot.slack.answer_cache import AnswerCache
from bot.slack.answers import SlackError
from bot.slack.channels import ids_by_name, read_channels
from bot.slack.client import WebApi
from bot.slack.inquiry import Inquiry
from bot.slack.roster import NOT_HERE, TO_THEMSELVES, Roster, Standing
from bot.slack.text import escape, is_user_id, person
from bot.slack.usergroups import (
    LEFT,
    MISSING,
    Membership,
    UserGroup,
    handle_shown,
    list_groups,
    nearest_handle,
    read_membership,
)
from bot.slack_marks import readable, unnamed
from bot.tasks import turned, woken
from bot.working_hours import WorkingHours

FRESH_S = 3600.0
RETRY_S = 5.0
SETTLE_S = 15.0
"""The pause after a reading: a large workspace changes all the time, and Slack lists groups 20 times a minute."""
PATIENCE_S = 5.0
"""The longest wait inside the first reading, since people wait for it."""
PATIENCE_LATER_S = 60.0
TEAM_CALLED = 10
"""So many people of a team without a user group one message calls."""
INVITE = "Invite me there, then move it again."
NAMES_S, NAMES_MAX = 1.0, 20
SOMEBODY = "somebody"
"""How long a text waits for the names in it: a form must open within three seconds."""


@dataclass(frozen=True, slots=True)
class Team:
    """A Tier 2 team as configured. `members` are user ids or names; `usergroup` a handle without "@", or an id."""

    key: str
    title: str
    channel: str
    usergroup: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Management:
    """Who `@ltm` is: a user group's handle, its id where groups can't be listed, people where it can't be read.

    `groups` are further ones that ladders call.
    """

    handle: str
    group_id: str = ""
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        return self.group_id or self.handle


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """`groups` is None where they can't be listed; `memberships` are those of the configured groups, by name."""

    groups: tuple[UserGroup, ...] | None = None
    memberships: Mapping[str, Membership] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


class Directory:
    """Implements the port `People`. Whatever Slack won't tell is replaced by the configuration, and said so."""

    def __init__(
        self,
        *,
        client: WebApi,
        teams: Sequence[Team],
        management: Management,
        channels: Sequence[str] = (),
        people: Sequence[str] = (),
        team_id: str = "",
        settle_s: float = SETTLE_S,
        cache: AnswerCache | None = None,
    ) -> None:
        """`channels` and `people` are further ones whom the settings name; `team_id` is the bot's own workspace.

        From `cache` comes what Slack won't tell at the start.
        """
        self._client = client
        self._teams = tuple(teams)
        self._management = management
        self._named_channels = (*channels, *(team.channel for team in teams))
        self._named_people = (*management.people, *(name for team in teams for name in team.members), *people)
        self._roster = Roster(team_id=team_id)
        self._settle_s = settle_s
        self._cache = cache
        self._snapshot: _Snapshot | None = None
        self._ids_then: dict[tuple[str, ...], tuple[int, frozenset[str]]] = {}
        """By the names in the settings: as of which version of the roster, and whose they are."""
        self._passing = False
        self._recalled = False
        self._reading = asyncio.Lock()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._stale = asyncio.Event()
        self.personal: Callable[[str], PersonalSettings] = usual
        """What people have set for themselves."""
        self.admin = YOUR_ADMIN
        """Whom people ask about the bot itself, as they read it."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read, and what that means."""
        return self._snapshot.problems if self._snapshot else ()

    async def team_of(self, user: str) -> str:
        known = await self._known()
        team = next((team for team in self._teams if user in self._listed(team, known)), None)
        return team.key if team and await self.is_colleague(user) else ""

    async def teams_of(self, user: str) -> frozenset[str]:
        known = await self._known()
        teams = frozenset(team.key for team in self._teams if user in self._listed(team, known))
        return teams if teams and await self.is_colleague(user) else frozenset()

    async def is_colleague(self, user: str) -> bool:
        """Whether the person is of this workspace and still here, and neither a guest nor an app."""
        return bool(user) and await self._standing(user) in (None, Standing.COLLEAGUE)

    async def require_colleague(self, user: str) -> None:
        """Raises NotColleague, which says whom to ask instead."""
        if await self.is_colleague(user):
            return
        trouble = TO_THEMSELVES.get(await self._standing(user) or Standing.GONE, NOT_HERE)
        raise NotColleague(user, trouble, await self._teams_to_ask())

    async def is_app(self, user: str) -> bool:
        """Whether Slack says that it is no person."""
        return bool(user) and await self._standing(user) is Standing.APP

    async def _teams_to_ask(self) -> str:
        """Every team with its channel by name, since a guest may see no link to it."""
        known = await self._known()
        names = _names_by_id(known.channels)
        where = [team.channel if team.channel.startswith("#") else names.get(team.channel, "") for team in self._teams]
        teams = zip(self._teams, where, strict=True)
        return " or ".join(f"{team.title} (#{at.lstrip('#')})" if at else team.title for team, at in teams)

    async def _standing(self, user: str) -> Standing | None:
        if self._roster.standing(user) is None:
            asking = self._asking.setdefault(user, asyncio.Lock())
            asked = asking.locked()  # a flood of somebody who is not known yet is one question
            async with asking:
                if not asked:
                    await self._roster.meet([user], Inquiry(client=self._client, patience_s=PATIENCE_S))
        return self._roster.standing(user)

    async def availability(self, user: str, at: datetime) -> Availability:
        standing = await self._standing(user)
        presence = self._roster.presence(user)
        gone = not user or standing not in (None, Standing.COLLEAGUE)
        return Availability(gone=gone, away=presence.away_at(at), zone=presence.zone, hours=self.own_hours(user))

    def own_hours(self, user: str) -> WorkingHours | None:
        hours = self.personal(user).hours
        return hours.on(self._roster.presence(user).zone) if hours else None

    def takes(self, user: str, kind: DmKind) -> bool:
        return kind not in self.personal(user).silent

    async def colleagues(self, user: str) -> tuple[str, ...]:
        known, key = await self._known(), await self.team_of(user)
        listed = {user for team in self._teams if team.key == key for user in self._listed(team, known)}
        return tuple(sorted(self._roster.believed(listed - {user})))

    async def name_of(self, user: str) -> str:
        await self._standing(user)
        name = self._roster.name_of(user)
        return name if name != user else SOMEBODY

    async def is_tier2(self, user: str) -> bool:
        known = await self._known()
        listed = any(user in self._listed(team, known) for team in self._teams)
        return (listed or self._open_to_all(known)) and await self.is_colleague(user)

    def known_tier2(self, user: str) -> bool:
        """Whether somebody is Tier 2, from memory; whom Slack hasn't told about yet never is."""
        known, standing = self._snapshot, self._roster.standing(user)
        if not known or standing not in (None, Standing.COLLEAGUE):
            return False
        listed = any(user in self._listed(team, known) for team in self._teams)
        return listed or (standing is Standing.COLLEAGUE and self._open_to_all(known))

    async def require_tier2(self, user: str) -> None:
        if await self.is_tier2(user):
            return
        known, titles = await self._known(), " and ".join(team.title for team in self._teams)
        if any(self._membership(team.usergroup, known).passing for team in self._teams):
            raise TeamsUnknown(user, titles)
        broken = [team for team in self._teams if not team.members and self._trouble(team, known)]
        trouble = f"{handle_shown(broken[0].usergroup)} {self._trouble(broken[0], known)}" if broken else ""
        raise NotTier2(user, titles, trouble=trouble)

    async def named(self, people: Sequence[str]) -> frozenset[str]:
        if not people:
            return frozenset()
        await self._known()
        ids = self._ids(people)
        await self._roster.meet(ids, Inquiry(client=self._client, patience_s=PATIENCE_S))
        return self._roster.believed(ids)

    async def managers(self) -> frozenset[str]:
        known = await self._known()
        group = self._membership(self._management.group, known)
        return self._roster.believed(group.users) or self._roster.believed(self._ids(self._management.people))

    async def management_mention(self) -> tuple[str, str]:
        known = await self._known()
        handle, group = self._management.handle, self._membership(self._management.group, known)
        unseen = not group.readable and not group.users
        if group.group_id and (unseen or self._roster.believed(group.users)):
            return f"<!subteam^{group.group_id}>", ""
        why = f"Slack does not show the group @{handle}" if unseen else f"@{handle} {group.trouble or LEFT}"
        people = sorted(self._roster.believed(self._ids(self._management.people)))
        if people:
            return " ".join(map(person, people)), f"{why}; these people stand for it."
        nobody = "the configured people have left" if self._management.people else "no people are configured"
        return f"@{handle}", f"Nobody was notified: {why}, and {nobody}."

    async def group(self, handle: str) -> Group:
        known = await self._known()
        group = self._membership(handle, known)
        users = self._roster.believed(group.users)
        unseen = not group.readable and not group.users
        if group.group_id and (unseen or users):
            return Group(f"<!subteam^{group.group_id}>", users)
        written = handle_shown(handle)
        return Group(trouble=f"Slack does not show {written}" if unseen else f"{written} {group.trouble or LEFT}")

    async def with_email(self, email: str) -> str:
        """The user id of the colleague with this address; "" where Slack knows none, or does not tell now."""
        try:
            answer = await self._client.call("users.lookupByEmail", email=email)
        except SlackError:
            return ""
        user = str((answer.get("user") or {}).get("id") or "")
        return user if await self.is_colleague(user) else ""

    async def names(self, people: Sequence[str]) -> Sequence[str]:
        await self._known()
        return [self._roster.name_of(self._id(name) or name) for name in people]

    async def team_mention(self, key: str) -> str:
        team = next((team for team in self._teams if team.key == key), self._teams[0])
        if team.usergroup and (mention := (await self.group(team.usergroup)).mention):
            return mention
        await self._known()
        people = sorted(self._roster.believed(self._ids(team.members)))
        return " ".join(map(person, people[:TEAM_CALLED])) or escape(team.title)

    async def channel_id(self, name: str) -> str:
        """The id of a configured channel ("#t2-tech" or an id); the name itself where Slack does not list it."""
        await self._known()
        return self.known_id(name)

    def known_id(self, name: str) -> str:
        """The id of a channel's name, from memory: the name itself as long as Slack has not been read."""
        return self._snapshot.channels.get(name.lstrip("#").lower(), name) if self._snapshot else name

    async def team_channel(self, key: str) -> str:
        """The channel of a team; the first team's for an unknown key."""
        team = next((team for team in self._teams if team.key == key), self._teams[0])
        return await self.channel_id(team.channel)

    async def barred(self, channel: str) -> str:
        """What to do before the bot can post in a channel; "" where it can, or Slack does not tell now."""
        try:
            answer = await self._client.call("conversations.info", channel=await self.channel_id(channel))
        except SlackError as error:
            return INVITE if error.code == "channel_not_found" else ""
        row = answer.get("channel") or {}
        if row.get("is_archived"):
            return "It's archived: ask your admin to name another one."
        return "" if row.get("is_member", True) else INVITE

    async def readable(self, text: str) -> str:
        """What somebody wrote, with the names of people, groups and channels that it mentions by id."""
        return readable(text, await self.called(unnamed(text)))

    async def called(self, ids: Iterable[str]) -> Mapping[str, str]:
        sought = frozenset(ids)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(NAMES_S):
                people = [user for user in sorted(sought) if is_user_id(user)][:NAMES_MAX]
                await self._roster.meet(people, Inquiry(client=self._client, patience_s=NAMES_S))
        known = self._snapshot or _Snapshot()
        names = {user: name for user in sought if (name := self._roster.name_of(user)) != user}
        names |= {group.id: group.handle for group in known.groups or () if group.id in sought}
        return names | {channel: name for channel, name in _names_by_id(known.channels).items() if channel in sought}

    def is_gone(self, user: str) -> bool:
        """From memory: whether Slack has said that the person doesn't count."""
        return user not in self._roster.believed([user])

    def changed(self, row: Mapping[str, Any] | None = None) -> None:
        """Something changed in Slack: read again soon. `row` is a person, who counts as they are now at once.

        People change their status all day, which means nothing here.
        """
        if row is None or self._roster.learn(row):
            self._stale.set()

    async def keep_fresh(self) -> None:
        """Read again, without end: when told, hourly, and sooner, but ever less often, while Slack is in trouble."""
        await self._known()
        retry_s = RETRY_S
        while True:
            retry_s = min(retry_s * 2, FRESH_S) if self._passing else RETRY_S
            pause_s = retry_s if self._passing else FRESH_S
            await woken(self._stale, within_s=pause_s)
            hourly = not self._stale.is_set() and not self._passing
            again = hourly or self._recalled
            self._stale.clear()
            self._snapshot = await self._read(PATIENCE_LATER_S, again=again)
            turned()
            await asyncio.sleep(self._settle_s)

    async def _known(self) -> _Snapshot:
        async with self._reading:
            if not self._snapshot:
                self._snapshot = await self._read(PATIENCE_S)
            return self._snapshot

    async def _read(self, patience_s: float, *, again: bool = False) -> _Snapshot:
        """What can't be read this time stays as it was: an outage must make nobody a manager, or none."""
        first, before = self._snapshot is None, self._snapshot or _Snapshot()
        inquiry = Inquiry(client=self._client, patience_s=patience_s, cache=self._cache, from_cache=first)
        groups, passing = await list_groups(inquiry)
        groups = before.groups if groups is None else groups
        memberships = {
            name: await read_membership(
                inquiry, groups, name, before.memberships.get(name), passing=passing, called=called
            )
            for name, called in self._wanted_groups().items()
        }
        await self._read_people(inquiry, memberships, again=again)
        channels = await self._channels(inquiry)
        ids = before.channels if channels is None else channels
        problems = [*inquiry.problems, *self._group_problems(groups or (), memberships), *self._people_problems()]
        self._recalled = inquiry.passing and (first or self._recalled)
        self._passing = inquiry.passing
        return _Snapshot(groups, memberships, ids, tuple(problems))

    def _wanted_groups(self) -> dict[str, str]:
        """The groups of the settings, by handle or id, with what people call them."""
        teams = {team.usergroup: handle_shown(team.usergroup) for team in self._teams if team.usergroup}
        called = {group: handle_shown(group) for group in self._management.groups}
        return called | teams | {self._management.group: f"@{self._management.handle}"}

    async def _read_people(self, inquiry: Inquiry, memberships: Mapping[str, Membership], *, again: bool) -> None:
        """Read everybody only where the settings name people: a large workspace takes minutes to list."""
        listed = False
        if any(not is_user_id(name) for name in self._named_people):
            listed = await self._roster.list_all(inquiry, "people can't be read; only user ids work")
        members = [user for group in memberships.values() for user in group.users]
        await self._roster.meet([*members, *self._ids(self._named_people)], inquiry, again=again and not listed)

    async def _channels(self, inquiry: Inquiry) -> dict[str, str] | None:
        """Ids by name; a name that a channel had before is still its name."""
        before = self._snapshot.channels if self._snapshot else {}
        if not any(name.startswith("#") for name in self._named_channels):
            return await self._names_of_ids(inquiry, {}, before)
        trouble = "channels can't be listed; set channel ids in the configuration"
        kinds = {"types": "public_channel,private_channel"}
        rows = await inquiry.all("conversations.list", "channels", trouble, **kinds)
        if rows is None:
            return None
        return await self._names_of_ids(inquiry, ids_by_name(read_channels(rows), before), before)

    async def _names_of_ids(
        self, inquiry: Inquiry, listed: dict[str, str], before: Mapping[str, str]
    ) -> dict[str, str]:
        """With what people call the channels that the settings name by id alone, asked once for each."""
        ids = {name for name in self._named_channels if name and not name.startswith("#")} - set(listed.values())
        for channel in sorted(ids):
            name = _names_by_id(before).get(channel, "")
            if not name:
                try:
                    answer = await inquiry.call("conversations.info", channel=channel)
                except SlackError as error:
                    inquiry.failed(error, "")
                    continue
                name = str((answer.get("channel") or {}).get("name") or "").lower()
            listed |= {name: channel} if name and name not in listed else {}
        return listed

    def _membership(self, name: str, known: _Snapshot) -> Membership:
        return known.memberships.get(name, Membership())

    def _listed(self, team: Team, known: _Snapshot) -> frozenset[str]:
        """Who is said to be of a team, whether they count or not."""
        return self._membership(team.usergroup, known).users | self._ids(team.members)

    def _open_to_all(self, known: _Snapshot) -> bool:
        """Whether no team says who belongs to it, or Slack can't tell by its nature, and no person is named instead."""
        groups = [self._membership(team.usergroup, known) for team in self._teams if team.usergroup]
        said = any(group.readable or group.passing or group.users for group in groups)
        return not said and not any(team.members for team in self._teams)

    def _trouble(self, team: Team, known: _Snapshot) -> str:
        """Why a team's user group makes nobody a member of it, "" where it does or can't be read."""
        group = self._membership(team.usergroup, known)
        return group.trouble or (LEFT if group.users and not self._roster.believed(group.users) else "")

    def _ids(self, people: Iterable[str]) -> frozenset[str]:
        """Their user ids; a name that nobody has, or several have, is nobody's.

        Each page that somebody has open asks this of every team whenever something changes.
        """
        names, version = tuple(people), self._roster.version
        known = self._ids_then.get(names)
        if known is None or known[0] != version:
            known = (version, frozenset(user for user in map(self._id, names) if user))
            self._ids_then[names] = known
        return known[1]

    def _id(self, name: str) -> str:
        called = [person.id for person in self._roster.called(name) if person.standing is Standing.COLLEAGUE]
        if called:
            return called[0] if len(called) == 1 else ""
        return name if is_user_id(name) else ""

    def _group_problems(self, groups: Sequence[UserGroup], memberships: Mapping[str, Membership]) -> list[str]:
        """Problems of configured groups that have nobody: whom that shuts out, and whom nobody tells."""
        known = _Snapshot(memberships=memberships)
        problems = [
            f"{handle_shown(team.usergroup)} {trouble}{_meant(groups, team.usergroup, trouble)}: {_shut_out(team)}"
            for team in self._teams
            if (trouble := self._trouble(team, known))
        ]
        group, management = self._membership(self._management.group, known), self._management
        trouble = group.trouble or (LEFT if group.users and not self._roster.believed(group.users) else "")
        if trouble:
            people = [name for name in management.people if self._roster.believed(self._ids([name]))]
            instead = f"notifies {' and '.join(people)} instead" if people else "notifies nobody"
            meant = _meant(groups, management.group, trouble)
            problems.append(f"@{management.handle} {trouble}{meant}: an escalation {instead}")
        return problems

    def _people_problems(self) -> list[str]:
        """Configured people who are nobody, or who don't count."""
        problems = [self._roster.problem_with(name) for name in dict.fromkeys(self._named_people)]
        return [problem for problem in problems if problem]


def _meant(groups: Sequence[UserGroup], name: str, trouble: str) -> str:
    near = nearest_handle(groups, name) if trouble == MISSING else ""
    return f" (did you mean @{near}?)" if near else ""


def _shut_out(team: Team) -> str:
    if team.members:
        return f"only the configured members count as {team.title}"
    return f"nobody counts as {team.title}"


def _names_by_id(channels: Mapping[str, str]) -> dict[str, str]:
    """What each is called now: names that it had before come after it."""
    return {channel: name for name, channel in reversed(list(channels.items()))}
