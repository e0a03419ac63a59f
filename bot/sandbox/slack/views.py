"""Modals and App Homes: stacks, hashes, updates (https://docs.slack.dev/surfaces/modals)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.block_rules import completed
from bot.sandbox.slack.content import structure
from bot.sandbox.slack.errors import ApiError, Json, refuse_arguments
from bot.sandbox.slack.model import Window
from bot.sandbox.slack.triggers import Trigger
from bot.sandbox.slack.view_rules import check_view
from bot.sandbox.slack.workspace import Workspace

DEEPEST_STACK = 3


@dataclass(slots=True)
class View:
    """One opened view. `body` is the app's JSON, `state` what the person filled in so far."""

    id: str
    window: Window
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: Json = field(default_factory=dict)

    @property
    def user(self) -> str:
        return self.window.user

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")


class Views:
    """Each window of a person has one stack of modals of the app, and each person one Home."""

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[Window, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, window: Window) -> list[View]:
        return self._stacks.setdefault(window, [])

    def top(self, window: Window) -> View | None:
        stack = self.stack(window)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def find(self, view_id: str, *, user: str = "") -> View:
        """An open modal or a Home; raises not_found."""
        for view in self._all():
            if view.id == view_id and (not user or view.user == user):
                return view
        raise ApiError("not_found")

    def _all(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())

    def _read(self, raw: Any, kind: str) -> Json:
        body = structure(raw, "invalid_arguments")
        if not isinstance(body, dict):
            raise refuse_arguments("must provide an object [json-pointer:/view]")
        check_view(body, kind)
        blocks = completed(body["blocks"], lambda: self._workspace.new_id("b")[:6])
        return body | {"blocks": list(blocks)}

    def _new(self, window: Window, body: Json, below: View | None = None) -> View:
        view_id = self._workspace.new_id("V")
        self._refuse_known(body, view_id)
        root = below.root_id if below else view_id
        return View(view_id, window, body, self._hash(), root, below.id if below else None)

    def _refuse_known(self, body: Json, view_id: str) -> None:
        external = body.get("external_id")
        if external and any(each.external_id == external and each.id != view_id for each in self._all()):
            raise ApiError("duplicate_external_id")

    def _hash(self) -> str:
        return f"{self._workspace.now_s}.{secrets.token_urlsafe(6)}"

    def open(self, exchange: Callable[[], Trigger], raw: Any) -> Json:
        """`exchange` uses the trigger up once the view itself is right."""
        body = self._read(raw, "modal")
        window = exchange().window
        view = self._new(window, body)
        self._stacks[window] = [view]
        self._show(window)
        return self.render(view)

    def push(self, exchange: Callable[[], Trigger], raw: Any) -> Json:
        body = self._read(raw, "modal")
        trigger = exchange()
        if not trigger.view_id or self.top(trigger.window) is None:
            raise ApiError("invalid_trigger_id")
        return self.render(self.push_for(trigger.window, body))

    def push_for(self, window: Window, body: Json) -> View:
        stack = self.stack(window)
        if len(stack) >= DEEPEST_STACK:
            raise ApiError("push_limit_reached")
        stack.append(self._new(window, body, stack[-1]))
        self._show(window)
        return stack[-1]

    def push_answer(self, window: Window, raw: Any) -> None:
        """`response_action: push` of a submission's ack."""
        self.push_for(window, self._read(raw, "modal"))

    def update(self, view: View, raw: Any, *, expected_hash: str = "") -> Json:
        body = self._read(raw, str(view.body["type"]))
        if expected_hash and expected_hash != view.hash:
            raise ApiError("hash_conflict")
        self._refuse_known(body, view.id)
        view.body, view.hash = body, self._hash()
        view.state = _kept(view.state, body)
        self._show(view.window)
        return self.render(view)

    def named(self, view_id: str, external_id: str) -> View:
        """The view that views.update means."""
        if not view_id and not external_id:
            raise refuse_arguments("missing required field: view_id")
        for view in self._all():
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        raise ApiError("not_found")

    def publish(self, user: str, raw: Any, *, expected_hash: str = "") -> Json:
        known = self._homes.get(user)
        if known is not None:
            shown = self.update(known, raw, expected_hash=expected_hash)
        else:
            self._homes[user] = self._new(Window(user), self._read(raw, "home"))
            shown = self.render(self._homes[user])
        self._workspace.note({"type": "home", "view": shown, "for": user})
        return shown

    def pop(self, view: View) -> None:
        stack = self.stack(view.window)
        if view in stack:
            stack.remove(view)
        self._show(view.window)

    def clear(self, window: Window) -> list[View]:
        gone = self.stack(window)[:]
        self._stacks[window] = []
        self._show(window)
        return gone

    def forget_all(self) -> None:
        for window in list(self._stacks):
            self.clear(window)

    def _show(self, window: Window) -> None:
        top = self.top(window)
        shown = self.render(top) if top else None
        self._workspace.note({"type": "view", "view": shown, "for": window.user, "window": window.id})

    def render(self, view: View) -> Json:
        seed = self._workspace.seed
        shown: Json = {"id": view.id, "team_id": seed.team_id, "type": view.body["type"], "blocks": view.body["blocks"]}
        shown |= {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "submit": None}
        shown |= {"close": None, "clear_on_close": False, "notify_on_close": False} | view.body
        shown |= {"state": {"values": view.state}, "hash": view.hash, "previous_view_id": view.previous_id}
        shown |= {"root_view_id": view.root_id, "app_id": seed.app_id, "bot_id": seed.bot_id}
        return shown | {"app_installed_team_id": seed.team_id}


def _kept(state: Json, body: Json) -> Json:
    """What the person filled in stays for blocks that keep their block_id and action_id."""
    known = {
        (block["block_id"], element["action_id"])
        for block in body["blocks"]
        for element in [block.get("element") or {}, block.get("accessory") or {}, *block.get("elements", [])]
        if "action_id" in element
    }
    return {
        block_id: {action_id: value for action_id, value in actions.items() if (block_id, action_id) in known}
        for block_id, actions in state.items()
        if any((block_id, action_id) in known for action_id in actions)
    }
