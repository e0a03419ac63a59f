"""Jira Cloud as a tracker, against the sandbox's on loopback."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.jira.adf_writing import document
from bot.known_issues.jira.wire import minute, quoted, releases_from, zone_of
from bot.known_issues.mapping import IssueMapping, read
from bot.known_issues.model import EtaSource, IssueDraft, IssueState, Priority
from bot.known_issues.sync import Sync
from bot.known_issues.tracker import NoSuchIssue, TrackerError
from bot.sandbox.jira.paging import ASTRAY, LAST_WITH_TOKEN
from bot.targets.model import Catalog
from tests.known_issues.jira.on_loopback import TOKEN, jira_site
from tests.known_issues.reading import everything, later
from tests.known_issues.taking_in import TakingIn

T0 = datetime(2026, 11, 1, tzinfo=UTC)
DRAFT = IssueDraft(
    "US East drops", "Seen by **31** customers\n```\nopen", labels=("found in QA",), priority=Priority.P1
)


async def test_an_issue_is_read_with_everything_that_support_asks_for() -> None:
    """Also a custom field by its name, as the mapping in the configuration writes it."""
    async with jira_site() as (tracker, jira):
        with jira.at(T0) as sandbox:
            sandbox.add_version("2.14.1", "2026-12-01")
            opened = jira.opened(31, priority="High", fix_version="2.14.1")
            sandbox.edit_issue("VPN-31", description=document("## Symptoms\n\nIt drops"), who="Lena")
            sandbox.set_status("VPN-31", "In Progress", "Lena")
            sandbox.label("VPN-31", add=["support"], who="Lena")
            sandbox.assign("VPN-31", "Lena", "Lena")
            sandbox.set_components("VPN-31", ["Android", "iOS"], "Lena")
            sandbox.set_due_date("VPN-31", "2026-12-24", "Lena")
            sandbox.set_field("VPN-31", "Workaround", document("Use UDP"), "Lena")
        issue = await tracker.read("vpn-31")

    assert (issue.uid, issue.key, issue.state) == (opened.id, "VPN-31", IssueState.IN_PROGRESS)
    assert (issue.created_at, issue.updated_at) == (T0, T0)
    assert (issue.body, issue.labels, issue.assignees) == ("## Symptoms\n\nIt drops", ("support",), ("Lena",))
    assert issue.fields["workaround"] == "Use UDP"
    assert (issue.fields["priority"], issue.fields["components"]) == ("High", "Android, iOS")
    assert (issue.fix_version, issue.released) == ("2.14.1", False)
    assert issue.eta_dates == {EtaSource.FIX_VERSION: date(2026, 12, 1), EtaSource.DUE_DATE: date(2026, 12, 24)}
    assert issue.url.endswith("/browse/VPN-31")


def boxed(kind: str, *content: dict[str, Any], **attrs: str) -> dict[str, Any]:
    return {"type": kind, "attrs": attrs, "content": list(content)}


def words(said: str, *marks: str) -> dict[str, Any]:
    node = {"type": "text", "text": said, "marks": [{"type": mark} for mark in marks]}
    return {"type": "paragraph", "content": [node]}


TITLE = {"type": "heading", "attrs": {"level": 3}, "content": [{"type": "text", "text": "Workaround"}]}
EMOJI = {"type": "emoji", "attrs": {"shortName": ":wrench:", "text": ":wrench:"}}


@pytest.mark.parametrize(
    ("content", "workaround"),
    [
        ([boxed("panel", TITLE, words("Use UDP"), panelType="note"), words("Bye")], "Use UDP"),
        ([TITLE, boxed("panel", words("Use UDP"), panelType="warning")], "Use UDP"),
        ([boxed("panel", words("Workaround: Use UDP"), panelType="info"), words("Bye")], "Use UDP"),
        ([boxed("blockquote", words("Workaround", "strong"), words("Use UDP")), words("Bye")], "Use UDP"),
        ([boxed("expand", words("Use UDP"), title="🔧 Workaround"), words("Bye")], "Use UDP"),
        ([{**TITLE, "content": [EMOJI, *TITLE["content"]]}, words("Use UDP")], "Use UDP"),
        ([TITLE, boxed("panel", words("TBC"), panelType="note")], ""),
        ([TITLE, words("Use TCP", "strike"), words("Not available yet")], ""),
        ([boxed("panel", {**TITLE, "content": [words("Workaround", "strike")["content"][0]]}, words("Wait"))], ""),
    ],
)
async def test_a_workaround_is_read_in_panels_and_quotes(content: list[dict[str, Any]], workaround: str) -> None:
    """It ends where they end; struck out, or a word for nothing, it is none."""
    async with jira_site() as (tracker, jira):
        jira.opened(31)
        jira.sandbox.edit_issue("VPN-31", description={"type": "doc", "version": 1, "content": content}, who="Lena")
        issue = await tracker.read("31")

    assert read(issue, IssueMapping(), Catalog(())).workaround == workaround


async def test_a_workaround_field_may_be_a_panel() -> None:
    """Which is text like any other."""
    async with jira_site() as (tracker, jira):
        jira.opened(31)
        panel = {"type": "doc", "content": [boxed("panel", words("Use UDP"))]}
        jira.sandbox.set_field("VPN-31", "Workaround", panel, "Lena")
        issue = await tracker.read("31")

    assert read(issue, IssueMapping(), Catalog(())).workaround == "Use UDP"


@pytest.mark.parametrize(
    ("resolution", "released", "state", "out"),
    [
        ("Done", True, IssueState.DONE, True),
        ("Done", False, IssueState.DONE, False),
        ("Won't Do", True, IssueState.DECLINED, False),
        ("Duplicate", False, IssueState.DECLINED, False),
    ],
)
async def test_done_is_not_released_and_declined_never_is(
    resolution: str, released: bool, state: IssueState, out: bool
) -> None:
    """Released is a fixed issue whose version is out."""
    async with jira_site() as (tracker, jira):
        jira.sandbox.add_version("2.14.1")
        jira.opened(1, fix_version="2.14.1")
        with jira.at(T0) as sandbox:
            sandbox.close_issue("VPN-1", resolution, "Lena")
        if released:
            sandbox.release_version("2.14.1", who="Lena")
        issue = await tracker.read("1")

    assert (issue.state, issue.released, issue.closed_at) == (state, out, T0)


@pytest.mark.parametrize("typed", ["OTHER-31", "VPN-32", "words", "", "https://x.test/browse/OTHER-1", "VPN-31 OR 1"])
async def test_what_is_no_issue_of_ours_is_no_such_issue(typed: str) -> None:
    """Also an issue of another project, which the account may see and the asker may not."""
    async with jira_site() as (tracker, jira):
        jira.opened(31)

        with pytest.raises(NoSuchIssue):
            await tracker.read(typed)


async def test_an_issue_that_changes_while_pages_are_read_hides_no_other() -> None:
    """Pages go by time; a minute that holds more issues than a page goes by the server's token."""
    async with jira_site() as (tracker, jira):
        jira.sandbox.shorten_pages(10, by_place=True)
        for number in range(1, 61):
            jira.opened(number, at=later(T0, number // 25 * 60 + number))
        keys, cursor = await everything(tracker)
        jira.sandbox.shorten_pages(30, by_place=True)
        for oldest in range(1, 4):
            comment = {"key": f"VPN-{oldest}", "body": "Me too", "who": "Lena"}
            jira.sandbox.fail_next(match="/search/jql", act="comment", arguments=comment)
        again, _ = await everything(tracker, between=lambda: jira.clock.advance(60))
        comments = sum(len(issue.comments) for issue in jira.sandbox.site)
        jira.clock.advance(days=1)
        jira.sandbox.comment("VPN-6", "Me too", "Lena")
        new, _ = await everything(tracker, cursor)

    assert set(keys) == {f"VPN-{number}" for number in range(1, 61)}
    assert new[-1] == "VPN-6"
    assert comments == 3
    assert set(again) == set(keys)


@pytest.mark.parametrize("circle", ASTRAY)
async def test_a_token_that_leads_nowhere_new_ends_the_turn(circle: str) -> None:
    """It is told as a failure after a few requests, and nothing is made beside what can't be issue."""
    async with jira_site() as (tracker, jira):
        jira.opened(1, at=T0)
        jira.opened(2, at=later(T0, 60))
        jira.sandbox.lead_astray(circle)
        taking_in = TakingIn(jira.clock, tracker.name)
        await Sync(tracker=tracker, intake=taking_in.intake, clock=jira.clock).turn()
        failure = taking_in.age.reason
        turns = len(jira.sandbox.log)
        if circle != "tokens without an end":
            with pytest.raises(TrackerError, match="unexpected answer"):
                await tracker.create(DRAFT, stamp="s")
        jira.sandbox.lead_astray("")
        taking_in.forget()
        await Sync(tracker=tracker, intake=taking_in.intake, clock=jira.clock).turn()

    assert turns <= 30
    assert failure.startswith("unexpected answer")
    assert taking_in.answers == 1 and not taking_in.age.failing_since
    assert len(list(jira.sandbox.site)) == 2


async def test_the_last_page_may_have_a_token() -> None:
    """Jira says on its own which one is the last."""
    async with jira_site() as (tracker, jira):
        jira.opened(1, at=T0)
        jira.sandbox.lead_astray(LAST_WITH_TOKEN)
        page = await tracker.changes("")

    assert (len(page.issues), page.more) == (1, False)


MOMENTS = st.integers(0, 365 * 86_400).map(lambda seconds: later(datetime(2026, 1, 1, tzinfo=UTC), seconds))


@given(MOMENTS, st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]))
def test_a_time_in_a_query_is_never_later_than_meant(moment: datetime, zone: str) -> None:
    """However the server reads the hour that comes twice, nothing after the cursor is left out."""
    local = datetime.fromisoformat(minute(moment, ZoneInfo(zone)))

    for fold in (0, 1):
        assert local.replace(tzinfo=ZoneInfo(zone), fold=fold) <= moment


@pytest.mark.parametrize("hidden", [False, True])
async def test_an_issue_is_made_once_though_the_answer_was_lost(hidden: bool) -> None:
    """Also where the search does not show it yet, which may take Jira minutes."""
    async with jira_site(search_lag_s=300.0 if hidden else 0.0) as (tracker, jira):
        jira.opened(7)
        jira.clock.advance(300)
        jira.sandbox.fail_next(method="POST", match="/issue", lose_answer=True)
        with pytest.raises(TrackerError) as failed:
            await tracker.create(DRAFT, stamp="inv-12/handoff")
        made = await tracker.create(DRAFT, stamp="inv-12/handoff")
        other = await tracker.create(DRAFT, stamp="inv-13/handoff")

    assert failed.value.retry
    assert (made.key, other.key, len(list(jira.sandbox.site))) == ("VPN-8", "VPN-9", 3)
    assert (made.labels, made.fields["priority"]) == (("found-in-QA",), "High")
    assert made.body == "Seen by **31** customers\n\n```\nopen\n```"


async def test_a_comment_is_made_once_though_the_answer_was_lost() -> None:
    """Its address is that of the first."""
    async with jira_site() as (tracker, jira):
        comments = jira.opened(1).comments
        issue = await tracker.read("1")
        jira.sandbox.fail_next(method="POST", lose_answer=True)
        with pytest.raises(TrackerError):
            await tracker.comment(issue, "31 tickets", stamp="ki-1/25")
        url = await tracker.comment(issue, "31 tickets", stamp="ki-1/25")
        await tracker.comment(issue, "60 tickets", stamp="ki-1/50")

    assert url.endswith(f"/browse/VPN-1?focusedCommentId={comments[0].id}")
    assert len(comments) == 2


async def test_moved_and_deleted_issues_are_followed() -> None:
    """A move changes the key and keeps the id."""
    async with jira_site() as (tracker, jira):
        jira.opened(1)
        jira.opened(2)
        both = [await tracker.read("1"), await tracker.read("2")]
        jira.project("CORE").last_number = 4
        jira.sandbox.move_issue("VPN-1", "CORE", "Lena")
        jira.sandbox.delete_issue("VPN-2", "Lena")
        now = await tracker.recheck(both)
        issue = await tracker.read("VPN-1")

    moved = now[both[0].uid]
    assert moved and (moved.key, moved.uid) == ("CORE-5", both[0].uid)
    assert now[both[1].uid] is None
    assert issue.key == "CORE-5"


async def test_versions_are_releases_with_what_they_fix() -> None:
    """Only those that are out, newest first."""
    async with jira_site() as (tracker, jira):
        jira.sandbox.add_version("2.14.0")
        jira.sandbox.add_version("2.14.1", "2026-11-19", "Fixes")
        jira.sandbox.add_version("3")
        for name in ("2.14.0", "2.14.1"):
            jira.sandbox.release_version(name, who="Lena")
        done = jira.opened(1, fix_version="2.14.1")
        jira.sandbox.close_issue("VPN-1", who="Lena")
        jira.opened(2, fix_version="2.14.1")
        newest, oldest = await tracker.releases()

    assert (newest.name, newest.notes, newest.issue_uids) == ("2.14.1", "Fixes", (done.id,))
    assert newest.published_at == datetime(2026, 11, 19, tzinfo=UTC)
    assert oldest.name == "2.14.0"


def test_versions_in_any_order_are_releases_newest_first() -> None:
    """Whatever the server was asked for: what is not out is none."""
    rows = [
        {"id": "4", "name": "2.14.0", "released": True},
        {"id": "5", "name": "2.14.1", "released": True, "releaseDate": "2026-11-19"},
        {"id": "6", "name": "3", "released": False},
    ]

    assert [release.name for release in releases_from(rows, "vpn", "https://x.test", 30)] == ["2.14.1", "2.14.0"]


async def test_a_version_that_moves_changes_its_issues() -> None:
    """Jira does not count it as a change of an issue; also where it moved while the bot was away."""
    async with jira_site() as (tracker, jira):
        jira.sandbox.add_version("2.14.1", "2026-11-19")
        jira.opened(1, at=T0, fix_version="2.14.1")
        jira.opened(2, at=later(T0, 9000))
        _, cursor = await everything(tracker)
        still, cursor = await everything(tracker, cursor)
        jira.sandbox.move_version("2.14.1", "2026-12-19", "Lena")
        moved = await tracker.changes(cursor)
        away, _ = await everything(jira.anew(), cursor)

    assert still == ["VPN-2"]
    assert [issue.key for issue in moved.issues] == ["VPN-2", "VPN-1"]
    assert moved.issues[1].eta_dates == {EtaSource.FIX_VERSION: date(2026, 12, 19)}
    assert away == ["VPN-2", "VPN-1"]


async def test_a_limit_is_waited_out() -> None:
    """Nothing is sent until the time is over that Jira asked for."""
    async with jira_site() as (tracker, jira):
        jira.sandbox.fail_next(status=429, retry_after=17)
        for _ in range(3):
            with pytest.raises(TrackerError) as limited:
                await tracker.check()
        sent = len(jira.sandbox.log)
        jira.clock.advance(17)
        line = await tracker.check()

    assert (limited.value.retry, limited.value.retry_after_s, sent) == (True, 17, 1)
    assert line == "Jira VPN client as Second Line (its clock is on Europe/Berlin)"


async def test_a_refused_token_is_named_and_not_shown() -> None:
    """The sentence says which variables are wrong."""
    async with jira_site() as (tracker, jira):
        jira.sandbox.fail_next(status=401, json={"token": TOKEN})
        with pytest.raises(TrackerError) as failed:
            await tracker.check()

    assert failed.value.sentence.startswith("Jira: it refused JIRA_EMAIL and JIRA_TOKEN (401)")
    assert TOKEN not in failed.value.sentence


@pytest.mark.parametrize(("named", "hours"), [("GMT+02:00", 2), ("Etc/GMT+2", -2), ("GMT-03:00", -3), ("Mars/One", 0)])
def test_an_account_s_zone_is_read_as_java_writes_it(named: str, hours: int) -> None:
    """There east is plus, other than in the names of the IANA list."""
    assert zone_of({"timeZone": named}).utcoffset(T0) == timedelta(hours=hours)


def test_a_hostile_name_stays_within_its_quotes() -> None:
    """Nothing that is configured or typed becomes a query of its own."""
    assert quoted('x" OR project = "SECRET\\') == '"x\\" OR project = \\"SECRET\\\\"'
    assert quoted("a\nb") == '"a b"'


async def test_an_issue_is_assigned_by_account() -> None:
    """People see names, Jira wants accounts; an issue that is gone is told."""
    async with jira_site() as (tracker, jira):
        opened = jira.opened(31)
        issue = await tracker.read("VPN-31")
        people = await tracker.assignable()
        await tracker.assign(issue, people[1].id)
        jira.sandbox.delete_issue("VPN-31", "Lena")
        with pytest.raises(NoSuchIssue):
            await tracker.assign(issue, "a1")

        assert [(each.id, each.name) for each in people] == [("acc-bot", "Second Line"), ("a1", "Lena"), ("a2", "a2")]
        assert issue.assignees == ()
        assert opened.assignee and opened.assignee.account_id == "a1"
