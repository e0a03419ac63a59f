"""Logging: to standard error, without secrets."""

import logging
import re
import time
from collections.abc import Callable

_SECRETS = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|xwfp-[\w-]+|https://hooks\.slack\.com/\S+|(?<=ticket=)[^\s&'\"]+")


class WithoutSecrets(logging.Formatter):
    """Tokens, response addresses and socket tickets never reach a log, whoever logs them."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRETS.sub("…", super().format(record))


def without(*messages: str) -> Callable[[logging.LogRecord], bool]:
    """A filter that leaves out what a library warns of and what is meant so."""
    return lambda record: record.getMessage() not in messages


def log_to_stderr(level: str) -> None:
    """DEBUG is for our own code only: the libraries print tokens and whole messages at that level."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutSecrets("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("bot", "commands"):
        logging.getLogger(name).setLevel(level)
    for name in ("slack_bolt", "slack_sdk", "apscheduler", "zenpy", "urllib3", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


CALM_S = 60.0


class Calm:
    """Warnings of things that strangers can cause: of each kind one line a minute, with how often it happened."""

    def __init__(self, logger: logging.Logger, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._now_s = now_s
        self._told: dict[str, tuple[float, int]] = {}

    def warning(self, kind: str, message: str) -> None:
        """`kind` is one of a few; `message` may hold more."""
        now = self._now_s()
        at, more = self._told.get(kind, (-CALM_S, 0))
        if now - at < CALM_S:
            self._told[kind] = (at, more + 1)
            return
        self._told[kind] = (now, 0)
        self._logger.warning("%s%s", message, f" ({more} more like it since the last line)" if more else "")
