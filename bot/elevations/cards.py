"""What a team sees of elevated tickets: one message for several, the list behind it, a line of `/t2 status`. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import groupby

from bot.elevations.model import (
    AboutTarget,
    ElevatedTicket,
    ElevationStatus,
    GatheredTickets,
    GatheringKind,
    Mode,
    TakenBy,
)
from bot.elevations.wording import waited
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, context, fitted, section, sections
from bot.slack.text import at, clock_time, foreign, link, plural

INVESTIGATE = "elevation_investigate"
SHOW = "elevation_show"
TARGETS_MAX = 4
LISTED_MAX = 30
SUBJECT_MAX = 80

TAKEN_WORDS: Mapping[TakenBy, str] = {
    TakenBy.ASSIGNED: "assigned",
    TakenBy.REPLIED: "answered",
    TakenBy.SOLVED: "solved",
    TakenBy.MOVED: "in another group",
    TakenBy.GONE: "deleted",
    TakenBy.INVESTIGATED: "in an investigation",
}

Title = Callable[[str], str]


def message(gathered: GatheredTickets, title: Title) -> Content:
    """The one message about several tickets; `title` says what people call a target."""
    kind = gathered.gathering.kind
    headline = _HEADLINES[kind](gathered, title)
    small = context("\n".join(line for line in _SMALL[kind](gathered) if line))
    show = button("Show", SHOW, str(gathered.gathering.id))
    if kind is not GatheringKind.MOVED:  # the others are Tier 1's, and not looked into from here
        return Content(headline, (section(headline), small, actions(show)))
    waiting = [about for about in gathered.by_target if about.target and about.waiting][:TARGETS_MAX]
    offers = [_investigate(gathered, about.target, place) for place, about in enumerate(waiting)]
    rows = [
        section(f"{about.count} about {foreign(title(about.target))}", accessory=offer)
        for about, offer in zip(waiting[1:], offers[1:], strict=True)
    ]
    return Content(headline, (section(headline), *rows, small, actions(*offers[:1], show)))


def listing(gathered: GatheredTickets, title: Title) -> Content:
    """The first tickets of a message by target, for whoever asked."""
    listed, lines = gathered.tickets[:LISTED_MAX], list[str]()
    for target, tickets in groupby(listed, key=lambda ticket: ticket.target):
        lines.append(f"*{_about(target, title)}*")
        lines += map(_line, tickets)
    left, moved = gathered.count - len(listed), gathered.gathering.kind is GatheringKind.MOVED
    tag = "; in Zendesk they have the tag `secondline-elevated`" if moved else ""
    lines += [f"and {left} more{tag}"] if left else []
    text = f"{plural(gathered.count, 'ticket')} from Tier 1"
    return Content(text, fitted(sections(lines or ["No ticket is kept of it."])))


def status_lines(status: ElevationStatus) -> list[str]:
    """For `/t2 status`; nothing where elevation is off."""
    if status.mode is Mode.OFF:
        return []
    after, dry = waited(status.after), status.mode is Mode.DRY
    done = f"{plural(status.today, 'ticket')} {'would have gone' if dry else 'in the last 24 h'}"
    ends = f", dry run until {at(status.ends_at)}" if status.ends_at else ", dry run" if dry else ""
    more = f", {status.waiting} to come" if status.waiting else ""
    lines = [f":inbox_tray: Elevation after {after} without a reply: {done}{more}{ends}"]
    lines += [f":warning: Zendesk has no group called {foreign(name)}, see `/t2 check`" for name in status.problems]
    if status.failing_since:
        since = clock_time(status.failing_since)
        lines += [f":warning: Elevation waits for Zendesk since {since} ({foreign(status.failure)})"]
    refused = plural(status.refused, "ticket")
    return lines + ([f":warning: Zendesk refused to move {refused}; the log says why"] if status.refused else [])


def read_investigate_value(value: str) -> tuple[int, str]:
    """The message and the target of a button."""
    number, _, target = value.partition(":")
    return int(number), target


def _moved(gathered: GatheredTickets, title: Title) -> str:
    if not gathered.waiting:
        return f":white_check_mark: *{plural(gathered.count, 'elevated ticket')}*, all taken"
    return f":inbox_tray: *{plural(gathered.count, 'ticket')} elevated*{_most(gathered, title)}"


def _dry(gathered: GatheredTickets, title: Title) -> str:
    tickets = plural(gathered.count, "ticket")
    return f":test_tube: *Dry run: {tickets} would be elevated*{_most(gathered, title)}"


def _old(gathered: GatheredTickets, title: Title) -> str:
    stay = "older ticket stays" if gathered.count == 1 else "older tickets stay"
    return f":hourglass: *{gathered.count} {stay} with Tier 1*{_most(gathered, title)}"


def _small_of_moved(gathered: GatheredTickets) -> list[str]:
    taken: Counter[TakenBy] = Counter()
    where: Counter[int] = Counter()
    for tally in gathered.tallies:
        taken[tally.taken] += tally.count
        if tally.taken is TakenBy.INVESTIGATED:
            where[tally.investigation_id or 0] += tally.count
    parts = [f"{count} in INV-{number}" for number, count in sorted(where.items())]
    desk = {why: words for why, words in TAKEN_WORDS.items() if why is not TakenBy.INVESTIGATED}
    parts += [f"{taken[why]} {words}" for why, words in desk.items() if taken[why]]
    waiting = gathered.waiting
    parts += [f"{waiting} still {'waits' if waiting == 1 else 'wait'}"] if parts and waiting else []
    earlier = f"{gathered.earlier} from earlier messages still {'waits' if gathered.earlier == 1 else 'wait'}."
    why = f"No reply from Tier 1 for {waited(gathered.after)} or more."
    return [why, f"{', '.join(parts)}." if parts else "", earlier if gathered.earlier else ""]


def _small_of_dry(gathered: GatheredTickets) -> list[str]:
    ends = f" The dry run ends {at(gathered.ends_at)}." if gathered.ends_at else ""
    old = f"{plural(gathered.old, 'older ticket')} would stay with Tier 1." if gathered.old else ""
    return [f"No reply for {waited(gathered.after)} or more. Nothing was changed in Zendesk.{ends}", old]


def _small_of_old(gathered: GatheredTickets) -> list[str]:
    return [
        f"They had no reply for {waited(gathered.oldest)} when elevation began, so they were not moved.",
        "Look through them once, and move what is still needed.",
    ]


_HEADLINES = {GatheringKind.MOVED: _moved, GatheringKind.DRY: _dry, GatheringKind.OLD: _old}
_SMALL = {
    GatheringKind.MOVED: _small_of_moved,
    GatheringKind.DRY: _small_of_dry,
    GatheringKind.OLD: _small_of_old,
}


def _most(gathered: GatheredTickets, title: Title) -> str:
    """Says what most of those are about that nobody took."""
    first = gathered.by_target[0] if gathered.tallies else AboutTarget("", 0, 0)
    if not first.target or not first.waiting:
        return ""
    about = f"about {foreign(title(first.target))}"
    if first.count < gathered.count:
        return f", {first.count} {about}"
    return f", {about}" if first.count == 1 else f", both {about}" if first.count == 2 else f", all {about}"


def _about(target: str, title: Title) -> str:
    return foreign(title(target)) if target else "No known target"


def _investigate(gathered: GatheredTickets, target: str, place: int) -> Block:
    value, style = f"{gathered.gathering.id}:{target}", "" if place else "primary"
    return button("Investigate", f"{INVESTIGATE}_{place}", value, style=style)


def _line(ticket: ElevatedTicket) -> str:
    name = link(ticket.url, f"#{ticket.ticket_id} {ticket.subject[:SUBJECT_MAX]}")
    since = f" · no reply since {at(ticket.since)}" if ticket.since else ""
    return f"• {name}{since}{_taken(ticket)}"


def _taken(ticket: ElevatedTicket) -> str:
    if ticket.taken is TakenBy.INVESTIGATED and ticket.investigation_id:
        return f" · in INV-{ticket.investigation_id}"
    return f" · {TAKEN_WORDS[ticket.taken]}" if ticket.taken else ""
