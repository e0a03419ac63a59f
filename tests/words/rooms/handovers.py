"""What people see of a handover: whoever is asked, the thread, and an owner whose day ends."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.handovers import cards, note
from bot.handovers.model import Handover, HandoverChoice, HandoverState, Offer, OfferState, Why
from bot.investigations.above import NOTHING_ABOVE, Above, Told
from bot.investigations.model import EventKind, State
from tests.words.plain import Message
from tests.words.records import KNOWN, LINK, OPEN, RESOLVED, at, event, overview

ASKED = Handover(7, 4, "UKIM", "UJO", at(522), at(552), owner="UKIM", note="The vendor calls at ten.", link=LINK)
SETTLED: dict[str, Any] = {"settled_at": at(530), "settled_by": "UJO"}
RECORD = overview(
    replace(OPEN, state=State.ESCALATED),
    event(EventKind.ESCALATED, 10),
    event(EventKind.NOTE, 20, text="Only customers of one provider."),
    known=(KNOWN,),
)
ABOVE = Above(told=Told(6, at(60)))
OFFER = Offer(
    3,
    "UKIM",
    at(0).date(),
    at(521),
    at(526),
    OfferState.OFFERED,
    (4, 5),
    (HandoverChoice("UJO", "jo"), HandoverChoice("UANA", "ana")),
)
OTHER = overview(replace(OPEN, id=5, symptom=""))


def messages() -> Mapping[str, Message]:
    return {**_asked(), **_outcomes(), **_day_ends()}


def _asked() -> Mapping[str, Message]:
    ended = {
        "accepted": replace(ASKED, state=HandoverState.ACCEPTED, **SETTLED),
        "declined": replace(ASKED, state=HandoverState.DECLINED, **SETTLED),
        "no answer": replace(ASKED, state=HandoverState.EXPIRED, settled_at=at(552)),
        "somebody else is asked": _withdrawn(Why.REPLACED, "UKIM"),
        "the owner keeps it": _withdrawn(Why.TAKEN_BACK, "UKIM"),
    }
    nobodys = overview(replace(OPEN, owner=None))
    return {
        "To whoever is asked": cards.asked(ASKED, RECORD, ABOVE),
        "To whoever is asked, the form has all of it": cards.asked(replace(ASKED, whole=True), RECORD, ABOVE),
        "To whoever is asked, it is nobody's": cards.asked(replace(ASKED, note="", link=""), nobodys, NOTHING_ABOVE),
        **{f"To whoever was asked, {how}": cards.asked(each, RECORD, ABOVE) for how, each in ended.items()},
        "To whoever was asked, released": cards.asked(_withdrawn(Why.RELEASED, ""), nobodys, ABOVE),
        "To whoever was asked, resolved": cards.asked(
            _withdrawn(Why.CLOSED, ""), overview(replace(OPEN, **RESOLVED)), ABOVE
        ),
        "To whoever is asked, in the thread": cards.asked(ASKED, RECORD, ABOVE, in_thread=True),
        "The record, in the form": note.unmarked(note.record(RECORD, ABOVE)),
        "The record, in a message": note.marked(note.record(RECORD, ABOVE)),
        "On the card": cards.waits(ASKED),
        "To whoever asks somebody who is away": cards.asked_while_away(ASKED, "is away (“On vacation”)"),
        "To whoever claims what an absent owner has": cards.owner_is_away(OPEN, "UKIM", "is outside working hours"),
    }


def _outcomes() -> Mapping[str, Message]:
    """What the thread says."""
    for_somebody = replace(ASKED, asked_by="UANA")
    taken = overview(replace(OPEN, owner="URAJ"))
    listed = {
        "accepted": (replace(ASKED, state=HandoverState.ACCEPTED, **SETTLED), RECORD),
        "accepted, for an absent owner": (replace(for_somebody, state=HandoverState.ACCEPTED, **SETTLED), RECORD),
        "declined": (replace(ASKED, state=HandoverState.DECLINED, **SETTLED), RECORD),
        "declined, for an absent owner": (replace(for_somebody, state=HandoverState.DECLINED, **SETTLED), RECORD),
        "declined, it is nobody's": (
            replace(ASKED, owner="", state=HandoverState.DECLINED, **SETTLED),
            overview(replace(OPEN, owner=None)),
        ),
        "no answer": (replace(ASKED, state=HandoverState.EXPIRED), RECORD),
        "no answer, resolved since": (
            replace(ASKED, state=HandoverState.EXPIRED),
            overview(replace(OPEN, **RESOLVED)),
        ),
        "the receiver left": (_withdrawn(Why.GONE, ""), RECORD),
        "somebody else has it": (_withdrawn(Why.CLAIMED, "URAJ"), taken),
    }
    made = {f"In the thread: {how}": cards.outcome(*each) for how, each in listed.items()}
    return {name: content for name, content in made.items() if content}


def _day_ends() -> Mapping[str, Message]:
    alone = replace(OFFER, choices=OFFER.choices[:1])
    both = [(RECORD, None), (OTHER, None)]
    return {
        "End of the day": cards.day_end(OFFER, both),
        "End of the day, one colleague is there": cards.day_end(alone, both),
        "End of the day, nobody is there": cards.day_end(replace(OFFER, choices=()), both),
        "End of the day, one is asked for": cards.day_end(OFFER, [(RECORD, ASKED), (OTHER, None)]),
        "End of the day, handed over": cards.day_end(
            replace(OFFER, state=OfferState.HANDED, chosen="UJO"),
            [(RECORD, ASKED), (OTHER, replace(ASKED, id=8, investigation_id=5))],
        ),
        "End of the day, kept": cards.day_end(replace(OFFER, state=OfferState.KEPT), both),
        "End of the day, nothing is left": cards.day_end(OFFER, []),
    }


def _withdrawn(why: Why, by: str) -> Handover:
    return replace(ASKED, state=HandoverState.WITHDRAWN, why=why, settled_at=at(530), settled_by=by)
