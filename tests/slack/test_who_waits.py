"""A limit stops what it is about and nothing else, what is urgent goes first, and a clock that steps delays nothing."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.clock import steady
from bot.messages.model import Place
from bot.slack.answers import SlackBusy
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.fake_web_api import FakeWebApi
from tests.slack.desk import Desk


def _busy(method: str, seconds: float) -> SlackBusy:
    return SlackBusy("ratelimited", method=method, retry=True, retry_after_s=seconds)


@pytest.fixture
async def desk() -> Desk:
    return Desk(tier2=frozenset({"UKIM", "UJO"}))


async def test_an_escalation_overtakes_a_flood(desk: Desk) -> None:
    """At once, although a hundred and fifty messages wait and the channel's burst is used up."""
    for number in range(150):
        desk.store.text(f"probes/{number}", text="x", place=Place("C1"), for_user="UGUEST")
    await desk.send()
    await desk.send(after_s=10.5)
    desk.store.text("escalation/1", text="help", place=Place("C1"), for_user="UKIM")
    await desk.send(after_s=0.15)

    assert desk.slack.texts("C1")[-1] == "help"


async def test_an_escalation_takes_its_thread_along(desk: Desk) -> None:
    """Its card waits behind its own person's flood; both go at once."""
    for number in range(30):
        desk.store.text(f"probes/{number}", text="x", place=Place("C1"), for_user="UKIM")
    desk.store.card("investigation/1", view="words", record_id=1, place=Place("C1"), for_user="UKIM")
    await desk.send()
    thread = Place("C1", thread_key="investigation/1")
    desk.store.text("escalation/1", text="help", place=thread, for_user="UKIM")
    await desk.send(after_s=0.2)
    await desk.send(after_s=1)

    assert desk.slack.texts("C1")[-2:] == ["first", "help"]


async def test_a_colleague_waits_a_second_for_a_flood(desk: Desk) -> None:
    """Whoever floods: somebody of Tier 2 too, since people take turns."""
    for number in range(150):
        desk.store.text(f"probes/{number}", text="x", place=Place("C1"), for_user="UKIM")
    await desk.send()
    desk.store.card("investigation/1", view="words", record_id=1, place=Place("C1"), for_user="UJO")
    await desk.send(after_s=1)

    assert desk.slack.texts("C1")[-1] == "first"


async def test_both_go_within_two_seconds(desk: Desk) -> None:
    """An escalation beyond the burst is made up for by what is least urgent."""
    for number in range(150):
        desk.store.text(f"probes/{number}", text="x", place=Place("C1"), for_user="UGUEST")
    await desk.send()
    desk.store.text("escalation/1", text="help", place=Place("C1"), for_user="UKIM")
    desk.store.card("investigation/1", view="words", record_id=1, place=Place("C1"), for_user="UJO")
    await desk.send(after_s=1)
    assert "help" in desk.slack.texts("C1")
    await desk.send(after_s=1)

    assert "first" in desk.slack.texts("C1")


@pytest.mark.parametrize(
    "method",
    [
        "reactions.add",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
        "chat.update",
        "conversations.open",
        "conversations.history",
    ],
)
async def test_a_refused_method_stops_no_post(desk: Desk, method: str) -> None:
    """Each of them for forty seconds, with something of it waiting in the same channel."""
    desk.card("card/0")
    await desk.send()
    desk.slack.fail(method, _busy(method, 40))
    if method == "reactions.add":
        desk.store.reaction("done/1", channel="C1", ts="1.2", name="eyes")
    elif method.startswith("files."):
        desk.store.file("file/1", name="a.txt", title="A", text="b", place=Place("C1"))
    elif method == "chat.update":
        desk.words = "second"
        desk.store.changed("card/0", human=True)
    elif method == "conversations.open":
        desk.store.text("told/1", text="x", place=Place("U1"))
    else:
        desk.slack.lose_answer("chat.postMessage")
        desk.card("card/lost")
    await desk.send()
    await desk.send(after_s=3)
    assert len(desk.slack.called(method)) == 1 and desk.store.waiting() == 1
    desk.store.text("escalation/1", text="help", place=Place("C1"), for_user="UKIM")
    await desk.send()

    assert desk.slack.texts("C1")[-1] == "help"
    await desk.send(after_s=36)
    assert len(desk.slack.called(method)) == 1, "not before Slack's time is over"
    await desk.send(after_s=5)
    assert desk.store.waiting() == 0


async def test_edits_that_wait_hide_no_new_card(desk: Desk) -> None:
    """Thirty edits of a channel wait for chat.update."""
    for number in range(30):
        desk.card(f"card/{number}")
    for _ in range(40):
        await desk.send(after_s=1)
    desk.slack.fail("chat.update", _busy("chat.update", 44))
    desk.words = "second"
    for number in range(30):
        desk.store.changed(f"card/{number}", human=True)
    await desk.send()
    desk.store.card("investigation/1", view="words", record_id=1, place=Place("C1"), for_user="UJO")
    await desk.send()

    assert len(desk.slack.messages("C1")) == 31
    assert len(desk.slack.called("chat.update")) == 1


async def test_refused_reactions_are_tried_as_often_as_slack_says(desk: Desk) -> None:
    """Seventy of them are one call for each Retry-After, and after a minute none."""
    for number in range(70):
        desk.store.reaction(f"done/C{number}/1", channel=f"C{number}", ts="1.2", name="eyes")
    for _ in range(20):
        desk.slack.fail("reactions.add", _busy("reactions.add", 10))
    for _ in range(90):
        await desk.send(after_s=1)

    assert len(desk.slack.called("reactions.add")) == 6
    assert (desk.store.waiting(), desk.store.refusals()) == (0, [])


async def test_a_sign_is_let_go_after_a_minute_and_not_before(desk: Desk) -> None:
    """Also where the bot was down meanwhile."""
    desk.store.reaction("done/old", channel="C1", ts="1.2", name="eyes")
    desk.clock.advance(50)
    desk.store.reaction("done/new", channel="C1", ts="1.3", name="eyes")
    await desk.send(after_s=11)

    assert [call["timestamp"] for call in desk.slack.called("reactions.add")] == ["1.3"]


async def test_a_text_instead_of_a_file_is_no_storm(desk: Desk) -> None:
    """Where a server takes no files their texts are posts, and wait for the channel as posts do."""
    desk.slack.missing.add("files.getUploadURLExternal")
    for _ in range(5):
        desk.slack.fail("chat.postMessage", _busy("chat.postMessage", 10))
    for number in range(8):
        desk.store.file(f"file/{number}", name="a.txt", title="A", text="b", place=Place("C1"))
    for _ in range(30):
        await desk.send(after_s=1)
    assert len(desk.slack.called("chat.postMessage")) == 3
    for _ in range(40):
        await desk.send(after_s=1)

    assert len(desk.slack.texts("C1")) == 8 and len(desk.slack.called("files.getUploadURLExternal")) == 8


async def test_people_take_turns_with_signs_too(desk: Desk) -> None:
    """A guest's sixty notes leave a colleague's ✅ its place, though Slack takes fifty in a minute."""
    for number in range(60):
        desk.store.reaction(f"done/C1/{number}", channel="C1", ts=f"{number}.2", name="eyes", for_user="UGUEST")
    await desk.send()
    desk.store.reaction("done/C1/kim", channel="C1", ts="99.2", name="eyes", for_user="UTOM")
    await desk.send(after_s=2)

    assert "99.2" in [call["timestamp"] for call in desk.slack.called("reactions.add")]


async def test_an_acknowledgement_is_shown_although_edits_are_used_up(desk: Desk) -> None:
    """Whatever people and machines change, the last edits of a minute are kept for it."""
    desk.store.post("escalation/1", view="words", record_id=1, place=Place("C9"), for_user="UKIM")
    for number in range(80):
        desk.card(f"card/{number}", place=Place(f"C{number % 8}"))
    for _ in range(12):
        await desk.send(after_s=1)
    desk.words = "second"
    for number in range(80):
        desk.store.changed(f"card/{number}", human=True)
    for _ in range(50):
        await desk.send(after_s=1)
    used = len(desk.slack.called("chat.update"))
    desk.store.changed("escalation/1", human=True)
    await desk.send()

    assert used >= 40
    assert desk.slack.texts("C9") == ["second"]


async def test_a_request_that_hangs_holds_up_no_escalation(desk: Desk) -> None:
    """An answer that is not there yet is waited for by what is less urgent alone."""
    gate = desk.slack.hang("chat.postMessage")
    desk.card()
    desk.outbox.send_due()
    await gate.reached.wait()
    desk.store.text("escalation/1", text="help", place=Place("C1"), for_user="UKIM")
    desk.outbox.send_due()
    await gate.others.wait()
    await eventually(lambda: desk.slack.texts("C1") == ["help"])
    gate.opens.set()
    await desk.send()

    assert sorted(desk.slack.texts("C1")) == ["first", "help"]


@pytest.mark.parametrize("step_h", [-1, 1, -24, 8])
async def test_a_clock_that_is_set_delays_nothing(step_h: int) -> None:
    """Back an hour, or on by a night: what was owed goes when it would have gone, what a limit stops not before."""
    wall, even = FakeClock(), FakeClock()
    desk = Desk(clock=wall, even=steady(wall, lambda: even().timestamp()))
    desk.card()
    await desk.send()
    desk.words = "second"
    desk.store.changed("card/1", human=False)
    desk.slack.fail("chat.postMessage", _busy("chat.postMessage", 5))
    desk.card("card/2")
    await desk.send()
    wall.advance(hours=step_h)
    await desk.send()
    assert (len(desk.slack.called("chat.postMessage")), desk.slack.called("chat.update")) == (2, [])
    even.advance(5)
    await desk.send()

    assert desk.slack.texts("C1") == ["second", "second"]


async def test_a_clock_that_is_set_back_while_the_bot_is_down_delays_nothing(desk: Desk) -> None:
    """What a limit or a gathering held is sent after the start."""
    desk.store.card("card/1", view="words", record_id=1, place=Place("C1"), human=False)
    desk.clock.advance(hours=-1)
    again = Desk(clock=desk.clock, database=desk.database)
    again.store.interrupted()
    await again.send()

    assert again.slack.texts("C1") == ["first"]


@pytest.mark.parametrize("ahead_h", [-1, 1])
async def test_a_clock_that_was_wrong_doubles_nothing(ahead_h: int) -> None:
    """The bot died while it sent, an hour off Slack's time: after the start the message is found."""
    clock = FakeClock()
    slack = FakeWebApi(now=clock().timestamp())
    clock.advance(hours=ahead_h)
    desk = Desk(clock=clock, server=slack)
    slack.lose_answer("chat.postMessage")
    desk.card()
    await desk.send()
    clock.advance(hours=-ahead_h)
    again = Desk(clock=clock, database=desk.database, server=slack)
    again.store.interrupted()
    await again.send(after_s=5)

    assert (slack.texts("C1"), again.store.waiting()) == (["first"], 0)


class Storm(RuleBasedStateMachine):
    """Whatever is owed by whom and whatever Slack refuses: each once, and everything in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.desk = self._desk()
        self.owed: set[str] = set()

    def _desk(self, before: Desk | None = None) -> Desk:
        """A bot; after another one it has the same records and the same Slack."""

        async def built() -> Desk:
            tier2 = frozenset({"UKIM"})
            if before is None:
                return Desk(tier2=tier2)
            return Desk(clock=before.clock, database=before.database, server=before.slack, tier2=tier2)

        return self.loop.run(built())

    @rule(
        noun=st.sampled_from(["escalation", "probes", "x"]),
        user=st.sampled_from(["UKIM", "UTOM", ""]),
        c=st.integers(1, 2),
    )
    def owes(self, noun: str, user: str, c: int) -> None:
        key = f"{noun}/{len(self.owed)}"
        self.desk.store.text(key, text=key, place=Place(f"C{c}"), for_user=user)
        self.owed.add(key)

    @rule(method=st.sampled_from(["chat.postMessage", "conversations.history"]), seconds=st.integers(1, 50))
    def refuses(self, method: str, seconds: int) -> None:
        self.desk.slack.fail(method, _busy(method, seconds))

    @rule()
    def loses(self) -> None:
        self.desk.slack.lose_answer("chat.postMessage")

    @rule()
    def dies(self) -> None:
        """The next one knows only what is written down."""
        self.desk = self._desk(self.desk)
        self.desk.store.interrupted()

    @rule(seconds=st.floats(0, 20))
    def time_passes(self, seconds: float) -> None:
        self.loop.run(self.desk.send(after_s=seconds))

    @invariant()
    def nothing_comes_twice(self) -> None:
        texts = [text for channel in ("C1", "C2") for text in self.desk.slack.texts(channel)]
        assert len(texts) == len(set(texts))

    def teardown(self) -> None:
        self.desk.slack.recovers()
        for _ in range(2 * len(self.owed) + 80):
            if self.desk.store.waiting():
                self.loop.run(self.desk.send(after_s=1))
        texts = {text for channel in ("C1", "C2") for text in self.desk.slack.texts(channel)}
        self.loop.close()
        assert texts == self.owed


TestStorm = Storm.TestCase
TestStorm.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)


async def test_waiting_is_over_when_it_says(desk: Desk) -> None:
    """The outbox asks to be woken when the next message may go, and not seventy times before."""
    for number in range(10):
        desk.store.text(f"probes/{number}", text="x", place=Place("C1"), for_user="UGUEST")
    await desk.send()

    assert timedelta(seconds=0.9) < timedelta(seconds=desk.outbox.send_due()) <= timedelta(seconds=1)
