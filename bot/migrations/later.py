"""What came after the tables of all rooms were there."""

import sqlite_utils

from bot.migrations.investigating import migrations


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
