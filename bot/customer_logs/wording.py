"""Words for what was read of a log. Pure."""

from datetime import datetime

from bot.customer_logs.model import Limit, LimitKind, LogReport, Problem
from bot.customer_logs.over_all import Shared
from bot.names import names_listed
from bot.slack.text import plural

PROBLEMS = {
    Problem.EMPTY: "It's empty.",
    Problem.DAMAGED: "It's damaged and can't be unpacked. Ask the customer to send it again.",
    Problem.TAR: "It's a tar archive. Send the logs in it as text, .gz or .zip.",
    Problem.NO_TEXT: "There's no log in it: nothing of it is text.",
    Problem.PASSWORD: "It has a password. Send it without one.",
    Problem.TOO_LARGE: "It's larger than 25 MB. Send the part around the failure.",
    Problem.TOO_LONG: "Reading it took too long, so I stopped. Send the part around the failure.",
    Problem.GONE: "It's no longer in Slack.",
    Problem.NO_ACCESS: "I may not read files here. Tell your admin: the app needs the permission files:read.",
    Problem.UNREACHABLE: "Slack didn't give it to me. Send it again.",
}


def headline(report: LogReport) -> str:
    """What went wrong, or that nothing of it is known."""
    if report.cause:
        return report.cause.title
    if report.consequences:
        return f"{report.name or 'This'} shows what followed, not the cause"
    return f"Nothing known in {report.name or 'it'}"


def event_words(report: LogReport) -> str:
    """For the timeline: "client.log (OpenVPN 2.6.8, Windows 11): No TLS handshake within 60 s, line 8"."""
    who = ", ".join(filter(None, (program(report), report.system)))
    name = f"{report.name or 'pasted lines'}{f' ({who})' if who else ''}"
    if report.cause:
        return f"{name}: {report.cause.title}, line {report.cause.line.number}"
    return f"{name}: {'no cause, only what followed' if report.consequences else 'nothing known in it'}"


def program(report: LogReport) -> str:
    return f"{report.program_title} {report.version}".strip()


def about(report: LogReport) -> list[str]:
    """Name, program, system, times, and how long it is."""
    return [
        each
        for each in (
            report.name,
            program(report) or "a program that I don't know",
            report.system,
            span(report),
            plural_lines(report.lines),
        )
        if each
    ]


def plural_lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def span(report: LogReport) -> str:
    """ "20 Nov 14:01–14:03 UTC+2"; without a zone it is the customer's own clock."""
    if not report.first_at:
        return "no times in it"
    first, last = when(report.first_at), when(report.last_at, beside=report.first_at)
    return f"{first if report.last_at[:-3] == report.first_at[:-3] else f'{first}–{last}'} {zone(report)}"


def zone(report: LogReport) -> str:
    if report.zone is None:
        return "by the customer's clock"
    hours, minutes = divmod(abs(report.zone), 60)
    sign = "+" if report.zone >= 0 else "−"
    return f"UTC{f'{sign}{hours}' if report.zone else ''}{f':{minutes:02}' if minutes else ''}"


def when(at: str, *, beside: str = "") -> str:
    """ "20 Nov 14:02", and only the time where the day was just said."""
    if "T" not in at:
        return at[:5]
    moment = datetime.fromisoformat(at)
    clock = moment.strftime("%H:%M")
    return clock if at[:10] == beside[:10] else f"{moment.day} {moment.strftime('%b')} {clock}"


def over_all(shared: Shared) -> str:
    """ "5 of 7 logs have it, all on 2.4.1, first on 20 Nov 14:02"."""
    first = f", first on {when(shared.first_at)}" if shared.first_at else ""
    where = _alike(shared)
    count = "Both logs" if shared.having == shared.logs == 2 else f"{shared.having} of {shared.logs} logs"
    return f"{count} have it{f', {where}' if where else ''}{first}."


def _alike(shared: Shared) -> str:
    """What those that have it have in common, where all of them say it."""
    if shared.having < 2:
        return f"on {shared.versions[0]}" if shared.versions and shared.versions[0] else ""
    if len(shared.versions) == 1 and shared.versions[0]:
        return f"all on {shared.versions[0]}"
    if len(shared.systems) == 1 and shared.systems[0]:
        return f"all on {shared.systems[0]}"
    told = [version for version in shared.versions if version]
    return f"on {names_listed(told)}" if 1 < len(told) <= 3 else ""


def limit(of: Limit) -> str:
    """What the log can't tell, and why."""
    match of.kind:
        case LimitKind.CUT:
            return f"It is longer than what I read: the rest behind line {of.line:,} is left out."
        case LimitKind.OTHERS:
            return f"{plural(int(of.amount), 'more file')} in the archive: send them on their own if they matter."
        case LimitKind.ENDS_EARLY:
            return "It ends in the middle of a line: something is cut off."
        case LimitKind.BEGINS_LATE:
            return "It begins in the middle of a line: what was before is cut off."
        case LimitKind.QUIET:
            return of.text
        case LimitKind.CLOCK_BACK:
            return f"The clock goes back by {_long(of.amount)} at line {of.line:,}."
        case LimitKind.CLOCK_FORWARD:
            return f"The clock jumps by {_long(of.amount)} at line {of.line:,}."
        case LimitKind.ZONES:
            return "Its times are of two clocks: compare them with care."
        case LimitKind.LONG_LINES:
            return f"{plural(int(of.amount), 'line')} too long to read whole."


def _long(seconds: float) -> str:
    """In the largest unit that says enough."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size or (unit == "min"):
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds)} s"
