-- The tables, as one list of steps: a database that is new runs all of it, an older one what it has not run yet.
-- New steps come at the end, and none is changed or moved: what ran is remembered by name. What SQL alone can't do
-- follows a step's statements, in migrations.py.

-- step: deliveries_and_messages
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

-- step: investigations_and_timeline
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

-- step: tickets
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

-- step: probes
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

-- step: escalations
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

-- step: messages_by_record
CREATE INDEX messages_of ON messages (view, record_id);

-- step: first_search
ALTER TABLE ticket_watches ADD COLUMN first_ok_at TEXT;

-- step: probes_can_be_cancelled
ALTER TABLE probe_batches ADD COLUMN cancelled_by TEXT;
CREATE INDEX batches_in_state ON probe_batches (state) WHERE state IN ('queued', 'running');
CREATE INDEX batches_of ON probe_batches (investigation_id);

-- step: steps_by_hand
CREATE TABLE probe_trials (
    id INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL REFERENCES probe_batches, by TEXT NOT NULL, at TEXT NOT NULL,
    device TEXT NOT NULL, os_version TEXT NOT NULL, app_version TEXT NOT NULL, reproduced INTEGER NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX trials_of ON probe_trials (batch_id);

-- step: asked_for_with_every_edit_and_card
-- Slack tells of every edit in a channel, and a card is rendered with each change.
CREATE INDEX events_from ON events (source_channel, source_ts) WHERE source_ts IS NOT NULL;
CREATE INDEX watches_due ON ticket_watches (next_at) WHERE active = 1;
CREATE INDEX escalations_of ON escalations (investigation_id);
CREATE INDEX questions_of ON escalation_questions (escalation_id);
CREATE INDEX messages_in_thread ON messages (thread_key) WHERE thread_key IS NOT NULL;
-- SQLite does not see that `state = ?` keeps to a list of states.
DROP INDEX batches_in_state;
CREATE INDEX batches_by_state ON probe_batches (state);

-- step: escalations_end_with_their_investigation
ALTER TABLE escalations ADD COLUMN withdrawn_at TEXT;
DROP INDEX one_waiting_per_investigation;
CREATE UNIQUE INDEX one_waiting_per_investigation ON escalations (investigation_id)
    WHERE acknowledged_at IS NULL AND withdrawn_at IS NULL;

-- step: probes_from_elsewhere
ALTER TABLE probe_runs ADD COLUMN place TEXT NOT NULL DEFAULT '';

-- step: tickets_named_while_the_desk_was_down
CREATE TABLE ticket_pastes (
    investigation_id INTEGER NOT NULL REFERENCES investigations, ticket_id INTEGER NOT NULL, by TEXT NOT NULL,
    next_at TEXT NOT NULL, PRIMARY KEY (investigation_id, ticket_id)
) WITHOUT ROWID;

-- step: status_of_services
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

-- step: playbooks_ask_from_the_customers_places
ALTER TABLE probe_batches ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
ALTER TABLE probe_batches ADD COLUMN parent_id INTEGER REFERENCES probe_batches;
CREATE UNIQUE INDEX one_from_customers ON probe_batches (parent_id) WHERE parent_id IS NOT NULL;
ALTER TABLE ticket_links ADD COLUMN places TEXT NOT NULL DEFAULT '[]';

-- step: rounds_of_replies
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

-- step: briefings
-- A post may wait for another one; a channel has one briefing a day, whatever names the channel goes by.
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

-- step: known_issues
-- Documents are what is searched: known issues, and what our own investigations taught; FTS5 keeps no copy.
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

-- step: handoffs
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

-- step: releases_and_follows
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

-- step: playbooks_on_demand
ALTER TABLE probe_batches ADD COLUMN on_demand INTEGER NOT NULL DEFAULT 1;
UPDATE probe_batches SET on_demand = 0 WHERE playbook <> '' OR parent_id IS NOT NULL;

-- step: playbooks_from_the_settings
ALTER TABLE probe_batches ADD COLUMN by_hand TEXT NOT NULL DEFAULT '';
UPDATE probe_batches SET by_hand = 'reproduce it on a device' WHERE playbook = 'app';

-- step: verdicts_are_data
-- Results hold verdicts as data. Old ones keep their sentence as what was found or what is wrong.
ALTER TABLE probe_batches RENAME COLUMN verdict TO reason;
UPDATE probe_batches SET reason = '' WHERE state <> 'left_out';
ALTER TABLE probe_batches ADD COLUMN begun_again INTEGER NOT NULL DEFAULT 0;
ALTER TABLE probe_runs ADD COLUMN refining INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_refining ON probe_runs (refining) WHERE refining = 1;

-- step: tickets_that_only_people_named
-- The next search says which of the old ones it finds.
ALTER TABLE ticket_links ADD COLUMN matches INTEGER NOT NULL DEFAULT 0;
UPDATE ticket_links SET matches = 1;

-- step: files_are_linked
ALTER TABLE messages ADD COLUMN permalink TEXT NOT NULL DEFAULT '';

-- step: mentions_run_once
-- What a mention did before is known by the mark on it.
CREATE TABLE mentions (
    channel TEXT NOT NULL, ts TEXT NOT NULL, delivery TEXT NOT NULL, edited INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (channel, ts)
) WITHOUT ROWID;
CREATE INDEX mentions_by_delivery ON mentions (delivery);
INSERT OR IGNORE INTO mentions (channel, ts, delivery)
    SELECT channel, substr(key, 7 + length(channel)), '' FROM messages
    WHERE key LIKE 'done/%' AND kind = 'reaction';

-- step: hosts_of_somebody_else
-- What people typed, that is no target: so many probes an hour of each.
ALTER TABLE probe_batches ADD COLUMN host TEXT NOT NULL DEFAULT '';
CREATE INDEX batches_of_host ON probe_batches (host, requested_at) WHERE host <> '';

-- step: who_named_a_ticket
-- What people who don't decide named is suggested; whoever named tickets can take that back.
ALTER TABLE ticket_links ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket_pastes ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;
CREATE TABLE ticket_receipts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL REFERENCES investigations,
    by TEXT NOT NULL, at TEXT NOT NULL, became TEXT NOT NULL, earlier TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);

-- step: former_names
-- Keys and addresses that issues had before they were moved, and numbers of ours that became another's.
CREATE TABLE known_former (
    name TEXT PRIMARY KEY COLLATE NOCASE, issue_id INTEGER NOT NULL REFERENCES known_issues
) WITHOUT ROWID;
CREATE INDEX known_former_of ON known_former (issue_id);
CREATE INDEX known_issues_by_uid ON known_issues (uid);
INSERT OR REPLACE INTO known_former (name, issue_id)
    SELECT before, issue_id FROM known_changes WHERE kind = 'moved' AND before <> '' ORDER BY id;

-- step: accounts_of_trackers
-- Under which accounts the bot has written at each tracker.
CREATE TABLE known_accounts (
    tracker TEXT NOT NULL, account TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (tracker, account)
) WITHOUT ROWID;

-- step: errands_that_wait
-- Until when an outside system wants not to be asked.
ALTER TABLE handoff_errands ADD COLUMN waits_until TEXT;

-- step: old_content_goes
-- What is old is emptied; what people ask many times a day, and each start, has an index.
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

-- step: what_failed_again
-- What had failed is run once more before somebody calls it mended.
ALTER TABLE probe_batches ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

-- step: resolved_ones_of_a_target
-- Each card says what the last one was.
CREATE INDEX investigations_of_target ON investigations (target, state, closed_at);

-- step: tickets_that_belong_elsewhere
-- What a search finds may be about something else, or belong to another investigation; the next search says so.
ALTER TABLE ticket_watches ADD COLUMN target TEXT NOT NULL DEFAULT '';
UPDATE ticket_watches SET target = coalesce(
    (SELECT i.target FROM investigations i WHERE i.id = ticket_watches.investigation_id), '');
ALTER TABLE ticket_links ADD COLUMN unfit TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket_links ADD COLUMN tagged_for TEXT NOT NULL DEFAULT '[]';
CREATE INDEX watches_active ON ticket_watches (investigation_id) WHERE active = 1;

-- step: ranks_of_messages
-- What is owed already gets the rank that it would have got: all of it is old, and people of Tier 2 first.
ALTER TABLE messages ADD COLUMN rank INTEGER NOT NULL DEFAULT 4;
UPDATE messages SET rank = CASE
    WHEN key LIKE 'escalation/%' OR key LIKE 'question/%' OR after_key LIKE 'escalation/%' THEN 1
    WHEN key LIKE 'investigation/%' OR key LIKE 'tickets/%' OR key LIKE 'handover/%' OR key LIKE 'told/%' THEN 3
    WHEN view = 'probes' AND human = 0 THEN 3 ELSE 4 END;
CREATE INDEX reactions_owed ON messages (created_at) WHERE kind = 'reaction' AND state IN ('owed', 'unsure');

-- step: forms_sent_twice
ALTER TABLE deliveries ADD COLUMN twin TEXT;
CREATE INDEX deliveries_alike ON deliveries (twin) WHERE twin IS NOT NULL;

-- step: tickets_are_looked_at_again
-- What waits for a review is read anew, so that the approval is one of tickets as they are known.
ALTER TABLE replies ADD COLUMN seen TEXT NOT NULL DEFAULT '';
ALTER TABLE replies ADD COLUMN differences TEXT NOT NULL DEFAULT '';
ALTER TABLE reply_rounds ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
CREATE INDEX replies_untold ON replies (state)
    WHERE state IN ('listed', 'waiting', 'sending', 'unsure', 'changed', 'failed');
UPDATE reply_rounds SET state = 'reading' WHERE state = 'ready';

-- step: customers_who_were_not_told
-- A round may say why what it tells is not true any more; the newest answer of each ticket is found at once.
ALTER TABLE reply_rounds ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX replies_of_ticket ON replies (ticket_id, round_id);

-- step: one_bug_in_two_trackers
-- Everything is read again, for what it names.
CREATE TABLE known_mentions (
    issue_id INTEGER NOT NULL REFERENCES known_issues, name TEXT NOT NULL, PRIMARY KEY (issue_id, name)
) WITHOUT ROWID;
CREATE INDEX known_mentions_by_name ON known_mentions (name);
CREATE TABLE known_twins (
    issue_id INTEGER NOT NULL REFERENCES known_issues, twin_id INTEGER NOT NULL REFERENCES known_issues,
    PRIMARY KEY (issue_id, twin_id)
) WITHOUT ROWID;
UPDATE known_trackers SET mapping = '';

-- step: answers_of_slack
-- What Slack said about groups, people and channels, for a start at which it says nothing.
CREATE TABLE slack_answers (question TEXT PRIMARY KEY, answer TEXT NOT NULL, at TEXT NOT NULL);

-- step: results_say_what_their_rows_are
-- All of it is in migrations.py.

-- step: places_and_filters_are_data
-- All of it is in migrations.py.

-- step: blocks_that_slack_refused
-- A workspace that takes no tables gets plain ones, also after a restart.
CREATE TABLE refused_blocks (kind TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;

-- step: probes_that_are_repeated
-- What is measured once more says how it was before.
ALTER TABLE probe_batches ADD COLUMN repeats INTEGER;

-- step: escalations_say_since_when
-- With the evidence that says so; and what was written in a form and not sent stays there.
ALTER TABLE escalations ADD COLUMN began_at TEXT;
ALTER TABLE escalations ADD COLUMN began_by TEXT NOT NULL DEFAULT '';
CREATE TABLE escalation_drafts (
    investigation_id INTEGER NOT NULL REFERENCES investigations, user TEXT NOT NULL, draft TEXT NOT NULL,
    at TEXT NOT NULL, PRIMARY KEY (investigation_id, user)
) WITHOUT ROWID;

-- step: pictures_in_blocks
-- Which uploaded picture a message shows; the newest of a slot counts.
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

-- step: tickets_are_ticked
-- The list of tickets stays as it is until somebody asks for newer ones; who decided when stands on it.
ALTER TABLE ticket_links ADD COLUMN rank INTEGER;
ALTER TABLE ticket_links ADD COLUMN listed_at TEXT;
ALTER TABLE ticket_links ADD COLUMN listed_as TEXT NOT NULL DEFAULT 'area';
ALTER TABLE ticket_links ADD COLUMN decided_at TEXT;
UPDATE ticket_links SET rank = -CAST(strftime('%s', created_at) AS INTEGER), listed_at = found_at,
    listed_as = CASE WHEN says THEN 'says' WHEN added_by <> '' THEN 'named' ELSE 'area' END
    WHERE state = 'suggested';
CREATE INDEX receipts_of_investigation ON ticket_receipts (investigation_id);

-- step: replies_of_an_investigation
-- Its card says how many customers were answered.
CREATE INDEX replies_of_investigation ON replies (investigation_id, round_id);

-- step: tickets_tell_of_customers
-- What plan and what version they have, where they say so; the next search reads it.
ALTER TABLE ticket_links ADD COLUMN plans TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket_links ADD COLUMN versions TEXT NOT NULL DEFAULT '';

-- step: updates_and_what_was_said
-- News of an investigation for those who wait, and what its customers were told so far, from all sides.
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

-- step: handovers_are_answered
-- Whoever is asked to take an investigation over says yes or no; and the end of a day is a row.
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

-- step: elevations
-- Tickets that nobody in Tier 1 answered in time, and the messages that gather them.
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

-- step: ladders
-- An escalation going up its ladder is a run, each telling of it a step.
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

-- step: nobody_waits_unseen
-- Reminders, the messages that remind, and owners who are asked whether they are still on it.
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

-- step: investigations_with_vendors
-- What was written to vendors, each letter sent once, and what they said.
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

-- step: investigations_move
-- To another team, whole: what is left behind in the old thread keeps the key that it has in Slack.
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

-- step: moves_call_the_team
-- Once, where nobody of it owns what it has now.
ALTER TABLE moves ADD COLUMN called TEXT NOT NULL DEFAULT '';

-- step: vendors_are_asked_about_once
-- Each question about a letter, and each reminder, is a message of its own: only the newest has buttons.
CREATE TABLE vendor_asks (
    id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES vendor_cases,
    letter_id INTEGER REFERENCES vendor_letters, at TEXT NOT NULL
);
CREATE INDEX vendor_asks_of ON vendor_asks (case_id, letter_id, id);

-- step: tickets_of_a_trend
-- What an investigation was opened with: suggested by nobody, and counted although no search finds it.
ALTER TABLE ticket_links ADD COLUMN of_trend INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket_pastes ADD COLUMN of_trend INTEGER NOT NULL DEFAULT 0;

-- step: the_desk_streams
-- Tickets without text and names. Times are seconds, keys are joined by line feeds, terms are eight bytes each: a desk
-- has a hundred thousand of them.
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

-- step: trends
-- Rises of customers, at most one that is live of each series; what was reported, and what is watched after it.
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

-- step: sessions
-- Who may look at the pages, by the digest of a secret that only a browser, a screen or a program has.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, user TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '', made_at TEXT NOT NULL, seen_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT
);
CREATE UNIQUE INDEX one_screen_of_a_name ON sessions (name) WHERE kind = 'screen' AND revoked_at IS NULL;
CREATE INDEX sessions_of ON sessions (user, kind) WHERE revoked_at IS NULL;

-- step: streams_know_their_reader
-- Where targets or rules of reading are others, the history is read again.
ALTER TABLE stream_state ADD COLUMN version TEXT NOT NULL DEFAULT '';

-- step: tickets_are_read
-- How near each is to its investigation and in what, who wrote it, and whether the stream alone told of it.
ALTER TABLE ticket_links ADD COLUMN near TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket_links ADD COLUMN shared TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ticket_links ADD COLUMN requester_id INTEGER;
ALTER TABLE ticket_links ADD COLUMN streamed INTEGER NOT NULL DEFAULT 0;

-- step: words_of_the_stream_go_in_turn
-- Rare ones after days, the others after months: whoever looks for the first must not pass by all others.
DROP INDEX stream_terms_by_day;
CREATE INDEX stream_terms_by_day ON stream_terms ((word IS NULL), day);

-- step: views_for_readers
-- For questions of one's own, by datasette or any other reader: in words that need no knowledge of the tables.
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

-- step: trends_name_a_version
-- The one that most of its tickets name.
ALTER TABLE trends ADD COLUMN version TEXT NOT NULL DEFAULT '';

-- step: meanings_of_known_issues
-- Vectors by the text that they are of; none where the extra is not installed.
CREATE TABLE known_vectors (
    model TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, text)
) WITHOUT ROWID;

-- step: last_probes_of_a_target
-- Asked for each target by every open board.
CREATE INDEX batches_of_target ON probe_batches (target, state);

-- step: moments_of_investigations
-- All of it is in migrations.py.

-- step: records_are_corrected
-- What stands on a timeline now is in its events; what stood there before, and who changed it, in corrections.
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

-- step: boards_ask_what_hurts
-- Each second, while anybody looks: which urgent issues investigations are about.
CREATE INDEX known_issues_urgent ON known_issues (id) WHERE gone_at IS NULL
    AND state IN ('open', 'in_progress') AND json_extract(reading, '$.priority') IN ('P0', 'P1');

-- step: maintenances_and_smoke_sweeps
-- Planned times, and the checks of everything when they end. The parts of a check are probe batches.
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

-- step: what_happened_in_a_period
CREATE INDEX trends_noticed ON trends (noticed_at);
CREATE INDEX escalations_by_time ON escalations (escalated_at);

-- step: moments_follow_corrections
-- All of it is in migrations.py.

-- step: looks_at_homes
-- When somebody opened the App Home last, and since when what happened is new to them.
CREATE TABLE home_looks (user TEXT PRIMARY KEY, looked_at TEXT NOT NULL, new_since TEXT) WITHOUT ROWID;
CREATE INDEX home_looks_lately ON home_looks (looked_at);
CREATE INDEX handovers_waiting ON handovers (receiver) WHERE state = 'pending';

-- step: backups
CREATE TABLE backups (id INTEGER PRIMARY KEY, at TEXT NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL);

-- step: sweeps_of_the_fleet
-- Those of several targets at once, of which there is one at a time.
ALTER TABLE probe_batches ADD COLUMN fleet INTEGER NOT NULL DEFAULT 0;
CREATE INDEX batches_of_the_fleet ON probe_batches (title, id) WHERE fleet = 1;

-- step: stories_in_trackers
-- Each text that goes to an issue, once.
CREATE TABLE tracker_copies (
    id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL REFERENCES investigations,
    issue_id INTEGER NOT NULL REFERENCES known_issues, digest TEXT NOT NULL, text TEXT NOT NULL,
    asked_by TEXT NOT NULL, asked_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'wanted', next_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, failing_since TEXT, failure TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT ''
);
CREATE INDEX copies_of ON tracker_copies (investigation_id);
CREATE INDEX copies_by_state ON tracker_copies (state, next_at);

-- step: last_probes_that_have_ended
-- Of these alone boards ask: the index need not say it in each row.
DROP INDEX batches_of_target;
CREATE INDEX batches_of_target ON probe_batches (target) WHERE state = 'done';

-- step: logs_of_customers
-- Messages with logs, what was read of each, the numbers of masks, and lines that a team knows itself.
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

-- step: issues_are_read_once
-- What a search compares of a known issue, by a mark of its text and of who reads.
CREATE TABLE known_told (issue_id INTEGER PRIMARY KEY, mark TEXT NOT NULL, told TEXT NOT NULL);

-- step: people_set_hours_and_messages
-- What somebody has set for themselves; `silent` is a list of kinds of direct messages, no hours are the team's.
CREATE TABLE personal_settings (
    user TEXT PRIMARY KEY, silent TEXT NOT NULL, hours TEXT NOT NULL DEFAULT '', at TEXT NOT NULL
) WITHOUT ROWID;

-- step: investigations_are_merged
-- Which goes on in which, and what came with it.
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

-- step: timings_are_those_of_numbers
-- One answer to one question: what readers ask and what the page of numbers shows count the same moments.
DROP VIEW investigation_timings;
CREATE VIEW investigation_timings AS
SELECT 'INV-' || i.id AS investigation, i.target, i.symptom, i.state, i.opened_at, i.closed_at,
  round((CAST(strftime('%s', i.opened_at) AS INTEGER) - m.first_ticket_s) / 60.0, 1) AS minutes_from_first_ticket_to_opened,
  round((m.owned_s - CAST(strftime('%s', i.opened_at) AS INTEGER)) / 60.0, 1) AS minutes_to_claimed,
  round((m.evidence_s - CAST(strftime('%s', i.opened_at) AS INTEGER)) / 60.0, 1) AS minutes_to_first_evidence,
  round((m.escalated_s - CAST(strftime('%s', i.opened_at) AS INTEGER)) / 60.0, 1) AS minutes_to_escalated,
  round((m.acknowledged_s - m.escalated_s) / 60.0, 1) AS minutes_from_escalated_to_acknowledged,
  round((m.told_s - CAST(strftime('%s', i.opened_at) AS INTEGER)) / 60.0, 1) AS minutes_to_customers_told,
  CASE WHEN i.state = 'resolved' THEN round((CAST(strftime('%s', i.closed_at) AS INTEGER) - CAST(strftime('%s', i.opened_at) AS INTEGER)) / 60.0, 1) END
    AS minutes_to_resolved
FROM investigations i JOIN investigation_moments m ON m.investigation_id = i.id;

-- step: investigations_are_related
-- What two have to do with each other; of what was caused the other one is the cause.
CREATE TABLE relations (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, investigation_id INTEGER NOT NULL REFERENCES investigations,
    other_id INTEGER NOT NULL REFERENCES investigations, how TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL,
    undone_at TEXT, undone_by TEXT
);
CREATE INDEX relations_of_one ON relations (investigation_id) WHERE undone_at IS NULL;
CREATE INDEX relations_of_other ON relations (other_id) WHERE undone_at IS NULL;
CREATE INDEX relations_of_causes ON relations (kind) WHERE undone_at IS NULL AND kind = 'caused_by';
-- step: customers_are_forgotten
-- Who asked for it, and what is not taken up again: a forgotten ticket is let into none of the tables with rows by ticket.
CREATE TABLE forget_orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, by TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL, scope TEXT,
    typed TEXT NOT NULL DEFAULT '', sought TEXT NOT NULL DEFAULT '', of_ticket TEXT NOT NULL DEFAULT '',
    of_customer TEXT NOT NULL DEFAULT '', done TEXT NOT NULL DEFAULT '', trouble TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0, next_at TEXT, confirmed_at TEXT, ended_at TEXT,
    backups INTEGER NOT NULL DEFAULT 0, leftover INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX forget_orders_due ON forget_orders (next_at) WHERE next_at IS NOT NULL;
CREATE TABLE forgotten_tickets (ticket_id INTEGER PRIMARY KEY);
CREATE TABLE forgotten_customers (customer INTEGER PRIMARY KEY, until INTEGER NOT NULL);
CREATE TRIGGER ticket_links_forgotten BEFORE INSERT ON ticket_links
    WHEN EXISTS (SELECT 1 FROM forgotten_tickets f WHERE f.ticket_id = new.ticket_id)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER ticket_pastes_forgotten BEFORE INSERT ON ticket_pastes
    WHEN EXISTS (SELECT 1 FROM forgotten_tickets f WHERE f.ticket_id = new.ticket_id)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER elevations_forgotten BEFORE INSERT ON elevations
    WHEN EXISTS (SELECT 1 FROM forgotten_tickets f WHERE f.ticket_id = new.ticket_id)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER handoff_tickets_forgotten BEFORE INSERT ON handoff_tickets
    WHEN EXISTS (SELECT 1 FROM forgotten_tickets f WHERE f.ticket_id = new.ticket_id)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER replies_forgotten BEFORE INSERT ON replies
    WHEN EXISTS (SELECT 1 FROM forgotten_tickets f WHERE f.ticket_id = new.ticket_id)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER stream_tickets_forgotten BEFORE INSERT ON stream_tickets
    WHEN EXISTS (SELECT 1 FROM forgotten_tickets f WHERE f.ticket_id = new.id)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER stream_tickets_of_forgotten BEFORE INSERT ON stream_tickets
    WHEN EXISTS (SELECT 1 FROM forgotten_customers f WHERE f.customer = new.customer AND new.created_at <= f.until)
    BEGIN SELECT RAISE(IGNORE); END;

-- step: tickets_change_place
-- In which investigation a ticket is since, and how it stood in both before.
ALTER TABLE ticket_links ADD COLUMN moved_to INTEGER REFERENCES investigations;
CREATE TABLE ticket_moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT, investigation_id INTEGER NOT NULL REFERENCES investigations,
    into_id INTEGER NOT NULL REFERENCES investigations, at TEXT NOT NULL, by TEXT NOT NULL, kept TEXT NOT NULL,
    pasted TEXT NOT NULL, undone_at TEXT, undone_by TEXT
);

-- step: restored_backups_are_cleaned
-- Which notes of the file beside the database are done in this one.
CREATE TABLE forgotten_notes (token TEXT PRIMARY KEY) WITHOUT ROWID;
ALTER TABLE forget_orders ADD COLUMN token TEXT NOT NULL DEFAULT '';

-- step: times_to_keep
-- How many days each kind of content was kept last, and what is wanted from when on; no days are for ever.
CREATE TABLE retention_times (
    kind TEXT PRIMARY KEY, days INTEGER, wanted INTEGER, wanted_from TEXT
) WITHOUT ROWID;
CREATE TABLE retention_emptied (
    kind TEXT NOT NULL, investigation_id INTEGER NOT NULL, closed_at TEXT NOT NULL, PRIMARY KEY (kind, investigation_id)
) WITHOUT ROWID;

-- step: updates_are_corrected
-- The line of the timeline that tells of the same: both are corrected and withdrawn together. Rounds of replies have none.
-- Of a form both were written in one moment; what was emptied since has its author and its time alone.
ALTER TABLE updates ADD COLUMN event_id INTEGER REFERENCES events;
ALTER TABLE said ADD COLUMN event_id INTEGER REFERENCES events;
UPDATE updates SET event_id = (SELECT e.id FROM events e
    WHERE e.investigation_id = updates.investigation_id AND e.actor = updates.author AND e.text = updates.text
      AND e.kind = CASE updates.audience WHEN 'tier1' THEN 'informed' ELSE 'updated' END
      AND abs(strftime('%s', e.at) - strftime('%s', updates.at)) <= 2 ORDER BY e.id LIMIT 1);
UPDATE said SET event_id = (SELECT e.id FROM events e
    WHERE e.investigation_id = said.investigation_id AND e.actor = said.author
      AND e.kind = CASE said.via WHEN 'tier1' THEN 'advised' ELSE 'said' END
      AND e.text IN (said.text, CASE said.via
        WHEN 'hand' THEN 'by hand: ' WHEN 'phone' THEN 'by phone: ' WHEN 'chat' THEN 'by chat: '
        WHEN 'status_page' THEN 'on the status page: ' WHEN 'tier1' THEN 'nothing for now' ELSE '' END || said.text)
      AND abs(strftime('%s', e.at) - strftime('%s', said.at)) <= 2 ORDER BY e.id LIMIT 1)
    WHERE said.source = '';
CREATE INDEX updates_on_timeline ON updates (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX said_on_timeline ON said (event_id) WHERE event_id IS NOT NULL;

-- step: maintenances_called_off_are_told
-- Those that were over or called off are asked for together.
DROP INDEX maintenances_over;
CREATE INDEX maintenances_ended ON maintenances (ended_at) WHERE ended_at IS NOT NULL;

-- step: one_bug_is_counted_once
-- Of one bug in several trackers, however they are known to be the same, the one counts that tells support more.
DROP VIEW known_issues_by_customers;
CREATE VIEW known_issues_of_investigations AS
WITH RECURSIVE same (issue_id, twin_id) AS (
    SELECT issue_id, issue_id FROM known_links WHERE verdict = 'it_is'
    UNION
    SELECT same.issue_id, w.twin_id FROM same JOIN known_twins w ON w.issue_id = same.twin_id
      JOIN known_issues t ON t.id = w.twin_id WHERE t.gone_at IS NULL
),
placed AS (
    SELECT same.issue_id, same.twin_id, row_number() OVER (PARTITION BY same.issue_id ORDER BY t.gone_at IS NOT NULL,
        t.state IN ('done', 'declined'), t.known DESC, coalesce(json_extract(t.reading, '$.workaround'), '') = '', t.id
      ) AS place
    FROM same JOIN known_issues t ON t.id = same.twin_id
)
SELECT DISTINCT l.investigation_id, p.twin_id AS issue_id
FROM known_links l JOIN placed p ON p.issue_id = l.issue_id AND p.place = 1 WHERE l.verdict = 'it_is';

CREATE VIEW known_issues_by_customers AS
SELECT 'KI-' || l.issue_id AS known_issue, count(DISTINCT t.ticket_id) AS confirmed_tickets,
  count(DISTINCT l.investigation_id) AS investigations
FROM known_issues_of_investigations l
  LEFT JOIN ticket_links t ON t.investigation_id = l.investigation_id AND t.state = 'confirmed'
GROUP BY l.issue_id;

-- step: replies_are_corrected
-- The round whose words were wrong, of one that puts them right.
ALTER TABLE reply_rounds ADD COLUMN corrects INTEGER REFERENCES reply_rounds;
CREATE INDEX rounds_that_correct ON reply_rounds (corrects) WHERE corrects IS NOT NULL;

-- step: issues_hear_of_tickets
-- The tickets that the tracker's issue was told of: those that the handoff named, and what its comments said since.
ALTER TABLE handoffs ADD COLUMN told TEXT NOT NULL DEFAULT '[]';
UPDATE handoffs SET told = tickets;

-- step: more_texts_have_their_time
-- What people wrote to management and to development goes with the notes, also of those that were gone through before.
DELETE FROM retention_emptied WHERE kind = 'texts';

-- step: logs_have_their_ticket
-- From whose ticket a log is, where somebody said so: forgetting finds it by that.
ALTER TABLE customer_logs ADD COLUMN ticket_id INTEGER;
CREATE INDEX customer_logs_of_ticket ON customer_logs (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE TRIGGER customer_logs_forgotten BEFORE INSERT ON customer_logs
    WHEN EXISTS (SELECT 1 FROM forgotten_tickets f WHERE f.ticket_id = new.ticket_id)
    BEGIN SELECT RAISE(IGNORE); END;

-- step: the_same_log_is_one
-- A keyed digest of the bytes of a log: the same ones are counted once.
ALTER TABLE customer_logs ADD COLUMN digest TEXT NOT NULL DEFAULT '';

-- step: what_was_said_is_put_right
-- The source of what it puts right, of what customers were told since.
ALTER TABLE said ADD COLUMN corrects TEXT NOT NULL DEFAULT '';
UPDATE said SET corrects = 'round/' || (SELECT r.corrects FROM reply_rounds r WHERE said.source = 'round/' || r.id)
WHERE source IN (SELECT 'round/' || id FROM reply_rounds WHERE corrects IS NOT NULL);
