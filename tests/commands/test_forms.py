"""Forms: when one is needed, and that nobody's words are lost by one."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import BadInput
from bot.escalations.forms import ESCALATE_FORM, NEEDED, QUESTION, SINCE, TYPED, WRONG
from bot.field_limits import TYPED_MAX, TooLong, length_in_slack
from bot.handoffs.forms import REASON as HANDOFF_REASON
from bot.handoffs.forms import REPRODUCTION, TITLE
from bot.investigations.forms import NOTE, PERSON, REASON, ROOT_CAUSE, SYMPTOM, TARGET, WORKAROUND
from bot.investigations.update_forms import NEWS, TIER1_TEXT
from bot.probes.forms import DEVICE, REPRODUCED
from bot.slack.answers import FormTooLate, MethodMissing
from bot.slack.directory import Directory, Management, Team
from bot.slack.request import Request, read
from bot.slack.text import escape
from commands import closing, escalate, handoff, investigate, manual_step, ownership, updates
from commands.investigate import NoTargetNamed
from tests.commands.test_mention import Thread
from tests.slack import payloads
from tests.world import APP, World


@pytest.fixture
async def thread() -> Thread:
    """INV-1 is about the app."""
    world = World()
    await world.opened(APP)
    return Thread(world)


def opened(thread: Thread) -> list[dict[str, Any]]:
    return [call["view"] for call in thread.slack.called("views.open")]


async def shortcut(thread: Thread, text: str) -> None:
    body = payloads.message_shortcut()
    body["message"] = body["message"] | {"text": text}
    await investigate.from_message(read(body), thread.services)


def live(thread: Thread) -> list[str]:
    return [investigation.target for investigation in thread.world.investigations.live()]


async def test_message_that_names_one_target_opens_it(thread: Thread) -> None:
    """However often."""
    await shortcut(thread, "US East is slow, all of us-east")

    assert (live(thread), opened(thread)) == (["app", "us-east"], [])


async def test_message_that_names_several_is_asked_about(thread: Thread) -> None:
    """Which of them is meant is no guess of ours: they come first, and none is chosen."""
    await shortcut(thread, "us-west is fine but people on us-east can't connect")
    (view,) = opened(thread)
    (target,) = [block for block in view["blocks"] if block.get("block_id") == TARGET]

    assert live(thread) == ["app"]
    assert "initial_option" not in target["element"]
    assert [option["value"] for option in target["element"]["options"]] == ["us-west", "us-east", "app"]
    assert "It names U.S. West and U.S. East" in str(view["blocks"][0])


@pytest.mark.parametrize("typed", ["us-east and us-west packet loss", "US East, US West: packet loss"])
async def test_command_that_names_several_is_asked_about(thread: Thread, typed: str) -> None:
    """The second one is nothing that people see."""
    await investigate.slash(read(payloads.command(text=typed)), thread.services)
    (view,) = opened(thread)
    (seen,) = [block for block in view["blocks"] if block.get("block_id") == SYMPTOM]

    assert live(thread) == ["app"]
    assert "That names U.S. East and U.S. West. Choose one" in str(view["blocks"][0])
    assert seen["element"]["initial_value"] == "packet loss"
    with pytest.raises(BadInput, match="one after the other: `investigate us-east packet loss`"):
        await thread.mention(f"investigate {typed}")


@pytest.mark.parametrize("typed", ["us-east, app does not connect", "us-east us-west packet loss", "us-east and slow"])
async def test_a_name_in_what_people_see_stays_there(thread: Thread, typed: str) -> None:
    await investigate.slash(read(payloads.command(text=typed)), thread.services)

    assert (live(thread), opened(thread)) == (["app", "us-east"], [])


@pytest.mark.parametrize(
    ("typed", "chosen", "symptom"),
    [
        ("us-eats slow", "us-east", "slow"),
        ("us-eats", "us-east", None),
        ("us wst is slow", "us-west", "us wst is slow"),
        ("us-est slow", None, "us-est slow"),
        ("xyz", None, "xyz"),
    ],
)
async def test_misspelt_target_is_chosen_only_where_one_is_meant(
    thread: Thread, typed: str, chosen: str | None, symptom: str | None
) -> None:
    """Whoever is in a hurry takes what is chosen already, and its misspelt name is nothing that people see."""
    await investigate.slash(read(payloads.command(text=typed)), thread.services)
    (view,) = opened(thread)
    (target,) = [block for block in view["blocks"] if block.get("block_id") == TARGET]

    (seen,) = [block for block in view["blocks"] if block.get("block_id") == SYMPTOM]

    assert (target["element"].get("initial_option") or {}).get("value") == chosen
    assert seen["element"].get("initial_value") == symptom


async def test_message_that_names_none_guesses_nothing(thread: Thread) -> None:
    """Its first words are no name."""
    await shortcut(thread, "us est is slow")
    (view,) = opened(thread)

    assert "initial_option" not in str(view)


async def test_card_goes_to_the_team_of_the_target(thread: Thread) -> None:
    """Also from another team's channel, which is told where it is."""
    teams = (Team("tech", "T2 Tech", "C1"), Team("cs", "T2 CS", "C2"))
    directory = Directory(client=thread.slack, teams=teams, management=Management("ltm"))
    services = replace(thread.services, directory=directory)
    await thread.world.investigations.dismiss(1, reason="x", by="UKIM")
    answer = await investigate.slash(read(payloads.command(text="app login fails")), services)
    await investigate.slash(read(payloads.command(text="us-east", trigger_id="t.9")), services)

    assert answer == "INV-2 is open in <#C2>."
    assert [investigation.channel for investigation in thread.world.investigations.live()] == ["C2", "C1"]


@pytest.mark.parametrize(
    "error",
    [MethodMissing("unknown_method", method="views.open"), FormTooLate("expired_trigger_id", method="views.open")],
)
async def test_unknown_target_is_told_where_no_form_opens(thread: Thread, error: Exception) -> None:
    """A server without forms, or a command that is worked on after a restart."""
    thread.slack.fail("views.open", error)  # type: ignore[arg-type]
    with pytest.raises(NoTargetNamed, match="us-east"):
        await investigate.slash(read(payloads.command(text="us-eest slow")), thread.services)


async def test_form_whose_investigation_was_closed_stays_open(thread: Thread) -> None:
    """What somebody wrote for a minute is not thrown away because another one was faster."""
    form = replace(read(payloads.submission("form", {})), private_metadata="1")
    draft = replace(form, values={WRONG: "logins fail", SINCE: "09:00", NEEDED: "a decision"})
    cause, reason = replace(form, values={ROOT_CAUSE: "x"}), replace(form, values={REASON: "x"})
    checks = [(escalate.check, draft), (closing.resolve_check, cause), (closing.dismiss_check, reason)]
    assert [check(sent, thread.services) for check, sent in checks] == [{}, {}, {}]
    await thread.world.investigations.dismiss(1, reason="one customer", by="UJO")

    assert [list(check(sent, thread.services)) for check, sent in checks] == [[NEEDED], [ROOT_CAUSE], [REASON]]


async def test_whoever_escalates_to_nobody_is_told(thread: Thread) -> None:
    """The post looks like one that arrived, in a channel that is full of others."""
    thread.world.people.mention = ("@ltm", "Nobody was notified: @ltm has no members, and no people are configured.")
    form = replace(read(payloads.submission("form", {})), private_metadata="1")
    answer = await escalate.sent(
        replace(form, values={WRONG: "x", SINCE: "09:00", NEEDED: "a decision"}), thread.services
    )

    assert answer and "Nobody was notified: @ltm has no members" in str(answer)


async def test_escalation_form_says_that_one_waits_already(thread: Thread) -> None:
    """Two people had the form open, and one has sent it."""
    form = replace(read(payloads.submission("form", {})), private_metadata="1")
    draft = replace(form, values={WRONG: "logins fail", SINCE: "09:00", NEEDED: "a decision"})
    await escalate.sent(draft, thread.services)

    assert "waits for an answer" in escalate.check(draft, thread.services)[NEEDED]


async def test_what_is_typed_into_an_escalation_is_kept_as_it_comes(thread: Thread) -> None:
    """Slack tells it while somebody types, and not when they close the form. A full disk costs the draft only."""
    press = payloads.press(TYPED) | {"view": payloads.submission(ESCALATE_FORM, {})["view"] | {"private_metadata": "1"}}
    for words in ("Call", "Call Harbor"):
        press["view"]["state"] = {"values": {NEEDED: {TYPED: {"value": words}}, WRONG: {TYPED: {"value": None}}}}
        await escalate.typed(read(press), thread.services)
    kept = await thread.services.escalations.prepare(1, by="UKIM")
    assert (kept.draft.needed, kept.draft.wrong) == ("Call Harbor", "")

    thread.world.database.run("PRAGMA query_only = 1")
    assert await escalate.typed(read(press), thread.services) is None


@pytest.mark.parametrize(
    ("check", "values", "block"),
    [
        (closing.resolve_check, {ROOT_CAUSE: "x" * 2901}, ROOT_CAUSE),
        (closing.resolve_check, {ROOT_CAUSE: "x", WORKAROUND: "&" * 581}, WORKAROUND),
        (closing.dismiss_check, {REASON: "x" * 2901}, REASON),
        (updates.check, {NEWS: "<" * 726}, NEWS),
        (updates.check, {NEWS: "x", TIER1_TEXT: "x" * 2901}, TIER1_TEXT),
        (ownership.hand_over_check, {PERSON: "UJO", NOTE: "x" * 2901}, NOTE),
        (investigate.check, {SYMPTOM: "x" * 2901}, SYMPTOM),
        (escalate.check, {WRONG: "x" * 2001, SINCE: "now", NEEDED: "help"}, WRONG),
        (escalate.check, {WRONG: "x", SINCE: "now", NEEDED: "&" * 301}, NEEDED),
        (escalate.question_check, {QUESTION: "x" * 2901}, QUESTION),
        (handoff.check, {TITLE: "x", REPRODUCTION: "x" * 2901}, REPRODUCTION),
        (handoff.change_check, {HANDOFF_REASON: "x" * 2901}, HANDOFF_REASON),
        (manual_step.check, {REPRODUCED: "yes", DEVICE: "x" * 81}, DEVICE),
    ],
)
def test_what_can_not_be_shown_whole_stays_in_the_form(
    thread: Thread, check: Any, values: dict[str, str], block: str
) -> None:
    """With the limit, at the field; Slack's own limit counts `&`, `<` and `>` as one."""
    request = Request(user="UKIM", values=values, private_metadata="1")
    wrong = check(request, thread.services)

    assert list(wrong) == [block]
    assert "At most" in wrong[block]


async def test_symptom_that_is_too_long_for_the_form_says_so(thread: Thread) -> None:
    """What is in the form is what will be kept; with a target that is known it is refused at once."""
    long = "us-eas " + "<slow> " * 500
    await investigate.slash(Request(user="UKIM", channel="C1", text=escape(long), trigger_id="t"), thread.services)
    (view,) = opened(thread)
    answer = next(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
    (kept,) = [item["element"]["initial_value"] for item in view["blocks"] if item.get("block_id") == SYMPTOM]

    assert "What you typed is too long: only its first" in answer
    assert long.removeprefix("us-eas ").startswith(kept) and length_in_slack(kept) <= TYPED_MAX
    with pytest.raises(TooLong):
        await investigate.slash(Request(user="UKIM", channel="C1", text="us-east " + "x" * 2901), thread.services)
