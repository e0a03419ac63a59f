"""Issues, their comments and timelines."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.sandbox.github import body
from bot.sandbox.github.access import Access
from bot.sandbox.github.errors import invalid, moved
from bot.sandbox.github.forge import Forge, sorted_issues
from bot.sandbox.github.paging import Paging
from bot.sandbox.github.records import Issue, Repository
from bot.sandbox.github.wire import comment_json, event_json, issue_json
from bot.sandbox.rest.answers import Answer, Call, Endpoint

READ, WRITE = "issues:read", "issues:write"
PLACES = (r"/repos/{owner:[^/]+}/{repo:[^/]+}", r"/repositories/{id:\d+}")
"""The two ways to name a repository; GitHub's own links use the second."""
_CHOICES = {
    "state": ("open", "closed", "all"),
    "sort": ("created", "updated", "comments"),
    "direction": ("asc", "desc"),
}


def repository_of(forge: Forge, call: Call) -> Repository:
    """The repository of a call; a former name is GitHub's 301 to the id, a call by an unknown one its 404."""
    if "id" in call.params:
        return forge.by_id(int(call.params["id"]))
    name = f"{call.params['owner']}/{call.params['repo']}"
    renamed = forge.renamed_to(name)
    if renamed is None or renamed.full_name.lower() == name.lower():
        return forge.repository(name)
    rest = call.path.removeprefix(f"/repos/{name}")
    query = "&".join(f"{key}={value}" for key, value in call.query.items())
    raise moved(f"{call.base}/repositories/{renamed.id}{rest}{'?' if query else ''}{query}", call.method)


class IssuesApi:
    def __init__(self, *, forge: Forge, access: Access, paging: Paging) -> None:
        self._forge = forge
        self._access = access
        self._paging = paging

    def endpoints(self) -> list[Endpoint]:
        found = []
        for place in PLACES:
            one = place + r"/issues/{number:\d+}"
            found += [
                Endpoint("GET", f"{place}/issues", self.list, READ),
                Endpoint("POST", f"{place}/issues", self.create, WRITE),
                Endpoint("GET", one, self.show, READ),
                Endpoint("PATCH", one, self.update, WRITE),
                Endpoint("GET", f"{one}/comments", self.comments, READ),
                Endpoint("POST", f"{one}/comments", self.comment, WRITE),
                Endpoint("GET", f"{one}/events", self.events, READ),
                Endpoint("GET", f"{one}/timeline", self.events, READ),
            ]
        return found

    def _found(self, call: Call) -> tuple[Repository, Issue]:
        repository = repository_of(self._forge, call)
        number = int(call.params["number"])
        return repository, self._forge.issue(repository, number, base=call.base, method=call.method)

    def list(self, call: Call) -> Answer:
        repository = repository_of(self._forge, call)
        for name, allowed in _CHOICES.items():
            if call.query.get(name, allowed[0]) not in allowed:
                raise invalid("Issue", name, value=call.query[name])
        chosen = [issue for issue in repository.issues.values() if all(test(issue) for test in self._tests(call))]
        sort, descending = call.query.get("sort", "created"), call.query.get("direction", "desc") == "desc"
        rows = sorted_issues(chosen, sort=sort, descending=descending)
        path = f"/repositories/{repository.id}/issues"
        return self._paging.paged(call, rows, lambda issue: issue_json(issue, repository, base=call.base), path=path)

    def _tests(self, call: Call) -> Sequence[Callable[[Issue], bool]]:
        state, since = call.query.get("state", "open"), read_since(call)
        wanted = {name.strip().lower() for name in call.query.get("labels", "").split(",") if name.strip()}
        milestone, creator = call.query.get("milestone", ""), call.query.get("creator", "")
        return [
            lambda issue: state in ("all", issue.state),
            lambda issue: since is None or issue.updated_at >= since,
            lambda issue: wanted <= {label.name.lower() for label in issue.labels},
            lambda issue: not milestone or _in_milestone(issue, milestone),
            lambda issue: not creator or issue.author.login == creator,
        ]

    def show(self, call: Call) -> Answer:
        repository, issue = self._found(call)
        return Answer(issue_json(issue, repository, base=call.base))

    def create(self, call: Call) -> Answer:
        repository = repository_of(self._forge, call)
        issue = self._forge.create(repository, body.new_issue(call), actor=self._access.user(call))
        written = issue_json(issue, repository, base=call.base)
        return Answer(written, 201, {"Location": written["url"]})

    def update(self, call: Call) -> Answer:
        repository, issue = self._found(call)
        self._forge.update(repository, issue, body.changed_issue(call), actor=self._access.user(call))
        return Answer(issue_json(issue, repository, base=call.base))

    def comments(self, call: Call) -> Answer:
        repository, issue = self._found(call)
        since = read_since(call)
        rows = [comment for comment in issue.comments if since is None or comment.updated_at >= since]
        path = f"/repositories/{repository.id}/issues/{issue.number}/comments"
        return self._paging.paged(
            call, rows, lambda one: comment_json(one, issue, repository, base=call.base), path=path
        )

    def comment(self, call: Call) -> Answer:
        repository, issue = self._found(call)
        comment = self._forge.comment(repository, issue, body.new_comment(call), actor=self._access.user(call))
        written = comment_json(comment, issue, repository, base=call.base)
        return Answer(written, 201, {"Location": written["url"]})

    def events(self, call: Call) -> Answer:
        repository, issue = self._found(call)
        path = f"/repositories/{repository.id}/issues/{issue.number}/{call.path.rpartition('/')[2]}"
        return self._paging.paged(
            call, issue.events, lambda one: event_json(one, issue, repository, base=call.base), path=path
        )


def read_since(call: Call) -> datetime | None:
    """`since` as a time; GitHub wants YYYY-MM-DDTHH:MM:SSZ."""
    text = call.query.get("since", "")
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise invalid("Issue", "since", value=text) from error


def _in_milestone(issue: Issue, wanted: str) -> bool:
    if wanted in ("none", "*"):
        return (issue.milestone is None) == (wanted == "none")
    return issue.milestone is not None and str(issue.milestone.number) == wanted
