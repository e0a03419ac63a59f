"""What is posted about releases and to those who follow an issue."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.known_issues.model import Age, Change, ChangeKind, IssueReading, KnownIssue, Release
from bot.messages.model import Content
from bot.releases import cards
from bot.releases.model import AnnouncedRelease, Follow, FollowedIssue, UntoldFix
from bot.slack.blocks import sections
from tests import hostile
from tests.fake_tracker import issue
from tests.hostile import ALIVE, NOW
from tests.slack_limits import TEXT_MAX, broken_by_message, mrkdwn_texts, texts

KNOWN = KnownIssue(31, issue(31, "Calls stutter"), IssueReading(known=True), NOW)
AGE = Age("app", "GitHub acme/app", NOW)
RELEASE = Release("app", "r1", "v2.4.1", "https://tracker.test/r1", "", NOW)
announced = st.builds(
    AnnouncedRelease,
    id=hostile.NUMBERS,
    release=hostile.releases,
    tracker_title=hostile.WORDS,
    issues=hostile.many_known_issues.map(lambda each: each * 5),
    tickets=st.just({}),
    age=hostile.ages,
)
followed = st.builds(
    FollowedIssue,
    issue=hostile.known_issues,
    tickets=st.integers(0, 10**6),
    since=hostile.TIMES,
    age=hostile.ages,
    active=st.booleans(),
)
_days = st.sampled_from(["", "2026-12-12"])
changes = st.one_of(
    st.builds(Change, st.just(31), hostile.TIMES, st.just(ChangeKind.ETA), before=_days, after=_days),
    st.builds(
        Change,
        st.just(31),
        hostile.TIMES,
        st.sampled_from([ChangeKind.WORKAROUND, ChangeKind.DONE]),
        before=hostile.WORDS,
        after=hostile.WORDS,
    ),
)


def text(content: Content) -> str:
    assert broken_by_message(content) == []
    return "\n".join(texts(list(content.blocks)))


waits = st.builds(
    UntoldFix, hostile.WORDS, hostile.WORDS, hostile.WORDS, st.integers(1, 10**6), hostile.TIMES, st.integers(1, 3)
)


@given(st.lists(waits, max_size=20), st.dictionaries(st.integers(1, 3), hostile.URLS))
def test_hostile_fixes_stay_inert_where_customers_wait_for_them(listed: list[UntoldFix], links: dict[int, str]) -> None:
    content = Content("x", tuple(sections(cards.not_told(7, listed, links))))

    assert not [text for text in mrkdwn_texts(content) if ALIVE.search(text)]


def test_one_fix_is_one_line_with_the_way_to_its_card() -> None:
    fix = UntoldFix("KI-31", "Calls stutter", "v2.4.1", 6, NOW, 3)
    (line,) = cards.not_told(6, [fix], {3: "https://slack.test/p3"})

    assert line.startswith(
        ":mega: *6 customers haven't been told that v2.4.1 is out*: <https://slack.test/p3|KI-31 Calls"
    )
    assert cards.not_told(0, [], {}) == []
    assert cards.not_told(1, [replace(fix, version="", count=1)], {})[0].startswith(
        ":mega: *1 customer hasn't been told that the fix is out*"
    )


def test_announcement_counts_what_support_knows_and_the_rest() -> None:
    """An issue that no customer waits for and support never heard of is only a number."""
    internal = replace(KNOWN, id=32, reading=IssueReading(known=False))
    waited = replace(KNOWN, id=33, reading=IssueReading(known=False))
    words = text(
        cards.announcement(AnnouncedRelease(1, RELEASE, "GitHub acme/app", (KNOWN, internal, waited), {33: 4}, AGE))
    )

    assert "closes 2 known issues and 1 other issue" in words
    assert "KI-33 Calls stutter>, 4 tickets" in words
    assert "KI-32" not in words


def test_list_of_many_issues_with_long_addresses_ends_with_how_many_more() -> None:
    """None of them is cut off in the middle."""
    url = "https://tracker.test/" + "x" * 600
    many = tuple(replace(KNOWN, id=number, issue=replace(KNOWN.issue, url=url)) for number in range(1, 31))
    words = text(cards.announcement(AnnouncedRelease(1, RELEASE, "GitHub acme/app", many, {}, AGE)))

    assert words.count("KI-") == 15
    assert "… and 15 more" in words


def test_follower_sees_state_and_workaround() -> None:
    """And how it ends."""
    message = text(cards.followed(FollowedIssue(KNOWN, 3, NOW, AGE)))

    for words in (
        "Open, nobody assigned",
        "No workaround yet.",
        "3 confirmed tickets",
        "/t2 unfollow KI-31",
        "as of",
    ):
        assert words in message


def test_list_of_follows_is_short() -> None:
    """However much one person follows."""
    listed = cards.follows([(Follow("UKIM", issue_id=31), KNOWN)] * 500)

    assert len(listed) <= TEXT_MAX
    assert listed.endswith("… and 485 more")
    assert "Nothing is followed here" in cards.follows([])
    assert cards.follows([(Follow("C1"), None)]) == "• <#C1>: releases of every tracker"


@settings(max_examples=60, deadline=None)
@given(announced, followed, hostile.known_issues, hostile.WORDS, changes)
def test_everything_keeps_slack_s_limits_and_is_inert(
    release: AnnouncedRelease, follower: FollowedIssue, known: KnownIssue, words: str, change: Change
) -> None:
    """Release notes are Markdown of strangers."""
    for content in (cards.announcement(release), cards.followed(follower), cards.news(known, change)):
        assert broken_by_message(content) == []
        assert not [text for text in mrkdwn_texts(content) if ALIVE.search(text)]
    listed = cards.follows([(Follow("C1", tracker=words), None), (Follow("U1", issue_id=1), known)] * 20)
    assert not ALIVE.search(listed)


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        (ChangeKind.WORKAROUND, "", "Use UDP", "has a workaround: Use UDP"),
        (ChangeKind.WORKAROUND, "Use TCP", "Use UDP", "has another workaround: Use UDP"),
        (ChangeKind.WORKAROUND, "Use TCP", "", "no longer has a workaround"),
        (ChangeKind.ETA, "2026-12-05", "2026-12-12", "has another ETA: 12 Dec 2026"),
        (ChangeKind.DONE, "open", "done", "is fixed"),
    ],
)
def test_news_says_what_changed(kind: ChangeKind, before: str, after: str, said: str) -> None:
    """In words, and dates as everywhere."""
    assert cards.news(KNOWN, Change(31, NOW, kind, before, after)).text.endswith(f"{said}.")


def test_who_ended_it_reads_so() -> None:
    """The message of somebody who does not follow any more shows nothing that gets old."""
    content = cards.followed(FollowedIssue(KNOWN, 4, NOW, AGE, active=False))

    assert "until you ended it" in content.text and "ETA" not in content.text
