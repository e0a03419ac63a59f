"""The tables, as one list: a database that is new runs all of it, an older one what it has not run yet.

New ones come at the end, and none is changed or moved: what ran is remembered by name.
"""

import json
from collections.abc import Callable
from typing import Any

import sqlite_utils
from sqlite_utils.migrations import Migrations

migrations = Migrations("secondline")


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
def messages_by_record(db: sqlite_utils.Database) -> None:
    db.execute("CREATE INDEX messages_of ON messages (view, record_id)")


@migrations()
def first_search(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE ticket_watches ADD COLUMN first_ok_at TEXT")


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
def status_of_services(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE status_sources (
        source TEXT PRIMARY KEY, read_at TEXT, reading TEXT NOT NULL DEFAULT '', failing_since TEXT,
        failure TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID;
    CREATE TABLE status_levels (
        source TEXT NOT NULL, target TEXT NOT NULL, level TEXT NOT NULL, since TEXT NOT NULL,
        PRIMARY KEY (source, target)
    ) WITHOUT ROWID;
    CREATE TABLE status_announcements (
        id INTEGER PRIMARY KEY, target TEXT NOT NULL, channel TEXT NOT NULL, began_at TEXT NOT NULL,
        announced_at TEXT NOT NULL, over_at TEXT, returns INTEGER NOT NULL DEFAULT 0, seen TEXT NOT NULL,
        closed INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX one_announcement_per_target ON status_announcements (target) WHERE closed = 0;
    CREATE INDEX announcements_open ON status_announcements (closed) WHERE closed = 0;
    CREATE TABLE status_silences (
        id INTEGER PRIMARY KEY, target TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, until TEXT NOT NULL,
        ended INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX one_silence_per_target ON status_silences (target) WHERE ended = 0;
    CREATE TABLE status_silence_orders (
        silence_id INTEGER NOT NULL REFERENCES status_silences, source TEXT NOT NULL, fingerprint TEXT NOT NULL,
        alert TEXT NOT NULL, wanted INTEGER NOT NULL DEFAULT 1, done INTEGER NOT NULL DEFAULT 0,
        remote_id TEXT NOT NULL DEFAULT '', failure TEXT NOT NULL DEFAULT '', next_at TEXT NOT NULL,
        PRIMARY KEY (silence_id, source, fingerprint)
    ) WITHOUT ROWID;
    CREATE INDEX silence_orders_due ON status_silence_orders (next_at) WHERE done = 0;
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
def rounds_of_replies(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE reply_rounds (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, purpose TEXT NOT NULL, stamp TEXT NOT NULL,
        state TEXT NOT NULL, then_status TEXT NOT NULL, channel TEXT NOT NULL, thread_key TEXT, thread_ts TEXT,
        for_user TEXT NOT NULL, opened_at TEXT NOT NULL, "values" TEXT NOT NULL, own_texts TEXT NOT NULL,
        problem_id INTEGER, problem_state TEXT NOT NULL, problem_note TEXT NOT NULL DEFAULT '', approved_by TEXT,
        approved_at TEXT, stopped_by TEXT, ended_at TEXT, run INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL,
        failing_since TEXT, failure TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX reply_rounds_due ON reply_rounds (state, next_at);
    CREATE TABLE reply_texts (
        round_id INTEGER NOT NULL REFERENCES reply_rounds, language TEXT NOT NULL, text TEXT NOT NULL,
        macro_id INTEGER, macro TEXT NOT NULL DEFAULT '', place INTEGER NOT NULL, PRIMARY KEY (round_id, language)
    ) WITHOUT ROWID;
    CREATE TABLE replies (
        round_id INTEGER NOT NULL REFERENCES reply_rounds, ticket_id INTEGER NOT NULL, place INTEGER NOT NULL,
        state TEXT NOT NULL, subject TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT '', wants TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',
        investigation_id INTEGER, about TEXT NOT NULL DEFAULT '', kind TEXT, reason TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0, next_at TEXT, sent_at TEXT, PRIMARY KEY (round_id, ticket_id)
    ) WITHOUT ROWID;
    CREATE INDEX replies_due ON replies (next_at) WHERE state IN ('waiting', 'unsure');
    """)


@migrations()
def briefings(db: sqlite_utils.Database) -> None:
    """A post may wait for another one; a channel has one briefing a day, whatever names the channel goes by."""
    db.executescript("""
    ALTER TABLE messages ADD COLUMN after_key TEXT;
    CREATE TABLE briefing_schedules (
        channel TEXT PRIMARY KEY, schedule TEXT NOT NULL, set_by TEXT NOT NULL, set_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE briefings (
        id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, day TEXT NOT NULL, due_at TEXT NOT NULL,
        said_at TEXT NOT NULL, said TEXT NOT NULL
    );
    CREATE INDEX briefings_of ON briefings (channel, said_at);
    CREATE INDEX briefings_by_time ON briefings (said_at);
    CREATE TABLE briefing_days (
        channel TEXT NOT NULL, day TEXT NOT NULL, briefing_id INTEGER NOT NULL REFERENCES briefings,
        PRIMARY KEY (channel, day)
    ) WITHOUT ROWID;
    CREATE TABLE briefing_pages (
        id INTEGER PRIMARY KEY AUTOINCREMENT, briefing_id INTEGER NOT NULL REFERENCES briefings,
        number INTEGER NOT NULL, UNIQUE (briefing_id, number)
    );
    CREATE TABLE briefing_amendments (
        id INTEGER PRIMARY KEY, briefing_id INTEGER NOT NULL REFERENCES briefings, issue_id INTEGER NOT NULL,
        part TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, at TEXT NOT NULL
    );
    CREATE INDEX amendments_of ON briefing_amendments (briefing_id);
    CREATE TABLE briefing_readers (
        briefing_id INTEGER NOT NULL REFERENCES briefings, user TEXT NOT NULL, read_at TEXT NOT NULL,
        PRIMARY KEY (briefing_id, user)
    ) WITHOUT ROWID;
    """)


@migrations()
def known_issues(db: sqlite_utils.Database) -> None:
    """Documents are what is searched: known issues, and what our own investigations taught; FTS5 keeps no copy."""
    db.executescript("""
    CREATE TABLE known_issues (
        id INTEGER PRIMARY KEY AUTOINCREMENT, tracker TEXT NOT NULL, uid TEXT NOT NULL, key TEXT NOT NULL,
        url TEXT NOT NULL, state TEXT NOT NULL, known INTEGER NOT NULL, marked INTEGER NOT NULL,
        updated_at TEXT NOT NULL, first_seen_at TEXT NOT NULL, checked_at TEXT NOT NULL, gone_at TEXT,
        issue TEXT NOT NULL, reading TEXT NOT NULL, UNIQUE (tracker, uid)
    );
    CREATE INDEX known_issues_by_key ON known_issues (key COLLATE NOCASE);
    CREATE INDEX known_issues_newest ON known_issues (updated_at) WHERE known = 1 AND gone_at IS NULL;
    CREATE INDEX known_issues_by_url ON known_issues (url);
    CREATE INDEX known_issues_marked ON known_issues (id) WHERE marked = 1 AND gone_at IS NULL;
    CREATE INDEX known_issues_checked ON known_issues (tracker, checked_at);
    CREATE TABLE known_trackers (
        name TEXT PRIMARY KEY, cursor TEXT NOT NULL DEFAULT '', began_at TEXT NOT NULL,
        mapping TEXT NOT NULL DEFAULT '', as_of TEXT, failing_since TEXT, failure TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID;
    CREATE TABLE known_changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, issue_id INTEGER NOT NULL REFERENCES known_issues, at TEXT NOT NULL,
        kind TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    );
    CREATE INDEX known_changes_since ON known_changes (at);
    CREATE INDEX known_changes_of ON known_changes (issue_id, at);
    CREATE TABLE known_releases (
        id INTEGER PRIMARY KEY AUTOINCREMENT, tracker TEXT NOT NULL, uid TEXT NOT NULL, name TEXT NOT NULL,
        url TEXT NOT NULL, notes TEXT NOT NULL, published_at TEXT NOT NULL, issue_uids TEXT NOT NULL,
        seen_at TEXT NOT NULL, UNIQUE (tracker, uid)
    );
    CREATE TABLE known_links (
        id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL,
        issue_id INTEGER NOT NULL REFERENCES known_issues, verdict TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
        UNIQUE (investigation_id, issue_id)
    );
    CREATE INDEX known_links_of ON known_links (issue_id, verdict);
    CREATE TABLE known_documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, record_id INTEGER NOT NULL, targets TEXT NOT NULL,
        at TEXT NOT NULL, live INTEGER NOT NULL, title TEXT NOT NULL, symptom TEXT NOT NULL, workaround TEXT NOT NULL,
        aliases TEXT NOT NULL, UNIQUE (kind, record_id)
    );
    CREATE VIRTUAL TABLE known_search USING fts5 (
        title, symptom, workaround, aliases, content = 'known_documents', content_rowid = 'id',
        tokenize = "porter unicode61 remove_diacritics 2"
    );
    CREATE TRIGGER known_documents_in AFTER INSERT ON known_documents BEGIN
        INSERT INTO known_search (rowid, title, symptom, workaround, aliases)
            VALUES (new.id, new.title, new.symptom, new.workaround, new.aliases);
    END;
    CREATE TRIGGER known_documents_out AFTER DELETE ON known_documents BEGIN
        INSERT INTO known_search (known_search, rowid, title, symptom, workaround, aliases)
            VALUES ('delete', old.id, old.title, old.symptom, old.workaround, old.aliases);
    END;
    CREATE TABLE known_slips (slip TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (slip, word)) WITHOUT ROWID;
    CREATE TABLE known_asks (
        id INTEGER PRIMARY KEY AUTOINCREMENT, issue_id INTEGER NOT NULL REFERENCES known_issues, step INTEGER NOT NULL,
        state TEXT NOT NULL, channel TEXT NOT NULL, at TEXT NOT NULL, decided_by TEXT, decided_at TEXT, next_at TEXT,
        attempts INTEGER NOT NULL DEFAULT 0, failure TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
        tickets INTEGER NOT NULL DEFAULT 0, UNIQUE (issue_id, step)
    );
    CREATE INDEX known_asks_due ON known_asks (next_at) WHERE next_at IS NOT NULL;
    INSERT INTO known_documents (kind, record_id, targets, at, live, title, symptom, workaround, aliases)
        SELECT 'investigation', id, target, coalesce(closed_at, opened_at), 0, root_cause, symptom, workaround, target
        FROM investigations WHERE state = 'resolved';
    """)


@migrations()
def handoffs(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE handoffs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL REFERENCES investigations,
        tracker TEXT NOT NULL, title TEXT NOT NULL, evidence TEXT NOT NULL, reproduction TEXT NOT NULL,
        wanted_priority TEXT NOT NULL, wanted_lane TEXT NOT NULL, wanted_issue_id INTEGER, tickets TEXT NOT NULL,
        runs TEXT NOT NULL, handed_by TEXT NOT NULL, handed_at TEXT NOT NULL, issue_id INTEGER, priority TEXT,
        lane TEXT, decided_by TEXT, decided_at TEXT, reason TEXT NOT NULL DEFAULT '', assignee TEXT NOT NULL DEFAULT '',
        problem_id INTEGER, problem_url TEXT NOT NULL DEFAULT '', ended_at TEXT
    );
    CREATE UNIQUE INDEX one_current_handoff ON handoffs (investigation_id) WHERE ended_at IS NULL;
    CREATE INDEX handoffs_about ON handoffs (issue_id) WHERE ended_at IS NULL;
    CREATE TABLE handoff_errands (
        id INTEGER PRIMARY KEY AUTOINCREMENT, handoff_id INTEGER NOT NULL REFERENCES handoffs, kind TEXT NOT NULL,
        detail TEXT NOT NULL, asked_at TEXT NOT NULL, next_at TEXT NOT NULL, done_at TEXT, failing_since TEXT,
        failure TEXT NOT NULL DEFAULT '', given_up INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX errands_of ON handoff_errands (handoff_id);
    CREATE INDEX errands_due ON handoff_errands (next_at) WHERE done_at IS NULL AND given_up = 0;
    CREATE TABLE handoff_tickets (
        handoff_id INTEGER NOT NULL REFERENCES handoffs, ticket_id INTEGER NOT NULL, hung INTEGER NOT NULL DEFAULT 0,
        failure TEXT NOT NULL DEFAULT '', PRIMARY KEY (handoff_id, ticket_id)
    ) WITHOUT ROWID;
    """)


@migrations()
def releases_and_follows(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE announcements (
        id INTEGER PRIMARY KEY AUTOINCREMENT, tracker TEXT NOT NULL, uid TEXT NOT NULL, release TEXT NOT NULL,
        announced_at TEXT NOT NULL, UNIQUE (tracker, uid)
    );
    CREATE TABLE announced_issues (
        announcement_id INTEGER NOT NULL REFERENCES announcements, issue_id INTEGER NOT NULL,
        PRIMARY KEY (announcement_id, issue_id)
    ) WITHOUT ROWID;
    CREATE INDEX announced_with ON announced_issues (issue_id);
    CREATE TABLE follows (
        id INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL, tracker TEXT NOT NULL DEFAULT '',
        issue_id INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL, since TEXT NOT NULL,
        UNIQUE (who, tracker, issue_id)
    );
    CREATE INDEX follows_issue ON follows (issue_id) WHERE active = 1;
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


@migrations()
def tickets_that_only_people_named(db: sqlite_utils.Database) -> None:
    """The next search says which of the old ones it finds."""
    db.execute("ALTER TABLE ticket_links ADD COLUMN matches INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE ticket_links SET matches = 1")


@migrations()
def files_are_linked(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE messages ADD COLUMN permalink TEXT NOT NULL DEFAULT ''")


@migrations()
def mentions_run_once(db: sqlite_utils.Database) -> None:
    """What a mention did before is known by the mark on it."""
    db.executescript("""
    CREATE TABLE mentions (
        channel TEXT NOT NULL, ts TEXT NOT NULL, delivery TEXT NOT NULL, edited INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (channel, ts)
    ) WITHOUT ROWID;
    CREATE INDEX mentions_by_delivery ON mentions (delivery);
    INSERT OR IGNORE INTO mentions (channel, ts, delivery)
        SELECT channel, substr(key, 7 + length(channel)), '' FROM messages
        WHERE key LIKE 'done/%' AND kind = 'reaction';
    """)


@migrations()
def hosts_of_somebody_else(db: sqlite_utils.Database) -> None:
    """What people typed, that is no target: so many probes an hour of each."""
    db.execute("ALTER TABLE probe_batches ADD COLUMN host TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE INDEX batches_of_host ON probe_batches (host, requested_at) WHERE host <> ''")


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


@migrations()
def former_names(db: sqlite_utils.Database) -> None:
    """Keys and addresses that issues had before they were moved, and numbers of ours that became another's."""
    db.executescript("""
    CREATE TABLE known_former (
        name TEXT PRIMARY KEY COLLATE NOCASE, issue_id INTEGER NOT NULL REFERENCES known_issues
    ) WITHOUT ROWID;
    CREATE INDEX known_former_of ON known_former (issue_id);
    CREATE INDEX known_issues_by_uid ON known_issues (uid);
    INSERT OR REPLACE INTO known_former (name, issue_id)
        SELECT before, issue_id FROM known_changes WHERE kind = 'moved' AND before <> '' ORDER BY id;
    """)


@migrations()
def accounts_of_trackers(db: sqlite_utils.Database) -> None:
    """Under which accounts the bot has written at each tracker."""
    db.executescript("""
    CREATE TABLE known_accounts (
        tracker TEXT NOT NULL, account TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (tracker, account)
    ) WITHOUT ROWID;
    """)


@migrations()
def errands_that_wait(db: sqlite_utils.Database) -> None:
    """Until when an outside system wants not to be asked."""
    db.executescript("ALTER TABLE handoff_errands ADD COLUMN waits_until TEXT;")


@migrations()
def old_content_goes(db: sqlite_utils.Database) -> None:
    """What is old is emptied; what people ask many times a day, and each start, has an index."""
    db.executescript("""
    ALTER TABLE messages ADD COLUMN emptied INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE probe_batches ADD COLUMN emptied INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE ticket_watches ADD COLUMN emptied INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX messages_to_empty ON messages (created_at) WHERE emptied = 0 AND view = '';
    CREATE INDEX batches_to_empty ON probe_batches (requested_at) WHERE emptied = 0;
    CREATE INDEX watches_to_empty ON ticket_watches (next_at) WHERE active = 0 AND emptied = 0;
    CREATE INDEX messages_waiting ON messages (id) WHERE state NOT IN ('sent', 'refused');
    CREATE INDEX messages_refused ON messages (id) WHERE state = 'refused';
    CREATE INDEX messages_sending ON messages (id) WHERE state = 'sending';
    CREATE INDEX investigations_live ON investigations (id) WHERE state IN ('open', 'escalated', 'handed_off');
    CREATE INDEX investigations_closed ON investigations (closed_at) WHERE closed_at IS NOT NULL;
    CREATE INDEX handoffs_of ON handoffs (investigation_id);
    CREATE INDEX handoffs_current ON handoffs (id) WHERE ended_at IS NULL;
    CREATE INDEX known_links_by_verdict ON known_links (verdict, issue_id);
    CREATE INDEX known_asks_in_state ON known_asks (state);
    CREATE INDEX rounds_failing ON reply_rounds (failing_since) WHERE failing_since IS NOT NULL;
    CREATE INDEX replies_sending ON replies (round_id) WHERE state = 'sending';
    CREATE INDEX links_of_ticket ON ticket_links (ticket_id);
    CREATE INDEX deliveries_by_time ON deliveries (received_at);
    CREATE INDEX follows_of_trackers ON follows (tracker) WHERE issue_id = 0;
    CREATE INDEX follows_active ON follows (id) WHERE active = 1;
    """)


@migrations()
def what_failed_again(db: sqlite_utils.Database) -> None:
    """What had failed is run once more before somebody calls it mended."""
    db.execute("ALTER TABLE probe_batches ADD COLUMN again INTEGER NOT NULL DEFAULT 0")


@migrations()
def resolved_ones_of_a_target(db: sqlite_utils.Database) -> None:
    """Each card says what the last one was."""
    db.execute("CREATE INDEX investigations_of_target ON investigations (target, state, closed_at)")


@migrations()
def tickets_that_belong_elsewhere(db: sqlite_utils.Database) -> None:
    """What a search finds may be about something else, or belong to another investigation; the next search says so."""
    db.executescript("""
    ALTER TABLE ticket_watches ADD COLUMN target TEXT NOT NULL DEFAULT '';
    UPDATE ticket_watches SET target = coalesce(
        (SELECT i.target FROM investigations i WHERE i.id = ticket_watches.investigation_id), '');
    ALTER TABLE ticket_links ADD COLUMN unfit TEXT NOT NULL DEFAULT '';
    ALTER TABLE ticket_links ADD COLUMN tagged_for TEXT NOT NULL DEFAULT '[]';
    CREATE INDEX watches_active ON ticket_watches (investigation_id) WHERE active = 1;
    """)


@migrations()
def ranks_of_messages(db: sqlite_utils.Database) -> None:
    """What is owed already gets the rank that it would have got: all of it is old, and people of Tier 2 first."""
    db.executescript("""
    ALTER TABLE messages ADD COLUMN rank INTEGER NOT NULL DEFAULT 4;
    UPDATE messages SET rank = CASE
        WHEN key LIKE 'escalation/%' OR key LIKE 'question/%' OR after_key LIKE 'escalation/%' THEN 1
        WHEN key LIKE 'investigation/%' OR key LIKE 'tickets/%' OR key LIKE 'handover/%' OR key LIKE 'told/%' THEN 3
        WHEN view = 'probes' AND human = 0 THEN 3 ELSE 4 END;
    CREATE INDEX reactions_owed ON messages (created_at) WHERE kind = 'reaction' AND state IN ('owed', 'unsure');
    """)


@migrations()
def forms_sent_twice(db: sqlite_utils.Database) -> None:
    db.executescript("""
    ALTER TABLE deliveries ADD COLUMN twin TEXT;
    CREATE INDEX deliveries_alike ON deliveries (twin) WHERE twin IS NOT NULL;
    """)


@migrations()
def tickets_are_looked_at_again(db: sqlite_utils.Database) -> None:
    """What waits for a review is read anew, so that the approval is one of tickets as they are known."""
    db.executescript("""
    ALTER TABLE replies ADD COLUMN seen TEXT NOT NULL DEFAULT '';
    ALTER TABLE replies ADD COLUMN differences TEXT NOT NULL DEFAULT '';
    ALTER TABLE reply_rounds ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX replies_untold ON replies (state)
        WHERE state IN ('listed', 'waiting', 'sending', 'unsure', 'changed', 'failed');
    UPDATE reply_rounds SET state = 'reading' WHERE state = 'ready';
    """)


@migrations()
def customers_who_were_not_told(db: sqlite_utils.Database) -> None:
    """A round may say why what it tells is not true any more; the newest answer of each ticket is found at once."""
    db.executescript("""
    ALTER TABLE reply_rounds ADD COLUMN note TEXT NOT NULL DEFAULT '';
    CREATE INDEX replies_of_ticket ON replies (ticket_id, round_id);
    """)


@migrations()
def one_bug_in_two_trackers(db: sqlite_utils.Database) -> None:
    """Everything is read again, for what it names."""
    db.executescript("""
    CREATE TABLE known_mentions (
        issue_id INTEGER NOT NULL REFERENCES known_issues, name TEXT NOT NULL, PRIMARY KEY (issue_id, name)
    ) WITHOUT ROWID;
    CREATE INDEX known_mentions_by_name ON known_mentions (name);
    CREATE TABLE known_twins (
        issue_id INTEGER NOT NULL REFERENCES known_issues, twin_id INTEGER NOT NULL REFERENCES known_issues,
        PRIMARY KEY (issue_id, twin_id)
    ) WITHOUT ROWID;
    UPDATE known_trackers SET mapping = '';
    """)


@migrations()
def answers_of_slack(db: sqlite_utils.Database) -> None:
    """What Slack said about groups, people and channels, for a start at which it says nothing."""
    db.executescript("CREATE TABLE slack_answers (question TEXT PRIMARY KEY, answer TEXT NOT NULL, at TEXT NOT NULL)")


@migrations()
def results_say_what_their_rows_are(db: sqlite_utils.Database) -> None:
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


@migrations()
def places_and_filters_are_data(db: sqlite_utils.Database) -> None:
    """Where a probe stood, and whether a firewall rejected packets, were to be read from words."""
    _rewrite_results(db, _with_places)


@migrations()
def blocks_that_slack_refused(db: sqlite_utils.Database) -> None:
    """A workspace that takes no tables gets plain ones, also after a restart."""
    db.executescript("CREATE TABLE refused_blocks (kind TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID")


@migrations()
def probes_that_are_repeated(db: sqlite_utils.Database) -> None:
    """What is measured once more says how it was before."""
    db.executescript("ALTER TABLE probe_batches ADD COLUMN repeats INTEGER")


def _rewrite_results(db: sqlite_utils.Database, rewritten: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """One at a time: those of a year take more memory than the bot ever has."""
    for (run_id,) in db.execute("SELECT id FROM probe_runs WHERE result IS NOT NULL").fetchall():
        (text,) = db.execute("SELECT result FROM probe_runs WHERE id = ?", [run_id]).fetchone()
        db.execute("UPDATE probe_runs SET result = ? WHERE id = ?", [json.dumps(rewritten(json.loads(text))), run_id])


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


@migrations()
def escalations_say_since_when(db: sqlite_utils.Database) -> None:
    """With the evidence that says so; and what was written in a form and not sent stays there."""
    db.executescript("""
    ALTER TABLE escalations ADD COLUMN began_at TEXT;
    ALTER TABLE escalations ADD COLUMN began_by TEXT NOT NULL DEFAULT '';
    CREATE TABLE escalation_drafts (
        investigation_id INTEGER NOT NULL REFERENCES investigations, user TEXT NOT NULL, draft TEXT NOT NULL,
        at TEXT NOT NULL, PRIMARY KEY (investigation_id, user)
    ) WITHOUT ROWID;
    """)


@migrations()
def pictures_in_blocks(db: sqlite_utils.Database) -> None:
    """Which uploaded picture a message shows; the newest of a slot counts."""
    db.executescript("""
        CREATE TABLE pictures (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            slot TEXT NOT NULL,
            alt TEXT NOT NULL,
            shown_in TEXT NOT NULL,
            at TEXT NOT NULL
        );
        CREATE INDEX pictures_by_slot ON pictures (slot);
        CREATE INDEX messages_by_image ON messages (file_id) WHERE kind = 'image';
    """)


@migrations()
def tickets_are_ticked(db: sqlite_utils.Database) -> None:
    """The list of tickets stays as it is until somebody asks for newer ones; who decided when stands on it."""
    db.executescript("""
    ALTER TABLE ticket_links ADD COLUMN rank INTEGER;
    ALTER TABLE ticket_links ADD COLUMN listed_at TEXT;
    ALTER TABLE ticket_links ADD COLUMN listed_as TEXT NOT NULL DEFAULT 'area';
    ALTER TABLE ticket_links ADD COLUMN decided_at TEXT;
    UPDATE ticket_links SET rank = -CAST(strftime('%s', created_at) AS INTEGER), listed_at = found_at,
        listed_as = CASE WHEN says THEN 'says' WHEN added_by <> '' THEN 'named' ELSE 'area' END
        WHERE state = 'suggested';
    CREATE INDEX receipts_of_investigation ON ticket_receipts (investigation_id);
    """)


@migrations()
def replies_of_an_investigation(db: sqlite_utils.Database) -> None:
    """Its card says how many customers were answered."""
    db.executescript("CREATE INDEX replies_of_investigation ON replies (investigation_id, round_id)")


@migrations()
def tickets_tell_of_customers(db: sqlite_utils.Database) -> None:
    """What plan and what version they have, where they say so; the next search reads it."""
    db.executescript("""
    ALTER TABLE ticket_links ADD COLUMN plans TEXT NOT NULL DEFAULT '';
    ALTER TABLE ticket_links ADD COLUMN versions TEXT NOT NULL DEFAULT '';
    """)


@migrations()
def updates_and_what_was_said(db: sqlite_utils.Database) -> None:
    """News of an investigation for those who wait, and what its customers were told so far, from all sides."""
    db.executescript("""
    CREATE TABLE updates (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, at TEXT NOT NULL,
        author TEXT NOT NULL, audience TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX updates_of ON updates (investigation_id, id);
    CREATE TABLE said (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, at TEXT NOT NULL,
        author TEXT, via TEXT NOT NULL, text TEXT NOT NULL, customers INTEGER NOT NULL DEFAULT 0,
        source TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX said_of ON said (investigation_id, id);
    CREATE UNIQUE INDEX said_once ON said (investigation_id, source) WHERE source <> '';
    """)


@migrations()
def handovers_are_answered(db: sqlite_utils.Database) -> None:
    """Whoever is asked to take an investigation over says yes or no; and the end of a day is a row."""
    db.executescript("""
    CREATE TABLE handovers (
        id INTEGER PRIMARY KEY,
        investigation_id INTEGER NOT NULL REFERENCES investigations,
        asked_by TEXT NOT NULL,
        receiver TEXT NOT NULL,
        owner TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        whole INTEGER NOT NULL DEFAULT 0,
        asked_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        state TEXT NOT NULL,
        why TEXT NOT NULL DEFAULT '',
        settled_at TEXT,
        settled_by TEXT NOT NULL DEFAULT '',
        link TEXT NOT NULL DEFAULT ''
    );
    CREATE UNIQUE INDEX one_pending_handover ON handovers (investigation_id) WHERE state = 'pending';
    CREATE INDEX handovers_that_expire ON handovers (expires_at) WHERE state = 'pending';
    CREATE TABLE day_ends (
        id INTEGER PRIMARY KEY,
        user TEXT NOT NULL,
        day TEXT NOT NULL,
        due_at TEXT NOT NULL,
        ends_at TEXT NOT NULL,
        state TEXT NOT NULL,
        investigations TEXT NOT NULL DEFAULT '[]',
        choices TEXT NOT NULL DEFAULT '[]',
        chosen TEXT NOT NULL DEFAULT '',
        UNIQUE (user, day)
    );
    CREATE INDEX days_that_end ON day_ends (due_at) WHERE state = 'planned';
    CREATE INDEX offers_without_answer ON day_ends (id) WHERE state = 'offered';
    """)


@migrations()
def elevations(db: sqlite_utils.Database) -> None:
    """Tickets that nobody in Tier 1 answered in time, and the messages that gather them."""
    db.executescript("""
    CREATE TABLE elevation_progress (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        mode TEXT NOT NULL DEFAULT 'off',
        began_at TEXT,
        dry_at TEXT,
        swept_at TEXT,
        sweep_next_at TEXT,
        walk_before TEXT,
        walked_at TEXT,
        reported_at TEXT,
        hold_next_at TEXT,
        failing_since TEXT,
        failure TEXT NOT NULL DEFAULT '',
        writes_next_at TEXT,
        refusals INTEGER NOT NULL DEFAULT 0
    );
    INSERT INTO elevation_progress (id) VALUES (1);
    CREATE TABLE elevation_gatherings (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        channel TEXT NOT NULL,
        team TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        look_next_at TEXT NOT NULL,
        closed INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX gatherings_open ON elevation_gatherings (look_next_at) WHERE closed = 0;
    CREATE TABLE elevations (
        ticket_id INTEGER PRIMARY KEY,
        state TEXT NOT NULL,
        subject TEXT NOT NULL,
        url TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        next_at TEXT NOT NULL,
        target TEXT NOT NULL DEFAULT '',
        team TEXT NOT NULL DEFAULT '',
        since TEXT,
        touched_at TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        failure TEXT NOT NULL DEFAULT '',
        group_id INTEGER,
        elevated_at TEXT,
        gathering_id INTEGER REFERENCES elevation_gatherings,
        taken TEXT NOT NULL DEFAULT '',
        investigation_id INTEGER REFERENCES investigations
    );
    CREATE INDEX elevations_due ON elevations (state, next_at);
    CREATE INDEX elevations_gathered ON elevations (gathering_id);
    CREATE INDEX elevations_by_time ON elevations (elevated_at) WHERE elevated_at IS NOT NULL;
    CREATE INDEX elevations_seen ON elevations (seen_at) WHERE state IN ('read', 'waiting', 'quiet', 'old', 'would');
    """)


@migrations()
def ladders(db: sqlite_utils.Database) -> None:
    """An escalation going up its ladder is a run, each telling of it a step."""
    db.executescript("""
    CREATE TABLE ladder_runs (
        id INTEGER PRIMARY KEY,
        escalation_id INTEGER NOT NULL UNIQUE REFERENCES escalations,
        ladder TEXT NOT NULL,
        rungs TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at TEXT NOT NULL,
        round INTEGER NOT NULL DEFAULT 1,
        repeat_from INTEGER NOT NULL DEFAULT 1,
        repeats INTEGER NOT NULL DEFAULT 0,
        repeats_left INTEGER NOT NULL DEFAULT 0,
        asks_outside_hours INTEGER NOT NULL DEFAULT 0,
        next_at TEXT,
        asked_at TEXT,
        ended_at TEXT,
        because TEXT NOT NULL DEFAULT '',
        post_url TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX ladder_runs_due ON ladder_runs (next_at) WHERE next_at IS NOT NULL;
    CREATE TABLE ladder_steps (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES ladder_runs,
        round INTEGER NOT NULL,
        place INTEGER NOT NULL,
        rung TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'planned',
        next_at TEXT,
        told_at TEXT,
        ended_at TEXT,
        recipients TEXT NOT NULL DEFAULT '[]',
        members TEXT NOT NULL DEFAULT '[]',
        mention TEXT NOT NULL DEFAULT '',
        waiting TEXT NOT NULL DEFAULT '[]',
        reached TEXT NOT NULL DEFAULT '[]',
        failure TEXT,
        sure INTEGER NOT NULL DEFAULT 1,
        late INTEGER NOT NULL DEFAULT 0,
        postponed TEXT NOT NULL DEFAULT '',
        is_post INTEGER NOT NULL DEFAULT 0,
        warned_at TEXT
    );
    CREATE INDEX ladder_steps_of_run ON ladder_steps (run_id);
    CREATE INDEX ladder_steps_due ON ladder_steps (next_at) WHERE state = 'planned';
    CREATE INDEX ladder_steps_telling ON ladder_steps (state) WHERE state = 'telling';
    ALTER TABLE escalations ADD COLUMN priority TEXT NOT NULL DEFAULT '';
    ALTER TABLE escalations ADD COLUMN acknowledged_via TEXT NOT NULL DEFAULT '';
    ALTER TABLE escalations ADD COLUMN taken_back_by TEXT;
    ALTER TABLE messages ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
    """)


@migrations()
def nobody_waits_unseen(db: sqlite_utils.Database) -> None:
    """Reminders, the messages that remind, and owners who are asked whether they are still on it."""
    db.executescript("""
    CREATE TABLE reminders (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, kind TEXT NOT NULL,
        since TEXT NOT NULL, next_at TEXT, sent INTEGER NOT NULL DEFAULT 0, snoozed_until TEXT, stopped_by TEXT,
        whom TEXT NOT NULL DEFAULT '', asked_by TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX reminders_of_investigation ON reminders (investigation_id);
    CREATE UNIQUE INDEX one_reminder_of_a_kind ON reminders (investigation_id, kind) WHERE kind <> 'asked';
    CREATE INDEX reminders_due ON reminders (next_at) WHERE next_at IS NOT NULL AND stopped_by IS NULL;
    CREATE TABLE nudges (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, at TEXT NOT NULL,
        lines TEXT NOT NULL, owner TEXT NOT NULL, team TEXT NOT NULL, state TEXT NOT NULL, by TEXT NOT NULL DEFAULT '',
        until TEXT, ended_at TEXT
    );
    CREATE INDEX nudges_of_investigation ON nudges (investigation_id);
    CREATE TABLE claim_questions (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, owner TEXT NOT NULL,
        asked_at TEXT NOT NULL, since TEXT NOT NULL, wrote INTEGER NOT NULL, next_at TEXT NOT NULL,
        ended_as TEXT NOT NULL DEFAULT '', ended_at TEXT
    );
    CREATE UNIQUE INDEX one_open_claim_question ON claim_questions (investigation_id) WHERE ended_as = '';
    CREATE INDEX open_claim_questions ON claim_questions (ended_as, next_at);
    """)


@migrations()
def investigations_with_vendors(db: sqlite_utils.Database) -> None:
    """What was written to vendors, each letter sent once, and what they said."""
    db.executescript("""
    CREATE TABLE vendor_cases (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, vendor TEXT NOT NULL,
        opened_by TEXT NOT NULL, opened_at TEXT NOT NULL, reference TEXT NOT NULL DEFAULT '', waits_since TEXT,
        ours_since TEXT, heard_at TEXT, ended_at TEXT, ended_by TEXT NOT NULL DEFAULT '', remind_at TEXT,
        reminded INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX vendor_case_once ON vendor_cases (investigation_id, vendor);
    CREATE INDEX vendor_cases_to_remind ON vendor_cases (remind_at) WHERE remind_at IS NOT NULL;
    CREATE TABLE vendor_letters (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES vendor_cases, subject TEXT NOT NULL,
        text TEXT NOT NULL, runs TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL,
        sent_at TEXT, code INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', failing_since TEXT,
        next_at TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, mailed INTEGER NOT NULL,
        decided_by TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX vendor_letters_of ON vendor_letters (case_id, id);
    CREATE INDEX vendor_letters_to_send ON vendor_letters (state, next_at);
    CREATE TABLE vendor_notes (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES vendor_cases, at TEXT NOT NULL,
        author TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX vendor_notes_of ON vendor_notes (case_id, id);
    """)


@migrations()
def investigations_move(db: sqlite_utils.Database) -> None:
    """To another team, whole: what is left behind in the old thread keeps the key that it has in Slack."""
    db.executescript("""
    ALTER TABLE investigations ADD COLUMN team TEXT NOT NULL DEFAULT '';
    CREATE TABLE moves (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations, at TEXT NOT NULL,
        author TEXT NOT NULL, team TEXT NOT NULL, channel TEXT NOT NULL, left_channel TEXT NOT NULL,
        left_owner TEXT, note TEXT NOT NULL DEFAULT ''
    );
    ALTER TABLE messages ADD COLUMN sent_as TEXT NOT NULL DEFAULT '';
    ALTER TABLE messages ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX messages_left ON messages (sent_as) WHERE sent_as <> '';
    CREATE INDEX message_places_of ON message_places (key);
    """)


@migrations()
def moves_call_the_team(db: sqlite_utils.Database) -> None:
    """Once, where nobody of it owns what it has now."""
    db.executescript("ALTER TABLE moves ADD COLUMN called TEXT NOT NULL DEFAULT ''")


@migrations()
def vendors_are_asked_about_once(db: sqlite_utils.Database) -> None:
    """Each question about a letter, and each reminder, is a message of its own: only the newest has buttons."""
    db.executescript("""
    CREATE TABLE vendor_asks (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES vendor_cases,
        letter_id INTEGER REFERENCES vendor_letters, at TEXT NOT NULL
    );
    CREATE INDEX vendor_asks_of ON vendor_asks (case_id, letter_id, id);
    """)


@migrations()
def tickets_of_a_trend(db: sqlite_utils.Database) -> None:
    """What an investigation was opened with: suggested by nobody, and counted although no search finds it."""
    db.executescript("""
    ALTER TABLE ticket_links ADD COLUMN of_trend INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE ticket_pastes ADD COLUMN of_trend INTEGER NOT NULL DEFAULT 0;
    """)


@migrations()
def the_desk_streams(db: sqlite_utils.Database) -> None:
    """Tickets without text and names. Times are seconds, keys are joined by line feeds, terms are eight bytes each:
    a desk has a hundred thousand of them."""
    db.executescript("""
    CREATE TABLE stream_state (
        id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL, way TEXT NOT NULL DEFAULT 'export',
        cursor TEXT NOT NULL DEFAULT '', begins_at TEXT, reached_at TEXT, complete_until TEXT, filled_at TEXT,
        failing_since TEXT, reason TEXT NOT NULL DEFAULT '', exported_at TEXT
    );
    CREATE TABLE stream_tickets (
        id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, status TEXT NOT NULL,
        customer INTEGER NOT NULL, assignee_id INTEGER, affected TEXT NOT NULL, elsewhere TEXT NOT NULL,
        symptom TEXT NOT NULL, platform TEXT NOT NULL, versions TEXT NOT NULL, codes TEXT NOT NULL,
        language TEXT NOT NULL, terms BLOB NOT NULL
    );
    CREATE INDEX stream_tickets_by_time ON stream_tickets (created_at);
    CREATE TABLE stream_left (id INTEGER PRIMARY KEY, changed_at INTEGER NOT NULL);
    CREATE INDEX stream_left_by_time ON stream_left (changed_at);
    CREATE TABLE stream_terms (
        term INTEGER PRIMARY KEY, first INTEGER NOT NULL, second INTEGER, word TEXT, day INTEGER NOT NULL
    );
    CREATE INDEX stream_terms_by_day ON stream_terms (day);
    CREATE TABLE stream_gaps (since TEXT NOT NULL, until TEXT NOT NULL, desk INTEGER NOT NULL);
    """)


@migrations()
def trends(db: sqlite_utils.Database) -> None:
    """Rises of customers, at most one that is live of each series; what was reported, and what is watched after it."""
    db.executescript("""
    CREATE TABLE trends (
        id INTEGER PRIMARY KEY, series TEXT NOT NULL, fleet INTEGER NOT NULL, words TEXT NOT NULL, state TEXT NOT NULL,
        team TEXT NOT NULL, channel TEXT NOT NULL, began_at TEXT NOT NULL, noticed_at TEXT NOT NULL,
        last_at TEXT NOT NULL, window_h REAL NOT NULL, customers INTEGER NOT NULL, expected REAL NOT NULL,
        most INTEGER NOT NULL, most_window_h REAL NOT NULL, about TEXT NOT NULL, symptom TEXT NOT NULL,
        sharing INTEGER NOT NULL, ticket_ids TEXT NOT NULL, shadow INTEGER NOT NULL, said_at TEXT,
        investigation_id INTEGER REFERENCES investigations, again_of INTEGER REFERENCES investigations,
        settled_at TEXT, larger_than INTEGER REFERENCES trends, snoozed_until TEXT, snoozed_by TEXT NOT NULL,
        dismissed_at TEXT, dismissed_by TEXT NOT NULL, reason TEXT NOT NULL, dismissed_customers INTEGER NOT NULL,
        dismissed_window_h REAL NOT NULL, over_at TEXT
    );
    CREATE UNIQUE INDEX one_live_trend_of_a_series ON trends (series, fleet) WHERE state <> 'over';
    CREATE INDEX trends_by_state ON trends (state);
    CREATE INDEX trends_seen ON trends (last_at);
    CREATE INDEX trends_of_investigation ON trends (investigation_id);
    CREATE TABLE trend_progress (
        id INTEGER PRIMARY KEY CHECK (id = 1), reported_at TEXT, daily_at TEXT
    );
    INSERT INTO trend_progress (id) VALUES (1);
    CREATE TABLE trend_reports (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, channel TEXT NOT NULL, setup INTEGER NOT NULL, mode TEXT NOT NULL,
        since TEXT NOT NULL, until TEXT NOT NULL, speaks_from TEXT, lines TEXT NOT NULL
    );
    CREATE TABLE trend_watches (
        investigation_id INTEGER PRIMARY KEY REFERENCES investigations, target TEXT NOT NULL,
        resolved_at TEXT NOT NULL, settled_at TEXT, ended_at TEXT
    );
    CREATE INDEX trend_watches_open ON trend_watches (ended_at, resolved_at);
    CREATE TABLE trend_agents (
        id INTEGER PRIMARY KEY, trend_id INTEGER NOT NULL REFERENCES trends, user TEXT NOT NULL, at TEXT NOT NULL,
        ticket_ids TEXT NOT NULL
    );
    CREATE UNIQUE INDEX agents_are_told_once ON trend_agents (trend_id, user);
    """)


@migrations()
def sessions(db: sqlite_utils.Database) -> None:
    """Who may look at the pages, by the digest of a secret that only a browser, a screen or a program has."""
    db.executescript("""
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, user TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '', made_at TEXT NOT NULL, seen_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT
    );
    CREATE UNIQUE INDEX one_screen_of_a_name ON sessions (name) WHERE kind = 'screen' AND revoked_at IS NULL;
    CREATE INDEX sessions_of ON sessions (user, kind) WHERE revoked_at IS NULL;
    """)


@migrations()
def streams_know_their_reader(db: sqlite_utils.Database) -> None:
    """Where targets or rules of reading are others, the history is read again."""
    db.executescript("ALTER TABLE stream_state ADD COLUMN version TEXT NOT NULL DEFAULT ''")


@migrations()
def tickets_are_read(db: sqlite_utils.Database) -> None:
    """How near each is to its investigation and in what, who wrote it, and whether the stream alone told of it."""
    db.executescript("""
    ALTER TABLE ticket_links ADD COLUMN near TEXT NOT NULL DEFAULT '';
    ALTER TABLE ticket_links ADD COLUMN shared TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE ticket_links ADD COLUMN requester_id INTEGER;
    ALTER TABLE ticket_links ADD COLUMN streamed INTEGER NOT NULL DEFAULT 0;
    """)


@migrations()
def words_of_the_stream_go_in_turn(db: sqlite_utils.Database) -> None:
    """Rare ones after days, the others after months: whoever looks for the first must not pass by all others."""
    db.executescript("""
    DROP INDEX stream_terms_by_day;
    CREATE INDEX stream_terms_by_day ON stream_terms ((word IS NULL), day);
    """)


@migrations()
def views_for_readers(db: sqlite_utils.Database) -> None:
    """For questions of one's own, by datasette or any other reader: in words that need no knowledge of the tables."""
    db.executescript("""
    CREATE VIEW investigation_timings AS
    SELECT 'INV-' || i.id AS investigation, i.target, i.symptom, i.state, i.opened_at, i.closed_at,
      round((julianday(i.opened_at) - julianday(first_ticket)) * 1440, 1) AS minutes_from_first_ticket_to_opened,
      round((julianday(i.claimed_at) - julianday(i.opened_at)) * 1440, 1) AS minutes_to_claimed,
      round((julianday(first_evidence) - julianday(i.opened_at)) * 1440, 1) AS minutes_to_first_evidence,
      round((julianday(escalated) - julianday(i.opened_at)) * 1440, 1) AS minutes_to_escalated,
      round((julianday(acknowledged) - julianday(escalated)) * 1440, 1) AS minutes_from_escalated_to_acknowledged,
      round((julianday(first_told) - julianday(i.opened_at)) * 1440, 1) AS minutes_to_customers_told,
      CASE WHEN i.state = 'resolved' THEN
        round((julianday(i.closed_at) - julianday(i.opened_at)) * 1440, 1) END AS minutes_to_resolved
    FROM investigations i
      LEFT JOIN (SELECT investigation_id, min(created_at) AS first_ticket FROM ticket_links
                 WHERE state = 'confirmed' GROUP BY 1) t ON t.investigation_id = i.id
      LEFT JOIN (SELECT investigation_id, min(CASE WHEN kind = 'probe' THEN at END) AS first_evidence,
                   min(CASE WHEN kind IN ('told', 'said') THEN at END) AS first_told
                 FROM events WHERE removed_at IS NULL GROUP BY 1) e ON e.investigation_id = i.id
      LEFT JOIN (SELECT investigation_id, min(escalated_at) AS escalated, min(acknowledged_at) AS acknowledged
                 FROM escalations GROUP BY 1) x ON x.investigation_id = i.id;

    CREATE VIEW tickets_per_investigation AS
    SELECT 'INV-' || i.id AS investigation, i.target, i.opened_at,
      count(CASE WHEN t.state = 'confirmed' THEN 1 END) AS confirmed,
      count(CASE WHEN t.state = 'suggested' THEN 1 END) AS suggested,
      count(CASE WHEN t.state = 'rejected' THEN 1 END) AS rejected
    FROM investigations i LEFT JOIN ticket_links t ON t.investigation_id = i.id GROUP BY i.id;

    CREATE VIEW known_issues_by_customers AS
    SELECT 'KI-' || l.issue_id AS known_issue, count(DISTINCT t.ticket_id) AS confirmed_tickets,
      count(DISTINCT l.investigation_id) AS investigations
    FROM known_links l LEFT JOIN ticket_links t ON t.investigation_id = l.investigation_id AND t.state = 'confirmed'
    WHERE l.verdict = 'it_is' GROUP BY l.issue_id;
    """)


@migrations()
def trends_name_a_version(db: sqlite_utils.Database) -> None:
    """The one that most of its tickets name."""
    db.executescript("ALTER TABLE trends ADD COLUMN version TEXT NOT NULL DEFAULT ''")


@migrations()
def meanings_of_known_issues(db: sqlite_utils.Database) -> None:
    """Vectors by the text that they are of; none where the extra is not installed."""
    db.executescript("""
    CREATE TABLE known_vectors (
        model TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, text)
    ) WITHOUT ROWID;
    """)


@migrations()
def last_probes_of_a_target(db: sqlite_utils.Database) -> None:
    """Asked for each target by every open board."""
    db.execute("CREATE INDEX batches_of_target ON probe_batches (target, state)")


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


@migrations()
def moments_of_investigations(db: sqlite_utils.Database) -> None:
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
    db.executescript(f"""
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
    """)
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


@migrations()
def records_are_corrected(db: sqlite_utils.Database) -> None:
    """What stands on a timeline now is in its events; what stood there before, and who changed it, in corrections."""
    db.executescript("""
    ALTER TABLE events ADD COLUMN entered_at TEXT;
    ALTER TABLE events ADD COLUMN corrected_at TEXT;
    ALTER TABLE events ADD COLUMN corrected_by TEXT;
    ALTER TABLE events ADD COLUMN withdrawn_at TEXT;
    ALTER TABLE events ADD COLUMN withdrawn_by TEXT;
    ALTER TABLE events ADD COLUMN withdrawn_why TEXT NOT NULL DEFAULT '';
    CREATE TABLE corrections (
        id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES events, at TEXT NOT NULL, by TEXT NOT NULL,
        kind TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    );
    CREATE INDEX corrections_of ON corrections (event_id);
    """)


@migrations()
def boards_ask_what_hurts(db: sqlite_utils.Database) -> None:
    """Each second, while anybody looks: which urgent issues investigations are about."""
    db.executescript("""
    CREATE INDEX known_issues_urgent ON known_issues (id) WHERE gone_at IS NULL
        AND state IN ('open', 'in_progress') AND json_extract(reading, '$.priority') IN ('P0', 'P1');
    """)


@migrations()
def maintenances_and_smoke_sweeps(db: sqlite_utils.Database) -> None:
    """Planned times, and the checks of everything when they end. The parts of a check are probe batches."""
    db.executescript("""
    CREATE TABLE maintenances (
        id INTEGER PRIMARY KEY, targets TEXT NOT NULL, phase TEXT NOT NULL, begins_at TEXT NOT NULL,
        ends_at TEXT NOT NULL, channel TEXT NOT NULL, created_at TEXT NOT NULL, why TEXT NOT NULL DEFAULT '',
        planned_by TEXT NOT NULL DEFAULT '', page TEXT NOT NULL DEFAULT '', page_id TEXT NOT NULL DEFAULT '',
        stage TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '', ended_at TEXT,
        changes TEXT NOT NULL DEFAULT '[]', sweep_id INTEGER
    );
    CREATE INDEX maintenances_live ON maintenances (begins_at) WHERE phase IN ('planned', 'going');
    CREATE INDEX maintenances_over ON maintenances (ended_at) WHERE phase = 'over';

    CREATE TABLE smoke_sweeps (
        id INTEGER PRIMARY KEY, title TEXT NOT NULL, reason TEXT NOT NULL, targets TEXT NOT NULL,
        channel TEXT NOT NULL, thread_key TEXT, thread_ts TEXT, requested_by TEXT NOT NULL DEFAULT '',
        requested_at TEXT NOT NULL, ended_at TEXT, maintenance_id INTEGER REFERENCES maintenances (id),
        investigation_id INTEGER REFERENCES investigations (id), result TEXT
    );
    CREATE INDEX smoke_sweeps_going ON smoke_sweeps (id) WHERE ended_at IS NULL;

    ALTER TABLE probe_batches ADD COLUMN sweep_id INTEGER;
    CREATE INDEX batches_of_sweeps ON probe_batches (sweep_id) WHERE sweep_id IS NOT NULL;
    CREATE INDEX playbooks_of_targets ON probe_batches (target, id) WHERE playbook <> '' AND state = 'done';

    ALTER TABLE trends ADD COLUMN maintenance_id INTEGER;
    """)


@migrations()
def what_happened_in_a_period(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE INDEX trends_noticed ON trends (noticed_at);
    CREATE INDEX escalations_by_time ON escalations (escalated_at);
    """)


@migrations()
def moments_follow_corrections(db: sqlite_utils.Database) -> None:
    """What is added with the time of before, corrected, withdrawn or taken off moves what came first."""
    at = _seconds("new.at")
    earliest = ", ".join(
        f"{name} = CASE WHEN new.kind IN ({kinds}) THEN min(coalesce({name}, {at}), {at}) ELSE {name} END"
        for name, kinds in _MOMENTS.items()
    )
    # An opener who had it at once is on no line: when anybody first had it stays.
    told = {name: kinds for name, kinds in _MOMENTS.items() if name != "owned_s"}
    again = ", ".join(f"min(CASE WHEN kind IN ({kinds}) THEN {_seconds('at')} END)" for kinds in told.values())
    db.executescript(f"""
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
    """)


@migrations()
def looks_at_homes(db: sqlite_utils.Database) -> None:
    """When somebody opened the App Home last, and since when what happened is new to them."""
    db.executescript("""
    CREATE TABLE home_looks (user TEXT PRIMARY KEY, looked_at TEXT NOT NULL, new_since TEXT) WITHOUT ROWID;
    CREATE INDEX home_looks_lately ON home_looks (looked_at);
    CREATE INDEX handovers_waiting ON handovers (receiver) WHERE state = 'pending';
    """)


@migrations()
def backups(db: sqlite_utils.Database) -> None:
    db.executescript("""
    CREATE TABLE backups (id INTEGER PRIMARY KEY, at TEXT NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL);
    """)


@migrations()
def sweeps_of_the_fleet(db: sqlite_utils.Database) -> None:
    """Those of several targets at once, of which there is one at a time."""
    db.executescript("""
    ALTER TABLE probe_batches ADD COLUMN fleet INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX batches_of_the_fleet ON probe_batches (title, id) WHERE fleet = 1;
    """)


@migrations()
def stories_in_trackers(db: sqlite_utils.Database) -> None:
    """Each text that goes to an issue, once."""
    db.executescript("""
    CREATE TABLE tracker_copies (
        id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL REFERENCES investigations,
        issue_id INTEGER NOT NULL REFERENCES known_issues, digest TEXT NOT NULL, text TEXT NOT NULL,
        asked_by TEXT NOT NULL, asked_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'wanted', next_at TEXT,
        attempts INTEGER NOT NULL DEFAULT 0, failing_since TEXT, failure TEXT NOT NULL DEFAULT '',
        url TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX copies_of ON tracker_copies (investigation_id);
    CREATE INDEX copies_by_state ON tracker_copies (state, next_at);
    """)


@migrations()
def last_probes_that_have_ended(db: sqlite_utils.Database) -> None:
    """Of these alone boards ask: the index need not say it in each row."""
    db.executescript("""
    DROP INDEX batches_of_target;
    CREATE INDEX batches_of_target ON probe_batches (target) WHERE state = 'done';
    """)


@migrations()
def logs_of_customers(db: sqlite_utils.Database) -> None:
    """Messages with logs, what was read of each, the numbers of masks, and lines that a team knows itself."""
    db.executescript("""
    CREATE TABLE log_drops (
        id INTEGER PRIMARY KEY, investigation_id INTEGER REFERENCES investigations (id), sender TEXT NOT NULL,
        channel TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT NOT NULL DEFAULT '', at TEXT NOT NULL,
        UNIQUE (channel, ts)
    );
    CREATE INDEX log_drops_by_investigation ON log_drops (investigation_id);
    CREATE TABLE customer_logs (
        id INTEGER PRIMARY KEY, drop_id INTEGER NOT NULL REFERENCES log_drops (id), file_id TEXT NOT NULL,
        state TEXT NOT NULL, problem TEXT NOT NULL DEFAULT '', reports TEXT NOT NULL DEFAULT '[]',
        attempts INTEGER NOT NULL DEFAULT 0, due_at TEXT NOT NULL, read_at TEXT
    );
    CREATE INDEX customer_logs_by_drop ON customer_logs (drop_id);
    CREATE INDEX customer_logs_waiting ON customer_logs (due_at) WHERE state = 'waiting';
    CREATE INDEX customer_logs_read ON customer_logs (read_at) WHERE state = 'read';
    CREATE TABLE log_masks (
        scope TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, UNIQUE (scope, name)
    );
    CREATE INDEX log_masks_by_age ON log_masks (at);
    CREATE TABLE log_signatures (
        id INTEGER PRIMARY KEY, title TEXT NOT NULL, meaning TEXT NOT NULL, role TEXT NOT NULL, tries TEXT NOT NULL,
        pattern TEXT NOT NULL, proposed_by TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,
        decided_by TEXT NOT NULL DEFAULT '', decided_at TEXT
    );
    CREATE INDEX log_signatures_accepted ON log_signatures (id) WHERE state = 'accepted';
    """)


@migrations()
def issues_are_read_once(db: sqlite_utils.Database) -> None:
    """What a search compares of a known issue, by a mark of its text and of who reads."""
    db.executescript("""
    CREATE TABLE known_told (issue_id INTEGER PRIMARY KEY, mark TEXT NOT NULL, told TEXT NOT NULL);
    """)


@migrations()
def people_set_hours_and_messages(db: sqlite_utils.Database) -> None:
    """What somebody has set for themselves; `silent` is a list of kinds of direct messages, no hours are the team's."""
    db.executescript("""
    CREATE TABLE personal_settings (
        user TEXT PRIMARY KEY, silent TEXT NOT NULL, hours TEXT NOT NULL DEFAULT '', at TEXT NOT NULL
    ) WITHOUT ROWID;
    """)


@migrations()
def investigations_are_merged(db: sqlite_utils.Database) -> None:
    """Which goes on in which, and what came with it."""
    db.executescript("""
    ALTER TABLE investigations ADD COLUMN merged_into INTEGER REFERENCES investigations;
    CREATE INDEX investigations_merged ON investigations (merged_into) WHERE merged_into IS NOT NULL;
    CREATE INDEX merged_of_target ON investigations (target) WHERE state = 'merged';
    CREATE TABLE merges (
        id INTEGER PRIMARY KEY, investigation_id INTEGER NOT NULL REFERENCES investigations,
        into_id INTEGER NOT NULL REFERENCES investigations, at TEXT NOT NULL, by TEXT NOT NULL, kept TEXT NOT NULL,
        undone_at TEXT, undone_by TEXT
    );
    CREATE UNIQUE INDEX one_merge_at_a_time ON merges (investigation_id) WHERE undone_at IS NULL;
    ALTER TABLE ticket_links ADD COLUMN came_from INTEGER;
    """)
