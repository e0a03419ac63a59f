"""The one message of a trend in each of its states, and what is said below it. Pure."""

from collections.abc import Sequence

from bot.investigations.cards import REOPEN
from bot.investigations.model import Investigation
from bot.known_issues.cards import in_one_line
from bot.known_issues.model import KnownIssue
from bot.known_issues.wording import name as issue_name
from bot.messages.model import Block, Content
from bot.names import few_named
from bot.slack.blocks import actions, button, context, fitted, image, sections
from bot.slack.text import at, capitalized, clock_time, foreign, link, person
from bot.status.cards import status_line
from bot.trends.forms import REASON_MAX
from bot.trends.model import TrendState
from bot.trends.shown import NewestTicket, ShownTrend
from bot.trends.wording import at_most, headline, name, usual

_MARKS = {
    TrendState.RISING: ":chart_with_upwards_trend:",
    TrendState.SNOOZED: ":zzz:",
    TrendState.INVESTIGATED: ":mag:",
}

INVESTIGATE = "trend_investigate"
SNOOZE = "trend_snooze"
DISMISS = "trend_dismiss"
TICKETS_SHOWN = 5
SUBJECT_MAX = 80
AGENTS_TICKETS = 20


def card(shown: ShownTrend) -> Content:
    """Edited while it goes on; one line and the picture are left of it once it is over."""
    first, *rest = _first(shown)
    lines = [first, *rest, *_why(shown)]
    if shown.trend.state is not TrendState.OVER:
        lines += _details(shown)
    pictured = [image(shown.picture)] if shown.picture else []
    buttons = _buttons(shown)
    return Content(
        "; ".join([first.replace("*", ""), *rest[:1]]),
        fitted([*sections(lines), *pictured, *_small(shown)], last=[actions(*buttons)] if buttons else []),
    )


def still_rising(shown: ShownTrend) -> Content:
    """In the thread, to whoever snoozed it: the snooze is over, and it is not."""
    return Content(f"{person(shown.trend.snoozed_by)} it's still rising.\n{headline(shown)}; {usual(shown)}.")


def to_agent(shown: ShownTrend, ticket_ids: Sequence[int], url: str) -> Content:
    """A direct message, once: which of somebody's own tickets belong to it. `url` is where the team reads of it."""
    count = len(ticket_ids)
    yours = "1 of your tickets belongs" if count == 1 else f"{count} of your tickets belong"
    first = f":chart_with_upwards_trend: *{yours} to a rise: {name(shown)}*"
    numbers = few_named(ticket_ids, AGENTS_TICKETS, name="#{}".format)
    where = f"{headline(shown)}; {link(url, 'Tier 2 knows')}." if url else f"{headline(shown)}; Tier 2 knows."
    return Content(first.replace("*", ""), tuple(sections([first, numbers, where])))


def _first(shown: ShownTrend) -> list[str]:
    """How it stands, with the number in the first line and what is usual in the second."""
    trend = shown.trend
    if trend.dismissed_at:
        reason = foreign(trend.reason, REASON_MAX)
        return [f":heavy_minus_sign: *Not a trend*, says {person(trend.dismissed_by)}: {reason}"]
    if trend.state is TrendState.OVER:
        since = f" since {at(trend.over_at)}" if trend.over_at else ""
        return [f":white_check_mark: *{name(shown)}: no more customers than usual*{since}"]
    mark = ":chart_with_downwards_trend:" if trend.calms else _MARKS[trend.state]
    now = f"{mark} *{headline(shown)}*"
    return [now, f"Back to usual: {usual(shown)}." if trend.calms else f"{capitalized(usual(shown))}."]


def _why(shown: ShownTrend) -> list[str]:
    """What makes it more than another rise, and who has it."""
    trend, lines = shown.trend, list[str]()
    if shown.again:
        closed = at(shown.again.closed_at) if shown.again.closed_at else "lately"
        how = "It started again" if trend.settled_at else "It never stopped"
        lines.append(f":repeat: {how}: {shown.again.name} was resolved {closed}.")
    if shown.larger_than:
        before = shown.larger_than
        reason = foreign(before.reason, 120)
        lines.append(
            f"Clearly more than the {before.dismissed_customers} that {person(before.dismissed_by)} dismissed: {reason}"
        )
    if trend.maintenance_id and trend.said_at:
        lines.append(f"It began in the maintenance M-{trend.maintenance_id}, which is over.")
    if shown.investigation and trend.state is not TrendState.DISMISSED:
        lines.append(_investigated(shown.investigation, shown.investigation_url))
    if trend.state is TrendState.SNOOZED and trend.snoozed_until:
        lines.append(f"Snoozed until {at(trend.snoozed_until)} by {person(trend.snoozed_by)}.")
    return lines


def _investigated(investigation: Investigation, url: str) -> str:
    named = link(url, investigation.name) if url else investigation.name
    if not investigation.live:
        return f"It was looked into: {named}."
    owner = person(investigation.owner) if investigation.owner else ""
    return f"{owner} is looking into it: {named}" if owner else f"{named} is open for it, and no one has picked it up."


def _details(shown: ShownTrend) -> list[str]:
    """What the tickets share, what else is known of the target, and the newest of them."""
    trend = shown.trend
    if trend.state is TrendState.DISMISSED:
        return [f"{headline(shown)}. It's posted again only if clearly more write."]
    lines = [_shared(shown)]
    if shown.status:
        lines.append(status_line(shown.status))
    if shown.known:
        lines.append(_known(shown.known, regressed=shown.regressed))
    return [line for line in [*lines, *_newest(shown.newest)] if line]


def _shared(shown: ShownTrend) -> str:
    trend = shown.trend
    says = foreign(shown.symptom, 60) if shown.symptom and not trend.series.symptom else ""
    about = f"Most name {foreign(shown.title, 60)}." if shown.title and not trend.series.target else ""
    symptom = f"{trend.sharing} of {len(trend.ticket_ids)} tickets say: {says}." if says else ""
    return " ".join(part for part in (symptom, about) if part)


def _known(known: KnownIssue, *, regressed: bool) -> str:
    if not regressed:
        return f":bulb: Looks like {in_one_line(known)}"
    fix = f" after {foreign(known.issue.fix_version, 40)}" if known.issue.fix_version else ", and its fix is out"
    title = foreign(known.issue.title, 90)
    return f":warning: {issue_name(known)} has regressed: customers write again{fix}. {title}"


def _newest(tickets: tuple[NewestTicket, ...]) -> list[str]:
    """Numbers with links; their subjects where the desk was asked just now."""
    shown = tickets[:TICKETS_SHOWN]
    if not any(ticket.subject for ticket in shown):
        numbers = ", ".join(_number(ticket) for ticket in shown)
        return [f"Newest tickets: {numbers}"] if numbers else []
    return ["Newest tickets:", *(f"• {_number(ticket)}" for ticket in shown)]


def _number(ticket: NewestTicket) -> str:
    words = f"#{ticket.id} {ticket.subject[:SUBJECT_MAX]}".strip()
    return link(ticket.url, words) if ticket.url else foreign(words)


def _small(shown: ShownTrend) -> list[Block]:
    trend = shown.trend
    began = f"First ticket {clock_time(trend.began_at)}"
    if trend.state is TrendState.OVER:
        return [context(f"{began}, at most {at_most(trend.most, trend.most_window_h)}")]
    return [] if trend.state is TrendState.DISMISSED else [context(began)]


def _buttons(shown: ShownTrend) -> list[Block]:
    trend, value = shown.trend, str(shown.trend.id)
    dismiss = button("Not a Trend…", DISMISS, value)
    if trend.state is TrendState.OVER:
        return [] if trend.dismissed_at or trend.investigation_id else [dismiss]
    if trend.state is TrendState.INVESTIGATED:
        return []
    if trend.state is TrendState.DISMISSED:
        return [button("Investigate", INVESTIGATE, value)]
    snooze = button("Snooze…", SNOOZE, value)
    if shown.again and not shown.again.live:
        again = button(f"Reopen {shown.again.name}", REOPEN, str(shown.again.id), style="primary")
        return [again, button("Investigate", INVESTIGATE, value), snooze, dismiss]
    return [button("Investigate", INVESTIGATE, value, style="primary"), snooze, dismiss]
