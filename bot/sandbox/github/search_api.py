"""`GET /search/issues`: the query language as far as trackers need it, over an index that lags."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.sandbox.github.errors import invalid, problem
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.issues_api import READ
from bot.sandbox.github.paging import Paging
from bot.sandbox.github.records import Issue, Repository
from bot.sandbox.github.wire import issue_json
from bot.sandbox.rest.answers import Answer, Call, Endpoint, Json

QUERY_MAX, RESULTS_MAX = 256, 1_000
_TERM = re.compile(r'(-?)(?:(\w+):)?("[^"]*"|\S+)')
_DAY = re.compile(r"(>=|<=|>|<)?(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?)")
_WORD = re.compile(r"\w+")
_Test = Callable[[Repository, Issue], bool]


class SearchApi:
    """A new issue is not found before `lag_s` have passed."""

    def __init__(self, *, forge: Forge, paging: Paging, clock: Clock, lag_s: float) -> None:
        self._forge = forge
        self._paging = paging
        self._clock = clock
        self._lag = timedelta(seconds=lag_s)
        self._appeared: dict[int, datetime] = {}

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("GET", "/search/issues", self.search, READ, "search")]

    def told(self, event: str, action: str, repository: Repository, concerned: Json) -> None:
        issue = concerned.get("issue")
        if event == "issues" and action == "opened" and isinstance(issue, Issue):
            self._appeared[issue.id] = self._clock()

    def search(self, call: Call) -> Answer:
        query = call.query.get("q", "")
        if not query.strip():
            raise invalid("Search", "q", "missing")
        if len(query) > QUERY_MAX:
            raise problem(422, f"The search is longer than {QUERY_MAX} characters.")
        tests = _tests(query)
        now = self._clock()
        rows = [
            (repository, issue)
            for repository in self._forge.repositories()
            for issue in repository.issues.values()
            if self._indexed(issue, now) and all(test(repository, issue) for test in tests)
        ]
        by_time = {"created": lambda row: row[1].created_at, "updated": lambda row: row[1].updated_at}
        sort = call.query.get("sort", "")
        if sort and sort not in (*by_time, "comments"):
            raise invalid("Search", "sort", value=sort)
        rows.sort(key=by_time.get(sort, by_time["updated"]), reverse=call.query.get("order", "desc") == "desc")
        shown, links = self._paging.page_of(call, rows, path="/search/issues", rows_max=RESULTS_MAX)
        items = [{**issue_json(issue, place, base=call.base), "score": 1.0} for place, issue in shown]
        return Answer({"total_count": len(rows), "incomplete_results": False, "items": items}, headers=links)

    def _indexed(self, issue: Issue, now: datetime) -> bool:
        appeared = self._appeared.get(issue.id)
        return appeared is None or now - appeared >= self._lag


def _tests(query: str) -> list[_Test]:
    """One test per term; raises the 422 of what GitHub can't search for."""
    tests: list[_Test] = []
    kinds = 0
    places = ("title", "body", "comments")
    for negated, qualifier, text in _TERM.findall(query):
        value = text.strip('"')
        if qualifier == "in":
            places = tuple(value.split(","))
            continue
        kinds += qualifier in ("is", "type") and value in ("issue", "pull-request", "pr")
        test = _qualified(qualifier, value) if qualifier else None
        tests.append(
            _unless(bool(negated), test or _contains(text if qualifier == "" else f"{qualifier}:{text}", places))
        )
    if not kinds:
        # Since 2025 for tokens of apps and fine-grained ones.
        raise problem(422, "Query must include 'is:issue' or 'is:pull-request'")
    return tests


def _unless(negated: bool, test: _Test) -> _Test:
    return (lambda place, issue: not test(place, issue)) if negated else test


def _qualified(name: str, value: str) -> _Test | None:
    wanted = value.lower()
    tests: dict[str, _Test] = {
        "repo": lambda place, issue: place.full_name.lower() == wanted,
        "org": lambda place, issue: place.owner.lower() == wanted,
        "is": lambda place, issue: _is(issue, wanted),
        "type": lambda place, issue: _is(issue, wanted),
        "state": lambda place, issue: issue.state == wanted,
        "label": lambda place, issue: wanted in {label.name.lower() for label in issue.labels},
        "author": lambda place, issue: issue.author.login.lower() == wanted,
        "assignee": lambda place, issue: wanted in {user.login.lower() for user in issue.assignees},
        "milestone": lambda place, issue: issue.milestone is not None and issue.milestone.title.lower() == wanted,
        "updated": lambda place, issue: _dated(issue.updated_at, value),
        "created": lambda place, issue: _dated(issue.created_at, value),
    }
    return tests.get(name)


def _is(issue: Issue, wanted: str) -> bool:
    if wanted in ("pr", "pull-request"):
        return issue.pull
    return not issue.pull if wanted == "issue" else issue.state == wanted


def _dated(at: datetime, value: str) -> bool:
    found = _DAY.fullmatch(value)
    if found is None:
        raise problem(422, f"The date {value!r} is not one that can be searched for")
    compared = datetime.fromisoformat(found[2].replace("Z", "+00:00"))
    compared = compared if compared.tzinfo else compared.replace(tzinfo=UTC)
    compare = {">=": at >= compared, "<=": at <= compared, ">": at > compared, "<": at < compared}
    return compare.get(found[1] or "", at.date() == compared.date())


def _contains(text: str, places: tuple[str, ...]) -> _Test:
    """Words are compared whole and without regard to case; a quoted phrase word by word in a row."""
    wanted = _words(text)

    def test(place: Repository, issue: Issue) -> bool:
        texts = {"title": issue.title, "body": issue.body or ""}
        texts["comments"] = "\n".join(comment.body for comment in issue.comments)
        return any(_has(_words(texts.get(name, "")), wanted) for name in places)

    return test


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _has(words: list[str], wanted: list[str]) -> bool:
    width = len(wanted)
    return any(words[start : start + width] == wanted for start in range(len(words) - width + 1))
