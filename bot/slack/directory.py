"""People, user groups and channels, held in memory and read again when Slack says that they changed."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.people import NotTier2
from bot.slack.answers import SlackError
from bot.slack.client import WebApi
from bot.slack.text import person
from bot.tasks import woken

logger = logging.getLogger(__name__)

FRESH_S = 3600.0
RETRY_S = 5.0
SETTLE_S = 15.0
"""The pause after a reading: a large workspace changes all the time, and Slack lists groups 20 times a minute."""
PATIENCE_S = 5.0
"""The longest wait inside one reading, since people wait for the first."""

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Team:
    """A Tier 2 team as configured. `members` are user ids or names; `usergroup` a handle without "@"."""

    key: str
    title: str
    channel: str
    usergroup: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Management:
    """Who `@ltm` is: a user group's handle, its id where groups can't be listed, people where it can't be read."""

    handle: str
    group_id: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Snapshot:
    groups: dict[str, str]
    members: dict[str, frozenset[str]]
    names: dict[str, str]
    channels: dict[str, str]
    problems: tuple[str, ...]


class Directory:
    """Implements the port `People`. Whatever Slack won't tell is replaced by the configuration, and said so."""

    def __init__(
        self,
        *,
        client: WebApi,
        teams: Sequence[Team],
        management: Management,
        channels: Sequence[str] = (),
        settle_s: float = SETTLE_S,
    ) -> None:
        """`channels` are further channels whose ids will be asked for."""
        self._client = client
        self._teams = tuple(teams)
        self._management = management
        self._named = tuple(channels)
        self._settle_s = settle_s
        self._snapshot: _Snapshot | None = None
        self._passing = False
        self._reading = asyncio.Lock()
        self._stale = asyncio.Event()

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read, and what that means."""
        return self._snapshot.problems if self._snapshot else ()

    async def team_of(self, user: str) -> str:
        known = await self._known()
        return next((team.key for team in self._teams if user in self._members(team, known)), "")

    async def is_tier2(self, user: str) -> bool:
        known = await self._known()
        listed = [self._members(team, known) for team in self._teams]
        named = any(listed) or any(team.members for team in self._teams)
        return not named or any(user in members for members in listed)

    async def require_tier2(self, user: str) -> None:
        if not await self.is_tier2(user):
            raise NotTier2(user, " and ".join(team.title for team in self._teams))

    async def named(self, people: Sequence[str]) -> frozenset[str]:
        return self._ids(people, await self._known()) if people else frozenset()

    async def managers(self) -> frozenset[str]:
        known = await self._known()
        group_id = self._management.group_id or known.groups.get(self._management.handle.lower(), "")
        return known.members.get(group_id) or self._ids(self._management.people, known)

    async def management_mention(self) -> tuple[str, str]:
        known = await self._known()
        handle = self._management.handle
        group_id = self._management.group_id or known.groups.get(handle.lower(), "")
        if group_id:
            return f"<!subteam^{group_id}>", ""
        people = sorted(self._ids(self._management.people, known))
        if people:
            return " ".join(map(person, people)), f"Slack does not show the group @{handle}; these people stand for it."
        trouble = f"Nobody was notified: Slack does not show the group @{handle}, and no people are configured."
        return f"@{handle}", trouble

    async def channel_id(self, name: str) -> str:
        """The id of a configured channel ("#t2-tech" or an id); the name itself where Slack does not list it."""
        await self._known()
        return self.known_id(name)

    def known_id(self, name: str) -> str:
        """The same from memory: the name itself as long as Slack has not been read."""
        return self._snapshot.channels.get(name.lstrip("#").lower(), name) if self._snapshot else name

    async def team_channel(self, key: str) -> str:
        """The channel of a team; the first team's for an unknown key."""
        team = next((team for team in self._teams if team.key == key), self._teams[0])
        return await self.channel_id(team.channel)

    async def is_team_channel(self, channel: str) -> bool:
        return channel in [await self.channel_id(team.channel) for team in self._teams]

    def changed(self) -> None:
        """Something changed in Slack: read again soon."""
        self._stale.set()

    async def keep_fresh(self) -> None:
        """For ever: read again when told, hourly, and sooner, but ever less often, while Slack is in trouble."""
        await self._known()
        retry_s = RETRY_S
        while True:
            retry_s = min(retry_s * 2, FRESH_S) if self._passing else RETRY_S
            pause_s = retry_s if self._passing else FRESH_S
            await woken(self._stale, within_s=pause_s)
            self._stale.clear()
            self._snapshot = await self._read()
            await asyncio.sleep(self._settle_s)

    async def _known(self) -> _Snapshot:
        async with self._reading:
            if not self._snapshot:
                self._snapshot = await self._read()
            return self._snapshot

    async def _read(self) -> _Snapshot:
        """What can't be read this time stays as it was: an outage must make nobody a manager, or none."""
        self._passing = False
        problems: list[str] = []
        before = self._snapshot or _Snapshot({}, {}, {}, {}, ())
        groups = _or(await self._groups(problems), before.groups)
        wanted = {groups.get(team.usergroup.lower(), "") for team in self._teams if team.usergroup}
        wanted |= {self._management.group_id or groups.get(self._management.handle.lower(), "")}
        members = {
            group: _or(await self._group_members(group, problems), before.members.get(group, frozenset()))
            for group in wanted
            if group
        }
        names = _or(await self._names(problems), before.names)
        channels = _or(await self._channels(problems), before.channels)
        return _Snapshot(groups, members, names, channels, tuple(problems))

    async def _groups(self, problems: list[str]) -> dict[str, str] | None:
        answer = await self._ask("usergroups.list", problems, "user groups can't be read; configured ids are used")
        if answer is None:
            return None
        listed = [each for each in answer.get("usergroups") or [] if not each.get("date_delete")]
        return {str(each.get("handle") or "").lower(): str(each.get("id") or "") for each in listed}

    async def _group_members(self, group: str, problems: list[str]) -> frozenset[str] | None:
        trouble = f"members of {group} can't be read; configured people are used"
        answer = await self._ask("usergroups.users.list", problems, trouble, usergroup=group)
        return None if answer is None else frozenset(answer.get("users") or [])

    async def _names(self, problems: list[str]) -> dict[str, str] | None:
        """Only where the configuration names people: a large workspace takes minutes to list."""
        configured = [*self._management.people, *(member for team in self._teams for member in team.members)]
        named = [each for each in configured if not _is_user_id(each)]
        if not named:
            return {}
        users = await self._all("users.list", "members", problems, "people can't be read; only user ids work")
        if users is None:
            return None
        names = {str(each.get("name", "")).lower(): str(each.get("id") or "") for each in users}
        problems += [f"nobody in Slack is called {each}" for each in named if _folded(each) not in names]
        return names

    async def _channels(self, problems: list[str]) -> dict[str, str] | None:
        if not any(name.startswith("#") for name in (*self._named, *(team.channel for team in self._teams))):
            return {}
        trouble = "channels can't be listed; set channel ids in the configuration"
        listed = await self._all(
            "conversations.list", "channels", problems, trouble, types="public_channel,private_channel"
        )
        return (
            None
            if listed is None
            else {str(each.get("name", "")).lower(): str(each.get("id") or "") for each in listed}
        )

    async def _all(
        self, method: str, field: str, problems: list[str], trouble: str, **arguments: str
    ) -> list[dict[str, Any]] | None:
        """Every page; None where one of them can't be read."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self._ask(method, problems, trouble, limit=200, **arguments, **cursor)
            if page is None:
                return None
            found += page.get(field) or []
            following = (page.get("response_metadata") or {}).get("next_cursor")
            if not following:
                return found
            cursor = {"cursor": following}

    async def _ask(self, method: str, problems: list[str], trouble: str, **arguments: object) -> dict[str, Any] | None:
        try:
            return await self._once_more(method, arguments)
        except SlackError as error:
            self._passing |= error.retry
            logger.warning("%s: %s", error.sentence, trouble)
            problems.append(f"{trouble} ({error.reason})")
            return None

    async def _once_more(self, method: str, arguments: dict[str, object]) -> dict[str, Any]:
        """A bad moment at the start must not leave an escalation without anybody to notify."""
        try:
            return await self._client.call(method, **arguments)
        except SlackError as error:
            if not error.retry:
                raise
            await asyncio.sleep(min(error.retry_after_s or 0.0, PATIENCE_S))
        return await self._client.call(method, **arguments)

    def _members(self, team: Team, known: _Snapshot) -> frozenset[str]:
        group = known.groups.get(team.usergroup.lower(), "") if team.usergroup else ""
        return known.members.get(group, frozenset()) | self._ids(team.members, known)

    def _ids(self, people: Sequence[str], known: _Snapshot) -> frozenset[str]:
        """Their user ids; a name that nobody has is nobody's."""
        found = (known.names.get(_folded(each)) or (each if _is_user_id(each) else "") for each in people)
        return frozenset(user for user in found if user)


def _or(found: Known | None, before: Known) -> Known:
    return before if found is None else found


def _folded(name: str) -> str:
    return name.lstrip("@").lower()


def _is_user_id(text: str) -> bool:
    return re.fullmatch(r"[UW][A-Z0-9]+", text) is not None
