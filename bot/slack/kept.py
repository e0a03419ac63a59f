"""What is stored of a delivery until it is worked on. Pure.

Logs of customers stay in Slack: what a person pasted, and what Slack shows of files, is left out, and read there again.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from bot.loose_json import mapping, objects
from bot.pasted_logs import pasted_log, without_log
from bot.slack.deliveries import Payload
from bot.slack.text import escape, unescape

LEFT_OUT = "log_left_out"
"""Says of a message that a log was pasted in it."""
_OF_A_FILE = ("id", "mimetype", "filetype", "mode", "size")
_TWICE = ("blocks", "attachments", "previous_message")
"""Have the text of a message once more, or that of before."""


def kept(body: Payload) -> Payload:
    """A payload without Slack's verification token, and without the lines of logs."""
    stored = {name: value for name, value in body.items() if name != "token"}
    event = stored.get("event")
    if isinstance(event, dict) and event.get("type") in ("message", "app_mention"):
        stored["event"] = _without_lines(event)
    if stored.get("type") == "message_action":
        stored["message"] = _without_lines(mapping(stored.get("message")))
    return stored


def _without_lines(message: Mapping[str, Any]) -> dict[str, Any]:
    short = {name: value for name, value in message.items() if name not in _TWICE}
    text = unescape(str(short.get("text") or ""))
    if pasted_log(text):
        short |= {"text": escape(without_log(text)), LEFT_OUT: True}
    if "files" in short:
        short["files"] = [_file(file) for file in objects(short["files"])]
    if isinstance(short.get("message"), dict):
        short["message"] = _without_lines(short["message"])
    return short


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    """Enough to know whether it is a log. Its name may be a customer's; its beginning is the log's."""
    ending = PurePosixPath(str(file.get("name") or "")).suffix
    return {name: file[name] for name in _OF_A_FILE if name in file} | {"name": f"file{ending}"}
