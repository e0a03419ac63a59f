"""The container image, as far as it can be read without building it."""

import re
from pathlib import Path

from bot.app.build import DRAIN_S
from bot.tasks import CANCEL_S
from tests.image.base import pinned_base
from tests.image.engine import CONFINED, GRACE_S

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"docker run [^`]*?secondline\n", README, re.DOTALL)


def test_base_images_are_named_by_digest() -> None:
    """A tag is another image tomorrow; all stages have the same."""
    assert re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", pinned_base())
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${BASE}"}


def test_the_container_comes_back() -> None:
    """A bot that ended because Slack was away for too long is started again, as the Dockerfile expects."""
    assert COMMANDS
    assert all("--restart unless-stopped" in command for command in COMMANDS)
    assert "--restart unless-stopped" in DOCKERFILE


def test_the_readme_runs_the_container_as_it_is_tried() -> None:
    options = [*CONFINED, f"--stop-timeout={GRACE_S}"]

    assert all(option.replace("=", " ") in command for command in COMMANDS for option in options)


def test_the_engine_waits_for_the_bot_to_finish() -> None:
    assert GRACE_S > DRAIN_S + CANCEL_S
