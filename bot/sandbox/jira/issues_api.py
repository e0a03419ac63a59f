"""Issues with their comments, properties and transitions."""

import json

from bot.sandbox.jira import workflow
from bot.sandbox.jira.access import Access
from bot.sandbox.jira.body import PROPERTY_MAX, Fields, comment_body, read_any, read_object
from bot.sandbox.jira.errors import refused
from bot.sandbox.jira.records import Issue
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.wire import API, comment_json, comments_json, issue_json, status_json
from bot.sandbox.rest.answers import Answer, Call, Endpoint, Json

ONE = f"{API}/issue/{{key}}"
_NEW = {"fields", "update", "properties", "historyMetadata", "transition"}
_CHANGE = _NEW - {"transition"}


class IssuesApi:
    def __init__(self, *, site: JiraSite, access: Access) -> None:
        self._site = site
        self._access = access
        self._fields = Fields(site=site)

    def endpoints(self) -> list[Endpoint]:
        properties = f"{ONE}/properties"
        return [
            Endpoint("POST", f"{API}/issue", self.create),
            Endpoint("GET", ONE, self.show),
            Endpoint("PUT", ONE, self.update),
            Endpoint("PUT", f"{ONE}/assignee", self.assign),
            Endpoint("GET", f"{ONE}/comment", self.comments),
            Endpoint("POST", f"{ONE}/comment", self.comment),
            Endpoint("GET", properties, self.property_keys),
            Endpoint("GET", f"{properties}/{{name}}", self.property),
            Endpoint("PUT", f"{properties}/{{name}}", self.set_property),
            Endpoint("DELETE", f"{properties}/{{name}}", self.delete_property),
            Endpoint("GET", f"{ONE}/transitions", self.transitions),
            Endpoint("POST", f"{ONE}/transitions", self.transition),
        ]

    def _issue(self, call: Call) -> Issue:
        return self._site.issue(call.params["key"])

    def create(self, call: Call) -> Answer:
        body = read_object(call, _NEW)
        user = self._access.user(call)
        fields = body.get("fields")
        if not isinstance(fields, dict):
            raise refused(400, project="Specify a valid project ID or key")
        project, summary, type_name, values = self._fields.new(fields)
        type_ = workflow.named(workflow.TYPES, type_name) or workflow.TYPES[0]
        issue = self._site.create(project, summary, type=type_, reporter=user)
        self._site.put(issue, values, user, tell=False)
        issue.properties = {one["key"]: one["value"] for one in body.get("properties") or []}
        self._site.tell_created(issue, user)
        return Answer({"id": issue.id, "key": issue.key, "self": f"{call.base}{API}/issue/{issue.id}"}, 201)

    def show(self, call: Call) -> Answer:
        """All fields unless some are asked for; a former key is answered with the present one."""
        issue = self._issue(call)
        asked = [name for name in call.query.get("fields", "*all").split(",") if name]
        written = issue_json(issue, asked or ["*all"], base=call.base, zone=self._access.user(call).zone)
        wanted = [name for name in call.query.get("properties", "").split(",") if name]
        if wanted:
            written["properties"] = {
                name: value for name, value in issue.properties.items() if name in wanted or "*all" in wanted
            }
        return Answer(written)

    def update(self, call: Call) -> Answer:
        issue = self._issue(call)
        body = read_object(call, _CHANGE)
        values = self._fields.changed(body.get("fields") or {}, issue.project)
        if "fields" in values:
            values["fields"] = {**issue.fields, **values["fields"]}
        self._site.put(issue, values, self._access.user(call))
        return Answer(None, 204)

    def assign(self, call: Call) -> Answer:
        """An `accountId` of null is nobody."""
        issue = self._issue(call)
        values = self._fields.changed({"assignee": read_object(call, {"accountId"})}, issue.project)
        self._site.put(issue, values, self._access.user(call))
        return Answer(None, 204)

    def comments(self, call: Call) -> Answer:
        """The oldest first unless `orderBy` is -created."""
        order = call.query.get("orderBy", "created")
        if order.lstrip("+-") != "created":
            raise refused(400, f"{order} is not a valid value for orderBy.")
        start, most = int(call.query.get("startAt", 0)), min(int(call.query.get("maxResults", 5_000)), 5_000)
        issue, zone = self._issue(call), self._access.user(call).zone
        newest_first = order.startswith("-")
        written = comments_json(issue, base=call.base, zone=zone, newest_first=newest_first, start=start, most=most)
        return Answer(written)

    def comment(self, call: Call) -> Answer:
        issue, user = self._issue(call), self._access.user(call)
        body = read_object(call, {"body", "visibility", "properties"})
        comment = self._site.comment(issue, comment_body(body.get("body")), user)
        return Answer(comment_json(comment, issue, base=call.base, zone=user.zone), 201)

    def property_keys(self, call: Call) -> Answer:
        issue = self._issue(call)
        place = f"{call.base}{API}/issue/{issue.id}/properties"
        return Answer({"keys": [{"self": f"{place}/{name}", "key": name} for name in issue.properties]})

    def property(self, call: Call) -> Answer:
        issue, name = self._issue(call), call.params["name"]
        if name not in issue.properties:
            raise refused(404, f"The property {name} does not exist.")
        return Answer({"key": name, "value": issue.properties[name]})

    def set_property(self, call: Call) -> Answer:
        """No change of the issue: neither its time nor a webhook tells of it."""
        issue, name, value = self._issue(call), call.params["name"], read_any(call)
        if len(json.dumps(value)) > PROPERTY_MAX or len(name) > 255:
            raise refused(400, "The property value or key is too long.")
        status = 200 if name in issue.properties else 201
        issue.properties[name] = value
        return Answer(None, status)

    def delete_property(self, call: Call) -> Answer:
        issue, name = self._issue(call), call.params["name"]
        if issue.properties.pop(name, None) is None:
            raise refused(404, f"The property {name} does not exist.")
        return Answer(None, 204)

    def transitions(self, call: Call) -> Answer:
        issue = self._issue(call)
        rows = [
            {"id": number, "name": to.name, "to": status_json(to, base=call.base), "isAvailable": True, **_PLAIN}
            for number, to in workflow.TRANSITIONS.items()
            if to != issue.status
        ]
        return Answer({"expand": "transitions", "transitions": rows})

    def transition(self, call: Call) -> Answer:
        issue = self._issue(call)
        body = read_object(call, {"transition", "fields", "update", "historyMetadata", "properties"})
        wanted = (body.get("transition") or {}).get("id")
        to = workflow.TRANSITIONS.get(str(wanted))
        if wanted is None:
            raise refused(400, "Missing 'transition' identifier")
        if to is None or to == issue.status:
            raise refused(400, f"Transition id '{wanted}' is not valid for this issue.")
        self._site.move_to(issue, to, self._access.user(call))
        return Answer(None, 204)


_PLAIN: Json = {"hasScreen": False, "isGlobal": True, "isInitial": False, "isConditional": False, "isLooped": False}
