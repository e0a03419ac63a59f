"""JQL as far as trackers need it: clauses joined by AND, and ORDER BY; errors in Jira's own words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.jira import workflow
from bot.sandbox.jira.errors import refused
from bot.sandbox.jira.records import Issue, User
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.rest.answers import Refused

_TOKEN = re.compile(
    r"""(?<!\s)\s*+(?:(?P<sign>>=|<=|!=|!~|=|~|<|>|\(|\)|,)"""
    r"""|"(?P<double>(?>(?:[^"\\]|\\.?)*))(?P<double_end>"|\Z)"""
    r"""|'(?P<single>(?>(?:[^'\\]|\\.?)*))(?P<single_end>'|\Z)|(?P<plain>[^\s=!<>~(),"']++))""",
    re.DOTALL,
)
_DATE_FORMS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_PERIOD = re.compile(r"\A[+-]?(?>(?:\d{1,9}+[wdhm]\s*+)+)\Z")
_AMOUNT = re.compile(r"(?<!\d)(\d{1,9}+)([wdhm])")
_ESCAPE = re.compile(r"\\(.)")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_EMPTY = ("empty", "null")
_ORDERS: dict[str, Callable[[Issue], Any]] = {
    "updated": lambda issue: issue.updated,
    "created": lambda issue: issue.created,
    "key": lambda issue: (issue.project.key, int(issue.key.rpartition("-")[2])),
    "priority": lambda issue: -int(issue.priority.id),
    "duedate": lambda issue: str(issue.due_date or "9999"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One token; `quoted` words are never operators."""

    text: str
    quoted: bool = False

    def is_(self, *words: str) -> bool:
        return not self.quoted and self.text.lower() in words


@dataclass(frozen=True, slots=True)
class Clause:
    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    clauses: tuple[Clause, ...]
    order: tuple[tuple[str, bool], ...]
    """Fields to sort by, with whether it is descending."""


def parse(text: str) -> Query:
    words = _words(text)
    at = next((place for place in range(len(words)) if words[place].is_("order")), len(words))
    clauses: list[Clause] = []
    rest = words[:at]
    while rest:
        clause, rest = _clause(rest)
        clauses.append(clause)
        if rest and (not rest[0].is_("and") or not rest[1:]):
            raise _syntax(f"Expecting operator 'AND' but got '{rest[0].text}'")
        rest = rest[1:]
    return Query(tuple(clauses), _order(words[at:]))


def _words(text: str) -> list[Word]:
    words, place = [], 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None or "" in (found["double_end"], found["single_end"]):
            raise _syntax(f"'{text[place:].strip()[0]}' is a reserved JQL character")
        quoted = found["double"] if found["double"] is not None else found["single"]
        words.append(
            Word(found["sign"] or found["plain"]) if quoted is None else Word(_ESCAPE.sub(r"\1", quoted), True)
        )
        place = found.end()
    return words


def _clause(words: list[Word]) -> tuple[Clause, list[Word]]:
    field = words[0].text.lower()
    rest = words[1:]
    if not rest:
        raise _syntax(f"Expecting an operator after '{words[0].text}'")
    operator = rest[0].text.lower()
    rest = rest[1:]
    if operator in ("not", "is") and rest and rest[0].is_("in" if operator == "not" else "not"):
        operator, rest = f"{operator} {rest[0].text.lower()}", rest[1:]
    if operator not in ("=", "!=", ">=", "<=", ">", "<", "~", "!~", "in", "not in", "is", "is not"):
        raise _syntax(f"Expecting operator but got '{operator}'")
    if not rest:
        raise _syntax("Expecting either a value, list or function before the end of the query")
    if not operator.endswith("in"):
        is_function = len(rest) > 2 and rest[1].is_("(") and rest[2].is_(")")
        value = f"{rest[0].text}()" if is_function else rest[0].text
        return Clause(field, operator, (value,)), rest[3:] if is_function else rest[1:]
    closing = next((place for place in range(len(rest)) if rest[place].is_(")")), 0)
    if len(rest) > 2 and rest[1].is_("("):
        argument = "".join(word.text for word in rest[2:closing])
        return Clause(field, operator, (f"{rest[0].text}({argument})",)), rest[closing + 1 :]
    values = tuple(word.text for word in rest[1:closing] if not word.is_(","))
    if not rest[0].is_("(") or not values:
        raise _syntax("Expecting a list of values in brackets")
    return Clause(field, operator, values), rest[closing + 1 :]


def _order(words: list[Word]) -> tuple[tuple[str, bool], ...]:
    if not words:
        return ()
    if len(words) < 3 or not words[1].is_("by"):
        raise _syntax("Expecting 'by' and a field after 'order'")
    order = []
    for part in " ".join(word.text for word in words[2:]).split(","):
        name, _, direction = part.strip().lower().partition(" ")
        if direction.strip() not in ("", "asc", "desc") or not name:
            raise _syntax(f"Expecting ASC or DESC but got '{direction.strip()}'")
        if name not in _ORDERS:
            raise refused(400, f"Not able to sort using field '{name}'.")
        order.append((name, direction.strip() == "desc"))
    return tuple(order)


def find(query: Query, site: JiraSite, issues: Sequence[Issue], *, now: datetime, user: User) -> list[Issue]:
    """The issues that a query means when this user asks, in its order (newest first without one); or Jira's 400."""
    if not query.clauses:
        message = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        raise refused(400, message)
    tests = [_test(clause, site, now=now, user=user) for clause in query.clauses]
    found = sorted((one for one in issues if all(test(one) for test in tests)), key=_ORDERS["created"], reverse=True)
    for name, descending in reversed(query.order):
        found.sort(key=_ORDERS[name], reverse=descending)
    return found


def _test(clause: Clause, site: JiraSite, *, now: datetime, user: User) -> Callable[[Issue], bool]:
    name = {"issuekey": "key", "issue": "key", "id": "key", "type": "issuetype"}.get(clause.field, clause.field)
    if name in ("updated", "created"):
        return _dated(clause, name, now=now, zone=user.zone)
    if name in ("summary", "text"):
        words = clause.values[0].lower().split()
        return lambda issue: (clause.operator == "~") is all(word in issue.summary.lower() for word in words)
    if name == "key":
        return _keyed(clause, site)
    values = _VALUES.get(name)
    if values is None:
        raise refused(400, f"Field '{clause.field}' does not exist or you do not have permission to view it.")
    if clause.values[0].lower().startswith("unreleasedversions("):
        unreleased = _unreleased(clause.values[0], site)
        return lambda issue: any(version.id in unreleased for version in issue.fix_versions)
    wanted = {_called(value, user).lower() for value in clause.values}
    negated = clause.operator in ("!=", "not in", "is not")
    _check_known(name, wanted - set(_EMPTY), site)
    if clause.operator.startswith("is") or wanted <= set(_EMPTY):
        return lambda issue: (not values(issue)) is not negated
    if clause.operator not in ("=", "!=", "in", "not in"):
        raise refused(400, f"The operator '{clause.operator}' is not supported by the '{name}' field.")
    # As in Jira, a negated clause does not find what has no value.
    return lambda issue: bool(values(issue)) and bool(wanted & values(issue)) is not negated


_CATEGORY_NAMES = {"new": "to do", "indeterminate": "in progress", "done": "done"}
_VALUES: dict[str, Callable[[Issue], set[str]]] = {
    "project": lambda issue: {issue.project.key.lower(), issue.project.name.lower(), issue.project.id},
    "labels": lambda issue: {label.lower() for label in issue.labels},
    "status": lambda issue: {issue.status.name.lower(), issue.status.id},
    "statuscategory": lambda issue: {issue.status.category, _CATEGORY_NAMES[issue.status.category]},
    "issuetype": lambda issue: {issue.type.name.lower(), issue.type.id},
    "priority": lambda issue: {issue.priority.name.lower(), issue.priority.id},
    "component": lambda issue: {one.name.lower() for one in issue.components},
    "fixversion": lambda issue: {text for one in issue.fix_versions for text in (one.name.lower(), one.id)},
    "resolution": lambda issue: {issue.resolution.name.lower()} if issue.resolution else set(),
    "assignee": lambda issue: {issue.assignee.account_id.lower()} if issue.assignee else set(),
    "reporter": lambda issue: {issue.reporter.account_id.lower()},
    "creator": lambda issue: {issue.reporter.account_id.lower()},
}


def _unreleased(call: str, site: JiraSite) -> set[str]:
    """The ids of the versions of a project that are not out: unreleasedVersions("VPN")."""
    key = call.partition("(")[2].rstrip(")").strip("\"' ")
    project = next((one for one in site.projects.values() if key.upper() in (one.key, one.id)), None)
    if project is None:
        raise refused(400, f"Could not resolve the project '{key}' provided to function 'unreleasedVersions'.")
    return {version.id for version in project.versions.values() if not version.released}


def _called(value: str, user: User) -> str:
    """A value; of Jira's functions that give one there is only currentUser()."""
    if not value.endswith("()"):
        return value
    if value.lower() != "currentuser()":
        raise refused(400, f"Unable to find JQL function '{value}'.")
    return user.account_id


def _check_known(name: str, wanted: set[str], site: JiraSite) -> None:
    """A value that no project, version, component, status or priority has makes the whole query an error."""
    projects = site.projects.values()
    known: dict[str, set[str]] = {
        "project": {text for one in projects for text in (one.key, one.name, one.id)},
        "fixversion": {
            text for one in projects for version in one.versions.values() for text in (version.name, version.id)
        },
        "component": {name for one in projects for name in one.components},
        "status": {text for one in workflow.STATUSES for text in (one.name, one.id)},
        "priority": {text for one in workflow.PRIORITIES for text in (one.name, one.id)},
        "statuscategory": {*_CATEGORY_NAMES, *_CATEGORY_NAMES.values()},
    }
    for value in sorted(wanted):
        if name in known and value not in {text.lower() for text in known[name]}:
            raise refused(400, f"The value '{value}' does not exist for the field '{name}'.")


def _keyed(clause: Clause, site: JiraSite) -> Callable[[Issue], bool]:
    """Keys and former keys; one that is not there makes the whole query an error."""
    ids = set()
    for value in clause.values:
        found = site.find(value)
        if found is None:
            raise refused(400, f"An issue with key '{value}' does not exist for field 'key'.")
        ids.add(found.id)
    return lambda issue: (issue.id in ids) is not (clause.operator in ("!=", "not in"))


def _dated(clause: Clause, name: str, *, now: datetime, zone: str) -> Callable[[Issue], bool]:
    moment = _moment(clause, now, zone)
    compare: dict[str, Callable[[datetime], bool]] = {
        ">=": lambda at: at >= moment,
        ">": lambda at: at > moment,
        "<=": lambda at: at <= moment,
        "<": lambda at: at < moment,
        "=": lambda at: at == moment,
        "!=": lambda at: at != moment,
    }
    if clause.operator not in compare:
        raise refused(400, f"The operator '{clause.operator}' is not supported by the '{name}' field.")
    return lambda issue: compare[clause.operator](getattr(issue, name))


def _moment(clause: Clause, now: datetime, zone: str) -> datetime:
    """A time in the user's zone, to the minute, or a period from now; seconds are not allowed."""
    text = clause.values[0]
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            continue
    if _PERIOD.fullmatch(text):
        parts = {_UNITS[unit]: int(count) for count, unit in _AMOUNT.findall(text)}
        return now - timedelta(**parts) if text.startswith("-") else now + timedelta(**parts)
    allowed = (
        "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )
    raise refused(400, f"Date value '{text}' for field '{clause.field}' is invalid. Valid formats include: {allowed}")


def _syntax(reason: str) -> Refused:
    return refused(400, f"Error in the JQL Query: {reason}.")
