"""Where loss begins, told from drawn packets: how often the range holds the truth, beside two other rules."""

import asyncio
import random
import time
from collections.abc import Sequence

from bot.probes.icmp.loss import loses, worse_than
from bot.probes.icmp.loss_start import HopCount
from tests.bench.figures import Figure, at_most
from tests.probes.icmp.drawn_paths import Range, Scene, Score, judged, told

TITLE = "where loss begins"
RUNS, CALLS = 1500, 200
HELD, WRONG_HOP, WIDE_HOPS, CALL_MS = 0.95, 0.02, 2.0, 2.0
JUDGED_CYCLES = 30
SCENES = (
    *(Scene(9, 5, loss, cycles) for loss in (0.10, 0.25) for cycles in (10, 30, 100)),
    *(Scene(23, 11, 0.25, cycles) for cycles in (10, 30, 100)),
)
# The router just before the start is a place as well, so these ranges are a hop wider at least.
NEXT_TO_IT = {
    "10 %, 30 cycles, a limited one just before": Scene(9, 5, 0.10, 30, limited={4: 0.6}, silent=(7,)),
    "10 %, 30 cycles, a silent one just before": Scene(9, 5, 0.10, 30, limited={7: 0.6}, silent=(4,)),
}
HOW = (
    f"{RUNS} runs, each packet lost by itself; one router leaves out 50 to 80 % of its own answers and one is silent, "
    "neither next to the start; right is the share of the runs that name a place, wrong hop that of all runs"
)


async def measure() -> list[Figure]:
    return await asyncio.get_running_loop().run_in_executor(None, _measured)


def _measured() -> list[Figure]:
    apart = [figure for scene in SCENES for figure in _figures(scene)]
    next_to_it = [Figure(name, _shown(*judged(scene, RUNS, (told,)))) for name, scene in NEXT_TO_IT.items()]
    return [*apart, *next_to_it, _call()]


def _figures(scene: Scene) -> list[Figure]:
    ours, textbook, from_the_end = judged(scene, RUNS, (told, _textbook, _from_the_end))
    narrow = scene.cycles == JUDGED_CYCLES
    within = ours.held_share >= HELD and ours.wrong_share <= WRONG_HOP and ours.limited_blamed == 0
    bound = f"{HELD:.0%} right, wrong {WRONG_HOP:.0%}, limited 0" + (f", {WIDE_HOPS:g} hops" if narrow else "")
    return [
        Figure(str(scene), _shown(ours), bound, within and (not narrow or ours.width <= WIDE_HOPS), HOW),
        Figure("  first hop from which all lose", _shown(textbook)),
        Figure("  search from the end, before", _shown(from_the_end)),
    ]


def _call() -> Figure:
    """Each count is new, as in a running MTR."""
    chance = random.Random(7)
    paths = [Scene(30, 11, 0.25, 100 + number).draw(chance)[0] for number in range(CALLS)]
    took_ms = []
    for path in paths:
        began = time.process_time()
        told(path)
        took_ms.append(1000 * (time.process_time() - began))
    return at_most("one call, 30 hops", took_ms, CALL_MS, "ms of CPU")


def _shown(score: Score) -> str:
    return (
        f"named {score.named / score.runs:.0%}, right {score.held_share:.1%}, {score.width:.2f} hops, "
        f"wrong hop {score.wrong_share:.1%}, limited {score.limited_blamed}"
    )


def _textbook(hops: Sequence[HopCount]) -> Range | None:
    """The first hop from which every hop that answers lost something."""
    if not loses(hops[-1].lost, hops[-1].sent):
        return None
    begins = hops[-1].ttl
    for hop in reversed([hop for hop in hops if hop.lost < hop.sent]):
        if not hop.lost:
            break
        begins = hop.ttl
    return begins, begins


def _from_the_end(hops: Sequence[HopCount]) -> Range | None:
    """The rule that the bot had before: back from the end to the first hop whose own loss may be chance."""
    target = hops[-1]
    if not loses(target.lost, target.sent):
        return None
    begins = target.ttl
    for hop in reversed(hops[:-1]):
        limited = loses(hop.lost, hop.sent) and worse_than(hop.lost, hop.sent, target.lost, target.sent)
        if hop.lost == hop.sent or limited:
            continue
        if not loses(hop.lost, hop.sent):
            break
        begins = hop.ttl
    return begins, begins
