"""What `make test` runs, and what it says of it."""

import os
import sys
from pathlib import Path

import pytest

from tests import checks


def python(code: str) -> str:
    return f"{sys.executable} -c '{code}'"


def test_both_lanes_run_and_one_failure_fails_all(capsys: pytest.CaptureFixture[str]) -> None:
    """What a step printed stands together, and the steps after a failed one run too."""
    status = checks.main(
        [f"first={python('print(1); exit(3)')}", f"second={python('print(2)')}", f"+third={python('')}"]
    )
    said = capsys.readouterr().out

    assert status == 1
    assert "== second: " in said and "\n2\n" in said
    assert sorted(line.split()[:2] for line in said.splitlines() if line.startswith(("  ok ", "  FAILED "))) == [
        ["FAILED", "first"],
        ["ok", "second"],
        ["ok", "third"],
    ]
    assert "some checks failed" in said


def test_lanes_go_side_by_side(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Each waits for the other one at a pipe: one after the other they would wait for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert checks.main([f"reads=cat {pipe}", f"+writes=cp /dev/null {pipe}"]) == 0
    assert "all checks passed" in capsys.readouterr().out


def test_what_computes_gives_way(capsys: pytest.CaptureFixture[str]) -> None:
    """However nice whoever started it is."""
    here, nice = os.nice(0), python("import os; print(os.nice(0))")
    checks.main([f"computes={nice}", f"+waits={nice}"])
    said = capsys.readouterr().out.split("== ")

    assert [int(part.splitlines()[1]) for part in sorted(said) if part.startswith(("computes", "waits"))] == [
        min(here + checks.GIVES_WAY, 19),
        here,
    ]
