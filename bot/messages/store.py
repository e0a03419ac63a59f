"""The outbox's side of the table of owed messages: what may be sent now, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.database import Database, Row
from bot.messages.model import Message, MessageKind, MessageState
from bot.messages.owed import WITHDRAWN, Owed, read_message

_WAY = """CASE WHEN m.kind IN ('file', 'reaction') THEN m.kind WHEN m.kind = 'image' THEN 'file'
 WHEN m.kind = 'removal' THEN 'remove'
 WHEN m.ts IS NOT NULL THEN 'edit'
 WHEN m.state = 'unsure' THEN 'look' ELSE 'post' END"""
"""`Message.way`, for a query."""
DUE = f"""SELECT * FROM (
 SELECT m.*, root.ts AS root_ts, root.channel AS root_channel,
   row_number() OVER (PARTITION BY m.channel, {_WAY}, m.rank, m.for_user, m.human ORDER BY m.due_at, m.id) AS place
 FROM messages m LEFT JOIN messages root ON root.key = m.thread_key
   LEFT JOIN messages earlier ON earlier.key = m.after_key
 WHERE m.state IN ('owed', 'unsure') AND m.due_at <= ?
   AND (m.withdrawn = 0 OR m.ts IS NOT NULL OR m.state = 'unsure')
   AND (m.thread_key IS NULL OR m.thread_ts IS NOT NULL OR root.ts IS NOT NULL)
   AND (m.after_key IS NULL OR earlier.ts IS NOT NULL OR earlier.state IN ('sent', 'refused')))
 WHERE place = 1 ORDER BY rank, human DESC, due_at, id"""
"""Takes the time that it is; see `MessageStore.due`."""
RETRY_WITHIN = timedelta(hours=6)
"""Older messages than this would come too late to be of use."""
AT_ONCE = 1
"""The picture of a web page takes hundreds of pages of the file: more would keep everything else waiting."""


class MessageStore(Owed):
    """What is owed, as the outbox asks for it and sends it."""

    def due(self, now: datetime) -> list[Message]:
        """What may be sent now; replies only once their thread exists, posts that follow another only once that is
        sent or refused.

        Of each person the first one of each rank, way and channel: however much somebody has waiting, it hides
        nothing of anybody else's, and nothing that goes another way.
        """
        return [read_message(row) for row in self._database.rows(DUE, now)]

    def next_due_at(self, now: datetime) -> datetime | None:
        """When the next message that is not due yet will be; what is due and waits for its thread does not count."""
        sql = "SELECT min(due_at) FROM messages WHERE state IN ('owed', 'unsure') AND due_at > ?"
        return self._database.time(sql, now)

    def retry_recent(self) -> None:
        """Try once more, at the start, what was refused lately: a token or a scope may have been mended."""
        again, now = "UPDATE messages SET state = 'owed', attempts = 0, due_at = ?", self._clock()
        self._database.run(f"{again} WHERE state = 'refused' AND created_at > ?", now, now - RETRY_WITHIN)

    def sending(self, message: Message, digest: str) -> bool:
        """A message is about to be sent: a crash leaves its outcome unknown, and its place says where to look.

        Whether it still is: not where it was withdrawn meanwhile, or got another place.
        """
        row: Row = {"attempt_at": self._clock(), "attempts": message.attempts + 1, "channel": message.place.channel}
        row |= {"state": MessageState.SENDING, "digest": digest}
        still: Row = {"id": message.id, "withdrawn": 0, "moved": message.moved}
        return self._database.update("messages", still, **row) > 0

    def uploaded(self, message: Message, file_id: str | None) -> None:
        """The id of its file, None where Slack turned out to have none."""
        self._set(message, file_id=file_id)

    def has_picture(self, message: Message) -> None:
        """Slack can show an image: what its slot had before goes, and so do its bytes."""
        with self._database.transaction():
            self.sent(message, ts=None)
            self._set(message, content="")
            slot = self._database.row("SELECT id, slot, shown_in FROM pictures WHERE key = ?", message.key)
            if not slot:
                return
            earlier = "FROM pictures WHERE slot = ? AND id < ?"
            self._database.run(f"DELETE FROM messages WHERE key IN (SELECT key {earlier})", slot["slot"], slot["id"])
            self._database.run(f"DELETE {earlier}", slot["slot"], slot["id"])
            self.changed(slot["shown_in"], human=False)
            self.pictured.tell(slot["slot"])

    def refuse_pictures(self, file_ids: Sequence[str], reason: str) -> None:
        """Slack does not show these in a block, although it has them."""
        sql = "UPDATE messages SET state = 'refused', reason = ? WHERE kind = 'image' AND file_id = ?"
        for file_id in file_ids:
            self._database.run(sql, reason, file_id)

    def as_text(self, message: Message, text: str) -> None:
        """A file that this server does not take is a post from now on, which waits for its turn as posts do."""
        self._set(message, kind=MessageKind.POST, content=text, file_id=None, state=MessageState.OWED)
        self._wake()

    def linked(self, message: Message, permalink: str) -> None:
        """The address of a shared file for people."""
        self._set(message, permalink=permalink)

    def sent(self, message: Message, *, ts: str | None, channel: str = "", digest: str | None = None) -> None:
        """Slack shows `message.wanted`; if the record moved on meanwhile the message stays owed.

        `channel` is the id where it went, since a channel may be configured by name, and a person by their own id.
        """
        channel = channel or message.place.channel
        sql = """UPDATE messages SET sent = ?1, ts = coalesce(?2, ts), digest = ?3, attempts = 0, reason = '',
                   state = CASE WHEN wanted > ?1 THEN 'owed' ELSE 'sent' END, channel = ?4 WHERE id = ?5"""
        with self._database.transaction():
            self._database.run(sql, message.wanted, ts, digest, channel, message.id)
            if ts:
                place = "INSERT OR IGNORE INTO message_places (channel, ts, key) VALUES (?, ?, ?)"
                self._database.run(place, channel, ts, message.key_in_slack)
                if not message.ts:
                    self._settle(message, "", "")

    def later(self, message: Message, *, due_at: datetime, reason: str, unsure: bool = False, code: str = "") -> None:
        """It is sent again when it is due then. `code` is Slack's own word for why, "" where Slack didn't say."""
        state = MessageState.UNSURE if unsure else MessageState.OWED
        with self._database.transaction():
            self._set(message, state=state, due_at=due_at, reason=reason, attempts=max(message.attempts, 1))
            if not unsure:
                self.not_there(message)
            withdrawn = "SELECT withdrawn FROM messages WHERE id = ? AND ts IS NULL"
            if not unsure and self._database.value(withdrawn, message.id):
                self._settle(message, WITHDRAWN, "")
            elif code and not message.ts:
                self.held.tell(message.key, code)

    def not_there(self, message: Message) -> bool:
        """Slack has not got it. Where its thread was moved meanwhile, it is sent in the new one; True then.

        What was left behind, and never was there, is not sent at all.
        """
        root = "SELECT channel FROM messages root WHERE root.key = messages.thread_key"
        moved = f"""UPDATE messages SET thread_ts = NULL, channel = ({root}), state = 'owed', file_id = NULL
                    WHERE id = ? AND thread_key IS NOT NULL AND thread_ts IS NOT NULL AND ts IS NULL"""
        anew = self._database.run(moved, message.id)
        left = "UPDATE messages SET state = 'sent', sent = wanted WHERE id = ? AND sent_as <> '' AND ts IS NULL"
        return self._database.run(left, message.id) + anew > 0

    def is_anothers(self, message: Message, ts: str) -> bool:
        """Whether what Slack has there is another message, also one with the same key that was left behind."""
        if self.key_at(message.place.channel, ts) not in (None, message.key_in_slack):
            return True
        there = "channel = ? AND ts = ? AND id <> ?"
        place = (message.key_in_slack, message.place.channel, ts, message.id)
        return bool(
            self._database.value(f"SELECT 1 FROM messages WHERE key = ? AND {there}", *place)
            or self._database.value(f"SELECT 1 FROM messages WHERE sent_as = ? AND sent_as <> '' AND {there}", *place)
        )

    def hold(self, message: Message) -> None:
        """It waits for a limit that something else has met."""
        with self._database.transaction():
            self.held.tell(message.key, "ratelimited")

    def refused(self, message: Message, reason: str, code: str = "refused") -> None:
        """Slack will never take it, and so nothing that hangs in its thread. `code` is Slack's own word for it."""
        with self._database.transaction():
            self._set(message, state=MessageState.REFUSED, reason=reason)
            if not message.ts:
                below = "thread_key = (SELECT key FROM messages WHERE id = ?) AND thread_ts IS NULL AND state = 'owed'"
                keys = self._database.column(f"SELECT key FROM messages WHERE {below}", message.id)
                self._database.run(
                    f"UPDATE messages SET state = 'refused', reason = ? WHERE {below}", reason, message.id
                )
                self._settle(message, code, reason)
                for key in keys:
                    self.settled.tell(key, code, reason)

    def _settle(self, message: Message, code: str, reason: str) -> None:
        """What was left behind settles nothing: the message that goes on elsewhere will."""
        if not self._database.value("SELECT sent_as FROM messages WHERE id = ?", message.id):
            self.settled.tell(message.key, code, reason)

    def interrupted(self) -> int:
        """Note at the start that what was being sent when the program died has an unknown outcome; nothing has to wait.

        The machine's clock may have been set back meanwhile.
        """
        now = self._clock()
        self._database.run("UPDATE messages SET due_at = ? WHERE state IN ('owed', 'unsure') AND due_at > ?", now, now)
        return self._database.run("UPDATE messages SET state = 'unsure' WHERE state = 'sending'")

    def restored(self) -> int:
        """Note that the database is an older copy: what was to be sent then may be there; how many are looked for."""
        return self._database.run(
            """UPDATE messages SET state = 'unsure', attempt_at = coalesce(attempt_at, created_at)
               WHERE state = 'owed' AND ts IS NULL AND kind IN ('card', 'post', 'file')"""
        )

    def let_go(self, older_than: datetime) -> int:
        """A sign on a message that would come this late says nothing any more; how many were dropped."""
        late = "kind = 'reaction' AND state IN ('owed', 'unsure') AND created_at < ?"
        if not self._database.value(f"SELECT 1 FROM messages WHERE {late} LIMIT 1", older_than):
            return 0
        return self._database.run(
            f"UPDATE messages SET state = 'sent', reason = 'it came too late' WHERE {late}", older_than
        )


class SentContent:
    """Texts, reports, pictures and signs that Slack has. What is rendered anew from its record has no content."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        columns = database.column("SELECT name FROM pragma_table_info('messages')")
        self._kept = ", ".join(name for name in columns if name not in ("content", "emptied"))

    def empty(self, before: datetime) -> int:
        """Let go of some that were owed before then; how many. What Slack never took goes too, and stays untaken.

        A row is written anew: one that only becomes shorter keeps its page of the file for itself.
        """
        with self._database.transaction():
            rows = self._database.rows(
                f"""SELECT {self._kept} FROM messages INDEXED BY messages_to_empty
                    WHERE emptied = 0 AND view = '' AND created_at < ? AND state IN ('sent', 'refused')
                    ORDER BY created_at LIMIT ?""",
                before,
                AT_ONCE,
            )
            for row in rows:
                self._database.run("DELETE FROM messages WHERE id = ?", row["id"])
                self._database.insert("messages", row | {"emptied": 1})
        return len(rows)
