"""A finding in a few words, for a line among others. Pure."""

import re

from bot.loose import lines
from bot.probes.loss import of
from bot.probes.model import CAVEATS, ProbeResult, Reading

_NAMED_AT_MOST = 3


def short(result: ProbeResult) -> str:
    """A finding in a few words, never without what makes it less certain; all of it stands with the run itself."""
    words = _swept(result) if result.kind == "ping" else _head(result)
    if not words:
        return _lower(result.verdict)
    return "; ".join([_lower(words), *lines(result.data.get(CAVEATS))])


def _swept(result: ProbeResult) -> str:
    """The bad addresses of a sweep; "" where there is none to name."""
    bad = [reading for reading in result.readings if not reading.ok]
    named = ", ".join(_address(reading) for reading in bad[:_NAMED_AT_MOST])
    more = f" and {len(bad) - _NAMED_AT_MOST} more" if len(bad) > _NAMED_AT_MOST else ""
    fine = len(result.readings) - len(bad)
    peers = f" ({fine} of {len(result.readings)} addresses are fine)" if bad and fine else ""
    return f"{named}{more}{peers}"


def _head(result: ProbeResult) -> str:
    """The place where a path goes bad, or the count of what fails without the list behind it; "" for neither.

    What fails has the reason with it where all have the same.
    """
    head, colon, _ = result.verdict.partition(": ")
    if colon and head.startswith("Loss begins"):
        return head
    if not colon or not re.fullmatch(r"\d+ of \d+ .* fail", head):
        return ""
    reasons = {reading.reason for reading in result.readings if not reading.ok}
    return f"{head} ({reasons.pop()})" if len(reasons) == 1 and reasons != {""} else head


def _address(reading: Reading) -> str:
    sent, lost = reading.data["sent"], reading.data["lost"]
    if sent and not reading.data["received"]:
        return f"{reading.name} does not answer"
    loses = reading.reason == f"{of(lost, sent)} lost"
    return f"{reading.name} loses {of(lost, sent)}" if loses else f"{reading.name}: {reading.reason}"


def _lower(verdict: str) -> str:
    """A sentence as part of a longer one; names that begin it stay as they are."""
    first = verdict.split(" ", 1)[0]
    return verdict[:1].lower() + verdict[1:] if first in ("Loss", "Nothing", "All", "The") else verdict
