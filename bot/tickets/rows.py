"""Rows of ticket searches and of linked tickets, as the room knows them."""

from bot.stored import Stored
from bot.tickets.collection import LinkedTicket, Watch

ELSEWHERE = """(SELECT min(o.investigation_id) FROM ticket_watches o
    WHERE o.active = 1 AND o.investigation_id <> l.investigation_id AND l.state = 'suggested' AND (
        EXISTS (SELECT 1 FROM ticket_links x WHERE x.ticket_id = l.ticket_id
                AND x.investigation_id = o.investigation_id AND x.state = 'confirmed')
        OR o.investigation_id IN (SELECT value FROM json_each(l.tagged_for))))"""
"""The open investigation that a ticket belongs to already: people said so, or it has its tag in the desk."""


WATCHES = Stored[Watch](Watch, json=("phrases",))
LINKED = Stored[LinkedTicket](LinkedTicket, json=("places",))
