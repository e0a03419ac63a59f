"""Lines of JSON and of syslog's newer form, as the plain lines that programs wrote into them. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_LOOK_AT = 40
"""So many lines tell what the whole log is."""
_MESSAGES = ("log", "MESSAGE", "message", "msg", "eventMessage")
_TIMES = ("time", "timestamp", "@timestamp", "ts", "datetime", "__REALTIME_TIMESTAMP")
_NAMES = ("SYSLOG_IDENTIFIER", "_COMM", "app", "logger", "processImagePath")
_OF_JOURNALS = ("__REALTIME_TIMESTAMP", "stream")
"""Keys of journald and of Docker: what stands beside a message there is about the message, and no part of it."""
_STAMPED = re.compile(
    r"\A[^A-Za-z\d]{0,3}(?:\w{3} \w{3} {1,2}\d|\w{3} {1,2}\d|\d{2,4}[-/.]\d)?[\d:./T ,-]{0,14}\d\d:\d\d:\d\d"
)
_SYSLOG = re.compile(
    rb"\A<\d{1,3}>1 (?P<time>\S{1,40}) (?P<host>\S{1,255}) (?P<app>\S{1,48}) (?P<pid>\S{1,128}) \S{1,32}"
    rb" (?:-|(?:\[[^\]]{0,500}\]){1,8}) ?"
)
_UNITS = ((1e14, 1e6), (1e11, 1e3), (0.0, 1.0))
"""By their size numbers are microseconds, milliseconds or seconds since 1970."""


def unwrapped(lines: list[bytes]) -> list[bytes]:
    """As many lines, each without what a collector put around it; those that are no envelope stay."""
    head = [line for line in lines[:_LOOK_AT] if line.strip()]
    if head and sum(_of_json(line) is not None for line in head) * 2 > len(head):
        return [_of_json(line) or line for line in lines]
    if head and sum(_SYSLOG.match(line) is not None for line in head) * 2 > len(head):
        return [_of_syslog(line) for line in lines]
    return lines


def _of_syslog(line: bytes) -> bytes:
    """Of RFC 5424: its time, and the rest as in any system's log."""
    hit = _SYSLOG.match(line)
    if not hit:
        return line
    pid = hit["pid"] if hit["pid"].isdigit() else b"0"
    return b"%b %b %b[%b]: %b" % (hit["time"], hit["host"], hit["app"], pid, line[hit.end() :])


def _of_json(line: bytes) -> bytes | None:
    """None for a line that is no message in JSON."""
    if not line.startswith(b"{"):
        return None
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    message = next((said[key] for key in _MESSAGES if isinstance(said.get(key), str)), None)
    if message is None:
        return None
    text = " ".join(message.split("\n")).strip()
    if not any(key in said for key in _OF_JOURNALS):
        text = " ".join([text, *_beside(said)])
    front = "" if _STAMPED.match(text) else _front(said)
    return f"{front}{text}".encode("utf-8", "replace")


def _front(said: Mapping[str, Any]) -> str:
    """Time, device and program, as a system's log has them."""
    time = next((_time(said[key]) for key in _TIMES if said.get(key)), "")
    name = next((said[key] for key in _NAMES if isinstance(said.get(key), str)), "")
    host = said.get("_HOSTNAME") or said.get("hostname") or ""
    pid = said.get("_PID") or said.get("SYSLOG_PID") or 0
    who = f"{host} {name}[{pid}]:" if name and host else f"{name}:" if name else ""
    return "".join(f"{part} " for part in (time, who) if part)


def _beside(said: Mapping[str, Any]) -> Sequence[str]:
    """The other values of a program that writes JSON itself: its error often stands there."""
    known = {*_MESSAGES, *_TIMES, *_NAMES, "hostname", "pid", "v"}
    return [f"{key}={json.dumps(each, ensure_ascii=False)}" for key, each in said.items() if key not in known and each]


def _time(value: object) -> str:
    """As it is written, and numbers of seconds since 1970 as a time of day."""
    text = str(value)
    if not text.replace(".", "", 1).isdigit() or len(text) > 20:
        return text if isinstance(value, str) and len(text) < 60 else ""
    number = float(text)
    unit = next(unit for least, unit in _UNITS if number >= least)
    try:
        return datetime.fromtimestamp(number / unit, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except (ValueError, OverflowError, OSError):
        return ""
