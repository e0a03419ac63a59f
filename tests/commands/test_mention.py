"""Words in threads and in direct messages: what they do, and what is no command."""

from typing import Any, cast

import pytest

from bot.check import Checkup
from bot.errors import BadInput
from bot.investigations.service import NotAnInvestigation
from bot.messages.model import Content, Place
from bot.probes.batch import batch_key
from bot.slack.directory import Directory, Management, Team
from bot.slack.request import Answer, Conversation, read
from commands import mention, record, tickets
from tests.fake_desk import ticket
from tests.fake_web_api import FakeWebApi
from tests.slack import payloads
from tests.world import World

TEAMS = (Team("tech", "T2 Tech", "C1"),)
LINK = "https://desk.test/agent/tickets/7"


class Thread:
    """The thread of INV-1, whose card has the ts 1.1; the probe card beside it has 2.2."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.slack = FakeWebApi()
        self.services = world.rooms.services(
            directory=Directory(client=self.slack, teams=TEAMS, management=Management("ltm"), team_id="T1"),
            conversation=Conversation(client=self.slack, trusted_urls=()),
            checkup=cast("Checkup", None),
            bot_user="UBOT",
            link_hosts=frozenset({"desk.test"}),
        )

    async def mention(self, text: str, thread_ts: str = "1.1") -> Answer:
        where = {"channel": "C1", "ts": "9.9", "thread_ts": thread_ts}
        body = payloads.event("app_mention", user="UKIM", text=f"<@UBOT> {text}", **where)
        return await mention.mentioned(read(body), self.services)

    async def message(self, text: str, **more: object) -> Answer:
        where: dict[str, Any] = {"channel": "C1", "ts": "9.9", "thread_ts": "1.1", "user": "UTOM"}
        where |= {"channel_type": "channel"}
        return await mention.message(read(payloads.event("message", **{"text": text} | where | more)), self.services)

    def confirmed(self) -> list[int]:
        collected = self.world.tickets.of(1)
        return [ticket.ticket_id for ticket in collected.confirmed] if collected else []


@pytest.fixture
async def thread() -> Thread:
    world = World()
    assert world.desk
    world.desk.hidden = [ticket(7, world.clock())]
    await world.opened()
    world.sent("investigation/1", "1.1")
    batch = world.probes.request("ping", "us-east", place=Place("C1"), by="UKIM")
    world.sent(batch_key(batch.id), "2.2")
    return Thread(world)


async def test_done_is_a_reaction(thread: Thread) -> None:
    """No message where a mark says enough."""
    assert await thread.mention("release") is None

    assert thread.world.investigations.get(1).owner is None
    assert thread.world.owed_keys("done/%") == ["done/C1/9.9"]


async def test_words_outside_of_an_investigation(thread: Thread) -> None:
    """In another thread, or in none."""
    for ts in ("2.2", "8.8", ""):
        with pytest.raises(NotAnInvestigation):
            await thread.mention("claim", thread_ts=ts)


async def test_unknown_word_is_no_reaction(thread: Thread) -> None:
    """It is answered, not marked as done."""
    with pytest.raises(BadInput, match="Did you mean 'claim'"):
        await thread.mention("clam")

    assert thread.world.owed_keys("done/%") == []


async def test_handover_by_mention(thread: Thread) -> None:
    """The bot's own mention is not the person that is meant."""
    await thread.mention("handover <@UJO> MTR &amp; ping are clean")
    handover = thread.world.handovers.pending(1)

    assert handover and (handover.receiver, handover.note) == ("UJO", "MTR & ping are clean")
    assert thread.world.owed_keys("done/%")
    assert thread.world.evidence.overview(1).events[-1].text == "MTR & ping are clean"


@pytest.mark.parametrize("more", [{}, {"subtype": "file_share"}, {"subtype": "thread_broadcast"}])
async def test_pasted_links_are_taken(thread: Thread, more: dict[str, object]) -> None:
    """Also beside a screenshot; Tier 2 confirms them so, which a mark says; others suggest them, and get a receipt."""
    by_tom = await thread.message(f"see <{LINK}>", **more)
    suggested = thread.confirmed()
    by_kim = await thread.message(f"see <{LINK}>", user="UKIM", **more)

    assert isinstance(by_tom, Content) and by_tom.text == "Suggested for INV-1: #7. Tier 2 decides."
    assert by_kim is None and thread.world.owed_keys("done/%") == ["done/C1/9.9"]
    assert (suggested, thread.confirmed()) == ([], [7])


async def test_receipt_has_a_way_back(thread: Thread) -> None:
    """One press; the second says that it was done."""
    answer = await thread.message(f"see <{LINK}>")
    assert isinstance(answer, Content)
    (button,) = answer.blocks[-1]["elements"]
    press = read(payloads.press(button["action_id"], button["value"]))
    answers = [await tickets.undo(press, thread.services) for _ in range(2)]

    assert button["text"]["text"] == "Undo"
    collected = thread.world.tickets.of(1)

    assert answers == ["Undone: #7.", "That was undone already."]
    assert collected and collected.tickets == ()


async def test_pasted_link_to_no_ticket(thread: Thread) -> None:
    """The person hears which one."""
    answer = await thread.message("see <https://desk.test/agent/tickets/8>")

    assert answer == "Left out: #8 (not in Zendesk)."


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("we lost 4017 customers since 2024", []),
        ("4017", []),
        ("4017 4018", []),
        ("port 4018 is closed", []),
        ("#4017 is one of 4018", [4017]),
        ("look at #4017, and #4018.", [4017, 4018]),
        ("item #2 of the list", []),
        ("v#4017 x#4018", []),
    ],
)
async def test_bare_number_in_a_message_is_no_ticket(thread: Thread, text: str, taken: list[int]) -> None:
    """People write numbers of all kinds."""
    desk = thread.world.desk
    assert desk
    desk.hidden = [ticket(number, thread.world.clock()) for number in (2, 2024, 4017, 4018)]
    await thread.message(text, user="UKIM")

    assert sorted(thread.confirmed()) == taken


@pytest.mark.parametrize(
    ("text", "taken", "words"),
    [
        ("4017 4018", [4017, 4018], ""),
        ("4017, 4018 and #2 please", [2, 4017, 4018], ""),
        (f"<{LINK}> 4017", [7, 4017], ""),
        ("#4017 since 2024", [4017], "Left out: 2024 (write # before the number of a ticket)."),
        ("4017 99", [4017], "Left out: #99 (not in Zendesk)."),
        ("INV-1 4017", [4017], ""),
    ],
)
async def test_numbers_after_the_word_tickets(thread: Thread, text: str, taken: list[int], words: str) -> None:
    """They are tickets where nothing else is said; a mark says so, and what was left out is named."""
    desk = thread.world.desk
    assert desk
    desk.hidden = [ticket(number, thread.world.clock()) for number in (2, 7, 4017, 4018)]
    answer = await thread.mention(f"tickets {text}")

    assert sorted(thread.confirmed()) == taken
    assert answer.text.endswith(words) if isinstance(answer, Content) else str(answer or "") == words


@pytest.mark.parametrize("text", ["tickets about 4017 customers in 24 hours", "tickets", "tickets of today"])
async def test_tickets_without_a_ticket(thread: Thread, text: str) -> None:
    """The sentence shows how one is named."""
    with pytest.raises(BadInput, match="Paste links or numbers"):
        await thread.mention(text)

    assert thread.confirmed() == []


async def test_tickets_remove_removes(thread: Thread) -> None:
    """By number or link, with a way back."""
    await thread.mention("tickets 7")
    answer = await thread.mention(f"tickets remove <{LINK}> 55")

    assert thread.confirmed() == []
    assert isinstance(answer, Content) and answer.blocks[-1]["elements"][0]["text"]["text"] == "Undo"
    assert answer.text == "Taken off INV-1: #7.\nLeft out: #55 (not on the list of INV-1)."


@pytest.mark.parametrize(
    "more",
    [
        {"thread_ts": "2.2"},
        {"thread_ts": ""},
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"subtype": "channel_topic"},
        {"text": f"<@UBOT> tickets <{LINK}>"},
        {"text": "no link here"},
    ],
    ids=["thread of a probe", "no thread", "a bot", "ourselves", "Slack's own words", "a command", "no link"],
)
async def test_other_messages_are_left_alone(thread: Thread, more: dict[str, object]) -> None:
    """Neither work nor words: most of what is said in a channel is not for the bot."""
    text = str(more.get("text") or f"see <{LINK}>")

    assert await thread.message(text, **{k: v for k, v in more.items() if k != "text"}) is None
    assert thread.confirmed() == []


BY_NOBODY: list[dict[str, Any]] = [
    {"bot_id": "B1", "user": None},
    {"bot_id": "B1", "user": "UKIM"},
    {"user": None},
    {"user": "UBOT"},
    {"user": "UKIM", "subtype": "bot_message"},
]


@pytest.mark.parametrize("who", BY_NOBODY, ids=["workflow", "app in a person's name", "nobody", "ourselves", "an app"])
@pytest.mark.parametrize("words", ["claim", "note all is well", "investigate us-east loss", "probe ping", "clam"])
async def test_mention_by_no_person_does_nothing(thread: Thread, who: dict[str, Any], words: str) -> None:
    """Not in its name, not in somebody's, and it is not answered: two bots would never end."""
    before = thread.world.owed_keys()
    body = payloads.event("app_mention", channel="C1", ts="9.9", thread_ts="1.1", text=f"<@UBOT> {words}", **who)
    direct = payloads.event("message", channel="D1", channel_type="im", ts="9.8", text=words, **who)

    assert await mention.mentioned(read(body), thread.services) is None
    assert await mention.message(read(direct), thread.services) is None
    assert thread.world.owed_keys() == before
    assert thread.world.kinds(1) == ["opened"]


@pytest.mark.parametrize("who", [{"user": "UAPP"}, {"user": "UBOT"}, {}])
async def test_pin_by_no_person_does_nothing(thread: Thread, who: dict[str, Any]) -> None:
    """An app that pins what it posts is not somebody who keeps a record."""
    thread.slack.answers["users.info"] = {"user": {"id": "UAPP", "is_bot": True}}
    thread.slack.channels["C1"]["5.5"] = {"ts": "5.5", "thread_ts": "1.1", "user": "UTOM", "text": "a"}
    item = {"type": "message", "channel": "C1", "ts": "5.5"}
    await record.reacted(read(payloads.event("reaction_added", reaction="pushpin", item=item, **who)), thread.services)
    await record.pinned(read(payloads.event("pin_added", channel_id="C1", item=item, **who)), thread.services)

    assert thread.world.kinds(1) == ["opened"]


async def test_pin_of_a_message_in_the_thread(thread: Thread) -> None:
    """It is read from Slack with its words; taken off again by removing the pin; other channels are nobody's."""
    thread.slack.channels["C1"]["5.5"] = {"ts": "5.5", "thread_ts": "1.1", "user": "UTOM", "text": "a &lt; b"}
    item = {"type": "message", "channel": "C1", "ts": "5.5"}
    added = payloads.event("reaction_added", user="UJO", reaction="pushpin", item=item)
    await record.reacted(read(added), thread.services)
    await record.reacted(
        read(payloads.event("reaction_added", user="UJO", reaction="eyes", item=item)), thread.services
    )
    events = thread.world.evidence.overview(1).events
    assert [(event.actor, event.about, event.text) for event in events[1:]] == [("UJO", "UTOM", "a < b")]
    await record.unreacted(read(added | {"event": added["event"] | {"type": "reaction_removed"}}), thread.services)

    assert len(thread.world.evidence.overview(1).events) == 1


async def test_pin_that_can_not_be_read_is_said(thread: Thread) -> None:
    """A server without conversations.replies loses nothing in silence."""
    thread.slack.missing.add("conversations.replies")
    item = {"type": "message", "channel": "C1", "ts": "5.5"}
    added = payloads.event("reaction_added", user="UJO", reaction="pushpin", item=item)

    with pytest.raises(BadInput, match="Add to investigation"):
        await record.reacted(read(added), thread.services)


async def test_direct_message_is_known_by_its_channel(thread: Thread) -> None:
    """A server may leave channel_type out."""
    event = {"channel": "D1", "ts": "9.9", "user": "UKIM", "text": "help"}

    assert await mention.message(read(payloads.event("message", **event)), thread.services)


async def test_deleted_card_is_owed_again(thread: Thread) -> None:
    """Somebody tidied up; the record is still there."""
    where = {"channel": "C1", "deleted_ts": "1.1", "subtype": "message_deleted", "channel_type": "channel"}
    await mention.message(read(payloads.event("message", **where)), thread.services)

    assert "investigation/1" in [message.key for message in thread.world.owed.due(thread.world.clock())]


async def test_card_with_replies_that_is_deleted_is_owed_again(thread: Thread) -> None:
    """Slack keeps a tombstone of it and tells of a change."""
    stone = {"ts": "1.1", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
    changed = payloads.event("message", channel="C1", subtype="message_changed", message=stone, channel_type="channel")
    await mention.message(read(changed), thread.services)

    assert "investigation/1" in [message.key for message in thread.world.owed.due(thread.world.clock())]


@pytest.mark.parametrize(
    ("left", "gone", "lines"),
    [
        ({"reactions": [{"name": "pushpin", "users": ["UKIM", "UJO"]}]}, "reaction_removed", 2),
        ({"reactions": [{"name": "pushpin", "users": ["UJO"]}]}, "reaction_removed", 1),
        ({"reactions": [{"name": "eyes", "users": ["UKIM"]}]}, "reaction_removed", 1),
        ({"pinned_to": ["C1"]}, "reaction_removed", 2),
        ({"reactions": [{"name": "pushpin", "users": ["UKIM"]}]}, "pin_removed", 2),
        ({"pinned_to": ["C1"]}, "pin_removed", 1),
    ],
)
async def test_message_stays_while_another_mark_is_left(
    thread: Thread, left: dict[str, object], gone: str, lines: int
) -> None:
    """Two people pinned it, one takes the pin away; what Slack still shows of that very pin does not count."""
    message: dict[str, object] = {"ts": "5.5", "thread_ts": "1.1", "user": "UTOM", "text": "it is the new provider"}
    thread.slack.channels["C1"]["5.5"] = message
    item = {"type": "message", "channel": "C1", "ts": "5.5", "message": {"ts": "5.5"}}
    reaction = payloads.event("reaction_added", user="UJO", reaction="pushpin", item=item)
    await record.reacted(read(reaction), thread.services)
    message |= left
    event = payloads.event(gone, user="UJO", reaction="pushpin", channel_id="C1", item=item)
    await (record.unpinned if gone == "pin_removed" else record.unreacted)(read(event), thread.services)

    assert len(thread.world.evidence.overview(1).events) == lines


async def test_marks_are_read_as_names_everywhere(thread: Thread) -> None:
    """In the symptom, which issues and mails are made of, and on the record; an emoji means nothing there."""
    thread.slack.answers["users.info"] = {"user": {"id": "UANA", "name": "ana"}}
    await thread.mention("investigate us-west :rotating_light: slow, says <@UANA> to <!subteam^S1|@ltm>", "")
    await thread.mention("note <@UANA> saw it in <#C5|us-outage>")
    await thread.mention("dismiss asked <@UANA>")

    assert thread.world.investigations.get(2).symptom == "slow, says @ana to @ltm"
    assert [event.text for event in thread.world.evidence.overview(1).events if event.kind == "note"] == [
        "@ana saw it in #us-outage"
    ]
    assert thread.world.investigations.get(1).reason == "asked @ana"
