"""What stands in the database is read as it was written, also by an older version of the bot."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from bot.known_issues.model import EtaSource, IssueReading, IssueState, Priority, Release, TrackerIssue
from bot.known_issues.rows import ISSUES, READINGS, RELEASES, release_row
from bot.probes.batch import LEFT_OUT, SUBJECTS, LeftOut
from bot.probes.model import Subject
from bot.replies.store import SNAPSHOTS
from bot.status import model as status
from bot.status.store import READINGS as STATUS_READINGS
from bot.stored import Stored
from bot.tickets.answering import Snapshot

AT = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
ISSUE = TrackerIssue(
    tracker="app",
    uid="1",
    key="app#31",
    url="https://x/1",
    title="Züge",
    body="",
    state=IssueState.DONE,
    created_at=AT,
    updated_at=AT,
    closed_at=AT,
    labels=("a",),
    fields={"priority": "High"},
    assignees=("kim",),
    eta_dates={EtaSource.BODY: date(2026, 12, 1)},
)
READING = IssueReading(True, "s", "w", date(2026, 12, 1), EtaSource.BODY, Priority.P1, ("us-east",))
RELEASE = Release("app", "1", "v1", "u", "n", AT, ("1", "2"))
REPORT = status.SourceReading(
    (status.Component("c1", "API", status.Level.DEGRADED, "degraded_performance", "EU", AT, "g1"),),
    (status.Incident("i1", "Slow", "investigating", status.Level.DEGRADED, AT, None, False, ("c1", "API"), "u"),),
    (status.Alert("f", "Loss", (("a", "b"),), AT, "s", "u", True),),
)
SNAPSHOT = Snapshot("open", AT, 1, None, 3, None, ("vip",))
T = "2026-11-20T09:12:00+00:00"

# Each as versions up to November 2026 wrote it, by code of their own.
OLD: list[tuple[Stored[Any], str, object]] = [
    (
        ISSUES,
        f'{{"tracker": "app", "uid": "1", "key": "app#31", "url": "https://x/1", "title": "Züge", "body": "", '
        f'"state": "done", "created_at": "{T}", "updated_at": "{T}", "closed_at": "{T}", "labels": ["a"], '
        '"fields": {"priority": "High"}, "assignees": ["kim"], "fix_version": "", "released": false, '
        '"eta_dates": {"body": "2026-12-01"}}',
        ISSUE,
    ),
    (
        READINGS,
        '{"known": true, "symptom": "s", "workaround": "w", "eta": "2026-12-01", "eta_source": "body", "priority": '
        '"P1", "targets": ["us-east"], "customer_facing": null, "found_by_qa": false, "pending": false}',
        READING,
    ),
    (
        STATUS_READINGS,
        '{"components": [{"id": "c1", "name": "API", "level": "degraded", "word": "degraded_performance", "group": '
        f'"EU", "changed_at": "{T}", "group_id": "g1"}}], "incidents": [{{"id": "i1", "title": "Slow", "stage": '
        f'"investigating", "level": "degraded", "began_at": "{T}", "ends_at": null, "planned": false, "components": '
        '["c1", "API"], "update": "u", "url": ""}], "alerts": [{"fingerprint": "f", "name": "Loss", "labels": '
        f'[["a", "b"]], "began_at": "{T}", "summary": "s", "url": "u", "silenced": true}}]}}',
        REPORT,
    ),
    (
        SNAPSHOTS,
        f'{{"status": "open", "updated_at": "{T}", "requester_id": 1, "assignee_id": null, "group_id": 3, '
        '"problem_id": null, "tags": ["vip"], "comment_id": null}',
        SNAPSHOT,
    ),
    (LEFT_OUT, '[{"what": "w", "why": "y"}]', (LeftOut("w", "y"),)),
    (
        SUBJECTS,
        '{"label": "U.S. East", "hosts": ["a"], "addresses": [], "urls": [], "tls": [], "names": [], "ports": [], '
        '"vpn": [], "wireguard_keys": [], "expect": "", "test_payment": false, "status_of": "", "trusted": true, '
        '"remote": false, "cycles": 0, "typed": false}',
        Subject("U.S. East", hosts=("a",), trusted=True),
    ),
]


@pytest.mark.parametrize(("kind", "text", "record"), OLD)
def test_what_an_older_version_wrote_is_read(kind: Stored[Any], text: str, record: object) -> None:
    """Like what is written now."""
    assert kind.read(text) == record == kind.read(kind.write(record))


@pytest.mark.parametrize("published_at", ["2026-11-20 09:12:00+00:00", T])
def test_an_announced_release_is_read_in_both_forms(published_at: str) -> None:
    """In its own table, and inside of the JSON of an announcement."""
    row = release_row(RELEASE) | {"published_at": published_at, "announced_at": T}

    assert RELEASES.row(json.loads(json.dumps(row))) == RELEASE


@dataclass(frozen=True, slots=True)
class Dose:
    at: datetime
    parts: tuple[str, ...] = ()
    given: bool = False
    note: str = ""


DOSES = Stored[Dose](Dose, json=("parts",))


def test_a_row_becomes_a_record_by_the_types_of_its_fields() -> None:
    """Whole numbers are truths, JSON is a list, "" is nothing; columns that are no field stay outside."""
    row = {"id": 7, "at": T, "parts": '["a", "b"]', "given": 1, "note": "n"}

    assert DOSES.row(row) == Dose(AT, ("a", "b"), True, "n")
    assert DOSES.row(row | {"parts": ""}, given=False, note="m") == Dose(AT, (), False, "m")


def test_fields_come_and_go_with_versions() -> None:
    assert DOSES.read(f'{{"at": "{T}", "colour": "red"}}') == Dose(AT)


def test_what_has_its_default_is_not_written() -> None:
    """Also in what is nested; what a required field holds is."""
    dose, runs = Dose(AT), Stored[tuple[Dose, ...]](tuple[Dose, ...])

    assert DOSES.write(dose) == '{"at":"2026-11-20T09:12:00Z"}'
    assert DOSES.write(Dose(AT, ("a",), True)) == '{"at":"2026-11-20T09:12:00Z","parts":["a"],"given":true}'
    assert runs.write((dose,)) == f"[{DOSES.write(dose)}]"
    assert runs.read(runs.write((dose, Dose(AT, note="n")))) == (dose, Dose(AT, note="n"))


@pytest.mark.parametrize("text", ["", "[]", '{"at": "yesterday"}', f'{{"at": "{T}", "parts": 3}}'])
def test_what_is_no_record_is_an_error(text: str) -> None:
    with pytest.raises(ValidationError):
        DOSES.read(text)
