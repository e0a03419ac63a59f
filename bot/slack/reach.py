"""Whom a message to a group, a person or a channel would reach now. Everything is asked once; nothing is sent."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bot.slack.answers import SlackError
from bot.slack.channels import ListedChannel, channel_named, read_channels
from bot.slack.client import WebApi
from bot.slack.inquiry import Inquiry
from bot.slack.roster import Roster
from bot.slack.text import is_user_id, plural
from bot.slack.usergroups import LEFT, UserGroup, handle_shown, list_groups, nearest_handle, read_membership


@dataclass(frozen=True, slots=True)
class Reach:
    """`found` is whom it reaches ("3 members"), `trouble` why nobody; `away` is their status. `zone` is theirs."""

    found: str = ""
    trouble: str = ""
    away: str = ""
    zone: tzinfo = UTC


class SlackReach:
    """`team_id` is the bot's own workspace."""

    def __init__(self, *, client: WebApi, team_id: str, patience_s: float) -> None:
        self._inquiry = Inquiry(client=client, patience_s=patience_s)
        self._roster = Roster(team_id=team_id)
        self._groups: tuple[UserGroup, ...] | None = None
        self._groups_read = False
        self._channels: tuple[ListedChannel, ...] | None = None

    async def group(self, name: str) -> Reach:
        if not self._groups_read:
            self._groups, _ = await list_groups(self._inquiry)
            self._groups_read = True
        before = len(self._inquiry.problems)
        membership = await read_membership(self._inquiry, self._groups, name, passing=False)
        if not membership.readable:
            return Reach(trouble="; ".join(self._inquiry.problems[before:] or self._inquiry.problems))
        if membership.trouble:
            near = nearest_handle(self._groups or (), name)
            meant = f"; did you mean @{near}?" if near and near != name.lower() else ""
            return Reach(trouble=f"{handle_shown(name)} {membership.trouble}{meant}")
        await self._roster.meet(membership.users, self._inquiry)
        count = len(self._roster.believed(membership.users))
        return Reach(found=plural(count, "member")) if count else Reach(trouble=f"{handle_shown(name)} {LEFT}")

    async def person(self, name: str, when: datetime) -> Reach:
        """By name or id."""
        before = len(self._inquiry.problems)
        if is_user_id(name):
            await self._roster.meet([name], self._inquiry)
        elif not self._roster.listed:
            await self._roster.list_all(self._inquiry, "people can't be read")
        if not is_user_id(name) and not self._roster.listed:
            return Reach(trouble="; ".join(self._inquiry.problems[before:] or self._inquiry.problems))
        if problem := self._roster.problem_with(name):
            return Reach(trouble=problem)
        user = name if is_user_id(name) else self._roster.called(name)[0].id
        presence = self._roster.presence(user)
        return Reach(found=self._roster.name_of(user), away=presence.away_at(when), zone=presence.zone)

    async def channel(self, name: str) -> Reach:
        if self._channels is None:
            types = "public_channel,private_channel"
            try:
                rows = await self._inquiry.listed("conversations.list", "channels", types=types)
            except SlackError as error:
                return Reach(trouble=f"channels can't be read ({error.reason})")
            self._channels = read_channels(rows)
        channel = channel_named(self._channels, name)
        if not channel:
            return Reach(trouble=f"there is no channel {name}, or it is private and the bot isn't in it")
        if channel.archived or not channel.member:
            return Reach(trouble="it is archived" if channel.archived else "the bot isn't in it")
        return Reach(found=f"#{channel.name}")
