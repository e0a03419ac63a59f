"""An MTR as text, line for line as `mtr --report-wide` prints it."""

from datetime import UTC

from bot.probes.icmp.loss import of
from bot.probes.icmp.path import Hop, Path

# Title, width and place of mtr's default columns ("LS NABWV"); the space column stands before Last.
_HEADINGS = (("Loss%", 6), ("Snt", 6), (" ", 1), ("Last", 6), ("Avg", 6), ("Best", 6), ("Wrst", 6), ("StDev", 6))


def report_text(path: Path) -> str:
    """The report of mtr 0.95, with its quirks: a 100 % loss has no percent sign, as mtr cuts columns to their width.

    Below the hops stands what mtr does not know: who rejected packets, which count as lost above.
    """
    names = [_name(path, hop) for hop in path.hops]
    width = max([len(path.source), *(len(name) for name in names)])
    lines = [
        f"Start: {path.started_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S%z}",
        f"HOST: {path.source:<{width}}" + "".join(f"{title:>{size}}" for title, size in _HEADINGS),
    ]
    for hop, name in zip(path.hops, names, strict=True):
        lines.append(f" {hop.ttl:2d}.|-- {name:<{width}}" + _columns(hop))
        lines.extend(_other_hosts(path, hop))
    for rejected in path.rejects:
        said = f"said {rejected.words}" if rejected.words else "rejected"
        lines.append(
            f"{path.named(rejected.host)} at hop {rejected.ttl} {said} to {of(rejected.count, rejected.sent)} packets"
        )
    return "\n".join(lines) + "\n"


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
