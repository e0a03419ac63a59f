"""Probes: what is measured, and the frozen record of what was found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

ALT_MAX = 1000
"""Slack's limit for alt_txt of files.getUploadURLExternal."""

CAVEATS = "caveats"
"""A key of `ProbeResult.data`: sentences of the verdict that every shorter form of it must have too."""

DELAY = "delay_begins"
"""A key of `ProbeResult.data`: where on a path the delay begins, in words; "" where nowhere."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What one probe run looks at, resolved from a target or typed by a person.

    `label` is what people call it ("U.S. East", "example.com"); only the fields a kind needs are filled.
    `ports` are TCP ports of every address ("443") or of one host ("host:443"); `vpn` services as "ikev2:500" and
    `expect` a text of every page, both see bot.targets.model.Target. `status_of` is the key of a target of which
    status pages tell. `trusted` is true where it comes from the configuration, `remote` where it may be measured from
    outside.
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


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured at one address, URL or name: one row of the result's table.

    `cells` are the columns of the kind in the registry's order, as text for people; `data` the same as
    numbers and words for machines, JSON-able, with units in the keys.
    """

    name: str
    ok: bool
    cells: tuple[str, ...] = ()
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG. `alt` is what a screen reader says instead, at most ALT_MAX characters; it holds the verdict."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The frozen result of one probe run. A failure is a result: `ok` is False and `verdict` says why.

    `verdict` is one line for people without markup. `columns` head `readings`. `report` is the text that
    goes to a file ("" where the kind has none) named `report_name`. `could_run` is False where the probe
    itself could not run (no permission, refused target) and then `remedy` says how to mend that.
    `data` is the whole as JSON-able data where the kind has more than its readings (mtr's JSON). `picture` is what the
    kind itself took; it is sent when the run ends, and not kept with the result.
    """

    kind: str
    label: str
    ok: bool
    verdict: str
    started_at: datetime
    duration_s: float
    columns: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    report: str = ""
    report_name: str = ""
    could_run: bool = True
    remedy: str = ""
    vantage: str = "local"
    data: dict[str, Any] = field(default_factory=dict)
    picture: Picture | None = None


Progress = Callable[[ProbeResult], None]
"""Called with the result so far, as often as the probe likes; callers gather."""


class Probe(Protocol):
    """One kind of measurement.

    `run` never raises for what the network does: that is the result. It raises BadInput where the subject
    has nothing that this kind can look at (the sentence says what it needs).
    """

    kind: str
    summary: str
    """A few words for help: "loss and delay to each hop"."""

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult: ...
