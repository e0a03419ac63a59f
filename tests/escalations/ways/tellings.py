"""A telling as a step makes one, for the tests of all ways."""

from bot.escalations.telling import Telling

LINK = "https://secondline.example.com/ack/AAAAKgG9abcdefghijklmnopqrstuvwx"
POST = "https://harbor.slack.com/archives/C1/p1700000000000100"


def telling(**changes: str) -> Telling:
    said = {
        "key": "ladder/42",
        "name": "INV-12",
        "title": "U.S. East, packet loss",
        "request": "Call the transit provider and ask for another route",
        "body": "Call the transit provider and ask for another route\n\nU.S. East: about half the packets are lost.",
        "priority": "P1",
        "post_url": POST,
        "acknowledge_url": LINK,
    }
    return Telling(escalation_id=5, **{**said, **changes})
