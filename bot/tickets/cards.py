"""The message that lists tickets."""

from datetime import datetime

from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, context, fitted, section
from bot.slack.text import at, clock_time, foreign, link, plural
from bot.tickets.collection import Collected, LinkedTicket, LinkState, Watch, growth

CONFIRM = "ticket_confirm"
REJECT = "ticket_reject"
CONFIRM_ALL = "ticket_confirm_all"
OLDER = "ticket_older"
NEWER = "ticket_newer"


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


def ticket_value(investigation_id: int, ticket_id: int) -> str:
    """A button's value; `read_ticket_value` is the inverse."""
    return f"{investigation_id} {ticket_id}"


def read_ticket_value(value: str) -> tuple[int, int]:
    investigation_id, ticket_id = value.split(" ")
    return int(investigation_id), int(ticket_id)


def confirm_all_value(watch: Watch) -> str:
    """A button's value: the list as of which search is meant; `read_confirm_all_value` is the inverse."""
    return f"{watch.investigation_id} {(watch.last_ok_at or watch.since).isoformat()}"


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
    parts += [f"{watch.saying} of them with “{foreign(watch.symptom, 60)}”"] if watch.saying else []
    return " · ".join(part for part in parts if part)


def _last_hour(collected: Collected) -> str:
    """The number alone: compared with the hours before it would only tell of chance."""
    return f"{collected.counts.last_hour} in the last hour" if collected.counts else ""


def _ticket(investigation_id: int, ticket: LinkedTicket) -> list[Block]:
    new = ":new: " if ticket.new else ""
    name = link(ticket.url, f"#{ticket.ticket_id} {ticket.subject}")
    trouble = f" · tag not set: {foreign(ticket.tag_failure, 100)}" if ticket.tag_failure else ""
    value = ticket_value(investigation_id, ticket.ticket_id)
    line = section(f"{new}{name}\n{foreign(ticket.status)} · {at(ticket.created_at)}{trouble}")
    not_this = button("Not this", REJECT, value)
    if ticket.state is LinkState.CONFIRMED:
        confirmed = section(f":white_check_mark: {name}\n{foreign(ticket.status)} · confirmed{trouble}")
        return [confirmed | {"accessory": not_this}]
    return [line, actions(button("Confirm", CONFIRM, value, style="primary"), not_this)]


def _controls(collected: Collected, page: int, pages: int) -> list[Block]:
    number = collected.watch.investigation_id
    waiting = len(collected.suggested)
    controls = (
        [button(f"Confirm all {waiting}", CONFIRM_ALL, confirm_all_value(collected.watch))] if waiting > 1 else []
    )
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
    return f"{len(collected.confirmed)} confirmed{rejected} · page {page + 1} of {pages}{checked}{ended}"
