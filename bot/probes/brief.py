"""A finding in a few words, for a line among others. Pure."""

import re

from bot.probes.loss import of
from bot.probes.model import ProbeResult, Reading

_NAMED_AT_MOST = 3


def short(result: ProbeResult) -> str:
    """A finding in a few words; all of it stands with the run itself."""
    if result.kind != "ping" or not result.readings:
        return _lower(_head(result))
    bad = [reading for reading in result.readings if not reading.ok]
    named = ", ".join(_address(reading) for reading in bad[:_NAMED_AT_MOST])
    more = f" and {len(bad) - _NAMED_AT_MOST} more" if len(bad) > _NAMED_AT_MOST else ""
    fine = len(result.readings) - len(bad)
    peers = f" ({fine} of {len(result.readings)} addresses are fine)" if bad and fine else ""
    return f"{named}{more}{peers}" if bad else _lower(result.verdict)


def _head(result: ProbeResult) -> str:
    """The count, or the place where a path goes bad, without the list behind it; why, where all have one reason."""
    head, colon, _ = result.verdict.partition(": ")
    if not colon or not re.match(r"\d+ of \d+ |Loss begins|All \d+ ", head):
        return result.verdict
    reasons = {reading.reason for reading in result.readings if not reading.ok and reading.reason}
    return f"{head} ({reasons.pop()})" if len(reasons) == 1 and result.kind != "mtr" else head


def _address(reading: Reading) -> str:
    sent, lost = reading.data["sent"], reading.data["lost"]
    if sent and not reading.data["received"]:
        return f"{reading.name} does not answer"
    return f"{reading.name} loses {of(lost, sent)}" if lost else f"{reading.name}: {reading.reason}"


def _lower(verdict: str) -> str:
    """A sentence as part of a longer one; names that begin it stay as they are."""
    first = verdict.split(" ", 1)[0]
    return verdict[:1].lower() + verdict[1:] if first in ("Loss", "Nothing", "All", "The") else verdict
