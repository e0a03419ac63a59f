"""What people do with the app: commands, shortcuts, buttons and forms, as payloads and as the app's answers to them."""

import contextlib

from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.model import Channel, Message, Window
from bot.sandbox.slack.payloads import Payloads
from bot.sandbox.slack.respond import Responses
from bot.sandbox.slack.transport import TIMEOUT, NotDelivered, Retry, Transport
from bot.sandbox.slack.views import View, Views
from bot.sandbox.slack.workspace import Workspace

Errors = dict[str, str]


class Interactions:
    """Sent once and never repeated: what the app does not ack in time is lost, and the person is told."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        transport: Transport,
        payloads: Payloads,
        responses: Responses,
        views: Views,
        faults: Faults,
    ) -> None:
        self._workspace = workspace
        self._transport = transport
        self._payloads = payloads
        self._responses = responses
        self._views = views
        self._faults = faults

    async def _send(self, kind: str, payload: Json) -> Json:
        """The ack's payload; raises ApiError(operation_timeout) or, with nobody connected, dispatch_failed.

        Where an answer is told to get lost, the app has done its work and the person is told that it did not.
        """
        fault = self._faults.take("interactions", str(payload.get("type") or payload.get("command") or ""))
        try:
            answer = await self._transport.send(kind, payload, retry=Retry())
            if fault and fault.lose_answer:
                raise ApiError("operation_timeout")
            return answer
        except NotDelivered as failure:
            timed_out = failure.reason.endswith(TIMEOUT)
            raise ApiError("operation_timeout" if timed_out else "dispatch_failed") from None

    def _check_interactive(self) -> None:
        if not self._workspace.manifest.interactive:
            raise ApiError("interactivity_disabled")

    async def command(self, window: Window, channel: Channel, command: str, text: str) -> None:
        answer = await self._send("slash_commands", self._payloads.command(window, channel, command, text))
        self._responses.to_ack(window.user, channel.id, answer)

    async def message_shortcut(self, window: Window, callback_id: str, channel: Channel, message: Message) -> None:
        self._check_interactive()
        await self._send("interactive", self._payloads.message_shortcut(window, callback_id, channel, message))

    async def global_shortcut(self, window: Window, callback_id: str) -> None:
        self._check_interactive()
        await self._send("interactive", self._payloads.global_shortcut(window, callback_id))

    async def press(self, window: Window, channel: Channel, message: Message, action: Json, state: Json) -> None:
        self._check_interactive()
        await self._send("interactive", self._payloads.message_action(window, channel, message, action, state))

    async def press_in_view(self, window: Window, view: View, action: Json) -> None:
        self._check_interactive()
        await self._send("interactive", self._payloads.view_action(window, view, action))

    async def submit(self, view: View) -> Errors:
        """What the app found wrong by block id; {} where the view was taken."""
        answer = await self._send("interactive", self._payloads.view_submission(view))
        return self._obey(view, answer)

    def _obey(self, view: View, answer: Json) -> Errors:
        """A submission's ack (https://docs.slack.dev/surfaces/modals#response_actions)."""
        match answer.get("response_action"):
            case None:
                self._views.pop(view)
            case "clear":
                self._views.clear(view.window)
            case "update":
                self._views.update(view, answer.get("view"))
            case "push":
                self._views.push_answer(view.window, answer.get("view"))
            case "errors":
                return _checked_errors(view, answer.get("errors"))
            case _:
                raise ApiError("dispatch_unknown_error")
        return {}

    async def close(self, view: View, *, everything: bool) -> None:
        """Slack tells the app only about views with notify_on_close; the person never waits for it or sees it fail."""
        gone = self._views.clear(view.window) if everything or view.body.get("clear_on_close") else [view]
        self._views.pop(view)
        for each in gone:
            if each.body.get("notify_on_close"):
                with contextlib.suppress(ApiError):
                    await self._send("interactive", self._payloads.view_closed(each, is_cleared=len(gone) > 1))


def _checked_errors(view: View, errors: object) -> Errors:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise ApiError("dispatch_unknown_error")
    return {str(block_id): str(text) for block_id, text in errors.items()}
