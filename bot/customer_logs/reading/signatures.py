"""Signatures: what a line of a log means, a file each. Pure but for the files.

The README of this room says what each key is for.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import re2

from bot.customer_logs.model import Role
from bot.customer_logs.reading.toml_texts import OPTIONS, SLUG, BadFile, Table, table_of

FOLDER = Path(__file__).parent.parent / "signatures"
SYMPTOMS = ("connect", "drops", "slow", "speed", "dns", "leak", "streaming", "login", "payment", "crash")
PLATFORMS = ("windows", "macos", "linux", "android", "ios", "router", "tv")
SAMPLE_MAX = 600
TEXT_MAX = 200
TELL_MAX = 400
NEAR_LINES_MAX = 200
_BOUND = re.compile(r"(>=|<=|<|>|==) ?\d+(?:\.\d+){0,3}")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class NormalIf:
    """The line is normal where one that matches `near` stands within so many lines of it."""

    near: str
    within_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """`texts` may have {names} of what every one of `lines` captures."""

    id: str
    title: str
    programs: tuple[str, ...]
    role: Role
    meaning: str
    likely: str
    tries: tuple[str, ...]
    tell: str
    source: tuple[str, ...]
    lines: tuple[str, ...]
    matches: tuple[str, ...] = ()
    matches_not: tuple[str, ...] = ()
    hidden_by: tuple[str, ...] = ()
    normal_if: NormalIf | None = None
    symptom: str = ""
    versions: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    known: str = ""
    own: bool = False
    """The team's, not ours."""

    @property
    def captured(self) -> frozenset[str]:
        """The names that every line captures."""
        groups = [frozenset(re2.compile(line, OPTIONS).groupindex) for line in self.lines]
        return frozenset.intersection(*groups) if groups else frozenset()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Every signature that is usable, and why others are not."""

    signatures: tuple[Signature, ...]
    refused: tuple[str, ...] = field(default=())


def shipped_signatures(programs: Collection[str]) -> tuple[Signature, ...]:
    """All that this version knows, by their ids. Raises BadFile."""
    signatures: dict[str, Signature] = {}
    for path in sorted(FOLDER.glob("*/*.toml")):
        where = f"signatures/{path.parent.name}/{path.name}"
        signature = read_signature(path.stem, path.read_text(encoding="utf-8"), programs, where=where)
        if signature.id in signatures:
            raise BadFile(where, "another file has the same name")
        if path.parent.name not in signature.programs:
            raise BadFile(where, f"stands in the folder of {path.parent.name}, which is none of its programs")
        signatures[signature.id] = signature
    _require_hiders(signatures)
    return tuple(signatures.values())


def read_signature(slug: str, text: str, programs: Collection[str], *, where: str = "") -> Signature:
    """One file, its id being the file's name. Raises BadFile."""
    where = where or f"{slug}.toml"
    if not SLUG.fullmatch(slug):
        raise BadFile(where, "a file's name has lower case, digits and hyphens")
    table = table_of(where, text)
    signature = Signature(
        id=slug,
        title=table.text("title", 60),
        programs=table.some_of("programs", sorted(programs)),
        role=Role(table.one_of("role", tuple(Role))),
        meaning=table.text("meaning", TEXT_MAX),
        likely=table.text("likely", TEXT_MAX),
        tries=table.texts("try", TEXT_MAX, least=1, most=4),
        tell=table.text("tell", TELL_MAX),
        source=table.texts("source", 300, least=1, most=5),
        lines=table.patterns("lines"),
        matches=table.texts("matches", SAMPLE_MAX, least=1),
        matches_not=table.texts("matches_not", SAMPLE_MAX, least=1),
        hidden_by=table.slugs("hidden_by"),
        normal_if=_normal_if(table.table("normal_if")),
        symptom=table.one_of("symptom", SYMPTOMS, needed=False),
        versions=_bounds(table),
        platforms=table.some_of("platforms", PLATFORMS),
        known=table.text("known", 120, needed=False),
    )
    table.done()
    _require_sense(where, signature)
    return signature


def _require_sense(where: str, signature: Signature) -> None:
    """What no single key can tell."""
    if not signature.programs:
        raise BadFile(where, "programs names the programs that write such lines")
    if not all(address.startswith("https://") for address in signature.source):
        raise BadFile(where, "source has addresses that begin with https://")
    if signature.title.endswith(".") or not signature.title[:1].isupper():
        raise BadFile(where, "title begins with a capital and has no full stop")
    for text in (signature.meaning, signature.likely, signature.tell, *signature.tries):
        if not text.endswith((".", "?", "!")):
            raise BadFile(where, f"is no whole sentence: {text!r}")
    unknown = placeholders(signature) - signature.captured
    if unknown:
        raise BadFile(where, f"{{{min(unknown)}}} is not captured by every pattern of lines")
    if signature.role is Role.NORMAL and signature.normal_if:
        raise BadFile(where, "normal_if is of no use where the line is always normal")
    if signature.id in signature.hidden_by:
        raise BadFile(where, "hidden_by names itself")


def placeholders(signature: Signature) -> frozenset[str]:
    """The {names} in its texts."""
    texts = (signature.title, signature.meaning, signature.likely, signature.tell, signature.known, *signature.tries)
    return frozenset(name for text in texts for name in _PLACEHOLDER.findall(text))


def filled(text: str, captured: Mapping[str, str]) -> str:
    """A text with what was captured in it; what was not is told as an ellipsis."""
    return _PLACEHOLDER.sub(lambda hit: captured.get(hit[1]) or "…", text)


def _require_hiders(signatures: Mapping[str, Signature]) -> None:
    for signature in signatures.values():
        for other in signature.hidden_by:
            if other not in signatures:
                raise BadFile(f"{signature.id}.toml", f"hidden_by names {other!r}, and there is no such file")


def _normal_if(table: Table | None) -> NormalIf | None:
    if table is None:
        return None
    near = table.text("near", 400)
    table.pattern_ok("near", near)
    normal = NormalIf(near, table.whole("within_lines", 1, NEAR_LINES_MAX))
    table.done()
    return normal


def _bounds(table: Table) -> tuple[str, ...]:
    """ ">=2.5,<2.6.3" as its bounds; all of them hold."""
    text = table.text("versions", 60, needed=False)
    bounds: Sequence[str] = [bound.strip() for bound in text.split(",")] if text else []
    for bound in bounds:
        if not _BOUND.fullmatch(bound):
            raise table.bad("versions", f'is such as ">=2.5,<2.6.3", and not {text!r}')
    return tuple(bound.replace(" ", "") for bound in bounds)
