"""What the app's manifest declares, read by the sandbox as Slack reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A parsed manifest (schema 2.0.0); everything missing counts as switched off."""

    data: Mapping[str, Any]

    def _at(self, *path: str) -> Any:
        node: Any = self.data
        for key in path:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node

    @property
    def commands(self) -> dict[str, Entry]:
        return {entry["command"]: entry for entry in self._at("features", "slash_commands") or ()}

    @property
    def shortcuts(self) -> dict[str, Entry]:
        return {entry["callback_id"]: entry for entry in self._at("features", "shortcuts") or ()}

    @property
    def scopes(self) -> set[str]:
        return set(self._at("oauth_config", "scopes", "bot") or ())

    @property
    def user_scopes(self) -> set[str]:
        """What people who sign in may be asked for."""
        return set(self._at("oauth_config", "scopes", "user") or ())

    @property
    def events(self) -> set[str]:
        return set(self._at("settings", "event_subscriptions", "bot_events") or ())

    @property
    def interactive(self) -> bool:
        return bool(self._at("settings", "interactivity", "is_enabled"))

    @property
    def socket_mode(self) -> bool:
        return bool(self._at("settings", "socket_mode_enabled"))

    @property
    def home_tab(self) -> bool:
        return bool(self._at("features", "app_home", "home_tab_enabled"))

    @property
    def direct_messages(self) -> bool:
        """Whether people can write to the bot in its messages tab."""
        home = self._at("features", "app_home") or {}
        return bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled")
