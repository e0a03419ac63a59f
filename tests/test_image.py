"""The container image, as far as it can be read without building it."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
README = (ROOT / "README.md").read_text()


def test_base_images_are_named_by_digest() -> None:
    """A tag is another image tomorrow; all stages have the same."""
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert bases
    assert all(re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", base) for base in bases)
    assert len(set(bases)) == 1


def test_the_container_comes_back() -> None:
    """A bot that ended because Slack was away for too long is started again, as the Dockerfile expects."""
    commands = re.findall(r"docker run [^`]*?secondline\b", README, re.DOTALL)

    assert commands
    assert all("--restart unless-stopped" in command for command in commands)
    assert "--restart unless-stopped" in DOCKERFILE
