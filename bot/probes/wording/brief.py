"""What a step came to, in the few words of one line among others. Pure."""

from bot.probes.icmp.loss import ms, of
from bot.probes.model import Shape, Verdict
from bot.probes.wording import counted, headline, parts

_LINE_MAX = 40
"""Characters that stand beside the name of a step on one line of a thread."""
_SEVERAL = ("tcp", "http", "vpn")


def brief(verdict: Verdict) -> str:
    """Says the verdict in a few words, never without its caveats."""
    if not verdict.measured:
        return verdict.wrong.rstrip(".")
    return "; ".join([_fact(verdict), *verdict.caveats])


def _fact(verdict: Verdict) -> str:
    if verdict.wrong:
        forms = headline.forms(verdict)
        return next((form for form in forms if len(form) <= _LINE_MAX), forms[-1])
    if verdict.warns:
        return headline.soon(verdict)
    if verdict.path:
        return _path(verdict, verdict.path.hops)
    if verdict.shape is Shape.ADDRESSES:
        return _addresses(verdict)
    if verdict.kind in _SEVERAL and verdict.among > 1 and not verdict.found:
        return parts.all_fine(verdict)
    return parts.sentence(verdict).partition("; ")[0]


def _path(verdict: Verdict, hops: int) -> str:
    numbers = verdict.numbers
    over = f"over {hops} {'hop' if hops == 1 else 'hops'}"
    if verdict.may_be_chance:
        return f"{of(numbers.lost, numbers.sent)} lost {over}, which may be chance"
    took = f", {ms(numbers.average_ms)}" if numbers.average_ms is not None else ""
    return f"No loss{took}"


def _addresses(verdict: Verdict) -> str:
    numbers = verdict.numbers
    if not verdict.among:
        return counted.sentence(verdict)
    few = {1: "The address answers", 2: "Both answer"}
    who = few.get(verdict.among, f"All {verdict.among} answer")
    if numbers.lost:
        return f"{who}; {of(numbers.lost, numbers.sent)} lost, which may be chance"
    return f"{who}, median {ms(numbers.median_ms)}" if numbers.median_ms is not None else who
