"""The answers of several resolvers, each judged and all compared. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.probes.loss import ms
from bot.probes.model import Reading
from bot.probes.verdicts import verdict_of

COLUMNS = ("Name", "Resolver", "Answer", "TTL", "Time")
_SHOWN = 3
# These resolvers said that something is wrong; silence is not an answer to compare.
_NO_SUCH_NAME = "NXDOMAIN"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one resolver said about one name; `trouble` is a few words, "" where it answered properly."""

    name: str
    resolver: str
    addresses: tuple[str, ...] = ()
    ttl_s: int | None = None
    time_ms: float | None = None
    trouble: str = ""

    def with_addresses(self, addresses: tuple[str, ...]) -> "Answer":
        return replace(self, addresses=addresses)


def reading_of(answer: Answer) -> Reading:
    reason = answer.trouble or ("" if answer.addresses else "no address")
    if reason == _NO_SUCH_NAME:
        reason = "NXDOMAIN: the name does not exist"
    more = len(answer.addresses) - _SHOWN
    shown = ", ".join(answer.addresses[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    ttl = "-" if answer.ttl_s is None else f"{answer.ttl_s} s"
    took = "-" if answer.time_ms is None else ms(answer.time_ms)
    data = {
        "name": answer.name,
        "resolver": answer.resolver,
        "addresses": list(answer.addresses),
        "ttl_s": answer.ttl_s,
        "time_ms": answer.time_ms and round(answer.time_ms, 2),
        "trouble": answer.trouble,
    }
    cells = (answer.name, answer.resolver, shown or answer.trouble or "no address", ttl, took)
    return Reading(f"{answer.name} at {answer.resolver}", not reason, cells, reason, data)


def compared(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The same readings; those whose addresses have nothing in common with the first resolver's are a mismatch.

    Answers that share some addresses are normal: large sites rotate theirs.
    """
    first: dict[str, Reading] = {}
    for reading in readings:
        if reading.data["addresses"]:
            first.setdefault(reading.data["name"], reading)
    return tuple(_mismatch(reading, first.get(reading.data["name"])) or reading for reading in readings)


def dns_verdict(readings: Sequence[Reading]) -> str:
    names = sorted({reading.data["name"] for reading in readings})
    resolvers = {reading.data["resolver"] for reading in readings}
    by = "1 resolver" if len(resolvers) == 1 else f"{len(resolvers)} resolvers"
    what = names[0] if len(names) == 1 else f"{len(names)} names"
    shared = "" if len(resolvers) == 1 else ", with the same answer"
    if any(set(r.data["addresses"]) != set(readings[0].data["addresses"]) for r in readings if len(names) == 1):
        shared = ", with answers that overlap"
    return verdict_of(readings, noun="answers", well=f"{what} resolves at {by}{shared}")


def _mismatch(reading: Reading, first: Reading | None) -> Reading | None:
    if first is None or first is reading or not reading.ok:
        return None
    if set(reading.data["addresses"]) & set(first.data["addresses"]):
        return None
    reason = f"mismatch: {reading.cells[2]} where {first.data['resolver']} says {first.cells[2]}"
    return replace(reading, ok=False, reason=reason)
