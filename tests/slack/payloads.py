"""What Slack sends, as it sends it (https://docs.slack.dev/interactivity, /apis/events-api)."""

from typing import Any

Json = dict[str, Any]

TEAM = {"team_id": "T1", "api_app_id": "A1", "token": "verification"}


def command(name: str = "/investigate", text: str = "us-east packet loss", trigger_id: str = "t.1") -> Json:
    return TEAM | {
        "command": name,
        "text": text,
        "user_id": "UKIM",
        "user_name": "kim",
        "channel_id": "C1",
        "channel_name": "t2-tech",
        "response_url": "https://hooks.slack.com/commands/T1/1/x",
        "trigger_id": trigger_id,
        "is_enterprise_install": "false",
    }


def event(kind: str, event_id: str = "Ev1", **fields: Any) -> Json:
    inner = {"type": kind, "event_ts": "1700000000.000100"} | fields
    return TEAM | {"type": "event_callback", "event_id": event_id, "event_time": 1700000000, "event": inner}


def mention(text: str = "<@UBOT> claim", event_id: str = "Ev1") -> Json:
    where = {"channel": "C1", "ts": "1700000000.000100", "thread_ts": "1699999999.000100"}
    return event("app_mention", event_id, user="UKIM", text=text, **where)


def edited_mention(text: str = "<@UBOT> claim", event_id: str = "Ev2") -> Json:
    """Slack sends an edited mention as another event, with the ts of the message."""
    body = mention(text, event_id)
    return body | {"event": body["event"] | {"edited": {"user": "UKIM", "ts": "1700000300.000000"}}}


def press(action_id: str = "investigation_claim", value: str = "12", trigger_id: str = "t.2") -> Json:
    return TEAM | {
        "type": "block_actions",
        "user": {"id": "UKIM", "username": "kim", "team_id": "T1"},
        "team": {"id": "T1", "domain": "acme"},
        "container": {"type": "message", "message_ts": "5.5", "channel_id": "C1", "is_ephemeral": False},
        "channel": {"id": "C1", "name": "t2-tech"},
        "message": {"type": "message", "user": "UBOT", "ts": "5.5", "text": "x"},
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "trigger_id": trigger_id,
        "actions": [
            {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1700000001.1"}
        ],
    }


def press_in(view: Json, action_id: str, value: str, trigger_id: str = "t.2") -> Json:
    """A button of a modal: there is no channel, no message and no URL to answer at."""
    body = press(action_id, value, trigger_id)
    of_message = ("channel", "message", "response_url")
    where = {"container": {"type": "view", "view_id": view["id"]}, "view": view}
    return {name: each for name, each in body.items() if name not in of_message} | where


def choice(action_id: str, value: str) -> Json:
    action = {"type": "overflow", "action_id": action_id, "block_id": "b", "action_ts": "1700000001.2"}
    chosen = {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}
    return press() | {"actions": [action | chosen]}


def message_shortcut(callback_id: str = "investigate_message") -> Json:
    return TEAM | {
        "type": "message_action",
        "callback_id": callback_id,
        "trigger_id": "t.3",
        "response_url": "https://hooks.slack.com/app/T1/1/x",
        "user": {"id": "UKIM", "name": "kim"},
        "team": {"id": "T1", "domain": "acme"},
        "channel": {"id": "CGENERAL", "name": "general"},
        "message_ts": "7.7",
        "message": {"type": "message", "user": "UTOM", "ts": "7.7", "thread_ts": "7.1", "text": "logins fail"},
    }


def global_shortcut(callback_id: str = "investigate_form") -> Json:
    return TEAM | {
        "type": "shortcut",
        "callback_id": callback_id,
        "trigger_id": "t.4",
        "action_ts": "1700000002.1",
        "user": {"id": "UKIM", "username": "kim"},
        "team": {"id": "T1", "domain": "acme"},
    }


def submission(callback_id: str, values: Json, view_hash: str = "1.a") -> Json:
    view = {"id": "V1", "type": "modal", "callback_id": callback_id, "hash": view_hash, "private_metadata": "12"}
    return TEAM | {
        "type": "view_submission",
        "user": {"id": "UKIM", "username": "kim"},
        "team": {"id": "T1", "domain": "acme"},
        "trigger_id": "t.5",
        "view": view | {"state": {"values": values}},
        "response_urls": [],
    }
