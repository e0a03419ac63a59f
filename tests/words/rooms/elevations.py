"""Tickets that Tier 1 did not answer: the message, its list, the note in the ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.elevations import cards, wording
from bot.elevations.model import (
    ElevatedTicket,
    ElevationState,
    ElevationStatus,
    ElevationTally,
    GatheredTickets,
    Gathering,
    GatheringKind,
    Mode,
    TakenBy,
)
from tests.words.plain import Message
from tests.words.records import NOW, TARGETS, at

AFTER, OLDEST = timedelta(minutes=15), timedelta(hours=24)
EAST = "Can't connect to New York since this morning"


def title(key: str) -> str:
    return {target.key: target.title for target in TARGETS}.get(key, key)


def ticket(number: int, target: str, subject: str = EAST, *, minutes: float = -22) -> ElevatedTicket:
    return ElevatedTicket(
        ticket_id=number,
        state=ElevationState.ELEVATED,
        subject=subject,
        url=f"https://acme.zendesk.test/agent/tickets/{number}",
        updated_at=at(minutes),
        next_at=NOW,
        target=target,
        team="tech",
        since=at(minutes),
        elevated_at=NOW,
        gathering_id=1,
    )


FOUR = (
    ticket(48201, "us-east", minutes=-41),
    ticket(48202, "us-east", "US East is slow"),
    ticket(48203, "android", "The app closes by itself", minutes=-17),
    ticket(48204, "", "Hello?", minutes=-16),
)
MOVED = Gathering(1, GatheringKind.MOVED, "C1", "tech", NOW)


def gathered(tickets: Sequence[ElevatedTicket], gathering: Gathering = MOVED) -> GatheredTickets:
    tallies = tuple(ElevationTally(each.target, each.taken, each.investigation_id, 1) for each in tickets)
    return GatheredTickets(gathering, tallies, AFTER, OLDEST, tickets=tuple(tickets))


def taken(*how: TakenBy) -> tuple[ElevatedTicket, ...]:
    return tuple(
        replace(each, taken=why, investigation_id=4 if why is TakenBy.INVESTIGATED else None)
        for each, why in zip(FOUR, how, strict=True)
    )


def messages() -> Mapping[str, Message]:
    dry, old = replace(MOVED, kind=GatheringKind.DRY), replace(MOVED, kind=GatheringKind.OLD)
    some = gathered(taken(TakenBy.INVESTIGATED, TakenBy.INVESTIGATED, TakenBy.ASSIGNED, TakenBy.NO))
    every = gathered(taken(TakenBy.SOLVED, TakenBy.REPLIED, TakenBy.MOVED, TakenBy.GONE))
    many = gathered([ticket(48300 + number, "us-east") for number in range(40)])
    states = {
        "four": gathered(FOUR),
        "one": gathered(FOUR[:1]),
        "both about one target": gathered(FOUR[:2]),
        "forty": many,
        "no known target": gathered(FOUR[3:]),
        "some taken, others from before": replace(some, earlier=2),
        "all taken": replace(every, earlier=1),
        "a dry run": replace(gathered(FOUR, dry), old=5, ends_at=at(60 * 24 * 3)),
        "a dry run without an end": gathered(FOUR[:1], dry),
        "older tickets": gathered(FOUR, old),
        "one older ticket": gathered(FOUR[:1], old),
    }
    listed: dict[str, Message] = {f"Message, {name}": cards.message(each, title) for name, each in states.items()}
    listed |= {
        "List": cards.listing(some, title),
        "List, all taken": cards.listing(every, title),
        "List of many": cards.listing(many, title),
        "List of nothing": cards.listing(gathered(()), title),
    }
    status = ElevationStatus(Mode.LIVE, AFTER, today=12)
    away = replace(status, waiting=3, failing_since=at(-4), failure="rate limit reached (429)", refused=1)
    lines = {
        "live": status,
        "Zendesk away": away,
        "a group that isn't there": replace(status, today=0, problems=("T2 Teck",)),
        "dry run": replace(status, mode=Mode.DRY, today=1, ends_at=at(60 * 24 * 3)),
        "dry run without an end": replace(status, mode=Mode.DRY),
        "off": replace(status, mode=Mode.OFF),
    }
    listed |= {f"Lines of /t2 status, {name}": cards.status_lines(each) for name, each in lines.items()}
    listed["Notes in the ticket"] = [
        wording.note(lasted=timedelta(minutes=22), left="Tier 1", group="T2 Tech", target="U.S. East"),
        wording.note(lasted=timedelta(hours=3, minutes=5), left="Tier 1", group="T2 CS", target=""),
    ]
    listed["Waits"] = [wording.waited(timedelta(minutes=minutes)) for minutes in (0.5, 22, 60, 185, 2 * 1440)]
    return listed
