"""`/t2 trends`, and the lines of `/t2 status` and of a briefing about trends. Pure."""

from collections.abc import Sequence

from bot.investigations.pictures import spoken
from bot.messages.model import Block, Content
from bot.slack.blocks import fitted, sections
from bot.slack.text import at, foreign, person, plural
from bot.trends.model import Trend, TrendMode, TrendState
from bot.trends.record import Judged, SeenFirst, TrendsOverview
from bot.trends.wording import Title, at_most, series_name, usual_number, within

LISTED_MAX = 12


def overview(now: TrendsOverview, title: Title) -> Content:
    """What rises now, and how good the messages were."""
    if now.mode is TrendMode.OFF:
        return Content("Nothing is counted: trends are off, or Zendesk isn't set up. Ask your admin.")
    rising = [_rising(each, title) for each in now.rising]
    first, *rest = _first(now)
    blocks: list[Block] = sections([first, *rest, *rising])
    blocks += sections([f"*Last 30 days*: {_count(now.month)}"])
    blocks += _part("This week", [_said(each, title) for each in reversed(now.week)])
    blocks += _part("People saw it first, this week", [_seen_first(each, title) for each in now.seen_first])
    return Content(first.replace("*", ""), fitted(blocks))


def status_lines(now: TrendsOverview) -> list[str]:
    """For `/t2 status`; nothing where nothing is counted."""
    if now.mode is TrendMode.OFF:
        return []
    watching = ", and I only watch" if now.mode is TrendMode.SHADOW else ""
    if now.speaks_from:
        return [
            f":hourglass_flowing_sand: Trends: I'm learning, and can tell what is unusual from {at(now.speaks_from)}"
        ]
    rising = f"{plural(len(now.rising), 'rise')} now" if now.rising else "nothing rises now"
    return [f":chart_with_upwards_trend: Trends: {rising}{watching}"]


def _first(now: TrendsOverview) -> list[str]:
    """What rises; while it learns nobody can tell."""
    if now.speaks_from:
        learning = ":hourglass_flowing_sand: *I'm learning how many customers usually write*"
        return [learning, f"From {at(now.speaks_from)} on I can tell what is unusual."]
    count = len(now.rising)
    first = f":chart_with_upwards_trend: *{plural(count, 'rise')} now*" if count else "*Nothing rises now*"
    watching = ":test_tube: I only watch, and say once a day what I would have said."
    return [first, *([watching] if now.mode is TrendMode.SHADOW else [])]


def _part(heading: str, lines: Sequence[str]) -> list[Block]:
    if not lines:
        return []
    left = len(lines) - LISTED_MAX
    more = [f"and {left} more"] if left > 0 else []
    return sections([f"*{heading}*", *(f"• {line}" for line in lines[:LISTED_MAX]), *more])


def _count(month: Sequence[Judged]) -> str:
    """ "12 messages: 8 were real, 2 were not, nobody has said of 2"."""
    real, none = sum(each.real is True for each in month), sum(each.real is False for each in month)
    unsaid = len(month) - real - none
    if not month:
        return "no messages"
    if unsaid == len(month):
        return f"{plural(unsaid, 'message')}, and nobody has said whether it was real"
    parts = [f"{real} {_was(real)} real", f"{none} {_was(none)} not"]
    parts += [f"nobody has said of {unsaid}"] if unsaid else []
    return f"{plural(len(month), 'message')}: {', '.join(parts)}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _name(trend: Trend, title: Title) -> str:
    return series_name(trend.told, title=title(trend.series.target), words=trend.words)


def _rising(judged: Judged, title: Title) -> str:
    trend = judged.trend
    usual = usual_number(trend.expected, trend.window_h)
    wrote = f"{plural(trend.customers, 'customer')} {within(trend.window_h)}"
    return f"• {_name(trend, title)}: {wrote}; {usual} · {_state(judged)}"


def _said(judged: Judged, title: Title) -> str:
    trend = judged.trend
    most = at_most(trend.most, trend.most_window_h)
    return f"{at(trend.noticed_at)}: {_name(trend, title)}, {most} · {_state(judged)}"


def _state(judged: Judged) -> str:
    """What people made of it."""
    trend = judged.trend
    if trend.dismissed_at:
        reason = foreign(trend.reason, 100)
        return f"not a trend, says {person(trend.dismissed_by)}: {reason}"
    if trend.is_planned:
        return f"expected: maintenance M-{trend.maintenance_id}"
    if trend.investigation_id:
        return f"INV-{trend.investigation_id}" + (", which was dismissed" if judged.real is False else "")
    if trend.state is TrendState.SNOOZED and trend.snoozed_until:
        return f"snoozed until {at(trend.snoozed_until)}"
    return (
        "only watched" if trend.shadow else "no one has picked it up" if trend.live else "nobody has said what it was"
    )


def _seen_first(each: SeenFirst, title: Title) -> str:
    investigation = each.investigation
    opened = f"{investigation.name} {foreign(title(investigation.target), 60)}, opened {at(investigation.opened_at)}"
    if not each.noticed_at:
        return f"{opened}: never noticed"
    return f"{opened}: noticed {spoken(each.noticed_at - investigation.opened_at)} later"
