"""Steps in Slack: what is owed where, and what its message shows."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.escalations.cards import ACKNOWLEDGE, NEED_MORE
from bot.escalations.telling import Asked, FailureKind, WayKind, message_key, slack_failure
from bot.escalations.ways.cards import asked
from bot.escalations.ways.slack_way import SlackWay
from bot.messages.model import Content, Place, Rank
from bot.messages.store import MessageStore
from tests.database import memory_database
from tests.escalations.ways.tellings import telling
from tests.fake_clock import FakeClock
from tests.hostile import ALIVE, NOW, SAMPLES

THREAD = Place("C1", "investigation/12")
DM = Asked(42, WayKind.DM, ("ULENA", "URAJ"), "", THREAD, telling(), "UKIM", NOW)


def owed(step: Asked, *, in_thread: bool = False) -> list[dict[str, object]]:
    database, clock = memory_database(), FakeClock()
    store = MessageStore(database=database, clock=clock, wake=lambda: None)
    with database.transaction():
        SlackWay(owed=store, in_thread=in_thread).owe(step)
        SlackWay(owed=store, in_thread=in_thread).owe(step)
    return database.rows("SELECT key, view, record_id, channel, thread_key, rank, broadcast FROM messages ORDER BY key")


def test_each_person_has_a_message_of_their_own_once() -> None:
    """Also where the step is told again."""
    row = {"view": "ladder_step", "record_id": 42, "thread_key": None, "rank": Rank.URGENT, "broadcast": 0}
    assert owed(DM) == [
        {"key": message_key(42, "ULENA"), "channel": "ULENA", **row},
        {"key": message_key(42, "URAJ"), "channel": "URAJ", **row},
    ]


def test_a_group_is_called_in_the_thread() -> None:
    [row] = owed(replace(DM, way=WayKind.GROUP, recipients=("group",)), in_thread=True)

    assert (row["channel"], row["thread_key"], row["key"]) == ("C1", "investigation/12", message_key(42, "group"))


def buttons(content: Content) -> list[str]:
    return [e["action_id"] for block in content.blocks if block["type"] == "actions" for e in block["elements"]]


def test_a_direct_message_says_what_to_do_and_has_the_buttons() -> None:
    shown = asked(DM)

    assert shown.text == "INV-12 needs an answer: Call the transit provider and ask for another route"
    assert shown.blocks[0]["text"]["text"] == "Call the transit provider and ask for another route"
    assert buttons(shown) == [ACKNOWLEDGE, NEED_MORE, "investigation_open"]
    assert shown.blocks[-1]["elements"][0]["value"] == "5", "the escalation's, as on the post"


def test_a_manager_on_a_phone_reads_what_to_decide_by() -> None:
    """Who is affected, and what the form says is wrong; without that, the target and what people see."""
    said = telling(impact="31 customers\n\nPlaces: Brisbane 1\n", wrong="Half the packets are lost.")
    facts = asked(replace(DM, telling=said)).blocks[1]["text"]["text"]

    assert facts == "*Impact:* 31 customers · Places: Brisbane 1\n*What is wrong:* Half the packets are lost."
    assert asked(DM).blocks[1]["text"]["text"] == "*What is wrong:* U.S. East, packet loss"


def test_whoever_is_called_is_called_first() -> None:
    """In what notifies and in what is shown."""
    for way, mention in ((WayKind.CHANNEL, "<!here>"), (WayKind.GROUP, "<!subteam^SLTM>")):
        shown = asked(replace(DM, way=way, mention=mention))
        assert shown.text.startswith(f"{mention} INV-12 needs")
        assert shown.blocks[0]["text"]["text"].startswith(f"{mention} ")


def test_once_it_is_answered_nobody_is_asked_or_called() -> None:
    """An edit notifies nobody, but who opens Slack now must not read that they are needed."""
    answer = ":white_check_mark: *Acknowledged by <@URAJ>*"
    for way in (WayKind.DM, WayKind.CHANNEL, WayKind.GROUP):
        shown = asked(replace(DM, way=way, mention="", answer=answer, late=True))
        said = json.dumps(shown.blocks)
        assert not buttons(shown)
        assert "Nobody has answered" not in said and "nobody has answered" not in said and "late" not in said
        assert shown.blocks[-1]["text"]["text"] == answer


@given(st.sampled_from(SAMPLES) | st.text(max_size=4000), st.sampled_from(SAMPLES) | st.text(max_size=400))
def test_hostile_words_call_nobody_and_fit(request: str, title: str) -> None:
    shown = asked(
        replace(DM, way=WayKind.CHANNEL, telling=telling(request=request, title=title, wrong=title, impact=request))
    )
    texts = [block["text"]["text"] for block in shown.blocks if "text" in block]

    assert not any(ALIVE.search(text) for text in [shown.text, *texts])
    assert all(0 < len(text) <= 3000 for text in texts) and len(shown.blocks) <= 50
    assert buttons(shown) == [ACKNOWLEDGE, NEED_MORE, "investigation_open"]


def test_each_refusal_of_slack_has_its_kind() -> None:
    kinds = {
        "is_archived": FailureKind.ARCHIVED,
        "not_in_channel": FailureKind.NOT_IN_CHANNEL,
        "channel_not_found": FailureKind.NOT_IN_CHANNEL,
        "user_not_found": FailureKind.PERSON_GONE,
        "user_disabled": FailureKind.PERSON_GONE,
        "cannot_dm_bot": FailureKind.PERSON_GONE,
        "ratelimited": FailureKind.RATE_LIMITED,
        "missing_scope": FailureKind.NOT_CONFIGURED,
        "restricted_action": FailureKind.REFUSED,
        "what_nobody_knows": FailureKind.REFUSED,
        "": FailureKind.UNKNOWN,
    }
    assert {code: slack_failure(code).kind for code in kinds} == kinds
    assert slack_failure("channel_not_found", person=True).kind is FailureKind.PERSON_GONE
    assert slack_failure("is_archived", person=True).kind is FailureKind.ARCHIVED
