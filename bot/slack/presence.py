"""What a person's Slack profile says about where they are: their zone, and a status that means they are away. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bot.loose_json import mapping
from bot.slack_marks import without_emoji

AWAY_EMOJI = frozenset(
    {
        *("palm_tree", "beach_with_umbrella", "umbrella_on_ground", "island", "desert_island", "airplane"),
        *("airplane_departure", "sleeping", "zzz", "face_with_thermometer", "sneezing_face", "hospital", "baby"),
        *("no_entry", "no_entry_sign"),
    }
)
"""Slack offers :palm_tree: for a vacation and :face_with_thermometer: for the sick; the rest is what people choose."""
_AWAY_WORDS = re.compile(
    r"\b(?:vacation|vacationing|holidays?|pto|ooo|out of (?:the )?office|out sick|sick|ill|away|afk|on leave"
    r"|(?:parental|maternity|paternity) leave|day off|off today|urlaub|krank|abwesend|elternzeit|vacaciones|de baja"
    r"|enferm[oa]|congés?|vacances|malade|absente?|férias|ausente|doente|ferie|malat[oa])\b",
    re.IGNORECASE,
)
_STATUS_MAX = 100
"""Slack's own limit of a status."""


@dataclass(frozen=True, slots=True)
class Presence:
    """`away` is the status by which somebody is away, "" where there is none; it ends at `until`, or never."""

    zone: tzinfo = UTC
    away: str = ""
    until: datetime | None = None

    def away_at(self, moment: datetime) -> str:
        """The status, while it holds."""
        return self.away if not self.until or moment < self.until else ""


def presence_of(row: Mapping[str, Any]) -> Presence:
    """Reads an entry of users.info or users.list (https://docs.slack.dev/reference/objects/user-object).

    A profile that was left out says nothing, and `status_expiration` 0 is a status without an end
    (https://docs.slack.dev/apis/web-api/user-presence-and-status).
    """
    profile = mapping(row.get("profile"))
    emoji = str(profile.get("status_emoji") or "").strip(":")
    text = str(profile.get("status_text") or "")[:_STATUS_MAX]
    away = emoji in AWAY_EMOJI or bool(_AWAY_WORDS.search(text))
    return Presence(_zone(row), (without_emoji(text).strip() or "away") if away else "", _until(profile))


def _zone(row: Mapping[str, Any]) -> tzinfo:
    try:
        return ZoneInfo(str(row["tz"]))
    except (KeyError, ValueError, OSError):
        return UTC


def _until(profile: Mapping[str, Any]) -> datetime | None:
    try:
        seconds = int(profile.get("status_expiration") or 0)
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None
