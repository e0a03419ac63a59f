"""The message of a copy in the thread: on its way, there, or why not. Pure."""

from bot.exports.tracker_copy import CopyState, ShownCopy
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, context, sections
from bot.slack.text import clock_time, foreign, link, person

RETRY = "story_copy_retry"


def copy_card(shown: ShownCopy) -> Content:
    """Edited when the tracker has it, or says why it does not take it."""
    copy, issue = shown.copy, shown.issue.issue
    key = link(issue.url, issue.key)
    match copy.state:
        case CopyState.SENT:
            there = f"{link(copy.url, 'Open the comment')}" if copy.url else "It's a comment there"
            words = f":page_facing_up: {person(copy.asked_by)} put the story on {key}. {there}."
        case CopyState.WANTED | CopyState.FAILED:
            words = f":hourglass: {person(copy.asked_by)} puts the story on {key}…"
    return Content(f"The story goes to {foreign(issue.key)}", (*sections([words]), *_trouble(shown)))


def _trouble(shown: ShownCopy) -> list[Block]:
    """Why it is not there yet, since when, and whether it is tried again."""
    copy = shown.copy
    if copy.state is CopyState.SENT or not copy.failing_since:
        return []
    failed = copy.state is CopyState.FAILED
    last = "Fix that, then press *Try Again*." if failed else "It is tried again by itself."
    since = f"since {clock_time(copy.failing_since)} ({foreign(copy.failure, 150)})"
    line = f":warning: {foreign(shown.tracker_title)} hasn't taken it {since}. {last}"
    return [context(line), actions(button("Try Again", RETRY, str(copy.id)))]
