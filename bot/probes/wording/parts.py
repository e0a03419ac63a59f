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
    fine_words = _FINE.get(verdict.kind)
    return fine_words(verdict) if fine_words else f"{verdict.about.name}: nothing wrong"


def _slowest(verdict: Verdict) -> str:
    return ms(verdict.numbers.took_ms or 0.0)


_ALL = {"tcp": "ports are open", "vpn": "VPN services answer"}


def all_fine(verdict: Verdict) -> str:
    """Says that all parts are fine, where there are several, without a number of any of them."""
    return f"All {verdict.among} {_ALL.get(verdict.kind) or f'{noun_of(verdict)} answer'}"


def _tcp(verdict: Verdict) -> str:
    if verdict.among == 1:
        return f"{verdict.about.name} is open, connected in {_slowest(verdict)}"
    return f"{all_fine(verdict)}, the slowest in {_slowest(verdict)}"


def _http(verdict: Verdict) -> str:
    if verdict.among == 1:
        return f"{verdict.about.name} answers {verdict.numbers.status} in {_slowest(verdict)}"
    return f"{all_fine(verdict)}, the slowest in {_slowest(verdict)}"


def _vpn(verdict: Verdict) -> str:
    if verdict.among == 1:
        return f"{verdict.about.name} answers in {_slowest(verdict)}"
    return f"{all_fine(verdict)}, the slowest in {_slowest(verdict)}"


def _tls(verdict: Verdict) -> str:
    certificates = "certificate is" if verdict.among == 1 else f"{verdict.among} certificates are"
    return f"The {certificates} valid, for {days(max(verdict.numbers.days_left or 0.0, 0.0))} more"


_FINE: Mapping[str, Callable[[Verdict], str]] = {"tcp": _tcp, "http": _http, "tls": _tls, "vpn": _vpn}


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
