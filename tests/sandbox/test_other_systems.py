"""The trackers and status sources of the seeded morning."""

import re

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import system_clock
from bot.sandbox.github.seeds import APP
from bot.sandbox.github.server import GithubSandbox
from bot.sandbox.other_systems import Outside, tracker_environment
from bot.sandbox.rest.texts import entries


@pytest.fixture
def outside() -> Outside:
    return Outside(clock=system_clock)


def test_the_repository_has_what_a_tracker_has(outside: Outside) -> None:
    """Forty issues, some of them pull requests, closed, without a body, or not in English."""
    issues = outside.github.forge.repository(APP).issues.values()

    assert len(issues) >= 40 and sum(issue.pull for issue in issues) >= 3
    assert any(issue.body is None for issue in issues) and any(issue.state == "closed" for issue in issues)
    headings = {found for issue in issues for found in re.findall(r"^#+ (.+)$", issue.body or "", re.M)}
    assert {"Symptoms", "Workaround", "ETA", "Symptome", "Umgehung", "What customers see"} <= headings
    assert any(issue.milestone and issue.milestone.due_on for issue in issues)


def test_releases_name_issues_that_they_fix(outside: Outside) -> None:
    """Every number in the notes is an issue."""
    place = outside.github.forge.repository(APP)
    named = {int(number) for release in place.releases for number in re.findall(r"#(\d+)", release.body)}

    assert named and named <= place.issues.keys()


@pytest.mark.parametrize("words", ["us-east", "declined", "crashes on start", "DNS leak"])
def test_an_issue_is_behind_what_customers_write(outside: Outside, words: str) -> None:
    """The troubles of the desk's tickets are known to development."""
    issues = outside.github.forge.repository(APP).issues.values()

    assert any(words in f"{issue.title} {issue.body}" and issue.state == "open" for issue in issues)


def test_the_project_has_versions_dates_and_components(outside: Outside) -> None:
    """Twenty issues with texts in fields, in the description, or nowhere."""
    issues = list(outside.jira.site)

    assert len(issues) == 20
    assert any(issue.fields for issue in issues) and any(issue.due_date for issue in issues)
    assert {version.released for issue in issues for version in issue.fix_versions} == {True, False}
    assert any(issue.components for issue in issues) and any(issue.description is None for issue in issues)


async def test_all_four_are_served_below_one_origin(outside: Outside) -> None:
    """U.S. East is degraded and two alerts fire; the environment names where trackers are."""
    app = web.Application()
    outside.mount(app)
    async with TestClient(TestServer(app)) as http:
        components = (await (await http.get("/statuspage/api/v2/summary.json")).json())["components"]
        alerts = await (await http.get("/alertmanager/api/v2/alerts")).json()
        given = tracker_environment("")
        headers = {"Authorization": f"Bearer {given['GITHUB_TOKEN']}"}
        user = await http.get(f"{given['GITHUB_API_URL']}/user", headers=headers)
        jira = await http.get(f"{given['JIRA_URL']}/rest/api/3/myself")

    assert {one["name"]: one["status"] for one in components}["US East"] == "degraded_performance"
    assert [one["labels"]["region"] for one in alerts] == ["us-east", "us-east"]
    assert (user.status, jira.status) == (200, 401)


def test_texts_are_read_with_their_heads() -> None:
    """A title, values, and a body which may have empty lines; each part may be missing."""
    found = list(entries("@@ One\nlabels: a, b\ndays: 3\n\n## Symptoms\n\nText\n\n@@ Two\n\nBody\n\n@@ Three\n"))

    assert [(one.title, one.body) for one in found] == [("One", "## Symptoms\n\nText"), ("Two", "Body"), ("Three", "")]
    assert (found[0].listed("labels"), found[0].number("days", 1), found[1].listed("labels")) == (("a", "b"), 3.0, ())


def test_a_sandbox_can_be_empty() -> None:
    """Without a seed there is no repository, and nothing fails."""
    assert list(GithubSandbox(clock=system_clock).forge.repositories()) == []
