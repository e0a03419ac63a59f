"""The image as operators run it: confined as far as an engine can, against a sandbox outside of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.image.base import DOCKERFILE, RELEASE
from tests.image.engine import Engine
from tests.image.secrets import MARK
from tests.stories.town import Town, open_town

pytestmark = [pytest.mark.image, pytest.mark.timeout(600)]

MACHINE_CERTIFICATES = Path("/usr/local/share/ca-certificates")
"""Where Debian keeps what an administrator trusts besides the public authorities."""
CERTIFICATE_LINE = re.compile(rb"-----BEGIN CERTIFICATE-----\s+\S+\s+(\S+)")
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}")


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    """A sandbox on this machine, whose bot comes from the image when it is started."""
    await asyncio.to_thread(engine.remove)  # what a run left behind that was killed
    async with open_town(start=False, launch=engine.launch) as town:
        yield town
        await asyncio.to_thread(engine.remove)  # the bot may wait for this sandbox to answer


def test_it_runs_as_its_own_user_without_any_capability(engine: Engine) -> None:
    status = engine.run("/proc/self/status", options=("--entrypoint=cat",)).stdout
    fields = dict(re.findall(r"^(\w+):\s*(.*)$", status, re.MULTILINE))

    assert set(fields["Uid"].split()) == {"10001"}
    assert "0" not in fields["Gid"].split()
    assert {int(fields[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert fields["NoNewPrivs"] == "1"


def test_only_its_data_can_be_written(engine: Engine) -> None:
    kernel = r"( -path /proc -o -path /sys -o -path /dev ) -prune".split()
    found = engine.run("/", *kernel, "-o", "-writable", "-print", options=("--entrypoint=find",))

    assert found.stdout.split() == ["/data"]


def test_pings_need_no_capability(engine: Engine) -> None:
    """With the sysctl of the README, and with the example settings."""
    settings = f"--volume={DOCKERFILE.parent / 'secondline.toml'}:/etc/secondline.toml:ro"
    tokens = ("--env=SLACK_BOT_TOKEN=xoxb-1", "--env=SLACK_APP_TOKEN=xapp-1", "--env=SLACK_API_URL=http://127.0.0.1:9/")
    sysctl = "--sysctl=net.ipv4.ping_group_range=0 2147483647"
    check = engine.run("check", options=(sysctl, settings, *tokens))

    assert "ok    ICMP IPv4: ok (ping socket)" in check.stdout
    assert "FAIL  Slack bot token: Slack does not answer" in check.stdout
    assert check.returncode == 1


def test_programs_beside_the_bot_have_what_they_need(engine: Engine) -> None:
    """Libraries with C++ and Rust of their own, and the signatures of logs."""
    drawing, reading = "import vl_convert", "from bot.customer_logs.reading.knowledge import knowledge"
    words = f"{drawing}; {reading}; print(len(knowledge().signatures))"
    known = engine.run("-c", words, options=("--entrypoint=python",))

    assert int(known.stdout) >= 80, known.stderr


async def test_check_passes_with_a_settings_file(town: Town) -> None:
    await town.bot.start("check")

    assert await town.bot.ended(within_s=60) == 0
    assert "ok    Database: ok, /data/secondline.db" in town.bot.output
    assert "ok    Slack bot token: ok" in town.bot.output
    assert "ok    Zendesk: " in town.bot.output
    assert "FAIL" not in town.bot.output


async def test_the_bot_connects_answers_and_ends_when_it_is_stopped(town: Town, engine: Engine) -> None:
    """Status 0 is an end in order: one that takes longer than the engine waits is killed, and leaves 137."""
    await town.bot_starts()
    await town.kim.types("#t2-tech", "/investigate us-east packet loss")
    await town.kim.sees("#t2-tech", "owns INV-")
    await asyncio.to_thread(engine.stop)

    assert await town.bot.ended() == 0
    assert "stopping" in town.bot.output
    assert "Traceback" not in town.bot.output


def test_nothing_of_the_building_machine_is_in_it(engine: Engine) -> None:
    """Neither pip's settings, nor certificates, nor any private key, in any layer."""
    certificates = b"".join(path.read_bytes() for path in MACHINE_CERTIFICATES.rglob("*.crt"))
    known = [MARK.encode(), *CERTIFICATE_LINE.findall(certificates)]

    for layer in engine.layers():
        assert not [secret for secret in known if secret in layer]
        assert not PRIVATE_KEY.search(layer)


def test_the_stand_in_is_of_the_same_release(engine: Engine) -> None:
    """Where the base of the Dockerfile can be fetched, this holds the release of its stand-in equal to it."""
    release = engine.run("/etc/os-release", options=("--entrypoint=cat",)).stdout

    assert f"VERSION_CODENAME={RELEASE}\n" in release
