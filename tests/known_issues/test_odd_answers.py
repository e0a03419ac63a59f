"""Whatever a tracker answers, it is an issue or a TrackerError."""

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.github.wire import GitHubLens, issues_from, place_typed, releases_from, rerooted
from bot.known_issues.jira.wire import JiraLens, issue_from, key_typed, value_of, versions_from
from bot.known_issues.jira.wire import releases_from as versions_out
from bot.known_issues.tracker import TrackerError
from bot.known_issues.wire import stamp_of, stamped, without_stamps
from tests.known_issues.github.on_loopback import github_hub
from tests.known_issues.jira.on_loopback import jira_site

ODD = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(
            ["closed", "open", "done", "2026-11-20T09:12:00Z", "0001-01-01T00:00:00+23:59", "\ud800", "VPN-1"]
        ),
        st.just("https://x.test/a/b/issues/1"),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=4), inner, max_size=2)),
    max_leaves=5,
)


def rows(*keys: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(keys, ODD)), max_size=2)


ISSUES = rows(
    "id", "number", "html_url", "title", "body", "state", "state_reason", "labels", "assignees", "milestone", "type",
    "created_at", "updated_at", "closed_at", "user",
)  # fmt: skip
RELEASES = rows("id", "tag_name", "name", "html_url", "body", "published_at", "draft", "prerelease")
FIELDS = rows(
    "summary", "description", "status", "resolution", "labels", "assignee", "fixVersions", "duedate", "priority",
    "created", "updated", "resolutiondate",
)  # fmt: skip


@given(st.one_of(ODD, ISSUES), st.one_of(ODD, RELEASES))
def test_any_json_of_github_is_read_or_refused(issues: Any, releases: Any) -> None:
    """No other error gets out."""
    with contextlib.suppress(TrackerError):
        issues_from(issues, GitHubLens("app", ("doing",)))
    with contextlib.suppress(TrackerError):
        releases_from(releases, "harbor-vpn", "app")


GITHUB_ROW: dict[str, Any] = {
    "id": 1,
    "html_url": "https://x.test/a/b/issues/1",
    "state": "closed",
    "created_at": "2026-11-20T09:12:00Z",
    "updated_at": "2026-11-20T09:12:00Z",
    "labels": [{"name": "doing"}],
    "milestone": {"title": "2.14.1", "due_on": "2026-12-01T08:00:00Z"},
}
JIRA_FIELDS: dict[str, Any] = {
    "created": "2026-11-20T09:12:00.000+0100",
    "updated": "2026-11-20T09:12:00.000+0100",
    "status": {"statusCategory": {"key": "done"}},
    "fixVersions": [{"name": "2.14.1", "released": True, "releaseDate": "2026-11-20"}],
}


@given(st.dictionaries(st.sampled_from([*GITHUB_ROW, "assignees", "user", "body", "closed_at"]), ODD, max_size=2))
def test_a_row_of_github_with_odd_places_is_read_or_refused(odd: dict[str, Any]) -> None:
    """What support does not need may be anything."""
    with contextlib.suppress(TrackerError):
        (found,) = issues_from([GITHUB_ROW | odd], GitHubLens("app", ("doing",)))
        assert found.key == "b#1"


@given(st.dictionaries(st.sampled_from([*JIRA_FIELDS, "summary", "description", "resolution"]), ODD, max_size=2))
def test_a_row_of_jira_with_odd_places_is_read_or_refused(odd: dict[str, Any]) -> None:
    """What support does not need may be anything."""
    with contextlib.suppress(TrackerError):
        found = issue_from({"id": "1", "key": "VPN-1", "fields": JIRA_FIELDS | odd}, JiraLens("vpn", "https://x.test"))
        assert found.key == "VPN-1"


@given(ODD, FIELDS, ODD, st.one_of(ODD, rows("id", "name", "released", "releaseDate", "description", "project")))
def test_any_json_of_jira_is_read_or_refused(key: Any, fields: list[dict[str, Any]], odd: Any, versions: Any) -> None:
    """No other error gets out."""
    for found in [odd, *({"id": "1", "key": key, "fields": each} for each in [odd, *fields])]:
        with contextlib.suppress(TrackerError):
            issue_from(found, JiraLens("vpn", "https://x.test", custom={"odd": "summary"}))
    with contextlib.suppress(TrackerError):
        versions_out(versions, "vpn", "https://x.test", 30)
    with contextlib.suppress(TrackerError):
        versions_from(versions)
    assert isinstance(value_of(odd), str)


@given(st.text(max_size=40))
def test_any_typed_text_is_a_key_or_none(typed: str) -> None:
    """People paste anything."""
    place_typed(typed, "harbor-vpn", "app")
    key_typed(typed, "VPN")
    assert not rerooted(typed).startswith("/")


@given(st.text(max_size=60), st.sampled_from(["inv-12/handoff", "ki-1/25"]))
def test_a_stamp_is_found_again_and_leaves_the_text_as_it_was(body: str, stamp: str) -> None:
    """Spaces at the end are not part of it."""
    assert stamp_of(stamped(body, stamp)) == stamp
    assert without_stamps(stamped(body, stamp)) == without_stamps(body).rstrip()


BODIES = [
    b"",
    b"{",
    b"<html>",
    b"[1]",
    b"null",
    b"\xff\xfe",
    b'"text"',
    b"{}",
    b"[" * 100_000,
    json.dumps([[]]).encode(),
]


@pytest.mark.parametrize("status", [200, 201, 204, 302, 304, 400, 403, 404, 422, 429, 500, 503, 599])
@pytest.mark.parametrize("body", BODIES, ids=[str(body[:8]) for body in BODIES])
async def test_any_answer_of_a_server_is_a_tracker_error(status: int, body: bytes) -> None:
    """With any status and any headers that a broken proxy may send."""
    headers = {"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "-1", "X-RateLimit-Reset": "9" * 30}
    headers |= {"Content-Type": "application/json; charset=no-such", "Link": "<::>; rel=next", "Retry-After": "soon"}
    headers |= {"Location": "//[", "ETag": "x"}

    async with github_hub() as (github, hub), jira_site() as (jira, site):
        for tracker, sandbox in ((github, hub.sandbox), (jira, site.sandbox)):
            sandbox.fail_next(8, status=status, headers=headers, base64=base64.b64encode(body).decode())
            with contextlib.suppress(TrackerError):
                await tracker.changes("")
            with contextlib.suppress(TrackerError):
                await tracker.read("1")
            with contextlib.suppress(TrackerError):
                await tracker.releases()
