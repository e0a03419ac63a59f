"""What stands in a town's Slack at the end of a story, counted."""

import re
from collections import Counter

from bot.sandbox.slack.model import Message
from tests.stories.town import Town

_PINGS = re.compile(r"<(?:@[UW][A-Z0-9]+|![a-z]+)(?:[|^][^>]*)?>")


def messages(there: Town) -> list[Message]:
    """Everything that the bot posted, in order."""
    channels = there.slack.site.workspace.channels.values()
    listed = [each for channel in channels for each in channel.messages.values() if each.by_app]
    return sorted(listed, key=lambda each: each.ts)


def keys(there: Town) -> Counter[str]:
    """How often each owed message was posted."""
    return Counter(each.metadata["event_payload"]["key"] for each in messages(there) if each.metadata)


def order(there: Town) -> list[str]:
    """The keys in the order in which they were posted."""
    return [each.metadata["event_payload"]["key"] for each in messages(there) if each.metadata]


def files(there: Town) -> Counter[str]:
    """How often each file was shared, by name."""
    return Counter(file.name for each in messages(there) for file in each.files)


def pings(text: str) -> set[str]:
    """Who is notified by a text."""
    return {each for each in _PINGS.findall(text) if not each.startswith("<!date")}
