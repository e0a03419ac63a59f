"""What of a delivery is stored: no line of a customer's log."""

import json

from bot.slack.kept import LEFT_OUT, kept
from tests.slack import payloads

LOG = "2026-11-20 14:00:00 connect\n2026-11-20 14:00:01 error: password=hunter2\n2026-11-20 14:00:02 x &lt;y&gt;"
FILE = {"id": "F1", "name": "jo.smith.log", "mimetype": "text/plain", "mode": "snippet", "preview": "password=hunter2"}


def test_what_is_pasted_is_left_out() -> None:
    """The words around it stay, and it says that a log was there; the blocks would have it once more."""
    text = f"from a customer:\n```{LOG}```\nany idea?"
    body = payloads.event("message", user="UKIM", text=text, blocks=[{"text": LOG}], ts="1.1", channel="C1")
    stored = kept(body)

    assert "hunter2" not in json.dumps(stored)
    assert stored["event"]["text"] == "from a customer:\n[a log of 3 lines]\nany idea?"
    assert stored["event"][LEFT_OUT] is True
    assert "hunter2" in body["event"]["text"]


def test_a_file_is_known_by_its_id_and_kind() -> None:
    """Slack shows its first lines, and its name may be a customer's."""
    stored = kept(payloads.event("message", user="UKIM", text="here", files=[FILE]))["event"]

    assert stored["files"] == [{"id": "F1", "mimetype": "text/plain", "mode": "snippet", "name": "file.log"}]


def test_an_edited_message_and_a_shortcut_carry_messages() -> None:
    inner = {"text": f"```{LOG}```", "ts": "1.1", "files": [FILE]}
    edited = kept(payloads.event("message", subtype="message_changed", message=inner, previous_message=inner))
    shortcut = kept({"type": "message_action", "token": "x", "message": inner, "callback_id": "add_message"})

    assert "hunter2" not in json.dumps([edited, shortcut]) and "token" not in shortcut
    assert shortcut["message"]["ts"] == edited["event"]["message"]["ts"] == "1.1"


def test_everything_else_is_stored_as_it_came() -> None:
    """Words run again after a crash as they were."""
    body = payloads.mention("<@UBOT> note ```one line```")

    assert kept(body) == {name: value for name, value in body.items() if name != "token"}
