"""The letter that a vendor asks for, made of an investigation's evidence: no customer is in it. Pure."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from bot.field_limits import TYPED_MAX, length_in_slack
from bot.investigations.overview import Overview
from bot.mail.model import Attachment
from bot.names import few_named
from bot.probes.batch import ProbeRun, RunState
from bot.probes.findings import OWN_STEPS
from bot.probes.model import Shape
from bot.probes.tables import report_of
from bot.probes.wording import long
from bot.tickets.collection import customers_of
from bot.vendors.model import FIELD_MAX, REPORTS_MAX, SUBJECT_MAX, Ask, Letter, LetterDraft, Vendor, VendorCase

FINDINGS_MAX, ADDRESSES_MAX = 5, 12
_PATHS = ("mtr", "traceroute")
_MAIL = re.compile(r"[^\s@<>,;:]{1,64}@[^\s@<>,;:]{1,253}")
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]?\d)")
_WORD = re.compile(r"[^\s,;()\[\]<>\"']+")
HIDDEN = "…"


@dataclass(frozen=True)
class Evidence:
    """What the record has of what vendors ask for: of the target and its control, never of hosts that people typed."""

    overview: Overview

    @cached_property
    def runs(self) -> tuple[ProbeRun, ...]:
        """The newest that was measured of each kind and place, of the target first; those with a path before others."""
        newest: dict[tuple[object, ...], ProbeRun] = {}
        for batch in self.overview.batches:
            for run in batch.runs if batch.target == self.overview.target.key else ():
                if run.state is RunState.DONE and run.result and run.result.measured and not run.subject.typed:
                    newest[run.step in OWN_STEPS, run.kind, run.place] = run
        return tuple(sorted(newest.values(), key=_rank))

    @property
    def own(self) -> tuple[ProbeRun, ...]:
        return tuple(run for run in self.runs if run.step in OWN_STEPS)

    @property
    def control(self) -> tuple[ProbeRun, ...]:
        return tuple(run for run in self.runs if run.step == "control")

    def failing_addresses(self) -> list[str]:
        """Those that lose pings, and those that traces lead to with loss."""
        traced = [
            run.result.verdict.about.address
            for run in self.own
            if run.result and not run.result.ok and run.result.verdict.shape is Shape.HOPS
        ]
        return list(dict.fromkeys([*_addresses(self.own, ok=False), *filter(None, traced)]))

    def fine_addresses(self) -> list[str]:
        """Of the control where there is one, else of the target itself."""
        failing = set(self.failing_addresses())
        fine = _addresses(self.control, ok=True) or _addresses(self.own, ok=True)
        return [address for address in fine if address not in failing]

    def has(self, ask: Ask) -> bool:
        collected = self.overview.collected
        return {
            Ask.MTR: any(run.kind in _PATHS for run in self.own),
            Ask.BOTH_WAYS: any(run.kind in _PATHS and run.place for run in self.own)
            and any(run.kind in _PATHS and not run.place for run in self.own),
            Ask.PING: any(run.kind == "ping" for run in self.own),
            Ask.TIMES: True,
            Ask.ADDRESSES: bool(self.failing_addresses()),
            Ask.TICKETS: bool(collected and collected.confirmed),
        }[ask]

    def missing(self, vendor: Vendor) -> list[Ask]:
        """What they ask for and the record has not."""
        return [ask for ask in vendor.asks_for if not self.has(ask)]

    def worth_sending(self, vendor: Vendor) -> tuple[int, ...]:
        """The runs whose reports they ask for, with one of the control to compare with."""
        kinds: set[str] = set()
        for ask in vendor.asks_for:
            kinds |= {Ask.MTR: set(_PATHS), Ask.BOTH_WAYS: set(_PATHS), Ask.PING: {"ping"}}.get(ask, set())
        own = [run.id for run in self.own if run.kind in kinds]
        control = [run.id for run in self.control if run.kind in kinds][:1]
        return (*own[: REPORTS_MAX - len(control)], *control)


def drafted(overview: Overview, vendor: Vendor, *, case: VendorCase | None, letters: Sequence[Letter]) -> LetterDraft:
    """The form's first content; after an earlier letter it is a follow-up that names their reference."""
    evidence = Evidence(overview)
    parts = [_follow_up(case, letters), _what(overview), _findings(evidence), _where_and_when(evidence, vendor)]
    who = [f"{name}: {value}" for name, value in vendor.account.items()]
    end = "Could you tell us your reference, and what you find?"
    if case and case.reference:
        end = "Could you tell us what you found since?"
    text = _fitting(["Hello,", *parts, "\n".join([*who, f"Our reference: {overview.investigation.name}"])], end)
    return LetterDraft(
        subject=_subject(overview, case, letters),
        text=text,
        runs=evidence.worth_sending(vendor),
        after=letters[-1].id if letters else 0,
    )


def with_fields(text: str, vendor: Vendor, values: Sequence[str]) -> str:
    """The text with what they want to know besides, as far as it was filled in."""
    filled = zip(vendor.fields, values, strict=False)
    lines = [f"{name}: {' '.join(value.split())[:FIELD_MAX]}" for name, value in filled if value.strip()]
    return "\n\n".join([text.rstrip(), *(["\n".join(lines)] if lines else [])])


def attachments(overview: Overview, runs: Sequence[int]) -> tuple[Attachment, ...]:
    """The reports as text files. What is so old that its details are gone has none."""
    known = {run.id: run for run in Evidence(overview).runs}
    known |= {run.id: run for batch in overview.batches for run in batch.runs if run.id in runs}
    files: list[Attachment] = []
    for number in runs:
        result = known[number].result if number in known else None
        if result:
            name, text = report_of(result)
            files.append(Attachment(f"{len(files) + 1}-{name}", text.encode("utf-8", "replace")))
    return tuple(files)


def _subject(overview: Overview, case: VendorCase | None, letters: Sequence[Letter]) -> str:
    if letters:
        first = letters[0].subject
        known = f" [{case.reference}]" if case and case.reference and case.reference not in first else ""
        return f"Re: {first[: SUBJECT_MAX - 4 - len(known)]}{known}"
    title, symptom = overview.target.title, without_people(overview.investigation.symptom, overview)
    said = symptom or overview.headline.trouble or "trouble"
    end = f", since {_utc(overview.began_at)} ({overview.investigation.name})"
    begins = " ".join(f"{title}: {said}".split())
    return begins[: SUBJECT_MAX - len(end)] + end


def _follow_up(case: VendorCase | None, letters: Sequence[Letter]) -> str:
    if not case or not letters:
        return ""
    known = f" (your reference {case.reference})" if case.reference else ""
    return f"this is about our letter of {_utc(letters[0].sent_at or letters[0].at)}{known}."


def _what(overview: Overview) -> str:
    symptom = without_people(overview.investigation.symptom, overview)
    headline = overview.headline
    what = headline.text.rstrip(".") if headline.measured else f"We see trouble with {overview.target.title}"
    return f"{what}." + (f"\nReported as: {symptom}" if symptom else "")


def _findings(evidence: Evidence) -> str:
    failing = [run for run in evidence.own if run.result and not run.result.ok][:FINDINGS_MAX]
    fine = [run for run in evidence.control if run.result and run.result.ok][:1]
    lines = [_finding(run) for run in failing] + [f"To compare: {_finding(run)}" for run in fine]
    return "\n".join(["What we measured:", *(f"- {line}" for line in lines)]) if lines else ""


def _finding(run: ProbeRun) -> str:
    assert run.result is not None
    where = run.seen_from.name if run.seen_from else "our network"
    return f"{run.kind} {run.label} from {where}, {_utc(run.result.started_at)}: {long(run.result.verdict)}"


def _where_and_when(evidence: Evidence, vendor: Vendor) -> str:
    overview = evidence.overview
    lines = [f"Since: {_utc(overview.began_at)}"]
    if measured := [run.result.started_at for run in evidence.own if run.result]:
        lines.append(f"Last measured: {_utc(max(measured))}")
    if failing := evidence.failing_addresses():
        lines.append(f"Addresses that fail: {_listed(failing)}")
    if fine := evidence.fine_addresses():
        lines.append(f"Addresses that work: {_listed(fine)}")
    if overview.collected and overview.collected.confirmed and Ask.TICKETS in vendor.asks_for:
        lines.append(f"Customers who reported it: {customers_of(overview.collected.confirmed)}")
    return "\n".join(lines)


def _fitting(parts: Iterable[str], end: str) -> str:
    """Whole paragraphs as far as there is room for them, and always the end."""
    kept: list[str] = []
    for part in filter(None, parts):
        if length_in_slack("\n\n".join([*kept, part, end])) <= TYPED_MAX:
            kept.append(part)
    return "\n\n".join([*kept, end])


def without_people(text: str, overview: Overview) -> str:
    """A colleague's words without mail addresses and IP addresses but our own: those would be customers'."""
    own = {*overview.target.addresses, *(address for run in Evidence(overview).runs for address in _of(run))}
    hidden = _MAIL.sub(HIDDEN, " ".join(text.split()))
    hidden = _IPV4.sub(lambda hit: hit[0] if hit[0] in own else HIDDEN, hidden)
    return _WORD.sub(lambda hit: HIDDEN if _is_foreign(hit[0], own) else hit[0], hidden)


def _is_foreign(word: str, own: set[str]) -> bool:
    bare = word.strip(".:'")
    try:
        return str(ipaddress.ip_address(bare.partition("/")[0])) not in own
    except ValueError:
        return False


def _addresses(runs: Iterable[ProbeRun], *, ok: bool) -> list[str]:
    addresses = [
        reading.address
        for run in runs
        if run.result and run.result.verdict.shape is Shape.ADDRESSES
        for reading in run.result.readings
        if reading.address and reading.asked and reading.ok is ok
    ]
    return list(dict.fromkeys(addresses))


def _of(run: ProbeRun) -> Iterator[str]:
    if run.result:
        yield from (reading.address for reading in run.result.readings if reading.address)


def _listed(addresses: Sequence[str]) -> str:
    return few_named(addresses, ADDRESSES_MAX)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _rank(run: ProbeRun) -> tuple[bool, bool, bool, int]:
    return run.step not in OWN_STEPS, run.kind not in _PATHS, bool(run.place), run.id
