"""How well the tickets of an investigation are told apart, beside what words alone can do, and how long that takes."""

import time
from dataclasses import replace

from bot.reading.model import TicketText
from bot.reading.reader import TicketReader
from bot.tickets.collection import TicketWatch
from bot.tickets.fitting import TicketFitting
from bot.tickets.model import Ticket
from tests.bench.figures import Figure
from tests.fake_clock import FakeClock
from tests.tickets.collected_cases import CATALOG, Shares, cases, measured

TITLE = "tickets of an investigation: what belongs is listed"
BEFORE = {"seen": Shares(0.52, 0.92, 0.50, 0.20), "kept": Shares(0.48, 0.87, 0.41, 0.22)}
"""Of the version that searched by words and ruled out what contradicts them."""
HOW = (
    "26 investigations with 12 tickets each, restated; of what is listed, how much belongs or may, and of what belongs "
    "how much is listed; then the same of what is said to be the same trouble. The second half is for measuring only"
)
BOUND_MS = 100.0
TIME = "a hundred tickets of 400 characters, CPU time in a thread beside the loop, best of three"


async def measure() -> list[Figure]:
    figures = list[Figure]()
    for half, name in (("seen", "half 1"), ("kept", "half 2")):
        shares = await measured(cases(half))
        good = shares.listed_precision > BEFORE[half].listed_precision
        figures.append(Figure(f"{name}, a search alone", str(shares), f"before {BEFORE[half]}", good, HOW))
        figures.append(
            Figure(f"{name}, with the desk's stream", str(await measured(cases(half), streams=True)), note=HOW)
        )
    return [*figures, _time()]


def _time() -> Figure:
    now, fitting = FakeClock()(), TicketFitting(catalog=CATALOG, read=TicketReader(catalog=CATALOG).read)
    watch = TicketWatch(1, (), "packet loss", now, True, now, target="us-east")
    texts = [TicketText(each.subject, (each.text + " ") * 6) for case in cases("seen") for each in case.candidates][
        :100
    ]
    one = Ticket(0, "", "open", now, now, "")
    tickets = [replace(one, id=n, subject=text.subject, text=text.description[:400]) for n, text in enumerate(texts)]
    best = min(_once(fitting, watch, tickets) for _ in range(3))
    return Figure("a search's tickets are judged", f"{best:.0f} ms", f"{BOUND_MS:g} ms", best <= BOUND_MS, TIME)


def _once(fitting: TicketFitting, watch: TicketWatch, tickets: list[Ticket]) -> float:
    began = time.thread_time()
    fitting.judged(watch, tickets)
    return 1000 * (time.thread_time() - began)
