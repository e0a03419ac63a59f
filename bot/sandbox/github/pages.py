"""What people see of an issue or a release in a browser."""

from bot.sandbox.github.errors import not_found
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.records import Repository
from bot.sandbox.rest.answers import Call
from bot.sandbox.rest.page import issue_page

_PLACE = r"/{owner:[^/]+}/{repo:[^/]+}"


class Pages:
    def __init__(self, *, forge: Forge) -> None:
        self._forge = forge
        number = r"/{kind:issues|pull}/{number:\d+}"
        self.by_pattern = {_PLACE + number: self.issue, _PLACE + "/releases/tag/{tag}": self.release}

    def _repository(self, call: Call) -> Repository:
        name = f"{call.params['owner']}/{call.params['repo']}"
        return self._forge.renamed_to(name) or self._forge.repository(name)

    def issue(self, call: Call) -> str:
        repository = self._repository(call)
        issue = self._forge.issue(repository, int(call.params["number"]))
        facts = {
            "State": issue.state,
            "Labels": ", ".join(label.name for label in issue.labels),
            "Milestone": issue.milestone.title if issue.milestone else "",
            "Due": f"{issue.milestone.due_on:%d %b %Y}" if issue.milestone and issue.milestone.due_on else "",
            "Assigned to": ", ".join(user.login for user in issue.assignees),
        }
        texts = [(issue.author.login, issue.body or ""), *((one.author.login, one.body) for one in issue.comments)]
        return issue_page(f"{repository.full_name}#{issue.number}", issue.title, facts, texts)

    def release(self, call: Call) -> str:
        for release in self._repository(call).releases:
            if release.tag == call.params["tag"] and release.published_at is not None:
                facts = {"Published": f"{release.published_at:%d %b %Y, %H:%M} UTC"}
                return issue_page(release.tag, release.name, facts, [(release.author.login, release.body)])
        raise not_found()
