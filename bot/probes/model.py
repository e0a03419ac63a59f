"""Probes: their kinds, what is measured, and the frozen record of what was found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.pictures.model import Picture
from bot.probes.icmp.path_facts import PathFacts


@dataclass(frozen=True, slots=True)
class Subject:
    """What one probe run looks at, resolved from a target or typed by a person.

    `label` is what people call it ("U.S. East", "example.com"); only the fields a kind needs are filled.
    `ports` are TCP ports of every address ("443") or of one host ("host:443"); `vpn` services as "ikev2:500" and
    `expect` a text of every page, both see bot.targets.model.Target. `status_of` is the key of a target of which
    status pages tell. `trusted` is true where it comes from the configuration, `remote` where it may be measured from
    other places. `cycles` is how many an MTR makes, 0 for as many as usual. `typed` is true for what a person typed.
    """

    label: str
    hosts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    tls: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    vpn: tuple[str, ...] = ()
    wireguard_keys: tuple[str, ...] = ()
    expect: str = ""
    test_payment: bool = False
    status_of: str = ""
    trusted: bool = False
    remote: bool = False
    cycles: int = 0
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted and timed; a field that a kind has nothing for stays at its default.

    `sent` and `lost` are packets, `…_ms` round trips of those that came back; `took_ms` is how long the whole of
    something else took, `status` HTTP's, `days_left` a certificate's, negative once it expired.
    """

    sent: int = 0
    lost: int = 0
    best_ms: float | None = None
    first_quartile_ms: float | None = None
    median_ms: float | None = None
    third_quartile_ms: float | None = None
    worst_ms: float | None = None
    average_ms: float | None = None
    last_ms: float | None = None
    deviation_ms: float | None = None
    took_ms: float | None = None
    status: int | None = None
    days_left: float | None = None

    @property
    def received(self) -> int:
        return self.sent - self.lost

    @property
    def loss_pct(self) -> float:
        return 100.0 * self.lost / self.sent if self.sent else 0.0


@dataclass(frozen=True, slots=True)
class About:
    """What a verdict, a fault or a reading is about.

    `name` is what people call it: a target, an address, a URL, a resolver. `address` is an IP literal, "" where it is
    not about one. `hops` are the first and the last distance (TTL) of a part of a path, the same twice for one hop.
    """

    name: str
    address: str = ""
    hops: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One part that is not as it should be. `wrong` is a short phrase: "4 of 10 lost", "connection refused"."""

    about: About
    wrong: str
    numbers: Numbers = Numbers()
    cause: str = ""
    """One word for rules and tests: "timeout", "refused", "certificate"."""


class Shape(StrEnum):
    """What the rows of a kind are. Their order, table and picture follow from it."""

    PARTS = "parts"
    """Judged one by one; what is bad comes first."""
    STEPS = "steps"
    """They follow each other, and stay in that order."""
    ADDRESSES = "addresses"
    """Packets were counted to each; what is bad comes first, and many are drawn as a strip."""
    HOPS = "hops"
    """Those of a path, in its order, and drawn as bars."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a probe run found, as data. bot.probes.wording alone makes sentences of it, and nothing reads them back.

    `wrong` is what is wrong with `about`, in a short phrase ("loses packets", "fails"), "" where nothing is; where it
    was not `measured`, or nothing could be asked (`among` is 0), it says why. `found` is what was seen where nothing is
    wrong, as a predicate ("shows a page"), of kinds whose numbers do not say it all. `faults` are the parts that fail,
    of `among` that were looked at. `remarks` are facts beside it in a few words; `caveats` make it less certain, and
    belong to every shorter form of it. `may_be_chance` is true where so few packets would look like this without a
    fault too. `warns` is true where nothing fails yet, and somebody should act soon. `noun` is what its parts are
    called ("URLs"), `shape` what they are; `rules_out` is what is fine where nothing is wrong (see ProbeKind). `path`
    is what an MTR adds. `set_up` is false where nothing was measured for want of what nobody set up: no trouble.
    """

    kind: str
    about: About
    wrong: str = ""
    found: str = ""
    numbers: Numbers = Numbers()
    faults: tuple[Fault, ...] = ()
    among: int = 1
    remarks: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    may_be_chance: bool = False
    warns: bool = False
    noun: str = ""
    measured: bool = True
    path: PathFacts | None = None
    set_up: bool = True
    shape: Shape = Shape.PARTS
    rules_out: str = ""
    failed: int = 0
    """How many parts fail, where there are more than `faults` lists; see `failing`."""

    @property
    def failing(self) -> int:
        """How many parts fail."""
        return max(self.failed, len(self.faults))

    @property
    def sure(self) -> bool:
        return not self.may_be_chance

    @property
    def ok(self) -> bool:
        """Whether it was measured and found as it should be."""
        return self.measured and not self.wrong


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """What was measured at one address, URL or name: one row of the result's table.

    `cells` are the columns of the kind in the registry's order, as text for people. `reason` is a short phrase: what is
    wrong, or where it is `ok` a remark. `cause` is one word for rules. Where it was not `asked`, `reason` says why.
    `warns` is true where it is `ok`, and somebody should act soon: a certificate ends, an answer is slow.
    """

    name: str
    ok: bool
    cells: tuple[str, ...] = ()
    reason: str = ""
    numbers: Numbers = Numbers()
    cause: str = ""
    address: str = ""
    asked: bool = True
    warns: bool = False

    @property
    def fault(self) -> Fault:
        """What is wrong with it, for a verdict."""
        return Fault(About(self.name, self.address), self.reason, self.numbers, self.cause)


@dataclass(frozen=True, slots=True)
class QuotaLeft:
    """Tests of an hour that Globalping grants: how many are left of how many."""

    left: int
    an_hour: int


@dataclass(frozen=True, slots=True)
class ProbePlace:
    """Where one of Globalping's probes stands. `network` is like "AS1221", `country` like "AU"; "" for not known."""

    city: str
    country: str = ""
    network: str = ""

    @property
    def name(self) -> str:
        """In full: "Brisbane, AU (AS1221)"."""
        named = f"{self.city}, {self.country}" if self.country else self.city
        return f"{named} ({self.network})" if self.network else named


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The frozen result of one probe run. A failure is a result, and its verdict says why.

    `columns` head `readings`. `report` is the text that goes to a file ("" where the kind has none) named
    `report_name`. `remedy` says how to mend what could not be measured. `waiting` is what a run that has not begun
    waits for, "" for nothing. `goes_on_to` is to how many cycles an MTR goes on by itself after this result; 0 for the
    last one. `place` is None for this machine. `picture` is what the kind itself took: sent at the end, and not kept.
    """

    kind: str
    label: str
    verdict: Verdict
    started_at: datetime
    duration_s: float
    columns: tuple[str, ...] = ()
    readings: tuple[ProbeReading, ...] = ()
    report: str = ""
    report_name: str = ""
    remedy: str = ""
    goes_on_to: int = 0
    place: ProbePlace | None = None
    waiting: str = ""
    tests_left: QuotaLeft | None = None
    picture: Picture | None = None

    @property
    def ok(self) -> bool:
        return self.verdict.ok

    @property
    def measured(self) -> bool:
        """False where the probe itself could not run: no permission, a refused target, nobody to ask."""
        return self.verdict.measured


Before = Mapping[str, ProbeResult | None]
"""By kind: what the earlier steps of a playbook found at the same target; None where a step came to no result."""

EVERYTHING = "everything"


def _all_of_it(subject: Subject, _: Before) -> Subject | None:
    return subject


@dataclass(frozen=True, slots=True)
class ProbeKind:
    """What a kind of probe says of itself. `name` is the word that people type; `columns` head its rows.

    `applies` says whether a subject has anything for it, and `needs` what is said of one that has not: "no urls".
    `noun` is what its parts are called. `rules_out` names what is fine where it finds nothing wrong beside trouble that
    others found ("the TCP ports"), "" where that is not worth a word.
    In a playbook it starts when the steps before it of the kind `after` are done, EVERYTHING for all of them. Then
    `narrowed` says which part of the subject it looks at, None for nothing; `one_address` is whether that is the worst.
    """

    name: str
    columns: tuple[str, ...]
    needs: str
    applies: Callable[[Subject], bool]
    shape: Shape = Shape.PARTS
    noun: str = ""
    rules_out: str = ""
    after: str = ""
    narrowed: Callable[[Subject, Before], Subject | None] = _all_of_it
    one_address: bool = False

    def verdict(self, about: About, wrong: str = "", found: str = "", **more: Any) -> Verdict:
        """A verdict of this kind; `more` are further fields of Verdict."""
        more = {"noun": self.noun, "shape": self.shape, "rules_out": self.rules_out} | more
        return Verdict(self.name, about, wrong, found, **more)


Progress = Callable[[ProbeResult], None]
"""Called with the result so far, as often as the probe likes; callers gather."""


class Probe(Protocol):
    """One kind of measurement.

    `run` never raises for what the network does: that is the result. It raises BadInput where the subject
    has nothing that this kind can look at (the sentence says what it needs).
    """

    @property
    def kind(self) -> ProbeKind: ...

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult: ...


class Refining(Probe, Protocol):
    """A kind whose run may go on by itself after `run` returned, to say the same more exactly (`goes_on_to`)."""

    async def refine(self, result: ProbeResult, *, progress: Progress) -> ProbeResult:
        """Waits for the end of the run that `result` came from, and returns its last result.

        `progress` gets results on the way. Where that run is gone, `result` is returned as the last. Whoever waits
        last and leaves ends the run, and so does who does not begin to wait soon after `run` returned.
        """
        ...
