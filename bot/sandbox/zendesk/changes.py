"""What an update may change in a ticket, with Zendesk's validation errors."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.zendesk.answers import ApiError, Json, invalid_record
from bot.sandbox.zendesk.tickets import PRIORITIES, STATUSES, TYPES, Comment, Group, Ticket, User, parsed_time

COMMENTS_MAX = 5_000
SUBJECT_MAX = 255
_CHOICES = {"status": STATUSES, "priority": PRIORITIES, "type": TYPES}
_PLAIN = ("subject", "assignee_id", "group_id", "external_id", "due_at", "requester_id", "organization_id")


def check(fields: Json) -> None:
    """Refuse what Zendesk would refuse, before anything is changed."""
    for name, allowed in _CHOICES.items():
        value = fields.get(name)
        if value is not None and value not in allowed:
            raise invalid_record(name, f"{name.capitalize()}: {value} is not valid")
    for name in ("tags", "additional_tags", "remove_tags"):
        if name in fields:
            tag_list(fields[name])
    subject = fields.get("subject")
    if isinstance(subject, str) and len(subject) > SUBJECT_MAX:
        raise invalid_record("subject", f"Subject: is too long (maximum is {SUBJECT_MAX} characters)", "ValueTooLong")
    if fields.get("comment") is not None:
        comment_text(fields["comment"])
    custom_metadata(fields)


def check_stamp(ticket: Ticket, fields: Json) -> None:
    """Zendesk's protection against collisions: any value of `safe_update` asks for it, absence forces."""
    if "safe_update" not in fields:
        return
    stamp = parsed_time(str(fields.get("updated_stamp", "")))
    if stamp is None:
        raise ApiError(400, "InvalidValue", "updated_stamp: must be the updated_at of the ticket")
    if int(stamp.timestamp()) != int(ticket.updated_at.timestamp()):
        raise ApiError(409, "UpdateConflict", "Safe Update prevented an update collision. Resubmit with current data.")


def check_assignment(ticket: Ticket, users: Mapping[int, User], groups: Mapping[int, Group]) -> None:
    """A ticket is in a group that exists, and its assignee is an agent of that group (zenpy issue 628)."""
    group = groups.get(ticket.group_id) if ticket.group_id is not None else None
    if ticket.group_id is not None and not group:
        raise invalid_record("group", "Group: is invalid")
    assignee = users.get(ticket.assignee_id) if ticket.assignee_id is not None else None
    if ticket.assignee_id is not None and (not assignee or assignee.role == "end-user"):
        raise invalid_record("assignee", "Assignee: is invalid")
    if assignee and group and assignee.id not in group.members:
        rows = [{"description": "Assignee: is invalid", "error": "InvalidValue"}]
        rows += [{"description": "Assignee: is not a member of the group"}]
        raise ApiError(422, "RecordInvalid", "Record validation errors", details={"assignee": rows})


def apply(ticket: Ticket, fields: Json) -> None:
    """Change everything but the comment; `check` must have passed."""
    for name in _PLAIN:
        if name in fields:
            setattr(ticket, name, fields[name])
    for name in _CHOICES:
        if fields.get(name) is not None or (name in fields and name != "status"):
            setattr(ticket, name, fields[name])
    if "problem_id" in fields:
        ticket.problem_id = fields["problem_id"]
    for entry in fields.get("custom_fields") or []:
        ticket.custom_fields[int(entry["id"])] = entry.get("value")
    apply_tags(ticket, fields)


def apply_tags(ticket: Ticket, fields: Json) -> None:
    if "tags" in fields:
        ticket.tags = tag_list(fields["tags"])
    if "additional_tags" in fields:
        ticket.tags = list(dict.fromkeys([*ticket.tags, *tag_list(fields["additional_tags"])]))
    if "remove_tags" in fields:
        gone = set(tag_list(fields["remove_tags"]))
        ticket.tags = [tag for tag in ticket.tags if tag not in gone]


def tag_list(value: Any) -> list[str]:
    """Tags as Zendesk keeps them: lower case, no spaces; a text counts as several tags."""
    listed = value.split() if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(tag, str) for tag in listed):
        raise ApiError(400, "InvalidValue", "tags: must be a list of strings")
    return list(dict.fromkeys(word for tag in listed for word in tag.lower().split()))


def comment_text(comment: Any) -> str:
    """The text of a new comment; an empty one is refused."""
    text = comment if isinstance(comment, str) else comment.get("html_body") or comment.get("body") or ""
    if not str(text).strip():
        raise invalid_record("comment", "Comment: cannot be blank", "BlankValue")
    return str(text)


def custom_metadata(fields: Json) -> dict[str, Any]:
    """What a client keeps with the change under "metadata": {"custom": {…}}."""
    metadata = fields.get("metadata") or {}
    custom = metadata.get("custom", {}) if isinstance(metadata, dict) else None
    if not isinstance(custom, dict):
        raise ApiError(400, "InvalidValue", "metadata: must be an object with custom in it")
    return custom


def new_comment(
    ticket: Ticket,
    sent: Any,
    *,
    author_id: int,
    at: datetime,
    next_id: Callable[[], int],
    custom: Json | None = None,
    write: Callable[[str], str] = str,
) -> Comment:
    """Append a comment; `write` fills in its placeholders.

    Where `public` is absent it follows the ticket's last comment, as in Zendesk.
    """
    if len(ticket.comments) >= COMMENTS_MAX:
        raise invalid_record("comment", f"Comment: a ticket has at most {COMMENTS_MAX} comments", "TooManyValues")
    details = sent if isinstance(sent, dict) else {}
    last = ticket.comments[-1].public if ticket.comments else True
    comment = Comment(
        id=next_id(),
        author_id=int(details.get("author_id") or author_id),
        body=write(comment_text(sent)),
        public=bool(details.get("public", last)),
        created_at=at,
        audit_id=next_id(),
        html=str(details.get("html_body") or ""),
        custom=custom or {},
    )
    ticket.comments.append(comment)
    return comment
