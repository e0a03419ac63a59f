"""Forms: when one is needed, and that nobody's words are lost by one."""

from dataclasses import replace
from typing import Any

import pytest

from bot.escalations.forms import NEEDED, QUESTION, SINCE, WRONG
from bot.handoffs.forms import REASON as HANDOFF_REASON
from bot.handoffs.forms import REPRODUCTION, TITLE
from bot.investigations.forms import NOTE, PERSON, REASON, ROOT_CAUSE, SYMPTOM, TARGET, WORKAROUND
from bot.probes.forms import DEVICE, REPRODUCED
from bot.slack.answers import MethodMissing, TooLate
from bot.slack.request import Request, read
from commands import closing, escalate, handoff, investigate, ownership, record, trial
from commands.investigate import UnknownTarget
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
    return [each.target for each in thread.world.investigations.live()]


async def test_message_that_names_one_target_opens_it(thread: Thread) -> None:
    """However often."""
    await shortcut(thread, "US East is slow, all of us-east")

    assert (live(thread), opened(thread)) == (["app", "us-east"], [])


async def test_message_that_names_several_is_asked_about(thread: Thread) -> None:
    """Which of them is meant is no guess of ours; the first one is offered."""
    await shortcut(thread, "us-west is fine but people on us-east can't connect")
    (view,) = opened(thread)
    (target,) = [block for block in view["blocks"] if block.get("block_id") == TARGET]

    assert live(thread) == ["app"]
    assert target["element"]["initial_option"]["value"] == "us-west"


@pytest.mark.parametrize(
    "error", [MethodMissing("unknown_method", method="views.open"), TooLate("expired_trigger_id", method="views.open")]
)
async def test_unknown_target_is_told_where_no_form_opens(thread: Thread, error: Exception) -> None:
    """A server without forms, or a command that is worked on after a restart."""
    thread.slack.fail("views.open", error)  # type: ignore[arg-type]
    with pytest.raises(UnknownTarget, match="us-east"):
        await investigate.slash(read(payloads.command(text="us-eest slow")), thread.services)


async def test_form_whose_investigation_was_closed_stays_open(thread: Thread) -> None:
    """What somebody wrote for a minute is not thrown away because another one was faster."""
    form = replace(read(payloads.submission("form", {})), private_metadata="1")
    draft = replace(form, values={WRONG: "logins fail", SINCE: "09:00", NEEDED: "a decision"})
    cause, reason = replace(form, values={ROOT_CAUSE: "x"}), replace(form, values={REASON: "x"})
    checks = [(escalate.check, draft), (closing.resolve_check, cause), (closing.dismiss_check, reason)]
    assert [check(sent, thread.services) for check, sent in checks] == [{}, {}, {}]
    await thread.world.investigations.dismiss(1, reason="one customer", by="UJO")

    assert [list(check(sent, thread.services)) for check, sent in checks] == [[WRONG], [ROOT_CAUSE], [REASON]]


async def test_escalation_form_says_that_one_waits_already(thread: Thread) -> None:
    """Two people had the form open, and one has sent it."""
    form = replace(read(payloads.submission("form", {})), private_metadata="1")
    draft = replace(form, values={WRONG: "logins fail", SINCE: "09:00", NEEDED: "a decision"})
    await escalate.sent(draft, thread.services)

    assert "waits for an acknowledgement" in escalate.check(draft, thread.services)[WRONG]


@pytest.mark.parametrize(
    ("check", "values", "block"),
    [
        (closing.resolve_check, {ROOT_CAUSE: "x" * 2901}, ROOT_CAUSE),
        (closing.resolve_check, {ROOT_CAUSE: "x", WORKAROUND: "&" * 581}, WORKAROUND),
        (closing.dismiss_check, {REASON: "x" * 2901}, REASON),
        (record.note_check, {NOTE: "<" * 726}, NOTE),
        (ownership.hand_over_check, {PERSON: "UJO", NOTE: "x" * 2901}, NOTE),
        (investigate.check, {SYMPTOM: "x" * 2901}, SYMPTOM),
        (escalate.check, {WRONG: "x" * 2001, SINCE: "now", NEEDED: "help"}, WRONG),
        (escalate.check, {WRONG: "x", SINCE: "now", NEEDED: "&" * 301}, NEEDED),
        (escalate.question_check, {QUESTION: "x" * 2901}, QUESTION),
        (handoff.check, {TITLE: "x", REPRODUCTION: "x" * 2901}, REPRODUCTION),
        (handoff.change_check, {HANDOFF_REASON: "x" * 2901}, HANDOFF_REASON),
        (trial.check, {REPRODUCED: "yes", DEVICE: "x" * 81}, DEVICE),
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
