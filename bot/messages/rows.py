"""How the table of messages is read: which of them are due, and a row as a record."""

from dataclasses import replace

from bot.database import Row
from bot.messages.model import Message, Place
from bot.stored import Stored

_WAY = """CASE WHEN m.kind IN ('file', 'reaction') THEN m.kind WHEN m.ts IS NOT NULL THEN 'edit'
 WHEN m.state = 'unsure' THEN 'look' ELSE 'post' END"""
"""`Message.way`, for a query."""
DUE = f"""SELECT * FROM (
 SELECT m.*, root.ts AS root_ts, root.channel AS root_channel,
   row_number() OVER (PARTITION BY m.channel, {_WAY}, m.rank, m.for_user, m.human ORDER BY m.due_at, m.id) AS place
 FROM messages m LEFT JOIN messages root ON root.key = m.thread_key
   LEFT JOIN messages earlier ON earlier.key = m.after_key
 WHERE m.state IN ('owed', 'unsure') AND m.due_at <= ?
   AND (m.thread_key IS NULL OR m.thread_ts IS NOT NULL OR root.ts IS NOT NULL)
   AND (m.after_key IS NULL OR earlier.ts IS NOT NULL OR earlier.state IN ('sent', 'refused')))
 WHERE place = 1 ORDER BY rank, human DESC, due_at, id"""
"""Takes the time that it is; see `MessageStore.due`."""


_MESSAGES = Stored[Message](Message)


def read_message(row: Row) -> Message:
    """A row of the table, with where its thread is (`root_ts`, `root_channel`)."""
    place = Place(row["channel"], row["thread_key"], row["thread_ts"])
    message = _MESSAGES.row(row, place=place)
    if row["root_ts"] and not message.place.thread_ts:
        return replace(message, place=replace(message.place, channel=row["root_channel"], thread_ts=row["root_ts"]))
    return message
