"""Which Web API methods there are, what each needs, and its rate limit tier."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.slack import (
    methods_app,
    methods_chat,
    methods_conversations,
    methods_files,
    methods_marks,
    methods_people,
    methods_views,
)
from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.site import Site

Handler = Callable[[Site, Call], Awaitable[Json]]

COVERED = (
    "api.test",
    "apps.connections.open",
    "auth.test",
    "bots.info",
    "chat.delete",
    "chat.getPermalink",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.info",
    "conversations.join",
    "conversations.list",
    "conversations.members",
    "conversations.open",
    "conversations.replies",
    "files.completeUploadExternal",
    "files.delete",
    "files.getUploadURLExternal",
    "files.info",
    "pins.add",
    "pins.list",
    "pins.remove",
    "reactions.add",
    "reactions.get",
    "reactions.remove",
    "team.info",
    "usergroups.list",
    "usergroups.users.list",
    "users.info",
    "users.list",
    "users.lookupByEmail",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
)
"""What this sandbox covers, for people; everything else answers unknown_method."""


@dataclass(frozen=True, slots=True)
class Method:
    """`scope` "" means none, or one that depends on the channel. `token` is the kind that is allowed."""

    handler: Handler
    scope: str
    tier: str
    token: str = "bot"


def methods() -> dict[str, Method]:
    """The registry: tiers from https://docs.slack.dev/reference/methods."""
    chat, talks, people = methods_chat, methods_conversations, methods_people
    files, marks, views, app = methods_files, methods_marks, methods_views, methods_app
    return {
        "api.test": Method(app.api_test, "", "tier4", "none"),
        "apps.connections.open": Method(app.open_connection, "connections:write", "tier3", "app"),
        "auth.test": Method(app.auth_test, "", "special"),
        "bots.info": Method(app.bot_info, "users:read", "tier3"),
        "chat.delete": Method(chat.delete, "chat:write", "tier3"),
        "chat.getPermalink": Method(chat.permalink, "", "special"),
        "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write", "tier4"),
        "chat.postMessage": Method(chat.post_message, "chat:write", "special"),
        "chat.update": Method(chat.update, "chat:write", "tier3"),
        "conversations.history": Method(talks.history, "", "tier3"),
        "conversations.info": Method(talks.channel_info, "", "tier3"),
        "conversations.join": Method(talks.join, "channels:join", "tier3"),
        "conversations.list": Method(talks.list_channels, "", "tier2"),
        "conversations.members": Method(talks.members, "", "tier4"),
        "conversations.open": Method(talks.open_direct, "im:write", "tier3"),
        "conversations.replies": Method(talks.replies, "", "tier3"),
        "files.completeUploadExternal": Method(files.complete_upload, "files:write", "tier4"),
        "files.delete": Method(files.delete, "files:write", "tier3"),
        "files.getUploadURLExternal": Method(files.upload_url, "files:write", "tier4"),
        "files.info": Method(files.file_info, "files:read", "tier4"),
        "pins.add": Method(marks.add_pin, "pins:write", "tier2"),
        "pins.list": Method(marks.list_pins, "pins:read", "tier2"),
        "pins.remove": Method(marks.remove_pin, "pins:write", "tier2"),
        "reactions.add": Method(marks.add_reaction, "reactions:write", "tier3"),
        "reactions.get": Method(marks.get_reactions, "reactions:read", "tier3"),
        "reactions.remove": Method(marks.remove_reaction, "reactions:write", "tier2"),
        "team.info": Method(app.team_info, "team:read", "tier3"),
        "usergroups.list": Method(people.list_groups, "usergroups:read", "tier2"),
        "usergroups.users.list": Method(people.list_group_users, "usergroups:read", "tier2"),
        "users.info": Method(people.user_info, "users:read", "tier4"),
        "users.list": Method(people.list_users, "users:read", "tier2"),
        "users.lookupByEmail": Method(people.lookup_by_email, "users:read.email", "tier3"),
        "views.open": Method(views.open_view, "", "tier4"),
        "views.publish": Method(views.publish_view, "", "tier4"),
        "views.push": Method(views.push_view, "", "tier4"),
        "views.update": Method(views.update_view, "", "tier4"),
    }
