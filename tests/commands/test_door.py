"""Every way to ask the bot for something, for everybody who is nobody: refused privately, and nothing is changed."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.errors import BadInput, with_admin
from bot.investigations import cards, merge_cards
from bot.investigations.forms import DISMISS_FORM
from bot.slack.answers import SlackError
from bot.slack.request import Request
from commands.door import NotAdmitted, admitted, whom_to_ask, worded
from tests.fake_desk import ticket
from tests.in_process import InProcessBot
from tests.slack import payloads
from tests.slack.payloads import Json
from tests.slack.test_who_counts import NOBODIES
from tests.world import US_EAST, US_WEST, contents

LINK = "<https://desk.test/agent/tickets/7>"
WORDS = {
    "left": "Slack doesn't list you in this workspace",
    "guest": "You're a guest here",
    "guest of one channel": "You're a guest here",
    "stranger": "You're from another workspace",
    "from another workspace": "You're from another workspace",
}
"""How each of them is told; an app is told nothing."""
INSTEAD = ", and only colleagues can use Second Line. Ask T2 Tech to do it for you."
OF_DELIVERIES = {"deliveries", "mentions"}
"""The tables that know what came, whoever it is from."""


@pytest.fixture
async def bot() -> InProcessBot:
    bot = InProcessBot()
    assert bot.world.desk
    bot.world.desk.hidden = [ticket(7, bot.world.clock())]
    await bot.world.opened()
    bot.world.sent("investigation/1", "1.1")
    bot.slack.channels["C1"] = {"9.9": {"ts": "9.9", "thread_ts": "1.1", "text": "x", "user": "UTOM"}}
    return bot


def asked(bot: InProcessBot) -> Iterator[tuple[str, Json]]:
    """Each route that a person asks by, with what Slack sends for it."""
    for route in sorted(bot.listener.registered):
        kind, _, name = route.partition(" ")
        if kind == "command":
            yield route, payloads.command(name, "us-east packet loss")
        elif kind == "shortcut":
            yield route, payloads.message_shortcut(name)
        elif kind == "button":
            yield route, payloads.press(name, "1")


def said(**more: Any) -> list[tuple[str, Json]]:
    """Words to the bot, by mention and in its direct messages."""
    mention = {"channel": "C1", "ts": "9.9", "thread_ts": "1.1", "text": "<@UBOT> note x"}
    direct = {"channel": "D1", "ts": "9.9", "channel_type": "im", "text": "investigate us-east packet loss"}
    return [
        ("event app_mention", payloads.event("app_mention", **mention, **more)),
        ("event message", payloads.event("message", **direct, **more)),
    ]


def overheard() -> list[tuple[str, Json]]:
    """What nobody said to the bot, and what it does something with where a colleague did it."""
    where = {"channel": "C1", "ts": "9.9", "thread_ts": "1.1", "channel_type": "channel"}
    item = {"type": "message", "channel": "C1", "ts": "9.9"}
    log: dict[str, Any] = {"files": [{"id": "F1", "name": "client.log"}]}
    return [
        ("event message", payloads.event("message", text=f"see {LINK}", **where)),
        ("event message", payloads.event("message", text="", subtype="file_share", **log, **where)),
        ("event reaction_added", payloads.event("reaction_added", reaction="pushpin", item=item)),
        ("event pin_added", payloads.event("pin_added", channel_id="C1", item=item)),
    ]


def from_user(body: Json, user: str, number: int) -> Json:
    """The same from somebody else, as a delivery of its own."""
    own = {"trigger_id": f"t.{number}", "event_id": f"Ev{number}"}
    if "command" in body:
        return body | own | {"user_id": user}
    if "event" in body:
        return body | own | {"event": body["event"] | {"user": user, "event_ts": f"{number}.1"}}
    return body | own | {"user": {"id": user}}


def stored(bot: InProcessBot) -> dict[str, Any]:
    """Besides what is noted of answers in direct messages."""
    tables = {name: rows for name, rows in contents(bot.world).items() if name not in OF_DELIVERIES}
    tables["messages"] = [row for row in tables["messages"] if not str(row["key"]).startswith("direct/")]
    return tables


async def delivered(bot: InProcessBot, body: Json, who: str, number: int) -> list[Json]:
    """What is shown for it, and to whom; a person of their own each time, since answers to one are limited."""
    user = f"U{number}"
    bot.slack.answers["users.info"] = {"user": {"id": user, "name": "xen", "team_id": "T1"} | NOBODIES[who]}
    before = len(bot.slack.calls)
    assert await bot.deliver(from_user(body, user, number)) == 200
    shown = [sent for method, sent in bot.slack.calls[before:] if method.startswith(("chat.", "views."))]
    assert all(sent.get("user", sent["channel"]) in (user, "D1") for sent in shown), "seen by others"
    return shown


@pytest.mark.parametrize("who", NOBODIES)
async def test_whoever_is_nobody_is_refused_at_every_entrance(bot: InProcessBot, who: str) -> None:
    """In one private sentence that says whom to ask; an app gets none, or two of them could talk for ever."""
    before = stored(bot)
    for number, (route, body) in enumerate([*asked(bot), *said()], start=100):
        shown = await delivered(bot, body, who, number)
        texts = [each["text"] for each in shown]
        assert texts == ([WORDS[who] + INSTEAD] if who in WORDS else []), route
        assert stored(bot) == before, route


@pytest.mark.parametrize("who", NOBODIES)
async def test_what_they_do_beside_the_bot_is_not_heard(bot: InProcessBot, who: str) -> None:
    """Nobody asked it anything, so nobody is told anything; what they wrote stays where they wrote it."""
    before = stored(bot)
    for number, (route, body) in enumerate(overheard(), start=100):
        assert await delivered(bot, body, who, number) == [], route
        assert stored(bot) == before, route


async def test_form_of_somebody_who_became_a_guest_meanwhile(bot: InProcessBot) -> None:
    """Whatever its own check says of it: it is not sent, and what they wrote is given back."""
    bot.slack.answers["users.info"] = {"user": {"id": "UX", "name": "xen", "is_restricted": True}}
    forms = [route for route in bot.listener.registered if route.startswith("form ")]
    for route in forms:
        with pytest.raises(NotAdmitted) as refused:
            await admitted(route, Request(user="UX", written=("a long letter",)), bot.services)
        assert refused.value.content.blocks[-1]["text"]["text"] == "a long letter"

    assert forms


async def test_a_guest_is_not_told_what_a_form_lacks_but_that_they_may_not_send_it(bot: InProcessBot) -> None:
    """It closes, with what they wrote given back: mended it would be refused all the same."""
    bot.services.directory.changed({"id": "UX", "name": "xen", "team_id": "T1", "is_restricted": True})
    dismissed = {"reason": {"input": {"type": "plain_text_input", "value": "x" * 4000}}}
    forms = {user: payloads.submission(DISMISS_FORM, dismissed, user) for user in ("UX", "UKIM")}
    answers = [await bot.answer(form | {"user": {"id": user}}) for user, form in forms.items()]

    assert ["errors" in answer for answer in answers] == [False, True]
    assert {sent["user"] for sent in bot.slack.called("chat.postEphemeral")} <= {"UX"}
    told = [sent["text"] for method, sent in bot.slack.calls if method.startswith("chat.")]
    assert [text for text in told if text.startswith(WORDS["guest"])]


async def test_what_they_typed_is_given_back(bot: InProcessBot) -> None:
    """A command is gone from the field once it is sent; mentions are given back as names."""
    text = "us-east packet loss, says <@UKIM|kim>"
    (shown,) = await delivered(bot, payloads.command(text=text), "guest", 1)
    (bare,) = await delivered(bot, payloads.command(text=""), "guest", 2)

    assert shown["blocks"][-1]["text"]["text"] == "/investigate us-east packet loss, says @kim"
    assert not bare["blocks"]


async def test_edits_and_deletions_of_everybody_are_followed(bot: InProcessBot) -> None:
    """What somebody took back stays taken back, whatever became of them since."""
    source = {"channel": "C1", "ts": "9.9"}
    item = {"type": "message"} | source
    await bot.deliver(payloads.event("pin_added", "EvPin", user="UKIM", channel_id="C1", item=item))
    pinned = [event.text for event in bot.world.evidence.overview(1).events if event.text == "x"]
    gone = payloads.event("message", "EvGone", subtype="message_deleted", channel="C1", deleted_ts="9.9")
    await bot.deliver(gone)

    assert pinned == ["x"]
    assert [event.text for event in bot.world.evidence.overview(1).events if event.text == "x"] == []


async def test_whom_slack_does_not_tell_about_is_a_colleague(bot: InProcessBot) -> None:
    """An outage shuts nobody out."""
    bot.slack.fail("users.info", SlackError("missing_scope", method="users.info"))
    await bot.deliver(payloads.command() | {"user_id": "UTOM"})

    assert [investigation.opened_by for investigation in bot.world.investigations.live()] == ["UKIM", "UTOM"]


REFUSALS = {
    "an owner": ("UJO", payloads.press(cards.CLAIM, "1"), "INV-1 is owned by somebody else.", "Ask @kim."),
    "who may forget": ("UKIM", payloads.command("/t2", "forget 7"), "Only management can", "Ask @lena or @raj."),
}


@pytest.mark.parametrize("what", REFUSALS)
async def test_who_is_sent_to_somebody_hears_their_names(bot: InProcessBot, what: str) -> None:
    """As text, which calls nobody."""
    user, body, sentence, whom = REFUSALS[what]
    await bot.deliver(from_user(body, user, 1))
    (shown,) = bot.slack.called("chat.postEphemeral")

    assert shown["user"] == user
    assert shown["text"].startswith(sentence) and shown["text"].endswith(whom)


async def test_the_admin_has_a_name_where_somebody_gave_it(bot: InProcessBot) -> None:
    """In whatever sends to them, also where a sentence begins with it."""
    for number, admin in enumerate(("your admin", "@raj or #it-help")):
        bot.services.directory.admin = admin
        await bot.deliver(from_user(payloads.command("/t2", "board"), "UKIM", number))
    texts = [sent["text"] for sent in bot.slack.called("chat.postEphemeral")]

    assert [text.partition(" to set ")[0] for text in texts] == [
        "The pages aren't set up. Ask your admin",
        "The pages aren't set up. Ask @raj or #it-help",
    ]
    assert with_admin("No vendor is set up. Your admin can add one.", "R&D") == "No vendor is set up. R&D can add one."


async def test_a_merge_is_told_once(bot: InProcessBot) -> None:
    """In its thread the post there says so; elsewhere whoever did it is told."""
    for target in (US_EAST, US_WEST):
        await bot.world.opened(target)
    in_thread = payloads.press(merge_cards.MERGE, "2 1") | {"message": {"ts": "9.9", "thread_ts": "1.1"}}
    await bot.deliver(from_user(in_thread, "UKIM", 1))
    there = bot.slack.called("chat.postEphemeral")
    await bot.deliver(from_user(payloads.press(merge_cards.MERGE, "3 1"), "UKIM", 2))
    (elsewhere,) = bot.slack.called("chat.postEphemeral")

    assert there == [] and [each.id for each in bot.world.investigations.live()] == [1]
    assert elsewhere["text"] == "INV-3 goes on in INV-1. `unmerge INV-3` undoes it."
    assert bot.world.investigations.get(2).merged_into == 1


async def test_many_names_are_cut(bot: InProcessBot) -> None:
    users = ["UA", "UB", "UC", "UD", "UE"]

    assert await whom_to_ask(users[:3], bot.services) == "Ask @a, @b or @c."
    assert await whom_to_ask(users, bot.services) == "Ask @a, @b, @c or another of them."
    assert await whom_to_ask(["unknown"], bot.services) == ""


SAID_BACK = {
    "probe ping us-east from <@UJO>": "'@jo' is no place.",
    "<@UJO> look": "I don't know '@jo'.",
    "probe ping us-east from <#C9|general>": "'#general' is no place.",
    "<https://status.test/x|status.test/x>": "I don't know 'https://status.test/x'.",
    "probe ping us-east from a&amp;b &lt;c&gt;": "'a&amp;b &lt;c&gt;' is no place.",
    "R&amp;D": "I don't know 'R&amp;D'.",
    ":wave: hello": "I don't know 'hello'.",
}
"""What is typed to the bot, and how the refusal says it back, as Slack is sent it."""


@pytest.mark.parametrize("typed", SAID_BACK)
async def test_words_are_said_back_as_their_writer_saw_them(bot: InProcessBot, typed: str) -> None:
    """Nobody sees ids, marks or entities, and nobody is called."""
    bot.services.directory.changed({"id": "UJO", "name": "jo", "team_id": "T1"})
    await bot.deliver(payloads.mention(f"<@UBOT> {typed}"))
    (shown,) = bot.slack.called("chat.postEphemeral")

    assert shown["text"].startswith(SAID_BACK[typed])


async def test_what_is_cut_says_no_half_of_a_mention(bot: InProcessBot) -> None:
    """A sentence that has the first words only ends before it; words of our own in angle brackets stay."""
    bot.services.directory.changed({"id": "UJO", "name": "jo", "team_id": "T1"})
    sentences = {
        "I don't know 'see <@UJ'.": "I don't know 'see …'.",
        "Type `/t2 forget <ticket>`, <@UJO>.": "Type `/t2 forget <ticket>`, @jo.",
        "No <https://a.test/long": "No https://a.test/long",
    }
    for sentence, read in sentences.items():
        assert await worded(BadInput(sentence), "UKIM", bot.services) == read
