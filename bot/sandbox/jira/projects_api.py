"""Projects with their versions, the fields, and the user of the token."""

from bot.sandbox.jira import workflow
from bot.sandbox.jira.access import Access
from bot.sandbox.jira.errors import refused
from bot.sandbox.jira.records import Project, Version
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.wire import API, named_json, project_json, user_json, version_json
from bot.sandbox.rest.answers import Answer, Call, Endpoint

_PERMISSIONS = {"BROWSE_PROJECTS", "CREATE_ISSUES", "ADD_COMMENTS", "EDIT_ISSUES", "TRANSITION_ISSUES"}
_VERSION_STATES = ("released", "unreleased", "archived")


class ProjectsApi:
    def __init__(self, *, site: JiraSite, access: Access) -> None:
        self._site = site
        self._access = access

    def endpoints(self) -> list[Endpoint]:
        one = f"{API}/project/{{key}}"
        return [
            Endpoint("GET", f"{API}/myself", self.myself),
            Endpoint("GET", f"{API}/mypermissions", self.permissions),
            Endpoint("GET", f"{API}/user/assignable/search", self.assignable),
            Endpoint("GET", f"{API}/serverInfo", self.server),
            Endpoint("GET", f"{API}/field", self.fields),
            Endpoint("GET", f"{API}/priority", self.priorities),
            Endpoint("GET", one, self.project),
            Endpoint("GET", f"{one}/versions", self.versions),
            Endpoint("GET", f"{one}/version", self.version_page),
            Endpoint("GET", f"{API}/version/{{id}}", self.version),
        ]

    def _project(self, call: Call) -> Project:
        return self._named(call.params["key"])

    def _named(self, asked: str) -> Project:
        for project in self._site.projects.values():
            if asked.upper() == project.key or asked == project.id:
                return project
        raise refused(404, f"No project could be found with key '{asked}'.")

    def myself(self, call: Call) -> Answer:
        return Answer(user_json(self._access.user(call), base=call.base))

    def permissions(self, call: Call) -> Answer:
        asked = [name for name in call.query.get("permissions", "").split(",") if name]
        if not asked:
            raise refused(400, "The 'permissions' query parameter is required.")
        if unknown := set(asked) - _PERMISSIONS:
            raise refused(400, f"Unrecognized permission: {min(unknown)}")
        may_write = self._access.may_write(self._access.user(call))
        held = {name: may_write or name == "BROWSE_PROJECTS" for name in asked}
        return Answer({"permissions": {name: {"key": name, "havePermission": has} for name, has in held.items()}})

    def assignable(self, call: Call) -> Answer:
        """Everybody in it: here all people may work on issues."""
        self._named(call.query.get("project", ""))
        start, most = int(call.query.get("startAt", 0)), int(call.query.get("maxResults", 50))
        people = list(self._site.people.values())[start : start + most]
        return Answer([user_json(user, base=call.base) for user in people])

    def server(self, call: Call) -> Answer:
        return Answer({"baseUrl": call.base, "version": "1001.0.0-SNAPSHOT", "deploymentType": "Cloud"})

    def fields(self, call: Call) -> Answer:
        own = ["summary", "description", "labels", "priority", "duedate", "fixVersions", "components", "status"]
        rows = [{"id": name, "key": name, "name": name.capitalize(), "custom": False} for name in own]
        rows += [{"id": key, "key": key, "name": name, "custom": True} for key, name in workflow.CUSTOM_FIELDS.items()]
        return Answer(rows)

    def priorities(self, call: Call) -> Answer:
        return Answer([named_json(one, "priority", base=call.base) for one in workflow.PRIORITIES])

    def project(self, call: Call) -> Answer:
        project = self._project(call)
        types = [{**(named_json(one, "issuetype", base=call.base) or {}), "subtask": False} for one in workflow.TYPES]
        components = [named_json(one, "component", base=call.base) for one in project.components.values()]
        return Answer({**project_json(project, base=call.base), "issueTypes": types, "components": components})

    def versions(self, call: Call) -> Answer:
        project = self._project(call)
        return Answer([self._written(call, version, project) for version in project.versions.values()])

    def version_page(self, call: Call) -> Answer:
        """Pages by `startAt`; `status` chooses by released, unreleased, archived; without a date come last."""
        project = self._project(call)
        status = [name for name in call.query.get("status", "").split(",") if name]
        order = call.query.get("orderBy", "")
        if order.lstrip("+-") not in ("", "name", "releaseDate", "sequence") or set(status) - set(_VERSION_STATES):
            raise refused(400, "The orderBy or status parameter is invalid.")
        rows = [one for one in project.versions.values() if not status or _state(one) in status]
        if order.endswith("releaseDate"):
            dated = [one for one in rows if one.release_date is not None]
            dated.sort(key=lambda one: str(one.release_date), reverse=order.startswith("-"))
            rows = dated + [one for one in rows if one.release_date is None]
        start, most = int(call.query.get("startAt", 0)), min(int(call.query.get("maxResults", 50)), 50)
        shown = [self._written(call, one, project) for one in rows[start : start + most]]
        last = start + most >= len(rows)
        return Answer({"maxResults": most, "startAt": start, "total": len(rows), "isLast": last, "values": shown})

    def version(self, call: Call) -> Answer:
        for project in self._site.projects.values():
            if call.params["id"] in project.versions:
                return Answer(self._written(call, project.versions[call.params["id"]], project))
        raise refused(404, f"Could not find version for id '{call.params['id']}'")

    def _written(self, call: Call, version: Version, project: Project) -> dict[str, object]:
        return version_json(version, project, base=call.base)


def _state(version: Version) -> str:
    if version.archived:
        return "archived"
    return "released" if version.released else "unreleased"
