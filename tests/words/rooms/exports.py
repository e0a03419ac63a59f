"""What people see of a story on its way into a tracker."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from bot.exports import cards, forms
from bot.exports.tracker_copy import NOTHING_FILLED_IN, CopyForm, CopyState, ShownCopy, TrackerCopy, copy_text
from bot.investigations.model import EventKind
from tests.words.plain import Message
from tests.words.records import KNOWN, NOW, OPEN, RESOLVED, at, event, issue, overview

ABOUT = overview(
    replace(OPEN, **RESOLVED),
    event(EventKind.OPENED),
    event(EventKind.ESCALATED, 10),
    event(EventKind.ACKNOWLEDGED, 14),
    event(EventKind.RESOLVED, 95),
)
TITLES = {"app": "GitHub acme/app"}
WANTED = TrackerCopy(3, 4, 31, "", "", "UKIM", NOW)
FAILING = replace(WANTED, failing_since=at(2), failure="timed out")
OTHER = replace(KNOWN, id=32, issue=issue(32, "No internet after the app was removed"))


def messages() -> Mapping[str, Message]:
    copies = {
        "on its way": WANTED,
        "the tracker is down": FAILING,
        "the tracker refuses it": replace(FAILING, state=CopyState.FAILED, failure="403 Forbidden"),
        "there": replace(WANTED, state=CopyState.SENT, url="https://tracker.test/31#comment"),
    }
    listed: dict[str, Message] = {
        f"The story, {name}": cards.copy_card(ShownCopy(copy, KNOWN, TITLES["app"])) for name, copy in copies.items()
    }
    form = CopyForm(ABOUT, (KNOWN,), TITLES, copy_text(ABOUT, NOTHING_FILLED_IN, UTC))
    listed["Form: send the story"] = forms.copy_form(form)
    listed["Form: send the story, two issues"] = forms.copy_form(replace(form, issues=(KNOWN, OTHER)))
    listed["Words"] = [forms.what_goes_out()]
    return listed
