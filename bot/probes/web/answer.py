"""What asking for one URL led to, and what that means: the same reading whoever asked. Pure."""

import http as http_words
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.probes.icmp.loss import ms
from bot.probes.model import Numbers, ProbeKind, ProbeReading, Verdict
from bot.probes.results import verdict_of

HTTP = ProbeKind(
    "http",
    columns=("URL", "Status", "DNS", "Connect", "TLS", "First byte", "Body", "Size", "Total"),
    needs="no urls",
    applies=lambda subject: bool(subject.urls),
    noun="addresses",
    rules_out="the web answer",
)
_SHOWN_PHASES = ("dns", "connect", "tls", "first byte", "body")


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """`urls` are the one asked for and those it redirected to; `status` is that of the last, 0 for none.

    `phases_ms` are those of the latest exchange; `cause` (one word) and `failure` (for people)
    stand where there was no whole answer. `name` is what people call it where that is not the URL alone. `body_bytes`
    is how much of the body was read, and with `cut` there was more. `lacks` is the expected text that the page does not
    have, or its first `searched_bytes`; `unread` says why it could not be looked for, `unasked` why nothing was asked.
    """

    urls: tuple[str, ...]
    status: int = 0
    phases_ms: Mapping[str, float] = field(default_factory=dict)
    total_ms: float = 0.0
    address: str = ""
    cause: str = ""
    failure: str = ""
    name: str = ""
    body_bytes: int | None = None
    cut: bool = False
    lacks: str = ""
    searched_bytes: int | None = None
    unread: str = ""
    unasked: str = ""


def web_verdict(label: str, answers: Sequence[WebAnswer], *, slow_s: float) -> tuple[Verdict, tuple[ProbeReading, ...]]:
    """The verdict on all answers, and a reading of each. `label` is what the subject is called."""
    readings = tuple(reading_of(answer, slow_s=slow_s) for answer in answers)
    asked = [answer for answer in answers if not answer.unasked]
    single = asked[0] if len(asked) == 1 else None
    slowest = max((answer.total_ms for answer in asked), default=0.0)
    noun = "URLs" if len({answer.urls[0] for answer in answers}) == len(answers) else "addresses"
    numbers = Numbers(took_ms=slowest, status=(_status(single) or None) if single else None)
    return verdict_of(HTTP, label, readings, numbers=numbers, noun=noun), readings


def reading_of(answer: WebAnswer, *, slow_s: float) -> ProbeReading:
    reason, cause = _trouble(answer, slow_s)
    status = _status(answer)
    times = [ms(answer.phases_ms[phase]) if phase in answer.phases_ms else "-" for phase in _SHOWN_PHASES]
    name = answer.name or answer.urls[0]
    size = "-" if answer.body_bytes is None else ("over " if answer.cut else "") + _size(answer.body_bytes)
    cells = (name, str(status or ("not asked" if answer.unasked else "-")), *times, size, ms(answer.total_ms))
    if answer.unasked:
        return ProbeReading(name, True, cells, f"not asked: {answer.unasked}", address=answer.address, asked=False)
    numbers = Numbers(took_ms=answer.total_ms, status=status or None)
    remark = f"redirected to {answer.urls[-1]}" if len(answer.urls) > 1 and not reason else ""
    return ProbeReading(name, not reason, cells, reason or remark, numbers, cause, answer.address)


def _status(answer: WebAnswer) -> int:
    return 0 if answer.failure else answer.status


def _trouble(answer: WebAnswer, slow_s: float) -> tuple[str, str]:
    """Why this is not a good answer, for people and as one word; empty where it is."""
    via = f" (at {answer.urls[-1]})" if len(answer.urls) > 1 else ""
    if answer.failure:
        return f"{answer.failure}{via}", answer.cause
    if answer.status >= 400:
        return f"status {status_words(answer.status)}{via}", "status"
    if answer.unread:
        return f"{answer.unread}{via}", "text"
    if answer.lacks:
        part = answer.searched_bytes
        page = "the page lacks" if part is None else f"the first {_size(part)} of the page lack"
        return f'{page} the text "{answer.lacks}"{via}', "text"
    if answer.total_ms > slow_s * 1000:
        phase, took_ms = max(answer.phases_ms.items(), key=lambda item: item[1], default=("all", answer.total_ms))
        return f"slow: {answer.total_ms / 1000:.1f} s, of which {phase} {took_ms / 1000:.1f} s", "slow"
    return "", ""


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def status_words(status: int) -> str:
    try:
        return f"{status} {http_words.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
