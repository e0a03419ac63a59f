"""What waits for other processes stands where `make test` looks for it: with more workers than there are cores."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
MARKED = re.compile(r"\bmark\.(?:story|browser|netlab)\b")


def test_stories_browsers_and_labs_are_in_the_folders_of_the_makefile() -> None:
    """Elsewhere they would run in no step at all."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    folders = re.findall(r"^WAITING_IN := (.*)$", makefile, re.MULTILINE)[0].split()
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if MARKED.search(path.read_text(encoding="utf-8"))]
    elsewhere = [path for path in marked if not any(path.is_relative_to(ROOT / folder) for folder in folders)]

    assert len(marked) > 20
    assert [path.name for path in elsewhere if path != Path(__file__)] == []
