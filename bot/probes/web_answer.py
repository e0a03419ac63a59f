"""What asking for one URL led to, and what that means: the same reading whoever asked. Pure."""

import http as http_words
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.probes.loss import ms
from bot.probes.model import Reading
from bot.probes.verdicts import verdict_of

COLUMNS = ("URL", "Status", "DNS", "Connect", "TLS", "First byte", "Total")
_SHOWN_PHASES = ("dns", "connect", "tls", "first byte")


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """`urls` are the one asked for and those it redirected to; `status` is that of the last, 0 for none.

    `phases_ms` are those of the latest exchange; `failed_phase`, `cause` (one word) and `failure` (for people)
    stand where there was no whole answer.
    """

    urls: tuple[str, ...]
    status: int = 0
    phases_ms: Mapping[str, float] = field(default_factory=dict)
    total_ms: float = 0.0
    address: str = ""
    failed_phase: str = ""
    cause: str = ""
    failure: str = ""


def reading_of(answer: WebAnswer, *, slow_s: float) -> Reading:
    reason, cause = _trouble(answer, slow_s)
    status = 0 if answer.failure else answer.status
    shown = [ms(answer.phases_ms[phase]) if phase in answer.phases_ms else "-" for phase in _SHOWN_PHASES]
    cells = (answer.urls[0], str(status or "-"), *shown, ms(answer.total_ms))
    data: dict[str, Any] = {
        "url": answer.urls[0],
        "final_url": answer.urls[-1],
        "redirects": len(answer.urls) - 1,
        "status": status,
        "address": answer.address,
        "failed_phase": answer.failed_phase,
        "cause": cause,
        "phases_ms": {phase: round(value, 2) for phase, value in answer.phases_ms.items()},
        "total_ms": round(answer.total_ms, 2),
    }
    remark = f"redirected to {answer.urls[-1]}" if len(answer.urls) > 1 and not reason else ""
    return Reading(answer.urls[0], not reason, cells, reason or remark, data)


def web_verdict(readings: Sequence[Reading]) -> str:
    slowest = max((reading.data["total_ms"] for reading in readings), default=0.0)
    well = f"All {len(readings)} URLs answer, the slowest in {ms(slowest)}"
    if len(readings) == 1:
        well = f"{readings[0].name} answers {readings[0].data['status']} in {ms(slowest)}"
    return verdict_of(readings, noun="URLs", well=well)


def _trouble(answer: WebAnswer, slow_s: float) -> tuple[str, str]:
    """Why this is not a good answer, for people and as one word; empty where it is."""
    via = f" (at {answer.urls[-1]})" if len(answer.urls) > 1 else ""
    if answer.failure:
        return f"{answer.failure}{via}", answer.cause
    if answer.status >= 400:
        return f"status {_status_words(answer.status)}{via}", "status"
    if answer.total_ms > slow_s * 1000:
        phase, took_ms = max(answer.phases_ms.items(), key=lambda item: item[1], default=("all", answer.total_ms))
        return f"slow: {answer.total_ms / 1000:.1f} s, of which {phase} {took_ms / 1000:.1f} s", "slow"
    return "", ""


def _status_words(status: int) -> str:
    try:
        return f"{status} {http_words.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
