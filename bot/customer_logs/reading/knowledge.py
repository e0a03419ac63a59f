"""What the patterns of programs, systems and signatures are, as one scanner."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.customer_logs.reading.pages import (
    ENOUGH,
    MARK,
    SIGN,
    SYSTEM,
    TROUBLE,
    TROUBLE_WORDS,
    USER,
    VERSION,
    ZONE,
    Owner,
)
from bot.customer_logs.reading.programs import Program, shipped_programs
from bot.customer_logs.reading.scanning import Scanner
from bot.customer_logs.reading.signatures import Signature, shipped_signatures
from bot.customer_logs.reading.systems import SIGNS

TOLD_ZONE = r"(?i)\b(?:time ?zone|utc offset|tz)\b"
NAMED_USER = r"(?i)[/\\](?:home|users|documents and settings)[/\\]"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that logs are read with."""

    programs: Mapping[str, Program]
    signatures: Mapping[str, Signature]
    scanner: Scanner[Owner]


def knowledge(own: Sequence[Signature] = (), *, shipped: bool = True) -> Knowledge:
    """What is shipped, with the team's own, which come first. Raises BadFile."""
    programs = shipped_programs()
    signatures = {each.id: each for each in (*own, *(shipped_signatures(programs) if shipped else ()))}
    patterns: list[tuple[str, Owner]] = [
        (TROUBLE_WORDS, (TROUBLE, "")),
        (TOLD_ZONE, (ZONE, "")),
        (NAMED_USER, (USER, "")),
    ]
    for program in programs.values():
        patterns += [(mark, (MARK, program.key)) for mark in program.marks]
        patterns += [(_tag(tag), (MARK, program.key)) for tag in program.tags]
        patterns += [(version, (VERSION, program.key)) for version in program.versions]
        patterns += [(line, (ENOUGH, program.key)) for line in (program.enough.lines if program.enough else ())]
    patterns += [(sign, (SYSTEM, system)) for system, signs in SIGNS.items() for sign in signs]
    patterns += [(line, (SIGN, signature.id)) for signature in signatures.values() for line in signature.lines]
    return Knowledge(programs, signatures, Scanner(patterns))


def _tag(tag: str) -> str:
    return rf"(?:^|[\s/.]){re.escape(tag)}(?:\[\d+\])?(?:\([\w.-]*\))?:"
