"""The JSON of commands and interactions (https://docs.slack.dev/reference/interaction-payloads)."""

from collections.abc import Callable

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.messages import Messages
from bot.sandbox.slack.model import Channel, Message, Window
from bot.sandbox.slack.respond import Responses
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views import View, Views
from bot.sandbox.slack.workspace import Workspace

VERIFICATION = "sandbox-verification-token"


class Payloads:
    """Builds one payload per thing done, with a fresh trigger_id and response_url."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        messages: Messages,
        views: Views,
        triggers: Triggers,
        responses: Responses,
        base_url: Callable[[], str],
    ) -> None:
        self._workspace = workspace
        self._messages = messages
        self._views = views
        self._triggers = triggers
        self._responses = responses
        self._base_url = base_url

    def _response_url(self, user: str, channel: Channel, message_ts: str = "") -> str:
        return f"{self._base_url()}/respond/{self._responses.issue(user, channel.id, message_ts=message_ts)}"

    def _user(self, user: str) -> Json:
        name = self._workspace.name_of(user)
        return {"id": user, "username": name, "name": name, "team_id": self._workspace.seed.team_id}

    def _frame(self, kind: str, window: Window, *, view_id: str = "", trigger: bool = True) -> Json:
        seed = self._workspace.seed
        frame: Json = {"type": kind, "user": self._user(window.user), "api_app_id": seed.app_id, "token": VERIFICATION}
        frame |= {"team": {"id": seed.team_id, "domain": seed.team_domain}}
        frame |= {"enterprise": None, "is_enterprise_install": False}
        return frame | ({"trigger_id": self._triggers.issue(window, view_id=view_id)} if trigger else {})

    def command(self, window: Window, channel: Channel, command: str, text: str) -> Json:
        seed, user = self._workspace.seed, window.user
        name = "privategroup" if channel.is_private and not channel.is_im else channel.name
        return {
            "token": VERIFICATION,
            "team_id": seed.team_id,
            "team_domain": seed.team_domain,
            "channel_id": channel.id,
            "channel_name": name,
            "user_id": user,
            "user_name": self._workspace.name_of(user),
            "command": command,
            "text": text,
            "api_app_id": seed.app_id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(user, channel),
            "trigger_id": self._triggers.issue(window),
        }

    def global_shortcut(self, window: Window, callback_id: str) -> Json:
        stamp = {"callback_id": callback_id, "action_ts": self._workspace.next_ts()}
        return self._frame("shortcut", window) | stamp

    def message_shortcut(self, window: Window, callback_id: str, channel: Channel, message: Message) -> Json:
        return self._frame("message_action", window) | {
            "callback_id": callback_id,
            "action_ts": self._workspace.next_ts(),
            "channel": {"id": channel.id, "name": channel.name},
            "message_ts": message.ts,
            "message": self._messages.render(message),
            "response_url": self._response_url(window.user, channel, message.ts),
        }

    def message_action(self, window: Window, channel: Channel, message: Message, action: Json, state: Json) -> Json:
        """Ephemeral messages go without "message": Slack does not keep them."""
        ephemeral = bool(message.visible_to)
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
        container |= {"is_ephemeral": ephemeral} | ({"thread_ts": message.thread_ts} if message.thread_ts else {})
        shown = {} if ephemeral else {"message": self._messages.render(message)}
        return (
            self._frame("block_actions", window)
            | shown
            | {
                "container": container,
                "channel": {"id": channel.id, "name": channel.name},
                "state": {"values": state},
                "response_url": self._response_url(window.user, channel, message.ts),
                "actions": [action | {"action_ts": self._workspace.next_ts()}],
            }
        )

    def view_action(self, window: Window, view: View, action: Json) -> Json:
        """The window is where a Home is looked at, which is no window's own."""
        body = self._views.render(view)
        return self._frame("block_actions", window, view_id=view.id) | {
            "container": {"type": "view", "view_id": view.id},
            "view": body,
            "actions": [action | {"action_ts": self._workspace.next_ts()}],
        }

    def view_submission(self, view: View) -> Json:
        frame = self._frame("view_submission", view.window, view_id=view.id)
        return frame | {"view": self._views.render(view), "response_urls": []}

    def view_closed(self, view: View, *, is_cleared: bool) -> Json:
        """Slack tells nothing of what was filled in."""
        frame = self._frame("view_closed", view.window, trigger=False)
        shown = self._views.render(view) | {"state": {"values": {}}}
        return frame | {"view": shown, "is_cleared": is_cleared}
