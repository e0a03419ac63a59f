"""A thread that goes on in another channel: nothing is lost, nothing comes twice, whatever happens in between."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.messages.model import Content, Place
from bot.messages.moving import LEFT
from bot.slack.answers import SlackBusy, SlackError, SlackUnclear
from bot.slack.outbox import View
from tests.slack.desk import Desk

ROOT = "card/1"
MOVED = "moved"


@dataclass
class Moving:
    """A card, cards and posts in its thread, and where they are in Slack."""

    desk: Desk = field(default_factory=Desk)
    owed: int = 0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new program on the same database and the same Slack."""
        self.desk.store.interrupted()
        views: dict[str, View] = {
            "words": lambda number: Content(f"{self.desk.words} {number}"),
            MOVED: lambda _: Content(f"goes on in {self.where}"),
            LEFT: lambda _: None,
        }
        self.desk.outbox = self.desk.outboxed(views)

    @property
    def where(self) -> str:
        return str(self.desk.database.value("SELECT channel FROM messages WHERE key = ?", ROOT))

    def card(self, number: int = 1) -> None:
        place = Place("C1") if number == 1 else Place("C1", thread_key=ROOT)
        self.desk.store.card(f"card/{number}", view="words", record_id=number, place=place, for_user="U1")

    def post(self, number: int) -> None:
        place = Place("C1", thread_key=ROOT)
        self.desk.store.post(f"post/{number}", view="words", record_id=number, place=place, for_user="U1")

    def move(self, channel: str) -> None:
        with self.desk.database.transaction():
            self.desk.store.move_thread(ROOT, channel, view=MOVED, record_id=1)

    def shown(self, key: str) -> list[tuple[str, str, str]]:
        """Channel, thread and text of every message that was sent with a key."""
        return [
            (channel, str(message.get("thread_ts", "")), str(message["text"]))
            for channel in ("C1", "C2", "C3")
            for message in self.desk.slack.messages(channel)
            if message["metadata"]["event_payload"]["key"] == key
        ]

    async def settle(self) -> None:
        self.desk.slack.recovers()
        for _ in range(12):
            await self.desk.send(after_s=70)


async def test_thread_goes_on_elsewhere() -> None:
    """The old card leads there, the rest of the old thread says nothing new; words in it are about the same."""
    there, store = Moving(), None
    store = there.desk.store
    there.card()
    there.card(2)
    there.post(3)
    await there.desk.send()
    old = store.place_of(ROOT)
    there.move("C2")
    there.post(4)
    there.desk.words = "second"
    for key in (ROOT, "card/2", "post/3"):
        store.changed(key, human=True)
    await there.settle()
    new = store.place_of(ROOT)
    assert old and new

    assert there.shown(ROOT) == [("C1", "", "goes on in C2"), ("C2", "", "second 1")]
    assert there.shown("card/2") == [("C1", old[1], "first 2"), ("C2", new[1], "second 2")]
    assert there.shown("post/4") == [("C2", new[1], "second 4")]
    assert there.shown("post/3") == [("C1", old[1], "second 3")]
    assert (store.key_at(*old), store.key_at(*new)) == (ROOT, ROOT)
    assert sorted(store.roots_of(ROOT)) == sorted([old, new])


async def test_old_card_leads_nowhere_before_the_new_one_is_there() -> None:
    there = Moving()
    there.card()
    await there.desk.send()
    there.desk.slack.fail("chat.postMessage", SlackBusy("ratelimited", method="chat.postMessage", retry_after_s=30))
    there.move("C2")
    await there.desk.send()
    assert there.shown(ROOT) == [("C1", "", "first 1")]
    await there.settle()

    assert there.shown(ROOT) == [("C1", "", "goes on in C2"), ("C2", "", "first 1")]


async def test_there_and_back_again() -> None:
    """Three cards, of which the last one counts; each older one leads to it."""
    there = Moving()
    there.card()
    await there.desk.send()
    for channel in ("C2", "C1"):
        there.move(channel)
        await there.settle()

    assert [text for _, _, text in there.shown(ROOT)] == ["goes on in C1", "first 1", "goes on in C1"]
    place = there.desk.store.place_of(ROOT)
    assert place and place[0] == "C1"


async def test_old_card_with_the_same_key_is_not_taken_for_the_new_one() -> None:
    """Back in the first channel the answer to the new card is lost, and its request too."""
    there = Moving()
    there.card()
    await there.desk.send()
    there.move("C2")
    await there.settle()
    there.desk.slack.fail("chat.postMessage", SlackUnclear("no_answer", method="chat.postMessage", retry=True))
    there.move("C1")
    await there.desk.send()
    await there.settle()

    assert [text for channel, _, text in there.shown(ROOT) if channel == "C1"] == ["goes on in C1", "first 1"]


async def test_card_that_was_not_sent_yet_is_sent_in_the_other_channel_alone() -> None:
    """Also where the first channel refused it."""
    for refused in (True, False):
        there = Moving()
        there.card()
        there.post(2)
        if refused:
            there.desk.slack.fail("chat.postMessage", SlackError("not_in_channel", method="chat.postMessage"))
            await there.desk.send()
        there.move("C2")
        await there.settle()

        assert there.shown(ROOT) == [("C2", "", "first 1")]
        assert [channel for channel, *_ in there.shown("post/2")] == ["C2"]


async def test_card_on_its_way_becomes_the_one_that_leads_on() -> None:
    """It is moved while Slack works on it: the old message is there, and so is the new one."""
    there = Moving()
    hanging = there.desk.slack.hang("chat.postMessage")
    there.card()
    there.desk.outbox.send_due()
    await hanging.reached.wait()
    there.move("C2")
    hanging.opens.set()
    await there.settle()

    assert there.shown(ROOT) == [("C1", "", "goes on in C2"), ("C2", "", "first 1")]
    assert len(there.desk.store.roots_of(ROOT)) == 2


async def test_card_on_its_way_that_slack_refuses_takes_nothing_with_it() -> None:
    """The thread in the other channel is not refused with the old card."""
    there = Moving()
    hanging = there.desk.slack.hang("chat.postMessage")
    there.desk.slack.fail("chat.postMessage", SlackError("not_in_channel", method="chat.postMessage"))
    there.card()
    there.post(2)
    there.desk.outbox.send_due()
    await hanging.reached.wait()
    there.move("C2")
    hanging.opens.set()
    await there.desk.tasks.idle()
    await there.settle()

    assert there.shown(ROOT) == [("C2", "", "first 1")]
    assert [channel for channel, *_ in there.shown("post/2")] == ["C2"]


async def test_channel_that_refuses_it_after_all_can_be_left_again() -> None:
    """The bot was removed in the moment of the move: what is below the card is refused with it, and lost nowhere."""
    there = Moving()
    there.card()
    there.card(2)
    await there.desk.send()
    there.desk.slack.fail("chat.postMessage", SlackError("not_in_channel", method="chat.postMessage"))
    there.move("C2")
    there.post(3)
    await there.desk.send()
    assert [key for key, _ in there.desk.notices()] == [ROOT]
    there.move("C1")
    await there.settle()
    place = there.desk.store.place_of(ROOT)
    assert place

    assert [text for *_, text in there.shown(ROOT)] == ["goes on in C1", "first 1"]
    for key in ("card/2", "post/3"):
        assert [each[0] for each in there.shown(key) if each[1] == place[1]] == ["C1"]


async def test_post_that_moves_with_its_thread_leads_there_too() -> None:
    there = Moving()
    there.card()
    there.post(2)
    await there.desk.send()
    there.move("C2")
    with there.desk.database.transaction():
        there.desk.store.move_post("post/2", view=MOVED, record_id=1)
    await there.settle()

    assert [(channel, text) for channel, _, text in there.shown("post/2")] == [
        ("C1", "goes on in C2"),
        ("C2", "first 2"),
    ]


MOVES = {"a": "C1", "b": "C2", "c": "C3"}
LOST, UNSENT, BUSY, SEND, CARD, POST, CHANGE, KILL = "luyskphx"
OPS = "".join(MOVES) + "luyskphx"
"""What can happen, by letter."""


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=OPS, max_size=25))
@example("lbsx")
@example("splbsaxs")
@example("spulbsxaxs")
@example("kslbuxskbas")
def test_whatever_happens_each_is_there_once(ops: str) -> None:
    """Lost answers, lost requests, 429, kills between any two steps, moves there and back."""
    asyncio.run(_played(ops))


async def _played(ops: str) -> None:
    there = Moving()
    there.card()
    number = 1
    cards: list[int] = []
    posts: list[int] = []
    for op in ops:
        if op in MOVES:
            there.move(MOVES[op])
        elif op == LOST:
            there.desk.slack.lose_answer("chat.postMessage")
        elif op == UNSENT:
            there.desk.slack.fail("chat.postMessage", SlackUnclear("x", method="chat.postMessage", retry=True))
        elif op == BUSY:
            there.desk.slack.fail("chat.postMessage", SlackBusy("x", method="chat.postMessage", retry_after_s=3))
        elif op == SEND:
            await there.desk.send(after_s=2)
        elif op == KILL:
            for message in there.desk.store.due(there.desk.clock())[:1]:
                if not message.ts:
                    there.desk.store.sending(message, "")
            there.restart()
        elif op == CHANGE:
            there.desk.store.thread_changed(ROOT, human=True)
        else:
            number += 1
            (cards if op == CARD else posts).append(number)
            (there.card if op == CARD else there.post)(number)
    there.desk.words = "last"
    there.desk.store.changed(ROOT, human=True)
    there.desk.store.thread_changed(ROOT, human=True)
    await there.settle()
    there.desk.store.thread_changed(ROOT, human=True)
    await there.settle()
    _check(there, cards, posts)


def _check(there: Moving, cards: list[int], posts: list[int]) -> None:
    store, roots = there.desk.store, there.shown(ROOT)
    place = store.place_of(ROOT)
    assert place and place[0] == there.where
    assert Counter(text for *_, text in roots)["last 1"] == 1
    assert {text for *_, text in roots} <= {"last 1", f"goes on in {there.where}"}
    for number in cards:
        live = [each for each in there.shown(f"card/{number}") if each[1] == place[1]]
        assert [text for *_, text in live] == [f"last {number}"]
    for number in posts:
        assert [text for *_, text in there.shown(f"post/{number}")] == [f"last {number}"]
    assert store.waiting() == 0
