"""Releases: announced where they are followed, and the round of answers that they open."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import BadInput, NotFound
from bot.handoffs.model import HandoffDraft, Lane
from bot.known_issues.model import Change, ChangeKind, EtaSource, IssueState, Priority, Release, TrackerIssue
from bot.messages.model import Place
from bot.people import NotTier2
from bot.releases import cards
from bot.releases.model import Follow, headline, read_follow
from bot.releases.service import RECENT
from tests.eventually import eventually
from tests.fake_desk import FakeDesk
from tests.fake_tracker import issue
from tests.slack_limits import broken_by_message, texts
from tests.world import US_EAST, US_WEST, World


async def opened() -> World:
    """An investigation with two confirmed tickets that is about app#31, whose tracker has been read before."""
    desk = FakeDesk()
    desk.put(7, 8)
    world = World(desk=desk, reply_texts={"released": {"en": "{target} is mended in {version}."}})
    world.known.intake.applied("app", world.tracker.put(stutter()), cursor="1")
    await world.opened(US_EAST, symptom="calls stutter")
    await world.evidence.add_tickets(1, [7, 8], by="UKIM")
    await world.knowledge.use(1, 1, by="UKIM")
    world.clock.advance(60)
    return world


def stutter(**more: Any) -> TrackerIssue:
    return issue(31, "Calls stutter", symptom="calls stutter", **more)


def release(world: World, name: str = "v2.4.1", *uids: str) -> Release:
    return Release("app", f"r-{name}", name, "https://tracker.test/r1", "## Fixed\n- calls", world.clock(), uids)


def announcement_text(world: World, number: int = 1) -> str:
    announced = world.releases.announced(number)
    assert announced
    content = cards.announcement(announced)
    assert broken_by_message(content) == []
    return "\n".join(texts(list(content.blocks)))


async def test_release_is_announced_once_in_the_teams_channels_with_what_it_closes() -> None:
    """Told again by the tracker, nothing is posted again."""
    world = await opened()
    for _ in range(2):
        world.known.intake.released("app", [release(world, "v2.4.1", "31")])

    assert world.owed_keys("release/%") == ["release/app/r-v2.4.1/C1", "release/app/r-v2.4.1/C2"]
    assert "closes 1 known issue" in announcement_text(world)
    assert "KI-1 Calls stutter" in announcement_text(world)
    assert "2 tickets" in announcement_text(world)


async def test_a_bug_that_two_trackers_have_opens_one_round() -> None:
    """Whatever the second one calls its version; opened again in both and released once more, it asks anew."""
    world = await opened()
    more: dict[str, Any] = {
        "tracker": "vpn",
        "uid": "j7",
        "key": "VPN-7",
        "body": "GitHub issue: https://tracker.test/31",
    }
    more |= {"url": "https://jira.test/browse/VPN-7"}

    def development_says(state: IssueState, version: str) -> None:
        world.clock.advance(60)
        as_now: dict[str, Any] = {"state": state, "released": state is IssueState.DONE, "updated_at": world.clock()}
        world.known.intake.applied("app", [stutter(fix_version=version, **as_now)], cursor="2")
        world.known.intake.applied(
            "vpn", [issue(7, "Stutter", fix_version=f"VPN {version}", **as_now, **more)], cursor="2"
        )

    development_says(IssueState.OPEN, "")
    development_says(IssueState.DONE, "2.4.1")
    assert len(world.owed_keys("replies/%")) == 1
    development_says(IssueState.OPEN, "")
    development_says(IssueState.DONE, "2.4.2")
    assert len(world.owed_keys("replies/%")) == 2


async def test_releases_that_were_out_before_are_no_news() -> None:
    """A tracker that is new to the bot does not fill the channel."""
    world = await opened()
    old = replace(release(world), published_at=world.clock() - timedelta(days=9))
    world.known.intake.released("app", [old])

    assert world.owed_keys("release/%") == []


async def test_released_issue_opens_one_round_for_everybody_who_is_confirmed_to_have_it() -> None:
    """Whatever tells of it first, the release or the issue, and however often."""
    world = await opened()
    world.known.intake.released("app", [release(world, "v2.4.1")])
    fixed = stutter(state=IssueState.DONE, released=True, fix_version="2.4.1")
    for cursor in ("2", "3"):
        world.known.intake.applied("app", [fixed], cursor=cursor)

    assert world.owed_keys("replies/%") == ["replies/1"]
    reply_round = world.replies.get(1)
    assert (reply_round.purpose, reply_round.values["version"]) == ("released", "2.4.1")
    assert sorted(reply.ticket_id for reply in reply_round.replies) == [7, 8]
    assert reply_round.place == Place("C1", thread_key="investigation/1")
    assert "KI-1 Calls stutter" in announcement_text(world)


async def test_nobody_waits_for_it_no_round() -> None:
    """A fix that no ticket is confirmed to be about is announced, and that is all."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(32, "Other")), cursor="2")
    world.known.intake.applied("app", [issue(32, "Other", state=IssueState.DONE, released=True)], cursor="3")

    assert world.owed_keys("replies/%") == []


async def test_channel_stops_and_begins_to_follow() -> None:
    """No is remembered, though the team's channel follows by configuration."""
    world = await opened()
    assert await world.releases.unfollow(Follow("C2"), by="UKIM")
    assert await world.releases.follow(Follow("C9", tracker="app"), by="UKIM")
    world.known.intake.released("app", [release(world)])

    assert world.owed_keys("release/%") == ["release/app/r-v2.4.1/C1", "release/app/r-v2.4.1/C9"]
    with pytest.raises(NotTier2):
        await world.releases.follow(Follow("C1"), by="ULENA")


async def test_person_follows_a_known_issue() -> None:
    """One message of theirs stays true, and what matters comes as a message of its own."""
    world = await opened()
    assert await world.releases.follow(Follow("ULENA", issue_id=1), by="ULENA")
    assert not await world.releases.follow(Follow("ULENA", issue_id=1), by="ULENA")
    later = stutter(eta_dates={EtaSource.MILESTONE: date(2026, 12, 12)}, fix_version="2.5")
    world.known.intake.applied("app", [later], cursor="2")

    assert world.owed_keys("followed/%") == ["followed/1/ULENA"]
    (key,) = world.owed_keys("news/%")
    assert world.place(key) == Place("ULENA")
    number = world.database.value("SELECT record_id FROM messages WHERE key = ?", key)
    news = world.releases.news(number)
    assert news
    assert "has an ETA: 12 Dec 2026" in cards.news(*news).text
    with pytest.raises(NotFound):
        await world.releases.follow(Follow("ULENA", issue_id=99), by="ULENA")


async def test_followers_and_the_last_announcements_see_when_a_tracker_fails_and_answers_again() -> None:
    """Older ones are left alone, and say nothing of it."""
    world = await opened()
    await world.releases.follow(Follow("ULENA", issue_id=1), by="ULENA")
    names = [f"v2.{n}" for n in range(RECENT)]
    world.known.intake.released("app", [release(world, name) for name in names])
    world.known.intake.failed("app", "timed out")
    keys = ("followed/1/ULENA", "release/app/r-v2.0/C1")
    versions = [world.wanted(key) for key in keys]
    assert "unreachable since" in announcement_text(world)
    world.known.intake.released("app", [release(world, "v3")])
    assert "unreachable since" not in announcement_text(world)
    world.known.intake.answered("app")

    assert [world.wanted(key) for key in keys] == [count + 1 for count in versions]
    followed = world.releases.followed(1)
    assert followed
    assert "GitHub acme/app as of" in str(cards.followed(followed).blocks)


def fixed(number: int = 31, title: str = "Calls stutter", version: str = "2.4.1", **more: Any) -> TrackerIssue:
    return issue(number, title, state=IssueState.DONE, released=True, fix_version=version, **more)


async def test_ticket_about_two_issues_of_one_version_is_answered_once() -> None:
    """With the first of them; the second asks only for those whom nobody told."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(32, "Echo")), cursor="2")
    await world.opened(US_WEST, symptom="echo")
    world.desk.put(9)  # type: ignore[union-attr]
    await world.evidence.add_tickets(2, [8, 9], by="UKIM")
    await world.knowledge.use(2, 2, by="UKIM")
    world.known.intake.applied("app", [fixed(), fixed(32, "Echo")], cursor="3")
    asked = [[reply.ticket_id for reply in world.replies.get(number).replies] for number in (1, 2)]

    assert list(map(sorted, asked)) == [[7, 8], [9]]


async def test_ticket_of_two_investigations_of_one_issue_is_listed_once() -> None:
    """Both have confirmed it."""
    world = await opened()
    await world.opened(US_WEST, symptom="calls stutter")
    await world.evidence.add_tickets(2, [8], by="UKIM")
    await world.knowledge.use(2, 1, by="UKIM")
    world.known.intake.applied("app", [fixed()], cursor="3")

    assert sorted(reply.ticket_id for reply in world.replies.get(1).replies) == [7, 8]
    assert world.owed_keys("replies/%") == ["replies/1"]


async def test_issue_that_is_released_again_in_another_version_is_answered_again() -> None:
    """The first fix was none, and everybody had been told otherwise."""
    world = await opened()
    world.known.intake.applied("app", [fixed()], cursor="2")
    world.known.intake.applied("app", [stutter()], cursor="3")
    world.known.intake.applied("app", [fixed(version="2.4.2")], cursor="4")

    assert [world.replies.get(number).values["version"] for number in (1, 2)] == ["2.4.1", "2.4.2"]
    assert len(world.replies.get(2).replies) == 2


async def test_issue_that_is_released_again_in_the_same_version_asks_for_the_new_ones() -> None:
    """Nobody is told the same twice, and nobody who came later is forgotten."""
    world = await opened()
    world.known.intake.applied("app", [fixed()], cursor="2")
    world.known.intake.applied("app", [stutter()], cursor="3")
    world.desk.put(9)  # type: ignore[union-attr]
    await world.evidence.add_tickets(1, [9], by="UKIM")
    world.known.intake.applied("app", [fixed()], cursor="4")

    assert [reply.ticket_id for reply in world.replies.get(2).replies] == [9]


async def test_problem_ticket_of_another_issue_stays_open() -> None:
    """The investigation is about two, and Tier 3 has the other one."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(32, "Echo")), cursor="2")
    draft = HandoffDraft("app", "Echo", "", "", Priority.P1, Lane.HOTFIX, issue_id=2, tickets=(7, 8))
    await world.handoffs.hand_off(1, draft, by="UKIM")
    world.tasks.forever(world.errands.run, name="errands")
    await eventually(lambda: world.handoffs.get(1).problem_id is not None)
    await world.tasks.drain(deadline_s=0)
    world.known.intake.applied("app", [fixed()], cursor="3")
    world.known.intake.applied("app", [fixed(32, "Echo", version="2.5")], cursor="4")

    assert [world.replies.get(number).problem_id for number in (1, 2)] == [None, world.handoffs.get(1).problem_id]


async def test_followers_are_not_told_of_another_reading_of_the_same_words() -> None:
    """Only the configuration changed; the message of theirs is edited."""
    world = await opened()
    await world.releases.follow(Follow("ULENA", issue_id=1), by="ULENA")
    issue = world.known.get(1)
    world.releases.changed([(issue, Change(1, world.clock(), ChangeKind.WORKAROUND, after="restart"))])

    assert world.owed_keys("news/%") == []


async def test_what_was_never_followed_can_not_be_ended() -> None:
    """And what is followed by configuration is followed, before anybody said so."""
    world = await opened()
    assert not await world.releases.unfollow(Follow("C9"), by="UKIM")
    assert not await world.releases.unfollow(Follow("ULENA", issue_id=1), by="ULENA")
    assert not await world.releases.follow(Follow("C1"), by="UKIM")
    assert world.releases.follows("C2", "UKIM") == [(Follow("C2"), None)]
    assert world.releases.follows("C1") == [(Follow("C1"), None)]
    assert await world.releases.unfollow(Follow("C2"), by="UKIM")

    assert world.releases.follows("C2") == []
    assert not await world.releases.unfollow(Follow("C2"), by="UKIM")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Follow("C1")),
        ("app", Follow("C1", tracker="app")),
        ("KI-31", Follow("UKIM", issue_id=31)),
        (" ki-31. ", Follow("UKIM", issue_id=31)),
    ],
)
def test_what_is_followed_is_read(typed: str, meant: Follow) -> None:
    """Nothing is the channel and everything, a known issue is the person."""
    assert read_follow(typed, "UKIM", "C1", ("app",)) == meant


def test_unknown_words_are_told_what_there_is() -> None:
    """With every tracker that can be named."""
    with pytest.raises(BadInput, match="/t2 follow app"):
        read_follow("everything", "UKIM", "C1", ("app",))


async def test_followed_issue_is_told_without_marks_of_markdown() -> None:
    """As the tracker shows it; the version is named once."""
    world = await opened()
    dates = {EtaSource.MILESTONE: date(2026, 12, 12)}
    later = stutter(eta_dates=dates, fix_version="2.5", workaround="Press **Clear** (not `Reset`)")
    world.known.intake.applied("app", [later], cursor="2")
    await world.releases.follow(Follow("ULENA", issue_id=1), by="ULENA")
    followed = world.releases.followed(1)
    assert followed
    text = "\n".join(texts(list(cards.followed(followed).blocks)))

    assert "*Workaround:* Press Clear (not Reset)" in text
    assert "; fix in 2.5, ETA 12 Dec 2026." in text


def test_notes_are_plain_words() -> None:
    """Headings, marks and addresses of Markdown are left out, the end is cut."""
    text = headline("## Fixed\r\n\n- **Calls** no longer stutter ([#31](https://x.test/31))\n" + "x" * 900)

    assert text.startswith("Fixed\n• Calls no longer stutter (#31)\n")
    assert len(text) == 600


async def test_a_channel_that_said_no_to_a_tracker_and_follows_everything_hears_of_it() -> None:
    """Until then its list has what is left."""
    world = await opened()
    await world.releases.unfollow(Follow("C1", tracker="app"), by="UKIM")
    assert Follow("C1") not in [follow for follow, _ in world.releases.follows("C1")]

    assert await world.releases.follow(Follow("C1"), by="UKIM")
    assert [follow for follow, _ in world.releases.follows("C1")] == [Follow("C1")]


async def test_a_person_who_ends_it_sees_that_in_the_message() -> None:
    """It does not say that they follow for ever."""
    world = await opened()
    await world.releases.follow(Follow("ULENA", issue_id=1), by="ULENA")
    before = world.wanted("followed/1/ULENA")
    await world.releases.unfollow(Follow("ULENA", issue_id=1), by="ULENA")

    followed = world.releases.followed(1)
    assert world.wanted("followed/1/ULENA") == before + 1
    assert followed and not followed.active
