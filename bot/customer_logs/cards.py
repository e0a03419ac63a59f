"""What people see of logs: one message of at most ten lines, the lines themselves a press away."""

from collections.abc import Iterable, Sequence

from bot.customer_logs import wording
from bot.customer_logs.model import (
    FINDINGS_MAX,
    CustomerLog,
    Finding,
    LogLine,
    LogReport,
    LogState,
    OwnSignature,
    Problem,
    Repeat,
    Role,
    SignatureState,
)
from bot.customer_logs.over_all import ShownDrop, new_in
from bot.known_issues.cards import in_one_line
from bot.messages.model import Block, Content
from bot.names import names_listed
from bot.slack.blocks import actions, button, context, fitted, section, select, verbatim
from bot.slack.text import at, cut, escape, foreign, person, plural

SHOW = "log_show"
PART = "log_part"
WHOSE = "log_whose"
ACCEPT = "log_signature_accept"
DECLINE = "log_signature_decline"
LINES_MAX = 10
QUOTED_MAX = 180
LISTED_LOGS = 6
EXCERPT_MAX = 2800
_MARKS = {True: ":mag:", False: ":page_facing_up:"}
ROLE_WORDS = {Role.CAUSE: "a cause", Role.CONSEQUENCE: "a consequence", Role.NORMAL: "normal"}


def card(shown: ShownDrop) -> Content:
    """A message with logs: what was found in them, as far as they are read."""
    logs = shown.drop.logs
    waiting = [log for log in logs if log.state in (LogState.WAITING, LogState.READING)]
    reports = _reports(logs)
    if not logs or all(log.state is LogState.EMPTIED for log in logs):
        line = "What I read of this log is no longer kept. The log itself is where it was sent."
        return Content(line, (context(line),))
    if all(log.same_as for log in logs):
        line = f":page_facing_up: {' '.join(_again(logs))}"
        return Content(line, (context(line),))
    if waiting and not reports:
        line = f":hourglass_flowing_sand: Reading {'a log' if len(logs) == 1 else f'{len(logs)} logs'}…"
        return Content(line, (section(line),))
    if len(reports) == 1 and len(logs) == 1:
        return _one(shown, reports[0])
    return _several(shown, reports) if reports else _none(logs)


def _reports(logs: Iterable[CustomerLog]) -> list[LogReport]:
    return [report for log in logs for report in log.reports]


def _again(logs: Iterable[CustomerLog]) -> list[str]:
    """Of those that were sent before: which, by whom and when."""
    counted = dict.fromkeys(log.same_as for log in logs if log.same_as)
    return [
        f"The same log as {foreign(sent.name or 'the lines', 80)} that {person(sent.by)} sent {at(sent.at)}. "
        "It counts once."
        for sent in counted
    ]


def _none(logs: Sequence[CustomerLog]) -> Content:
    """No log could be read."""
    lines = list(dict.fromkeys(wording.PROBLEMS[Problem(log.problem)] for log in logs if log.problem))
    what = "I couldn't read this log." if len(logs) == 1 else f"I couldn't read these {len(logs)} logs."
    line = f":warning: {what} {' '.join(lines)}"
    return Content(line, (section(line),))


def _one(shown: ShownDrop, report: LogReport) -> Content:
    first = f"{_MARKS[bool(report.cause)]} *{foreign(wording.headline(report), 160)}*"
    small = foreign(" · ".join(wording.about(report)), 300)
    told = [*_findings(shown, report), *_besides(shown, report)][: LINES_MAX - 2]
    blocks: list[Block] = [section(first), context(small), *([section("\n".join(told))] if told else [])]
    return Content(first, fitted(blocks, last=_controls(shown, report)))


def _findings(shown: ShownDrop, report: LogReport) -> list[str]:
    """The first with its line, what it means and what to do; two more in a line each."""
    cause = report.cause
    if cause is None:
        return [*_followed(report.consequences[:FINDINGS_MAX]), *_unusual(report, new_in(report, shown.others))]
    issue = shown.issues.get(cause.issue_id or 0)
    lines = [
        f"{_where(cause, report)}: {code(cause.line.text)}",
        foreign(" ".join(filter(None, (cause.meaning, f"Likely: {cause.likely}" if cause.likely else ""))), 420),
        foreign(f"Try: {' '.join(cause.tries)}", 420) if cause.tries else "",
        f"{foreign(names_listed(cause.writers), 100)} both write this line: I can't tell which did."
        if cause.writers
        else "",
        f"Known: {in_one_line(issue)}" if issue else "",
    ]
    others = [_also(finding) for finding in report.findings[1:FINDINGS_MAX]]
    left = max(0, FINDINGS_MAX - len(report.findings))
    return [*filter(None, lines), *others, *_followed(report.consequences[: min(left, 1)])]


def _where(finding: Finding, report: LogReport) -> str:
    """ "Line 8, 3 times from 14:02 to 14:37"."""
    times = f", {finding.count:,} times" if finding.count > 1 else ""
    at = wording.when(finding.at, beside=report.first_at)
    last = wording.when(finding.last_at, beside=finding.at)
    same = finding.at[:-3] == finding.last_at[:-3]
    until = f" from {at} to {last}" if finding.count > 1 and last and not same else f" at {at}" if at else ""
    return f"Line {finding.line.number:,}{times}{until}"


def _also(finding: Finding) -> str:
    likely = f" Likely: {finding.likely}" if finding.likely else ""
    count = f", {finding.count:,} times" if finding.count > 1 else ""
    return foreign(f"Also: {finding.title} (line {finding.line.number:,}{count}).{likely}", 280)


def _followed(consequences: Sequence[Finding]) -> list[str]:
    return [foreign(f"A consequence: {each.title} (line {each.line.number:,}).", 200) for each in consequences]


def _unusual(report: LogReport, new: Sequence[Repeat]) -> list[str]:
    alone = {each.line.number for each in new}
    lines = [
        f"Line {line.number:,}{', in no other log here' if line.number in alone else ''}: {code(line.text)}"
        for line in report.unusual
    ]
    return ["The most unusual lines:", *lines] if lines else []


def _besides(shown: ShownDrop, report: LogReport) -> list[str]:
    """Over all logs, what is new in this one, what repeats, and what the log can't tell; the first count most."""
    lines = [_shared(shown, report), *[wording.limit(limit) for limit in report.limits[:2]]]
    told = {line.number for line in report.unusual}
    new = [each for each in new_in(report, shown.others) if each.line.number not in told]
    if new:
        more = f", and {plural(len(new) - 1, 'more line')}" if len(new) > 1 else ""
        lines.append(f"New, in no other log here: line {new[0].line.number:,}{more}: {code(new[0].line.text, 120)}")
    told |= {each.line.number for each in new[:1]}
    for repeat in (each for each in report.repeats[:1] if each.line.number not in told):
        lines.append(f"{repeat.count:,} times: {code(repeat.line.text, 120)}")
    return [line for line in lines if line]


def _shared(shown: ShownDrop, report: LogReport) -> str:
    """Of the first cause of this log, or of the one that most logs have."""
    mine = report.cause.signature if report.cause else ""
    of_mine = next((each for each in shown.shared if each.finding.signature == mine), None)
    if of_mine:
        return wording.over_all(of_mine)
    if not shown.shared:
        return ""
    most = shown.shared[0]
    return f"The other logs: {foreign(most.finding.title)}. {wording.over_all(most)}"


def _several(shown: ShownDrop, reports: Sequence[LogReport]) -> Content:
    """A line each, and one over all."""
    logs = shown.drop.logs
    waiting = sum(log.state in (LogState.WAITING, LogState.READING) for log in logs)
    known = [report for report in reports if report.cause]
    titles = list(dict.fromkeys(report.cause.title for report in known if report.cause))
    found = (
        foreign(titles[0], 120) if len(titles) == 1 else f"{len(titles)} causes" if titles else "nothing known in them"
    )
    first = f"{_MARKS[bool(titles)]} *{plural(len(reports), 'log')} read: {found}*"
    lines = [_line(report) for report in reports[:LISTED_LOGS]]
    more = len(reports) - LISTED_LOGS
    lines += [f"and {plural(more, 'more log')}"] if more > 0 else []
    lines += [f"Not read: {wording.PROBLEMS[Problem(log.problem)]}" for log in logs if log.problem][:2]
    lines += _again(logs)[:2]
    lines += [f"{plural(waiting, 'log')} still to read…"] if waiting else []
    lines += [f"{foreign(each.finding.title)}: {_lower(wording.over_all(each))}" for each in shown.shared[:2]]
    told = "\n".join(lines[: LINES_MAX - 1])
    return Content(first, fitted([section(first), section(told)], last=_controls(shown, reports[0])))


def _line(report: LogReport) -> str:
    about = ", ".join(filter(None, (wording.program(report), report.system)))
    who = f"{report.name or 'pasted'}{f' ({about})' if about else ''}"
    if not report.cause:
        return foreign(f"{who}: {'only what followed' if report.consequences else 'nothing known'}", 250)
    at = wording.when(report.cause.at)
    return foreign(f"{who}: {report.cause.title}, line {report.cause.line.number:,}{f', {at}' if at else ''}", 250)


def _controls(shown: ShownDrop, report: LogReport) -> list[Block]:
    number, drop = str(shown.drop.id), shown.drop
    buttons = [button("Show Lines", SHOW, f"{number} 0")] if parts(shown) else []
    buttons += [button("Link Ticket…", WHOSE, number)] if drop.of_nobody else []
    told = [context(f"From {listed_numbers(drop.tickets)}")] if drop.tickets else []
    return [*told, *([actions(*buttons)] if buttons else [])]


def listed_numbers(tickets: Sequence[int]) -> str:
    """ "#48213 and #48214"."""
    return names_listed([f"#{number}" for number in tickets])


def parts(shown: ShownDrop) -> list[tuple[LogReport, Finding | None]]:
    """What can be shown, in the order of the card: each finding with its lines, or the unusual lines of a log."""
    listed: list[tuple[LogReport, Finding | None]] = []
    for report in _reports(shown.drop.logs):
        found = [finding for finding in (*report.findings, *report.consequences) if finding.excerpt]
        listed += [(report, finding) for finding in found[:FINDINGS_MAX]]
        if not found and report.unusual_excerpt:
            listed.append((report, None))
    return listed


def lines(shown: ShownDrop, number: int) -> Content:
    """The lines around a finding, for whoever pressed, with what to tell the customer."""
    listed = parts(shown)
    if not listed:
        return Content("These lines are no longer kept. The log itself is where it was sent.")
    report, finding = listed[min(number, len(listed) - 1)]
    title = finding.title if finding else "The most unusual line"
    first = f"*{foreign(report.name or 'Pasted lines', 120)}*: {foreign(title, 160)}"
    excerpt = finding.excerpt if finding else report.unusual_excerpt
    about = finding.line.number if finding else report.unusual[0].number
    blocks: list[Block] = [section(first), numbered(excerpt, about), *_told(finding)]
    options = [(_part_name(each), f"{shown.drop.id} {place}") for place, each in enumerate(listed[:20])]
    chosen = f"{shown.drop.id} {min(number, len(listed) - 1)}"
    choose = [actions(select(PART, options, initial=chosen, placeholder="Show another"))] if len(listed) > 1 else []
    return Content(first, fitted(blocks, last=choose))


def _part_name(part: tuple[LogReport, Finding | None]) -> str:
    report, finding = part
    return cut(f"{report.name or 'pasted'}: {finding.title if finding else 'unusual lines'}", 70)


def _told(finding: Finding | None) -> list[Block]:
    if finding is None:
        return []
    told = [f"*To the customer:* {foreign(finding.tell, 420)}"] if finding.tell else []
    small = [f"Source: {escape(' '.join(finding.source[:2]))}"] if finding.source else []
    small += ["A signature of this team."] if finding.own else []
    return [*(section(each) for each in told), *(context(each) for each in small)]


def numbered(excerpt: Sequence[LogLine], about: int) -> Block:
    """Lines with their numbers, of which nothing is parsed; the one that it is about is marked. They wrap on phones."""
    kept = list(excerpt)
    while len(kept) > 1 and sum(len(line.text) + 10 for line in kept) > EXCERPT_MAX:
        kept.pop(0 if about - kept[0].number > kept[-1].number - about else -1)
    return verbatim("\n".join(f"{'→ ' if line.number == about else ''}{line.number:,}  {line.text}" for line in kept))


def code(text: str, limit: int = QUOTED_MAX) -> str:
    """A line of a log inside a sentence: nothing in it is parsed."""
    return "`" + cut(escape(" ".join(text.replace("`", "'").split())), limit) + "`"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def signature(of: OwnSignature, leads: Sequence[str]) -> Content:
    """A line that somebody knows, and whether it counts."""
    marks = {SignatureState.PROPOSED: ":pencil:", SignatureState.ACCEPTED: ":white_check_mark:"}
    first = f"{marks.get(of.state, ':heavy_minus_sign:')} *{foreign(of.title, 80)}*: {ROLE_WORDS[of.role]}"
    told = [foreign(of.meaning, 600), *(f"Try: {foreign(each, 300)}" for each in of.tries), code(of.pattern, 420)]
    blocks: list[Block] = [section(first), section("\n".join(filter(None, told)))]
    if of.state is SignatureState.PROPOSED:
        asked = " or ".join(map(person, leads[:5])) or "Somebody else of Tier 2"
        accept = button("Accept", ACCEPT, str(of.id), style="primary")
        blocks += [context(f"{person(of.proposed_by)} knows this line of logs. {asked} decides whether it counts.")]
        return Content(first, (*blocks, actions(accept, button("Decline", DECLINE, str(of.id)))))
    counts = "It counts from the next log on." if of.state is SignatureState.ACCEPTED else "It doesn't count."
    did = f"{person(of.decided_by)} {of.state} what {person(of.proposed_by)} proposed. {counts}"
    return Content(first, (*blocks, context(did)))
