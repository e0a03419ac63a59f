"""Rows of ticket searches and of linked tickets, as the room knows them."""

import json

from bot.database import Row, moment
from bot.tickets.collection import LinkedTicket, LinkState, Watch

ELSEWHERE = """(SELECT min(o.investigation_id) FROM ticket_watches o
    WHERE o.active = 1 AND o.investigation_id <> l.investigation_id AND l.state = 'suggested' AND (
        EXISTS (SELECT 1 FROM ticket_links x WHERE x.ticket_id = l.ticket_id
                AND x.investigation_id = o.investigation_id AND x.state = 'confirmed')
        OR o.investigation_id IN (SELECT value FROM json_each(l.tagged_for))))"""
"""The open investigation that a ticket belongs to already: people said so, or it has its tag in the desk."""


def watch_read(row: Row) -> Watch:
    return Watch(
        investigation_id=row["investigation_id"],
        phrases=tuple(json.loads(row["phrases"])),
        symptom=row["symptom"],
        since=moment(row["since"]),
        active=bool(row["active"]),
        next_at=moment(row["next_at"]),
        last_ok_at=moment(row["last_ok_at"]) if row["last_ok_at"] else None,
        failing_since=moment(row["failing_since"]) if row["failing_since"] else None,
        failure=row["failure"],
        total=row["total"],
        last_hour=row["last_hour"],
        saying=row["saying"],
        page=row["page"],
        target=row["target"],
    )


def linked_read(row: Row) -> LinkedTicket:
    return LinkedTicket(
        ticket_id=row["ticket_id"],
        state=LinkState(row["state"]),
        subject=row["subject"],
        status=row["status"],
        url=row["url"],
        created_at=moment(row["created_at"]),
        found_at=moment(row["found_at"]),
        new=bool(row["new"]),
        says=bool(row["says"]),
        tag_failure=row["tag_failure"],
        places=tuple(json.loads(row["places"])),
        matches=bool(row["matches"]),
        added_by=row["added_by"],
        unfit=row["unfit"],
        elsewhere=row["elsewhere"],
    )
