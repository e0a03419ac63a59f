"""Tokens, limits, places, faults and webhooks of the GitHub sandbox."""

import hashlib
import hmac

import aiohttp
import pytest

from bot.sandbox.github.seed import READ_ONLY_TOKEN
from tests.eventually import eventually
from tests.sandbox.github.conftest import Hub

APP = "/repos/harbor-vpn/app"


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic abc"])
async def test_without_a_token_there_is_nothing(hub: Hub, authorization: str) -> None:
    """401 in GitHub's shape."""
    answer = await hub.client.get(f"{APP}/issues", Authorization=authorization)

    assert answer.status == 401
    assert set(answer.body) == {"message", "documentation_url", "status"}


async def test_a_missing_permission_is_403_and_named(hub: Hub) -> None:
    """A token that only reads is told what it would need."""
    read_only = {"Authorization": f"Bearer {READ_ONLY_TOKEN}"}
    answer = await hub.client.ask("POST", f"{APP}/issues", {"title": "x"}, **read_only)
    place = await hub.client.get(APP, **read_only)

    assert answer.status == 403 and answer.headers["x-accepted-github-permissions"] == "issues=write"
    assert answer.body["message"] == "Resource not accessible by personal access token"
    assert place.body["permissions"]["push"] is False


async def test_a_used_up_limit_says_when_it_ends(hub: Hub) -> None:
    """403 with the reset in seconds of the epoch; after the hour it works again."""
    hub.sandbox.use_up("core")
    refused = await hub.client.get(f"{APP}/issues")
    rate = await hub.client.get("/rate_limit")
    hub.clock.advance(hours=1)
    again = await hub.client.get(f"{APP}/issues")

    assert (refused.status, refused.headers["x-ratelimit-remaining"]) == (403, "0")
    assert int(refused.headers["x-ratelimit-reset"]) > hub.clock.now.timestamp() - 3_600
    assert rate.body["resources"]["core"]["remaining"] == 0
    assert again.status == 200


async def test_too_much_writing_meets_the_secondary_limit(hub: Hub) -> None:
    """429 with Retry-After, which the primary limit does not have."""
    hub.sandbox.use_up("content")
    refused = await hub.client.post(f"{APP}/issues/1/comments", {"body": "x"})

    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    assert (await hub.client.get(f"{APP}/issues")).status == 200


async def test_milestones_and_releases(hub: Hub) -> None:
    """Milestones by date with those without one last; releases newest first, without drafts."""
    milestones = await hub.client.get(f"{APP}/milestones")
    hub.sandbox.publish_release("v8.4.1", body="Fixes #1")
    releases = await hub.client.get(f"{APP}/releases?per_page=1")
    tagged = await hub.client.get(f"{APP}/releases/tags/v8.4.0")

    assert [one["title"] for one in milestones.body] == ["8.5.0", "8.4.1", "Later"]
    assert milestones.body[1]["open_issues"] == 1
    assert [one["tag_name"] for one in releases.body] == ["v8.4.1"] and 'rel="next"' in releases.headers["link"]
    assert (tagged.body["body"], (await hub.client.get(f"{APP}/releases/tags/v9")).status) == ("Fixes #3", 404)


async def test_people_may_be_assigned(hub: Hub) -> None:
    """Everybody of the seed, in pages."""
    everybody = await hub.client.get(f"{APP}/assignees?per_page=100")
    login = everybody.body[-1]["login"]
    changed = await hub.client.ask("PATCH", f"{APP}/issues/1", {"assignees": [login]})
    first = await hub.client.get(f"{APP}/assignees?per_page=1")

    assert [one["login"] for one in changed.body["assignees"]] == [login]
    assert len(first.body) == 1 < len(everybody.body) and 'rel="next"' in first.headers["link"]


async def test_webhooks_are_signed_and_tell_what_changed(hub: Hub) -> None:
    """A ping first; each event in order, signed over the bytes that arrive."""
    hub.sandbox.set_webhook(hub.client.hook_url, "secret")
    hub.sandbox.edit_issue(1, title="Loss")
    hub.sandbox.set_milestone(1, "8.5.0")
    hub.sandbox.publish_release("v8.4.1")
    heard = hub.client.heard
    await eventually(lambda: len(heard) == 7)

    events = [(one.headers["X-GitHub-Event"], one.body.get("action")) for one in heard]
    assert events == [
        ("ping", None),
        ("issues", "edited"),
        ("issues", "demilestoned"),
        ("issues", "milestoned"),
        ("release", "created"),
        ("release", "published"),
        ("release", "released"),
    ]
    assert heard[1].body["changes"] == {"title": {"from": "US East loses packets"}}
    digest = hmac.new(b"secret", heard[1].raw, hashlib.sha256).hexdigest()
    assert heard[1].headers["X-Hub-Signature-256"] == f"sha256={digest}"


async def test_a_webhook_whose_content_type_nobody_chose_is_a_form(hub: Hub) -> None:
    """The JSON is one field of it, and the signature is over the form."""
    hub.sandbox.set_webhook(hub.client.hook_url, "secret", form=True)
    heard = hub.client.heard
    await eventually(lambda: heard)

    assert heard[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert heard[0].raw.startswith(b"payload=%7B%22zen%22")
    assert heard[0].body["zen"] == "Keep it logically awesome."
    digest = hmac.new(b"secret", heard[0].raw, hashlib.sha256).hexdigest()
    assert heard[0].headers["X-Hub-Signature-256"] == f"sha256={digest}"


async def test_a_delivery_is_repeated_only_when_asked(hub: Hub) -> None:
    """GitHub gives up after one failure; a person's redelivery has the same id and body."""
    hub.client.hook_status.append(500)
    hub.sandbox.set_webhook(hub.client.hook_url)
    await eventually(lambda: hub.sandbox.deliveries()[0]["outcome"])
    failed = hub.sandbox.deliveries()[0]
    hub.sandbox.redeliver(failed["id"])
    await eventually(lambda: len(hub.client.heard) == 2)

    assert (failed["outcome"], failed["attempts"]) == ("500", 1)
    first, second = hub.client.heard
    assert (first.headers["X-GitHub-Delivery"], first.raw) == (second.headers["X-GitHub-Delivery"], second.raw)


async def test_faults_come_as_often_as_told(hub: Hub) -> None:
    """A status with Retry-After, then a lost answer to a write that was done, then all is well."""
    hub.sandbox.fail_next(status=503, retry_after=7)
    hub.sandbox.fail_next(method="POST", lose_answer=True)
    unavailable = await hub.client.get(f"{APP}/issues")
    with pytest.raises(aiohttp.ClientError):
        await hub.client.post(f"{APP}/issues/1/comments", {"body": "once"})

    assert (unavailable.status, unavailable.headers["retry-after"]) == (503, "7")
    assert [one["body"] for one in (await hub.client.get(f"{APP}/issues/1/comments")).body] == ["once"]


async def test_acts_are_control_requests_too(hub: Hub) -> None:
    """By name with their arguments; a wrong one is told the right ones."""
    done = await hub.client.post("/control/close_issue", {"number": 1})
    wrong = await hub.client.post("/control/close_issue", {"numer": 1})
    missing = await hub.client.post("/control/move_milestone", {"title": "9", "due_on": "2026-12-24"})
    known = await hub.client.get("/control")

    assert (done.status, (await hub.client.get(f"{APP}/issues/1")).body["state"]) == (200, "closed")
    assert wrong.status == 400 and "close_issue(number: int" in wrong.body["error"]
    assert missing.status == 400 and "no milestone '9'" in missing.body["error"]
    assert "transfer" in known.body["acts"]


async def test_an_issue_has_a_page_for_people(hub: Hub) -> None:
    """Its html_url answers without a token, and texts are escaped."""
    hub.sandbox.edit_issue(1, body="<script>alert(1)</script>")
    html_url = (await hub.client.get(f"{APP}/issues/1")).body["html_url"]
    page = await hub.client.get(html_url.partition("/below")[2], Authorization="")

    assert page.status == 200
    assert "&lt;script&gt;" in page.body and "<script>" not in page.body
