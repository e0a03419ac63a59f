"""The tables, as far as SQL alone can be wrong about them."""

import json
import tracemalloc
from functools import cache
from typing import Any

import pytest
from sqlite_utils.migrations import Migrations

from bot.database import Database
from bot.migrations import migrations
from bot.probes.batch import read_result
from bot.probes.model import Shape
from bot.probes.registry import KINDS
from bot.probes.wording import long, short
from tests.database import memory_database

HOT = (
    "SELECT * FROM relations WHERE undone_at IS NULL AND investigation_id = ?",
    "SELECT * FROM relations WHERE undone_at IS NULL AND other_id = ?",
    "SELECT * FROM relations WHERE undone_at IS NULL AND kind = 'caused_by'",
    "SELECT * FROM log_drops WHERE channel = ? AND ts = ?",
    "SELECT * FROM log_drops WHERE investigation_id = ? ORDER BY id",
    "SELECT id, drop_id, file_id, state, problem, reports FROM customer_logs WHERE drop_id = ? ORDER BY id",
    "SELECT min(due_at) FROM customer_logs WHERE state = 'waiting'",
    "SELECT id FROM customer_logs WHERE state = 'read' AND read_at < ? ORDER BY read_at LIMIT 50",
    "SELECT name, number FROM log_masks WHERE scope = ?",
    "SELECT rowid FROM log_masks WHERE at < ? ORDER BY at LIMIT 500",
    "SELECT investigation_id FROM events WHERE source_channel = ? AND source_ts = ? AND removed_at IS NULL",
    "UPDATE events SET text = ? WHERE source_channel = ? AND source_ts = ?",
    "SELECT * FROM events WHERE investigation_id = ? AND removed_at IS NULL ORDER BY id",
    "SELECT * FROM tracker_copies WHERE investigation_id = ? ORDER BY id",
    "SELECT * FROM tracker_copies WHERE state = 'wanted' AND next_at <= ? ORDER BY next_at LIMIT 10",
    "SELECT min(next_at) FROM tracker_copies WHERE state = 'wanted'",
    "SELECT * FROM tracker_copies WHERE state IN ('wanted', 'failed') ORDER BY id",
    "SELECT * FROM known_issues WHERE tracker = ? AND uid = ?",
    "SELECT * FROM known_issues WHERE key = ? COLLATE NOCASE",
    "SELECT * FROM known_issues WHERE tracker = ? AND checked_at < ? ORDER BY checked_at LIMIT 20",
    "SELECT * FROM known_changes WHERE at > ? ORDER BY at, id",
    "SELECT * FROM known_links WHERE investigation_id = ? ORDER BY at",
    "SELECT * FROM known_links WHERE issue_id = ? ORDER BY at",
    "SELECT * FROM reminders WHERE investigation_id = ? ORDER BY id",
    "SELECT investigation_id FROM reminders WHERE next_at IS NOT NULL AND stopped_by IS NULL AND next_at <= ?",
    "SELECT * FROM nudges WHERE investigation_id = ? ORDER BY id DESC LIMIT 1",
    "SELECT * FROM claim_questions WHERE ended_as = '' ORDER BY next_at",
    "SELECT min(next_at) FROM known_asks WHERE next_at IS NOT NULL",
    "DELETE FROM known_documents WHERE kind = ? AND record_id = ?",
    "SELECT * FROM ticket_watches WHERE active = 1 AND next_at <= ? ORDER BY next_at LIMIT 10",
    "SELECT * FROM ticket_links WHERE tagged <> tag_wanted AND tag_next_at <= ? ORDER BY tag_next_at LIMIT 20",
    "SELECT * FROM escalations WHERE investigation_id = ? ORDER BY id DESC LIMIT 1",
    "SELECT * FROM ladder_runs WHERE escalation_id = ?",
    "SELECT id FROM ladder_runs WHERE next_at <= ? ORDER BY next_at",
    "SELECT run_id FROM ladder_steps WHERE state = 'planned' AND next_at <= ? ORDER BY next_at",
    "SELECT * FROM ladder_steps WHERE run_id = ? ORDER BY id",
    "SELECT * FROM ladder_steps WHERE state = 'telling'",
    "SELECT * FROM escalation_drafts WHERE investigation_id = ? AND user = ?",
    "SELECT * FROM ticket_receipts WHERE investigation_id = ? AND undone = 0 ORDER BY id DESC LIMIT 1",
    "SELECT * FROM escalation_questions WHERE escalation_id = ? ORDER BY id",
    "SELECT * FROM probe_batches WHERE investigation_id = ? ORDER BY id",
    "SELECT * FROM probe_batches WHERE state = ? ORDER BY id",
    "SELECT * FROM probe_batches WHERE target = ? AND state = 'done' ORDER BY id DESC LIMIT 8",
    "SELECT * FROM probe_runs WHERE batch_id = ? ORDER BY id",
    "SELECT * FROM probe_runs WHERE refining = 1 ORDER BY id",
    "SELECT * FROM status_announcements WHERE closed = 0",
    "SELECT * FROM status_silences WHERE target = ? AND ended = 0 AND until > ?",
    "SELECT * FROM status_silence_orders WHERE silence_id = ?",
    "SELECT * FROM status_silence_orders WHERE done = 0 AND next_at <= ? ORDER BY wanted DESC, next_at LIMIT 50",
    "SELECT * FROM messages WHERE key = ? AND ts = ?",
    "SELECT * FROM reply_rounds WHERE state = ? AND next_at <= ? ORDER BY next_at, id",
    "SELECT * FROM replies WHERE round_id = ? AND next_at <= ? AND state IN (?, ?) ORDER BY next_at, place LIMIT 1",
    "SELECT id FROM reply_rounds WHERE key = ?",
    "SELECT key FROM messages WHERE view = ? AND record_id = ?",
    "UPDATE messages SET state = 'refused' WHERE thread_key = ? AND state = 'owed'",
    "SELECT * FROM investigations WHERE target = ? AND state = 'resolved' AND id <> ? ORDER BY closed_at DESC LIMIT 1",
    "SELECT min(due_at) FROM messages WHERE state IN ('owed', 'unsure')",
    "SELECT max(at) FROM pictures WHERE slot = ?",
    "SELECT * FROM handovers WHERE investigation_id = ? AND state = 'pending'",
    "SELECT min(expires_at) FROM handovers WHERE state = 'pending'",
    "SELECT min(due_at) FROM day_ends WHERE state = 'planned'",
    "UPDATE messages SET state = 'refused' WHERE kind = 'image' AND file_id = ?",
    "SELECT t.* FROM updates t LEFT JOIN events e ON e.id = t.event_id WHERE t.investigation_id = ? ORDER BY t.id DESC",
    "SELECT * FROM updates WHERE event_id = ?",
    "SELECT * FROM said WHERE event_id = ?",
    "SELECT * FROM vendor_cases WHERE investigation_id = ? ORDER BY id",
    "SELECT * FROM vendor_cases WHERE remind_at <= ? ORDER BY remind_at, id LIMIT 20",
    "SELECT * FROM vendor_letters WHERE case_id = ? ORDER BY id",
    "SELECT * FROM vendor_letters WHERE state = 'owed' AND next_at <= ? ORDER BY id LIMIT 20",
    "SELECT * FROM vendor_letters WHERE state = 'sending' ORDER BY id",
    "SELECT * FROM vendor_notes WHERE case_id = ? ORDER BY id",
    "SELECT * FROM vendor_asks WHERE case_id = ? ORDER BY id",
    "SELECT channel, ts FROM message_places WHERE key = ?",
    "SELECT 1 FROM messages WHERE sent_as = ? AND sent_as <> '' AND channel = ? AND ts = ? AND id <> ?",
    "SELECT t.* FROM said t LEFT JOIN events e ON e.id = t.event_id WHERE t.investigation_id = ? ORDER BY t.id DESC",
    "SELECT * FROM stream_tickets WHERE (created_at, id) > (?, ?) AND created_at < ? ORDER BY created_at, id LIMIT 500",
    "SELECT word FROM stream_terms WHERE term = ?",
    "SELECT term FROM stream_terms WHERE (word IS NULL) = 1 AND day < ? LIMIT 500",
    "SELECT id FROM stream_tickets WHERE created_at < ? LIMIT 500",
    "SELECT id FROM stream_left WHERE changed_at < ? LIMIT 500",
    "SELECT * FROM trends WHERE state IN ('rising', 'snoozed') OR last_at >= ? ORDER BY +id",
    "SELECT * FROM trends WHERE investigation_id = ? ORDER BY id",
    "SELECT * FROM trends WHERE state = 'snoozed' AND snoozed_until <= ? ORDER BY id",
    "SELECT * FROM trend_watches WHERE ended_at IS NULL ORDER BY resolved_at",
    "UPDATE said SET customers = customers + 1 WHERE investigation_id = ? AND source = ?",
)
"""Asked with every edit that Slack tells of, every card that is rendered, every round of a loop."""


INVESTIGATING = """
    deliveries_and_messages investigations_and_timeline tickets probes escalations first_search messages_by_record
    probes_can_be_cancelled steps_by_hand asked_for_with_every_edit_and_card escalations_end_with_their_investigation
    probes_from_elsewhere tickets_named_while_the_desk_was_down playbooks_ask_from_the_customers_places
    playbooks_on_demand playbooks_from_the_settings verdicts_are_data hosts_of_somebody_else
    tickets_that_only_people_named files_are_linked who_named_a_ticket
""".split()
AROUND = "status_of_services rounds_of_replies briefings known_issues handoffs releases_and_follows".split()
CHANGES = """
    mentions_run_once former_names accounts_of_trackers errands_that_wait what_failed_again resolved_ones_of_a_target
    tickets_that_belong_elsewhere ranks_of_messages forms_sent_twice old_content_goes tickets_are_looked_at_again
    customers_who_were_not_told one_bug_in_two_trackers answers_of_slack
""".split()
"""The three lists that earlier versions ran one after the other."""
RELEASED = """
    deliveries_and_messages investigations_and_timeline tickets probes escalations messages_by_record first_search
    probes_can_be_cancelled steps_by_hand asked_for_with_every_edit_and_card escalations_end_with_their_investigation
    probes_from_elsewhere tickets_named_while_the_desk_was_down status_of_services
    playbooks_ask_from_the_customers_places rounds_of_replies briefings known_issues handoffs releases_and_follows
    playbooks_on_demand playbooks_from_the_settings verdicts_are_data tickets_that_only_people_named files_are_linked
    mentions_run_once hosts_of_somebody_else who_named_a_ticket former_names accounts_of_trackers errands_that_wait
    old_content_goes what_failed_again resolved_ones_of_a_target tickets_that_belong_elsewhere ranks_of_messages
    forms_sent_twice tickets_are_looked_at_again customers_who_were_not_told one_bug_in_two_trackers answers_of_slack
    results_say_what_their_rows_are places_and_filters_are_data blocks_that_slack_refused probes_that_are_repeated
    escalations_say_since_when
    pictures_in_blocks tickets_are_ticked
    replies_of_an_investigation
    tickets_tell_of_customers
    updates_and_what_was_said
    handovers_are_answered
    elevations
    ladders
    nobody_waits_unseen
    investigations_with_vendors
    investigations_move
    moves_call_the_team
    vendors_are_asked_about_once
    tickets_of_a_trend
    the_desk_streams
    trends
    sessions
    streams_know_their_reader
    tickets_are_read
    words_of_the_stream_go_in_turn
    views_for_readers
    trends_name_a_version
    meanings_of_known_issues last_probes_of_a_target
    moments_of_investigations
    records_are_corrected
    boards_ask_what_hurts
    maintenances_and_smoke_sweeps
    what_happened_in_a_period moments_follow_corrections
    looks_at_homes
    backups
    sweeps_of_the_fleet
    stories_in_trackers last_probes_that_have_ended
    logs_of_customers
    issues_are_read_once
    people_set_hours_and_messages
    investigations_are_merged
    timings_are_those_of_numbers
    investigations_are_related
    customers_are_forgotten
    tickets_change_place
    restored_backups_are_cleaned
    times_to_keep
    updates_are_corrected
    maintenances_called_off_are_told
    one_bug_is_counted_once
    replies_are_corrected
    issues_hear_of_tickets
    more_texts_have_their_time
    logs_have_their_ticket
    the_same_log_is_one
    what_was_said_is_put_right
""".split()
"""What versions of the bot brought, one after the other: databases remember these names."""
LAST_OF_THREE_LISTS = RELEASED.index("answers_of_slack") + 1


def made_by(count: int) -> Database:
    """A database of the version that had the first `count` of these, in the order in which that version ran them."""
    functions = {pending.name: pending.fn for pending in migrations.pending(Database(":memory:").tables)}
    had, earlier = set(RELEASED[:count]), Migrations("secondline")
    for name in [*INVESTIGATING, *AROUND, *CHANGES] if count > 20 else RELEASED:
        if name in had:
            earlier(name=name)(functions[name])
    database = Database(":memory:")
    earlier.apply(database.tables)
    return database


def schema(database: Database) -> dict[str, Any]:
    """Tables with their columns, indexes and triggers. Columns that were added have no order: none is read by it."""
    tables = database.column("SELECT name FROM sqlite_master WHERE type = 'table'")
    columns = {name: sorted(database.tables.table(name).columns, key=lambda column: column.name) for name in tables}
    rest = "SELECT name, sql FROM sqlite_master WHERE type <> 'table' ORDER BY name"
    without_place = {name: [column._replace(cid=0) for column in listed] for name, listed in columns.items()}
    return without_place | {row["name"]: row["sql"] for row in database.rows(rest)}


@cache
def schema_of_a_new_one() -> dict[str, Any]:
    return schema(memory_database())


@pytest.mark.parametrize("count", range(5, LAST_OF_THREE_LISTS + 1))
def test_database_of_an_earlier_version_becomes_the_same_as_a_new_one(count: int) -> None:
    """Whatever order that version had; nothing runs twice. Later ones had the order that a new database has."""
    database = made_by(count)
    migrations.apply(database.tables)

    assert schema(database) == schema_of_a_new_one()
    assert sorted(done.name for done in migrations.applied(database.tables)) == sorted(RELEASED)


def test_what_was_released_stays_in_its_order() -> None:
    """A new migration comes at the end of the list, and of this one."""
    listed = [pending.name for pending in migrations.pending(Database(":memory:").tables)]

    assert listed == RELEASED


@cache
def with_all_tables() -> Database:
    return memory_database()


@pytest.mark.parametrize("question", HOT)
def test_hot_questions_read_no_whole_table(question: str) -> None:
    """After a year there are many events, messages and probe runs; a question costs the same."""
    database = with_all_tables()
    plan = database.rows(f"EXPLAIN QUERY PLAN {question}", *("1" for mark in question if mark == "?"))

    assert [step["detail"] for step in plan if step["detail"].startswith("SCAN")] == []


def test_results_whose_verdict_was_a_sentence_are_still_told() -> None:
    """Investigations of last week keep what was found, also what could not run."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before="verdicts_are_data")
    stored = {
        "kind": "mtr",
        "label": "U.S. East",
        "ok": False,
        "verdict": "Loss begins at hop 3 (192.0.2.3): 4 of 10 lost there",
        "started_at": "2026-11-20T09:12:00+00:00",
        "duration_s": 9.2,
        "columns": ["Hop", "Lost"],
        "readings": [
            {"name": "3. 192.0.2.3", "ok": False, "cells": ["3", "4 of 10"], "reason": "", "data": {"Snt": 10}}
        ],
        "report": "HOST: a",
        "report_name": "mtr.txt",
        "could_run": True,
        "remedy": "",
        "vantage": "local",
        "data": {"caveats": []},
        "picture": None,
    }
    old = [stored, stored | {"ok": True, "verdict": "No loss"}, stored | {"could_run": False, "verdict": "No ICMP"}]
    database.run(
        """INSERT INTO probe_batches (id, title, playbook, target, channel, requested_at, state, verdict)
           VALUES (1, 'mtr', '', '', 'C1', '2026-11-20T09:12:00+00:00', 'done', 'Loss')"""
    )
    for result in old:
        database.insert(
            "probe_runs",
            {"batch_id": 1, "step": "target", "kind": "mtr", "label": "x", "subject": "{}", "state": "done"}
            | {"result": json.dumps(result)},
        )
    migrations.apply(database.tables)
    results = [read_result(text) for text in database.column("SELECT result FROM probe_runs ORDER BY id")]

    assert [(result.ok, result.measured) for result in results] == [(False, True), (True, True), (False, False)]
    assert [long(result.verdict) for result in results] == [stored["verdict"], "No loss", "No ICMP"]
    assert results[0].readings[0].cells == ("3", "4 of 10")


def test_results_of_before_say_what_their_rows_are() -> None:
    """They are shown as they were."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before="results_say_what_their_rows_are")
    faults = [{"about": {"name": f"a:{port}"}, "wrong": "refused"} for port in (1, 2)]
    verdict = {"kind": "tcp", "about": {"name": "x"}, "wrong": "fails", "faults": faults, "among": 3}
    head = {"label": "x", "started_at": "2026-11-20T09:12:00Z", "duration_s": 1.0}
    database.run(
        """INSERT INTO probe_batches (id, title, playbook, target, channel, requested_at, state)
           VALUES (1, 'x', '', '', 'C1', '2026-11-20T09:12:00+00:00', 'done')"""
    )
    for kind in ("tcp", "ping", "mtr", "payment"):
        result = head | {"kind": kind, "verdict": verdict | {"kind": kind}}
        row = {"batch_id": 1, "step": "target", "kind": kind, "label": "x", "subject": "{}", "state": "done"}
        database.insert("probe_runs", row | {"result": json.dumps(result)})
    migrations.apply(database.tables)
    verdicts = [read_result(text).verdict for text in database.column("SELECT result FROM probe_runs ORDER BY id")]

    assert [verdict.shape for verdict in verdicts] == [Shape.PARTS, Shape.ADDRESSES, Shape.HOPS, Shape.STEPS]
    assert short(verdicts[0]) == "2 of 3 ports fail (refused)"
    kinds = [KINDS[verdict.kind] for verdict in verdicts]
    assert [(each.noun, each.rules_out) for each in verdicts] == [(kind.noun, kind.rules_out) for kind in kinds]


def test_places_of_before_are_data() -> None:
    """City, country and network of a probe; what a firewall says is what it said."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before="places_and_filters_are_data")
    hop = {"ttl": 2, "host": "10.0.0.2"}
    rejects = [{"by": hop, "words": words, "lost": 1, "sent": 2} for words in ("packet filtered", "host unreachable")]
    path = {"hops": 3, "cycles": 10, "rejects": rejects}
    head = {"kind": "mtr", "label": "x", "started_at": "2026-11-20T09:12:00Z", "duration_s": 1.0}
    head |= {"verdict": {"kind": "mtr", "about": {"name": "x"}, "path": path}}
    database.run(
        """INSERT INTO probe_batches (id, title, playbook, target, channel, requested_at, state)
           VALUES (1, 'x', '', '', 'C1', '2026-11-20T09:12:00+00:00', 'done')"""
    )
    vantages = ("local", "Brisbane, AU (AS1221)", "Atlantis")
    for vantage in vantages:
        row = {"batch_id": 1, "step": "target", "kind": "mtr", "label": "x", "subject": "{}", "state": "done"}
        database.insert("probe_runs", row | {"result": json.dumps(head | {"vantage": vantage})})
    migrations.apply(database.tables)
    results = [read_result(text) for text in database.column("SELECT result FROM probe_runs ORDER BY id")]

    assert [result.place and result.place.name for result in results] == [None, *vantages[1:]]
    assert results[1].place and results[1].place.network == "AS1221"
    assert results[0].verdict.path
    assert [each.filtered for each in results[0].verdict.path.rejects] == [True, False]


@pytest.mark.parametrize("name", ["verdicts_are_data", "places_and_filters_are_data"])
def test_results_of_a_year_are_never_in_memory_together(name: str) -> None:
    """The bot must start on the machine that it ran on before."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before=name)
    head = {"kind": "mtr", "label": "x", "ok": True, "started_at": "2026-11-20T09:12:00Z", "duration_s": 1.0}
    verdict = "No loss" if name == "verdicts_are_data" else {"kind": "mtr", "about": {"name": "x"}}
    result = json.dumps(head | {"verdict": verdict, "report": "HOST: a" * 1_000})
    database.run(
        """INSERT INTO probe_batches (id, title, playbook, target, channel, requested_at, state)
           VALUES (1, 'x', '', '', 'C1', '2026-11-20T09:12:00+00:00', 'done')"""
    )
    row = {"batch_id": 1, "step": "target", "kind": "mtr", "label": "x", "subject": "{}", "state": "done"}
    for _ in range(1_000):
        database.insert("probe_runs", row | {"result": result})
    tracemalloc.start()
    try:
        migrations.apply(database.tables)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 100 * len(result)


def test_what_mentions_did_before_is_known() -> None:
    """By the mark that says so: an edit of a handover of last week must not hand over again."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before="mentions_run_once")
    row = {"view": "", "record_id": 0, "channel": "C1", "due_at": "", "created_at": "", "kind": "reaction"}
    database.insert("messages", row | {"key": "done/C1/5.5"})
    migrations.apply(database.tables)

    assert database.rows("SELECT channel, ts, failed FROM mentions") == [{"channel": "C1", "ts": "5.5", "failed": 0}]


def test_what_was_owed_before_there_were_ranks_has_one() -> None:
    """An escalation that waits while the bot is renewed goes first."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before="ranks_of_messages")
    for key, view, human in (("escalation/1", "escalation", 1), ("tickets/1", "tickets", 0), ("probes/1", "probes", 0)):
        row = {"key": key, "kind": "post", "view": view, "record_id": 1, "channel": "C1", "human": human}
        database.insert("messages", row | {"due_at": "2026-11-20", "created_at": "2026-11-20"})
    database.insert("messages", row | {"key": "done/1", "view": "", "due_at": "2026-11-20", "created_at": "2026-11-20"})
    migrations.apply(database.tables)

    assert database.column("SELECT rank FROM messages ORDER BY id") == [1, 3, 3, 4]
