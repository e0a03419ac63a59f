"""An MTR as text, line for line as `mtr --report-wide` prints it, and as data with the names of `mtr --json`."""

from datetime import UTC
from typing import Any

from bot.probes.path import Hop, Path

# Title, width and place of mtr's default columns ("LS NABWV"); the space column stands before Last.
_HEADINGS = (("Loss%", 6), ("Snt", 6), (" ", 1), ("Last", 6), ("Avg", 6), ("Best", 6), ("Wrst", 6), ("StDev", 6))
_PACKET_SIZE = "64"


def report_text(path: Path) -> str:
    """The report of mtr 0.95, with its quirks: a 100 % loss has no percent sign, as mtr cuts columns to their width."""
    names = [_name(path, hop) for hop in path.hops]
    width = max([len(path.source), *(len(name) for name in names)])
    lines = [
        f"Start: {path.started_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S%z}",
        f"HOST: {path.source:<{width}}" + "".join(f"{title:>{size}}" for title, size in _HEADINGS),
    ]
    for hop, name in zip(path.hops, names, strict=True):
        lines.append(f" {hop.ttl:2d}.|-- {name:<{width}}" + _columns(hop))
        lines.extend(_other_hosts(path, hop))
    return "\n".join(lines) + "\n"


def report_data(path: Path) -> dict[str, Any]:
    """The same as `mtr --json`, JSON-able; times in ms, `Loss%` from 0 to 100. `hosts` is ours: mtr keeps one."""
    head = {
        "src": path.source,
        "dst": path.destination,
        "tos": 0,
        "tests": path.cycles,
        "psize": _PACKET_SIZE,
        "bitpattern": "0x00",
    }
    return {"report": {"mtr": head, "hubs": [hub(path, hop) for hop in path.hops]}}


def hub(path: Path, hop: Hop) -> dict[str, Any]:
    """One hop with mtr's field names."""
    tally = hop.tally
    return {
        "count": hop.ttl,
        "host": _name(path, hop),
        "Loss%": round(tally.loss_pct, 1),
        "Snt": tally.sent,
        "Last": round(tally.last_ms, 3),
        "Avg": round(tally.average_ms, 3),
        "Best": round(tally.best_ms, 3),
        "Wrst": round(tally.worst_ms, 3),
        "StDev": round(tally.deviation_ms, 3),
        "hosts": list(hop.hosts),
    }


def _columns(hop: Hop) -> str:
    tally = hop.tally
    times = (tally.last_ms, tally.average_ms, tally.best_ms, tally.worst_ms, tally.deviation_ms)
    texts = [f" {tally.loss_pct:4.1f}%", f" {tally.sent:5d}", " ", *(f" {value:5.1f}" for value in times)]
    cut = [text[:size] for text, (_title, size) in zip(texts, _HEADINGS, strict=True)]
    return "".join([*cut[:-1], texts[-1]])


def _other_hosts(path: Path, hop: Hop) -> list[str]:
    """Further addresses of one hop, as mtr shows balanced routes."""
    others = [path.named(host) for host in hop.hosts[1:]]
    return [f"    |  {' ' if number else '`'}|-- {name}" for number, name in enumerate(others)]


def _name(path: Path, hop: Hop) -> str:
    return path.named(hop.name) if hop.hosts else hop.name
