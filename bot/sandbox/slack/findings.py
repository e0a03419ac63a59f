"""What is wrong with an app's JSON, in Slack's words and with JSON pointers."""

from collections.abc import Collection
from typing import Any

from bot.sandbox.slack.errors import Json


class Findings:
    """Collects messages like "must be less than 151 characters [json-pointer:/blocks/0/text/text]"."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, message: str, at: str) -> None:
        self.messages.append(f"{message} [json-pointer:{at}]")

    def string(self, holder: Json, key: str, at: str, *, most: int, least: int = 1, required: bool = True) -> None:
        """`holder[key]` is a string of `least` to `most` characters."""
        value = holder.get(key)
        if value is None:
            if required:
                self.add(f"missing required field: {key}", at)
        elif not isinstance(value, str):
            self.add("must be a string", f"{at}/{key}")
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", f"{at}/{key}")
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", f"{at}/{key}")

    def items(self, holder: Json, key: str, at: str, *, most: int, least: int = 1, required: bool = True) -> list[Any]:
        """The list `holder[key]`, [] where it is missing or wrong; its length is checked."""
        value = holder.get(key)
        if value is None:
            if required:
                self.add(f"missing required field: {key}", at)
            return []
        if not isinstance(value, list):
            self.add("must be an array", f"{at}/{key}")
            return []
        if len(value) < least:
            self.add(f"no less than {least} items allowed", f"{at}/{key}")
        if len(value) > most:
            self.add(f"no more than {most} items allowed", f"{at}/{key}")
        return value

    def flag(self, holder: Json, key: str, at: str) -> None:
        if key in holder and not isinstance(holder[key], bool):
            self.add("must be a boolean", f"{at}/{key}")

    def only(self, holder: Json, allowed: Collection[str], at: str) -> None:
        for key in sorted(set(holder) - set(allowed)):
            self.add(f"no more than the known properties allowed: {key}", at)

    def text(self, holder: Json, key: str, at: str, *, most: int, plain: bool = False, required: bool = True) -> None:
        """`holder[key]` is a text object (https://docs.slack.dev/reference/block-kit/composition-objects/text-object)."""
        value = holder.get(key)
        if value is None:
            if required:
                self.add(f"missing required field: {key}", at)
        elif not isinstance(value, dict):
            self.add("must be a valid object", f"{at}/{key}")
        else:
            self.text_object(value, f"{at}/{key}", most=most, plain=plain)

    def text_object(self, value: Json, at: str, *, most: int, plain: bool = False) -> None:
        kind = value.get("type")
        if kind not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.add(f"must be a valid enum value: {kind}", f"{at}/type")
        self.string(value, "text", at, most=most)
        self.flag(value, "emoji", at)
        self.flag(value, "verbatim", at)
        self.only(value, ("type", "text", "emoji") if kind == "plain_text" else ("type", "text", "verbatim"), at)
