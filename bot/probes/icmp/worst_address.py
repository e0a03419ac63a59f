"""Which of several addresses deserves a trace: a moment of pings finds it."""

from bot.probes.icmp.families import compared
from bot.probes.icmp.peers import judged, worst_address
from bot.probes.icmp.port import Icmp
from bot.probes.icmp.sweep import Sweep

_ROUNDS = 5
_INTERVAL_S = 0.1
_FIRST_ANSWER_S = 1.0


async def worst_of(icmp: Icmp, addresses: tuple[str, ...]) -> tuple[str, str]:
    """The address that answers worst, and how IPv4 and IPv6 compare where there are both.

    It is the first address where none can be pinged from here.
    """
    if len(addresses) == 1:
        return addresses[0], ""
    sweep = Sweep(
        icmp,
        addresses,
        count=_ROUNDS,
        interval_s=_INTERVAL_S,
        on_round=lambda: None,
        first_answer_s=_FIRST_ANSWER_S,
    )
    await sweep.run()
    readings = [judged(each.address, each.tally) for each in sweep.pinged if not each.unsent]
    return worst_address(readings) or addresses[0], compared(readings)
