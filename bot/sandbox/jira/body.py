"""What may be sent to Jira: the fields of new and changed issues, checked as Jira checks them."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.sandbox.jira import workflow
from bot.sandbox.jira.adf import is_document, plain
from bot.sandbox.jira.errors import invalid_payload, refused
from bot.sandbox.jira.records import Project
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.rest.answers import Call, Json

SUMMARY_MAX, TEXT_MAX, PROPERTY_MAX = 255, 32_767, 32_768
_NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
_TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."


class Wrong(Exception):
    """One field's value is not allowed; the text is Jira's."""


def read_object(call: Call, allowed: set[str]) -> Json:
    """The body, an object of these keys; Jira refuses others."""
    body = read_any(call)
    if not isinstance(body, dict) or set(body) - allowed:
        raise invalid_payload()
    return body


def read_any(call: Call) -> Any:
    if call.content_type != "application/json":
        raise refused(415, "Content-Type must be application/json")
    try:
        return json.loads(call.text)
    except ValueError as error:
        raise refused(400, "There was an error parsing JSON. Check that your request body is valid.") from error


class Fields:
    """Turns the `fields` of a request into attributes of an issue; raises Jira's 400 with one line per field."""

    def __init__(self, *, site: JiraSite) -> None:
        self._site = site

    def new(self, fields: Json) -> tuple[Project, str, str, dict[str, Any]]:
        """Project, summary, type's name, and the other attributes."""
        errors: dict[str, str] = {}
        project = self._project(fields.get("project"), errors)
        summary = fields.get("summary")
        if not isinstance(summary, str) or not summary.strip():
            errors["summary"] = "You must specify a summary of the issue."
        given = fields.get("issuetype") or {}
        type_ = next(
            (one for one in workflow.TYPES if given.get("id") == one.id or given.get("name") == one.name), None
        )
        if type_ is None:
            errors["issuetype"] = "Specify a valid issue type"
        others = {name: value for name, value in fields.items() if name not in ("project", "issuetype")}
        values = self._values(others, project, errors)
        if errors or project is None or type_ is None:
            raise refused(400, **errors)
        return project, values.pop("summary"), type_.name, values

    def changed(self, fields: Json, project: Project) -> dict[str, Any]:
        errors: dict[str, str] = {}
        values = self._values(fields, project, errors)
        if errors:
            raise refused(400, **errors)
        return values

    def _project(self, given: Any, errors: dict[str, str]) -> Project | None:
        wanted = given if isinstance(given, dict) else {}
        for project in self._site.projects.values():
            if project.key == wanted.get("key") or project.id == wanted.get("id"):
                return project
        errors["project"] = "Specify a valid project ID or key"
        return None

    def _values(self, fields: Json, project: Project | None, errors: dict[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, value in fields.items():
            try:
                if name in workflow.CUSTOM_FIELDS:
                    values.setdefault("fields", {})[name] = _custom(name, value)
                else:
                    attribute, read = self._reader(name, project)
                    values[attribute] = read(value)
            except Wrong as wrong:
                errors.setdefault(name, str(wrong))
        return values

    def _reader(self, name: str, project: Project | None) -> tuple[str, Callable[[Any], Any]]:
        readers: dict[str, tuple[str, Callable[[Any], Any]]] = {
            "summary": ("summary", _summary),
            "description": ("description", _document),
            "labels": ("labels", _labels),
            "priority": ("priority", _priority),
            "duedate": ("due_date", _date),
            "assignee": ("assignee", self._assignee),
            "components": ("components", lambda value: _listed(value, project and project.components, "Component")),
            "fixVersions": ("fix_versions", lambda value: _listed(value, project and project.versions, "Version")),
        }
        if name not in readers:
            raise Wrong(f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.")
        return readers[name]

    def _assignee(self, value: Any) -> Any:
        wanted = (value or {}).get("accountId", (value or {}).get("id"))
        if wanted is None:
            return None
        for user in self._site.people.values():
            if user.account_id == wanted:
                return user
        raise Wrong("Account ID does not exist or is not assignable")


def _summary(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise Wrong("The summary is invalid because it contains newline characters.")
    if len(value) > SUMMARY_MAX:
        raise Wrong("Summary must be less than 255 characters.")
    return value


def _document(value: Any) -> Any:
    if value is None:
        return None
    if not is_document(value):
        raise Wrong(_NOT_ADF)
    if len(plain(value)) > TEXT_MAX:
        raise Wrong(_TOO_LONG)
    return value


def comment_body(value: Any) -> Json:
    if not is_document(value) or not plain(value).strip():
        raise refused(400, comment="Comment body is not valid!")
    if len(plain(value)) > TEXT_MAX:
        raise refused(400, comment=_TOO_LONG)
    return dict(value)


def _labels(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Wrong("data was not an array of strings")
    for label in value:
        if " " in label:
            raise Wrong(f"The label '{label}' contains spaces which is invalid.")
        if len(label) > 255:
            raise Wrong(f"The label '{label[:40]}…' is too long.")
    return list(dict.fromkeys(value))


def _priority(value: Any) -> Any:
    given = value if isinstance(value, dict) else {}
    for one in workflow.PRIORITIES:
        if given.get("id") == one.id or given.get("name") == one.name:
            return one
    raise Wrong("The priority selected is invalid.")


def _date(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Wrong(f"Error parsing date string: {value}") from error


def _listed(value: Any, known: Any, kind: str) -> list[Any]:
    """Components or versions, each named by `id` or `name`."""
    if not isinstance(value, list):
        raise Wrong("data was not an array")
    found = []
    for given in value:
        wanted = given if isinstance(given, dict) else {}
        match = [one for one in (known or {}).values() if wanted.get("id") == one.id or wanted.get("name") == one.name]
        if not match:
            raise Wrong(f"{kind} name '{wanted.get('name', wanted.get('id'))}' is not valid")
        found += match[:1]
    return found


def _custom(name: str, value: Any) -> Any:
    if name != workflow.CUSTOMER_FACING:
        return _document(value)
    if value is not None and (not isinstance(value, dict) or value.get("value") not in ("Yes", "No")):
        raise Wrong("Specify a valid 'value' for Customer-facing")
    return value
