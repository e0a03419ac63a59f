"""Rate limits: always on, by Slack's tiers."""

from tests.sandbox.slack.harbor import BOT_TOKEN, Harbor


async def test_posting_is_one_a_second_per_channel_after_a_short_burst(slack: Harbor) -> None:
    """Another channel is not concerned."""
    burst = [await slack.error("chat.postMessage", channel="C0T2TECH", text="x") for _ in range(5)]
    elsewhere = await slack.error("chat.postMessage", channel="C0INC", text="x")
    slack.clock.move(1)
    later = [await slack.error("chat.postMessage", channel="C0T2TECH", text="x") for _ in range(2)]

    assert burst == ["", "", "", "", "ratelimited"]
    assert elsewhere == ""
    assert later == ["", "ratelimited"]


async def test_a_429_carries_retry_after(slack: Harbor) -> None:
    """Whole seconds until one call is possible."""
    ts = (await slack.raw("chat.postMessage", channel="C0T2TECH", text="x"))["ts"]
    update = {"channel": "C0T2TECH", "ts": ts, "text": "y"}
    errors = [await slack.error("chat.update", **update) for _ in range(50)]
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with slack.http.post(f"{slack.base}/api/chat.update", data=update, headers=headers) as response:
        status, wait = response.status, response.headers["Retry-After"]
    slack.clock.move(float(wait))

    assert set(errors) == {""}
    assert (status, wait) == (429, "2")
    assert await slack.error("chat.update", **update) == ""


async def test_tier_2_is_twenty_a_minute(slack: Harbor) -> None:
    """For users.list."""
    errors = [await slack.error("users.list") for _ in range(21)]

    assert errors == [""] * 20 + ["ratelimited"]


async def test_one_method_can_be_told_to_be_over_its_limit(slack: Harbor) -> None:
    """Each answer says what is left of it; posts, edits and other methods go on."""
    ts = (await slack.raw("chat.postMessage", channel="C0T2TECH", text="x"))["ts"]
    mark = {"channel": "C0T2TECH", "timestamp": ts, "name": "eyes"}
    slack.sandbox.control.limit(40, method="reactions.add")
    refused = await slack.error("reactions.add", **mark)
    others = [await slack.error("chat.postMessage", channel="C0T2TECH", text="x"), await slack.error("users.list")]
    slack.clock.move(39)
    still = await slack.error("reactions.add", **mark)
    slack.clock.move(2)

    assert (refused, still, others) == ("ratelimited", "ratelimited", ["", ""])
    assert await slack.error("reactions.add", **mark) == ""


async def test_one_channel_can_be_told_to_be_over_its_limit(slack: Harbor) -> None:
    """For posts alone."""
    ts = (await slack.raw("chat.postMessage", channel="C0T2TECH", text="x"))["ts"]
    slack.sandbox.control.limit(40, channel="C0T2TECH")

    assert await slack.error("chat.postMessage", channel="C0T2TECH", text="x") == "ratelimited"
    assert await slack.error("chat.postMessage", channel="C0INC", text="x") == ""
    assert await slack.error("chat.update", channel="C0T2TECH", ts=ts, text="y") == ""
