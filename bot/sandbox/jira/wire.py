"""Records as the JSON of Jira Cloud's REST API v3, whose times are in the zone of the user that asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.jira.adf import plain
from bot.sandbox.jira.records import Comment, Issue, Named, Project, Status, User, Version
from bot.sandbox.jira.workflow import CATEGORIES, CUSTOM_FIELDS
from bot.sandbox.rest.answers import Json

API = "/rest/api/3"


def stamp(at: datetime | None, zone: str) -> str | None:
    """2026-11-20T10:12:30.000+0100: no colon in the offset."""
    if at is None:
        return None
    local = at.astimezone(ZoneInfo(zone))
    return local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03d}" + local.strftime("%z")


def user_json(user: User | None, *, base: str) -> Json | None:
    if user is None:
        return None
    return {
        "self": f"{base}{API}/user?accountId={user.account_id}",
        "accountId": user.account_id,
        "accountType": user.account_type,
        "emailAddress": user.email,
        "displayName": user.name,
        "active": True,
        "timeZone": user.zone,
        "avatarUrls": {},
    }


def named_json(named: Named | None, kind: str, *, base: str) -> Json | None:
    if named is None:
        return None
    return {"self": f"{base}{API}/{kind}/{named.id}", "id": named.id, "name": named.name}


def status_json(status: Status, *, base: str) -> Json:
    number, name, color = CATEGORIES[status.category]
    category = {"self": f"{base}{API}/statuscategory/{number}", "id": number, "key": status.category}
    return {
        "self": f"{base}{API}/status/{status.id}",
        "description": "",
        "id": status.id,
        "name": status.name,
        "statusCategory": {**category, "colorName": color, "name": name},
    }


def version_json(version: Version, project: Project, *, base: str) -> Json:
    """`releaseDate` is left out where there is none."""
    written: Json = {
        "self": f"{base}{API}/version/{version.id}",
        "id": version.id,
        "description": version.description,
        "name": version.name,
        "archived": version.archived,
        "released": version.released,
        "projectId": int(project.id),
    }
    if version.release_date is not None:
        written["releaseDate"] = version.release_date.isoformat()
    return written


def project_json(project: Project, *, base: str) -> Json:
    return {
        "self": f"{base}{API}/project/{project.id}",
        "id": project.id,
        "key": project.key,
        "name": project.name,
        "projectTypeKey": "software",
        "simplified": False,
    }


def comment_json(comment: Comment, issue: Issue, *, base: str, zone: str) -> Json:
    author = user_json(comment.author, base=base)
    return {
        "self": f"{base}{API}/issue/{issue.id}/comment/{comment.id}",
        "id": comment.id,
        "author": author,
        "body": comment.body,
        "updateAuthor": author,
        "created": stamp(comment.created, zone),
        "updated": stamp(comment.updated, zone),
        "jsdPublic": True,
    }


def comments_json(
    issue: Issue, *, base: str, zone: str, newest_first: bool = False, start: int = 0, most: int = 5_000
) -> Json:
    rows = issue.comments[::-1] if newest_first else issue.comments
    written = [comment_json(one, issue, base=base, zone=zone) for one in rows[start : start + most]]
    return {"comments": written, "maxResults": most, "startAt": start, "total": len(rows)}


def fields_json(issue: Issue, *, base: str, zone: str) -> Json:
    """Every field of an issue; those of an issue list are all but the comments."""
    return {
        "summary": issue.summary,
        "description": issue.description,
        "status": status_json(issue.status, base=base),
        "statuscategorychangedate": stamp(issue.status_changed or issue.created, zone),
        "priority": named_json(issue.priority, "priority", base=base),
        "issuetype": {**(named_json(issue.type, "issuetype", base=base) or {}), "subtask": False},
        "project": project_json(issue.project, base=base),
        "labels": list(issue.labels),
        "components": [named_json(one, "component", base=base) for one in issue.components],
        "fixVersions": [version_json(one, issue.project, base=base) for one in issue.fix_versions],
        "versions": [],
        "duedate": issue.due_date.isoformat() if issue.due_date else None,
        "assignee": user_json(issue.assignee, base=base),
        "reporter": user_json(issue.reporter, base=base),
        "creator": user_json(issue.reporter, base=base),
        "resolution": named_json(issue.resolution, "resolution", base=base),
        "resolutiondate": stamp(issue.resolved, zone),
        "created": stamp(issue.created, zone),
        "updated": stamp(issue.updated, zone),
        "comment": comments_json(issue, base=base, zone=zone),
        **{name: issue.fields.get(name) for name in CUSTOM_FIELDS},
    }


def issue_json(issue: Issue, asked: Sequence[str], *, base: str, zone: str) -> Json:
    """The issue with the fields that `asked` chooses; without any there is its id alone."""
    fields = chosen(fields_json(issue, base=base, zone=zone), asked)
    if fields is None:
        return {"id": issue.id}
    own = {"expand": "renderedFields,names,schema,operations,editmeta,changelog", "id": issue.id}
    return {**own, "self": f"{base}{API}/issue/{issue.id}", "key": issue.key, "fields": fields}


def chosen(fields: Json, asked: Sequence[str]) -> Json | None:
    """Jira's choice: names, *all, *navigable (all but comments), -name, id and key. None where it is the id alone."""
    wanted = [name for name in asked if not name.startswith("-") and name != "id"]
    if not wanted:
        return None
    names: set[str] = set()
    for name in wanted:
        everything = set(fields) if name == "*all" else set(fields) - {"comment"}
        names |= everything if name.startswith("*") else {name}
    names -= {name[1:] for name in asked if name.startswith("-")}
    return {name: value for name, value in fields.items() if name in names}


def hook_fields(issue: Issue, *, base: str, zone: str) -> Json:
    """The fields as webhooks have them: texts are wiki notation, not documents; there are no comments."""
    fields: dict[str, Any] = fields_json(issue, base=base, zone=zone)
    del fields["comment"]
    for name, value in fields.items():
        if isinstance(value, dict) and value.get("type") == "doc":
            fields[name] = plain(value)
    return fields
