"""How fast tickets are read, and how often right: 218 labelled reports, both halves."""

import random
import time

from bot.reading.model import TicketText
from tests.bench.figures import Figure, median, percentile
from tests.hostile_shapes import SHAPES
from tests.reading.catalogs import reader
from tests.reading.reports import half, read, readers, reports, right_share
from tests.stalls import slowness

TITLE = "reading tickets"
USUAL_MS, HOSTILE_MS = 0.35, 20.0
AIMS = {"affected": 0.90, "symptom": 0.85}
ROUNDS = 15
HOW = (
    "CPU time of the reference machine, best of 15; tickets of 300 to 800 characters with 50 gateways, "
    "put together of the labelled reports"
)
SET = "109 reports each, restated from public threads; exactly the right targets, the right class"


async def measure() -> list[Figure]:
    usual = _usual(random.Random(11))
    costs = [1000 * cost for cost in _costs(usual)]
    hostile = max(1000 * _best(TicketText(text, text)) for text in SHAPES.values())
    length = sum(len(ticket.description) for ticket in usual) // len(usual)
    mean = sum(costs) / len(costs)
    return [
        Figure("tickets a second", f"{1000 / mean:,.0f}", note=HOW),
        Figure(
            f"  a usual ticket ({length} characters)",
            f"{mean:.2f} ms (p50 {median(costs):.2f}, p99 {percentile(costs, 0.99):.2f})",
            f"{USUAL_MS:g} ms",
            mean <= USUAL_MS,
        ),
        Figure(
            "  the dearest of 40 hostile texts of 100 kB",
            f"{hostile:.1f} ms",
            f"{HOSTILE_MS:g} ms",
            hostile <= HOSTILE_MS,
        ),
        *_right("the half that rules were made with", kept=False),
        *_right("the other half", kept=True),
    ]


def _right(which: str, *, kept: bool) -> list[Figure]:
    chosen = half(kept=kept)
    shares = right_share(chosen)
    rows = [
        Figure(f"{name}, {which}", f"{shares[name]:.1%}", f"{aim:.0%}", shares[name] >= aim, SET)
        for name, aim in AIMS.items()
    ]
    rest = ", ".join(f"{name} {share:.1%}" for name, share in shares.items() if name not in AIMS)
    return [*rows, Figure("  beside that", rest)]


def _usual(chance: random.Random) -> list[TicketText]:
    """Reports of the set one below the other, until they are as long as tickets are."""
    english = [report for report in reports() if report.catalog == "fifty"]
    tickets = []
    for _ in range(200):
        subject, length, texts = chance.choice(english).ticket.subject, chance.randint(300, 800), list[str]()
        while sum(map(len, texts)) < length:
            texts.append(chance.choice(english).ticket.description)
        tickets.append(TicketText(subject, "\n".join(texts)[:length]))
    return tickets


def _costs(tickets: list[TicketText]) -> list[float]:
    own = readers()["fifty"]
    for report in reports():
        read(report)
    best = [1.0] * len(tickets)
    for _ in range(ROUNDS):
        slow = slowness()
        for place, ticket in enumerate(tickets):
            began = time.thread_time()
            own.read(ticket)
            best[place] = min(best[place], (time.thread_time() - began) / slow)
    return best


def _best(ticket: TicketText) -> float:
    own, best = reader(), 1.0
    for _ in range(3):
        began = time.thread_time()
        own.read(ticket)
        best = min(best, time.thread_time() - began)
    return best
