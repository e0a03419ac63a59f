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


TIMES = """
from pathlib import Path

HERE = Path(__file__).parent

def first_time(name):
    before = (HERE / name).exists()
    (HERE / name).touch()
    return not before

def test_fails_at_first():
    assert not first_time("tried")

def test_fails_if_it_runs_twice():
    assert first_time("passed")

def test_fails_while_it_is_broken():
    assert not (HERE / "broken").exists()
"""


@pytest.mark.parametrize(
    ("words", "broken", "status"), [(["--again=tests"], False, 0), (["--again=tests"], True, 1), ([], False, 1)]
)
def test_what_failed_beside_others_is_tried_once_more_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], broken: bool, status: int
) -> None:
    """Only the tests that failed, and only where that was asked for; what fails alone too has failed."""
    (tmp_path / "test_times.py").write_text(TIMES)
    if broken:
        (tmp_path / "broken").touch()
    pytest_here = f"{sys.executable} -m pytest -q -c /dev/null --rootdir {tmp_path} {tmp_path}"

    assert checks.main([*words, f"tests={pytest_here}"]) == status
    assert ("tests, alone" in capsys.readouterr().out) is bool(words)


def test_what_computes_gives_way(capsys: pytest.CaptureFixture[str]) -> None:
    """However nice whoever started it is."""
    here, nice = os.nice(0), python("import os; print(os.nice(0))")
    checks.main([f"computes={nice}", f"+waits={nice}"])
    said = capsys.readouterr().out.split("== ")

    assert [int(part.splitlines()[1]) for part in sorted(said) if part.startswith(("computes", "waits"))] == [
        min(here + checks.GIVES_WAY, 19),
        here,
    ]
