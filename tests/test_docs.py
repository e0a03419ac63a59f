"""What documents for people who work on the bot say of its files is true: each path in them is one that is there."""

import builtins
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "bot").glob("**/README.md"))
    if path.name != "CHANGELOG.md"
)
"""A changelog tells of what was; the seeds of the sandbox are texts of somebody else's."""
OF_EVERY_ROOM = {"CONTRIBUTING.md", "bot/README.md"}
"""These speak of the parts that rooms have, `cards.py`, without saying whose."""
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:py|md|toml|yml)|(?:[\w.-]+/)+")
_NAME = re.compile(r"[A-Za-z_]\w{2,}(?:\.\w+)*")
_LINK = re.compile(r"\]\(([^)#\s]+)\)")


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def is_there(name: str, document: str) -> bool:
    """From the root, from the bot's folder, or beside the document."""
    folders = (ROOT, ROOT / "bot", (ROOT / document).parent)
    return any((folder / name).exists() for folder in folders) or (
        document in OF_EVERY_ROOM and any((ROOT / "bot").glob(f"*/{name}"))
    )


def test_documents_are_found() -> None:
    """The others hold nothing where nothing is read."""
    assert {"README.md", "CONTRIBUTING.md", "bot/README.md", "bot/probes/README.md"} <= set(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_are_there(document: str) -> None:
    """In backticks, and behind links."""
    quoted = [name for name in _QUOTED.findall(read(document)) if _PATH.fullmatch(name)]
    links = [link for link in _LINK.findall(read(document)) if not link.startswith("http")]

    assert [name for name in (*quoted, *links) if not is_there(name, document)] == []


def test_names_are_in_the_code() -> None:
    """CONTRIBUTING names classes and constants that the files have."""
    sources = [path.read_text(encoding="utf-8") for folder in ("bot", "commands", "tests") for path in python(folder)]
    words = {*re.findall(r"\w+", "\n".join(sources)), *dir(builtins)}
    names = [name for name in _QUOTED.findall(CONTRIBUTING) if _NAME.fullmatch(name) and not _PATH.fullmatch(name)]

    assert names
    assert [name for name in names if not set(name.split(".")) <= words] == []


def python(folder: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if path != Path(__file__)]


def test_the_example_of_a_probe_is_the_file() -> None:
    """Each line of the example is one of the file that it shows, but for comments and what is left out."""
    [example] = re.findall(r"```python\n(.+?)```", CONTRIBUTING, re.S)
    file = (ROOT / "bot/probes/web/tcp.py").read_text(encoding="utf-8").splitlines()
    lines = [line.partition("  #")[0].rstrip() for line in example.splitlines()]

    assert [line for line in lines if line.strip() not in ("", "...") and line not in file] == []
