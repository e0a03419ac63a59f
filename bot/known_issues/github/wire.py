"""GitHub's JSON as issues and releases, and the names that people write for them. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from bot.known_issues.model import EtaSource, IssueState, Release, TrackerIssue, version_name
from bot.known_issues.wire import circular, day, identity, malformed, needed_instant, without_stamps
from bot.loose_json import address, instant, line, lines, mapping, text

SYSTEM = "GitHub"
DECLINED = ("not_planned", "duplicate")
_PLACE = re.compile(r"/([A-Za-z0-9_.-]{1,100}+)/([A-Za-z0-9_.-]{1,100}+)/issues/(\d{1,9})\Z")
_TYPED = re.compile(
    r"\A(?:(?:(?:(?P<owner>[\w.-]{1,100})/)?(?P<repo>[\w.-]{1,100}))?#)?(?P<number>\d{1,9})\Z", re.ASCII
)
# "#31", "GH-31", "owner/app#31" and the addresses of issues; "&#31;" and colours such as "#310000f" are none.
# A name is looked for where it can begin, and is as long as GitHub allows: notes of any length are read once.
_NAMED = re.compile(
    r"(?:(?<![\w.-])(?P<place>[\w.-]{1,100}+(?:/[\w.-]{1,100}+)?)#|(?<![\w&/#])(?:#|gh-))(?P<number>\d{1,9})\b"
    r"|/(?P<path>[\w.-]{1,100}+/[\w.-]{1,100}+)/issues/(?P<there>\d{1,9})\b",
    re.IGNORECASE | re.ASCII,
)
_API_PATH = re.compile(r"/(?:repos|repositories)/[^?#]+")
LONGEST_LOCATION = 2_000
"""An address is normalised as a whole, which takes the square of its length where accents follow each other."""


@dataclass(frozen=True, slots=True)
class IssuePlace:
    """An issue by owner, repository and number. `path` is where the API has it, without a slash at the front."""

    owner: str
    repo: str
    number: int

    @property
    def path(self) -> str:
        return f"repos/{quote(self.owner, safe='')}/{quote(self.repo, safe='')}/issues/{self.number}"


@dataclass(frozen=True, slots=True)
class Published:
    """A release that is out, told but for its tracker. `names` are the numbers of issues that its notes name."""

    release: Release
    tag: str
    names: frozenset[int]


@dataclass(frozen=True, slots=True)
class GitHubLens:
    """How to read an issue's row: the tracker's name, the labels of work in progress, what is out."""

    tracker: str
    in_progress: Collection[str]
    published: Sequence[Published] = ()


def issues_from(answer: object, lens: GitHubLens) -> list[TrackerIssue]:
    """The issues of a list; GitHub lists pull requests among them, which are left out."""
    return [issue_from(row, lens) for row in rows_of(answer) if not is_pull(row)]


def rows_of(answer: object) -> list[Any]:
    if not isinstance(answer, list):
        raise malformed(SYSTEM, "a list")
    return answer


def is_pull(row: object) -> bool:
    return mapping(row).get("pull_request") is not None


def updated_at(row: object) -> datetime:
    return needed_instant(mapping(row), "updated_at", SYSTEM)


def issue_from(row: object, lens: GitHubLens) -> TrackerIssue:
    """One issue. Its `uid` is the numeric id: node ids have changed their form once."""
    fields = mapping(row)
    place, labels = place_in(fields.get("html_url")), lines(fields.get("labels"), "name")
    if place is None:
        raise malformed(SYSTEM, "html_url")
    milestone = mapping(fields.get("milestone"))
    state, closed_at = _state(fields, labels, lens.in_progress), instant(fields.get("closed_at"))
    version, due = line(milestone.get("title")), day(milestone.get("due_on"))
    return TrackerIssue(
        tracker=lens.tracker,
        uid=identity(fields, "id", SYSTEM),
        key=f"{place.repo}#{place.number}",
        url=address(fields.get("html_url")),
        title=line(fields.get("title")),
        body=without_stamps(text(fields.get("body"))),
        state=state,
        created_at=needed_instant(fields, "created_at", SYSTEM),
        updated_at=needed_instant(fields, "updated_at", SYSTEM),
        closed_at=closed_at,
        labels=labels,
        fields=_fields(fields, version),
        assignees=lines(fields.get("assignees"), "login"),
        fix_version=version,
        released=state is IssueState.DONE and is_out(place, version, closed_at, lens.published),
        eta_dates={EtaSource.MILESTONE: due} if due else {},
    )


def is_out(place: IssuePlace, version: str, closed_at: datetime | None, published: Sequence[Published]) -> bool:
    """Whether a fixed issue went out: its milestone is a release, or notes published since it was closed name it.

    A number in notes means an issue of the release's own repository, not one that was transferred to another.
    """
    name = version_name(version)
    return any(
        (name and version_name(each.tag) == name)
        or (_names(each, place) and (closed_at is None or each.release.published_at >= closed_at))
        for each in published
    )


def _names(published: Published, place: IssuePlace) -> bool:
    home = f"/{place.owner}/{place.repo}/releases/".casefold()
    return place.number in published.names and home in published.release.url.casefold()


def releases_from(answer: object, owner: str, repo: str) -> list[Published]:
    """Reads what is out, without drafts and pre-releases."""
    rows = [mapping(row) for row in rows_of(answer)]
    return [_published(row, owner, repo) for row in rows if not row.get("draft") and not row.get("prerelease")]


def named_in(notes: str, owner: str, repo: str) -> frozenset[int]:
    """The numbers of this repository's issues in Markdown; pull requests that are written as "#31" are among them."""
    ours = {"", repo.casefold(), f"{owner}/{repo}".casefold()}
    numbers = set()
    for hit in _NAMED.finditer(notes):
        if (hit["path"] or hit["place"] or "").casefold() in ours:
            numbers.add(int(hit["there"] or hit["number"]))
    return frozenset(numbers)


def place_in(url: object) -> IssuePlace | None:
    """Returns the place that an issue's address points to."""
    try:
        path = urlsplit(address(url)).path
    except ValueError:
        return None
    match = _PLACE.search(path.rstrip("/"))
    return IssuePlace(match[1], match[2], int(match[3])) if match else None


def place_typed(key: str, owner: str, repo: str) -> IssuePlace | None:
    """Returns the place for "31", "#31", "app#31", "harbor-vpn/app#31" or an address; None for other texts."""
    typed = key.strip().strip("<>")
    if place := place_in(typed):
        return place
    match = _TYPED.match(typed)
    return IssuePlace(match["owner"] or owner, match["repo"] or repo, int(match["number"])) if match else None


def next_query(asked: str, link: str, system: str = SYSTEM) -> str:
    """The query of the next page; `asked` is this one's. Raises TrackerError for a link that leads nowhere new.

    Its host is not believed, nor its path: behind a proxy GitHub names its own.
    """
    try:
        following = urlsplit(link).query
    except ValueError:
        raise malformed(system, "a next page") from None
    if not following:
        raise malformed(system, "the query of the next page")
    if page_of(following) == page_of(asked):
        raise circular(system)
    return following


def page_of(query: str) -> str:
    """The form in which pages are compared: in any order, and the first one by its number too."""
    return urlencode(sorted(pair for pair in parse_qsl(query, keep_blank_values=True) if pair != ("page", "1")))


def rerooted(location: str) -> str:
    """The path within the API that a redirect points to, "" where it is none: its host is not believed."""
    if len(location) > LONGEST_LOCATION:
        return ""
    try:
        parts = urlsplit(location)
    except ValueError:
        return ""
    match = _API_PATH.search(parts.path)
    return f"{match[0].lstrip('/')}{'?' + parts.query if parts.query else ''}" if match else ""


def _published(row: Mapping[str, Any], owner: str, repo: str) -> Published:
    notes, tag = text(row.get("body")), line(row.get("tag_name"))
    release = Release(
        tracker="",
        uid=identity(row, "id", SYSTEM),
        name=tag or line(row.get("name")),
        url=address(row.get("html_url")),
        notes=notes,
        published_at=needed_instant(row, "published_at", SYSTEM),
    )
    return Published(release, tag, named_in(notes, owner, repo))


def _state(row: Mapping[str, Any], labels: Sequence[str], in_progress: Collection[str]) -> IssueState:
    if row.get("state") == "closed":
        return IssueState.DECLINED if row.get("state_reason") in DECLINED else IssueState.DONE
    if row.get("state") != "open":
        raise malformed(SYSTEM, "state")
    names = {label.casefold() for label in in_progress}
    return IssueState.IN_PROGRESS if any(label.casefold() in names for label in labels) else IssueState.OPEN


def _fields(row: Mapping[str, Any], version: str) -> dict[str, str]:
    """Returns the fields that a mapping may ask for by name."""
    values = {
        "type": line(mapping(row.get("type")).get("name")),
        "milestone": version,
        "author": line(mapping(row.get("user")).get("login")),
    }
    return {name: value for name, value in values.items() if value}
