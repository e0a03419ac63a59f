"""What of a form can't be kept whole: the person mends it before it is sent."""

from collections.abc import Mapping

from bot.field_limits import TYPED_MAX, length_in_slack
from bot.slack.request import Request


def too_long(request: Request, *blocks: str, limits: Mapping[str, int] | None = None) -> dict[str, str]:
    """Sentences by block. Slack itself holds people to the number of characters, and shows some of them as several."""
    wrong = {}
    for block in blocks:
        length = length_in_slack(str(request.values.get(block) or ""))
        most = (limits or {}).get(block, TYPED_MAX)
        if length > most:
            wrong[block] = f"At most {most:,} characters, and this is {length:,}: &, < and > count as 4 or 5."
    return wrong
