"""What asking for one URL led to, and what that means: the same reading whoever asked. Pure."""

import http as http_words
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.probes.loss import ms
from bot.probes.model import Reading
from bot.probes.verdicts import verdict_of

COLUMNS = ("URL", "Status", "DNS", "Connect", "TLS", "First byte", "Body", "Size", "Total")
_SHOWN_PHASES = ("dns", "connect", "tls", "first byte", "body")


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """`urls` are the one asked for and those it redirected to; `status` is that of the last, 0 for none.

    `phases_ms` are those of the latest exchange; `failed_phase`, `cause` (one word) and `failure` (for people)
    stand where there was no whole answer. `name` is what people call it where that is not the URL alone. `lacks` is
    the expected text that the page does not have; `unasked` says why nothing was asked.
    """

    urls: tuple[str, ...]
    status: int = 0
    phases_ms: Mapping[str, float] = field(default_factory=dict)
    total_ms: float = 0.0
    address: str = ""
    failed_phase: str = ""
    cause: str = ""
    failure: str = ""
    name: str = ""
    body_bytes: int | None = None
    lacks: str = ""
    unasked: str = ""


def reading_of(answer: WebAnswer, *, slow_s: float) -> Reading:
    reason, cause = _trouble(answer, slow_s)
    status = 0 if answer.failure else answer.status
    shown = [ms(answer.phases_ms[phase]) if phase in answer.phases_ms else "-" for phase in _SHOWN_PHASES]
    name = answer.name or answer.urls[0]
    size = "-" if answer.body_bytes is None else _size(answer.body_bytes)
    cells = (name, str(status or ("not asked" if answer.unasked else "-")), *shown, size, ms(answer.total_ms))
    data: dict[str, Any] = {
        "url": answer.urls[0],
        "final_url": answer.urls[-1],
        "redirects": len(answer.urls) - 1,
        "status": status,
        "address": answer.address,
        "failed_phase": answer.failed_phase,
        "cause": cause,
        "phases_ms": {phase: round(value, 2) for phase, value in answer.phases_ms.items()},
        "body_bytes": answer.body_bytes,
        "total_ms": round(answer.total_ms, 2),
    }
    if answer.unasked:
        return Reading(name, True, cells, f"not asked: {answer.unasked}", data)
    remark = f"redirected to {answer.urls[-1]}" if len(answer.urls) > 1 and not reason else ""
    return Reading(name, not reason, cells, reason or remark, data)


def web_verdict(readings: Sequence[Reading]) -> str:
    slowest = max((reading.data["total_ms"] for reading in readings), default=0.0)
    urls = {reading.data["url"] for reading in readings}
    asked = [reading for reading in readings if not reading.reason.startswith("not asked")]
    noun = "URLs" if len(urls) == len(readings) else "addresses"
    well = f"All {len(asked)} {noun} answer, the slowest in {ms(slowest)}"
    if len(asked) == 1:
        well = f"{asked[0].name} answers {asked[0].data['status']} in {ms(slowest)}"
    return verdict_of(readings, noun=noun, well=well)


def _trouble(answer: WebAnswer, slow_s: float) -> tuple[str, str]:
    """Why this is not a good answer, for people and as one word; empty where it is."""
    via = f" (at {answer.urls[-1]})" if len(answer.urls) > 1 else ""
    if answer.failure:
        return f"{answer.failure}{via}", answer.cause
    if answer.status >= 400:
        return f"status {status_words(answer.status)}{via}", "status"
    if answer.lacks:
        return f'the page lacks the text "{answer.lacks}"{via}', "text"
    if answer.total_ms > slow_s * 1000:
        phase, took_ms = max(answer.phases_ms.items(), key=lambda item: item[1], default=("all", answer.total_ms))
        return f"slow: {answer.total_ms / 1000:.1f} s, of which {phase} {took_ms / 1000:.1f} s", "slow"
    return "", ""


def _size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.1f} kB"


def status_words(status: int) -> str:
    try:
        return f"{status} {http_words.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
