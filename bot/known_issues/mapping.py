"""The configuration of what an issue of one tracker means to support, and reading an issue by it. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from bot.known_issues.dates import the_date
from bot.known_issues.empty_answers import says_nothing
from bot.known_issues.headings import OTHER, sections
from bot.known_issues.lines import unmarked
from bot.known_issues.model import EtaSource, IssueReading, Priority, TrackerIssue
from bot.targets.model import Catalog

# fmt: off
SYMPTOM_HEADINGS = (
    "Symptoms", "Symptom", "Symptom(s)", "What customers see", "What users see", "What people see", "What happens",
    "Customer impact", "Current behavior", "Current behaviour", "Actual behavior", "Actual behaviour", "Actual result",
    "Symptome", "Fehlerbild", "Was Kunden sehen", "Síntomas", "Síntoma", "Symptômes", "Symptôme", "Sintomi", "Sintomas",
    "Symptomen", "Klachten", "Wat klanten zien", "Objawy", "Co widzą klienci",
)
WORKAROUND_HEADINGS = (
    "Workaround", "Workarounds", "Workaround(s)", "Work-around", "Work around",
    "Known workaround", "Temporary fix", "Mitigation", "What helps",
    "Was hilft", "Umgehung", "Umgehungslösung", "Behelf", "Behelfslösung", "Übergangslösung", "Lösung",
    "Solución temporal", "Solución alternativa", "Solución provisional", "Contournement", "Solution de contournement",
    "Soluzione temporanea", "Solução alternativa", "Solução temporária",
    "Solução de contorno",
    "Solution temporaire", "Solution provisoire", "Omweg", "Noodoplossing", "Tijdelijke oplossing", "Obejście",
    "Tymczasowe rozwiązanie", "Temporary solution", "Temporary workaround", "Possible workaround", "Interim fix",
)
ETA_HEADINGS = (
    "ETA", "Expected fix", "Expected fix date", "Fix expected", "Fix date", "Planned for", "Due", "Due date",
    "Voraussichtlich behoben", "Geplant für", "Fecha prevista", "Date prévue", "Data prevista",
    "Verwacht op", "Gepland voor", "Planowana data",
)
OTHER_HEADINGS = (
    "Steps to reproduce", "Reproduction", "How to reproduce", "Expected behavior", "Expected behaviour",
    "Expected result", "Environment", "Version", "Versions", "Logs", "Screenshots", "Additional context", "Notes",
    "Root cause", "Cause", "Fix", "Acceptance criteria", "Impact", "Affected", "Platform", "Priority", "Component",
    "Schritte", "Erwartetes Verhalten", "Umgebung", "Ursache", "Anmerkungen", "Entorno", "Causa", "Notas",
    "Omgeving", "Oorzaak", "Środowisko", "Przyczyna",
)
PRIORITY_NAMES: Mapping[str, Priority] = MappingProxyType({
    "p0": Priority.P0, "blocker": Priority.P0, "highest": Priority.P0, "critical": Priority.P0, "urgent": Priority.P0,
    "p1": Priority.P1, "high": Priority.P1, "major": Priority.P1,
    "p2": Priority.P2, "medium": Priority.P2, "normal": Priority.P2, "standard": Priority.P2,
    "p3": Priority.P3, "low": Priority.P3, "lowest": Priority.P3, "minor": Priority.P3, "trivial": Priority.P3,
})
# fmt: on
READING = 3
"""Another number where issues are read differently than before by one and the same mapping."""
_NONE: Mapping[str, str] = MappingProxyType({})
PART_MAX = 4_000
"""How many characters of a symptom or a workaround are kept, which is more than any message shows."""
_SCOPE = r"\A(?:{names})\s*+[:/=-]\s*+(.+)"


@dataclass(frozen=True, slots=True)
class IssueMapping:
    """How one tracker's issues are read.

    A *mark* is a label, or "field=value" for a field that the tracker has ("issuetype=Known Issue"); case does not
    matter. `components` leads from labels and values of `component_fields` to keys of targets; names of targets need
    no entry. A field that is named for a part counts before a heading in the body. `eta_order` is the order in which
    sources of an ETA count; one that is left out never does.
    """

    known: tuple[str, ...] = ("known-issue", "known issue")
    customer_facing: tuple[str, ...] = ("customer-facing", "customer facing", "customers")
    internal: tuple[str, ...] = ("internal",)
    found_by_qa: tuple[str, ...] = ("found-by-qa", "found by qa", "qa")
    pending: tuple[str, ...] = ("needs-triage", "triage", "pending development")
    symptom_fields: tuple[str, ...] = ("symptoms",)
    workaround_fields: tuple[str, ...] = ("workaround",)
    eta_fields: tuple[str, ...] = ("eta",)
    symptom_headings: tuple[str, ...] = SYMPTOM_HEADINGS
    workaround_headings: tuple[str, ...] = WORKAROUND_HEADINGS
    eta_headings: tuple[str, ...] = ETA_HEADINGS
    priority_fields: tuple[str, ...] = ("priority",)
    priorities: Mapping[str, Priority] = field(default_factory=lambda: PRIORITY_NAMES)
    component_fields: tuple[str, ...] = ("components", "component")
    components: Mapping[str, str] = field(default_factory=lambda: _NONE)
    eta_order: tuple[EtaSource, ...] = tuple(EtaSource)


def read(issue: TrackerIssue, mapping: IssueMapping, targets: Catalog) -> IssueReading:
    """Reads an issue; what it does not say stays missing."""
    parts = _parts(issue, mapping)
    eta, source = _eta(issue, mapping, parts.get("eta", ""))
    return IssueReading(
        known=_marked(issue, mapping.known),
        symptom=parts.get("symptom", ""),
        workaround=parts.get("workaround", ""),
        eta=eta,
        eta_source=source,
        priority=_priority(issue, mapping),
        targets=_targets(issue, mapping, targets),
        customer_facing=_customer_facing(issue, mapping),
        found_by_qa=_marked(issue, mapping.found_by_qa),
        pending=not issue.closed and _marked(issue, mapping.pending),
    )


def _parts(issue: TrackerIssue, mapping: IssueMapping) -> dict[str, str]:
    """Symptom, workaround and ETA as text, from fields first, then from the body."""
    headings = {
        "symptom": mapping.symptom_headings,
        "workaround": mapping.workaround_headings,
        "eta": mapping.eta_headings,
        OTHER: OTHER_HEADINGS,
    }
    fields = {
        "symptom": mapping.symptom_fields,
        "workaround": mapping.workaround_fields,
        "eta": mapping.eta_fields,
    }
    said = {name: next(_values(issue, listed), "") for name, listed in fields.items()}
    parts = sections(issue.body, headings) | {name: text for name, text in said.items() if text}
    return {name: text[:PART_MAX] for name, text in parts.items()}


def _eta(issue: TrackerIssue, mapping: IssueMapping, written: str) -> tuple[date | None, EtaSource | None]:
    dates = dict(issue.eta_dates)
    in_words = the_date(written, written=issue.updated_at.date()) if written else None
    if in_words:
        dates.setdefault(EtaSource.BODY, in_words)
    source = next((name for name in mapping.eta_order if name in dates), None)
    return (dates[source], source) if source else (None, None)


def _priority(issue: TrackerIssue, mapping: IssueMapping) -> Priority | None:
    """The field first, then the worst that a label says ("P1", "priority: high")."""
    names = {_plain(name): priority for name, priority in mapping.priorities.items()}
    for value in _values(issue, mapping.priority_fields):
        if _plain(value) in names:
            return names[_plain(value)]
    scoped = _scoped(issue, ("priority", "prio", "severity", *mapping.priority_fields))
    priorities = [names[_plain(text)] for text in (*issue.labels, *scoped) if _plain(text) in names]
    return min(priorities, default=None)


def _targets(issue: TrackerIssue, mapping: IssueMapping, targets: Catalog) -> tuple[str, ...]:
    """Keys of targets that components and labels name, in their order, each once."""
    given = {_plain(name): key for name, key in mapping.components.items()}
    named = [part for value in _values(issue, mapping.component_fields) for part in (value, *value.split(","))]
    scoped = _scoped(issue, ("component", "area", "target", "platform", *mapping.component_fields))
    keys: list[str] = []
    for text in (*named, *issue.labels, *scoped):
        target = targets.get(given.get(_plain(text), "")) or targets.find(text)
        if target and target.key not in keys:
            keys.append(target.key)
    return tuple(keys)


def _customer_facing(issue: TrackerIssue, mapping: IssueMapping) -> bool | None:
    if _marked(issue, mapping.customer_facing):
        return True
    return False if _marked(issue, mapping.internal) else None


def _marked(issue: TrackerIssue, marks: tuple[str, ...]) -> bool:
    """Whether the issue has any of the marks: a label, or a value among those of a field."""
    labels = {_plain(label) for label in issue.labels}
    fields = {_plain(name): value for name, value in issue.fields.items()}
    for mark in marks:
        name, equals, value = mark.partition("=")
        held = fields.get(_plain(name), "") if equals else ""
        if _plain(mark) in labels or (value and _plain(value) in {_plain(part) for part in (held, *held.split(","))}):
            return True
    return False


def _values(issue: TrackerIssue, names: tuple[str, ...]) -> Iterator[str]:
    """Yields the values of the named fields in their order, without those that say nothing."""
    fields = {_plain(name): value for name, value in issue.fields.items()}
    for name in names:
        value = unmarked(fields.get(_plain(name), ""))
        if not says_nothing(value):
            yield value


def _scoped(issue: TrackerIssue, names: tuple[str, ...]) -> Iterator[str]:
    """Yields what labels such as "priority: high" and "area/android" say behind their scope."""
    scope = scope_of(names)
    for label in issue.labels:
        if match := scope.fullmatch(label.strip()):
            yield match[1]


@lru_cache(maxsize=64)
def scope_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Returns the pattern of a label with one of the scopes; cached, since every issue of a tracker has the same."""
    return re.compile(_SCOPE.format(names="|".join(map(re.escape, names))), re.IGNORECASE)


def _plain(text: str) -> str:
    """The form in which labels, fields and their values are compared."""
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
