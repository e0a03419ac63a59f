"""What came out of a smoke sweep: one message with the worst first. Pure."""

from collections.abc import Sequence

from bot.maintenance.model import ShownSweep
from bot.maintenance.sweep_model import Outcome, Reason, Since, SmokeResult, SmokeRow
from bot.messages.model import Block, Content
from bot.names import names_listed
from bot.slack.blocks import actions, button, context, fitted, section, sections
from bot.slack.text import at, foreign, person, plural

INVESTIGATE = "smoke_investigate"
DETAILS = "smoke_details"
NAMED_MAX = 6
"""Targets that fail are listed so far: with headline and what is below, the message has ten lines."""
_WORDS_MAX = 120

MARKS = {
    Outcome.FAILING: ":red_circle:",
    Outcome.UNMEASURED: ":white_circle:",
    Outcome.FINE: ":large_green_circle:",
    Outcome.BY_HAND: ":white_circle:",
}


def listed_titles(titles: Sequence[str], *, most: int = 3) -> str:
    """ "U.S. East, U.S. West and 4 more"."""
    names = [foreign(title, 60) for title in titles[:most]]
    left = len(titles) - len(names)
    return names_listed([*names, *([f"{left} more"] if left > 0 else [])])


def mark(shown: ShownSweep) -> str:
    result = shown.sweep.result
    if not result:
        return ":hourglass_flowing_sand:"
    return MARKS[result.rows[0].outcome] if result.rows else ":white_circle:"


def summary(result: SmokeResult) -> str:
    """ "14 of 15 fine; U.S. West 3: port 443 closed"."""
    fine, looked = len(result.of(Outcome.FINE)), result.looked_at
    if not looked:
        return "Nothing that probes can check"
    worst = result.rows[0]
    if looked == 1:
        return f"{foreign(worst.title, 60)} is fine" if fine else _said(worst)
    if fine == looked:
        return f"All {looked} targets are fine"
    bad = looked - fine
    more = f", and {bad - 1} more" if bad > 1 else ""
    return f"{fine} of {looked} fine; {_said(worst)}{more}"


def card(shown: ShownSweep) -> Content:
    """From the first run to the last."""
    sweep, result = shown.sweep, shown.sweep.result
    small = context(_small(shown))
    if not result:
        first = (
            f":hourglass_flowing_sand: *Checking {listed_titles(shown.titles)}*: {shown.done} of {shown.asked} done…"
        )
        return Content(first, (section(first), small))
    first = f"{mark(shown)} *{summary(result)}*"
    rows = [row for row in result.rows if row.outcome in (Outcome.FAILING, Outcome.UNMEASURED)]
    # Of a single one the headline says all.
    single = rows[0] if len(rows) == 1 else None
    listed = [] if single else [_listed(row, sweep.id) for row in rows[:NAMED_MAX]]
    left = len(rows) - NAMED_MAX
    lines = [f"{left} more: *Details* lists all."] if left > 0 else []
    lines += [f"It {_before(single)}."] if single and _before(single) else []
    lines += [_again(result)] if _again(result) else []
    look = [_investigate(single, sweep.id)] if single and single.outcome is Outcome.FAILING else []
    return Content(
        first.replace("*", ""),
        fitted(
            [section(first), *listed, *map(context, lines), small],
            last=[actions(*look, button("Details", DETAILS, str(sweep.id)))],
        ),
    )


def _investigate(row: SmokeRow, sweep_id: int) -> Block:
    return button("Investigate", INVESTIGATE, f"{sweep_id} {row.target}")


def _listed(row: SmokeRow, sweep_id: int) -> Block:
    text = f"{MARKS[row.outcome]} *{foreign(row.title, 60)}*: {foreign(row.words, _WORDS_MAX)}{_beside(row)}"
    if row.outcome is not Outcome.FAILING:
        return section(text)
    return section(text, accessory=_investigate(row, sweep_id))


def details(shown: ShownSweep) -> Content:
    """Every target, for whoever asked."""
    rows = shown.sweep.result.rows if shown.sweep.result else ()
    lines = [_line(row) for row in rows] or ["Nothing has ended yet."]
    return Content(lines[0], fitted(sections(lines)))


def _line(row: SmokeRow) -> str:
    words = {Outcome.FINE: "fine", Outcome.BY_HAND: "only people can try it"}.get(row.outcome) or foreign(
        row.words, 120
    )
    return f"{MARKS[row.outcome]} {foreign(row.title, 60)}: {words}{_beside(row)}"


def _said(row: SmokeRow) -> str:
    return f"{foreign(row.title, 60)}: {foreign(row.words, _WORDS_MAX)}"


def _beside(row: SmokeRow) -> str:
    before = _before(row)
    return f" ({before})" if before else ""


def _before(row: SmokeRow) -> str:
    """How it was, where that is worth a word: "was fine at 07:44"."""
    words = {Since.NEW: "was fine at", Since.STILL: "failed too at", Since.AGAIN_FINE: "failed at"}.get(row.since)
    return f"{words} {at(row.before_at)}" if words and row.before_at else ""


def _again(result: SmokeResult) -> str:
    again = [row.title for row in result.rows if row.since is Since.AGAIN_FINE]
    return f"Fine again: {listed_titles(again)}." if again else ""


def _small(shown: ShownSweep) -> str:
    sweep = shown.sweep
    why = {
        Reason.MAINTENANCE: f"After the maintenance M-{sweep.maintenance_id} of {listed_titles(shown.titles)}",
        Reason.OUTAGE: f"After the outage of {listed_titles(shown.titles)}",
        Reason.ASKED: f"For {person(sweep.requested_by)}",
    }[sweep.reason]
    by_hand = sweep.result.of(Outcome.BY_HAND) if sweep.result else ()
    rest = f" · only people can try {plural(len(by_hand), 'target')}" if by_hand else ""
    return f"{why} · {at(sweep.ended_at or sweep.requested_at)}{rest}"
