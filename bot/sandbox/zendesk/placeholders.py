"""Placeholders that Zendesk fills in, in macros and in comments."""

import re

from bot.sandbox.zendesk.tickets import Ticket, User

_PLACEHOLDER = re.compile(r"\{\{\s*(ticket(?:\.\w+)+)\s*\}\}")


def filled(text: str, ticket: Ticket, requester: User) -> str:
    """Each known placeholder replaced, an unknown one by nothing.

    With the rights of an agent, as in Zendesk: `{{ticket.comments}}` holds internal notes too.
    """
    known = {
        "ticket.id": str(ticket.id),
        "ticket.title": ticket.subject,
        "ticket.description": ticket.description,
        "ticket.requester.name": requester.name,
        "ticket.requester.first_name": requester.name.partition(" ")[0],
        "ticket.requester.email": requester.email,
        "ticket.comments": "\n".join(comment.body for comment in ticket.comments),
    }
    return _PLACEHOLDER.sub(lambda hit: known.get(hit[1], ""), text)
