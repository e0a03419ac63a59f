"""The message that lists tickets: people tick them, and say whether they belong to the investigation."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from bot.messages.model import Block, Content
from bot.names import few_named, names_listed
from bot.reading.judgement import Apart
from bot.slack.blocks import actions, button, confirm, context, fitted, plain, section
from bot.slack.text import OPTION_MAX, at, clock_time, foreign, link, person, plural
from bot.tickets.collection import (
    Collected,
    LinkedTicket,
    ListPart,
    NamedTickets,
    TicketMove,
    growth,
    matching,
    symptom_words,
)
from bot.tickets.fitting import WEAK
from bot.tickets.listing import Decisions, TicketPage, decisions, page_of

TICK = "ticket_tick"
RELATED = "ticket_related"
UNRELATED = "ticket_unrelated"
CONFIRM_ALL = "ticket_confirm_all"
UNDO = "ticket_undo"
UNDO_DECISION = "ticket_undo_decision"
MOVE = "ticket_move"
UNDO_MOVE = "ticket_undo_move"
OLDER = "ticket_older"
NEWER = "ticket_newer"
SHOW = "ticket_show"
TICKS = "tickets-"
"""Begins the id of every block of check boxes. It names page and part, so that ticks survive each edit."""
_LISTED = 20
_USUAL = ("new", "open")
_LINKS_MAX = 1200
_PEOPLE = 3


def card(collected: Collected, *, per_page: int) -> Content:
    """One page of check boxes, and under them what was decided: nothing above a finger ever grows."""
    headline, page = _headline(collected), page_of(collected, per_page)
    blocks: list[Block] = [section(headline)]
    for part, tickets in groupby(page.tickets, key=lambda ticket: ticket.listed_as):
        blocks += _part(collected, part, list(tickets), page.number)
    last = _controls(collected, page) + _newer(collected) + _decided(collected)
    small = _small(collected, page)
    return Content(_summary(collected, headline), fitted(blocks, last=[*last, *([context(small)] if small else [])]))


def receipt(
    named: NamedTickets, investigation_id: int, *, loose: Sequence[int] = (), removed: bool = False
) -> Content | str:
    """To whoever named tickets: what was taken, what was left out and why, and a way back.

    `loose` are numbers that may be tickets or not.
    """
    name = f"INV-{investigation_id}"
    if removed:
        done = f"Taken off {name}: {_numbers(named.taken)}."
    elif named.confirmed:
        done = f"Added to {name}: {_numbers(named.taken)}."
    else:
        done = f"Suggested for {name}: {_numbers(named.taken)}. Tier 2 decides."
    lines = [done] if named.taken else []
    already = "off the list" if removed else "on the list"
    lines += [f"Already {already}: {_numbers(named.same)}."] if named.same else []
    where = f"not on the list of {name}" if removed else "not in Zendesk"
    left = [f"{_numbers(named.missing)} ({where})"] if named.missing else []
    left += [f"#{number} ({person(who)} took it off)" for number, who in list(named.ruled_out.items())[:10]]
    left += [f"{', '.join(map(str, loose[:10]))} (write # before the number of a ticket)"] if loose else []
    lines += [f"Left out: {', '.join(left)}."] if left else []
    text = "\n".join(lines)
    undo = actions(button("Undo", UNDO, str(named.receipt)))
    return Content(text, (section(text), undo)) if named.receipt else text


def moved(move: TicketMove, missing: Sequence[int]) -> Content:
    """To whoever moved tickets: where they are, what was left out, and a way back."""
    done = f"Moved to INV-{move.into_id}: {_numbers([*map(int, move.kept), *move.pasted])}."
    left = f"\nLeft out: {_numbers(missing)} (not on the list of INV-{move.investigation_id})." if missing else ""
    text = f"{done}{left}"
    return Content(text, (section(text), actions(button("Undo", UNDO_MOVE, str(move.id)))))


def undone(back: Sequence[int], kept: Sequence[int]) -> str:
    """To whoever took it back; what others decided since stays."""
    lines = [f"Undone: {_numbers(back)}."] if back else [] if kept else ["That was undone already."]
    return " ".join([*lines, *([f"Decided since, so left as it is: {_numbers(kept)}."] if kept else [])])


def _numbers(ticket_ids: Iterable[int]) -> str:
    return few_named(tuple(ticket_ids), _LISTED, name="#{}".format)


def ticket_value(investigation_id: int, number: int) -> str:
    """A button's value: an investigation, and a number such as a page's; `read_ticket_value` is the inverse."""
    return f"{investigation_id} {number}"


def read_ticket_value(value: str) -> tuple[int, int]:
    investigation_id, number = value.split(" ")
    return int(investigation_id), int(number)


def confirm_all_value(collected: Collected) -> str:
    """A button's value: the list as of when is meant; `read_confirm_all_value` is the inverse."""
    listed = [ticket.listed_at for ticket in collected.waiting if ticket.listed_at]
    return f"{collected.watch.investigation_id} {max(listed, default=collected.watch.since).isoformat()}"


def read_confirm_all_value(value: str) -> tuple[int, datetime]:
    investigation_id, moment = value.split(" ")
    return int(investigation_id), datetime.fromisoformat(moment)


def _headline(collected: Collected) -> str:
    watch = collected.watch
    if watch.failing_since:
        return (
            f"*Zendesk unreachable since {clock_time(watch.failing_since)}, retrying* ({foreign(watch.failure, 200)})"
        )
    if watch.total is None:
        return "*Searching Zendesk for tickets…*"
    if not collected.total:
        return f"*No matching tickets* since {at(watch.since)}. Paste links or numbers to add some."
    added = len(collected.added)
    by_hand = f", {added} added by hand" if added else ""
    matched, about = collected.total - added, "About " if collected.about else ""
    return f"*{about}{matching(matched)}{by_hand}* since {at(watch.since)}"


def _summary(collected: Collected, headline: str) -> str:
    """What a notification says: the card tells how they grow, who sees no card hears it here."""
    rise = growth(collected)
    return f"{headline} · {rise}" if rise and not collected.watch.failing_since else headline


def _words(collected: Collected) -> str:
    """What tickets must hold to stand first."""
    return f"“{foreign(' '.join(symptom_words(collected.watch.symptom)), 60)}”"


def _part(collected: Collected, part: ListPart, tickets: Sequence[LinkedTicket], page: int) -> list[Block]:
    """A small heading with the links, and a check box for each: an option is too short for both."""
    waiting = [ticket for ticket in collected.waiting if ticket.listed_as is part]
    heading = {
        ListPart.TREND: f"{len(waiting)} of the trend",
        ListPart.SAYS: f"{len(waiting)} with {_words(collected)}",
        ListPart.SAME: f"{len(waiting)} about the same in other words",
        ListPart.NAMED: f"{len(waiting)} named by {_namers(waiting)}",
        ListPart.AREA: f"{len(waiting)} of the same area" if _told_apart(collected) else "",
        ListPart.ELSEWHERE: f"{len(waiting)} in another investigation",
    }[part]
    links = _links(tickets)
    boxes: Block = {"type": "checkboxes", "action_id": TICK, "options": [_option(ticket) for ticket in tickets]}
    return [
        context(f"*{heading}:* {links}" if heading else links),
        actions(boxes, block_id=f"{TICKS}{page}-{part}"),
    ]


def _told_apart(collected: Collected) -> bool:
    """Whether some are more than of the same area."""
    return any(ticket.listed_as in _NEARER for ticket in collected.listed)


def _namers(tickets: Sequence[LinkedTicket]) -> str:
    names = list(dict.fromkeys(person(ticket.added_by) for ticket in tickets if ticket.added_by)) or ["people"]
    if len(names) > _PEOPLE:
        names = [*names[:_PEOPLE], plural(len(names) - _PEOPLE, "other person", "other people")]
    return names_listed(names)


def _links(tickets: Sequence[LinkedTicket]) -> str:
    """The numbers with their links, as many as there is room for."""
    links: list[str] = []
    for ticket in tickets[:_LISTED]:
        one = link(ticket.url, f"#{ticket.ticket_id}")
        if sum(map(len, links)) + len(one) > _LINKS_MAX:
            break
        links.append(one)
    left = len(tickets) - len(links)
    return ", ".join([*links, *([f"{left} more"] if left and links else [])]) or plural(left, "ticket")


def _option(ticket: LinkedTicket) -> Block:
    """A second line only where it says something: that customers wait for an answer is usual."""
    notes = ["came last"] if ticket.new else []
    notes += [f"in INV-{ticket.elsewhere}"] if ticket.elsewhere else []
    notes += [ticket.status] if ticket.status not in _USUAL else []
    note = {"description": plain(" · ".join(notes), OPTION_MAX)} if notes else {}
    text = plain(f"#{ticket.ticket_id} {ticket.subject}", OPTION_MAX)
    return {"text": text, "value": str(ticket.ticket_id)} | note


def _controls(collected: Collected, page: TicketPage) -> list[Block]:
    number, waiting = collected.watch.investigation_id, len(_for_all(collected))
    controls = []
    if page.tickets:
        controls += [
            button("Related", RELATED, str(number), style="primary"),
            button("Not Related", UNRELATED, str(number)),
        ]
    if waiting > 1:
        asks = confirm(f"Confirm all {waiting}?", _covered(collected, page), f"Confirm {waiting}")
        controls += [button(f"Confirm All {waiting}", CONFIRM_ALL, confirm_all_value(collected), confirm=asks)]
    if page.tickets:
        controls += [button("Move…", MOVE, str(number))]
    if page.before is not None:
        controls += [button("Previous", NEWER, ticket_value(number, page.before))]
    if page.after is not None:
        controls += [button("Next", OLDER, ticket_value(number, page.after))]
    return [actions(*controls)] if controls else []


def _for_all(collected: Collected) -> list[LinkedTicket]:
    """What *Confirm All* covers: what is on the list, and not with another investigation."""
    return [ticket for ticket in collected.suggested if ticket.rank is not None]


def _covered(collected: Collected, page: TicketPage) -> str:
    covered = _for_all(collected)
    parts = Counter(ticket.listed_as for ticket in covered)
    words = " ".join(symptom_words(collected.watch.symptom))[:60]
    listed = [f"{parts[ListPart.TREND]} of the trend"] if parts[ListPart.TREND] else []
    listed += [f"{parts[ListPart.SAYS]} with “{words}”"] if parts[ListPart.SAYS] else []
    listed += [f"{parts[ListPart.SAME]} about the same"] if parts[ListPart.SAME] else []
    named, rest = parts[ListPart.NAMED], parts[ListPart.AREA] + parts[ListPart.ELSEWHERE]
    listed += [f"{named} named by people"] if named else []
    listed += [f"{rest} {'of the same area' if words else 'that match'}"] if rest else []
    pages = f", on {page.of} pages" if page.of > 1 else ""
    elsewhere = len(collected.waiting) - len(covered)
    without = [f"the {len(collected.newer)} newer"] if collected.newer else []
    without += [f"{elsewhere} in another investigation"] if elsewhere else []
    left = f" Without {' and '.join(without)}." if without else ""
    tag = f"inv-{collected.watch.investigation_id}"
    return f"{', '.join(listed)}{pages}.{left} Each gets the tag {tag} in Zendesk. You can undo it."


def _newer(collected: Collected) -> list[Block]:
    """What waits behind the list, under it."""
    newer = collected.newer
    if not newer:
        return []
    named = [ticket for ticket in newer if ticket.added_by]
    some = f"{len(named)} " if len(named) < len(newer) else ""
    who = f", {some}named by {_namers(named)}" if named else ""
    show = button("Show", SHOW, str(collected.watch.investigation_id))
    return [section(f"{plural(len(newer), 'newer ticket')}{who}", accessory=show)]


def _decided(collected: Collected) -> list[Block]:
    """The record of what was decided: whose, how many, when; and the way back of the last."""
    people = decisions(collected)
    if not people and not _moved(collected):
        return []
    lines = [_record(made) for made in people[:_PEOPLE]]
    lines += [f"and {plural(len(people) - _PEOPLE, 'other person', 'other people')}"] if len(people) > _PEOPLE else []
    lines += _moved(collected)
    related = f"\nRelated: {_links(collected.confirmed)}" if collected.confirmed else ""
    last = collected.last
    undo = button(f"Undo {len(last.before)}", UNDO_DECISION, str(last.id)) if last else None
    return [section("\n".join(lines) + related, accessory=undo)]


def _record(made: Decisions) -> str:
    """Such as "6 related, 2 not, by @kim 10:42"."""
    counted = [f"{made.related} related"] if made.related else []
    counted += [f"{made.unrelated} not" if made.related else f"{made.unrelated} not related"] if made.unrelated else []
    return f"{', '.join(counted)}, by {person(made.by)}" + (f" {clock_time(made.last_at)}" if made.last_at else "")


def _moved(collected: Collected) -> list[str]:
    """Such as "2 moved to INV-9, by @kim 10:42"."""
    moved_ones = sorted((each for each in collected.rejected if each.moved_to), key=lambda each: each.moved_to or 0)
    lines = []
    for number, group in groupby(moved_ones, key=lambda each: each.moved_to):
        tickets = list(group)
        last = max(tickets, key=lambda each: each.decided_at.timestamp() if each.decided_at else 0.0)
        when = f" {clock_time(last.decided_at)}" if last.decided_at else ""
        lines.append(f"{len(tickets)} moved to INV-{number}, by {person(last.decided_by or '')}{when}")
    return lines


def _small(collected: Collected, page: TicketPage) -> str:
    parts = [f"page {page.at} of {page.of}"] if page.of > 1 else []
    if collected.unread:
        parts += [f"the newest {collected.read} of {collected.read + collected.unread} were read"]
    unfit = Counter(ticket.unfit for ticket in collected.left_out if ticket.unfit)
    left_out = [f"{count} {_unfit(why, count)}" for why, count in unfit.most_common() if why in _UNFIT]
    parts += [f"not listed: {', '.join(left_out)}"] if left_out else []
    parts += [_untagged(collected)] if any(ticket.tag_failure for ticket in collected.tickets) else []
    parts += [] if collected.watch.active else ["no longer searched"]
    small = " · ".join(parts)
    return small[:1].upper() + small[1:]


def _unfit(why: str, count: int) -> str:
    return "that only mentions it" if why == Apart.MENTION and count == 1 else _UNFIT[why]


def _untagged(collected: Collected) -> str:
    failures = [ticket.tag_failure for ticket in collected.tickets if ticket.tag_failure]
    return f"{plural(len(failures), 'tag')} not set in Zendesk: {foreign(failures[0], 100)}"


_NEARER = (ListPart.TREND, ListPart.SAYS, ListPart.SAME)
_UNFIT: Mapping[str, str] = {
    Apart.PLATFORM: "about another platform",
    Apart.TARGET: "about another target",
    Apart.MENTION: "that only mention it",
    Apart.TOPIC: "about something else",
    WEAK: "with little in common",
}
