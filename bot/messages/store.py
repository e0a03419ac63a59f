"""The table of owed messages: one side for use cases that owe, one for the outbox that sends."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.database import Database, Row, moment
from bot.messages.budget import Budget, charged_act
from bot.messages.model import (
    Message,
    MessageKind,
    MessageState,
    Place,
    Rank,
    RefusedMessage,
    rank_of,
)
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


RETRY_WITHIN = timedelta(hours=6)
"""Older messages than this would come too late to be of use."""
GATHER_S = 2.0
"""How long changes made by machines are gathered before a card is edited."""
FIRST_S = 1.0
"""How long a card that a machine owes waits for its first content: people see something within two seconds."""


class MessageStore:
    """Implements the port `Owed`, and answers what the outbox asks. `wake` is called when something is owed.

    `clock` must run evenly: all waiting is measured by it. `is_tier2` answers from memory, and `budget` bounds what
    one person may make the bot say.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        wake: Callable[[], None],
        is_tier2: Callable[[str], bool] = lambda _: False,
        budget: Budget | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake
        self._is_tier2 = is_tier2
        self._budget = budget

    def card(
        self, key: str, *, view: str, record_id: int, place: Place, for_user: str = "", human: bool = True
    ) -> None:
        row = {"kind": MessageKind.CARD, "view": view, "record_id": record_id, "for_user": for_user}
        self._owe(key, place, row | {"human": int(human)})

    def post(
        self,
        key: str,
        *,
        view: str,
        record_id: int,
        place: Place,
        broadcast: bool = False,
        for_user: str = "",
        after: str = "",
        rank: Rank | None = None,
    ) -> None:
        row = {"kind": MessageKind.POST, "view": view, "record_id": record_id, "for_user": for_user}
        row |= {"rank": rank} if rank else {}
        self._owe(key, place, row | {"broadcast": int(broadcast), "after_key": after or None})

    def text(self, key: str, *, text: str, place: Place, for_user: str = "") -> None:
        self._owe(key, place, {"kind": MessageKind.POST, "content": text, "for_user": for_user})

    def file(
        self, key: str, *, name: str, title: str, text: str, place: Place, for_user: str = "", after: str = ""
    ) -> None:
        row: Row = {"kind": MessageKind.FILE, "content": {"name": name, "title": title, "text": text}}
        self._owe(key, place, row | {"for_user": for_user, "human": 0, "after_key": after or None})

    def picture(
        self, key: str, *, name: str, title: str, png: bytes, alt: str, place: Place, for_user: str = ""
    ) -> None:
        content = {"name": name, "title": title, "png": b64encode(png).decode("ascii"), "alt": alt}
        self._owe(key, place, {"kind": MessageKind.FILE, "content": content, "for_user": for_user, "human": 0})

    def reaction(self, key: str, *, channel: str, ts: str, name: str, for_user: str = "") -> None:
        row: Row = {"kind": MessageKind.REACTION, "content": {"ts": ts, "name": name}, "for_user": for_user}
        self._owe(key, Place(channel), row)

    def changed(self, key: str, *, human: bool) -> None:
        """Who owes a message decides its place in the queue until it is posted, and who changes it afterwards."""
        now = self._clock()
        due = now if human else now + timedelta(seconds=GATHER_S)
        self._database.run(
            """UPDATE messages SET wanted = wanted + 1,
                 human = CASE WHEN ts IS NULL THEN human WHEN state = 'sent' THEN ?1 ELSE max(human, ?1) END,
                 due_at = CASE WHEN state = 'sent' THEN ?2 WHEN attempts > 0 THEN due_at ELSE min(due_at, ?2) END,
                 state = CASE WHEN state = 'sent' THEN 'owed' ELSE state END
               WHERE key = ?3""",
            int(human),
            due,
            key,
        )
        self._wake()

    def all_changed(self, view: str, record_id: int, *, human: bool) -> None:
        for row in self._database.rows("SELECT key FROM messages WHERE view = ? AND record_id = ?", view, record_id):
            self.changed(row["key"], human=human)

    def thread_changed(self, key: str, *, human: bool) -> None:
        kinds = "kind IN ('card', 'post') AND view <> ''"
        for row in self._database.rows(f"SELECT key FROM messages WHERE thread_key = ? AND {kinds}", key):
            self.changed(row["key"], human=human)

    def key_at(self, channel: str, ts: str) -> str | None:
        key: str | None = self._database.value(
            "SELECT key FROM message_places WHERE channel = ? AND ts = ?", channel, ts
        )
        return key

    def place_of(self, key: str) -> tuple[str, str] | None:
        row = self._database.row("SELECT channel, ts FROM messages WHERE key = ? AND ts IS NOT NULL", key)
        return (row["channel"], row["ts"]) if row else None

    def places_of(self, view: str, record_id: int) -> list[Place]:
        sql = "SELECT channel, thread_key, thread_ts FROM messages WHERE view = ? AND record_id = ? ORDER BY id"
        return [Place(**row) for row in self._database.rows(sql, view, record_id)]

    def file_link(self, key: str) -> str | None:
        link: str | None = self._database.value(
            "SELECT permalink FROM messages WHERE key = ? AND kind = ? AND state <> 'refused'", key, MessageKind.FILE
        )
        return link

    def due(self, now: datetime) -> list[Message]:
        """What may be sent now; replies only once their thread exists, posts that follow another only once that is
        sent or refused.

        Of each person the first one of each rank, way and channel: however much somebody has waiting, it hides
        nothing of anybody else's, and nothing that goes another way.
        """
        return [read_message(row) for row in self._database.rows(DUE, now)]

    def next_due_at(self, now: datetime) -> datetime | None:
        """When the next message that is not due yet will be; what is due and waits for its thread does not count."""
        text = self._database.value(
            "SELECT min(due_at) FROM messages WHERE state IN ('owed', 'unsure') AND due_at > ?", now
        )
        return moment(text) if text else None

    def retry_recent(self) -> None:
        """At start: what was refused lately is tried once more, since a token or a scope may have been mended."""
        self._database.run(
            """UPDATE messages SET state = 'owed', attempts = 0, due_at = ?
               WHERE state = 'refused' AND created_at > ?""",
            self._clock(),
            self._clock() - RETRY_WITHIN,
        )

    def sending(self, message: Message, digest: str) -> None:
        """From here on a crash leaves the outcome unknown. Its place is kept: there it is looked for."""
        row: Row = {"attempt_at": self._clock(), "attempts": message.attempts + 1, "channel": message.place.channel}
        self._set(message, state=MessageState.SENDING, digest=digest, **row)

    def uploaded(self, message: Message, file_id: str) -> None:
        self._set(message, file_id=file_id)

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
        with self._database.transaction():
            self._database.run(
                """UPDATE messages SET sent = ?1, ts = coalesce(?2, ts), digest = ?3, attempts = 0, reason = '',
                     state = CASE WHEN wanted > ?1 THEN 'owed' ELSE 'sent' END, channel = ?4 WHERE id = ?5""",
                message.wanted,
                ts,
                digest,
                channel or message.place.channel,
                message.id,
            )
            if ts:
                self._database.run(
                    "INSERT OR IGNORE INTO message_places (channel, ts, key) VALUES (?, ?, ?)",
                    channel or message.place.channel,
                    ts,
                    message.key,
                )

    def later(self, message: Message, *, due_at: datetime, reason: str, unsure: bool = False) -> None:
        state = MessageState.UNSURE if unsure else MessageState.OWED
        self._set(message, state=state, due_at=due_at, reason=reason, attempts=max(message.attempts, 1))

    def refused(self, message: Message, reason: str) -> None:
        """Slack will never take it, and so nothing that hangs in its thread."""
        with self._database.transaction():
            self._set(message, state=MessageState.REFUSED, reason=reason)
            if not message.ts:
                below: Row = {"thread_key": message.key, "state": MessageState.OWED}
                self._database.update("messages", below, state=MessageState.REFUSED, reason=reason)

    def lost(self, message: Message) -> None:
        """Its message is gone from Slack: a card is owed anew, a post stays gone."""
        if message.kind is MessageKind.CARD:
            self._set(message, state=MessageState.OWED, ts=None, digest=None, attempts=0, due_at=self._clock())
            self._wake()
        else:
            self._set(message, state=MessageState.SENT, sent=message.wanted)

    def deleted(self, channel: str, ts: str) -> None:
        """Somebody deleted a message in Slack."""
        key = self.key_at(channel, ts)
        row = self._database.row(
            "SELECT *, NULL AS root_ts, NULL AS root_channel FROM messages WHERE key = ? AND ts = ?", key, ts
        )
        if row and row["state"] in (MessageState.SENT, MessageState.OWED):
            self.lost(read_message(row))

    def interrupted(self) -> int:
        """At start: what was being sent when the program died has an unknown outcome, and nothing has to wait.

        The machine's clock may have been set back meanwhile.
        """
        now = self._clock()
        self._database.run("UPDATE messages SET due_at = ? WHERE state IN ('owed', 'unsure') AND due_at > ?", now, now)
        return self._database.run("UPDATE messages SET state = 'unsure' WHERE state = 'sending'")

    def let_go(self, older_than: datetime) -> int:
        """A sign on a message that would come this late says nothing any more; how many were dropped."""
        late = "kind = 'reaction' AND state IN ('owed', 'unsure') AND created_at < ?"
        if not self._database.value(f"SELECT 1 FROM messages WHERE {late} LIMIT 1", older_than):
            return 0
        return self._database.run(
            f"UPDATE messages SET state = 'sent', reason = 'it came too late' WHERE {late}", older_than
        )

    def retry_refused(self, channel: str) -> None:
        """The bot was let into a channel: what was refused there is owed again."""
        self._database.run(
            """UPDATE messages SET state = 'owed', attempts = 0, due_at = ?
               WHERE state = 'refused' AND channel = ? AND emptied = 0""",
            self._clock(),
            channel,
        )
        self._wake()

    def refusals(self, limit: int = 10) -> list[RefusedMessage]:
        """The newest messages that Slack would not take."""
        rows = self._database.rows(
            "SELECT key, channel, reason, for_user FROM messages WHERE state = 'refused' ORDER BY id DESC LIMIT ?",
            limit,
        )
        return [RefusedMessage(**row) for row in rows]

    def waiting(self) -> int:
        """How many messages are owed now."""
        return int(self._database.value("SELECT count(*) FROM messages WHERE state NOT IN ('sent', 'refused')"))

    def _owe(self, key: str, place: Place, row: Row) -> None:
        if self._database.value("SELECT 1 FROM messages WHERE key = ?", key):
            return
        now, human, rank = self._clock(), bool(row.get("human", 1)), self._rank(key, row)
        self._charge(place, MessageKind(row["kind"]), rank)
        due = now if human else now + timedelta(seconds=FIRST_S)
        whole: Row = {"key": key, "view": "", "record_id": 0, **asdict(place), "created_at": now}
        whole |= {"due_at": due if row["kind"] == MessageKind.CARD else now}
        self._database.insert("messages", whole | row | {"rank": rank})
        if rank is Rank.URGENT and place.thread_key:
            # What is urgent can't go before the message whose thread it is in.
            self._database.run("UPDATE messages SET rank = ? WHERE key = ? AND ts IS NULL", rank, place.thread_key)
        self._wake()

    def _rank(self, key: str, row: Row) -> Rank:
        """What its owner gave it, else what it is and for whom."""
        if row.get("rank"):
            return Rank(row["rank"])
        human, for_user = bool(row.get("human", 1)), str(row.get("for_user") or "")
        tier2 = human and bool(for_user) and self._is_tier2(for_user)
        after, view = str(row.get("after_key") or ""), str(row.get("view") or "")
        return rank_of(key, after=after, view=view, human=human, tier2=tier2)

    def _charge(self, place: Place, kind: MessageKind, rank: Rank) -> None:
        """One act of a person, however many messages it makes in channels. Raises OverBudget.

        Whatever is urgent, and what only one person sees, is free.
        """
        if not self._budget or rank is Rank.URGENT or kind not in (MessageKind.CARD, MessageKind.POST) or place.private:
            return
        with charged_act() as person:
            if person:
                self._budget.charge(person, tier2=self._is_tier2(person))

    def _set(self, message: Message, **columns: object) -> None:
        self._database.update("messages", {"id": message.id}, **columns)


AT_ONCE = 1
"""The picture of a web page takes hundreds of pages of the file: more would keep everything else waiting."""


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
