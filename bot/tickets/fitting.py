"""How well tickets fit an investigation, whatever words they have in common: what is read of both is compared. Pure."""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from functools import partial

from bot.reading.judgement import Judgement, Nearness, Shared, judged
from bot.reading.model import Reading, Said, TicketText
from bot.reading.naming import GATEWAY
from bot.targets.model import Catalog
from bot.tickets.collection import TicketWatch
from bot.tickets.model import Ticket
from bot.tickets.stream_model import ReadTicket

Read = Callable[[TicketText], Reading]
"""The reader of the room `reading`. Pure, and safe to call from any thread."""

WEAK = "weak"
"""Why a ticket of an app or a site is left out that has nothing but a word of its search: "login", "android"."""
_TAG = re.compile(r"inv-([1-9]\d{0,8})")


@dataclass(frozen=True, slots=True)
class Fit:
    """Why it can't be about the investigation ("platform"), "" for nothing; how near it is; what it says; whose tag."""

    unfit: str
    near: str
    shared: tuple[str, ...]
    versions: tuple[str, ...]
    tagged_for: tuple[int, ...]


class TicketFitting:
    """Compares what both say; silence of either rules nothing out."""

    def __init__(self, *, catalog: Catalog, read: Read) -> None:
        self._catalog = catalog
        self._read = read

    def asked(self, watch: TicketWatch) -> Reading:
        """What an investigation is about: its target, and what its symptom says."""
        reading = self._read(TicketText(watch.symptom))
        if not watch.target:
            return reading
        platform = reading.platform or self._own_platform(watch.target)
        return replace(reading, affected=(Said(watch.target),), elsewhere=(), platform=platform)

    def judged(self, watch: TicketWatch, tickets: Iterable[Ticket], *, saying: Container[int] = ()) -> dict[int, Fit]:
        """Each ticket by its number; reads a thousand characters of each, so not for the event loop.

        `saying` are those with the words of the symptom, be they in a comment.
        """
        judge, fits = self._judge(watch), dict[int, Fit]()
        weak = bool(watch.symptom) and self._catalog.named(watch.target).kind != GATEWAY
        for ticket in tickets:
            said = self._said(ticket)
            judgement = judge(said)
            shared = tuple(str(part) for part in Shared if part in judgement.shared)
            unfit = str(judgement.apart or "")
            if weak and not unfit and ticket.id not in saying and judgement.shared <= {Shared.PLATFORM}:
                unfit = WEAK
            fits[ticket.id] = Fit(unfit, judgement.level, shared, said.versions, _tagged(ticket))
        return fits

    def told(self, tickets: Iterable[Ticket]) -> list[Ticket]:
        """With what their words tell of the app and the system. Not for the event loop."""
        return [replace(ticket, versions=self._said(ticket).versions) for ticket in tickets]

    def fitting(self, watch: TicketWatch, streamed: Iterable[ReadTicket]) -> list[int]:
        """Those that belong, or may, by what was read of them when they came."""
        judge = self._judge(watch)
        return [ticket.id for ticket in streamed if judge(reading_of(ticket)).level is not Nearness.APART]

    def _judge(self, watch: TicketWatch) -> Callable[[Reading], Judgement]:
        """Whatever is told of a gateway may have its cause there; an app or a website has many causes."""
        any_symptom = self._catalog.named(watch.target).kind == GATEWAY
        return partial(judged, self.asked(watch), any_symptom=any_symptom)

    def _said(self, ticket: Ticket) -> Reading:
        return self._read(text_of(ticket))

    def _own_platform(self, target_key: str) -> Said | None:
        """An app for one system has that in its name."""
        return self._read(TicketText(self._catalog.named(target_key).title)).platform


def text_of(ticket: Ticket) -> TicketText:
    return TicketText(ticket.subject, ticket.text, ticket.tags)


def reading_of(ticket: ReadTicket) -> Reading:
    """What the stream kept of a reading."""
    return Reading(
        affected=tuple(map(Said, ticket.affected)),
        elsewhere=tuple(map(Said, ticket.elsewhere)),
        symptom=Said(ticket.symptom) if ticket.symptom else None,
        platform=Said(ticket.platform) if ticket.platform else None,
        versions=ticket.versions,
        codes=ticket.codes,
        language=ticket.language,
    )


def _tagged(ticket: Ticket) -> tuple[int, ...]:
    """The investigations whose tag it has, whoever set it."""
    return tuple(int(hit[1]) for tag in ticket.tags if (hit := _TAG.fullmatch(tag.lower())))
