"""`secondline trends replay`: an export in any order, with bad lines, through reading and detector."""

import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.reading.reader import TicketReader
from bot.targets.model import Catalog, Target
from bot.trends.detector.detector import Detector
from bot.trends.detector.model import DetectorSettings
from bot.trends.replay import Export, replay

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
BURST = MONDAY + timedelta(days=9, hours=12)
CITIES = {"us-east": "U.S. East", "berlin": "Berlin", "tokyo": "Tokyo"}
CONFIG = "".join(
    f'[targets.{key}]\ntitle = "{title}"\nkind = "gateway"\nhosts = ["{key}.test"]\n' for key, title in CITIES.items()
)
KEYS = ["at", "target", "symptom", "words", "customers", "expected", "score", "ticket_ids", "fleet"]


def row(number: int, at: datetime, subject: str, **given: object) -> dict[str, Any]:
    stamp = at.isoformat().replace("+00:00", "Z")
    return {
        "id": number,
        "created_at": stamp,
        "updated_at": stamp,
        "requester_id": 1_000_000 + number,
        "subject": subject,
        "description": "It began an hour ago.",
        "tags": [],
        "status": "open",
        **given,
    }


def usual(until: datetime, *, seed: int = 1) -> list[dict[str, Any]]:
    """Six tickets an hour, about one of three places each."""
    chance, at, found = random.Random(seed), MONDAY, list[dict[str, Any]]()
    while (at := at + timedelta(hours=chance.expovariate(6))) < until:
        said = chance.choice(("can't connect to {}", "{} is slow", "{} keeps dropping"))
        found.append(row(len(found) + 1, at, said.format(chance.choice(list(CITIES.values())))))
    return found


def burst(count: int, subject: str, **given: object) -> list[dict[str, Any]]:
    return [row(10_000 + step, BURST + timedelta(minutes=2 * step), subject, **given) for step in range(count)]


def replayed(rows: Iterable[object], *more: bytes, shuffled: bool = True) -> tuple[list[dict[str, Any]], str, bool]:
    catalog = Catalog(tuple(Target(key, title, "gateway") for key, title in CITIES.items()))
    lines = [*(json.dumps(each).encode() for each in rows), *more]
    if shuffled:
        random.Random(3).shuffle(lines)
    out, err = io.StringIO(), io.StringIO()
    fine = replay(
        io.BytesIO(b"\n".join(lines)),
        Export(read=TicketReader(catalog=catalog).read, meanings={}),
        Detector(settings=DetectorSettings(targets=tuple(CITIES))),
        out=out,
        err=err,
    )
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), fine


def test_an_outage_is_one_line() -> None:
    rows = [*usual(BURST + timedelta(days=1)), *burst(25, "can't connect to U.S. East")]

    alerts, err, fine = replayed(rows)

    assert (err, fine) == ("", True)
    [alert] = alerts
    assert list(alert) == KEYS
    assert (alert["target"], alert["symptom"], alert["fleet"]) == ("us-east", "connect", False)
    assert BURST < datetime.fromisoformat(alert["at"]) < BURST + timedelta(minutes=30)
    assert alert["customers"] > 2 * alert["expected"]
    assert len(set(alert["ticket_ids"]) & set(range(10_000, 10_025))) >= 5


def test_order_and_restated_rows_change_nothing() -> None:
    rows = [*usual(BURST + timedelta(hours=6)), *burst(25, "can't connect to U.S. East")]

    assert replayed(rows, shuffled=False) == replayed([*rows, *rows[::3]])


def test_what_left_is_not_counted() -> None:
    merged = burst(25, "can't connect to U.S. East", tags=["closed_by_merge"], updated_at="2026-07-01T00:00:00Z")
    deleted = burst(25, "can't connect to U.S. East", status="deleted", updated_at="2026-07-01T00:00:00Z")

    for gone in (merged, deleted):
        rows = [*usual(BURST + timedelta(hours=6)), *burst(25, "can't connect to U.S. East"), *gone]
        assert replayed(rows, shuffled=False)[0] == []


def test_words_that_nobody_configured_are_told() -> None:
    rows = [*usual(BURST + timedelta(hours=8)), *burst(14, "everything crashes", description="since iOS 26.2 came")]

    alerts, _, _ = replayed(rows)

    assert len(alerts) == 1
    assert "ios 26.2" in alerts[0]["words"]
    assert alerts[0]["target"] is None


def test_one_angry_customer_is_no_alert() -> None:
    rows = [*usual(BURST + timedelta(hours=6)), *burst(60, "can't connect to U.S. East", requester_id=5)]

    assert replayed(rows)[0] == []


def test_bad_lines_are_told_by_number_and_skipped() -> None:
    bad = [
        b"{",
        b"[1]",
        b'{"id": null, "created_at": "2026-06-01T00:00:00Z"}',
        b'{"id": true, "created_at": "2026-06-01T00:00:00Z"}',
        b'{"id": 4}',
        b'{"id": 5, "created_at": "yesterday"}',
        b'{"id": 6, "created_at": "0001-01-01T00:00:00+23:00"}',
        b'{"id": 7, "created_at": 17}',
        b'{"id": 99999999999999999999, "created_at": "2026-06-01T00:00:00Z"}',
        b'{"id": 9, "created_at": "2026-06-01T00:00:00Z", "subject": "\xff"}',
    ]
    odd = [
        b'{"id": 20001, "created_at": "2026-06-02T00:00:00Z", "subject": null, "tags": "x", "requester_id": {}}',
        b'{"id": "20002", "created_at": "2026-06-02T00:00:00+02:00", "status": 5, "tags": [1, null], "updated_at": 1}',
    ]
    rows = [*usual(BURST + timedelta(hours=6)), *burst(25, "can't connect to U.S. East")]

    alerts, err, fine = replayed(rows, *odd, *bad, shuffled=False)

    first = len(rows) + len(odd) + 1
    assert not fine
    assert [int(line.split(":")[0].removeprefix("line ")) for line in err.splitlines()] == [
        *range(first, first + len(bad))
    ]
    assert [alert["target"] for alert in alerts] == ["us-east"]


def test_nothing_is_nothing() -> None:
    assert replayed([]) == ([], "", True)


def test_the_program_reads_a_file_and_standard_input(tmp_path: Path) -> None:
    config, file = tmp_path / "secondline.toml", tmp_path / "export.ndjson"
    config.write_text(CONFIG + "[trends]\nfalse_per_week = 2\n")
    rows = [*usual(BURST + timedelta(hours=6)), *burst(25, "can't connect to U.S. East")]
    file.write_bytes(b"\n".join(json.dumps(each).encode() for each in rows))
    environment = {
        "SECONDLINE_CONFIG": str(config),
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "bot", "trends", "replay"]

    by_name = subprocess.run([*command, str(file)], env=environment, capture_output=True, timeout=120, check=False)
    by_pipe = subprocess.run(
        [*command, "-"], env=environment, capture_output=True, timeout=120, check=False, input=file.read_bytes()
    )
    none = subprocess.run([*command, str(tmp_path)], env=environment, capture_output=True, timeout=120, check=False)

    assert by_name.returncode == by_pipe.returncode == 0
    assert by_name.stdout == by_pipe.stdout
    assert [json.loads(line)["target"] for line in by_name.stdout.splitlines()] == ["us-east"]
    assert none.returncode == 2
    assert b"can't be read" in none.stderr
