"""What waits for other processes stands where `make test` looks for it: with more workers than there are cores."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MARKS = {"MEASURING_IN": ("browser", "netlab"), "STORIES_IN": ("story",)}
"""The Makefile's variables, and the marks of what it looks for there."""
HEAVY = re.compile(r"^from (?:commands|playwright|tests\.world)\b", re.MULTILINE)


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


def test_stories_without_a_browser_need_neither_a_browser_nor_commands() -> None:
    """Each of many workers imports them all: what talks to the bot over the wire takes none of its seconds to start."""
    story_files = (ROOT / "tests" / "stories").glob("*.py")
    stories = [path.read_text(encoding="utf-8") for path in story_files]

    assert len(stories) > 50
    assert not [
        text for text in stories if re.search(r"^from (?:commands|playwright|tests\.world)\b", text, re.MULTILINE)
    ]
