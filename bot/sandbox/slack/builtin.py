"""Slack's own part in what people write: /invite, /remove, and Slackbot's hints."""

import re

from bot.sandbox.slack.messages import Draft, Messages
from bot.sandbox.slack.model import SLACKBOT, Channel
from bot.sandbox.slack.text import mentions
from bot.sandbox.slack.workspace import Workspace

_NAMED = re.compile(r"^(?:<@(\w+)(?:\|[^<>]*+)?>|@?([\w.-]+))$")
COMMANDS = ("/invite", "/remove")


class Builtin:
    """What works without any app."""

    def __init__(self, *, workspace: Workspace, messages: Messages) -> None:
        self._workspace = workspace
        self._messages = messages

    def tell(self, user: str, channel: Channel, text: str, thread_ts: str = "") -> None:
        """By Slackbot, to one person."""
        draft = Draft(SLACKBOT, text, thread_ts=thread_ts)
        self._messages.post_ephemeral(channel, draft, visible_to=user)

    def run(self, user: str, channel: Channel, command: str, text: str) -> None:
        """`/invite @name` and `/remove @name`; anything else is not a valid command."""
        if command not in COMMANDS:
            self.tell(user, channel, f"`{command}` is not a valid command.")
            return
        member = self._named(text.strip())
        if member is None or channel.is_im:
            self.tell(user, channel, f"`{command}` needs the name of a person or an app: `{command} @secondline`")
            return
        joins = command == "/invite"
        if (member in channel.members) == joins:
            self.tell(user, channel, f"{self._workspace.shown_name(member)} is {'already' if joins else 'not'} here.")
            return
        self._workspace.set_member(channel, member, joins)
        words = "has joined the channel" if joins else "was removed from the channel"
        subtype = "channel_join" if joins else "channel_leave"
        self._messages.post(channel, Draft(member, f"<@{member}> {words}", subtype=subtype))

    def _named(self, text: str) -> str | None:
        match = _NAMED.match(text)
        people = self._workspace.people.values()
        found = (each.id for each in people if match and (each.id == match[1] or each.name == (match[2] or "").lower()))
        return next(found, None)

    def hint(self, user: str, channel: Channel, text: str, thread_ts: str) -> None:
        """Slackbot says when somebody mentions the app where it cannot hear."""
        bot = self._workspace.bot_user
        if bot not in channel.members and mentions(text, bot):
            name = self._workspace.shown_name(bot)
            self.tell(user, channel, f"{name} is not in this channel. To add it: `/invite {name}`", thread_ts)
