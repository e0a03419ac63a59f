"""The messages of a handover: to whoever is asked, in the thread, and at the end of an owner's day. Pure."""

from collections.abc import Sequence

from bot.handovers.model import Handover, HandoverState, Offer, OfferState, Why
from bot.handovers.note import marked, record
from bot.investigations.above import Above
from bot.investigations.cards import OPEN_LINK, owner_words
from bot.investigations.model import Investigation
from bot.investigations.overview import Overview
from bot.messages.model import Content
from bot.names import names_listed
from bot.slack.blocks import (
    actions,
    button,
    context,
    fitted,
    link_button,
    message,
    section,
    sections,
    select,
    user_select,
    written,
)
from bot.slack.text import at, clock_time, foreign, person, plural

ACCEPT = "handover_accept"
DECLINE = "handover_decline"
HAND_OVER = "handover_open"
TAKE = "handover_take"
WHO = "day_end_who"
HAND_OVER_ALL = "day_end_hand_over"
KEEP = "day_end_keep"

MARK = ":handshake:"


def waits(handover: Handover) -> str:
    """For the card: whom it waits for, and since when."""
    return f"{MARK} Handover to {person(handover.receiver)} waits since {clock_time(handover.asked_at)}"


def asked(handover: Handover, overview: Overview, above: Above, *, in_thread: bool = False) -> Content:
    """The message to whoever is asked: with the note while they have to know it, then what became of it.

    Who wants no direct messages about it is called in the thread.
    """
    called = f"{person(handover.receiver)}: " if in_thread else ""
    first = f"{called}{_to_receiver(handover, overview)}"
    if handover.state not in (HandoverState.PENDING, HandoverState.ACCEPTED):
        return message(first)
    note = written(handover.note, quoted=True) if handover.note else []
    lines = [] if handover.whole else marked(record(overview, above))
    value, opened = str(handover.id), [link_button("Open", OPEN_LINK, handover.link)] if handover.link else []
    last = [actions(*opened)] if opened else []
    if handover.pending:
        answers = button("Accept", ACCEPT, value, style="primary"), button("Decline", DECLINE, value)
        last = [context(_until(handover, overview)), actions(*answers, *opened)]
    return Content(first, fitted([section(first), *note, *sections(lines)], last=last))


def outcome(handover: Handover, overview: Overview) -> Content | None:
    """Tells in the thread whoever asked, and an owner who did not; None while it waits."""
    words = _outcome(handover, overview)
    if not words:
        return None
    people = dict.fromkeys((handover.asked_by, handover.owner if handover.state is HandoverState.ACCEPTED else ""))
    names = [person(user) for user in people if user and user != handover.settled_by]
    line = f"{MARK} {names_listed(names)}{':' if len(names) > 1 else ','} {words}"
    again = handover.state in (HandoverState.DECLINED, HandoverState.EXPIRED) or handover.why == Why.GONE
    if not again or not overview.investigation.live:
        return Content(line)
    return message(line, actions(button("Hand Over…", HAND_OVER, str(handover.investigation_id))))


def owner_is_away(investigation: Investigation, owner: str, absence: str) -> Content:
    """The answer to a claim of what an absent owner has."""
    line = f"{person(owner)} owns {investigation.name} and {foreign(absence, 200)}."
    take = button("Take It Over", TAKE, str(investigation.id))
    return Content(line, (section(f"{line}\nIf you take it over, they're told and stay a helper."), actions(take)))


def asked_while_away(handover: Handover, absence: str) -> str:
    """The answer to whoever asks somebody who is not there."""
    until = at(handover.expires_at)
    return f"{person(handover.receiver)} {foreign(absence, 200)}. They have until {until} to answer."


def day_end(offer: Offer, still_open: Sequence[tuple[Overview, Handover | None]]) -> Content:
    """Asks an owner at the end of their day who takes what is open, and says what they answered."""
    free = [overview for overview, handover in still_open if not handover]
    count = plural(len(offer.investigations), "investigation")
    first = f":city_sunset: Your day ends at {clock_time(offer.ends_at)} with {count} open."
    if not still_open:
        return Content(first, (section(f"{first}\nNone of them is yours any more."),))
    lines = [_open_line(overview) for overview, _ in still_open]
    lines += _asked_for([handover for _, handover in still_open if handover])
    if offer.state is OfferState.KEPT:
        lines.append(f"You keep {names_listed([overview.investigation.name for overview in free])}." if free else "")
    blocks = [section(first), *sections([line for line in lines if line])]
    if offer.state is not OfferState.OFFERED or not free:
        return Content(first, fitted(blocks))
    options = [(f"@{choice.name}", choice.user) for choice in offer.choices]
    initial = offer.choices[0].user if len(offer.choices) == 1 else ""
    menu = select(WHO, options, initial=initial, placeholder="Who takes it?") if options else user_select(WHO)
    value = str(offer.id)
    press = [button("Hand Over", HAND_OVER_ALL, value, style="primary"), button("Keep It", KEEP, value)]
    return Content(first, fitted(blocks, last=[actions(menu, *press, block_id=WHO)]))


def _asked_for(waiting: Sequence[Handover]) -> list[str]:
    """Who is asked for what already, a line a person."""
    lines = []
    for receiver in dict.fromkeys(handover.receiver for handover in waiting):
        theirs = [handover for handover in waiting if handover.receiver == receiver]
        names = names_listed([handover.name for handover in theirs])
        lines.append(f"{MARK} {person(receiver)} is asked for {names} since {clock_time(theirs[0].asked_at)}.")
    return lines


def _open_line(overview: Overview) -> str:
    investigation = overview.investigation
    symptom = f": {foreign(investigation.symptom, 100)}" if investigation.symptom else ""
    return f"*{investigation.name}* {foreign(overview.target.title)}{symptom}"


def _to_receiver(handover: Handover, overview: Overview) -> str:
    by, what = person(handover.asked_by), f"{handover.name} {foreign(overview.target.title)}"
    when = clock_time(handover.settled_at) if handover.settled_at else ""
    match handover.state:
        case HandoverState.PENDING:
            return f"{MARK} {by} asks you to take over {what}."
        case HandoverState.ACCEPTED:
            return f":white_check_mark: You have {what} since {when}, from {by}."
        case HandoverState.DECLINED:
            return f":heavy_minus_sign: You declined {what} at {when}."
        case HandoverState.EXPIRED:
            return f":hourglass: {by} asked you to take over {what}, until {at(handover.expires_at)}."
    return f":heavy_minus_sign: You don't need to take {what} any more. {_why(handover, overview)}"


def _why(handover: Handover, overview: Overview) -> str:
    """Why nobody waits any more, for whoever was asked."""
    if handover.why == Why.REPLACED:
        return f"{person(handover.settled_by)} asked somebody else."
    if handover.why == Why.TAKEN_BACK:
        return f"{person(handover.settled_by)} keeps it."
    if handover.why == Why.RELEASED and not overview.investigation.owner:
        return "No one owns it now."
    return f"{owner_words(overview)}."


def _until(handover: Handover, overview: Overview) -> str:
    owner = overview.investigation.owner
    has = f"{person(owner)} owns it until you accept" if owner else "No one has it until you accept"
    return f"{has}. Answer by {at(handover.expires_at)}."


def _outcome(handover: Handover, overview: Overview) -> str:
    receiver, name, owner = person(handover.receiver), handover.name, overview.investigation.owner
    if handover.state is HandoverState.ACCEPTED:
        return f"{receiver} has {name} now."
    still = _still(handover, overview)
    if handover.state is HandoverState.DECLINED:
        return f"{receiver} declined {name}. {still}"
    if handover.state is HandoverState.EXPIRED:
        return f"{receiver} didn't answer about {name}. {still}"
    if handover.why == Why.GONE:
        return f"{receiver} has left and can't take {name}. {still}"
    if handover.why == Why.CLAIMED and owner:
        return f"{person(owner)} has {name} now, so {receiver} isn't asked any more."
    return ""


def _still(handover: Handover, overview: Overview) -> str:
    """Whose it is, for whoever asked."""
    owner = overview.investigation.owner
    if not overview.investigation.live or not owner:
        return f"{owner_words(overview)}." if owner else "No one owns it."
    return "You still own it." if owner == handover.asked_by else f"{person(owner)} still owns it."
