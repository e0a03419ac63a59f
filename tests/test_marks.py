"""What waits for other processes stands where `make test` looks for it: with more workers than there are cores."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MARKS = {"MEASURING_IN": ("browser", "netlab"), "STORIES_IN": ("story",)}
"""The Makefile's variables, and the marks of what it looks for there."""


@pytest.mark.parametrize("variable", MARKS)
def test_stories_browsers_and_labs_are_in_the_folders_of_the_makefile(variable: str) -> None:
    """Elsewhere they would run in no step at all."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    folders = re.findall(rf"^{variable} := (.*)$", makefile, re.MULTILINE)[0].split()
    mark = re.compile(rf"\bmark\.(?:{'|'.join(MARKS[variable])})\b")
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if mark.search(path.read_text(encoding="utf-8"))]
    elsewhere = [path for path in marked if not any(path.is_relative_to(ROOT / folder) for folder in folders)]

    assert len(marked) > 10
    assert [path.name for path in elsewhere if path != Path(__file__)] == []
