"""What the bot would have said, as a message: a line for each rise. Pure."""

from bot.messages.model import Content
from bot.slack.blocks import context, fitted, sections
from bot.slack.text import at
from bot.trends.model import TrendMode
from bot.trends.shadow import ReportLine, TrendReport
from bot.trends.wording import Title, at_most, series_name, usual_number

LINES_MAX = 20


def report(made: TrendReport, title: Title) -> Content:
    """At set-up, and daily while it only watches."""
    first = _first(made)
    lines = [f"• {_line(line, title)}" for line in made.lines[:LINES_MAX]]
    left = len(made.lines) - len(lines)
    lines += [f"and {left} more"] if left else []
    small = context(f"Looked at all tickets since {at(made.since)}")
    return Content(first, fitted([*sections([f"*{first}*", *lines, *_after(made)]), small]))


def _first(made: TrendReport) -> str:
    """What the lines are, or that there are none."""
    if made.speaks_from:
        return ":hourglass_flowing_sand: I'm learning how many customers usually write"
    times = {1: "once", 2: "twice"}.get(len(made.lines), f"{len(made.lines)} times")
    here = "" if made.setup else " since yesterday"
    return f":test_tube: I would have spoken {times}{here}:" if made.lines else ":test_tube: I would not have spoken"


def _after(made: TrendReport) -> list[str]:
    """How it goes on."""
    if not made.setup:
        return []
    begins = f"From {at(made.speaks_from)} on" if made.speaks_from else "From now on"
    if made.mode == TrendMode.SHADOW:
        return [f"{begins} I only watch, and tell you once a day what I would have said."]
    more = "more customers write than usual about a target, a symptom, a version or a new word"
    return [f"{begins} I tell you here when {more}."]


def _line(line: ReportLine, title: Title) -> str:
    """ "23 Nov 09:08: U.S. East, 45 customers in an hour; 4 is usual"."""
    what = series_name(line.series, title=title(line.series.target), words=line.words)
    usual = usual_number(line.expected, line.most_window_h)
    return f"{at(line.noticed_at)}: {what}, {at_most(line.most, line.most_window_h)}; {usual}"
