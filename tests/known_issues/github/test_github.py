"""GitHub Issues as a tracker, against the sandbox's on loopback."""

from datetime import UTC, date, datetime

import pytest

from bot.known_issues.model import EtaSource, IssueDraft, IssueState, Priority
from bot.known_issues.sync import Sync
from bot.known_issues.tracker import NoSuchIssue, TrackerError
from bot.sandbox.github.paging import ASTRAY
from tests.known_issues.github.on_loopback import OWNER, REPO, TOKEN, WRITES, github_hub
from tests.known_issues.reading import everything, later
from tests.known_issues.taking_in import TakingIn

T0 = datetime(2026, 11, 1, tzinfo=UTC)
MILESTONE = "2.14.1"


async def test_an_issue_is_read_with_everything_that_support_asks_for() -> None:
    """State, labels, milestone with its date, assignees and body arrive as our own types."""
    async with github_hub() as (tracker, github):
        with github.at(T0) as sandbox:
            sandbox.add_milestone(MILESTONE, "2026-12-01")
            opened = github.opened(31, "US East drops", body="**Workaround**\r\nUse UDP", milestone=MILESTONE)
            sandbox.label(31, add=["Doing", "bug"], who="kim")
            sandbox.assign(31, "lena-dev", who="kim")
            sandbox.edit_issue(31, type="Bug", who="kim")
        issue = await tracker.read("app#31")

    assert (issue.uid, issue.key, issue.title) == (str(opened.id), "app#31", "US East drops")
    assert (issue.state, issue.labels, issue.assignees) == (IssueState.IN_PROGRESS, ("Doing", "bug"), ("lena-dev",))
    assert (issue.body, issue.fix_version) == ("**Workaround**\nUse UDP", "2.14.1")
    assert issue.eta_dates == {EtaSource.MILESTONE: date(2026, 12, 1)}
    assert issue.fields == {"type": "Bug", "milestone": "2.14.1", "author": "kim"}
    assert issue.created_at == T0
    assert issue.url == "https://github.test/harbor-vpn/app/issues/31"


@pytest.mark.parametrize(
    "typed", ["31", "#31", "app#31", "harbor-vpn/app#31", "https://github.test/harbor-vpn/app/issues/31#c1"]
)
async def test_an_issue_is_found_by_what_people_write(typed: str) -> None:
    """A number, a key or an address, all of the same issue."""
    async with github_hub() as (tracker, github):
        github.opened(31)

        assert (await tracker.read(typed)).key == "app#31"


@pytest.mark.parametrize(
    "typed", ["32", "other#31", "core#31", "someone/app#31", "words", "", "9" * 30, "https://[/issues/1"]
)
async def test_what_is_no_issue_of_ours_is_no_such_issue(typed: str) -> None:
    """Also an issue of another repository, which the token may see and the asker may not."""
    async with github_hub() as (tracker, github):
        github.opened(31)
        github.place("core").last_number = 30
        github.sandbox.open_issue("Not ours", who="kim", repository=f"{OWNER}/core")

        with pytest.raises(NoSuchIssue):
            await tracker.read(typed)


async def test_a_pull_request_is_no_issue() -> None:
    """GitHub lists them among issues, with the same numbers."""
    async with github_hub() as (tracker, github):
        github.opened(1).pull = True
        github.opened(2)

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
    async with github_hub() as (tracker, github):
        issue = github.opened(1)
        github.sandbox.close_issue(1, who="kim")
        issue.state_reason = reason  # those that were closed before 2022 have none

        assert (await tracker.read("1")).state is state


async def test_all_pages_are_read_oldest_change_first() -> None:
    """The cursor leads through them, and then only to what changes."""
    async with github_hub() as (tracker, github):
        github.sandbox.shorten_pages(10)
        for number in range(1, 36):
            github.opened(number, at=later(T0, number * 60))
        keys, cursor = await everything(tracker)
        with github.at(later(T0, 9000)) as sandbox:
            sandbox.comment(4, "Me too", who="kim")
        again, _ = await everything(tracker, cursor)

    assert list(dict.fromkeys(keys)) == [f"app#{number}" for number in range(1, 36)]
    assert again[-1] == "app#4"
    assert len(again) < 4


async def test_an_issue_that_changes_while_pages_are_read_hides_no_other() -> None:
    """By page numbers the first row of the next page would be skipped."""
    async with github_hub() as (tracker, github):
        github.sandbox.shorten_pages(10)
        for number in range(1, 51):
            github.opened(number, at=later(T0, number * 60))
        for oldest in range(1, 20):
            comment = {"number": oldest, "body": "Me too", "who": "kim"}
            github.sandbox.fail_next(match="/issues", act="comment", arguments=comment)
        keys, _ = await everything(tracker, between=lambda: github.clock.advance(60))
        comments = sum(len(issue.comments) for issue in github.place().issues.values())

    assert set(keys) == {f"app#{number}" for number in range(1, 51)}
    assert comments > 5


async def test_many_issues_of_one_second_are_all_read() -> None:
    """A script that labels 45 issues at once fills several pages with one time."""
    async with github_hub() as (tracker, github):
        github.sandbox.shorten_pages(10)
        for number in range(1, 46):
            github.opened(number, at=T0)
        github.opened(46, at=later(T0, 1))
        keys, _ = await everything(tracker)

    assert set(keys) == {f"app#{number}" for number in range(1, 47)}


@pytest.mark.parametrize("circle", ASTRAY)
async def test_a_next_page_that_leads_nowhere_new_ends_the_turn(circle: str) -> None:
    """It is told as a failure after a few requests, and what was read stays; an hour's quota is 5,000."""
    async with github_hub() as (tracker, github):
        github.opened(1, at=T0)
        github.opened(2, at=later(T0, 60))
        github.sandbox.lead_astray(circle)
        taking_in = TakingIn(github.clock, tracker.name)
        await Sync(tracker=tracker, intake=taking_in.intake, clock=github.clock).turn()
        failure = taking_in.age.reason
        turns = len(github.sandbox.log)
        github.sandbox.lead_astray("")
        await Sync(tracker=tracker, intake=taking_in.intake, clock=github.clock).turn()

    assert turns <= 20
    assert failure.startswith("unexpected answer")
    assert taking_in.answers == 1 and not taking_in.age.failing_since


@pytest.mark.parametrize("circle", sorted(set(ASTRAY) - {"pages without an end"}))
async def test_every_list_ends(circle: str) -> None:
    """Also those of a milestone's issues, of comments and of what was made already."""
    async with github_hub() as (tracker, github):
        with github.at(T0) as sandbox:
            sandbox.add_milestone(MILESTONE, "2026-12-01")
            github.opened(1, milestone=MILESTONE)
            sandbox.close_issue(1, who="kim")
            sandbox.publish_release("v2.14.1", who="kim")
        issue = await tracker.read("1")
        sandbox.lead_astray(circle)
        for ask in (tracker.releases(), tracker.create(DRAFT, stamp="s"), tracker.comment(issue, "x", stamp="t")):
            with pytest.raises(TrackerError, match="unexpected answer"):
                await ask

    assert len(sandbox.log) < 30
    assert not github.calls("POST")


async def test_nothing_new_costs_nothing() -> None:
    """The same question again is answered 304, for issues and for releases."""
    async with github_hub() as (tracker, github):
        github.opened(1, at=T0)
        _, cursor = await everything(tracker)
        _, cursor = await everything(tracker, cursor)
        await tracker.releases()
        github.sandbox.log.clear()
        _, same = await everything(tracker, cursor)
        await tracker.releases()

    assert same == cursor
    assert {entry["status"] for entry in github.sandbox.log} == {304}


async def test_an_answer_that_was_not_kept_is_given_again() -> None:
    """A caller that fails and asks with its old cursor gets the issues, 304 or not."""
    async with github_hub() as (tracker, github):
        github.opened(1, at=T0)
        first, second = await tracker.changes(""), await tracker.changes("")

    assert first == second
    assert len(second.issues) == 1
    assert 304 in [entry["status"] for entry in github.sandbox.log]


DRAFT = IssueDraft("US East drops", "Seen by 31 customers", labels=("bug",), priority=Priority.P1)


async def test_an_issue_is_made_once_though_the_answer_was_lost() -> None:
    """The stamp is looked for before it is written again, and nobody sees it in the text."""
    async with github_hub() as (tracker, github):
        github.sandbox.fail_next(method="POST", lose_answer=True)
        with pytest.raises(TrackerError) as failed:
            await tracker.create(DRAFT, stamp="inv-12/handoff")
        made = await tracker.create(DRAFT, stamp="inv-12/handoff")
        other = await tracker.create(DRAFT, stamp="inv-13/handoff")

    assert failed.value.retry
    assert list(github.place().issues) == [1, 2]
    assert (made.key, other.key) == ("app#1", "app#2")
    assert (made.labels, made.body) == (("bug", "P1"), "Seen by 31 customers")
    assert str(github.place().issues[1].body).endswith("\n\n<!-- secondline: inv-12/handoff -->")


async def test_a_stamp_in_what_a_customer_wrote_is_not_ours() -> None:
    """It is taken out of what we write, and does not count where others wrote it."""
    async with github_hub() as (tracker, github):
        github.opened(1, body="<!-- secondline: inv-12/handoff -->", who="mallory")
        forged = IssueDraft("x", "see <!-- secondline: inv-13/handoff -->")
        first = await tracker.create(forged, stamp="inv-12/handoff")
        second = await tracker.create(DRAFT, stamp="inv-13/handoff")

    assert (first.key, second.key) == ("app#2", "app#3")
    assert str(github.place().issues[2].body).count("secondline:") == 1


async def test_a_comment_is_made_once_though_the_answer_was_lost() -> None:
    """Its address is that of the first."""
    async with github_hub() as (tracker, github):
        comments = github.opened(1).comments
        issue = await tracker.read("1")
        github.sandbox.fail_next(method="POST", lose_answer=True)
        with pytest.raises(TrackerError):
            await tracker.comment(issue, "31 tickets by now", stamp="ki-1/25")
        url = await tracker.comment(issue, "31 tickets by now", stamp="ki-1/25")
        await tracker.comment(issue, "60 tickets by now", stamp="ki-1/50")

    assert url.endswith(f"/issues/1#issuecomment-{comments[0].id}")
    assert len(comments) == 2


async def test_a_comment_on_a_deleted_issue_says_so() -> None:
    """The caller can tell people that the issue is gone."""
    async with github_hub() as (tracker, github):
        github.opened(1)
        issue = await tracker.read("1")
        github.sandbox.fail_next(match="/comments", status=404)
        with pytest.raises(NoSuchIssue):
            await tracker.comment(issue, "x", stamp="s")
        github.sandbox.delete_issue(1, who="kim")
        with pytest.raises(NoSuchIssue):
            await tracker.comment(issue, "x", stamp="s")


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
    async with github_hub() as (tracker, github):
        github.clock.now = datetime.fromtimestamp(1795165920, UTC)
        github.opened(1)
        github.sandbox.fail_next(status=status, headers=headers, json={"message": message})
        for _ in range(3):
            with pytest.raises(TrackerError) as limited:
                await tracker.changes("")
            assert (limited.value.retry, limited.value.retry_after_s) == (True, wait_s)
        sent = len(github.sandbox.log)
        github.clock.advance(wait_s)
        keys, _ = await everything(tracker)

    assert (sent, keys) == (1, ["app#1"])


async def test_a_transferred_issue_keeps_its_identity() -> None:
    """It has a new number, repository and id there; for us it is the same issue."""
    async with github_hub() as (tracker, github):
        github.opened(1)
        before = await tracker.read("1")
        github.place("core").last_number = 8
        github.sandbox.transfer(1, f"{OWNER}/core", who="kim")
        now = (await tracker.recheck([before]))[before.uid]

    assert now
    assert (now.uid, now.key, now.url) == (before.uid, "core#9", "https://github.test/harbor-vpn/core/issues/9")
    assert str(github.place("core").issues[9].id) != before.uid


async def test_a_deleted_issue_is_gone() -> None:
    """410 for one issue says nothing about the others."""
    async with github_hub() as (tracker, github):
        github.opened(1)
        github.opened(2)
        both = [await tracker.read("1"), await tracker.read("2")]
        github.sandbox.delete_issue(1, who="kim")
        now = await tracker.recheck(both)

    assert now[both[0].uid] is None
    assert now[both[1].uid] == both[1]


async def test_a_token_that_lost_its_rights_makes_nothing_gone() -> None:
    """GitHub answers 404 for everything that a token may not see."""
    async with github_hub() as (tracker, github):
        github.opened(1)
        issue = await tracker.read("1")
        github.sandbox.fail_next(2, status=404)

        with pytest.raises(TrackerError) as blind:
            await tracker.recheck([issue])
    assert not isinstance(blind.value, NoSuchIssue)


async def test_a_renamed_repository_is_followed() -> None:
    """By its id, and without leaving the host that the token is meant for."""
    async with github_hub() as (tracker, github):
        github.opened(1)
        github.sandbox.rename_repository("client", who="kim")
        page = await tracker.changes("")
        issue = await tracker.read("client#1")

    assert [issue.key for issue in page.issues] == ["client#1"]
    assert issue.key == "client#1"


async def test_a_redirect_to_another_host_takes_no_token_there() -> None:
    """Only the path of a redirect is followed, on the host that is configured."""
    async with github_hub() as (tracker, github):
        github.sandbox.fail_next(status=301, headers={"Location": "https://evil.test/steal"}, json={})

        with pytest.raises(TrackerError) as failed:
            await tracker.changes("")

    assert "evil" not in failed.value.sentence
    assert not failed.value.retry


async def test_enterprise_server_is_reached_under_its_path() -> None:
    """Its API stands under /api/v3, in our requests and in its links."""
    async with github_hub(prefix="/api/v3") as (tracker, github):
        github.sandbox.shorten_pages(2)
        for number in range(1, 6):
            github.opened(number, at=T0)
        github.sandbox.rename_repository("client", who="kim")
        keys, _ = await everything(tracker)

    assert set(keys) == {f"client#{number}" for number in range(1, 6)}


async def test_a_token_that_sees_no_releases_still_reads_issues() -> None:
    """A fine-grained token may have Issues and not Contents; the check says what is missing."""
    async with github_hub(permissions=WRITES | {"contents": ""}) as (tracker, github):
        github.opened(1)
        keys, _ = await everything(tracker)
        line = await tracker.check()

    assert keys == ["app#1"]
    assert "Contents: read" in line


async def test_a_release_names_what_it_fixes() -> None:
    """By its milestone, whenever that was closed, and by its notes, where they came after the fix."""
    notes = "Fixes #3, #4, #6 by #5, see #2, other/repo#1 and harbor-vpn/app#99"
    async with github_hub() as (tracker, github):
        with github.at(T0) as sandbox:
            sandbox.add_milestone(MILESTONE)
            uids = [str(github.opened(number, milestone=MILESTONE if number < 3 else "").id) for number in range(1, 8)]
            for number in (1, 3, 5, 7):
                sandbox.close_issue(number, who="kim")
            sandbox.close_issue(6, "not_planned", who="kim")
            github.place().issues[5].pull = True
            sandbox.publish_release("v2.14.1-rc1", body=notes, prerelease=True, who="kim")
        with github.at(later(T0, 9000)):
            sandbox.close_issue(4, who="kim")
        with github.at(later(T0, 60)):
            out = sandbox.publish_release("v2.14.1", body=notes, who="kim")
        elsewhere = await tracker.read("7")
        github.place("core").last_number = 2
        sandbox.transfer(7, f"{OWNER}/core", who="kim")
        (release,) = await tracker.releases()
        page = await tracker.changes("")
        moved = (await tracker.recheck([elsewhere]))[elsewhere.uid]

    assert (release.uid, release.name, release.notes) == (str(out), "v2.14.1", notes)
    assert release.url == f"https://github.test/{OWNER}/{REPO}/releases/tag/v2.14.1"
    assert set(release.issue_uids) == {uids[0], uids[2]}
    assert {issue.key for issue in page.issues if issue.released} == {"app#1", "app#3"}
    assert moved and (moved.key, moved.released) == ("core#3", False)


async def test_a_milestone_that_moves_changes_its_issues() -> None:
    """GitHub does not count it as a change of an issue; also where it moved while the bot was away."""
    async with github_hub() as (tracker, github):
        with github.at(T0) as sandbox:
            sandbox.add_milestone(MILESTONE, "2026-12-01")
            github.opened(1, milestone=MILESTONE)
        github.opened(2, at=later(T0, 9000))
        _, cursor = await everything(tracker)
        still, cursor = await everything(tracker, cursor)
        with github.at(later(T0, 9100)):
            sandbox.move_milestone(MILESTONE, "2027-01-08", who="kim")
        moved = await tracker.changes(cursor)
        calm, _ = await everything(tracker, cursor)
        away, _ = await everything(github.anew(), cursor)

    assert (still, calm) == (["app#2"], ["app#2"])
    assert [issue.key for issue in moved.issues] == ["app#2", "app#1"]
    assert moved.issues[1].eta_dates == {EtaSource.MILESTONE: date(2027, 1, 8)}
    assert away == ["app#2", "app#1"]


async def test_the_check_says_who_and_what() -> None:
    """The login, its rights and what is left of the quota."""
    async with github_hub() as (tracker, _):
        line = await tracker.check()

    assert line == "GitHub harbor-vpn/app as secondline-bot (reads and writes, 4,997 of 5,000 requests left)"


async def test_a_refused_token_is_named_and_not_shown() -> None:
    """The sentence says which variable is wrong."""
    async with github_hub(token=TOKEN + "x") as (tracker, _):
        with pytest.raises(TrackerError) as failed:
            await tracker.check()

    assert failed.value.sentence.startswith("GitHub: it refused GITHUB_TOKEN (401)")
    assert TOKEN not in failed.value.sentence


async def test_an_issue_is_assigned_to_one_of_those_it_can_be_assigned_to() -> None:
    """GitHub says nothing where somebody may not be assigned: that is an error of ours."""
    async with github_hub() as (tracker, github):
        assigned = github.opened(31)
        github.sandbox.assign(31, "max-dev", who="kim")
        issue = await tracker.read("31")
        await tracker.assign(issue, "lena-dev")
        now = [person.login for person in assigned.assignees]
        with pytest.raises(TrackerError, match="does not let stranger be assigned") as refused:
            await tracker.assign(issue, "stranger")

        assert [account.name for account in await tracker.assignable()] == ["kim", "lena-dev", "max-dev"]
        assert now == ["lena-dev"]
        assert not refused.value.retry
        assert len(github.calls("PATCH")) == 2
