"""The Statuspage sandbox: /api/v2 below any prefix, and what a test or a person can do to it."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.rest.answers import Answer, Call, Endpoint, Json, Refused
from bot.sandbox.rest.page import issue_page
from bot.sandbox.rest.server import RestServer
from bot.sandbox.statuspage.page import IMPACTS, INCIDENT_STATES, MAINTENANCE_STATES, StatusBoard
from bot.sandbox.statuspage.wire import component_json, incident_json, page_json, status_json


class StatuspageSandbox:
    """One public status page. `groups` maps each group to its components; `morning` begins with U.S. East degraded."""

    def __init__(
        self, *, clock: Clock, groups: dict[str, list[str]], name: str = "Harbor VPN", morning: bool = False
    ) -> None:
        self._clock = clock
        self.board = StatusBoard(clock=clock, name=name)
        for group, members in groups.items():
            self.board.add_component(group, is_group=True)
            for member in members:
                self.board.add_component(member, group=group)
        if morning:
            _begin_morning(self)
        documents = {
            "summary": ("components", "incidents", "scheduled_maintenances", "status"),
            "status": ("status",),
            "components": ("components",),
            "incidents/unresolved": ("incidents",),
        }
        self.rest = RestServer(
            endpoints=[
                Endpoint("GET", f"/api/v2/{path}.json", self._document(parts)) for path, parts in documents.items()
            ],
            work=lambda call, endpoint: endpoint.handler(call),
            unknown=lambda call: Refused(404, {"error": "not found"}),
            faults=Faults(lambda status: {"error": f"status {status}"}),
            acts=self.acts(),
            pages={"/incidents/{id}": self._page},
        )
        self.fail_next = self.rest.fail_next
        self.log = self.rest.log

    def routes(self) -> web.Application:
        return self.rest.routes()

    def acts(self) -> list[Callable[..., Any]]:
        """Each is also `POST /control/<its name>`."""
        return [
            self.set_component,
            self.open_incident,
            self.update_incident,
            self.resolve_incident,
            self.schedule_maintenance,
            self.move_maintenance,
        ]

    def set_component(self, name: str, status: str, minutes_ago: float = 0) -> None:
        """Any word is taken, as a lookalike of Statuspage might say it; the page's indicator knows the usual five."""
        self.board.set_status(name, status, minutes_ago=minutes_ago)

    def open_incident(
        self,
        name: str,
        body: str = "We are looking into it.",
        impact: str = "minor",
        status: str = "investigating",
        components: list[str] | None = None,
        minutes_ago: float = 0,
    ) -> str:
        """Gives the incident's id. Components keep their status: that is set for itself, as on the real one."""
        _one_of(impact, IMPACTS)
        _one_of(status, INCIDENT_STATES)
        opened = self.board.open(
            name, body=body, impact=impact, status=status, components=components or [], minutes_ago=minutes_ago
        )
        return opened.id

    def update_incident(self, incident: str, status: str, body: str = "") -> None:
        _one_of(status, INCIDENT_STATES)
        self.board.update(incident, status=status, body=body)

    def resolve_incident(self, incident: str, body: str = "This incident has been resolved.") -> None:
        """It leaves the summary."""
        self.board.update(incident, status="resolved", body=body)

    def schedule_maintenance(
        self, name: str, in_minutes: float, minutes: float, components: list[str] | None = None, body: str = ""
    ) -> str:
        """Gives its id; `move_maintenance` lets it begin and end."""
        incident = self.board.open(
            name, body=body, impact="none", status="scheduled", components=components or [], minutes_ago=0
        )
        incident.impact = "maintenance"
        incident.scheduled_for = self._clock() + timedelta(minutes=in_minutes)
        incident.scheduled_until = incident.scheduled_for + timedelta(minutes=minutes)
        return incident.id

    def move_maintenance(self, maintenance: str, status: str, body: str = "") -> None:
        _one_of(status, MAINTENANCE_STATES)
        self.board.update(maintenance, status=status, body=body)

    def _page(self, call: Call) -> str:
        try:
            found = self.board.incident(call.params["id"])
        except ValueError as error:
            raise Refused(404, {"error": "not found"}) from error
        facts = {"Impact": found.impact, "Components": ", ".join(one.name for one in found.components)}
        texts = [(f"{update.status}, {update.at:%d %b %Y, %H:%M} UTC", update.body) for update in found.updates]
        return issue_page(self.board.name, found.name, facts, texts)

    def _document(self, parts: tuple[str, ...]) -> Callable[[Call], Answer]:
        def written(call: Call) -> Answer:
            body: Json = {"page": page_json(self.board, base=call.base)}
            for part in parts:
                body[part] = self._part(part, call.base)
            tag = f'W/"{hashlib.sha256(json.dumps(body).encode()).hexdigest()[:32]}"'
            headers = {"ETag": tag, "Cache-Control": "max-age=0, private, must-revalidate"}
            if call.headers.get("If-None-Match") == tag:
                return Answer(None, 304, headers)
            return Answer(body, headers=headers)

        return written

    def _part(self, part: str, base: str) -> Any:
        board = self.board
        if part == "status":
            return status_json(board)
        if part == "components":
            return [component_json(one, board) for one in board.components]
        listed = board.unresolved() if part == "incidents" else board.maintenances()
        return [incident_json(one, board, base=base) for one in listed]


def _begin_morning(page: StatuspageSandbox) -> None:
    """U.S. East is degraded since half an hour, and somebody is on it; a maintenance is to come."""
    page.set_component("US East", "degraded_performance", minutes_ago=30)
    page.open_incident(
        "Packet loss on US East",
        "Some connections through US East are slow or drop. We are looking into it with our transit provider.",
        components=["US East"],
        minutes_ago=28,
    )
    page.schedule_maintenance(
        "Kernel update of EU Central", 20 * 60, 60, ["EU Central"], "Connections may drop once for some seconds."
    )


def _one_of(word: str, allowed: tuple[str, ...]) -> None:
    if word not in allowed:
        raise ValueError(f"{word!r} is none of {', '.join(allowed)}")
