"""Sentences about several verdicts together, and about what still fails. Pure."""

from collections.abc import Sequence

from bot.names import names_listed
from bot.probes.icmp.loss import percent
from bot.probes.model import Fault, ProbeResult, Shape, Verdict
from bot.probes.wording import long, short
from bot.probes.wording.path import delay_words

NOTHING = "Nothing was measured"


def summary(own: Sequence[ProbeResult], control: Sequence[ProbeResult]) -> str:
    """One line about a target and its control, from the results of each; NOTHING where there are none.

    What could not be measured counts only where all else is fine.
    """
    if not own:
        return NOTHING
    verdicts = [result.verdict for result in own]
    line = f"{own[0].label}: {_troubles(verdicts) or _fine(verdicts)}"
    if not control:
        return line
    name, compared = control[0].label, [result.verdict for result in control]
    if not any(verdict.measured for verdict in compared):
        return f"{line}; control {name} could not be measured"
    troubles = _troubles(compared)
    if not troubles:
        return f"{line}; control {name} is clean"
    shared = ", so look at what both share" if _troubles(verdicts) else ""
    return f"{line}; control {name} is not clean either: {troubles}{shared}"


def _troubles(verdicts: Sequence[Verdict]) -> str:
    """What is wrong, in the order given; "" where nothing is."""
    bad = [verdict for verdict in verdicts if verdict.measured and verdict.wrong]
    barred = [f"{verdict.kind} could not run ({verdict.wrong})" for verdict in verdicts if not verdict.measured]
    # A browser stumbles over what the others have found already, and says less of it.
    parts = [short(verdict) for verdict in bad if verdict.kind != "page"] or [short(verdict) for verdict in bad]
    traced_fine = next((verdict for verdict in verdicts if verdict.shape is Shape.HOPS and verdict.ok), None)
    if traced_fine and any(verdict.shape is Shape.ADDRESSES for verdict in bad):
        parts.append(_traced_fine(traced_fine))
    return "; ".join(parts or barred[:1])


def _traced_fine(verdict: Verdict) -> str:
    if verdict.may_be_chance:
        return f"the MTR after it: {short(verdict)}"
    delay = delay_words(verdict)
    return f"the MTR after it shows no loss, and {delay}" if delay else "the MTR after it is clean"


def _fine(verdicts: Sequence[Verdict]) -> str:
    remarkable = [long(verdict) for verdict in verdicts if verdict.may_be_chance]
    kinds = ", ".join(dict.fromkeys(verdict.kind for verdict in verdicts))
    return "; ".join([f"nothing wrong ({kinds})", *remarkable])


def ruled_out(own: Sequence[ProbeResult], control: Sequence[ProbeResult]) -> str:
    """What was measured and is fine, beside what is not: "DNS, TCP ports and U.S. West"; "" where all is fine."""
    if all(result.ok for result in own):
        return ""
    fine = [
        result.verdict.rules_out for result in own if result.ok and result.verdict.rules_out and result.verdict.sure
    ]
    if control and all(result.ok and result.verdict.sure for result in control):
        fine.append(control[0].label)
    return names_listed(dict.fromkeys(fine))


_NAMED_AT_MOST = 3


def still(verdict: Verdict) -> str:
    """What fails, never without what makes it less certain.

    Of a path only how much is lost: where that begins is doubtful, and no reason to wait.
    """
    if verdict.kind == "mtr" and verdict.numbers.lost and verdict.numbers.received and not verdict.may_be_chance:
        lost = percent(verdict.numbers.lost, verdict.numbers.sent)
        return f"{lost} loss to {verdict.about.address or verdict.about.name}"
    if verdict.shape is not Shape.ADDRESSES or not verdict.faults:
        return short(verdict)
    more = verdict.failing - _NAMED_AT_MOST
    named = [_lost(fault) for fault in verdict.faults[:_NAMED_AT_MOST]]
    named += [f"{more} more"] if more > 0 else []
    return "; ".join([names_listed(named), *verdict.caveats])


def _lost(fault: Fault) -> str:
    numbers, name = fault.numbers, fault.about.name
    if fault.cause == "loss" and numbers.received:
        return f"{percent(numbers.lost, numbers.sent)} loss to {name}"
    return f"no answer from {name}" if numbers.sent and not numbers.received else f"{name}: {fault.wrong}"
