"""What Slack has just told about groups, people and channels, for a start at which it tells nothing for now."""

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.database import Store
from bot.errors import SecondLineError

logger = logging.getLogger(__name__)

KEPT = timedelta(minutes=10)
"""Older than that it is not believed, and goes with the next answer."""
_OF_A_PERSON = (
    *("id", "name", "team_id", "deleted", "is_bot", "is_stranger", "is_restricted", "is_ultra_restricted"),
    "tz",
    "enterprise_user",
)
"""What decides who somebody is; addresses, photographs and the rest of a profile are nobody's business here."""


class AnswerCache(Store):
    """Answers of Slack's methods that only read, by what was asked.

    Slack lists groups twenty times a minute. A bot that is started again more often would know nobody and keep
    everybody waiting.
    """

    def keep(self, method: str, arguments: Mapping[str, object], answer: Mapping[str, Any]) -> None:
        """Keep an answer; where it can't be stored, the next start asks Slack."""
        now = self._clock()
        try:
            self._database.run("DELETE FROM slack_answers WHERE at < ?", now - KEPT)
            sql = "INSERT OR REPLACE INTO slack_answers (question, answer, at) VALUES (?, ?, ?)"
            self._database.run(sql, _question(method, arguments), json.dumps(_without_profiles(answer)), now)
        except SecondLineError as error:
            logger.info("what Slack answered is not kept: %s", error.sentence)

    def answer(self, method: str, arguments: Mapping[str, object]) -> dict[str, Any] | None:
        """What Slack answered the same question lately; None where it was not asked."""
        sql, now = "SELECT answer FROM slack_answers WHERE question = ? AND at BETWEEN ? AND ?", self._clock()
        kept = self._database.value(sql, _question(method, arguments), now - KEPT, now)
        kept_answer: dict[str, Any] | None = json.loads(kept) if kept else None
        return kept_answer


def _question(method: str, arguments: Mapping[str, object]) -> str:
    return json.dumps([method, arguments], sort_keys=True)


def _without_profiles(answer: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(answer)
    if isinstance(kept.get("user"), dict):
        kept["user"] = _short(kept["user"])
    if isinstance(kept.get("members"), list):
        kept["members"] = [_short(row) for row in kept["members"] if isinstance(row, dict)]
    return kept


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {field: row[field] for field in _OF_A_PERSON if field in row}
