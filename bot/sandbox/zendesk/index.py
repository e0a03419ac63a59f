"""The search index: what search sees of each ticket, late by the configured lag."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.clock import Clock
from bot.sandbox.zendesk.tickets import Ticket

# A dot or apostrophe between letters stays inside the word, as in Unicode's word rules: "U.S. East" is
# "u.s", "east", and "us east" does not find it.
_WORD = re.compile(r"[^\W_]+(?:[.'\u2019][^\W_]+)*")


@lru_cache(2_048)
def words(text: str) -> tuple[str, ...]:
    """Remembered, as a ticket's first comment is its description, and agents say the same to many."""
    return tuple(_WORD.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Indexed:
    """A ticket as it was when it was indexed; texts are kept as words."""

    id: int
    visible_at: datetime
    created_at: datetime
    updated_at: datetime
    status: str
    priority: str
    type: str
    tags: frozenset[str]
    requester_id: int
    submitter_id: int
    assignee_id: int | None
    group_id: int | None
    organization_id: int | None
    external_id: str
    channel: str
    subject: tuple[str, ...]
    description: tuple[str, ...]
    comments: tuple[tuple[str, ...], ...]
    custom_fields: tuple[tuple[int, str], ...]

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        return (self.subject, *self.comments, (str(self.id),))


def indexed(ticket: Ticket, *, visible_at: datetime) -> Indexed:
    return Indexed(
        id=ticket.id,
        visible_at=visible_at,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        status=ticket.status,
        priority=ticket.priority or "",
        type=ticket.type or "",
        tags=frozenset(ticket.tags),
        requester_id=ticket.requester_id,
        submitter_id=ticket.submitter_id,
        assignee_id=ticket.assignee_id,
        group_id=ticket.group_id,
        organization_id=ticket.organization_id,
        external_id=ticket.external_id or "",
        channel=ticket.channel,
        subject=words(ticket.subject),
        description=words(ticket.description),
        comments=tuple(words(comment.body) for comment in ticket.comments),
        custom_fields=tuple((key, str(value).lower()) for key, value in ticket.custom_fields.items()),
    )


class SearchIndex:
    """Keeps every version of a ticket until a newer one has become visible."""

    def __init__(self, *, clock: Clock, lag_s: float) -> None:
        self._clock = clock
        self._lag = timedelta(seconds=lag_s)
        self._versions: dict[int, list[Indexed]] = {}

    def put(self, ticket: Ticket) -> None:
        """Index this state of the ticket; it is seen when the lag after its last update is over."""
        version = indexed(ticket, visible_at=ticket.updated_at + self._lag)
        self._versions.setdefault(ticket.id, []).append(version)

    def drop(self, ticket: Ticket) -> None:
        self._versions.pop(ticket.id, None)

    def visible(self) -> list[Indexed]:
        now = self._clock()
        indexed: list[Indexed] = []
        for ticket_id, versions in self._versions.items():
            ready = [version for version in versions if version.visible_at <= now]
            if ready:
                indexed.append(ready[-1])
                self._versions[ticket_id] = [ready[-1], *(one for one in versions if one.visible_at > now)]
        return indexed
