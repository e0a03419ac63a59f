"""What status looks like: a line on an investigation's card, `/t2 status`, the briefing, the announcement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages.model import Block, Content
from bot.names import few_named
from bot.slack.blocks import actions, button, confirm, context, section
from bot.slack.text import at, clock_time, foreign, link, person, plural
from bot.status.model import (
    LEVEL_WORDS,
    Alert,
    Incident,
    Level,
    SourceKind,
    SourceState,
    StatusReport,
    TargetStatus,
    page_title,
    worst,
)
from bot.status.trouble import Announcement, ShownAnnouncement, Silence

INVESTIGATE = "status_investigate"
SILENCE_SHORT = "status_silence_short"
SILENCE_LONG = "status_silence_long"
LIFT = "status_silence_lift"
SHORT_H = 1
LONG_H = 4
NAMES_SHOWN = 5
DETAILS_SHOWN = 8
URL_MAX = 200
NEAR = timedelta(hours=12)
UNOWNED = "No one has picked this up."

MARKS = {
    Level.OPERATIONAL: ":large_green_circle:",
    Level.MAINTENANCE: ":large_blue_circle:",
    Level.UNKNOWN: ":white_circle:",
    Level.DEGRADED: ":large_yellow_circle:",
    Level.PARTIAL_OUTAGE: ":red_circle:",
    Level.MAJOR_OUTAGE: ":red_circle:",
}


_UNREAD = {True: "doesn't answer", False: "not read yet"}
"""Of a source that has never answered, by whether it was asked."""


@dataclass(frozen=True, slots=True)
class LiveInvestigation:
    """The live investigation of a target: its name ("INV-12"), and whose it is, "" for nobody's."""

    name: str
    owner: str


def status_line(status: TargetStatus) -> str:
    """Says how a target does: "Status page says degraded since 08:50; 2 alerts since 08:52 (HighPacketLoss)".

    Where all is well that is short: "Status page OK, no alerts". What is open about all of a page is added: it may be
    about this target too.
    """
    wide = [_open_everywhere(report) for report in status.reports if report.page_wide]
    words = "; ".join([*_expected(status), _words(status), *(line for line in wide if line)]).removesuffix("; ")
    return f"{MARKS[status.level]} {page_title(words)}"


def status_lines(rows: Sequence[tuple[str, TargetStatus]], sources: Sequence[SourceState]) -> list[str]:
    """For `/t2 status`: every target by its title, pages as a whole, then what keeps sources from answering."""
    strays = [
        f":information_source: {plural(source.strays, 'alert')} of {foreign(source.title)} about none of our targets"
        for source in sources
        if source.strays
    ]
    failing = [
        f":warning: {foreign(source.title)} {_unreachable(source)} ({foreign(source.failure)})"
        for source in sources
        if source.failing_since
    ]
    return [*(_own_line(title, status) for title, status in rows), *strays, *failing]


def announcement(
    state: ShownAnnouncement, title: str, taken: LiveInvestigation | None, *, page: bool = False, planned: str = ""
) -> Content:
    """The one message about one time of trouble, from its beginning to its end; `page`: of a page as a whole.

    `planned` is the maintenance in which it began, and which is over, such as "M-3".
    """
    announced, name = state.announcement, foreign(title)
    if announced.over_at:
        line = _over(announced, announced.over_at, name)
        return Content(line, (section(line),))
    mark = ":no_bell:" if state.silence or not state.trouble.on else MARKS[_level(state)]
    asks = _asks_of_page(state) if page else _asks(state, taken)
    line = f"{mark} *{name}*: {_what(state, page=page)}.{asks and ' '}{asks}"
    small = [*map(_detail, state.trouble.alerts[:DETAILS_SHOWN]), *map(_story, state.trouble.incidents[:3])]
    small += [_silence(state.silence)] if state.silence else []
    small += [_as_of(report) for report in state.trouble.failing]
    small += [f"It began in the maintenance {planned}, which is over."] if planned else []
    small += [f"It ended and came back {_times(announced.returns)}."] if announced.returns else []
    details = [context("\n".join(small))] if small else []
    return Content(line, (section(line), *details, actions(*_buttons(state, taken))))


def _own_line(title: str, status: TargetStatus) -> str:
    words = "; ".join([*_expected(status), _words(status)]).removesuffix("; ")
    return f"{MARKS[status.level]} {foreign(title)}: {words}"


def _expected(status: TargetStatus) -> list[str]:
    """ "maintenance until 23:30 (new kernel)"; where its time is over that is what is said."""
    expected = status.expected
    if not expected:
        return []
    why = f" ({foreign(expected.why, 80)})" if expected.why else ""
    if expected.late:
        return [f"maintenance goes on, planned until {clock_time(expected.until)}{why}"]
    return [f"maintenance until {_when(expected.until, expected.since)}{why}"]


def _words(status: TargetStatus) -> str:
    if status.page:
        return _whole_page(status.reports[0])
    fine = all(report.level is Level.OPERATIONAL and not report.failing_since for report in status.reports)
    return (", " if fine else "; ").join(map(_report, status.reports))


def _open_everywhere(report: StatusReport) -> str:
    named = [f"“{foreign(incident.title, 100)}”" for incident in report.page_wide if not incident.planned]
    return f"{foreign(report.title)} also has {', '.join(named[:3])}, about all services" if named else ""


def _whole_page(report: StatusReport) -> str:
    """Maintenance that is only planned is no news."""
    incidents = report.trouble or report.incidents
    words = few_named([_incident(incident) for incident in incidents], 3)
    return f"{words} ({_as_of(report)})" if report.failing_since else words


def _report(report: StatusReport) -> str:
    said = _page(report) if report.kind is SourceKind.PAGE else _alerts(report)
    return f"{said} ({_as_of(report)})" if report.failing_since and report.read_at else said


def _page(report: StatusReport) -> str:
    source = foreign(report.title)
    if not report.read_at:
        return f"{source} {_UNREAD[bool(report.failing_since)]}"
    if not report.components:
        return f"{source} doesn't list it"
    well = report.level is Level.OPERATIONAL
    since = f" since {_when(report.since, report.read_at)}" if report.since and not well else ""
    words = "OK" if well else LEVEL_WORDS[report.level]
    if report.told is Level.UNKNOWN:
        strange = dict.fromkeys(component.word for component in report.components if component.level is Level.UNKNOWN)
        words += f" (“{foreign(', '.join(strange), 60)}”)" if any(strange) else ""
    elif report.stale and report.level is Level.UNKNOWN:
        words += f", last {LEVEL_WORDS[report.told]}"
    about = f" (“{foreign(report.trouble[0].title, 100)}”)" if report.trouble else ""
    says = "" if report.level in (Level.OPERATIONAL, Level.UNKNOWN) else "says "
    return f"{source} {says}{words}{since}{about}"


def _alerts(report: StatusReport) -> str:
    if not report.read_at:
        return f"{foreign(report.title)} {_UNREAD[bool(report.failing_since)]}"
    firing, silenced = report.firing, len(report.alerts) - len(report.firing)
    quiet = f"{silenced} silenced" if silenced else ""
    if not firing:
        none = "no alerts known" if report.stale else "no alerts"
        return f"{plural(silenced, 'alert')}, silenced" if silenced else none
    since = _when(min(alert.began_at for alert in firing), report.read_at)
    words = f"{plural(len(firing), 'alert')} since {since} ({_names([alert.name for alert in firing])})"
    return f"{words}, {quiet}" if quiet else words


def _what(state: ShownAnnouncement, *, page: bool = False) -> str:
    trouble = state.trouble
    parts = []
    if alerts := trouble.alerts or trouble.silenced:
        since = _when(min(alert.began_at for alert in alerts), state.announcement.announced_at)
        held = "" if trouble.alerts or state.silence else ", silenced in Alertmanager"
        parts.append(f"{plural(len(alerts), 'alert')} since {since} ({_names([alert.name for alert in alerts])}){held}")
    source = "" if page else "status page: "
    parts += [f"{source}{_incident(incident)}" for incident in trouble.incidents[:3]]
    return "; ".join(parts) or "trouble"


def _level(state: ShownAnnouncement) -> Level:
    """Returns the level of an announcement's trouble; an alert does not say how much is broken."""
    return worst([Level.DEGRADED, *(incident.level for incident in state.trouble.incidents)])


def _asks(state: ShownAnnouncement, taken: LiveInvestigation | None) -> str:
    if not taken:
        quiet = state.silence or not state.trouble.on
        return UNOWNED if quiet else f"Expect tickets. {UNOWNED}"
    if taken.owner:
        return f"{person(taken.owner)} owns {foreign(taken.name)}."
    return f"{foreign(taken.name)} is open. {UNOWNED}"


def _asks_of_page(state: ShownAnnouncement) -> str:
    """Nobody can have all of a page: an investigation is about one target."""
    return "" if state.silence or not state.trouble.on else "Expect tickets."


def _over(announced: Announcement, over_at: datetime, name: str) -> str:
    lasted = duration(over_at - announced.began_at)
    again = f" It had come back {_times(announced.returns)}." if announced.returns else ""
    names = _names([trouble.name for trouble in announced.seen])
    return f":white_check_mark: *{name}*: over since {clock_time(over_at)}, lasted {lasted} ({names}).{again}"


def _silence(silence: Silence) -> str:
    words = f":no_bell: Silenced by {person(silence.by)} until {at(silence.until)}."
    refused = next((order.failure for order in silence.orders if order.failure), "")
    made = [order for order in silence.orders if order.done]
    if refused:
        return f"{words} Alertmanager hasn't taken it yet: {foreign(refused)}."
    if silence.orders and len(made) == len(silence.orders):
        links = [_linked(order.link, order.alert.name) for order in made[:NAMES_SHOWN]]
        return f"{words} In Alertmanager too: {', '.join(links)}."
    return f"{words} Telling Alertmanager…" if silence.orders else words


def _buttons(state: ShownAnnouncement, taken: LiveInvestigation | None) -> list[Block]:
    value = str(state.announcement.id)
    first = [] if taken else [button("Investigate", INVESTIGATE, value, style="primary")]
    if state.silence:
        return [*first, button("End Silence", LIFT, str(state.silence.id))]
    what = f"No news about it here for {LONG_H} hours. Everybody sees that it was you."
    sure = confirm("Silence", what, f"Silence {LONG_H} Hours")
    return [
        *first,
        button("Silence 1 Hour", SILENCE_SHORT, value),
        button(f"Silence {LONG_H} Hours", SILENCE_LONG, value, confirm=sure),
    ]


def _linked(url: str, name: str) -> str:
    """Addresses of rules can be as long as the rule, and one of them must not fill the message."""
    return link(url, name) if 0 < len(url) <= URL_MAX else foreign(name)


def _detail(alert: Alert) -> str:
    name = _linked(alert.url, alert.name)
    return f"• {name}: {foreign(alert.summary)}" if alert.summary else f"• {name}"


def _story(incident: Incident) -> str:
    title = _linked(incident.url, incident.title)
    return f"• {title}: {foreign(incident.update, 300)}" if incident.update else f"• {title}"


def _incident(incident: Incident) -> str:
    since = f" since {clock_time(incident.began_at)}" if incident.began_at else ""
    return f"“{foreign(incident.title)}” ({foreign(incident.stage, 40)}){since}"


def _as_of(report: StatusReport) -> str:
    """How old it is, where its source does not answer."""
    since = f"{foreign(report.title)} {_since(report.failing_since)}"
    return f"as of {clock_time(report.read_at)}; {since}" if report.read_at else since


def _unreachable(source: SourceState) -> str:
    as_of = f", last read {at(source.read_at)}" if source.read_at else ""
    return f"{_since(source.failing_since)}{as_of}"


def _since(failing_since: datetime | None) -> str:
    return f"unreachable since {clock_time(failing_since)}" if failing_since else "unreachable"


def _when(moment: datetime, shown_at: datetime) -> str:
    """Only the time of day where that says enough: something may be bad for days."""
    return clock_time(moment) if shown_at - moment < NEAR else at(moment)


def _names(names: Sequence[str]) -> str:
    return few_named([foreign(name, 60) for name in dict.fromkeys(names)], NAMES_SHOWN)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def duration(lasted: timedelta) -> str:
    """ "50 min", "2 h 5 min", "under a minute"."""
    minutes = int(lasted.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"
