"""Records as Zendesk's JSON."""

import html
from typing import Any

from bot.sandbox.zendesk.answers import Json
from bot.sandbox.zendesk.tickets import Comment, Group, Ticket, User, iso


def ticket_json(ticket: Ticket, *, base: str, has_incidents: bool) -> Json:
    custom = [{"id": key, "value": value} for key, value in ticket.custom_fields.items()]
    return {
        "url": f"{base}/api/v2/tickets/{ticket.id}.json",
        "id": ticket.id,
        "external_id": ticket.external_id,
        "via": {"channel": ticket.channel, "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
        "generated_timestamp": int(ticket.generated_at.timestamp()),
        "type": ticket.type,
        "subject": ticket.subject or None,
        "raw_subject": ticket.subject or None,
        "description": ticket.description,
        "priority": ticket.priority,
        "status": ticket.status,
        "requester_id": ticket.requester_id,
        "submitter_id": ticket.submitter_id,
        "assignee_id": ticket.assignee_id,
        "organization_id": ticket.organization_id,
        "group_id": ticket.group_id,
        "problem_id": ticket.problem_id,
        "has_incidents": has_incidents,
        "is_public": ticket.is_public,
        "due_at": ticket.due_at,
        "tags": list(ticket.tags),
        "custom_fields": custom,
        "fields": custom,
        **_UNUSED,
    }


_UNUSED: dict[str, Any] = {
    "recipient": None,
    "collaborator_ids": [],
    "follower_ids": [],
    "email_cc_ids": [],
    "satisfaction_rating": None,
    "sharing_agreement_ids": [],
    "custom_status_id": None,
    "followup_ids": [],
    "ticket_form_id": None,
    "brand_id": 360001,
    "allow_channelback": False,
    "allow_attachments": True,
    "from_messaging_channel": False,
}


def comment_json(comment: Comment) -> Json:
    return {
        "id": comment.id,
        "type": "Comment",
        "author_id": comment.author_id,
        "body": comment.body,
        "html_body": comment.html or f'<div class="zd-comment" dir="auto">{html.escape(comment.body)}</div>',
        "plain_body": comment.body,
        "public": comment.public,
        "attachments": [],
        "audit_id": comment.audit_id,
        "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": iso(comment.created_at),
        "metadata": {"system": {}, "custom": dict(comment.custom)},
    }


def user_json(user: User, *, base: str) -> Json:
    return {
        "id": user.id,
        "url": f"{base}/api/v2/users/{user.id}.json",
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "locale": user.locale,
        "time_zone": "UTC",
        "active": True,
        "verified": True,
        "suspended": False,
        "tags": [],
        "organization_id": None,
    }


def group_json(group: Group, *, base: str) -> Json:
    return {
        "id": group.id,
        "url": f"{base}/api/v2/groups/{group.id}.json",
        "name": group.name,
        "description": "",
        "default": False,
        "is_public": True,
        "deleted": False,
    }


ANONYMOUS: Json = {"id": None, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user"}
"""What /users/me answers to a request without credentials: 200 and nobody."""
