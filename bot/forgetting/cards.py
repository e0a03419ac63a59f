"""What the person sees who has a customer forgotten: one direct message, from the question to the end. Pure."""

from bot.forgetting.model import LINKS_MAX, ForgetOrder, Found, Kind, OrderState, Scope
from bot.messages.model import Block, Content
from bot.names import names_listed
from bot.slack.blocks import actions, button, confirm, context, fitted, section
from bot.slack.text import clock_time, foreign, link, plural, unescape

FORGET_TICKET, FORGET_CUSTOMER, KEEP = "forget_ticket", "forget_customer", "forget_keep"
_BUTTONS = {
    Scope.TICKET: (FORGET_TICKET, "Forget the Ticket", "This ticket"),
    Scope.CUSTOMER: (FORGET_CUSTOMER, "Forget the Customer", "The whole customer"),
}
_PLURALS = {
    Kind.READ: "tickets read",
    Kind.REPLY: "replies",
    Kind.LINE: "lines of timelines",
    Kind.VENDOR: "letters to vendors",
}
_ENDED = {
    OrderState.KEPT: "Nothing was forgotten: you kept it.",
    OrderState.EXPIRED: "Nothing was forgotten: nobody confirmed it within a day. Type `/t2 forget` again.",
}


def order_card(order: ForgetOrder) -> Content:
    """The state of an order. Whom it means stands in it only until it is done."""
    match order.state:
        case OrderState.LOOKING:
            return _said(f":mag: I'm looking for what I have stored of {_whom(order)}…")
        case OrderState.NOBODY:
            return _said(f":mag: {_nobody(order)}")
        case OrderState.ASKED:
            return _asked(order)
        case OrderState.WANTED | OrderState.SEALING:
            return _said(":hourglass: I'm forgetting it. This message says when it's done.")
        case OrderState.WAITING:
            return _waiting(order)
        case OrderState.DONE:
            return _done(order)
    return _said(_ENDED[order.state])


def _said(line: str) -> Content:
    return Content(line, (section(line),))


def _whom(order: ForgetOrder) -> str:
    return f"“{foreign(unescape(order.typed), 80)}”"


def _nobody(order: ForgetOrder) -> str:
    if order.trouble:
        return f"{foreign(order.trouble, 200)}."
    return f"I have nothing stored of {_whom(order)}. Zendesk keeps its own."


def _asked(order: ForgetOrder) -> Content:
    offered = order.scopes
    most = max((found for _, found in offered), key=lambda found: found.places, default=Found())
    have = "has" if most.places == 1 else "have"
    title = f":wastebasket: {plural(most.places, 'place')} {have} something of this customer"
    blocks = [section(f"*{title}*\nYou asked about {_whom(order)}.")]
    blocks += [section(f"*{_BUTTONS[scope][2]}*: {places(found)}") for scope, found in offered]
    blocks += [context(line) for line in (*_trouble(order), *_stays(most), "Zendesk keeps its own.")]
    pressed = [_forget(order, scope, found) for scope, found in offered]
    blocks.append(actions(*pressed, button("Keep It", KEEP, str(order.id))))
    return Content(f"{title}. Forget it?", fitted(blocks))


def _forget(order: ForgetOrder, scope: Scope, found: Found) -> Block:
    action, label, _ = _BUTTONS[scope]
    sure = confirm(
        "Forget it for good?",
        f"{plural(found.places, 'place')} in the database and in my messages. Nobody can bring that back.",
        f"Forget {plural(found.places, 'Place')}",
    )
    return button(label, action, str(order.id), style="danger", confirm=sure)


def _trouble(order: ForgetOrder) -> list[str]:
    if not order.trouble:
        return []
    return [
        f":warning: Zendesk can't be asked: {foreign(order.trouble, 100)}. I know only part of it now; "
        "the rest follows by itself when it's back."
    ]


def _waiting(order: ForgetOrder) -> Content:
    some = bool(order.done.places)
    first = (
        ":hourglass: A part is forgotten, the rest waits for Zendesk" if some else ":hourglass: It waits for Zendesk"
    )
    lines = [f"Gone: {places(order.done)}."] if some else []
    why = f"Zendesk can't be asked: {foreign(order.trouble, 100)}. What only Zendesk knows follows when it's back."
    return Content(first, (section(first), *(context(line) for line in (*lines, why))))


def _done(order: ForgetOrder) -> Content:
    ended = f" at {clock_time(order.ended_at)}" if order.ended_at else ""
    first = f":white_check_mark: Forgotten{ended}: {plural(order.done.places, 'place')}"
    leftover = ["Free space in the database's file has some of it until my next start."] if order.leftover else []
    rest = [
        f"{places(order.done)}.",
        *_stays(order.done),
        *_backups(order),
        *leftover,
        "Private answers in channels stay on a screen until Slack is opened anew.",
        "Zendesk keeps its own. Only counts are kept here.",
    ]
    return Content(first, fitted([section(first), *(context(line) for line in rest)]))


def _backups(order: ForgetOrder) -> list[str]:
    if not order.backups:
        return []
    it = "it is" if order.backups == 1 else "they are"
    return [
        f"{plural(order.backups, 'backup')} may still have it until {it} replaced. "
        "A restored one is cleaned when I start."
    ]


def _stays(found: Found) -> list[str]:
    """What can't be taken back from here, with where it is."""
    lines = []
    if found.links:
        shown = names_listed(link(address, str(number)) for number, address in enumerate(found.links[:LINKS_MAX], 1))
        more = f" and {len(found.links) - LINKS_MAX} more" if len(found.links) > LINKS_MAX else ""
        lines.append(f"Not mine to remove: what colleagues wrote in Slack, and issues of trackers: {shown}{more}.")
    if found.letters:
        lines.append(f"{plural(found.letters, 'letter')} went to a vendor. Ask them to delete it.")
    return lines


def places(found: Found) -> str:
    """ "2 tickets in 1 investigation, 1 log and 3 messages"."""
    parts = []
    for kind in Kind:
        count = found.kinds.get(kind, 0)
        if not count:
            continue
        words = f"{count} {_PLURALS[kind]}" if count > 1 and kind in _PLURALS else plural(count, kind.value)
        if kind is Kind.TICKET and found.investigations:
            words += f" in {plural(len(found.investigations), 'investigation')}"
        parts.append(words)
    return names_listed(parts) or plural(found.places, "place")
