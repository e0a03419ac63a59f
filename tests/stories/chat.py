"""People of a story: they type, press, fill in forms, react, and see what their client shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.server import SlackSandbox
from tests.stories.waiting import Bell

Json = dict[str, Any]
WITHIN_S = 240.0
"""What comes in a second or two on an idle machine hangs after that, whatever else the machine does."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as somebody saw it. `text` is everything that can be read on it, a line per part."""

    channel: str
    ts: str
    text: str
    raw: Json

    @property
    def thread(self) -> str:
        """The ts of the thread that it is in, or begins."""
        return str(self.raw.get("thread_ts") or self.ts)

    @property
    def only_for_me(self) -> bool:
        return bool(self.raw.get("ephemeral"))

    @property
    def buttons(self) -> list[str]:
        return [element["text"]["text"] for element in elements(self.raw) if element.get("type") == "button"]

    @property
    def options(self) -> list[str]:
        """What stands beside its check boxes."""
        return [option["text"]["text"] for box in elements(self.raw) for option in _options(box)]

    @property
    def files(self) -> list[str]:
        return [str(each["name"]) for each in self.raw.get("files") or []]

    @property
    def reactions(self) -> list[str]:
        return [str(each["name"]) for each in self.raw.get("reactions") or []]

    @property
    def by_bot(self) -> bool:
        return "bot_id" in self.raw


@dataclass(slots=True)
class Form:
    """An open modal and what was filled in so far, by block id."""

    id: str
    title: str
    text: str
    blocks: list[Json]
    filled: Json = field(default_factory=dict)

    def shows(self, block_id: str) -> str:
        """What an input was filled with when the form opened."""
        element = self._element(block_id)
        options = element.get("initial_options") or [element.get("initial_option") or {}]
        listed = ", ".join(str((option.get("text") or {}).get("text", "")) for option in options)
        return str(element.get("initial_value") or element.get("initial_date_time") or listed)

    def fill(self, block_id: str, value: str) -> None:
        element = self._element(block_id)
        entry: Json = {"value": value}
        if "options" in element:
            named = [each for each in element["options"] if value in (each["value"], each["text"]["text"])]
            assert named, f"{value!r} is not among {[each['text']['text'] for each in element['options']]}"
            many = element["type"].startswith("multi")
            many = many or element["type"] == "checkboxes"
            entry = {"selected_options": named} if many else {"selected_option": named[0]}
        if element["type"] == "datetimepicker":
            entry = {"selected_date_time": int(value)}
        self.filled[block_id] = {element["action_id"]: entry}

    def _element(self, block_id: str) -> Json:
        found = [block for block in self.blocks if block.get("block_id") == block_id]
        assert found, f"{self.title!r} has no {block_id!r}, only {[each.get('block_id') for each in self.blocks]}"
        return dict(found[0]["element"])


Where = str | Seen
"""A channel ("#t2-tech"), the person's direct messages with the bot ("@secondline"), or the thread of a message."""


class Person:
    """Somebody at their Slack. Everything raises what their client would show as an error (ApiError)."""

    def __init__(self, user: str, *, slack: SlackSandbox, bell: Bell) -> None:
        self.id = user
        self._slack = slack
        self.bell = bell
        self._ticked: dict[tuple[str, str], Json] = {}

    async def types(self, where: Where, text: str) -> Seen | None:
        """Write a message and see it, or send a slash command (None)."""
        channel, thread = self._place(where)
        answer = await self._slack.acts.say(self.id, channel, text, thread_ts=thread)
        if "ts" not in answer:
            return None
        return next(each for each in self.screen(where) if each.ts == answer["ts"])

    async def drops(self, where: Where, *files: tuple[str, bytes], saying: str = "") -> Seen:
        """One message with files."""
        channel, thread = self._place(where)
        ids = [self._slack.acts.upload(self.id, name, content).id for name, content in files]
        answer = await self._slack.acts.say(self.id, channel, saying, thread_ts=thread, files=ids)
        return next(each for each in self.screen(where) if each.ts == answer["ts"])

    async def commands(self, where: Where, words: str) -> bool:
        """Send a slash command; False where the client says that the app did not answer."""
        answer = await self._slack.acts.say(self.id, self._place(where)[0], words, thread_ts="")
        return "failed" not in answer

    async def sees(self, where: Where, words: str, *, by_me: bool = False, within_s: float = WITHIN_S) -> Seen:
        """The newest message with these words, as soon as it is there; their own only where `by_me`."""

        def find() -> Seen | None:
            listed = reversed(self.screen(where))
            return next((each for each in listed if words in each.text and (by_me or self._others(each))), None)

        return await self.bell.until(find, within_s=within_s, missed=lambda: self._missed(where, words))

    async def sees_reply(self, root: Seen, words: str) -> Seen:
        """The newest reply with these words, as soon as it is there; its root may say the same before."""

        def find() -> Seen | None:
            listed = reversed(self.thread(root))
            return next((each for each in listed if words in each.text and self._others(each)), None)

        return await self.bell.until(find, within_s=WITHIN_S, missed=lambda: self._missed(root, words))

    async def sees_change(self, message: Seen, what: Callable[[Seen], object], *, within_s: float = WITHIN_S) -> Seen:
        """The same message once `what` is true of it."""

        def find() -> Seen | None:
            now = self.now(message)
            return now if now and what(now) else None

        return await self.bell.until(find, within_s=within_s, missed=lambda: self._missed(message, "a change"))

    def now(self, message: Seen) -> Seen | None:
        """The same message as it is now; None where it is gone."""
        raw = message.raw
        replied = bool(raw.get("thread_ts")) and raw["thread_ts"] != message.ts
        listed = self.screen(message if replied else message.channel)
        return next((each for each in listed if each.ts == message.ts), None)

    def screen(self, where: Where) -> list[Seen]:
        """All messages of a channel, or of a thread with its root, oldest first."""
        channel, thread = self._place(where)
        return [seen(each, channel) for each in self._slack.screen.messages(self.id, channel, thread)]

    def thread(self, root: Seen) -> list[Seen]:
        """Only the replies."""
        return self.screen(root)[1:]

    async def presses(self, message: Seen, label: str, *, beside: str = "") -> None:
        """A button of the message or an entry of its menu, as soon as it is there; `beside` is a text before it."""

        def find() -> Json | None:
            now = self.now(message)
            return _button(now.raw, label, beside) if now else None

        def missed() -> str:
            now = self.now(message)
            return f"no button {label!r} but {now.buttons} on: {now.text}" if now else f"it is gone: {message.text}"

        action = await self.bell.until(find, within_s=WITHIN_S, missed=missed)
        await self._slack.acts.press(self.id, message.channel, message.ts, action, self._values(message))

    async def ticks(self, message: Seen, *words: str) -> None:
        """The check boxes of the message as it is now that have these words; all of them for none."""
        now = self.now(message)
        assert now, f"the message is gone: {message.text}"
        hits = 0
        for box in [each for each in elements(now.raw) if each["type"] == "checkboxes"]:
            named = [each for each in _options(box) if not words or any(word in each["text"]["text"] for word in words)]
            if not named:
                continue
            hits += len(named)
            values = self._values(now)
            before = values.setdefault(box["block_id"], {}).get(box["action_id"], {}).get("selected_options", [])
            chosen = [*before, *(each for each in named if each["value"] not in [one["value"] for one in before])]
            values[box["block_id"]][box["action_id"]] = {"type": "checkboxes", "selected_options": chosen}
            self._ticked[message.channel, message.ts] = values
            action = {name: box[name] for name in ("block_id", "action_id")} | {"selected_options": chosen}
            await self._slack.acts.press(self.id, message.channel, message.ts, action, values)
        assert hits, f"no check box with {words} on: {now.text}"

    def _values(self, message: Seen) -> Json:
        """What this person has ticked of what the message still offers."""
        now = self.now(message) or message
        offered = {
            (box["block_id"], option["value"])
            for box in elements(now.raw)
            if box["type"] == "checkboxes"
            for option in _options(box)
        }
        kept: Json = {}
        for block_id, actions in self._ticked.get((message.channel, message.ts), {}).items():
            for action_id, entry in actions.items():
                chosen = [each for each in entry["selected_options"] if (block_id, each["value"]) in offered]
                kept.setdefault(block_id, {})[action_id] = entry | {"selected_options": chosen}
        return kept

    async def chooses(self, message: Seen, choice: str) -> None:
        """One of the options of the message's menu."""
        now = self.now(message)
        assert now, f"the message is gone: {message.text}"
        menus = [(menu, option) for menu in elements(now.raw) for option in menu.get("options") or []]
        menu, option = next((menu, option) for menu, option in menus if option["text"]["text"] == choice)
        action = {name: menu[name] for name in ("block_id", "action_id", "type")} | {"selected_option": option}
        await self._slack.acts.press(self.id, message.channel, message.ts, action, self._values(message))

    async def uses(self, shortcut: str, message: Seen) -> None:
        """A message shortcut, by the name that the client shows."""
        listed = self._slack.screen.state(self.id)["shortcuts"]
        callback_id = next(each["callback_id"] for each in listed if each["name"] == shortcut)
        await self._slack.acts.shortcut(self.id, callback_id, message.channel, message.ts)

    async def form(self, title: str, *, saying: str = "", within_s: float = WITHIN_S) -> Form:
        """The open modal of that title, once it has these words."""

        def find() -> Form | None:
            view = self._slack.screen.top_view(self.id)
            if not view or view["title"]["text"] != title:
                return None
            shown = "\n".join(texts(view["blocks"]))
            return Form(view["id"], title, shown, view["blocks"]) if saying in shown else None

        missed = f"{self.id} sees no form {title!r}" + (f" with {saying!r}" if saying else "")
        return await self.bell.until(find, within_s=within_s, missed=lambda: missed)

    def has_form(self, title: str) -> bool:
        view = self._slack.screen.top_view(self.id)
        return view is not None and view["title"]["text"] == title

    def fills(self, form: Form, **values: str) -> None:
        for block_id, value in values.items():
            form.fill(block_id, value)

    async def types_into(self, form: Form, **values: str) -> None:
        """As `fills`, for inputs that tell the bot while somebody types or chooses."""
        self.fills(form, **values)
        for block_id in values:
            ((action_id, given),) = form.filled[block_id].items()
            action = {"block_id": block_id, "action_id": action_id} | given
            await self._slack.acts.use_view(self.id, form.id, "action", form.filled, action)

    async def presses_in(self, form: Form, label: str, *, beside: str = "") -> None:
        """A button of a form; `beside` is a text before it."""
        action = _button({"blocks": form.blocks}, label, beside)
        assert action, f"no button {label!r} beside {beside!r} in {form.text}"
        await self._slack.acts.use_view(self.id, form.id, "action", form.filled, action)

    async def closes(self, form: Form) -> None:
        """Close it without sending it."""
        await self._slack.acts.use_view(self.id, form.id, "close", form.filled, None)

    async def submits(self, form: Form) -> dict[str, str]:
        """Send it; what the form says is wrong, by block id."""
        answer = await self._slack.acts.use_view(self.id, form.id, "submit", form.filled, None)
        return dict(answer.get("errors") or {})

    def reacts(self, message: Seen, name: str, *, remove: bool = False) -> None:
        self._slack.acts.react(self.id, message.channel, message.ts, name, remove=remove)

    def pins(self, message: Seen, *, remove: bool = False) -> None:
        self._slack.acts.pin(self.id, message.channel, message.ts, remove=remove)

    def edits(self, message: Seen, text: str) -> None:
        self._slack.acts.edit(self.id, message.channel, message.ts, text)

    def deletes(self, message: Seen) -> None:
        self._slack.acts.delete(self.id, message.channel, message.ts)

    async def home(self, words: str, *, within_s: float = WITHIN_S) -> str:
        """Opens the App Home and waits for these words on it."""
        self._slack.acts.open_home(self.id)

        def find() -> str:
            view = self._slack.site.views.home(self.id)
            shown = "\n".join(texts(view.body["blocks"])) if view else ""
            return shown if words in shown else ""

        return await self.bell.until(find, within_s=within_s, missed=lambda: f"no {words!r} on the App Home")

    def _others(self, message: Seen) -> bool:
        return message.raw.get("user") != self.id

    def _place(self, where: Where) -> tuple[str, str]:
        if isinstance(where, Seen):
            return where.channel, where.thread
        if where == "@secondline":
            return "D" + self.id[1:], ""
        return self._slack.site.workspace.channel_for(where, self.id).id, ""

    def _missed(self, where: Where, words: str) -> str:
        shown = "\n--\n".join(each.text for each in self.screen(where)[-12:])
        return f"{self.id} does not see {words!r} in:\n{shown}"


def seen(raw: Json, channel: str) -> Seen:
    names = [f"[file {each['name']}]" for each in raw.get("files") or []]
    shown = texts(raw.get("blocks") or []) or [str(raw.get("text") or "")]
    return Seen(channel, str(raw["ts"]), "\n".join([*shown, *names]), raw)


def texts(part: object) -> list[str]:
    """Every text inside blocks, in order."""
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() for text in texts(value)]
    return [text for each in part for text in texts(each)] if isinstance(part, list) else []


def elements(raw: Json) -> Iterator[Json]:
    """Buttons and menus of a message, each with the id of its block."""
    for block in raw.get("blocks") or []:
        for element in [block.get("accessory"), *(block.get("elements") or [])]:
            if isinstance(element, dict) and "action_id" in element:
                yield element | {"block_id": block["block_id"]}


def _options(box: Json) -> list[Json]:
    return list(box.get("options") or []) if box["type"] == "checkboxes" else []


def _button(raw: Json, label: str, beside: str) -> Json | None:
    blocks = raw.get("blocks") or []
    first = next((i for i, block in enumerate(blocks) if beside in "\n".join(texts(block))), len(blocks))
    for element in elements({"blocks": blocks[first:]}):
        named = {"block_id": element["block_id"], "action_id": element["action_id"]}
        if element["type"] == "button" and element["text"]["text"] == label:
            return named
        for option in element["options"] if element["type"] == "overflow" else ():
            if option["text"]["text"] == label:
                return named | {"selected_option": option}
    return None
