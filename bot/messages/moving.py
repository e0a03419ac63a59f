"""A thread that goes on in another channel. Slack can't move messages: what lives on is posted there anew.

Each row that Slack has, or may have, is split: the old one keeps its id, so that whatever is on its way ends there; a
new one has its key from now on.
"""

from datetime import datetime

from bot.database import Database, Row
from bot.messages.model import MessageKind, MessageState

LEFT = "left_behind"
"""The view of what was left behind: it shows nothing, so it is never sent again."""
_AFRESH: Row = {"ts": None, "digest": None, "file_id": None, "state": MessageState.OWED, "attempts": 0, "reason": ""}
_ON_ITS_WAY = (MessageState.SENDING, MessageState.UNSURE)


class MovedThread:
    """One thread and the channel where it goes on, in the caller's transaction."""

    def __init__(self, database: Database, root_key: str, channel: str, now: datetime) -> None:
        self._database = database
        self._root_key = root_key
        self._channel = channel
        self._now = now

    def move(self, *, view: str, record_id: int) -> None:
        """The root's old message shows a view from now on, once the new one is there. Posts stay where they were sent,
        and are edited there.

        What is not sent yet is sent in the new thread; what may be on its way is looked for in the old one first.
        """
        root = self._row(self._root_key)
        below = "SELECT * FROM messages WHERE thread_key = ? ORDER BY id"
        self._card(root, view=view, record_id=record_id, thread_ts=None)
        for row in self._database.rows(below, self._root_key):
            if row["kind"] == MessageKind.CARD:
                self._card(row, view=LEFT, record_id=0, thread_ts=root["ts"])
            elif row["ts"] is None and row["state"] != MessageState.SENT:
                self._unsent(row, root)
            elif row["ts"] and row["thread_ts"] is None:
                self._set(row, thread_ts=root["ts"])

    def _card(self, row: Row, *, view: str, record_id: int, thread_ts: str | None) -> None:
        if row["ts"] is None and row["state"] not in _ON_ITS_WAY:
            self._set(row, channel=self._channel, due_at=self._now, moved=row["moved"] + 1, **_AFRESH)
        else:
            split(self._database, row, self._now, view=view, record_id=record_id, thread_ts=thread_ts)
            self._set(self._row(row["key"]), channel=self._channel)

    def _unsent(self, row: Row, root: Row) -> None:
        """A post or a file. `thread_ts` beside `thread_key` says that it is looked for in the old thread."""
        if row["state"] in _ON_ITS_WAY:
            self._set(row, thread_ts=row["thread_ts"] or root["ts"])
        elif not row["emptied"]:
            again: Row = {"attempts": 0, "reason": "", "state": MessageState.OWED, "thread_ts": None}
            self._set(row, channel=self._channel, moved=row["moved"] + 1, **again)

    def _row(self, key: str) -> Row:
        row = self._database.row("SELECT * FROM messages WHERE key = ?", key)
        assert row, f"{key} was never owed"
        return row

    def _set(self, row: Row, **columns: object) -> None:
        self._database.update("messages", {"id": row["id"]}, **columns)


def split(database: Database, row: Row, now: datetime, *, view: str, record_id: int, thread_ts: str | None) -> None:
    """The row stays what Slack has and shows a view from now on; a new one with its key is owed.

    The old one waits for the new one, since it leads there, and keeps the name that its message has in Slack.
    """
    key = str(row["key"])
    fresh = {name: value for name, value in row.items() if name != "id"} | _AFRESH
    fresh |= {"thread_ts": None, "wanted": 1, "sent": 0, "human": 1, "due_at": now, "created_at": now}
    shown: Row = {"state": MessageState.OWED, "due_at": now} if row["ts"] else {}
    database.update(
        "messages",
        {"id": row["id"]},
        key=f"left/{row['id']}/{key}",
        sent_as=row["sent_as"] or key,
        kind=MessageKind.POST,
        view=view,
        record_id=record_id,
        thread_key=None,
        thread_ts=thread_ts,
        after_key=key,
        wanted=int(row["wanted"]) + 1,
        **shown,
    )
    database.insert("messages", fresh)
