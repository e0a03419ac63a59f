"""A message that travels through a form, within what Slack gives for it."""

import json
from dataclasses import asdict

from bot.investigations.model import SourceMessage
from bot.slack.text import cut

ROOM = 3000
"""Characters of `private_metadata` (https://docs.slack.dev/reference/views)."""


def packed(source: SourceMessage | None, *, channel: str = "") -> str:
    """`unpacked` is the inverse, but for the end of a long text."""
    kept = asdict(source) if source else None
    written = ""
    for limit in (1000, 400, 100):
        short = kept and kept | {"text": cut(kept["text"], limit)}
        written = json.dumps({"channel": channel, "source": short}, ensure_ascii=False)
        if _length(written) <= ROOM:
            return written
    return written


def unpacked(text: str) -> tuple[SourceMessage | None, str]:
    """The message, and the channel that the person was in."""
    carried = json.loads(text)
    return SourceMessage(**carried["source"]) if carried["source"] else None, carried["channel"]


def _length(text: str) -> int:
    """The length by the strictest count: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
