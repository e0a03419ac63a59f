"""What Globalping is asked and what it answers, as its specification has them (jsdelivr/globalping public/v1). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.loose_json import items, line, mapping, whole
from bot.probes.host_grammar import read_url
from bot.probes.model import ProbePlace

ProbeState = Literal["in-progress", "finished", "failed", "offline"]

PACKETS = 10
TIMEOUT_S: Mapping[str, int] = {"mtr": 30, "traceroute": 30, "ping": 15, "dns": 15, "http": 15}
DNS_TYPES = ("A", "AAAA")
RESULTS_MAX = 50


@dataclass(frozen=True, slots=True)
class GlobalpingQuestion:
    """One measurement to ask for. `name` is the address, URL or DNS name that people read; `options` goes as it is."""

    kind: str
    target: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GlobalpingAnswer:
    """What one probe said to one question. `result` is as it came."""

    place: ProbePlace
    state: ProbeState
    result: Mapping[str, Any]

    @property
    def last_words(self) -> str:
        """The last line of the tool's output: why it failed, or how far it is."""
        raw = self.result.get("rawOutput")
        lines = [line for line in raw[-4000:].splitlines() if line.strip()] if isinstance(raw, str) else []
        return line(lines[-1]) if lines else ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement as it is now; `answers` in the order of its probes."""

    finished: bool = False
    answers: tuple[GlobalpingAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Created:
    id: str
    probes: int


def icmp_questions(kind: str, addresses: Sequence[str]) -> list[GlobalpingQuestion]:
    options = {} if kind == "traceroute" else {"packets": PACKETS}
    return [GlobalpingQuestion(kind, address, address, options) for address in addresses]


def dns_questions(names: Sequence[str]) -> list[GlobalpingQuestion]:
    return [
        GlobalpingQuestion("dns", name, name, {"query": {"type": record}}) for name in names for record in DNS_TYPES
    ]


def http_questions(urls: Sequence[str]) -> list[GlobalpingQuestion]:
    return [_http_question(url) for url in urls]


def body(question: GlobalpingQuestion, *, place: str, limit: int, reuse: str) -> dict[str, Any]:
    """The body of `POST /v1/measurements`. Probes that are used again come by the id of their measurement."""
    asked: dict[str, Any] = {
        "type": question.kind,
        "target": question.target,
        "inProgressUpdates": True,
        "timeout": TIMEOUT_S[question.kind],
        "locations": reuse or [{"magic": place, "limit": limit}],
    }
    return asked | ({"measurementOptions": dict(question.options)} if question.options else {})


def read_created(answer: object) -> Created | None:
    """Reads the answer to a new measurement; None where it is not what the specification says."""
    created = mapping(answer)
    number, probes = created.get("id"), whole(created.get("probesCount"))
    if not isinstance(number, str) or not number.isascii() or not number.isalnum() or len(number) > 64 or not probes:
        return None
    return Created(number, min(probes, RESULTS_MAX))


def read_measurement(answer: object) -> Measurement | None:
    """Reads a measurement; None where it is not what the specification says. Any status but in-progress is final."""
    measurement = mapping(answer)
    if not isinstance(measurement.get("status"), str) or not isinstance(measurement.get("results"), list):
        return None
    answers = tuple(_answer(entry) for entry in items(measurement["results"])[:RESULTS_MAX])
    return Measurement(measurement["status"] != "in-progress", answers)


def error_of(answer: object) -> tuple[str, str]:
    """Type and message of an error's body, and what it says about single parameters."""
    error = mapping(mapping(answer).get("error"))
    params = [line(parameter) for parameter in mapping(error.get("params")).values()]
    return line(error.get("type"), 60), " ".join([line(error.get("message")), *params])[:300].strip()


def _http_question(url: str) -> GlobalpingQuestion:
    place, parts = read_url(url), urlsplit(read_url(url).url)
    request = {"method": "GET", "path": parts.path or "/"} | ({"query": parts.query} if parts.query else {})
    protocol = "HTTPS" if place.tls else "HTTP"
    return GlobalpingQuestion(
        "http", place.host, place.url, {"request": request, "protocol": protocol, "port": place.port}
    )


def _answer(entry: object) -> GlobalpingAnswer:
    probe, result = mapping(mapping(entry).get("probe")), mapping(mapping(entry).get("result"))
    city, country = line(probe.get("city"), 40), line(probe.get("country"), 2)
    number = whole(probe.get("asn"))
    network = f"AS{number}" if number else ""
    place = ProbePlace(city, country, network) if city else ProbePlace(country or "an unnamed place", "", network)
    return GlobalpingAnswer(place, _state(result.get("status")), result)


def _state(status: object) -> ProbeState:
    """Takes any value other than in-progress as final, as the specification says."""
    match status:
        case "in-progress" | "finished" | "offline":
            return status
        case _:
            return "failed"
