"""What may be sent to GitHub: bodies that are JSON objects, with keys and values that it takes."""

import json

from bot.sandbox.github.errors import invalid, problem
from bot.sandbox.rest.answers import Call, Json

TITLE_MAX, BODY_MAX = 256, 65_536
_NEW = {"title", "body", "labels", "milestone", "assignees", "assignee", "type"}
_CHANGE = _NEW | {"state", "state_reason"}
_REASONS = (None, "completed", "not_planned", "duplicate", "reopened")


def read_object(call: Call) -> Json:
    try:
        body = json.loads(call.text or "null")
    except ValueError as error:
        raise problem(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise problem(400, "Body should be a JSON object")
    return body


def new_issue(call: Call) -> Json:
    fields = read_object(call)
    if not isinstance(fields.get("title"), str | int):
        raise problem(422, 'Invalid request.\n\n"title" wasn\'t supplied.')
    fields["title"] = str(fields["title"])
    if not fields["title"].strip():
        raise invalid("Issue", "title", "missing_field")
    _check(fields, _NEW)
    return fields


def changed_issue(call: Call) -> Json:
    fields = read_object(call)
    _check(fields, _CHANGE)
    if fields.get("state", "open") not in ("open", "closed"):
        raise invalid("Issue", "state", value=fields["state"])
    if fields.get("state_reason") not in _REASONS:
        raise invalid("Issue", "state_reason", value=fields["state_reason"])
    return fields


def new_comment(call: Call) -> str:
    fields = read_object(call)
    body = fields.get("body")
    if not isinstance(body, str):
        raise problem(422, 'Invalid request.\n\n"body" wasn\'t supplied.')
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    _check_length("IssueComment", "body", body, BODY_MAX)
    return body


def _check(fields: Json, allowed: set[str]) -> None:
    """GitHub ignores unknown keys of some endpoints; refusing them all finds mistakes sooner."""
    if unknown := sorted(set(fields) - allowed):
        raise problem(422, f'Invalid request.\n\n"{unknown[0]}" is not a permitted key.')
    for name, kind in (
        ("title", str),
        ("body", str),
        ("labels", list),
        ("assignees", list),
        ("milestone", int),
        ("type", str),
    ):
        if fields.get(name) is not None and not isinstance(fields[name], kind):
            raise problem(422, f"Invalid request.\n\nFor '{name}', {fields[name]!r} is not of the right type.")
    _check_length("Issue", "title", fields.get("title") or "", TITLE_MAX)
    _check_length("Issue", "body", fields.get("body") or "", BODY_MAX)
    if len(fields.get("assignees") or []) > 10:
        raise invalid("Issue", "assignees", value="more than 10")


def _check_length(resource: str, field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise invalid(resource, field, "custom", message=f"{field} is too long (maximum is {most} characters)")
