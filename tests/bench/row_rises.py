"""How many outages of a simulated fleet the detector finds, how soon, and what it says that isn't so."""

from collections.abc import Mapping

from tests.bench.figures import Figure
from tests.bench.fleet import FleetSettings, simulate
from tests.bench.fleet_score import CLASSES, Score, Truth, detected, oracle, ticket_counter, together, z_scores

TITLE = "rises: simulated fleets of 50 gateways, eight outages a week"
SEEDS = (101, 102, 103)
DAYS = 42
RECALL, FALSE, SURGES, SOON = 0.76, 1.0, 0.1, 0.5
HOW = (
    "three fleets of six weeks, the first two for learning; gateways from 16 to 0.3 tickets an hour, zones of time, "
    "weekdays, growth, moods, customers who write again and again, surges, gaps; the detector's own threshold"
)
PEERS = "with the threshold that is best for these very weeks at one false message a week"


async def measure() -> list[Figure]:
    ours, fleet_wide, others = list[Score](), 0, 0
    peers: dict[str, list[Score]] = {"knows": [], "z": [], "tickets": []}
    for seed in SEEDS:
        truth = Truth(simulate(FleetSettings(days=DAYS), seed=seed))
        score, wide, other = said(truth)
        ours.append(score)
        fleet_wide, others = fleet_wide + wide, others + other
        for name, peer in (("knows", oracle), ("z", z_scores), ("tickets", ticket_counter)):
            peers[name].append(truth.best(peer(truth)))
    return figures(together(ours), {name: together(scores) for name, scores in peers.items()}, fleet_wide, others)


def said(truth: Truth) -> tuple[Score, int, int]:
    """What the detector found; its messages about the whole desk, and those about no target."""
    rises = list(detected(truth.fleet))
    alerts = [(minute, rise.series.target) for minute, rise in rises if rise.series.target]
    return (
        truth.score(alerts),
        sum(rise.fleet for _, rise in rises),
        sum(not rise.fleet and not rise.series.target for _, rise in rises),
    )


def figures(score: Score, peers: Mapping[str, Score], fleet_wide: int, others: int) -> list[Figure]:
    false = (score.false + others) / score.weeks
    surges = score.of_surges / score.weeks
    found = f"{score.recall:.2f} ({len(score.found)} of {len(score.outages)})"
    return [
        Figure("recall", found, f"{RECALL:g}", score.recall >= RECALL, HOW),
        *(
            Figure(f"  targets with {low:g} tickets an hour or more", "{} of {}".format(*score.of_class(low, high)))
            for low, high in CLASSES
        ),
        Figure("false messages a week", f"{false:.2f}", f"{FALSE:g}", false <= FALSE),
        Figure("found within 30 min of the first ticket", f"{score.soon:.2f}", f"{SOON:g}", score.soon >= SOON),
        Figure("messages about targets from surges, a week", f"{surges:.2f}", f"{SURGES:g}", surges <= SURGES),
        Figure("messages about the whole desk, a week", f"{fleet_wide / score.weeks:.2f}"),
        Figure("  who knows the true rates, one window", f"{peers['knows'].recall:.2f}", note=PEERS),
        Figure("  z-scores of the same hour of the weeks before", f"{peers['z'].recall:.2f}", note=PEERS),
        Figure("  counting tickets, with the true rates", f"{peers['tickets'].recall:.2f}", note=PEERS),
    ]
