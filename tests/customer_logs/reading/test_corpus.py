"""Logs in the shape of real ones: what must be found in each is."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.customer_logs.reading.knowledge import knowledge
from tests.customer_logs.reading.reading import NOW, reports

CORPUS = Path(__file__).parent.parent / "corpus"
EXPECTED = sorted(CORPUS.glob("*.toml"))
KEYS = {
    *("program", "version", "platform", "system", "zone", "first_at", "last_at", "found", "consequences", "line"),
    *("unusual", "limits", "never", "now"),
}


def log_of(expected: Path) -> Path:
    (log,) = (path for path in CORPUS.glob(f"{expected.stem}.*") if path.suffix != ".toml")
    return log


def told(report: dict[str, Any]) -> dict[str, Any]:
    """A report as the files of the corpus have it."""
    findings = report["findings"]
    return report | {
        "found": [finding["signature"] for finding in findings],
        "consequences": [finding["signature"] for finding in report["consequences"]],
        "line": findings[0]["line"]["number"] if findings else 0,
        "unusual": [line["number"] for line in report["unusual"]],
        "limits": [limit["kind"] for limit in report["limits"]],
    }


def test_every_log_has_its_expectations() -> None:
    """And nothing else lies there."""
    assert len(EXPECTED) >= 30
    logs = {path.stem for path in CORPUS.iterdir() if path.suffix not in (".toml", ".md")}
    assert logs == {path.stem for path in EXPECTED}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_what_must_be_found(expected: Path) -> None:
    """Program, times, findings in their order; what must be masked is nowhere."""
    wanted = tomllib.loads(expected.read_text(encoding="utf-8"))
    assert set(wanted) <= KEYS and "found" in wanted
    assert set(wanted["found"]) <= set(knowledge().signatures)
    log, now, never = log_of(expected), wanted.pop("now", NOW), wanted.pop("never", [])

    read = reports(log.name, log.read_bytes(), now=now)
    found = told(read[0])

    assert {key: found[key] for key in wanted} == wanted
    assert [secret for secret in never if secret in json.dumps(read, ensure_ascii=False)] == []
