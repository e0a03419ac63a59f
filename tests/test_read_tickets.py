"""`secondline tickets read`: a line a ticket, whatever is wrong with another."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.read_tickets import LINE_MAX, read_tickets
from tests.reading.catalogs import reader

ROOT = Path(__file__).parent.parent
CONFIG = """
[targets.us-east]
title = "U.S. East"
kind = "gateway"
hosts = ["us-east.gateways.example"]
[reading]
fields = { 7 = "platform" }
symptoms = { port-forwarding = ["port forward*"] }
"""
ROW = {
    "id": 12,
    "subject": "US East keeps dropping",
    "description": "error 809 on 8.4.1",
    "tags": ["vip"],
    "custom_fields": [{"id": 7, "value": "android"}, {"id": 8, "value": None}],
}


def read(data: bytes) -> tuple[list[dict[str, Any]], str, bool]:
    out, err = io.StringIO(), io.StringIO()
    fine = read_tickets(io.BytesIO(data), reader(), {"7": "platform"}, out=out, err=err)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), fine


def test_a_ticket_is_a_line() -> None:
    rows, err, fine = read(json.dumps(ROW).encode())

    assert (err, fine) == ("", True)
    assert rows == [
        {
            "id": 12,
            "affected": ["us-east"],
            "elsewhere": [],
            "symptom": "drops",
            "platform": "android",
            "version": "app 8.4.1",
            "codes": ["809"],
            "language": "en",
        }
    ]


def test_a_bad_line_loses_nothing_of_the_others() -> None:
    good = json.dumps(ROW).encode()
    long = b'{"id": 1, "subject": "' + b"x" * LINE_MAX + b'"}'
    bad = [b"{", b"[1]", b'{"subject": "no id"}', b'{"id": 3, "subject": "\xff"}', long, b"[" * 100_000]
    rows, err, fine = read(b"\n".join([good, *bad, b"", b"\xef\xbb\xbf" + good]))

    assert ([row["id"] for row in rows], fine) == ([12, 12], False)
    assert [line.split(":")[0] for line in err.splitlines()] == [f"line {number}" for number in range(2, 8)]
    assert 'no "id"' in err and "not UTF-8" in err and "longer than" in err


def test_odd_values_are_empty_ones() -> None:
    odd = {"id": "x1", "subject": 5, "description": None, "tags": {"a": 1}, "custom_fields": [1, {"id": []}]}
    rows, err, _ = read(json.dumps(odd).encode())

    assert (rows[0]["id"], rows[0]["affected"], rows[0]["symptom"], err) == ("x1", [], None, "")


def secondline(folder: Path, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The program with nothing in its environment but where the settings are."""
    (folder / "config.toml").write_text(CONFIG)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SECONDLINE_CONFIG": str(folder / "config.toml"),
    }
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(
        command, input=stdin, capture_output=True, env=environment, cwd=folder, timeout=60, check=False
    )


def test_the_program_needs_no_account(tmp_path: Path) -> None:
    """Neither Slack nor Zendesk, nor a team: only the targets and [reading]."""
    (tmp_path / "export.ndjson").write_text(json.dumps(ROW) + "\nnonsense\n")
    ran = secondline(tmp_path, "tickets", "read", "export.ndjson")

    assert (ran.returncode, json.loads(ran.stdout)["platform"]) == (1, "android")
    assert ran.stderr.startswith(b"line 2: no JSON")


def test_the_program_reads_what_is_piped(tmp_path: Path) -> None:
    ran = secondline(tmp_path, "tickets", "read", "-", stdin=json.dumps(ROW).encode())

    assert (ran.returncode, json.loads(ran.stdout)["affected"], ran.stderr) == (0, ["us-east"], b"")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    ran = secondline(tmp_path, "tickets", "read", "none.ndjson")

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.decode().strip() == "none.ndjson can't be read: No such file or directory."
