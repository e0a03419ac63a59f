"""The message that lists tickets."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, confirm, context, fitted, section
from bot.slack.text import at, clock_time, foreign, link, person, plural
from bot.tickets.collection import Collected, LinkedTicket, LinkState, NamedTickets, Watch, growth

CONFIRM = "ticket_confirm"
REJECT = "ticket_reject"
CONFIRM_ALL = "ticket_confirm_all"
UNDO = "ticket_undo"
OLDER = "ticket_older"
NEWER = "ticket_newer"
_LISTED = 20


def card(collected: Collected, *, per_page: int) -> Content:
    """Count, growth and one page of tickets; confirmed ones come after those that wait for a decision."""
    summary = _summary(collected)
    pages = max(1, -(-len(collected.tickets) // per_page))
    page = min(collected.watch.page, pages - 1)
    blocks: list[Block] = [section(summary)]
    for ticket in collected.tickets[page * per_page : (page + 1) * per_page]:
        blocks += _ticket(collected.watch.investigation_id, ticket)
    controls = _controls(collected, page, pages)
    last = [actions(*controls)] if controls else []
    last += [context(_small(collected, page, pages))]
    return Content(summary, fitted(blocks, last=last))


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


def undone(back: Sequence[int], kept: Sequence[int]) -> str:
    """To whoever took it back; what others decided since stays."""
    lines = [f"Undone: {_numbers(back)}."] if back else [] if kept else ["That was undone already."]
    return " ".join([*lines, *([f"Decided since, so left as it is: {_numbers(kept)}."] if kept else [])])


def _numbers(ticket_ids: Iterable[int]) -> str:
    listed = list(ticket_ids)
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return ", ".join(f"#{number}" for number in listed[:_LISTED]) + more


def ticket_value(investigation_id: int, ticket_id: int) -> str:
    """A button's value; `read_ticket_value` is the inverse."""
    return f"{investigation_id} {ticket_id}"


def read_ticket_value(value: str) -> tuple[int, int]:
    investigation_id, ticket_id = value.split(" ")
    return int(investigation_id), int(ticket_id)


def confirm_all_value(watch: Watch, suggested: Sequence[LinkedTicket] = ()) -> str:
    """A button's value: the list as of when is meant; `read_confirm_all_value` is the inverse.

    People suggest tickets between two searches.
    """
    named = [ticket.found_at for ticket in suggested if ticket.found_at]
    return f"{watch.investigation_id} {max([watch.last_ok_at or watch.since, *named]).isoformat()}"


def read_confirm_all_value(value: str) -> tuple[int, datetime]:
    investigation_id, moment = value.split(" ")
    return int(investigation_id), datetime.fromisoformat(moment)


def _summary(collected: Collected) -> str:
    watch = collected.watch
    if watch.failing_since:
        return (
            f":ticket: *Zendesk unreachable since {clock_time(watch.failing_since)}, retrying* "
            f"({foreign(watch.failure, 200)})"
        )
    if watch.total is None:
        return ":ticket: *Searching Zendesk…*"
    if not collected.total:
        return ":ticket: *No matching tickets* in the time searched."
    added = len(collected.added)
    by_hand = f", {added} added by hand" if added else ""
    matching = plural(collected.total - added, "matching ticket")
    parts = [f":ticket: *{matching}{by_hand}* since {at(watch.since)}"]
    parts.append(growth(collected) or _last_hour(collected))
    parts += [f"{collected.saying} of them with “{foreign(watch.symptom, 60)}”"] if collected.saying else []
    return " · ".join(part for part in parts if part)


def _last_hour(collected: Collected) -> str:
    """The number alone: compared with the hours before it would only tell of chance."""
    return f"{collected.counts.last_hour} in the last hour" if collected.counts else ""


def _ticket(investigation_id: int, ticket: LinkedTicket) -> list[Block]:
    new = ":new: " if ticket.new else ""
    name = link(ticket.url, f"#{ticket.ticket_id} {ticket.subject}")
    trouble = f" · tag not set: {foreign(ticket.tag_failure, 100)}" if ticket.tag_failure else ""
    value = ticket_value(investigation_id, ticket.ticket_id)
    named = f" · suggested by {person(ticket.added_by)}" if ticket.added_by else ""
    line = section(f"{new}{name}\n{foreign(ticket.status)} · {at(ticket.created_at)}{named}{trouble}")
    not_this = button("Not this", REJECT, value)
    if ticket.state is LinkState.CONFIRMED:
        confirmed = section(f":white_check_mark: {name}\n{foreign(ticket.status)} · confirmed{trouble}")
        return [confirmed | {"accessory": not_this}]
    return [line, actions(button("Confirm", CONFIRM, value, style="primary"), not_this)]


def _controls(collected: Collected, page: int, pages: int) -> list[Block]:
    number = collected.watch.investigation_id
    waiting = len(collected.suggested)
    controls = []
    if waiting > 1:
        asks = confirm(
            f"Confirm all {waiting}?",
            f"Also those on the other pages. Each gets the tag of INV-{number} in Zendesk.",
            f"Confirm {waiting}",
        )
        value = confirm_all_value(collected.watch, collected.suggested)
        controls.append(button(f"Confirm all {waiting}", CONFIRM_ALL, value, confirm=asks))
    if page > 0:
        controls.append(button("Newer", NEWER, ticket_value(number, page - 1)))
    if page < pages - 1:
        controls.append(button("Older", OLDER, ticket_value(number, page + 1)))
    return controls


def _small(collected: Collected, page: int, pages: int) -> str:
    watch = collected.watch
    rejected = f" · {len(collected.rejected)} not this" if collected.rejected else ""
    checked = f" · searched {clock_time(watch.last_ok_at)}" if watch.last_ok_at else ""
    ended = "" if watch.active else " · no longer searched"
    left = _left_out(collected.left_out)
    return f"{len(collected.confirmed)} confirmed{rejected}{left} · page {page + 1} of {pages}{checked}{ended}"


def _left_out(tickets: Sequence[LinkedTicket]) -> str:
    """How many a search finds that are not offered, and why."""
    elsewhere = Counter(ticket.elsewhere for ticket in tickets if ticket.elsewhere)
    unfit = Counter(ticket.unfit for ticket in tickets if not ticket.elsewhere)
    parts = [f"{count} in INV-{number}" for number, count in elsewhere.most_common(3)]
    parts += [f"{count} about {_UNFIT[why]}" for why, count in unfit.most_common() if why in _UNFIT]
    return f" · not offered: {', '.join(parts)}" if parts else ""


_UNFIT = {"platform": "another platform", "target": "another target", "topic": "something else"}
