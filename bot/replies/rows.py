"""What is stored of rounds and their tickets, read back: JSON with moments in ISO 8601. Pure."""

import json
from collections.abc import Sequence

from bot.database import Row
from bot.messages.model import Place
from bot.replies.model import Reply, Round, Text
from bot.stored import Stored
from bot.tickets.answering import Difference, DifferenceKind, Doer, Snapshot

SNAPSHOTS = Stored[Snapshot](Snapshot)
_ROUNDS, _TEXTS = Stored[Round](Round, json=("values",)), Stored[Text](Text)
_REPLIES = Stored[Reply](Reply, json=("seen",))


def stored_differences(found: Sequence[Difference]) -> str:
    return json.dumps([[difference.kind, difference.now, difference.by] for difference in found]) if found else ""


def differences_read(text: str) -> tuple[Difference, ...]:
    """The inverse."""
    return tuple(Difference(DifferenceKind(kind), now, Doer(by)) for kind, now, by in json.loads(text)) if text else ()


def round_read(row: Row, texts: Sequence[Row], replies: Sequence[Row]) -> Round:
    """A round of its rows."""
    return _ROUNDS.row(
        row,
        then=row["then_status"],
        place=Place(row["channel"], row["thread_key"], row["thread_ts"]),
        texts=tuple(map(_TEXTS.row, texts)),
        replies=tuple(map(reply_read, replies)),
    )


def reply_read(row: Row) -> Reply:
    """A ticket of a round."""
    return _REPLIES.row(row, kind=row["kind"] or None, differences=differences_read(row["differences"]))
