"""The verdict on several parts (URLs, endpoints, resolvers) that are judged one by one. Pure."""

from collections.abc import Sequence
from typing import Any

from bot.probes.model import About, Fault, Kind, Numbers, Reading, Verdict

BROKEN = "broken"
"""The cause of a part that an error of the bot's own kept from being measured."""
BROKEN_WORDS = "not measured: an error in the bot itself, which its log shows"


def verdict_of(
    kind: Kind, label: str, readings: Sequence[Reading], *, numbers: Numbers | None = None, **more: Any
) -> Verdict:
    """The parts that fail as faults, those that were asked counted; `more` are further fields of Verdict.

    A single part is what the verdict is about. Remarks of parts that are fine stand in `remarks`, with their names
    where there are several. Where all parts were lost to the bot's own errors, nothing was measured.
    """
    asked = [reading for reading in readings if reading.asked]
    if asked and all(reading.cause == BROKEN for reading in asked):
        return kind.verdict(About(label), BROKEN_WORDS, measured=False)
    bad = [reading for reading in asked if not reading.ok]
    single = asked[0] if len(asked) == 1 else None
    remarks = [
        reading.reason if reading is single else f"{reading.name}: {reading.reason}"
        for reading in readings
        if reading.reason and (reading.ok or not reading.asked)
    ]
    return kind.verdict(
        about=About(single.name, single.address) if single else About(label),
        wrong="fails" if bad else "",
        numbers=numbers or (single.numbers if single else Numbers()),
        faults=tuple(map(_fault, bad)),
        among=len(asked),
        warns=any(reading.warns for reading in asked) and not bad,
        remarks=(*remarks, *more.pop("remarks", ())),
        **more,
    )


def broken(name: str, columns: int, *, address: str = "") -> Reading:
    """The reading of a part that the bot's own error kept from being measured."""
    return Reading(name, False, (name, *["-"] * (columns - 1)), BROKEN_WORDS, cause=BROKEN, address=address)


def _fault(reading: Reading) -> Fault:
    return Fault(About(reading.name, reading.address), reading.reason, reading.numbers, reading.cause)
