"""Zendesk's search grammar: a query text as terms. Source: support.zendesk.com, "Zendesk Support search reference"."""

import re
from dataclasses import dataclass

FIELDS = {
    "type",
    "ticket_type",
    "status",
    "priority",
    "tags",
    "created",
    "updated",
    "solved",
    "subject",
    "description",
    "comment",
    "requester",
    "submitter",
    "assignee",
    "group",
    "organization",
    "external_id",
    "via",
    "fieldvalue",
    "order_by",
    "sort",
}
_ALIASES = {
    "tag": "tags",
    "created_at": "created",
    "updated_at": "updated",
    "group_id": "group",
    "organization_id": "organization",
    "requester_id": "requester",
    "assignee_id": "assignee",
}
_TERM = re.compile(
    r"""(?P<minus>-)?
        (?:(?P<field>[A-Za-z_]\w*)(?P<op><=|>=|<|>|:))?
        (?: "(?P<quoted>[^"]*)(?:"|$) | (?P<bare>[^\s"]+) )""",
    re.VERBOSE,
)
_CUSTOM = re.compile(r"custom_field_\d+")


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: `field` is "" for free words; `exact` where the value stood in quotes."""

    field: str
    op: str
    value: str
    exact: bool = False
    negated: bool = False


def parse(query: str) -> list[Term]:
    """The terms of a query, in order. What looks like a field that Zendesk does not know is free text."""
    return [term for match in _TERM.finditer(query) if (term := _term(match))]


def _term(match: re.Match[str]) -> Term | None:
    quoted, bare = match["quoted"], match["bare"]
    value = quoted if quoted is not None else bare
    exact, negated = quoted is not None, bool(match["minus"])
    name = (match["field"] or "").lower()
    name = _ALIASES.get(name, name)
    if name in FIELDS or _CUSTOM.fullmatch(name):
        return Term(name, match["op"], value, exact, negated)
    if name:
        value = f"{match['field']} {value}"
    return Term("", ":", value, exact, negated) if value.strip() else None
