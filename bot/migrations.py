"""The tables, as the list of steps in migrations.sql, and what SQL alone can't do for some of them."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.migrations import Migrations

migrations = Migrations("secondline")
_STEP = re.compile(r"^-- step: (\w+)$", re.M)


def _steps() -> Iterator[tuple[str, str]]:
    """The names of all steps, each with its statements."""
    _, *parts = _STEP.split(Path(__file__).with_suffix(".sql").read_text("utf-8"))
    yield from zip(parts[::2], parts[1::2], strict=True)


def _execute_each(db: sqlite_utils.Database, statements: str) -> None:
    """One after the other, each as far as the end of a line.

    SQLite's own way would commit what is open, and sqlite_utils looks again after every character: half of what making
    a new database took.
    """
    statement = ""
    for line in statements.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip():
        db.execute(statement)


def _verdicts_as_data(db: sqlite_utils.Database) -> None:
    """Old results keep their sentence as what was found or what is wrong."""
    _rewrite_results(db, _as_data)


def _as_data(result: dict[str, Any]) -> dict[str, Any]:
    """A result with its verdict as one sentence, as results were stored before, in the form of one with data."""
    ok, sentence = bool(result["ok"]), str(result["verdict"])
    measured = bool(result.get("could_run", True))
    about = {"name": result["label"]}
    verdict = {"kind": result["kind"], "about": about, "among": 0, "measured": measured}
    rows = [{key: row[key] for key in ("name", "ok", "cells", "reason")} for row in result.get("readings", [])]
    kept = ("kind", "label", "started_at", "duration_s", "columns", "report", "report_name", "remedy", "vantage")
    return {key: result[key] for key in kept if key in result} | {
        "verdict": verdict | ({"found": sentence} if ok else {"wrong": sentence}),
        "readings": rows,
    }


def _rewrite_results(db: sqlite_utils.Database, rewritten: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """One at a time: those of a year take more memory than the bot ever has."""
    for (run_id,) in db.execute("SELECT id FROM probe_runs WHERE result IS NOT NULL").fetchall():
        (text,) = db.execute("SELECT result FROM probe_runs WHERE id = ?", [run_id]).fetchone()
        db.execute("UPDATE probe_runs SET result = ? WHERE id = ?", [json.dumps(rewritten(json.loads(text))), run_id])


def _say_what_rows_are(db: sqlite_utils.Database) -> None:
    """Words, tables and pictures follow from what a result holds of its kind; old ones get it too."""
    for kind, shape, noun, rules_out in (
        ("ping", "addresses", "", "ping of every address"),
        ("mtr", "hops", "", ""),
        ("traceroute", "hops", "", ""),
        ("http", "parts", "addresses", "the web answer"),
        ("dns", "parts", "answers", "DNS"),
        ("tls", "parts", "endpoints", "the certificates"),
        ("tcp", "parts", "ports", "the TCP ports"),
        ("vpn", "parts", "VPN services", "the VPN services"),
        ("payment", "steps", "steps", "the test payment"),
        ("status", "parts", "sources", "the status page"),
        ("page", "parts", "pages", ""),
    ):
        db.execute(
            """UPDATE probe_runs SET result = json_set(result, '$.verdict.shape', ?, '$.verdict.rules_out', ?,
                   '$.verdict.noun', coalesce(nullif(json_extract(result, '$.verdict.noun'), ''), ?))
               WHERE kind = ? AND result IS NOT NULL""",
            [shape, rules_out, noun, kind],
        )


def _places_as_data(db: sqlite_utils.Database) -> None:
    """Where a probe stood, and whether a firewall rejected packets, were to be read from words."""
    _rewrite_results(db, _with_places)


def _with_places(result: dict[str, Any]) -> dict[str, Any]:
    """A result with its place as city, country and network, and with what its path says of firewalls."""
    firewalls = ("prohibited", "filtered", "policy", "reject route", "port unreachable", "protocol unreachable")
    vantage = result.pop("vantage", "local")
    if vantage != "local":
        named, _, network = vantage.partition(" (")
        city, _, country = named.partition(", ")
        result["place"] = {"city": city, "country": country, "network": network.removesuffix(")")}
    for rejects in (result["verdict"].get("path") or {}).get("rejects", ()):
        rejects["filtered"] = any(word in rejects["words"] for word in firewalls)
    return result


_MOMENTS = {
    "owned_s": "'claimed', 'handed_over', 'taken_over'",
    "evidence_s": "'probe', 'tickets', 'note', 'message'",
    "escalated_s": "'escalated'",
    "acknowledged_s": "'acknowledged'",
    "told_s": "'told', 'said'",
    "reopened_s": "'reopened'",
}
"""Columns of investigation_moments, each with the kinds of events of which the first counts."""


def _seconds(column: str) -> str:
    return f"CAST(strftime('%s', {column}) AS INTEGER)"


def _own(link: str) -> str:
    """Whether a ticket is its investigation's own: somebody said so, or it was opened with it."""
    return f"({link}.state = 'confirmed' OR ({link}.of_trend = 1 AND {link}.state <> 'rejected'))"


def _count_moments(db: sqlite_utils.Database) -> None:
    """When each reached what first, and how many tickets are its own: thousands of them are counted at once.

    In seconds, and kept by triggers: true whoever writes. `owned_s` is when anybody first had it.
    """
    first_of_all = ", ".join(
        f"min(CASE WHEN kind IN ({kinds}) THEN {_seconds('at')} END) AS {name}" for name, kinds in _MOMENTS.items()
    )
    first_stays = ", ".join(
        f"{name} = CASE WHEN new.kind IN ({kinds}) THEN coalesce({name}, {_seconds('new.at')}) ELSE {name} END"
        for name, kinds in _MOMENTS.items()
    )
    first_ticket = f"""(SELECT min({_seconds("l.created_at")}) FROM ticket_links l
            WHERE l.investigation_id = investigation_moments.investigation_id AND {_own("l")})"""
    _execute_each(
        db,
        f"""
    CREATE TABLE investigation_moments (
        investigation_id INTEGER PRIMARY KEY REFERENCES investigations, owned_s INTEGER, evidence_s INTEGER,
        escalated_s INTEGER, acknowledged_s INTEGER, told_s INTEGER, reopened_s INTEGER, first_ticket_s INTEGER,
        tickets INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX investigations_opened ON investigations (opened_at);
    INSERT INTO investigation_moments (investigation_id, {", ".join(_MOMENTS)})
        SELECT i.id, {", ".join(f"e.{name}" for name in _MOMENTS)} FROM investigations i
        LEFT JOIN (SELECT investigation_id, {first_of_all} FROM events GROUP BY 1) e ON e.investigation_id = i.id;
    UPDATE investigation_moments SET first_ticket_s = {first_ticket}, tickets = (SELECT count(*) FROM ticket_links l
            WHERE l.investigation_id = investigation_moments.investigation_id AND {_own("l")});
    CREATE TRIGGER moments_begin AFTER INSERT ON investigations BEGIN
        INSERT INTO investigation_moments (investigation_id, owned_s)
            VALUES (new.id, CASE WHEN new.owner IS NOT NULL THEN {_seconds("new.opened_at")} END);
    END;
    CREATE TRIGGER moments_go_on AFTER INSERT ON events WHEN new.kind IN ({", ".join(_MOMENTS.values())}) BEGIN
        UPDATE investigation_moments SET {first_stays} WHERE investigation_id = new.investigation_id;
    END;
    """,
    )
    _opened_by_their_owners(db)
    _count_own_tickets(db, first_ticket)


def _opened_by_their_owners(db: sqlite_utils.Database) -> None:
    """Whoever opened it and had it at once did not claim it: it shows in an owner of whom no event tells, or in one
    who lost it before anybody claimed it."""
    of_owners = "kind IN ('claimed', 'released', 'taken_over', 'handed_over') OR (kind = 'moved' AND about IS NOT NULL)"
    db.execute(f"""
        UPDATE investigation_moments AS m SET owned_s = {_seconds("i.opened_at")} FROM investigations i
        WHERE i.id = m.investigation_id AND coalesce(
            (SELECT kind <> 'claimed' FROM events WHERE investigation_id = i.id AND ({of_owners}) ORDER BY id LIMIT 1),
            i.owner IS NOT NULL)""")


def _count_own_tickets(db: sqlite_utils.Database, first_ticket: str) -> None:
    """Keep the first ticket and their number, by triggers."""
    one_more = f"""UPDATE investigation_moments SET tickets = tickets + 1,
            first_ticket_s = min(coalesce(first_ticket_s, {_seconds("new.created_at")}), {_seconds("new.created_at")})
        WHERE investigation_id = new.investigation_id"""
    one_less = f"""UPDATE investigation_moments SET tickets = tickets - 1,
            first_ticket_s = CASE WHEN first_ticket_s < {_seconds("old.created_at")} THEN first_ticket_s
                ELSE {first_ticket} END
        WHERE investigation_id = old.investigation_id"""
    for name, when, only, then in (
        ("moments_ticket_comes", "INSERT", _own("new"), one_more),
        ("moments_ticket_counts", "UPDATE OF state, of_trend", f"{_own('new')} AND NOT {_own('old')}", one_more),
        ("moments_ticket_counts_not", "UPDATE OF state, of_trend", f"{_own('old')} AND NOT {_own('new')}", one_less),
        ("moments_ticket_goes", "DELETE", _own("old"), one_less),
    ):
        db.execute(f"CREATE TRIGGER {name} AFTER {when} ON ticket_links WHEN {only} BEGIN {then}; END")


def _correct_moments(db: sqlite_utils.Database) -> None:
    """What is added with the time of before, corrected, withdrawn or taken off moves what came first."""
    at = _seconds("new.at")
    earliest = ", ".join(
        f"{name} = CASE WHEN new.kind IN ({kinds}) THEN min(coalesce({name}, {at}), {at}) ELSE {name} END"
        for name, kinds in _MOMENTS.items()
    )
    # An opener who had it at once is on no line: when anybody first had it stays.
    told = {name: kinds for name, kinds in _MOMENTS.items() if name != "owned_s"}
    again = ", ".join(f"min(CASE WHEN kind IN ({kinds}) THEN {_seconds('at')} END)" for kinds in told.values())
    _execute_each(
        db,
        f"""
    DROP TRIGGER moments_go_on;
    CREATE TRIGGER moments_go_on AFTER INSERT ON events WHEN new.kind IN ({", ".join(_MOMENTS.values())}) BEGIN
        UPDATE investigation_moments SET {earliest} WHERE investigation_id = new.investigation_id;
    END;
    CREATE TRIGGER moments_are_corrected AFTER UPDATE OF at, removed_at, withdrawn_at ON events
      WHEN new.kind IN ({", ".join(told.values())}) BEGIN
        UPDATE investigation_moments SET ({", ".join(told)}) = (SELECT {again} FROM events
            WHERE investigation_id = new.investigation_id AND removed_at IS NULL AND withdrawn_at IS NULL)
        WHERE investigation_id = new.investigation_id;
    END;
    """,
    )


_THEN: dict[str, Callable[[sqlite_utils.Database], None]] = {
    "verdicts_are_data": _verdicts_as_data,
    "results_say_what_their_rows_are": _say_what_rows_are,
    "places_and_filters_are_data": _places_as_data,
    "moments_of_investigations": _count_moments,
    "moments_follow_corrections": _correct_moments,
}
"""What follows the statements of a step."""


def _register(name: str, statements: str) -> None:
    @migrations(name=name)
    def step(db: sqlite_utils.Database) -> None:
        _execute_each(db, statements)
        if name in _THEN:
            _THEN[name](db)


for _name, _statements in _steps():
    _register(_name, _statements)
