"""Jira Cloud as a tracker, against a server on loopback."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.jira.adf_writing import document
from bot.known_issues.jira.wire import minute, quoted, zone_of
from bot.known_issues.mapping import IssueMapping, read
from bot.known_issues.model import EtaSource, IssueDraft, IssueState, Priority
from bot.known_issues.sync import Sync
from bot.known_issues.tracker import NoSuchIssue, TrackerError
from bot.targets.model import Catalog
from tests.known_issues.jira.small_jira import TOKEN, iso, small_jira
from tests.known_issues.reading import everything, later
from tests.known_issues.taking_in import TakingIn
from tests.loopback import as_json

T0 = datetime(2026, 11, 1, tzinfo=UTC)
DRAFT = IssueDraft(
    "US East drops", "Seen by **31** customers\n```\nopen", labels=("found in QA",), priority=Priority.P1
)


async def test_an_issue_is_read_with_everything_that_support_asks_for() -> None:
    """Also a custom field by its name, as the mapping in the configuration writes it."""
    async with small_jira() as (tracker, jira):
        jira.issue(
            31,
            at=T0,
            status="In Progress",
            description=document("## Symptoms\n\nIt drops"),
            labels=["support"],
            assignee={"displayName": "Lena"},
            priority={"name": "High"},
            components=[{"name": "Android"}, {"name": "iOS"}],
            duedate="2026-12-24",
            fixVersions=[{"id": "1", "name": "2.14.1", "released": False, "releaseDate": "2026-12-01"}],
            customfield_10031=document("Use UDP"),
        )
        found = await tracker.read("vpn-31")

    assert (found.uid, found.key, found.state) == ("10031", "VPN-31", IssueState.IN_PROGRESS)
    assert (found.body, found.labels, found.assignees) == ("## Symptoms\n\nIt drops", ("support",), ("Lena",))
    assert found.fields["workaround"] == "Use UDP"
    assert (found.fields["priority"], found.fields["components"]) == ("High", "Android, iOS")
    assert (found.fix_version, found.released) == ("2.14.1", False)
    assert found.eta_dates == {EtaSource.FIX_VERSION: date(2026, 12, 1), EtaSource.DUE_DATE: date(2026, 12, 24)}
    assert found.url.endswith("/browse/VPN-31")


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
    async with small_jira() as (tracker, jira):
        jira.issue(31, description={"type": "doc", "version": 1, "content": content})
        found = await tracker.read("31")

    assert read(found, IssueMapping(), Catalog(())).workaround == workaround


async def test_a_workaround_field_may_be_a_panel() -> None:
    """Which is text like any other."""
    async with small_jira() as (tracker, jira):
        jira.issue(31, customfield_10031={"type": "doc", "content": [boxed("panel", words("Use UDP"))]})
        found = await tracker.read("31")

    assert read(found, IssueMapping(), Catalog(())).workaround == "Use UDP"


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
    async with small_jira() as (tracker, jira):
        version = {"id": "1", "name": "2.14.1", "released": released}
        jira.issue(1, status="Done", resolution={"name": resolution}, resolutiondate=iso(T0), fixVersions=[version])
        found = await tracker.read("1")

    assert (found.state, found.released, found.closed_at) == (state, out, T0)


@pytest.mark.parametrize("typed", ["OTHER-31", "VPN-32", "words", "", "https://x.test/browse/OTHER-1", "VPN-31 OR 1"])
async def test_what_is_no_issue_of_ours_is_no_such_issue(typed: str) -> None:
    """Also an issue of another project, which the account may see and the asker may not."""
    async with small_jira() as (tracker, jira):
        jira.issue(31)

        with pytest.raises(NoSuchIssue):
            await tracker.read(typed)


async def test_an_issue_that_changes_while_pages_are_read_hides_no_other() -> None:
    """Pages go by time; a minute that holds more issues than a page goes by the server's token."""
    async with small_jira() as (tracker, jira):
        jira.per_page = 10
        for number in range(1, 61):
            jira.issue(number, at=later(T0, number // 25 * 60 + number))
        moments = iter(range(10_000, 20_000, 60))

        def someone_comments() -> None:
            oldest = min(jira.issues, key=lambda row: row["fields"]["updated"])
            if int(oldest["key"][4:]) < 10:
                oldest["fields"]["updated"] = iso(later(T0, next(moments)))

        keys, cursor = await everything(tracker)
        jira.before_page, jira.per_page = someone_comments, 30
        again, _ = await everything(tracker)
        jira.issues[5]["fields"]["updated"] = iso(later(T0, 90_000))
        new, _ = await everything(tracker, cursor)

    assert set(keys) == {f"VPN-{number}" for number in range(1, 61)}
    assert new[-1] == "VPN-6"
    assert set(again) == set(keys)


CIRCLES: dict[str, Callable[[str], str]] = {
    "the same": lambda token: "again",
    "two in turn": lambda token: "odd" if token == "even" else "even",
    "without an end": lambda token: f"{token}x",
}


@pytest.mark.parametrize("circle", CIRCLES)
async def test_a_token_that_leads_nowhere_new_ends_the_turn(circle: str) -> None:
    """It is told as a failure after a few requests, and nothing is made beside what can't be found."""
    async with small_jira() as (tracker, jira):
        jira.issue(1, at=T0)
        jira.issue(2, at=later(T0, 60))
        jira.leads_to, taking_in = CIRCLES[circle], TakingIn(jira.clock, tracker.name)
        await Sync(tracker=tracker, intake=taking_in.intake, clock=jira.clock).turn()
        failure = taking_in.age.reason
        turns = len(jira.asked)
        if circle != "without an end":
            with pytest.raises(TrackerError, match="unexpected answer"):
                await tracker.create(DRAFT, stamp="s")
        jira.leads_to = None
        taking_in.forget()
        await Sync(tracker=tracker, intake=taking_in.intake, clock=jira.clock).turn()

    assert turns <= 30
    assert failure.startswith("unexpected answer")
    assert taking_in.answers == 1 and not taking_in.age.failing_since
    assert len(jira.issues) == 2


async def test_the_last_page_may_have_a_token() -> None:
    """Jira says on its own which one is the last."""
    async with small_jira() as (tracker, jira):
        row = jira.issue(1, at=T0)
        jira.faults.extend(
            [lambda _: None, lambda _: as_json({"issues": [row], "nextPageToken": "abc", "isLast": True})]
        )
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
    async with small_jira() as (tracker, jira):
        jira.issue(7)
        jira.hide_new = hidden
        jira.lose = 1
        with pytest.raises(TrackerError) as failed:
            await tracker.create(DRAFT, stamp="inv-12/handoff")
        made = await tracker.create(DRAFT, stamp="inv-12/handoff")
        other = await tracker.create(DRAFT, stamp="inv-13/handoff")

    assert failed.value.retry
    assert (made.key, other.key, len(jira.issues)) == ("VPN-8", "VPN-9", 3)
    assert (made.labels, made.fields["priority"]) == (("found-in-QA",), "High")
    assert made.body == "Seen by **31** customers\n\n```\nopen\n```"


async def test_a_comment_is_made_once_though_the_answer_was_lost() -> None:
    """Its address is that of the first."""
    async with small_jira() as (tracker, jira):
        jira.issue(1)
        issue = await tracker.read("1")
        jira.lose = 1
        with pytest.raises(TrackerError):
            await tracker.comment(issue, "31 tickets", stamp="ki-1/25")
        url = await tracker.comment(issue, "31 tickets", stamp="ki-1/25")
        await tracker.comment(issue, "60 tickets", stamp="ki-1/50")

    assert url.endswith("/browse/VPN-1?focusedCommentId=1")
    assert len(jira.comments["10001"]) == 2


async def test_moved_and_deleted_issues_are_followed() -> None:
    """A move changes the key and keeps the id."""
    async with small_jira() as (tracker, jira):
        jira.issue(1)
        jira.issue(2)
        both = [await tracker.read("1"), await tracker.read("2")]
        jira.issues[0]["key"] = "CORE-5"
        jira.old_keys["VPN-1"] = "CORE-5"
        del jira.issues[1]
        now = await tracker.recheck(both)
        found = await tracker.read("VPN-1")

    moved = now[both[0].uid]
    assert moved and (moved.key, moved.uid) == ("CORE-5", both[0].uid)
    assert now[both[1].uid] is None
    assert found.key == "CORE-5"


async def test_versions_are_releases_with_what_they_fix() -> None:
    """Only those that are out, newest first."""
    async with small_jira() as (tracker, jira):
        out = {"id": "5", "name": "2.14.1", "released": True, "releaseDate": "2026-11-19", "description": "Fixes"}
        jira.versions = [
            {"id": "4", "name": "2.14.0", "released": True},
            out,
            {"id": "6", "name": "3", "released": False},
        ]
        jira.issue(1, status="Done", resolution={"name": "Done"}, fixVersions=[out])
        jira.issue(2, fixVersions=[out])
        newest, oldest = await tracker.releases()

    assert (newest.name, newest.notes, newest.issue_uids) == ("2.14.1", "Fixes", ("10001",))
    assert newest.published_at == datetime(2026, 11, 19, tzinfo=UTC)
    assert oldest.name == "2.14.0"


async def test_a_version_that_moves_changes_its_issues() -> None:
    """Jira does not count it as a change of an issue; also where it moved while the bot was away."""
    async with small_jira() as (tracker, jira):
        version = {"id": "5", "name": "2.14.1", "released": False, "releaseDate": "2026-11-19"}
        jira.versions = [version]
        jira.issue(1, at=T0, fixVersions=[version])
        jira.issue(2, at=later(T0, 9000))
        _, cursor = await everything(tracker)
        still, cursor = await everything(tracker, cursor)
        version["releaseDate"] = "2026-12-19"
        moved = await tracker.changes(cursor)
    async with small_jira() as (tracker, again):
        again.versions, again.issues = jira.versions, jira.issues
        away, _ = await everything(tracker, cursor)

    assert still == ["VPN-2"]
    assert [issue.key for issue in moved.issues] == ["VPN-2", "VPN-1"]
    assert moved.issues[1].eta_dates == {EtaSource.FIX_VERSION: date(2026, 12, 19)}
    assert away == ["VPN-2", "VPN-1"]


async def test_a_limit_is_waited_out() -> None:
    """Nothing is sent until the time is over that Jira asked for."""
    async with small_jira() as (tracker, jira):
        jira.faults.append(lambda _: as_json({}, 429, {"Retry-After": "17"}))
        for _ in range(3):
            with pytest.raises(TrackerError) as limited:
                await tracker.check()
        sent = len(jira.asked)
        jira.clock.advance(17)
        line = await tracker.check()

    assert (limited.value.retry, limited.value.retry_after_s, sent) == (True, 17, 1)
    assert line == "Jira VPN client as Second Line (its clock is on Europe/Berlin)"


async def test_a_refused_token_is_named_and_not_shown() -> None:
    """The sentence says which variables are wrong."""
    async with small_jira() as (tracker, jira):
        jira.faults.append(lambda _: as_json({"token": TOKEN}, 401))
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
    async with small_jira() as (tracker, jira):
        jira.issue(31)
        issue = await tracker.read("VPN-31")
        people = await tracker.assignable()
        await tracker.assign(issue, people[0].id)
        jira.issues.clear()
        with pytest.raises(NoSuchIssue):
            await tracker.assign(issue, "a1")

        assert [(each.id, each.name) for each in people] == [("a1", "Lena"), ("a2", "a2")]
        assert issue.assignees == ()
