"""Words of people and of probes as they stand in a tracker, where they mention nobody and link nothing. Pure."""

import re
from datetime import UTC

from bot.probes.batch import ProbeRun
from bot.probes.tables import report_of
from bot.probes.wording import long
from bot.slack_marks import straight

REPORT_MAX = 8_000
"""Characters of one probe report."""
_FENCE, _LONG_FENCE = "~~~~", re.compile("~{4,}")


def in_tracker(text: str) -> str:
    """`@name` and `#12` mean nobody and nothing there, and nothing turns the line round."""
    return straight(text).replace("@", "@\u200b").replace("#", "#\u200b").replace("<", "&lt;").strip()


def report_in_tracker(run: ProbeRun) -> str:
    """A probe's report with its verdict, "" before it has a result."""
    result = run.result
    if not result:
        return ""
    report = _LONG_FENCE.sub("~~~", straight(report_of(result)[1])).rstrip()
    if len(report) > REPORT_MAX:
        report = report[:REPORT_MAX] + "\n(cut: the whole of it is in Slack)"
    where = f" from {in_tracker(result.place.name)}" if result.place else ""
    head = f"`{run.kind}` {in_tracker(run.label)}{where}, {result.started_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{head}: {in_tracker(long(result.verdict))}\n\n{_FENCE}text\n{report}\n{_FENCE}"
