"""Reports with what a person says that they say, and how often the reader says the same.

They are restated from public threads in words of our own, and were labelled before the rules were worked on. Even
numbers are for that work; odd ones are kept for the last measurement.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.reading.model import Reading, TicketText
from bot.reading.reader import TicketReader
from bot.targets.model import Catalog
from tests.reading.catalogs import example, target_of

FOLDER = Path(__file__).parent / "labelled"


@dataclass(frozen=True)
class Report:
    """A ticket and what it says; silence is "" or ()."""

    number: int
    catalog: str
    ticket: TicketText
    affected: frozenset[str]
    elsewhere: frozenset[str]
    symptom: str
    platform: str
    versions: frozenset[str]
    codes: frozenset[str]
    language: str


@cache
def reports() -> tuple[Report, ...]:
    """All of them, by their number."""
    blocks = [block for path in sorted(FOLDER.glob("*.txt")) for block in _blocks(path.read_text(encoding="utf-8"))]
    return tuple(sorted(map(_report, blocks), key=lambda report: report.number))


def half(*, kept: bool) -> tuple[Report, ...]:
    """Those that are kept for the last measurement, or those that the rules were made with."""
    return tuple(report for report in reports() if report.number % 2 == kept)


@cache
def catalogs() -> dict[str, Catalog]:
    tables = tomllib.loads((FOLDER / "fifty.toml").read_text(encoding="utf-8"))["targets"]
    fifty = Catalog(tuple(target_of(key, table) for key, table in tables.items()))
    return {"example": example(), "fifty": fifty}


@cache
def readers() -> dict[str, TicketReader]:
    return {name: TicketReader(catalog=catalog) for name, catalog in catalogs().items()}


def read(report: Report) -> Reading:
    return readers()[report.catalog].read(report.ticket)


def _blocks(text: str) -> Iterable[str]:
    return [block for block in text.split("\n@ ") if block.strip()]


def _report(block: str) -> Report:
    head, subject, *body = block.removeprefix("@ ").split("\n")
    about, *labels = (part.strip() for part in head.split("|"))
    number, catalog, language = about.split()
    affected, elsewhere, symptom, platform, versions, codes = labels
    return Report(
        number=int(number),
        catalog=catalog,
        ticket=TicketText(subject, "\n".join(body).strip()),
        affected=_several(affected),
        elsewhere=_several(elsewhere),
        symptom=_one(symptom),
        platform=_one(platform),
        versions=_several(versions),
        codes=_several(codes),
        language=language,
    )


def _one(label: str) -> str:
    return "" if label == "-" else label


def _several(label: str) -> frozenset[str]:
    return frozenset(part.strip() for part in _one(label).split(";") if part.strip())


def found(reading: Reading) -> dict[str, frozenset[str] | str]:
    """A reading in the form of the labels."""
    return {
        "affected": frozenset(said.key for said in reading.affected),
        "elsewhere": frozenset(said.key for said in reading.elsewhere),
        "symptom": reading.symptom.key if reading.symptom else "payment" if reading.wish else "",
        "platform": reading.platform.key if reading.platform else "",
        "versions": frozenset(reading.versions),
        "codes": frozenset(reading.codes),
        "language": reading.language,
    }


def wrong(report: Report) -> dict[str, tuple[object, object]]:
    """What the reader says otherwise, as (said, right)."""
    said = found(read(report))
    return {name: (value, getattr(report, name)) for name, value in said.items() if value != getattr(report, name)}


def right_share(chosen: Sequence[Report]) -> dict[str, float]:
    """By what is read, the share of reports of which exactly the right is said."""
    mistakes = [wrong(report) for report in chosen]
    return {name: 1 - sum(name in each for each in mistakes) / len(chosen) for name in found(Reading())}
