"""What a use case owes to Slack, as rows that it writes inside its own transaction."""

import logging
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from attrs import define

from bot.clock import Clock
from bot.database import Database, Row, StorageError, moment
from bot.messages.budget import Budget, charged_act
from bot.messages.model import (
    Message,
    MessageKind,
    MessageState,
    Place,
    Rank,
    RefusedMessage,
    ShownPicture,
    rank_of,
)
from bot.messages.moving import MovedThread, split
from bot.pictures.model import Picture
from bot.signals import Signal
from bot.slack_marks import straight
from bot.stored import Stored

logger = logging.getLogger(__name__)

GATHER_S = 2.0
"""How long changes made by machines are gathered before a card is edited."""
FIRST_S = 1.0
"""How long a card that a machine owes waits for its first content: people see something within two seconds."""
WITHDRAWN = "withdrawn"
_MESSAGES = Stored[Message](Message)


def read_message(row: Row) -> Message:
    """A row of the table, with where its thread is (`root_ts`, `root_channel`)."""
    place = Place(row["channel"], row["thread_key"], row["thread_ts"])
    message = _MESSAGES.row(row, place=place)
    if row["root_ts"] and not message.place.thread_ts:
        return replace(message, place=replace(message.place, channel=row["root_channel"], thread_ts=row["root_ts"]))
    return message


@define(kw_only=True, eq=False, repr=False, slots=False)
class Owed:
    """Every call is a row in the same database; sending happens elsewhere, later, and survives a crash.

    `key` is the message's identity ("investigation/12"); owing a key twice owes it once. `human` is true where a person
    waits: it goes out at once; machine changes are gathered. `wake` is called when something is owed. `clock` must run
    evenly: all waiting is measured by it. `is_tier2` answers from memory, and `budget` bounds what one person may make
    the bot say.
    """

    _database: Database
    _clock: Clock
    _wake: Callable[[], None]
    _is_tier2: Callable[[str], bool] = lambda _: False
    _budget: Budget | None = None

    def __attrs_post_init__(self) -> None:
        self.pictured = Signal[str]()
        """Slack has the newest picture of a slot, in the transaction that says so."""
        self.held = Signal[str, str]()
        """Slack takes a message later: its key, and Slack's own word for why."""
        self.settled = Signal[str, str, str]()
        """A message went out for the first time, or Slack refuses it for good: its key, Slack's own word for the
        refusal and its sentence, both "" where it went out. In the transaction that says so. The word is `WITHDRAWN`
        where it turned out not to have been sent before it was withdrawn."""

    def card(
        self, key: str, *, view: str, record_id: int, place: Place, for_user: str = "", human: bool = True
    ) -> None:
        """One message that always shows the newest state of a record."""
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
        """A message that is sent exactly once; `broadcast` also shows a thread reply in the channel.

        It waits until the message with the key `after` was sent or refused, so that posts keep their order. `rank` is
        given where its key and its person don't say how urgent it is.
        """
        row = {"kind": MessageKind.POST, "view": view, "record_id": record_id, "for_user": for_user}
        row |= {"rank": rank} if rank else {}
        self._owe(key, place, row | {"broadcast": int(broadcast), "after_key": after or None})

    def text(self, key: str, *, text: str, place: Place, for_user: str = "") -> None:
        """A post of fixed mrkdwn, escaped by the caller."""
        self._owe(key, place, {"kind": MessageKind.POST, "content": text, "for_user": for_user})

    def told(self, channel: str, ts: str, user: str, text: str) -> None:
        """Notes an answer that stays in somebody's direct messages: what is looked for in messages is found in it."""
        if not ts:
            return
        now, whole = self._clock(), asdict(Place(channel))
        whole |= {"key": f"direct/{channel}/{ts}", "kind": MessageKind.POST, "view": "", "record_id": 0}
        whole |= {"content": text, "for_user": user, "ts": ts, "state": MessageState.SENT, "sent": 1, "rank": Rank.REST}
        try:
            self._database.insert("messages", whole | {"created_at": now, "due_at": now})
        except StorageError as error:
            logger.warning("an answer to %s is not noted: %s", user, error.sentence)

    def file(
        self, key: str, *, name: str, title: str, text: str, place: Place, for_user: str = "", after: str = ""
    ) -> None:
        """A text file, shared exactly once; `after` is as in `post`. Nothing in it turns the line that it stands in."""
        content = {"name": name, "title": title, "text": straight(text)}
        row: Row = {"kind": MessageKind.FILE, "content": content}
        self._owe(key, place, row | {"for_user": for_user, "human": 0, "after_key": after or None})

    def picture(
        self, key: str, *, name: str, title: str, png: bytes, alt: str, place: Place, for_user: str = ""
    ) -> None:
        """A PNG file, shared exactly once; `alt` is what a screen reader says, at most 1,000 characters."""
        content = {"name": name, "title": title, "png": b64encode(png).decode("ascii"), "alt": alt}
        self._owe(key, place, {"kind": MessageKind.FILE, "content": content, "for_user": for_user, "human": 0})

    def image(self, slot: str, picture: Picture, *, title: str, shown_in: str) -> None:
        """The newest picture of a slot ("investigation/12/tickets"), for a block of the message with the key
        `shown_in`.

        It is uploaded once, however often it is owed; the message changes when Slack has it, and shows until then what
        `shown_picture` had before.
        """
        key, name = _picture_key(slot, picture), f"{slot.replace('/', '-')}.png"
        png = b64encode(picture.png).decode("ascii")
        content = {"name": name, "title": title, "png": png, "alt": picture.alt}
        with self._database.transaction():
            self._owe(key, Place(""), {"kind": MessageKind.IMAGE, "content": content, "human": 0})
            sql = "INSERT OR REPLACE INTO pictures (key, slot, alt, shown_in, at) VALUES (?, ?, ?, ?, ?)"
            self._database.run(sql, key, slot, picture.alt, shown_in, self._clock())

    def shown_picture(self, slot: str) -> ShownPicture | None:
        """The newest picture of a slot that Slack has."""
        sql = """SELECT m.file_id, p.alt FROM pictures p JOIN messages m USING (key)
                 WHERE p.slot = ? AND m.state = 'sent' ORDER BY p.id DESC LIMIT 1"""
        row = self._database.row(sql, slot)
        return ShownPicture(**row) if row else None

    def has_image(self, slot: str, picture: Picture) -> bool:
        """Whether Slack has just this one."""
        sql = "SELECT 1 FROM messages WHERE key = ? AND state = 'sent'"
        return bool(self._database.value(sql, _picture_key(slot, picture)))

    def picture_since(self, slot: str, ago: timedelta) -> bool:
        """Whether a slot got a new picture so recently."""
        at = self._database.time("SELECT max(at) FROM pictures WHERE slot = ?", slot)
        return at is not None and at > self._clock() - ago

    def reaction(self, key: str, *, channel: str, ts: str, name: str, for_user: str = "") -> None:
        """An emoji on somebody's message; left out where it could not be given within a minute."""
        row: Row = {"kind": MessageKind.REACTION, "content": {"ts": ts, "name": name}, "for_user": for_user}
        self._owe(key, Place(channel), row)

    def removal(self, file_id: str, *, after: str) -> None:
        """Take away a file that Slack has, as soon as the message with the key `after` is sent or refused."""
        row: Row = {"kind": MessageKind.REMOVAL, "content": {"file": file_id}, "human": 0, "after_key": after}
        self._owe(f"removal/{file_id}", Place(""), row)

    def changed(self, key: str, *, human: bool) -> None:
        """The record behind a message changed; a key that was never owed is ignored.

        Who owes a message decides its place in the queue until it is posted, and who changes it afterwards.
        """
        now = self._clock()
        due = now if human else now + timedelta(seconds=GATHER_S)
        sql = """UPDATE messages SET wanted = wanted + 1,
                   human = CASE WHEN ts IS NULL THEN human WHEN state = 'sent' THEN ?1 ELSE max(human, ?1) END,
                   due_at = CASE WHEN state = 'sent' THEN ?2 WHEN attempts > 0 THEN due_at ELSE min(due_at, ?2) END,
                   state = CASE WHEN state = 'sent' THEN 'owed' ELSE state END
                 WHERE key = ?3"""
        self._database.run(sql, int(human), due, key)
        self._wake()

    def all_changed(self, view: str, record_id: int, *, human: bool) -> None:
        """Every message that shows a record by one view is out of date."""
        for row in self._database.rows("SELECT key FROM messages WHERE view = ? AND record_id = ?", view, record_id):
            self.changed(row["key"], human=human)

    def thread_changed(self, key: str, *, human: bool) -> None:
        """Every message in the thread of one is out of date."""
        kinds = "kind IN ('card', 'post') AND view <> ''"
        for row in self._database.rows(f"SELECT key FROM messages WHERE thread_key = ? AND {kinds}", key):
            self.changed(row["key"], human=human)

    def withdraw(self, key: str) -> bool:
        """What was not sent yet is not owed any more; what Slack shows already is edited as ever.

        Whether it is certain that Slack has not got it: a request under way can't be called back. That one is not tried
        again.
        """
        if self._database.run("DELETE FROM messages WHERE key = ? AND ts IS NULL AND state = 'owed'", key):
            return True
        self._database.run("UPDATE messages SET withdrawn = 1 WHERE key = ? AND ts IS NULL AND state <> 'sent'", key)
        return not self._database.value("SELECT 1 FROM messages WHERE key = ? AND state <> 'refused'", key)

    def move_thread(self, key: str, channel: str, *, view: str, record_id: int) -> None:
        """The thread of a card goes on in another channel, in the caller's transaction.

        There the card, the cards in its thread and what is not sent yet are owed. What Slack has stays where it is: the
        old card shows a view, cards below it nothing new, and posts stay true. Words in the old thread are still
        about the same (`key_at`).
        """
        MovedThread(self._database, key, channel, self._clock()).move(view=view, record_id=record_id)
        self.all_changed(view, record_id, human=True)

    def move_post(self, key: str, *, view: str, record_id: int) -> None:
        """A post goes on in the new thread of its card, which was moved: it is posted once more.

        In the caller's transaction; its old message shows a view. One that was given up where it could not be sent is
        owed again.
        """
        row = self._database.row("SELECT * FROM messages WHERE key = ?", key)
        if row and (row["ts"] or row["state"] in (MessageState.SENDING, MessageState.UNSURE)):
            split(self._database, row, self._clock(), view=view, record_id=record_id, thread_ts=row["thread_ts"])
            root = "SELECT channel FROM messages root WHERE root.key = messages.thread_key"
            self._database.run(f"UPDATE messages SET channel = ({root}) WHERE key = ?", key)
        again = "UPDATE messages SET withdrawn = 0, state = 'owed' WHERE key = ? AND ts IS NULL AND state <> 'sent'"
        self._database.run(again, key)
        self._wake()

    def roots_of(self, key: str) -> list[tuple[str, str]]:
        """Channel and ts of every message that a card had: whoever writes below one of them means it."""
        rows = self._database.rows("SELECT channel, ts FROM message_places WHERE key = ?", key)
        return [(row["channel"], row["ts"]) for row in rows]

    def key_at(self, channel: str, ts: str) -> str | None:
        """Whose message this is; also the root of a thread."""
        sql = "SELECT key FROM message_places WHERE channel = ? AND ts = ?"
        key: str | None = self._database.value(sql, channel, ts)
        return key

    def place_of(self, key: str) -> tuple[str, str] | None:
        """Channel and ts of a sent message."""
        row = self._database.row("SELECT channel, ts FROM messages WHERE key = ? AND ts IS NOT NULL", key)
        return (row["channel"], row["ts"]) if row else None

    def is_in_thread(self, key: str) -> bool:
        """Whether a message is owed to the thread of another."""
        return bool(self._database.value("SELECT 1 FROM messages WHERE key = ? AND thread_key <> ''", key))

    def is_refused(self, key: str) -> bool:
        """Whether Slack will never take it."""
        return bool(self._database.value("SELECT 1 FROM messages WHERE key = ? AND state = 'refused'", key))

    def places_of(self, view: str, record_id: int) -> list[Place]:
        """Where a record is shown by one view, sent or not."""
        sql = "SELECT channel, thread_key, thread_ts FROM messages WHERE view = ? AND record_id = ? ORDER BY id"
        return [Place(**row) for row in self._database.rows(sql, view, record_id)]

    def shown(self, view: str, record_id: int) -> int:
        """How many messages that show a record by one view Slack has, or may have."""
        there = "ts IS NOT NULL OR state NOT IN ('owed', 'sent', 'refused')"
        sql = f"SELECT count(*) FROM messages WHERE view = ? AND record_id = ? AND ({there})"
        return int(self._database.value(sql, view, record_id))

    def file_link(self, key: str) -> str | None:
        """The address of a file that was shared or will be, "" where nobody knows it; None where there is none."""
        sql = "SELECT permalink FROM messages WHERE key = ? AND kind = ? AND state <> 'refused'"
        link: str | None = self._database.value(sql, key, MessageKind.FILE)
        return link

    def deleted(self, channel: str, ts: str) -> None:
        """Somebody deleted a message in Slack: a card is posted again, everything else stays deleted."""
        key = self.key_at(channel, ts)
        sql = "SELECT *, NULL AS root_ts, NULL AS root_channel FROM messages WHERE key = ? AND ts = ?"
        row = self._database.row(sql, key, ts)
        if row and row["state"] in (MessageState.SENT, MessageState.OWED):
            self.lost(read_message(row))

    def lost(self, message: Message) -> None:
        """Its message is gone from Slack: a card is owed anew, a post stays gone."""
        if message.kind is MessageKind.CARD:
            self._set(message, state=MessageState.OWED, ts=None, digest=None, attempts=0, due_at=self._clock())
            self._wake()
        else:
            self._set(message, state=MessageState.SENT, sent=message.wanted)

    def retry_refused(self, channel: str) -> None:
        """The bot was let into a channel: what was refused there is owed again."""
        again = "UPDATE messages SET state = 'owed', attempts = 0, due_at = ?"
        self._database.run(f"{again} WHERE state = 'refused' AND channel = ? AND emptied = 0", self._clock(), channel)
        self._wake()

    def refusals(self, limit: int = 10) -> list[RefusedMessage]:
        """The newest messages that Slack will not take, with reasons."""
        sql = "SELECT key, channel, reason, for_user FROM messages WHERE state = 'refused' ORDER BY id DESC LIMIT ?"
        return [RefusedMessage(**row) for row in self._database.rows(sql, limit)]

    def owed_by_rank(self) -> dict[Rank, tuple[int, datetime | None]]:
        """How many messages of each rank Slack has not got yet, and since when the first of them could be sent."""
        waiting = "state IN ('owed', 'unsure') AND (withdrawn = 0 OR ts IS NOT NULL)"
        sql = f"SELECT rank, count(*) AS n, min(due_at) AS at FROM messages WHERE {waiting} GROUP BY rank"
        owed: dict[Rank, tuple[int, datetime | None]] = {rank: (0, None) for rank in Rank}
        return owed | {Rank(row["rank"]): (row["n"], moment(row["at"])) for row in self._database.rows(sql)}

    def waiting(self) -> int:
        """How many messages are owed now."""
        waiting = "state NOT IN ('sent', 'refused') AND (withdrawn = 0 OR ts IS NOT NULL)"
        return int(self._database.value(f"SELECT count(*) FROM messages WHERE {waiting}"))

    def _owe(self, key: str, place: Place, row: Row) -> None:
        if self._database.value("SELECT 1 FROM messages WHERE key = ?", key):
            return
        if place.thread_key:
            place = replace(place, channel=self._channel_of(place))
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

    def _channel_of(self, place: Place) -> str:
        """Where its thread is now: whoever owes a message may know the place of before it was moved."""
        sql = "SELECT channel FROM messages WHERE key = ?"
        return str(self._database.value(sql, place.thread_key) or place.channel)

    def _rank(self, key: str, row: Row) -> Rank:
        """What its owner gave it, else what it is and for whom."""
        if row.get("rank"):
            return Rank(row["rank"])
        human, for_user = bool(row.get("human", 1)), str(row.get("for_user") or "")
        tier2 = human and bool(for_user) and self._is_tier2(for_user)
        after, view = str(row.get("after_key") or ""), str(row.get("view") or "")
        return rank_of(key, after=after, view=view, human=human, tier2=tier2)

    def _charge(self, place: Place, kind: MessageKind, rank: Rank) -> None:
        """Charge one act of a person, however many messages it makes in channels. Raises OverBudget.

        Whatever is urgent, and what only one person sees, is free.
        """
        if not self._budget or rank is Rank.URGENT or kind not in (MessageKind.CARD, MessageKind.POST) or place.private:
            return
        with charged_act() as person:
            if person:
                self._budget.charge(person, tier2=self._is_tier2(person))

    def _set(self, message: Message, **columns: object) -> None:
        self._database.update("messages", {"id": message.id}, **columns)


def _picture_key(slot: str, picture: Picture) -> str:
    return f"picture/{slot}/{picture.digest}"
