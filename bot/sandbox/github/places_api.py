"""Repositories with their milestones and releases, the user of the token, and its limits."""

from bot.sandbox.github.access import Access
from bot.sandbox.github.errors import invalid, not_found
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.issues_api import PLACES, READ, repository_of
from bot.sandbox.github.paging import Paging
from bot.sandbox.github.records import Release
from bot.sandbox.github.wire import label_json, milestone_json, release_json, repository_json, user_json
from bot.sandbox.rest.answers import Answer, Call, Endpoint

FREE = "none"
"""The bucket of what counts for no limit."""


class PlacesApi:
    def __init__(self, *, forge: Forge, access: Access, paging: Paging) -> None:
        self._forge = forge
        self._access = access
        self._paging = paging

    def endpoints(self) -> list[Endpoint]:
        found = [Endpoint("GET", "/user", self.user), Endpoint("GET", "/rate_limit", self.rate_limit, bucket=FREE)]
        for place in PLACES:
            found += [
                Endpoint("GET", place, self.show, "metadata:read"),
                Endpoint("GET", f"{place}/assignees", self.assignees, READ),
                Endpoint("GET", f"{place}/labels", self.labels, READ),
                Endpoint("GET", f"{place}/milestones", self.milestones, READ),
                Endpoint("GET", place + r"/milestones/{number:\d+}", self.milestone, READ),
                Endpoint("GET", f"{place}/releases", self.releases, "contents:read"),
                Endpoint("GET", f"{place}/releases/latest", self.latest, "contents:read"),
                Endpoint("GET", place + "/releases/tags/{tag}", self.tagged, "contents:read"),
            ]
        return found

    def user(self, call: Call) -> Answer:
        return Answer(user_json(self._access.user(call), base=call.base))

    def rate_limit(self, call: Call) -> Answer:
        token = self._access.token(call)
        rates = {bucket: self._access.rate(token, bucket) for bucket in ("core", "search")}
        return Answer({"resources": rates, "rate": rates["core"]})

    def assignees(self, call: Call) -> Answer:
        """Everybody who belongs to the repositories."""
        path = f"/repositories/{repository_of(self._forge, call).id}/assignees"
        insiders = [person for person in self._forge.people if person.inside]
        return self._paging.paged(call, insiders, lambda one: user_json(one, base=call.base) or {}, path=path)

    def show(self, call: Call) -> Answer:
        written = repository_json(repository_of(self._forge, call), base=call.base)
        return Answer({**written, "permissions": self._access.may(self._access.token(call))})

    def labels(self, call: Call) -> Answer:
        repository = repository_of(self._forge, call)
        rows = list(repository.labels.values())
        path = f"/repositories/{repository.id}/labels"
        return self._paging.paged(call, rows, lambda one: label_json(one, repository, base=call.base), path=path)

    def milestones(self, call: Call) -> Answer:
        repository = repository_of(self._forge, call)
        state = call.query.get("state", "open")
        if state not in ("open", "closed", "all"):
            raise invalid("Milestone", "state", value=state)
        rows = [one for one in repository.milestones.values() if state in ("all", one.state)]
        # Without a date they come last, whatever the direction.
        dated = [one for one in rows if one.due_on is not None]
        dated.sort(key=lambda one: str(one.due_on), reverse=call.query.get("direction") == "desc")
        rows = dated + [one for one in rows if one.due_on is None]
        path = f"/repositories/{repository.id}/milestones"
        return self._paging.paged(call, rows, lambda one: milestone_json(one, repository, base=call.base), path=path)

    def milestone(self, call: Call) -> Answer:
        repository = repository_of(self._forge, call)
        found = repository.milestones.get(int(call.params["number"]))
        if found is None:
            raise not_found()
        return Answer(milestone_json(found, repository, base=call.base))

    def _published(self, call: Call) -> list[Release]:
        """Newest first; drafts are seen only by those who may write contents."""
        found = [release for release in repository_of(self._forge, call).releases if not release.draft]
        return sorted(found, key=lambda release: (str(release.published_at), release.id), reverse=True)

    def releases(self, call: Call) -> Answer:
        repository = repository_of(self._forge, call)
        path = f"/repositories/{repository.id}/releases"
        rows = self._published(call)
        return self._paging.paged(call, rows, lambda one: release_json(one, repository, base=call.base), path=path)

    def latest(self, call: Call) -> Answer:
        return self._one(call, [release for release in self._published(call) if not release.prerelease])

    def tagged(self, call: Call) -> Answer:
        return self._one(call, [release for release in self._published(call) if release.tag == call.params["tag"]])

    def _one(self, call: Call, found: list[Release]) -> Answer:
        if not found:
            raise not_found()
        return Answer(release_json(found[0], repository_of(self._forge, call), base=call.base))
