"""What a person does in Slack: say, edit, react, press, fill in forms."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.sandbox.slack import forms
from bot.sandbox.slack.builtin import Builtin
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.messages import Draft
from bot.sandbox.slack.model import Channel, File, Message, Window
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.text import linked, mentions, stored
from bot.sandbox.slack.views import View

_COMMAND = re.compile(r"^(/[a-z0-9_-]+)(?:\s+(.*))?$", re.DOTALL | re.IGNORECASE)
_PERSON = re.compile(r"<@(\w+)(?:\|[^<>]*+)?>")
_REFERENCE = re.compile(r"<(?:[@#]|!subteam\^)(\w+)(?:\|[^<>]*+)?>")

FAILURES = {
    "operation_timeout": '{command} failed with the error "operation_timeout"',
    "dispatch_failed": "{command} failed because the app did not respond",
}


class Acts:
    """Everything raises ApiError with the code that the person's client would show."""

    def __init__(self, *, site: Site) -> None:
        self._site = site
        self._builtin = Builtin(workspace=site.workspace, messages=site.messages)
        self.listeners: list[Callable[[str, str], None]] = []
        """Called with what somebody did with the app, where it worked: its kind, and what it was."""

    def _did(self, kind: str, what: str) -> None:
        for listener in self.listeners:
            listener(kind, what)

    def _channel(self, user: str, channel_id: str) -> Channel:
        if self._site.workspace.person(user).deleted:
            raise ApiError("account_inactive")
        channel = self._site.workspace.channel_for(channel_id, user)
        if user not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def _writable(self, user: str, channel_id: str) -> Channel:
        channel = self._channel(user, channel_id)
        if channel.is_archived:
            raise ApiError("is_archived")
        return channel

    async def say(
        self,
        user: str,
        channel_id: str,
        text: str,
        *,
        thread_ts: str = "",
        broadcast: bool = False,
        files: Sequence[str] = (),
        window_id: str = "",
    ) -> Json:
        """A message, with `files` that were uploaded before, or a slash command."""
        channel = self._writable(user, channel_id)
        command = None if files else _COMMAND.match(text.strip())
        if command:
            window = Window(user, window_id)
            return await self._command(window, channel, command[1].lower(), command[2] or "", thread_ts=thread_ts)
        if channel.is_im and not self._site.workspace.manifest.direct_messages:
            raise ApiError("restricted_action")
        if not text.strip() and not files:
            raise ApiError("no_text")
        written = linked(stored(text), self._site.workspace.reference)
        draft = Draft(user, written, thread_ts=thread_ts, broadcast=broadcast)
        message = self._site.files.share(channel, draft, files) if files else self._site.messages.post(channel, draft)
        self._builtin.hint(user, channel, written, thread_ts)
        if channel.is_im or mentions(written, self._site.workspace.bot_user):
            self._did("say", written)
        return {"ts": message.ts}

    def upload(self, user: str, name: str, content: bytes) -> File:
        """A file of a person, to be shared by what they say next."""
        owner = self._site.workspace.person(user).id
        file = self._site.files.reserve(name=name, size=len(content), base_url=self._site.base_url, owner=owner)
        self._site.files.take_bytes(file.id, content)
        return file

    async def _command(self, window: Window, channel: Channel, command: str, text: str, *, thread_ts: str) -> Json:
        user = window.user
        if thread_ts:
            raise ApiError("slash_in_thread")
        known = self._site.workspace.manifest.commands.get(command)
        if known is None:
            self._builtin.run(user, channel, command, text)
            return {"command": True}
        escaped = bool(known.get("should_escape"))
        failed: Json = {}
        try:
            await self._site.interactions.command(window, channel, command, self._command_text(text.strip(), escaped))
        except ApiError as error:
            words = FAILURES.get(error.code, '{command} failed with the error "{code}"')
            self._builtin.tell(user, channel, words.format(command=command, code=error.code))
            failed = {"failed": error.code}
        else:
            self._did("command", f"{command} {text}".strip())
        return {"command": True} | failed

    def _command_text(self, text: str, escaped: bool) -> str:
        """With should_escape names and links become references with labels; without it the text is as typed."""
        workspace = self._site.workspace
        if not escaped:
            return _REFERENCE.sub(lambda found: workspace.shown_name(found[1]), text)
        referenced = linked(stored(text), workspace.reference)
        return _PERSON.sub(lambda found: f"<@{found[1]}|{workspace.name_of(found[1])}>", referenced)

    def edit(self, user: str, channel_id: str, ts: str, text: str) -> None:
        channel = self._writable(user, channel_id)
        message = self._site.messages.find(channel, ts)
        if message.user != user:
            raise ApiError("cant_update_message")
        if not text.strip():
            raise ApiError("no_text")
        written = linked(stored(text), self._site.workspace.reference)
        if written != message.text:
            self._site.messages.edit(message, user, text=written, blocks=forms.composed(written, message))

    def delete(self, user: str, channel_id: str, ts: str) -> None:
        channel = self._channel(user, channel_id)
        if ts in channel.ephemerals:
            self._site.messages.delete(self._ephemeral(user, channel, ts))
            return
        message = self._site.messages.find(channel, ts)
        if message.user != user:
            raise ApiError("cant_delete_message")
        self._site.messages.delete(message)

    def react(self, user: str, channel_id: str, ts: str, name: str, *, remove: bool = False) -> None:
        message = self._site.messages.find(self._writable(user, channel_id), ts)
        (self._site.marks.unreact if remove else self._site.marks.react)(message, user, name)

    def pin(self, user: str, channel_id: str, ts: str, *, remove: bool = False) -> None:
        channel = self._writable(user, channel_id)
        message = self._site.messages.find(channel, ts)
        (self._site.marks.unpin if remove else self._site.marks.pin)(channel, message, user)

    def _ephemeral(self, user: str, channel: Channel, ts: str) -> Message:
        message = channel.ephemerals.get(ts)
        if message is None or message.visible_to != user:
            raise ApiError("message_not_found")
        return message

    async def press(
        self, user: str, channel_id: str, ts: str, action: Json, state: Json | None = None, *, window_id: str = ""
    ) -> None:
        channel = self._channel(user, channel_id)
        known = ts in channel.ephemerals
        message = self._ephemeral(user, channel, ts) if known else self._site.messages.find(channel, ts)
        if not message.by_app:
            raise ApiError("message_not_found")
        pressed = forms.action(message.blocks, action)
        values = forms.state_in_message(message.blocks, state or {})
        await self._site.interactions.press(Window(user, window_id), channel, message, pressed, values)
        self._did("press", pressed["action_id"])

    async def shortcut(
        self, user: str, callback_id: str, channel_id: str = "", ts: str = "", *, window_id: str = ""
    ) -> None:
        window = Window(user, window_id)
        self._site.workspace.person(user)
        known = self._site.workspace.manifest.shortcuts.get(callback_id)
        if known is None or (known["type"] == "message") != bool(ts):
            raise ApiError("unknown_shortcut")
        if not ts:
            await self._site.interactions.global_shortcut(window, callback_id)
            return
        channel = self._channel(user, channel_id)
        message = self._site.messages.find(channel, ts)
        await self._site.interactions.message_shortcut(window, callback_id, channel, message)

    async def use_view(self, user: str, view_id: str, kind: str, state: Json, action: Json | None, **more: Any) -> Json:
        view = self._site.views.find(view_id, user=user)
        if kind == "action":
            window = view.window if view.body["type"] == "modal" else Window(user, str(more.get("window_id") or ""))
            return await self._press_in_view(window, view, state, action or {})
        if self._site.views.top(view.window) is not view:
            raise ApiError("not_found")
        if kind == "submit":
            return await self._submit(view, state)
        if kind != "close":
            raise ApiError("invalid_arguments", messages=["type is submit, close or action"])
        await self._site.interactions.close(view, everything=bool(more.get("everything")))
        return {}

    async def _press_in_view(self, window: Window, view: View, state: Json, action: Json) -> Json:
        view.state = forms.state(view.body["blocks"], state)
        pressed = forms.action(view.body["blocks"], action)
        await self._site.interactions.press_in_view(window, view, pressed)
        return {}

    async def _submit(self, view: View, state: Json) -> Json:
        """What Slack's own form refuses never reaches the app."""
        if not view.body.get("submit"):
            raise ApiError("not_found")
        view.state = forms.state(view.body["blocks"], state)
        errors = forms.missing(view.body["blocks"], view.state) or await self._site.interactions.submit(view)
        if not errors:
            self._did("submit", str(view.body.get("callback_id") or ""))
        return {"errors": errors} if errors else {}

    def open_home(self, user: str) -> View | None:
        """The Home as it is now; the app hears that it was opened."""
        workspace = self._site.workspace
        workspace.person(user)
        if not workspace.manifest.home_tab:
            return None
        view = self._site.views.home(user)
        event: Json = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"}
        shown = {"view": self._site.views.render(view)} if view else {}
        workspace.announce(event | shown | {"event_ts": workspace.next_ts()})
        return view
