"""A status page as Statuspage's JSON."""

from datetime import datetime

from bot.sandbox.rest.answers import Json
from bot.sandbox.statuspage.page import Component, Incident, StatusBoard, Update, overall

PAGE_ID = "sandboxpage1"


def stamp(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def page_json(board: StatusBoard, *, base: str) -> Json:
    return {
        "id": PAGE_ID,
        "name": board.name,
        "url": base,
        "time_zone": "Etc/UTC",
        "updated_at": stamp(board.updated_at),
    }


def status_json(board: StatusBoard) -> Json:
    indicator, description = overall(board)
    return {"indicator": indicator, "description": description}


def component_json(component: Component, board: StatusBoard) -> Json:
    written: Json = {
        "id": component.id,
        "name": component.name,
        "status": component.status,
        "created_at": stamp(component.created_at),
        "updated_at": stamp(component.updated_at),
        "position": component.position,
        "description": component.description,
        "showcase": False,
        "start_date": None,
        "group_id": component.group_id,
        "page_id": PAGE_ID,
        "group": component.group,
        "only_show_if_degraded": False,
    }
    if component.group:
        written["components"] = [one.id for one in board.components if one.group_id == component.id]
    return written


def incident_json(incident: Incident, board: StatusBoard, *, base: str) -> Json:
    written: Json = {
        "id": incident.id,
        "name": incident.name,
        "status": incident.status,
        "created_at": stamp(incident.created_at),
        "updated_at": stamp(incident.updated_at),
        "monitoring_at": stamp(incident.reached("monitoring")),
        "resolved_at": stamp(incident.reached("resolved") or incident.reached("completed")),
        "impact": incident.impact,
        "shortlink": f"{base}/incidents/{incident.id}",
        "started_at": stamp(incident.created_at),
        "page_id": PAGE_ID,
        "incident_updates": [_update_json(update, incident) for update in incident.updates],
        "components": [component_json(component, board) for component in incident.components],
    }
    if incident.scheduled_for is not None:
        written["scheduled_for"] = stamp(incident.scheduled_for)
        written["scheduled_until"] = stamp(incident.scheduled_until)
    return written


def _update_json(update: Update, incident: Incident) -> Json:
    return {
        "id": update.id,
        "status": update.status,
        "body": update.body,
        "incident_id": incident.id,
        "created_at": stamp(update.at),
        "updated_at": stamp(update.at),
        "display_at": stamp(update.at),
        "affected_components": None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }
