"""What changed about tables that were there, and what was added beside them, in the order in which it came."""

import sqlite_utils

from bot.migrations.investigating import migrations


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
