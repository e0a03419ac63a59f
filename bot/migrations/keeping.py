"""What is kept, for how long, and how it is found among ten thousand."""

import sqlite_utils

from bot.migrations.investigating import migrations


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
def answers_of_slack(db: sqlite_utils.Database) -> None:
    """What Slack said about groups, people and channels, for a start at which it says nothing."""
    db.executescript("CREATE TABLE slack_answers (question TEXT PRIMARY KEY, answer TEXT NOT NULL, at TEXT NOT NULL)")
