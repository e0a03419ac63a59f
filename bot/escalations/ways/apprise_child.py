"""Tells one address by Apprise. Run as a program of its own by apprise_way.py: JSON in on stdin, JSON out on stdout.

It imports nothing of the bot. What Apprise knows of a failure it says in its log only, for people; of that the status
of an HTTP answer is kept, and whether there was a connection. The lines themselves may hold numbers and names, so they
stay here.
"""

import json
import logging
import os
import re
import signal
import sys
from typing import Any

import apprise

LINES_MAX = 50
END_S = 60
_STATUS = re.compile(r"\berror[=:]\s*([1-5][0-9]{2})\b", re.IGNORECASE)
_NO_CONNECTION = re.compile(r"\b(connection|socket|timed? ?out)\b", re.IGNORECASE)


class Complaints(logging.Handler):
    """What Apprise says went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.lines) < LINES_MAX:
            self.lines.append(record.getMessage()[:500])

    @property
    def status(self) -> int:
        """The last status that somebody answered, 0 where nobody did."""
        statuses = [int(match[1]) for line in self.lines if (match := _STATUS.search(line))]
        return statuses[-1] if statuses else 0

    @property
    def no_connection(self) -> bool:
        return any(_NO_CONNECTION.search(line) for line in self.lines)


def told(asked: dict[str, Any]) -> dict[str, Any]:
    """Tell, and return how it went: "told", "refused", "no address" for a URL that Apprise can't use.

    With "check" nothing is sent: "known", and the service's name.
    """
    complaints, logger = Complaints(), logging.getLogger("apprise")
    logger.addHandler(complaints)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    asset = apprise.AppriseAsset(app_id="SecondLine", app_desc="Second Line", async_mode=False, storage_mode="memory")
    plugin = apprise.Apprise.instantiate(asked["url"], asset=asset)
    if plugin is None:
        return {"outcome": "no address"}
    if asked.get("check"):
        return {"outcome": "known", "service": str(plugin.service_name)}
    title, body = fitting(asked, int(plugin.title_maxlen), int(plugin.body_maxlen))
    taken = plugin.notify(body=body, title=title, notify_type=apprise.NotifyType.FAILURE, body_format="text")
    return {
        "outcome": "told" if taken else "refused",
        "status": complaints.status,
        "no_connection": complaints.no_connection,
    }


def fitting(asked: dict[str, Any], title_max: int, body_max: int) -> tuple[str, str]:
    """The long text with its title where both fit, else the short one: what is too long is cut, or sent in parts."""
    title, text = str(asked["title"]), str(asked["text"])
    whole = len(text) if title_max else len(title) + 2 + len(text)
    if whole <= body_max and (not title_max or len(title) <= title_max):
        return title, text
    return "", str(asked["short"])


def main() -> None:
    """It ends by itself too, where the bot was killed before it could end it."""
    signal.alarm(END_S)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
    answers.write(json.dumps(told(json.load(sys.stdin))))
    answers.close()


if __name__ == "__main__":
    main()
