"""What still fails, in the few words of a form: "50 % loss to 127.0.21.1". Pure."""

from bot.probes.model import Fault, Shape, Verdict
from bot.probes.wording import short

_NAMED_AT_MOST = 3


def still(verdict: Verdict) -> str:
    """What fails, never without what makes it less certain.

    Of a path only how much is lost: where that begins is doubtful, and no reason to wait.
    """
    if verdict.kind == "mtr" and verdict.numbers.lost and verdict.numbers.received and not verdict.may_be_chance:
        return f"{verdict.numbers.loss_pct:.0f} % loss to {verdict.about.address or verdict.about.name}"
    if verdict.shape is not Shape.ADDRESSES or not verdict.faults:
        return short(verdict)
    more = len(verdict.faults) - _NAMED_AT_MOST
    named = [_lost(fault) for fault in verdict.faults[:_NAMED_AT_MOST]]
    named += [f"{more} more"] if more > 0 else []
    told = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
    return "; ".join([told, *verdict.caveats])


def _lost(fault: Fault) -> str:
    numbers, name = fault.numbers, fault.about.name
    if fault.cause == "loss" and numbers.received:
        return f"{numbers.loss_pct:.0f} % loss to {name}"
    return f"no answer from {name}" if numbers.sent and not numbers.received else f"{name}: {fault.wrong}"
