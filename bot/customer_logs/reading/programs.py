"""Programs that write logs, a file each: how their lines look, and how their version is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import re2

from bot.customer_logs.reading.toml_texts import OPTIONS, BadFile, Table, table_of

FOLDER = Path(__file__).parent.parent / "programs"
KINDS = ("client", "system", "layer")


@dataclass(frozen=True, slots=True)
class Verbosity:
    """A log that is long and has none of these lines was written with too little detail, and `tell` says what to do."""

    lines: tuple[str, ...]
    tell: str


@dataclass(frozen=True, slots=True)
class Program:
    """`marks` are lines that only this program writes, `tags` its names before a colon in a system's log ("charon").

    A `client` makes the connection: what another client is known for does not count in its log. A `system` and a
    `layer` (TLS, DNS, payments) may stand beside any of them. `versions` capture `version`.
    """

    key: str
    title: str
    kind: str
    marks: tuple[str, ...]
    tags: tuple[str, ...]
    versions: tuple[str, ...]
    enough: Verbosity | None


def shipped_programs() -> Mapping[str, Program]:
    """All that this version knows. Raises BadFile."""
    programs = [read_program(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    return {program.key: program for program in programs}


def read_program(key: str, text: str) -> Program:
    """One file. Raises BadFile."""
    where = f"programs/{key}.toml"
    table = table_of(where, text)
    program = Program(
        key=key,
        title=table.text("title", 40),
        kind=table.one_of("kind", KINDS),
        marks=table.patterns("marks", least=0),
        tags=table.texts("tags", 40),
        versions=_versions(where, table.patterns("versions", least=0)),
        enough=_enough(table.table("enough")),
    )
    table.done()
    if not (program.marks or program.tags):
        raise BadFile(where, "marks and tags are both missing, so no line would be known for this program's")
    return program


def _versions(where: str, patterns: Sequence[str]) -> tuple[str, ...]:
    for pattern in patterns:
        if "version" not in re2.compile(pattern, OPTIONS).groupindex:
            raise BadFile(where, f"versions: {pattern!r} has no (?P<version>…)")
    return tuple(patterns)


def _enough(table: Table | None) -> Verbosity | None:
    if table is None:
        return None
    verbosity = Verbosity(table.patterns("lines"), table.text("tell", 120))
    table.done()
    return verbosity
