"""manifest.yml is one that Slack takes. Limits and keys: slackapi/manifest-schema, manifest.schema.2.0.0.json."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app.pages import BACK
from bot.check import SCOPES
from bot.logins.slack_openid import SCOPES as SIGN_IN

TEXT = (Path(__file__).parent.parent / "manifest.yml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(TEXT)

# The part of the schema that this app uses; a key that is not in the schema makes Slack refuse the whole file.
KEYS: dict[str, set[str]] = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "slash_commands", "shortcuts", "unfurl_domains"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "features.slash_commands": {"command", "url", "description", "usage_hint", "should_escape"},
    "features.shortcuts": {"name", "type", "callback_id", "description"},
    "oauth_config": {"scopes", "redirect_urls", "token_management_enabled"},
    "oauth_config.scopes": {"bot", "user", "bot_optional", "user_optional"},
    "settings": {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
        "allowed_ip_address_ranges",
        "incoming_webhooks",
    },
    "settings.event_subscriptions": {"request_url", "bot_events", "user_events"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}

# The scope without which Slack does not deliver an event (docs.slack.dev, each event's page).
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
WITHOUT_SCOPE = {"app_home_opened", "app_uninstalled", "tokens_revoked"}


def at(path: str) -> Any:
    """The value at a dotted path of the manifest."""
    value: Any = MANIFEST
    for part in filter(None, path.split(".")):
        value = value[part]
    return value


@pytest.mark.parametrize("path", sorted(KEYS))
def test_every_key_is_in_the_schema(path: str) -> None:
    """Slack refuses unknown keys."""
    tables = at(path) if isinstance(at(path), list) else [at(path)]

    assert [set(table) - KEYS[path] for table in tables] == [set()] * len(tables)


@pytest.mark.parametrize(
    ("path", "shortest", "longest"),
    [
        ("display_information.name", 1, 35),
        ("display_information.description", 1, 140),
        ("display_information.long_description", 175, 4000),
        ("features.bot_user.display_name", 1, 80),
        ("features.slash_commands", 1, 50),
        ("features.shortcuts", 1, 10),
        ("settings.event_subscriptions.bot_events", 1, 100),
        ("oauth_config.scopes.bot", 1, 255),
    ],
)
def test_texts_and_lists_keep_slacks_limits(path: str, shortest: int, longest: int) -> None:
    """A text or a list is as long as the schema allows."""
    assert shortest <= len(at(path)) <= longest


@pytest.mark.parametrize("command", at("features.slash_commands"), ids=lambda command: command["command"])
def test_commands_keep_slacks_limits(command: dict[str, Any]) -> None:
    """A command is short, lower case, described, and leaves host names as they were typed."""
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert 1 <= len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert command["should_escape"] is False


@pytest.mark.parametrize("shortcut", at("features.shortcuts"), ids=lambda shortcut: shortcut["callback_id"])
def test_shortcuts_keep_slacks_limits(shortcut: dict[str, Any]) -> None:
    """A shortcut has a short name, a known type and an id."""
    assert 1 <= len(shortcut["name"]) <= 24
    assert shortcut["type"] in {"message", "global"}
    assert 1 <= len(shortcut["callback_id"]) <= 255
    assert 1 <= len(shortcut["description"]) <= 150


def test_names_are_unique() -> None:
    """Nothing is declared twice."""
    for path, name in (("features.slash_commands", "command"), ("features.shortcuts", "callback_id")):
        names = [entry[name] for entry in at(path)]
        assert len(names) == len(set(names)), path
    for path in ("oauth_config.scopes.bot", "settings.event_subscriptions.bot_events"):
        assert at(path) == sorted(set(at(path))), path


def test_every_event_has_the_scope_that_delivers_it() -> None:
    """An event without its scope never comes."""
    events, scopes = set(at("settings.event_subscriptions.bot_events")), set(at("oauth_config.scopes.bot"))

    assert events - WITHOUT_SCOPE == set(SCOPE_OF_EVENT) & events
    assert {SCOPE_OF_EVENT[event] for event in events - WITHOUT_SCOPE} <= scopes


def test_every_scope_says_what_it_is_for() -> None:
    """Whoever approves the app reads a reason beside each scope."""
    lines = [line.strip() for line in TEXT.splitlines()]

    bare = [
        scope for scope in at("oauth_config.scopes.bot") if not any(line.startswith(f"- {scope} # ") for line in lines)
    ]
    assert bare == []


def test_socket_mode_needs_no_addresses() -> None:
    """With Socket Mode nothing in the manifest names a host."""
    assert at("settings.socket_mode_enabled") is True
    assert "url" not in " ".join(key for path in KEYS for key in ([] if isinstance(at(path), list) else at(path)))


def test_sign_in_asks_for_what_the_manifest_has() -> None:
    """Slack refuses a sign-in that asks for more. Each has its reason beside it; where it ends is in the README too."""
    lines = [line.strip() for line in TEXT.splitlines()]
    scopes = at("oauth_config.scopes.user")

    assert sorted(SIGN_IN.split()) == scopes
    assert all(any(line.startswith(f"- {scope} # ") for line in lines) for scope in scopes)
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert f"<web.public_url>{BACK}" in TEXT and f"`<web.public_url>{BACK}`" in readme


def test_check_looks_for_the_same_scopes() -> None:
    """Whoever made the app from the manifest has all that `secondline check` asks for, and none goes unchecked."""
    assert set(at("oauth_config.scopes.bot")) == set(SCOPES)
