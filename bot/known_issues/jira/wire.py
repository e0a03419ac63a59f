"""Jira's JSON as issues and releases, and the queries that ask for them. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from bot.known_issues.jira import adf_reading
from bot.known_issues.model import EtaSource, IssueState, Release, TrackerIssue
from bot.known_issues.wire import day, identity, malformed, needed_instant
from bot.loose_json import address, instant, items, line, lines, mapping, text
from bot.reading.word_lists import listed
from bot.zones import zone_of_offset

SYSTEM = "Jira"
FIELDS = listed(
    """
    summary, description, status, statuscategorychangedate, resolution, resolutiondate, labels, assignee,
    fixVersions, duedate, priority, components, issuetype, creator, created, updated
    """
)
DECLINED = listed(
    """
    won't do, won't fix, wont do, wont fix, declined, duplicate, cannot reproduce, incomplete, not a bug, rejected,
    obsolete
    """
)
_KEY = re.compile(r"\A(?:(?P<project>[A-Za-z][A-Za-z0-9_]{1,50})-)?(?P<number>\d{1,9})\Z", re.ASCII)
_BROWSE = re.compile(r"/(?:browse|issues)/([A-Za-z][A-Za-z0-9_]{1,50}-\d{1,9})\Z", re.ASCII)
_STAMP = re.compile(r"(?:\A|\n)Second Line: (?P<stamp>[^\s]{1,100})\s*\Z")


@dataclass(frozen=True, slots=True)
class JiraLens:
    """What an issue is read with. `custom` has the id of each custom field that a mapping asks for, by its name."""

    tracker: str
    site: str
    declined: Collection[str] = DECLINED
    custom: Mapping[str, str] = field(default_factory=dict)


def issue_from(row: object, lens: JiraLens) -> TrackerIssue:
    issue = mapping(row)
    fields, key = mapping(issue.get("fields")), line(issue.get("key"))
    if not _KEY.match(key):
        raise malformed(SYSTEM, "key")
    state, version = state_of(fields, lens.declined), _version(fields)
    return TrackerIssue(
        tracker=lens.tracker,
        uid=identity(issue, "id", SYSTEM),
        key=key,
        url=f"{lens.site}/browse/{quote(key)}",
        title=line(fields.get("summary")),
        body=without_stamp(adf_reading.markdown(fields.get("description"))),
        state=state,
        created_at=needed_instant(fields, "created", SYSTEM),
        updated_at=needed_instant(fields, "updated", SYSTEM),
        closed_at=_closed_at(fields, state),
        labels=lines(fields.get("labels")),
        fields=_fields(fields, lens.custom),
        assignees=lines([fields.get("assignee")], "displayName"),
        fix_version=line(version.get("name")),
        released=state is IssueState.DONE and version.get("released") is True,
        eta_dates=_dates(fields, version),
    )


def state_of(fields: Mapping[str, Any], declined: Collection[str]) -> IssueState:
    """Reads the state from the status category, since every site has its own statuses."""
    match mapping(mapping(fields.get("status")).get("statusCategory")).get("key"):
        case "done":
            resolution = line(mapping(fields.get("resolution")).get("name")).casefold().replace("’", "'")
            return IssueState.DECLINED if resolution in {name.casefold() for name in declined} else IssueState.DONE
        case "indeterminate":
            return IssueState.IN_PROGRESS
        case _:
            return IssueState.OPEN


def releases_from(answer: object, tracker: str, site: str, limit: int) -> list[Release]:
    """The newest versions that are released; Jira keeps the day of a release, not its time."""
    releases = []
    for row in map(mapping, items(answer)):
        if row.get("released") is not True or not line(row.get("name")):
            continue
        uid, released_on = identity(row, "id", SYSTEM), day(row.get("releaseDate")) or date.min
        releases.append(
            Release(
                tracker=tracker,
                uid=uid,
                name=line(row.get("name")),
                url=f"{site}/projects/{_project(row)}/versions/{uid}" if _project(row) else site,
                notes=text(row.get("description")),
                published_at=datetime.combine(released_on, time(), UTC),
            )
        )
    return sorted(releases, key=lambda release: (release.published_at, int(release.uid)), reverse=True)[:limit]


def _project(row: Mapping[str, Any]) -> str:
    return quote(line(row.get("project")), safe="")


def versions_from(answer: object) -> dict[str, object]:
    """Returns name, date and whether it is out by the id of each version."""
    rows = [mapping(row) for row in items(answer)]
    return {
        identity(row, "id", SYSTEM): (line(row.get("name")), day(row.get("releaseDate")), row.get("released") is True)
        for row in rows
    }


def key_typed(typed: str, project: str) -> str:
    """Returns the key for "31", "vpn-31" or an address; "" for other texts and other projects."""
    text = typed.strip().strip("<>")
    if "/" in text:
        try:
            match = _BROWSE.search(urlsplit(address(text)).path.rstrip("/"))
        except ValueError:
            return ""
        text = match[1] if match else ""
    key = _KEY.match(text)
    if not key or (key["project"] or project).casefold() != project.casefold():
        return ""
    return f"{project.upper()}-{int(key['number'])}"


def number_of(key: str) -> int:
    return int(key.rpartition("-")[2])


def quoted(words: str) -> str:
    """A text in JQL: what would end it is escaped, what no name has is left out."""
    plain = "".join(c if c.isprintable() else " " for c in words)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def minute(moment: datetime, zone: tzinfo) -> str:
    """The minute of a time as JQL takes it, on the account's own clock.

    Where clocks are put back, an hour comes twice and nobody says which is meant: then an earlier one is asked for.
    """
    local = moment.astimezone(zone)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        moment -= timedelta(hours=1)
        local = moment.astimezone(zone)
    return local.strftime("%Y-%m-%d %H:%M")


def zone_of(myself: object) -> tzinfo:
    """UTC where the account's zone is not one that we know: the overlap is not enough then, and `check` says so.

    Java counts "GMT+02:00" as people do, eastwards.
    """
    named = line(mapping(myself).get("timeZone"))
    try:
        return ZoneInfo(zone_of_offset(named) or named)
    except (KeyError, ValueError, OSError):
        return UTC


def stamped(document: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """Appends the stamp as the last line. Readers may see it: it says where the text comes from."""
    last = {"type": "paragraph", "content": [{"type": "text", "text": f"Second Line: {stamp}"}]}
    return {**document, "content": [*items(document.get("content")), last]}


def stamp_of(document: object) -> str:
    match = _STAMP.search(adf_reading.markdown(document))
    return match["stamp"] if match else ""


def without_stamp(markdown: str) -> str:
    return _STAMP.sub("", markdown).rstrip() if "Second Line: " in markdown else markdown


def value_of(value: object) -> str:
    """A field of any kind as text: choices, people, versions, documents, and lists of them."""
    if isinstance(value, list):
        return ", ".join(part for part in map(value_of, value) if part)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    fields = mapping(value)
    if fields.get("type") == "doc":
        return adf_reading.markdown(fields)
    if fields:
        named = next((line(fields[key]) for key in ("value", "name", "displayName") if line(fields.get(key))), "")
        below = value_of(fields["child"]) if fields.get("child") else ""
        return " / ".join(part for part in (named, below) if part)
    return text(value)


def _fields(fields: Mapping[str, Any], custom: Mapping[str, str]) -> dict[str, str]:
    ours = {"type": "issuetype", "priority": "priority", "status": "status", "resolution": "resolution"}
    ours |= {"components": "components", "fix versions": "fixVersions", **custom}
    values = {name: value_of(fields.get(field)) for name, field in ours.items()}
    return {name: value for name, value in values.items() if value}


def _version(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The version that has the fix first: one that is out, else the one that comes next, else any."""
    versions: Sequence[Mapping[str, Any]] = [mapping(version) for version in items(fields.get("fixVersions"))]
    kept = [version for version in versions if not version.get("archived") or version.get("released") is True]
    return min(
        kept,
        key=lambda version: (version.get("released") is not True, day(version.get("releaseDate")) or date.max),
        default={},
    )


def _closed_at(fields: Mapping[str, Any], state: IssueState) -> datetime | None:
    if state not in (IssueState.DONE, IssueState.DECLINED):
        return None
    return instant(fields.get("resolutiondate")) or instant(fields.get("statuscategorychangedate"))


def _dates(fields: Mapping[str, Any], version: Mapping[str, Any]) -> dict[EtaSource, date]:
    dates = {
        EtaSource.FIX_VERSION: day(version.get("releaseDate")),
        EtaSource.DUE_DATE: day(fields.get("duedate")),
    }
    return {source: on for source, on in dates.items() if on}
