"""Sentences about parts that were asked one by one: URLs, endpoints, resolvers, services, steps. Pure."""

from collections.abc import Callable, Mapping

from bot.probes.icmp.loss import ms
from bot.probes.model import Verdict
from bot.probes.wording.times import days

_NAMED_AT_MOST = 3


def sentence(verdict: Verdict) -> str:
    """What fails, by name and reason; where nothing does, what was found."""
    if verdict.kind in _WHOLE:
        return "; ".join([_WHOLE[verdict.kind](verdict), *verdict.remarks])
    if not verdict.among:
        return verdict.wrong or verdict.found
    finding = _failing(verdict) if verdict.faults else _fine(verdict)
    return "; ".join([finding, *verdict.remarks[:_NAMED_AT_MOST]])


def few_words(verdict: Verdict) -> str:
    """Says the count of what fails without the list behind it, with the reason where all have the same."""
    if verdict.among == 1 or not verdict.faults or verdict.kind in _WHOLE:
        return sentence(verdict)
    reasons = {fault.wrong for fault in verdict.faults}
    why = f" ({reasons.pop()})" if len(reasons) == 1 and reasons != {""} else ""
    return f"{_failing_count(verdict)}{why}"


def noun_of(verdict: Verdict) -> str:
    """Returns what its parts are called."""
    return verdict.noun or "parts"


def _failing(verdict: Verdict) -> str:
    if verdict.among == 1:
        return f"{verdict.faults[0].about.name}: {verdict.faults[0].wrong}"
    named = "; ".join(f"{fault.about.name}: {fault.wrong}" for fault in verdict.faults[:_NAMED_AT_MOST])
    more = len(verdict.faults) - _NAMED_AT_MOST
    return f"{_failing_count(verdict)}: {named}" + (f"; and {more} more" if more > 0 else "")


def _failing_count(verdict: Verdict) -> str:
    fails = "fails" if len(verdict.faults) == 1 else "fail"
    return f"{len(verdict.faults)} of {verdict.among} {noun_of(verdict)} {fails}"


def _fine(verdict: Verdict) -> str:
    if verdict.found:
        return f"{verdict.about.name} {verdict.found}"
    if verdict.kind == "tls":
        return _tls(verdict)
    return _timed(verdict) if verdict.kind in _SINGLE else f"{verdict.about.name}: nothing wrong"


_ALL = {"tcp": "ports are open", "vpn": "VPN services answer"}


def all_fine(verdict: Verdict) -> str:
    """Says that all parts are fine, where there are several, without a number of any of them."""
    return f"All {verdict.among} {_ALL.get(verdict.kind) or f'{noun_of(verdict)} answer'}"


_SINGLE = {"tcp": "is open, connected", "http": "answers {status}", "vpn": "answers"}


def _timed(verdict: Verdict) -> str:
    """What answers, and after how long."""
    took = ms(verdict.numbers.took_ms or 0.0)
    if verdict.among == 1:
        return f"{verdict.about.name} {_SINGLE[verdict.kind].format(status=verdict.numbers.status)} in {took}"
    return f"{all_fine(verdict)}, the slowest in {took}"


def _tls(verdict: Verdict) -> str:
    certificates = "certificate is" if verdict.among == 1 else f"{verdict.among} certificates are"
    return f"The {certificates} valid, for {days(max(verdict.numbers.days_left or 0.0, 0.0))} more"


def _payment(verdict: Verdict) -> str:
    took_ms = verdict.numbers.took_ms or 0.0
    if not verdict.wrong:
        return f"A test payment succeeds in {took_ms / 1000:.1f} s"
    fault = verdict.faults[0]
    if fault.cause == "slow":
        return f"The test payment succeeds, but slowly: {fault.about.name} took {ms(fault.numbers.took_ms or 0.0)}"
    return f"The test payment fails: {fault.wrong}"


def _status(verdict: Verdict) -> str:
    return verdict.wrong or verdict.found


_WHOLE: Mapping[str, Callable[[Verdict], str]] = {"payment": _payment, "status": _status}
"""Kinds whose parts are no sentence each."""
