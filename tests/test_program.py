"""Commands of the `secondline` program: which module does each, and what is imported for it."""

import argparse
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.program import parser

ROOT = Path(__file__).parent.parent
COMMANDS = ("run", "check", "backup F", "restore F", "retention", "tickets read F", "trends replay F")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_names_what_does_it(command: str) -> None:
    words = parser().parse_args(command.split())
    act = getattr(importlib.import_module(words.module), words.act)

    assert [each.annotation for each in inspect.signature(act).parameters.values()] == [argparse.Namespace, Clock]
    assert inspect.signature(act).return_annotation is int


def test_these_are_all(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--help"])
    listed = re.findall(r"^    (\w+)\s", capsys.readouterr().out, re.M)

    assert ended.value.code == 0
    assert set(listed) == {"sandbox", *(each.split()[0] for each in COMMANDS)}


def test_how_it_is_used_is_said_without_the_bot() -> None:
    """A command that is mistyped is refused at once, on a small machine too."""
    said = "import sys, bot.__main__ as m\ntry: m.main(sys.argv[1:])\nexcept SystemExit: print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", said, "bakcup"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    imported = {name for name in done.stdout.split() if name.split(".")[0] in ("bot", "commands")}

    assert "invalid choice: 'bakcup'" in done.stderr
    assert imported == {"bot", "bot.__main__", "bot.clock", "bot.errors", "bot.program"}
