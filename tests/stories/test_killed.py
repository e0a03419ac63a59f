"""SIGKILL at many points of the way from the first words to the end: nothing is lost, and nothing comes twice."""

import asyncio
from collections import Counter
from functools import partial

import pytest

from bot.sandbox.zendesk.seed import Seed, SeedTicket
from tests.stories.chat import Seen
from tests.stories.counting import files, keys
from tests.stories.killing import Killer, Point, insist, started_again
from tests.stories.steps import checked, presses_if_offered, settled
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story


def _both(call: str, has: str = "", nth: int = 1) -> list[Point]:
    return [Point("before", call, has, nth), Point("after", call, has, nth)]


POST, EDIT = "chat.postMessage", "chat.update"
RESERVE, UPLOAD, SHARE = "files.getUploadURLExternal", "upload", "files.completeUploadExternal"
POINTS = (
    Point("before", "usergroups.users.list"),
    Point("after", "apps.connections.open", nth=2),
    Point("acked", "open"),
    *_both("chat.getPermalink"),
    *_both(POST, '"investigation/1"'),
    *_both(POST, "answer"),
    *_both("POST /oauth/tokens"),
    *_both("GET /api/v2/search"),
    *_both("GET /api/v2/search", nth=3),
    *_both(POST, '"tickets/1"'),
    *_both(POST, '"probes/1"'),
    *_both(EDIT),
    *_both(EDIT, nth=3),
    *_both(RESERVE),
    *_both(UPLOAD),
    *_both(SHARE),
    *_both(SHARE, nth=2),
    Point("acked", "confirm"),
    *_both("PUT /api/v2/tickets/48202/tags"),
    *_both(EDIT, "1 related"),
    Point("acked", "escalate"),
    *_both("views.open", "escalation_form"),
    Point("acked", "send"),
    *_both(POST, '"escalation/1"'),
    *_both("views.open", "escalation_need_more_form"),
    Point("acked", "ask"),
    *_both(POST, '"question/1"'),
    Point("acked", "acknowledge"),
    *_both(EDIT, "Acknowledged by"),
    *_both(POST, "told/"),
    *_both("views.open", "investigation_resolve_form"),
    Point("acked", "resolve"),
    *_both(EDIT, "resolved INV-"),
    *_both(POST, "told/", nth=2),
    *_both(POST, "outcome/"),
    *_both(EDIT, "No longer searched"),
)
ROUNDS = 9
"""The points are dealt out to so many runs of the whole way, so that each run dies several times."""

THREE_TICKETS = Seed(
    tickets=tuple(
        SeedTicket(f"US East {words}", "since this morning", minutes_ago=minutes, email=f"{minutes:.0f}@example.com")
        for words, minutes in (("is slow", 30.0), ("packet loss", 20.0), ("drops all the time", 5.0))
    )
)


def test_there_are_fifty_points() -> None:
    """All of them differ, and each run gets its share."""
    assert len(set(POINTS)) == len(POINTS) >= 50


async def test_killed_anywhere(town: OpenTown) -> None:
    """Every message is there once, the escalation too, whatever the bot was doing when it died."""
    runs = (_run(town, list(POINTS[number::ROUNDS])) for number in range(ROUNDS))
    failed = await asyncio.gather(*runs, return_exceptions=True)
    problems = [each for each in failed if isinstance(each, Exception)]
    if problems:
        raise ExceptionGroup("runs that went wrong", problems)


async def _run(town: OpenTown, points: list[Point]) -> None:
    async with town(seed=THREE_TICKETS, start=False) as there:
        killer = there.watch = Killer(there, points)
        await there.bot.start()
        async with started_again(there):
            try:
                await _whole_way(there)
            except AssertionError as error:
                error.add_note(
                    f"Killed {[str(each) for each in killer.reached]}, to come {[str(p) for p in killer.left]}"
                )
                raise
        never = [str(each) for each in killer.left]
        assert not killer.left, f"never reached: {never}; files {files(there)}, messages {keys(there)}"
        _each_once(there, points)


async def _whole_way(there: Town) -> None:
    kim, lena = there.kim, there.lena
    asked = await kim.sees("#tier1", "lots of tickets about US East")
    await insist(there, "open", lambda: kim.uses("Investigate this", asked), lambda: _card(there))
    card = _card(there)
    assert card
    tickets = await kim.sees_reply(card, "3 matching tickets")
    playbook = await kim.sees(card, "*Playbook for")
    ended = await kim.sees_change(playbook, lambda now: _done(now) or "interrupted" in now.text)
    if not _done(ended):
        await _measures_again(there, card)
    await settled(there)

    await insist(there, "tick", lambda: kim.ticks(tickets, "packet loss"), lambda: True)
    await insist(there, "confirm", partial(_confirms, there, tickets), lambda: there.tagged("inv-1") == [48202])
    await settled(there)
    await insist(there, "send", lambda: _sends_escalation(there, card), lambda: _post(there))
    await settled(there)
    post = _post(there)
    assert post
    await insist(there, "ask", lambda: _asks(there, post), lambda: _in_thread(there, card, "business plans"))
    acknowledged = partial(_reads, there, post, "Acknowledged by <@U0LENA>")
    await insist(there, "acknowledge", partial(presses_if_offered, lena, post, "Acknowledge"), acknowledged)
    resolved = partial(_reads, there, card, "resolved INV-")
    await insist(there, "resolve", lambda: _resolves(there, card), resolved)
    await checked(there)
    await kim.sees_change(tickets, lambda now: "No longer searched" in now.text)
    await settled(there)


async def _measures_again(there: Town, card: Seen) -> None:
    """The message says that it was interrupted: Kim asks for the two paths again."""
    for target, title in (("us-east", "U.S. East"), ("us-west", "U.S. West")):
        words = f"@secondline probe mtr {target}"
        shown = partial(_in_thread, there, card, f"mtr {title} · ")
        if not shown():
            await insist(there, "measure", partial(there.kim.types, card, words), shown, patience_s=6)


async def _confirms(there: Town, tickets: Seen) -> None:
    """A press that was lost for Kim's client may have arrived all the same: the check box is gone then."""
    if not _reads(there, tickets, "1 related"):
        await there.kim.presses(tickets, "Related")


def _done(playbook: Seen) -> bool:
    return "*: trouble in " in playbook.text or "*: no trouble" in playbook.text


def _card(there: Town) -> Seen | None:
    return next((each for each in there.kim.screen("#t2-tech") if "owns INV-" in each.text), None)


def _post(there: Town) -> Seen | None:
    return next((each for each in there.lena.screen("#t2-tech") if "<!subteam^S0LTM>" in each.text), None)


def _reads(there: Town, message: Seen, words: str) -> bool:
    now = there.kim.now(message)
    return now is not None and words in now.text


def _in_thread(there: Town, card: Seen, words: str) -> bool:
    return any(words in each.text for each in there.kim.thread(card))


async def _sends_escalation(there: Town, card: Seen) -> None:
    """The press, the form, the sending; an earlier sending may have arrived after all."""
    opens = partial(presses_if_offered, there.kim, card, "Escalate")
    await insist(there, "escalate", opens, lambda: _post(there) or there.kim.has_form("Escalate INV-1"))
    if _post(there):
        return
    form = await there.kim.form("Escalate INV-1")
    there.kim.fills(form, needed="Call the transit provider")
    await there.kim.submits(form)


async def _asks(there: Town, post: Seen) -> None:
    opens = partial(there.lena.presses, post, "Need More")
    await insist(there, "need more", opens, lambda: there.lena.has_form("Need more"))
    form = await there.lena.form("Need more")
    there.lena.fills(form, question="How many have business plans?")
    await there.lena.submits(form)


async def _resolves(there: Town, card: Seen) -> None:
    """The press, the form, the sending; an earlier sending may have arrived after all."""
    resolved = partial(_reads, there, card, "resolved INV-")
    opens = partial(presses_if_offered, there.kim, card, "Resolve")
    await insist(there, "resolve form", opens, lambda: resolved() or there.kim.has_form("Resolve INV-1"))
    if resolved():
        return
    form = await there.kim.form("Resolve INV-1")
    there.kim.fills(form, root_cause="transit", workaround="Use U.S. West")
    await there.kim.submits(form)


def _each_once(there: Town, points: list[Point]) -> None:
    """The whole expected set of messages, and not one more."""
    found, shared = keys(there), files(there)
    wanted = {"investigation/1", "tickets/1", "probes/1", "escalation/1", "question/1", "smoke/1"}
    answers = {key for key in found if "answer" in key}
    again = {key for key in found if key.startswith("probes/")}
    story = f"killed at {[str(each) for each in points]}"

    told = {key for key in found if key.startswith("told/")}
    outcomes = {key for key in found if key.startswith("outcome/")}

    assert found == Counter(wanted | answers | again | told | outcomes), story
    assert (len(answers), len(outcomes)) == (1, 1), story
    assert len(told) == 2, f"the acknowledgement to Kim, the resolution to Lena: {story}"
    assert set(shared.values()) == {1}, f"each report once, by the probe or by the escalation: {shared}, {story}"
