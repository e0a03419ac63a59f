"""GitHub Issues as a tracker, against a server on loopback."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.known_issues.model import EtaSource, IssueDraft, IssueState, Priority
from bot.known_issues.sync import Sync
from bot.known_issues.tracker import NoSuchIssue, TrackerError
from tests.known_issues.github.small_github import OWNER, REPO, TOKEN, iso, small_github
from tests.known_issues.reading import everything, later
from tests.known_issues.taking_in import TakingIn
from tests.loopback import as_json

T0 = datetime(2026, 11, 1, tzinfo=UTC)


async def test_an_issue_is_read_with_everything_that_support_asks_for() -> None:
    """State, labels, milestone with its date, assignees and body arrive as our own types."""
    async with small_github() as (tracker, github):
        milestone = {"number": 4, "title": "2.14.1", "due_on": "2026-12-01T08:00:00Z"}
        github.issue(
            31,
            "US East drops",
            at=T0,
            body="**Workaround**\r\nUse UDP",
            labels=[{"name": "Doing"}, "bug"],
            milestone=milestone,
            assignees=[{"login": "lena"}],
            type={"name": "Bug"},
        )
        found = await tracker.read("app#31")

    assert (found.uid, found.key, found.title) == ("1031", "app#31", "US East drops")
    assert (found.state, found.labels, found.assignees) == (IssueState.IN_PROGRESS, ("Doing", "bug"), ("lena",))
    assert (found.body, found.fix_version) == ("**Workaround**\nUse UDP", "2.14.1")
    assert found.eta_dates == {EtaSource.MILESTONE: date(2026, 12, 1)}
    assert found.fields == {"type": "Bug", "milestone": "2.14.1", "author": "kim"}
    assert found.created_at == T0


@pytest.mark.parametrize(
    "typed", ["31", "#31", "app#31", "harbor-vpn/app#31", "https://github.test/harbor-vpn/app/issues/31#c1"]
)
async def test_an_issue_is_found_by_what_people_write(typed: str) -> None:
    """A number, a key or an address, all of the same issue."""
    async with small_github() as (tracker, github):
        github.issue(31)

        assert (await tracker.read(typed)).key == "app#31"


@pytest.mark.parametrize("typed", ["32", "other#31", "someone/app#31", "words", "", "9" * 30, "https://[/issues/1"])
async def test_what_is_no_issue_of_ours_is_no_such_issue(typed: str) -> None:
    """Also an issue of another repository, which the token may see and the asker may not."""
    async with small_github() as (tracker, github):
        github.issue(31)

        with pytest.raises(NoSuchIssue):
            await tracker.read(typed)


async def test_a_pull_request_is_no_issue() -> None:
    """GitHub lists them among issues, with the same numbers."""
    async with small_github() as (tracker, github):
        github.issue(1, pull_request={"url": "…"})
        github.issue(2)

        assert (await everything(tracker))[0] == ["app#2"]
        with pytest.raises(NoSuchIssue):
            await tracker.read("1")


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("completed", IssueState.DONE),
        (None, IssueState.DONE),
        ("not_planned", IssueState.DECLINED),
        ("duplicate", IssueState.DECLINED),
    ],
)
async def test_closed_without_a_fix_is_declined(reason: str | None, state: IssueState) -> None:
    """What GitHub calls not planned or duplicate will never be released."""
    async with small_github() as (tracker, github):
        github.issue(1, state="closed", state_reason=reason, closed_at=iso(T0))

        assert (await tracker.read("1")).state is state


async def test_all_pages_are_read_oldest_change_first() -> None:
    """The cursor leads through them, and then only to what changes."""
    async with small_github() as (tracker, github):
        github.per_page = 10
        for number in range(1, 36):
            github.issue(number, at=later(T0, number * 60))
        keys, cursor = await everything(tracker)
        github.issues[3]["updated_at"] = iso(later(T0, 9000))
        again, _ = await everything(tracker, cursor)

    assert list(dict.fromkeys(keys)) == [f"app#{number}" for number in range(1, 36)]
    assert again[-1] == "app#4"
    assert len(again) < 4


async def test_an_issue_that_changes_while_pages_are_read_hides_no_other() -> None:
    """By page numbers the first row of the next page would be skipped."""
    async with small_github() as (tracker, github):
        github.per_page = 10
        for number in range(1, 51):
            github.issue(number, at=later(T0, number * 60))
        moments = iter(range(10_000, 20_000, 60))

        def someone_comments() -> None:
            oldest = min(github.issues, key=lambda row: row["updated_at"])
            if oldest["number"] < 20:
                oldest["updated_at"] = iso(later(T0, next(moments)))

        github.before_page = someone_comments
        keys, _ = await everything(tracker)

    assert set(keys) == {f"app#{number}" for number in range(1, 51)}


async def test_many_issues_of_one_second_are_all_read() -> None:
    """A script that labels 45 issues at once fills several pages with one time."""
    async with small_github() as (tracker, github):
        github.per_page = 10
        for number in range(1, 46):
            github.issue(number, at=T0)
        github.issue(46, at=later(T0, 1))
        keys, _ = await everything(tracker)

    assert set(keys) == {f"app#{number}" for number in range(1, 47)}


def numbered(following: int, here: str) -> str:
    """The address of a page, by another one's."""
    return re.sub(r"&page=\d+", "", here) + f"&page={following}"


CIRCLES: dict[str, Callable[[int, str], str]] = {
    "the same page": lambda page, here: here,
    "the same page by its number": lambda page, here: numbered(page, here),
    "the same page in another order": lambda page, here: here.partition("?")[0] + "?" + "&".join(
        reversed(here.partition("?")[2].split("&"))
    ),
    "two pages in turn": lambda page, here: numbered(3 - page, here),
    "a page before": lambda page, here: numbered(page % 5 + 1, here),
    "no page": lambda page, here: here.partition("?")[0],
    "another host": lambda page, here: "https://evil.test/",
    "no address": lambda page, here: "https://[/?page=2",
    "pages without an end": lambda page, here: numbered(page + 1, here),
}  # fmt: skip


@pytest.mark.parametrize("circle", CIRCLES)
async def test_a_next_page_that_leads_nowhere_new_ends_the_turn(circle: str) -> None:
    """It is told as a failure after a few requests, and what was read stays; an hour's quota is 5,000."""
    async with small_github() as (tracker, github):
        github.issue(1, at=T0)
        github.issue(2, at=later(T0, 60))
        github.leads_to, taking_in = CIRCLES[circle], TakingIn(github.clock, tracker.name)
        await Sync(tracker=tracker, intake=taking_in.intake, clock=github.clock).turn()
        failure = taking_in.age.reason
        turns = len(github.asked)
        github.leads_to = None
        await Sync(tracker=tracker, intake=taking_in.intake, clock=github.clock).turn()

    assert turns <= 20
    assert failure.startswith("unexpected answer")
    assert taking_in.answers == 1 and not taking_in.age.failing_since


@pytest.mark.parametrize("circle", sorted(set(CIRCLES) - {"pages without an end"}))
async def test_every_list_ends(circle: str) -> None:
    """Also those of a milestone's issues, of comments and of what was made already."""
    async with small_github() as (tracker, github):
        milestone = {"number": 4, "title": "2.14.1", "due_on": "2026-12-01T08:00:00Z", "updated_at": iso(T0)}
        github.issue(1, at=T0, milestone=milestone, state="closed", closed_at=iso(T0))
        github.milestones = [milestone]
        github.releases = [{"id": 7, "tag_name": "v2.14.1", "published_at": iso(T0), "body": ""}]
        issue = await tracker.read("1")
        github.leads_to = CIRCLES[circle]
        for ask in (tracker.releases(), tracker.create(DRAFT, stamp="s"), tracker.comment(issue, "x", stamp="t")):
            with pytest.raises(TrackerError, match="unexpected answer"):
                await ask

    assert len(github.asked) < 30
    assert not [call for call in github.asked if call.startswith("POST")]


async def test_nothing_new_costs_nothing() -> None:
    """The same question again is answered 304, for issues and for releases."""
    async with small_github() as (tracker, github):
        github.issue(1, at=T0)
        _, cursor = await everything(tracker)
        _, cursor = await everything(tracker, cursor)
        github.statuses.clear()
        _, same = await everything(tracker, cursor)
        await tracker.releases()
        github.statuses.clear()
        await tracker.releases()

    assert same == cursor
    assert set(github.statuses) == {304}


async def test_an_answer_that_was_not_kept_is_given_again() -> None:
    """A caller that fails and asks with its old cursor gets the issues, 304 or not."""
    async with small_github() as (tracker, github):
        github.issue(1, at=T0)
        first, second = await tracker.changes(""), await tracker.changes("")

    assert first == second
    assert len(second.issues) == 1
    assert 304 in github.statuses


DRAFT = IssueDraft("US East drops", "Seen by 31 customers", labels=("bug",), priority=Priority.P1)


async def test_an_issue_is_made_once_though_the_answer_was_lost() -> None:
    """The stamp is looked for before it is written again, and nobody sees it in the text."""
    async with small_github() as (tracker, github):
        github.lose = 1
        with pytest.raises(TrackerError) as failed:
            await tracker.create(DRAFT, stamp="inv-12/handoff")
        made = await tracker.create(DRAFT, stamp="inv-12/handoff")
        other = await tracker.create(DRAFT, stamp="inv-13/handoff")

    assert failed.value.retry
    assert [row["number"] for row in github.issues] == [1, 2]
    assert (made.key, other.key) == ("app#1", "app#2")
    assert (made.labels, made.body) == (("bug", "P1"), "Seen by 31 customers")
    assert github.issues[0]["body"].endswith("\n\n<!-- secondline: inv-12/handoff -->")


async def test_a_stamp_in_what_a_customer_wrote_is_not_ours() -> None:
    """It is taken out of what we write, and does not count where others wrote it."""
    async with small_github() as (tracker, github):
        github.issue(1, body="<!-- secondline: inv-12/handoff -->", user={"login": "mallory"})
        forged = IssueDraft("x", "see <!-- secondline: inv-13/handoff -->")
        first = await tracker.create(forged, stamp="inv-12/handoff")
        second = await tracker.create(DRAFT, stamp="inv-13/handoff")

    assert (first.key, second.key) == ("app#2", "app#3")
    assert github.issues[1]["body"].count("secondline:") == 1


async def test_a_comment_is_made_once_though_the_answer_was_lost() -> None:
    """Its address is that of the first."""
    async with small_github() as (tracker, github):
        github.issue(1)
        issue = await tracker.read("1")
        github.lose = 1
        with pytest.raises(TrackerError):
            await tracker.comment(issue, "31 tickets by now", stamp="ki-1/25")
        url = await tracker.comment(issue, "31 tickets by now", stamp="ki-1/25")
        await tracker.comment(issue, "60 tickets by now", stamp="ki-1/50")

    assert url.endswith("/issues/1#issuecomment-1")
    assert len(github.comments[1]) == 2


async def test_a_comment_on_a_deleted_issue_says_so() -> None:
    """The caller can tell people that the issue is gone."""
    async with small_github() as (tracker, github):
        github.issue(1)
        issue = await tracker.read("1")
        github.faults.extend([lambda _: None] * 2)
        github.faults.append(lambda _: as_json({"message": "Not Found"}, 404))
        with pytest.raises(NoSuchIssue):
            await tracker.comment(issue, "x", stamp="s")
        github.issues.clear()
        with pytest.raises(NoSuchIssue):
            await tracker.comment(issue, "x", stamp="s")


def refused(status: int, headers: dict[str, str], message: str) -> web.Response:
    return as_json({"message": message}, status, headers)


@pytest.mark.parametrize(
    ("status", "headers", "message", "wait_s"),
    [
        (403, {"Retry-After": "30"}, "You have exceeded a secondary rate limit", 30),
        (403, {}, "You have exceeded a secondary rate limit. Please wait a few minutes", 60),
        (429, {}, "slow down", 60),
        (403, {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1795166220"}, "", 300),
    ],
)
async def test_a_limit_is_waited_out(status: int, headers: dict[str, str], message: str, wait_s: float) -> None:
    """Nothing is sent until the time is over that GitHub asked for."""
    async with small_github() as (tracker, github):
        github.clock.now = datetime.fromtimestamp(1795165920, UTC)
        github.issue(1)
        github.faults.append(lambda _: refused(status, headers, message))
        for _ in range(3):
            with pytest.raises(TrackerError) as limited:
                await tracker.changes("")
            assert (limited.value.retry, limited.value.retry_after_s) == (True, wait_s)
        sent = len(github.asked)
        github.clock.advance(wait_s)
        keys, _ = await everything(tracker)

    assert (sent, keys) == (1, ["app#1"])


async def test_a_transferred_issue_keeps_its_identity() -> None:
    """It has a new number, repository and id there; for us it is the same issue."""
    async with small_github() as (tracker, github):
        github.issue(1)
        before = await tracker.read("1")
        github.issue(9, html_url="https://github.test/harbor-vpn/core/issues/9")
        github.moved[1] = "/repositories/77/issues/9"
        now = (await tracker.recheck([before]))[before.uid]

    assert now
    assert (now.uid, now.key, now.url) == (before.uid, "core#9", "https://github.test/harbor-vpn/core/issues/9")


async def test_a_deleted_issue_is_gone() -> None:
    """410 for one issue says nothing about the others."""
    async with small_github() as (tracker, github):
        github.issue(1)
        github.issue(2)
        both = [await tracker.read("1"), await tracker.read("2")]
        del github.issues[0]
        now = await tracker.recheck(both)

    assert now[both[0].uid] is None
    assert now[both[1].uid] == both[1]


async def test_a_token_that_lost_its_rights_makes_nothing_gone() -> None:
    """GitHub answers 404 for everything that a token may not see."""
    async with small_github() as (tracker, github):
        github.issue(1)
        issue = await tracker.read("1")
        github.faults.extend([lambda _: as_json({"message": "Not Found"}, 404)] * 2)

        with pytest.raises(TrackerError) as blind:
            await tracker.recheck([issue])
    assert not isinstance(blind.value, NoSuchIssue)


async def test_a_renamed_repository_is_followed() -> None:
    """By its id, and without leaving the host that the token is meant for."""
    async with small_github() as (tracker, github):
        github.issue(1, html_url="https://github.test/harbor-vpn/client/issues/1")
        github.renamed_to = "client"
        page = await tracker.changes("")
        found = await tracker.read("client#1")

    assert [issue.key for issue in page.issues] == ["client#1"]
    assert found.key == "client#1"


async def test_a_redirect_to_another_host_takes_no_token_there() -> None:
    """Only the path of a redirect is followed, on the host that is configured."""
    async with small_github() as (tracker, github):
        github.faults.append(lambda _: as_json({}, 301, {"Location": "https://evil.test/steal"}))

        with pytest.raises(TrackerError) as failed:
            await tracker.changes("")

    assert "evil" not in failed.value.sentence
    assert not failed.value.retry


async def test_enterprise_server_is_reached_under_its_path() -> None:
    """Its API stands under /api/v3, in our requests and in its links."""
    async with small_github(prefix="/api/v3") as (tracker, github):
        github.per_page = 2
        for number in range(1, 6):
            github.issue(number, at=T0)
        github.renamed_to = "client"
        keys, _ = await everything(tracker)

    assert set(keys) == {f"app#{number}" for number in range(1, 6)}


async def test_a_token_that_sees_no_releases_still_reads_issues() -> None:
    """A fine-grained token may have Issues and not Contents; the check says what is missing."""
    async with small_github() as (tracker, github):
        github.issue(1)
        github.faults.extend([lambda _: None, lambda _: as_json({"message": "Not accessible"}, 403)])
        keys, _ = await everything(tracker)
        github.faults.extend([lambda _: None, lambda _: None, lambda _: as_json({"message": "Not accessible"}, 403)])
        line = await tracker.check()

    assert keys == ["app#1"]
    assert "Contents: read" in line


async def test_a_release_names_what_it_fixes() -> None:
    """By its milestone, whenever that was closed, and by its notes, where they came after the fix."""
    async with small_github() as (tracker, github):
        milestone = {"number": 4, "title": "2.14.1"}
        github.milestones = [milestone]
        shut: dict[str, Any] = {"state": "closed", "closed_at": iso(T0)}
        github.issue(1, milestone=milestone, **shut)
        github.issue(2, milestone=milestone)
        github.issue(3, **shut)
        github.issue(4, state="closed", closed_at=iso(later(T0, 9000)))
        github.issue(5, pull_request={}, **shut)
        github.issue(6, state_reason="not_planned", **shut)
        notes = "Fixes #3, #4, #6 by #5, see #2, other/repo#1 and harbor-vpn/app#99"
        release = {
            "id": 70,
            "tag_name": "v2.14.1",
            "html_url": f"{github.host}/{OWNER}/{REPO}/releases/70",
            "body": notes,
        }
        github.releases = [
            {**release, "published_at": iso(later(T0, 60))},
            {**release, "id": 71, "prerelease": True, "published_at": iso(T0)},
        ]
        github.issue(7, html_url=f"{github.host}/{OWNER}/core/issues/3", **shut)
        (found,) = await tracker.releases()
        page = await tracker.changes("")

    assert (found.uid, found.name, found.notes) == ("70", "v2.14.1", notes)
    assert set(found.issue_uids) == {"1001", "1003"}
    assert {issue.key for issue in page.issues if issue.released} == {"app#1", "app#3"}


async def test_a_milestone_that_moves_changes_its_issues() -> None:
    """GitHub does not count it as a change of an issue; also where it moved while the bot was away."""
    async with small_github() as (tracker, github):
        milestone = {"number": 4, "title": "2.14.1", "due_on": "2026-12-01T08:00:00Z", "updated_at": iso(T0)}
        github.milestones = [milestone]
        github.issue(1, at=T0, milestone=milestone)
        github.issue(2, at=later(T0, 9000))
        _, cursor = await everything(tracker)
        still, cursor = await everything(tracker, cursor)
        milestone |= {"due_on": "2027-01-08T08:00:00Z", "updated_at": iso(later(T0, 9100))}
        moved = await tracker.changes(cursor)
        calm, _ = await everything(tracker, cursor)
    async with small_github() as (tracker, again):
        again.milestones, again.issues = github.milestones, github.issues
        away, _ = await everything(tracker, cursor)

    assert (still, calm) == (["app#2"], ["app#2"])
    assert [issue.key for issue in moved.issues] == ["app#2", "app#1"]
    assert moved.issues[1].eta_dates == {EtaSource.MILESTONE: date(2027, 1, 8)}
    assert away == ["app#2", "app#1"]


async def test_the_check_says_who_and_what() -> None:
    """The login, its rights and what is left of the quota."""
    async with small_github() as (tracker, _):
        line = await tracker.check()

    assert line == "GitHub harbor-vpn/app as secondline-bot (reads and writes, 4,990 of 5,000 requests left)"


async def test_a_refused_token_is_named_and_not_shown() -> None:
    """The sentence says which variable is wrong."""
    async with small_github(token=TOKEN + "x") as (tracker, _):
        with pytest.raises(TrackerError) as failed:
            await tracker.check()

    assert failed.value.sentence.startswith("GitHub: it refused GITHUB_TOKEN (401)")
    assert TOKEN not in failed.value.sentence


async def test_an_issue_is_assigned_to_one_of_those_it_can_be_assigned_to() -> None:
    """GitHub says nothing where somebody may not be assigned: that is an error of ours."""
    async with small_github() as (tracker, github):
        github.issue(31, assignees=[{"login": "max-dev"}])
        issue = await tracker.read("31")
        await tracker.assign(issue, "lena-dev")
        with pytest.raises(TrackerError, match="does not let stranger be assigned") as refused:
            await tracker.assign(issue, "stranger")

        assert [each.name for each in await tracker.assignable()] == ["lena-dev", "max-dev"]
        assert not refused.value.retry
        assert [call for call in github.asked if call.startswith("PATCH")]
