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
    """What one resolver said about one name; `trouble` is a few words, "" where it answered properly.

    `alias` is the name in another zone that a zone's own server points to; `unasked` says why nothing was asked,
    `remark` what is odd about an answer that is good all the same.
    """

    name: str
    resolver: str
    addresses: tuple[str, ...] = ()
    ttl_s: int | None = None
    time_ms: float | None = None
    trouble: str = ""
    alias: str = ""
    unasked: str = ""
    remark: str = ""

    def with_addresses(self, addresses: tuple[str, ...]) -> "Answer":
        return replace(self, addresses=addresses)


def reading_of(answer: Answer) -> Reading:
    reason = answer.trouble or ("" if answer.addresses or answer.alias else "no address")
    if reason == _NO_SUCH_NAME:
        reason = "NXDOMAIN: the name does not exist"
    more = len(answer.addresses) - _SHOWN
    shown = ", ".join(answer.addresses[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    shown = shown or (f"→ {answer.alias}" if answer.alias else "")
    ttl = "-" if answer.ttl_s is None else f"{answer.ttl_s} s"
    took = "-" if answer.time_ms is None else ms(answer.time_ms)
    data = {
        "name": answer.name,
        "resolver": answer.resolver,
        "addresses": list(answer.addresses),
        "ttl_s": answer.ttl_s,
        "time_ms": answer.time_ms and round(answer.time_ms, 2),
        "trouble": answer.trouble,
        "alias": answer.alias,
        "asked": not answer.unasked,
    }
    if answer.unasked:
        cells = (answer.name, answer.resolver, "not asked", "-", "-")
        return Reading(f"{answer.name} at {answer.resolver}", True, cells, f"not asked: {answer.unasked}", data)
    cells = (answer.name, answer.resolver, shown or answer.trouble or "no address", ttl, took)
    return Reading(f"{answer.name} at {answer.resolver}", not reason, cells, reason or answer.remark, data)


def compared(readings: Sequence[Reading], *, own: Sequence[str] = ()) -> tuple[Reading, ...]:
    """The same readings; those whose addresses have nothing in common with the first resolver's are a mismatch.

    Answers that share some addresses are normal: large sites rotate theirs. So are answers that consist of the
    target's `own` addresses: some zones answer each place with what is near.
    """
    first: dict[str, Reading] = {}
    for reading in readings:
        if reading.data["addresses"]:
            first.setdefault(reading.data["name"], reading)
    return tuple(_mismatch(reading, first.get(reading.data["name"]), set(own)) or reading for reading in readings)


def dns_verdict(readings: Sequence[Reading]) -> str:
    names = sorted({reading.data["name"] for reading in readings})
    asked = [reading for reading in readings if reading.data["asked"]]
    resolvers = {reading.data["resolver"] for reading in asked}
    by = "1 resolver" if len(resolvers) == 1 else f"{len(resolvers)} resolvers"
    what = names[0] if len(names) == 1 else f"{len(names)} names"
    shared = "" if len(resolvers) == 1 else ", with the same answer"
    told = [set(reading.data["addresses"]) for reading in asked if reading.data["addresses"]]
    if len(names) == 1 and any(each != told[0] for each in told):
        shared = ", with answers that overlap" if all(each & told[0] for each in told) else ", with answers of its own"
    return verdict_of(readings, noun="answers", well=f"{what} resolves at {by}{shared}")


def _mismatch(reading: Reading, first: Reading | None, own: set[str]) -> Reading | None:
    if first is None or first is reading or not reading.ok or not reading.data["addresses"]:
        return None
    here, there = set(reading.data["addresses"]), set(first.data["addresses"])
    if here & there or (here | there) <= own:
        return None
    reason = f"mismatch: {reading.cells[2]} where {first.data['resolver']} says {first.cells[2]}"
    return replace(reading, ok=False, reason=reason)
