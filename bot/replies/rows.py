"""What is stored of rounds and their tickets, read back: JSON with moments in ISO 8601. Pure."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from bot.database import Row, moment
from bot.messages.model import Place
from bot.replies.model import ProblemState, Reply, ReplyState, Round, RoundState, Text, Then
from bot.tickets.answering import Difference, DifferenceKind, Doer, RefusalKind, Snapshot


def stored(found: Snapshot | None) -> str:
    """ "" for none."""
    return json.dumps(asdict(found) | {"updated_at": found.updated_at.isoformat()}) if found else ""


def snapshot_read(text: str) -> Snapshot | None:
    """The inverse."""
    if not text:
        return None
    row = json.loads(text)
    kept = {"updated_at": datetime.fromisoformat(row["updated_at"]), "tags": tuple(row["tags"])}
    return Snapshot(**row | kept)


def stored_differences(found: Sequence[Difference]) -> str:
    return json.dumps([[each.kind, each.now, each.by] for each in found]) if found else ""


def differences_read(text: str) -> tuple[Difference, ...]:
    """The inverse."""
    return tuple(Difference(DifferenceKind(kind), now, Doer(by)) for kind, now, by in json.loads(text)) if text else ()


def round_read(row: Row, texts: Sequence[Row], replies: Sequence[Row]) -> Round:
    """A round of its rows."""
    return Round(
        id=row["id"],
        key=row["key"],
        purpose=row["purpose"],
        stamp=row["stamp"],
        state=RoundState(row["state"]),
        then=Then(row["then_status"]),
        place=Place(row["channel"], row["thread_key"], row["thread_ts"]),
        for_user=row["for_user"],
        opened_at=moment(row["opened_at"]),
        values=json.loads(row["values"]),
        problem_id=row["problem_id"],
        problem_state=ProblemState(row["problem_state"]),
        problem_note=row["problem_note"],
        approved_by=row["approved_by"],
        approved_at=_maybe(row["approved_at"]),
        stopped_by=row["stopped_by"],
        ended_at=_maybe(row["ended_at"]),
        run=row["run"],
        reading=row["reading"],
        failing_since=_maybe(row["failing_since"]),
        failure=row["failure"],
        note=row["note"],
        texts=tuple(map(_text, texts)),
        replies=tuple(map(reply_read, replies)),
    )


def _maybe(text: str | None) -> datetime | None:
    return moment(text) if text else None


def _text(row: Row) -> Text:
    return Text(row["language"], row["text"], row["macro_id"], row["macro"])


def reply_read(row: Row) -> Reply:
    """A ticket of a round."""
    return Reply(
        ticket_id=row["ticket_id"],
        state=ReplyState(row["state"]),
        subject=row["subject"],
        url=row["url"],
        status=row["status"],
        wants=row["wants"],
        language=row["language"],
        investigation_id=row["investigation_id"],
        about=row["about"],
        kind=RefusalKind(row["kind"]) if row["kind"] else None,
        reason=row["reason"],
        attempts=row["attempts"],
        seen=snapshot_read(row["seen"]),
        differences=differences_read(row["differences"]),
    )
