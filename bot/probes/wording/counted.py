"""Sentences about addresses that were pinged. Pure."""

from collections.abc import Sequence

from bot.probes.icmp.loss import ms, of
from bot.probes.model import Fault, Verdict

_NAMED_AT_MOST, _NAMED_IN_SHORT = 5, 3


def sentence(verdict: Verdict) -> str:
    """The bad addresses by name against their peers, or that all answer."""
    if not verdict.among:
        return verdict.wrong or verdict.found
    if verdict.among == 1:
        return "; ".join([_single(verdict), *verdict.remarks])
    if not verdict.faults:
        return "; ".join([_all_answer(verdict), *verdict.remarks])
    named = ", ".join(f"{fault.about.name} ({fault.wrong})" for fault in verdict.faults[:_NAMED_AT_MOST])
    count, more = verdict.failing, _more(verdict.failing, _NAMED_AT_MOST)
    return "; ".join([f"{count} of {verdict.among} addresses {_does(verdict.faults)}: {named}{more}", *verdict.remarks])


def few_words(verdict: Verdict) -> str:
    """The bad addresses, and how many are fine; the whole sentence where none is bad."""
    if not verdict.faults:
        return sentence(verdict)
    named = ", ".join(_fault_words(fault) for fault in verdict.faults[:_NAMED_IN_SHORT])
    fine = verdict.among - verdict.failing
    peers = f" ({fine} of {verdict.among} addresses {'is' if fine == 1 else 'are'} fine)" if fine else ""
    return f"{named}{_more(verdict.failing, _NAMED_IN_SHORT)}{peers}"


def _does(faults: Sequence[Fault]) -> str:
    if all(fault.cause == "silent" for fault in faults):
        return "does not answer" if len(faults) == 1 else "do not answer"
    if all(fault.numbers.received and fault.numbers.lost for fault in faults):
        return "loses packets" if len(faults) == 1 else "lose packets"
    return "has trouble" if len(faults) == 1 else "have trouble"


def _single(verdict: Verdict) -> str:
    numbers, name = verdict.numbers, verdict.about.name
    if not verdict.faults:
        return f"{name} answers {of(numbers.received, numbers.sent)}, median {ms(numbers.median_ms or 0.0)}"
    fault = verdict.faults[0]
    return f"{name} loses packets: {fault.wrong}" if fault.cause == "loss" else f"{name}: {fault.wrong}"


def _all_answer(verdict: Verdict) -> str:
    without = "" if verdict.numbers.lost else " without loss"
    return f"All {verdict.among} addresses answer{without}, median {ms(verdict.numbers.median_ms or 0.0)}"


def _fault_words(fault: Fault) -> str:
    numbers = fault.numbers
    if numbers.sent and not numbers.received:
        return f"{fault.about.name} does not answer"
    loses = fault.cause == "loss"
    return (
        f"{fault.about.name} loses {of(numbers.lost, numbers.sent)}" if loses else f"{fault.about.name}: {fault.wrong}"
    )


def _more(failing: int, named: int) -> str:
    return f" and {failing - named} more" if failing > named else ""
