"""Deliveries, messages, investigations, tickets, probes and escalations, in the order in which they came to be."""

import json
from typing import Any

import sqlite_utils
from sqlite_utils.migrations import Migrations

migrations = Migrations("secondline")
"""The one set to which every migration belongs; those that ran are remembered by name."""


@migrations()
def deliveries_and_messages(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE deliveries (
        key TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, received_at TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE INDEX deliveries_open ON deliveries (received_at) WHERE done = 0;
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, view TEXT NOT NULL,
        record_id INTEGER NOT NULL, channel TEXT NOT NULL, thread_key TEXT, thread_ts TEXT,
        broadcast INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL DEFAULT '', for_user TEXT NOT NULL DEFAULT '',
        human INTEGER NOT NULL DEFAULT 1, wanted INTEGER NOT NULL DEFAULT 1, sent INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'owed', due_at TEXT NOT NULL, ts TEXT, file_id TEXT, digest TEXT,
        attempts INTEGER NOT NULL DEFAULT 0, attempt_at TEXT, reason TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL
    );
    CREATE INDEX messages_due ON messages (due_at) WHERE state IN ('owed', 'unsure');
    CREATE TABLE message_places (
        channel TEXT NOT NULL, ts TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (channel, ts)
    ) WITHOUT ROWID;
    """)


@migrations()
def investigations_and_timeline(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE investigations (
        id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, symptom TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL, owner TEXT, opened_by TEXT NOT NULL, opened_at TEXT NOT NULL, claimed_at TEXT,
        channel TEXT NOT NULL, source TEXT NOT NULL DEFAULT '', root_cause TEXT NOT NULL DEFAULT '',
        workaround TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', closed_by TEXT, closed_at TEXT
    );
    CREATE UNIQUE INDEX one_open_per_target ON investigations (target)
        WHERE state IN ('open', 'escalated', 'handed_off');
    CREATE TABLE helpers (
        investigation_id INTEGER NOT NULL REFERENCES investigations, user TEXT NOT NULL, joined_at TEXT NOT NULL,
        PRIMARY KEY (investigation_id, user)
    ) WITHOUT ROWID;
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, at TEXT NOT NULL,
        actor TEXT, about TEXT, kind TEXT NOT NULL, text TEXT NOT NULL DEFAULT '', source_channel TEXT, source_ts TEXT,
        permalink TEXT NOT NULL DEFAULT '', removed_at TEXT
    );
    CREATE INDEX events_of ON events (investigation_id, id);
    CREATE UNIQUE INDEX one_event_per_message ON events (investigation_id, source_channel, source_ts)
        WHERE source_ts IS NOT NULL;
    """)


@migrations()
def tickets(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE ticket_watches (
        investigation_id INTEGER PRIMARY KEY REFERENCES investigations, phrases TEXT NOT NULL,
        symptom TEXT NOT NULL DEFAULT '', since TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1, next_at TEXT NOT NULL,
        last_ok_at TEXT, failing_since TEXT, failure TEXT NOT NULL DEFAULT '', total INTEGER,
        last_hour INTEGER, hours_before REAL, saying INTEGER, page INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE ticket_links (
        investigation_id INTEGER NOT NULL REFERENCES investigations, ticket_id INTEGER NOT NULL, state TEXT NOT NULL,
        subject TEXT NOT NULL, status TEXT NOT NULL, url TEXT NOT NULL, created_at TEXT NOT NULL,
        found_at TEXT NOT NULL, decided_by TEXT, says INTEGER NOT NULL DEFAULT 0,
        tagged INTEGER NOT NULL DEFAULT 0, tag_wanted INTEGER NOT NULL DEFAULT 0,
        tag_next_at TEXT, tag_failure TEXT NOT NULL DEFAULT '', PRIMARY KEY (investigation_id, ticket_id)
    ) WITHOUT ROWID;
    CREATE INDEX tags_due ON ticket_links (tag_next_at) WHERE tagged <> tag_wanted;
    """)


@migrations()
def probes(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE probe_batches (
        id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER, title TEXT NOT NULL, playbook TEXT NOT NULL,
        target TEXT NOT NULL, channel TEXT NOT NULL, thread_key TEXT, thread_ts TEXT, requested_by TEXT,
        requested_at TEXT NOT NULL, finished_at TEXT, state TEXT NOT NULL, verdict TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE probe_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, batch_id INTEGER NOT NULL REFERENCES probe_batches, step TEXT NOT NULL,
        kind TEXT NOT NULL, label TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, started_at TEXT,
        finished_at TEXT, result TEXT
    );
    CREATE INDEX runs_of ON probe_runs (batch_id);
    """)


@migrations()
def escalations(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE escalations (
        id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL REFERENCES investigations,
        wrong TEXT NOT NULL, since TEXT NOT NULL, affected TEXT NOT NULL, tried TEXT NOT NULL, needed TEXT NOT NULL,
        tickets TEXT NOT NULL, runs TEXT NOT NULL, mention TEXT NOT NULL, mention_note TEXT NOT NULL DEFAULT '',
        escalated_by TEXT NOT NULL, escalated_at TEXT NOT NULL, acknowledged_by TEXT, acknowledged_at TEXT
    );
    CREATE UNIQUE INDEX one_waiting_per_investigation ON escalations (investigation_id) WHERE acknowledged_at IS NULL;
    CREATE TABLE escalation_questions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, escalation_id INTEGER NOT NULL REFERENCES escalations,
        asked_by TEXT NOT NULL, asked_at TEXT NOT NULL, question TEXT NOT NULL
    );
    """)


@migrations()
def first_search(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE ticket_watches ADD COLUMN first_ok_at TEXT")


@migrations()
def messages_by_record(db: sqlite_utils.Database) -> None:
    db.execute("CREATE INDEX messages_of ON messages (view, record_id)")


@migrations()
def probes_can_be_cancelled(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE probe_batches ADD COLUMN cancelled_by TEXT")
    db.execute("CREATE INDEX batches_in_state ON probe_batches (state) WHERE state IN ('queued', 'running')")
    db.execute("CREATE INDEX batches_of ON probe_batches (investigation_id)")


@migrations()
def steps_by_hand(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE probe_trials (
        id INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL REFERENCES probe_batches, by TEXT NOT NULL, at TEXT NOT NULL,
        device TEXT NOT NULL, os_version TEXT NOT NULL, app_version TEXT NOT NULL, reproduced INTEGER NOT NULL,
        note TEXT NOT NULL
    );
    CREATE INDEX trials_of ON probe_trials (batch_id);
    """)


@migrations()
def asked_for_with_every_edit_and_card(db: sqlite_utils.Database) -> None:
    """Slack tells of every edit in a channel, and a card is rendered with each change."""
    db.execute("CREATE INDEX events_from ON events (source_channel, source_ts) WHERE source_ts IS NOT NULL")
    db.execute("CREATE INDEX watches_due ON ticket_watches (next_at) WHERE active = 1")
    db.execute("CREATE INDEX escalations_of ON escalations (investigation_id)")
    db.execute("CREATE INDEX questions_of ON escalation_questions (escalation_id)")
    db.execute("CREATE INDEX messages_in_thread ON messages (thread_key) WHERE thread_key IS NOT NULL")
    # SQLite does not see that `state = ?` keeps to a list of states.
    db.execute("DROP INDEX batches_in_state")
    db.execute("CREATE INDEX batches_by_state ON probe_batches (state)")


@migrations()
def escalations_end_with_their_investigation(db: sqlite_utils.Database) -> None:
    db.executescript("""
    ALTER TABLE escalations ADD COLUMN withdrawn_at TEXT;
    DROP INDEX one_waiting_per_investigation;
    CREATE UNIQUE INDEX one_waiting_per_investigation ON escalations (investigation_id)
        WHERE acknowledged_at IS NULL AND withdrawn_at IS NULL;
    """)


@migrations()
def probes_from_elsewhere(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE probe_runs ADD COLUMN place TEXT NOT NULL DEFAULT ''")


@migrations()
def tickets_named_while_the_desk_was_down(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE ticket_pastes (
        investigation_id INTEGER NOT NULL REFERENCES investigations, ticket_id INTEGER NOT NULL, by TEXT NOT NULL,
        next_at TEXT NOT NULL, PRIMARY KEY (investigation_id, ticket_id)
    ) WITHOUT ROWID;
    """)


@migrations()
def playbooks_ask_from_the_customers_places(db: sqlite_utils.Database) -> None:
    db.executescript("""
    ALTER TABLE probe_batches ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE probe_batches ADD COLUMN parent_id INTEGER REFERENCES probe_batches;
    CREATE UNIQUE INDEX one_from_customers ON probe_batches (parent_id) WHERE parent_id IS NOT NULL;
    ALTER TABLE ticket_links ADD COLUMN places TEXT NOT NULL DEFAULT '[]';
    """)


@migrations()
def playbooks_on_demand(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE probe_batches ADD COLUMN on_demand INTEGER NOT NULL DEFAULT 1")
    db.execute("UPDATE probe_batches SET on_demand = 0 WHERE playbook <> '' OR parent_id IS NOT NULL")


@migrations()
def playbooks_from_the_settings(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE probe_batches ADD COLUMN by_hand TEXT NOT NULL DEFAULT ''")
    db.execute("UPDATE probe_batches SET by_hand = 'reproduce it on a device' WHERE playbook = 'app'")


@migrations()
def verdicts_are_data(db: sqlite_utils.Database) -> None:
    """Results hold verdicts as data. Old ones keep their sentence as what was found or what is wrong."""
    db.executescript("""
    ALTER TABLE probe_batches RENAME COLUMN verdict TO reason;
    UPDATE probe_batches SET reason = '' WHERE state <> 'left_out';
    ALTER TABLE probe_batches ADD COLUMN begun_again INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE probe_runs ADD COLUMN refining INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX runs_refining ON probe_runs (refining) WHERE refining = 1;
    """)
    for run_id, text in db.execute("SELECT id, result FROM probe_runs WHERE result IS NOT NULL").fetchall():
        db.execute("UPDATE probe_runs SET result = ? WHERE id = ?", [json.dumps(_as_data(json.loads(text))), run_id])


@migrations()
def hosts_of_somebody_else(db: sqlite_utils.Database) -> None:
    """What people typed, that is no target: so many probes an hour of each."""
    db.execute("ALTER TABLE probe_batches ADD COLUMN host TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE INDEX batches_of_host ON probe_batches (host, requested_at) WHERE host <> ''")


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


@migrations()
def tickets_that_only_people_named(db: sqlite_utils.Database) -> None:
    """The next search says which of the old ones it finds."""
    db.execute("ALTER TABLE ticket_links ADD COLUMN matches INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE ticket_links SET matches = 1")


@migrations()
def files_are_linked(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE messages ADD COLUMN permalink TEXT NOT NULL DEFAULT ''")


@migrations()
def who_named_a_ticket(db: sqlite_utils.Database) -> None:
    """What people who don't decide named is suggested; whoever named tickets can take that back."""
    db.executescript("""
    ALTER TABLE ticket_links ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
    ALTER TABLE ticket_pastes ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;
    CREATE TABLE ticket_receipts (
        id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL REFERENCES investigations,
        by TEXT NOT NULL, at TEXT NOT NULL, became TEXT NOT NULL, earlier TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
    );
    """)
