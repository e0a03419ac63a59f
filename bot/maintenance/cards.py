"""The one message of a maintenance, from its plan to the check after it; and the list of all. Pure."""

from collections.abc import Sequence

from bot.maintenance.model import Change, ChangeKind, Maintenance, Phase, ShownMaintenance
from bot.maintenance.sweep_cards import listed_titles, summary
from bot.maintenance.sweep_cards import mark as sweep_mark
from bot.maintenance.times import LONG
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, confirm, context, fitted, sections
from bot.slack.text import at, clock_time, foreign, link, person

END = "maintenance_end"
LONGER = "maintenance_longer"
CANCEL = "maintenance_cancel"
LONGER_MIN = 30
BLUE = ":large_blue_circle:"
_CHANGES_SHOWN = 3
_WHY_MAX = 300


def card(shown: ShownMaintenance) -> Content:
    maintenance = shown.maintenance
    first = _first(shown)
    lines = [first, *([_why(maintenance)] if maintenance.why else []), *_beside(shown)]
    buttons = _buttons(shown)
    return Content(
        first.replace("*", ""),
        fitted([*sections(lines), context(_small(maintenance))], last=[actions(*buttons)] if buttons else []),
    )


def listing(shown: Sequence[ShownMaintenance]) -> Content:
    """What is planned and what goes on, for whoever asked."""
    if not shown:
        return Content("Nothing is planned. `/t2 maintenance us-east 22:00-23:30 new kernel` plans one.")
    lines = [_listed(each) for each in shown]
    return Content(lines[0].replace("*", ""), tuple(sections(lines)))


def told(maintenance: Maintenance) -> str:
    """Answers whoever changed one: its message says the rest."""
    if maintenance.phase is Phase.CANCELLED:
        return f"{maintenance.name} is called off."
    if maintenance.phase is Phase.OVER:
        return f"{maintenance.name} is over. Its targets are being checked."
    return f"{maintenance.name} ends {at(maintenance.ends_at)}."


def during_words(maintenance: Maintenance) -> str:
    """Of what was measured meanwhile: "Trouble is expected: maintenance M-3 until 23:30"."""
    until = maintenance.ended_at or maintenance.ends_at
    return f"Trouble is expected: maintenance {maintenance.name} until {at(until)}."


def _listed(shown: ShownMaintenance) -> str:
    maintenance = shown.maintenance
    why = f": {foreign(maintenance.why, 80)}" if maintenance.why else ""
    return f"{BLUE} *{maintenance.name}* {listed_titles(shown.titles)}, {_when(maintenance)}{why}"


def _when(maintenance: Maintenance) -> str:
    return f"until {at(maintenance.ends_at)}" if maintenance.phase is Phase.GOING else _from_until(maintenance)


def _from_until(maintenance: Maintenance) -> str:
    """Where it is long the day on which it ends is said, since its time alone may be another day's."""
    long = maintenance.ends_at - maintenance.begins_at > LONG
    return f"{at(maintenance.begins_at)} until {(at if long else clock_time)(maintenance.ends_at)}"


def _first(shown: ShownMaintenance) -> str:
    maintenance, titles = shown.maintenance, listed_titles(shown.titles)
    match maintenance.phase:
        case Phase.PLANNED:
            return f"{BLUE} *{titles}: maintenance {_from_until(maintenance)}*"
        case Phase.GOING:
            if shown.late:
                return f"{BLUE} *{titles}: maintenance goes on, planned until {clock_time(maintenance.ends_at)}*"
            return f"{BLUE} *{titles}: maintenance until {at(maintenance.ends_at)}*"
        case Phase.CANCELLED:
            return f":white_circle: *{titles}: maintenance called off*"
    sign = sweep_mark(shown.sweep) if shown.sweep else ":white_circle:"
    since = f" since {clock_time(maintenance.ended_at)}" if maintenance.ended_at else ""
    return f"{sign} *{titles}: maintenance over{since}*"


def _why(maintenance: Maintenance) -> str:
    return link(maintenance.url, maintenance.why) if maintenance.url else foreign(maintenance.why, _WHY_MAX)


def _beside(shown: ShownMaintenance) -> list[str]:
    match shown.maintenance.phase:
        case Phase.GOING:
            return ["Alerts and rises are expected and wake no one."]
        case Phase.OVER if shown.sweep:
            result = shown.sweep.sweep.result
            if result:
                return [f"{summary(result)}."]
            return [f"Checking: {shown.sweep.done} of {shown.sweep.asked} done…"]
        case Phase.OVER:
            return ["Not checked: another maintenance goes on."]
    return []


def _small(maintenance: Maintenance) -> str:
    who = f"by {person(maintenance.planned_by)}" if maintenance.planned_by else "from the status page"
    changes = [_change(change) for change in maintenance.changes[-_CHANGES_SHOWN:]]
    return " · ".join([f"{maintenance.name} {who}", *changes])


def _change(change: Change) -> str:
    by = f" by {person(change.by)}" if change.by else ""
    words = {
        ChangeKind.MOVED: "moved",
        ChangeKind.LONGER: "made longer",
        ChangeKind.SHORTER: "made shorter",
        ChangeKind.TARGETS: "other targets",
        ChangeKind.ENDED: "ended early",
        ChangeKind.CANCELLED: "called off",
    }
    return f"{words[change.kind]} {clock_time(change.at)}{by}"


def _buttons(shown: ShownMaintenance) -> list[Block]:
    """What people typed people change here; what a page says is changed there."""
    maintenance, value = shown.maintenance, str(shown.maintenance.id)
    if maintenance.page or not maintenance.live:
        return []
    if maintenance.phase is Phase.PLANNED:
        sure = confirm("Call off the maintenance", "Trouble of these targets will be announced as ever.", "Call Off")
        return [button("Call Off…", CANCEL, value, confirm=sure)]
    return [button("End Now", END, value), button(f"{LONGER_MIN} Min Longer", LONGER, value)]
