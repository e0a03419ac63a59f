"""Numbers as tables for a spreadsheet. Pure."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from bot.numbers.grouping import Groups
from bot.numbers.model import Case, Sample, Step
from bot.numbers.overview import Numbers
from bot.numbers.waits import sampled, waits_by_group
from bot.slack_marks import straight

Cell: TypeAlias = str | int | float | None
Rows: TypeAlias = Iterable[Sequence[Cell]]
_FORMULA = re.compile('(?:^|(?<=;))(?=[" ]*[=+@\uff1d\uff0b\uff0d\uff20-])')
"""What would make the spreadsheet run what follows (https://owasp.org/www-community/attacks/CSV_Injection): at the
beginning of a cell, and of what is one where lists are separated by semicolons."""


def sheet(rows: Rows) -> bytes:
    """CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know it."""
    text = io.StringIO()
    csv.writer(text).writerows([[_plain(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig", "replace")


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, float):
        return round(cell, 1)
    return _FORMULA.sub("'", " ".join(straight(cell).split())) if isinstance(cell, str) else cell


_SAMPLE = ("cases", "median", "p90")
_MINUTES = tuple(f"minutes_to_{step}" for step in Step)


def _of_sample(sample: Sample) -> tuple[Cell, ...]:
    return sample.cases, sample.median, sample.p90


def _cases(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    """One investigation a row: what each dot of the pictures is."""
    yield "investigation", "target", "team", "opened", "first_ticket", "tickets", "ended_as", "reopened", *_MINUTES
    for case in cases:
        yield (
            case.name,
            case.target,
            case.team,
            case.opened_at.astimezone(groups.zone).isoformat(timespec="seconds"),
            case.first_ticket_at.astimezone(groups.zone).isoformat() if case.first_ticket_at else None,
            case.tickets,
            "no trend" if case.dismissed else "resolved" if case.ended else None,
            "yes" if case.reopened else "no",
            *case.waits,
        )


def _steps(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    yield "until", *_SAMPLE, "not_yet_or_never"
    for step in numbers.steps:
        yield step.step, *_of_sample(step.minutes), step.missing


def _waits(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    """Every step by every group, in minutes from the first ticket."""
    yield groups.by, "until", *_SAMPLE
    for step in Step:
        for group in sampled(waits_by_group(cases, groups, step)):
            yield group.key, step, *_of_sample(group.sample)


def _tickets(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    yield groups.by, *_SAMPLE
    for group in numbers.tickets_by:
        yield group.key, *_of_sample(group.sample)


def _trends(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    yield groups.by, "noticed_by", "trends", "no_trends", "nobody_has_said"
    for group in numbers.noticed.groups:
        for who, judged in (("bot", group.bot), ("people", group.people)):
            yield group.key, who, judged.real, judged.false, judged.unsaid


def _escalations(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    yield "steps_until_acknowledged", "escalations"
    for count in numbers.escalated.counts:
        yield count.steps, count.escalations
    yield "not acknowledged", numbers.escalated.waiting
    yield "needed no more", numbers.escalated.withdrawn


def _elevations(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    yield groups.by, "tickets", "taken"
    for group in numbers.elevated.groups:
        yield group.key, group.tickets, group.taken


def _issues(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    yield "known_issue", "title", "customers", "tickets", "investigations"
    for issue in numbers.issues:
        yield issue.name, issue.title, issue.customers, issue.tickets, issue.investigations


def _briefings(numbers: Numbers, cases: Sequence[Case], groups: Groups) -> Rows:
    yield "week", "briefings", "median_readers"
    for week in numbers.read.groups:
        yield week.key, week.sample.cases, week.sample.median


SHEETS: Mapping[str, Callable[[Numbers, Sequence[Case], Groups], Rows]] = {
    "cases": _cases,
    "steps": _steps,
    "waits": _waits,
    "tickets": _tickets,
    "trends": _trends,
    "escalations": _escalations,
    "elevations": _elevations,
    "issues": _issues,
    "briefings": _briefings,
}
"""By the name that their address has."""
