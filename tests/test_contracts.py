"""The import contracts in pyproject.toml mean something: import-linter itself runs beside the tests."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LINTER: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]

# Imports that must not be, each with the contract that is there to refuse it.
BAD_IMPORTS = [
    ("bot/targets/model.py", "import asyncio", "Models and cards are pure"),
    ("bot/messages/model.py", "import bot.slack.text", "A model knows no other part of its room"),
    ("bot/investigations/store.py", "import bot.slack.blocks", "Services and stores know neither Slack nor cards"),
    ("bot/targets/model.py", "import bot.investigations.model", "Rooms are stacked"),
    ("bot/slack/text.py", "import bot.tickets.model", "Slack's border knows owed messages, and no other room"),
    ("bot/web/__init__.py", "import bot.database", "The edges reach the rooms through services"),
    ("bot/probes/model.py", "import bot.messages.store", "Owed messages are written by their own store"),
    ("bot/web/__init__.py", "import bot.investigations.store", "The store of investigations is its own"),
    ("bot/investigations/service.py", "import bot.tickets.store", "The store of tickets is its own"),
    ("bot/investigations/service.py", "import bot.probes.store", "The store of probe runs is its own"),
    ("bot/investigations/service.py", "import bot.known_issues.store", "The store of known issues is its own"),
    ("bot/web/__init__.py", "import bot.escalations.store", "The store of escalations is its own"),
    ("bot/web/__init__.py", "import bot.status.store", "The stores of status are its own"),
    ("bot/status/service.py", "import bot.status.alertmanager", "The status adapters are chosen in one place"),
    ("bot/web/__init__.py", "import bot.replies.store", "The store of replies is its own"),
    ("bot/web/__init__.py", "import bot.briefings.store", "The store of briefings is its own"),
    ("bot/web/__init__.py", "import bot.handoffs.store", "The store of handoffs is its own"),
    ("bot/web/__init__.py", "import bot.releases.store", "The store of releases is its own"),
    ("bot/tickets/model.py", "import bot.tickets.zendesk.desk", "The Zendesk adapter is chosen in one place"),
    ("bot/tickets/model.py", "import bot.known_issues.github.api", "The adapters of trackers are chosen in one place"),
    ("bot/database.py", "import bot.settings", "Only what builds the bot reads settings"),
    ("bot/clock.py", "import bot.sandbox", "Nothing shipped imports the sandbox"),
    ("bot/sandbox/__init__.py", "import bot.slack.text", "The sandbox shares no code with what it tests"),
    ("bot/probes/model.py", "import slack_sdk", "Outside libraries stay behind their adapters"),
]


def modules() -> Iterator[str]:
    """The dotted names of all modules and packages."""
    for package in LINTER["root_packages"]:
        for path in (ROOT / package).rglob("*.py"):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def patterns() -> Iterator[tuple[str, str]]:
    """Every name with a wildcard, with the contract in which it stands."""
    for contract in LINTER["contracts"]:
        for names in contract.values():
            for name in names if isinstance(names, list) else []:
                if "*" in name:
                    yield contract["name"], name


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, to spoil."""
    folder = tmp_path_factory.mktemp("copy")
    for package in LINTER["root_packages"]:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "page"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(("contract", "pattern"), list(patterns()))
def test_a_wildcard_matches_a_module(contract: str, pattern: str) -> None:
    """import-linter takes a pattern that matches nothing for kept, so a slip of the pen would pass for ever."""
    regex = re.escape(pattern).replace(r"\*\*", r"[\w.]+").replace(r"\*", r"\w+")

    assert any(re.fullmatch(regex, module) for module in modules()), f"{contract!r}: {pattern} matches no module"


@pytest.mark.parametrize(("path", "line", "contract"), BAD_IMPORTS)
def test_a_contract_refuses_a_bad_import(copy: Path, path: str, line: str, contract: str) -> None:
    """A contract that nothing can break guards nothing."""
    sound = (copy / path).read_text(encoding="utf-8")
    (copy / path).write_text(f"{sound}\n{line}\n", encoding="utf-8")
    linter = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(linter, cwd=copy, capture_output=True, text=True, check=False, timeout=50)
    (copy / path).write_text(sound, encoding="utf-8")

    assert re.search(rf"^{re.escape(contract)}.* BROKEN$", done.stdout, re.MULTILINE), done.stdout + done.stderr


def test_each_contract_has_a_bad_import() -> None:
    """A new contract comes with an import that it refuses."""
    untried = [
        contract["name"]
        for contract in LINTER["contracts"]
        if not any(contract["name"].startswith(name) for _, _, name in BAD_IMPORTS)
    ]

    assert untried == []
