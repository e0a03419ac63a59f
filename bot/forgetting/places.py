"""Where customers' data may stand: every table of the database, and how what is of one customer is found there. Pure.

A table is in HELD or in CLEAN, and each of its columns of text is accounted for; tests/forgetting/test_places.py finds
the one that is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.forgetting.model import Kind


@dataclass(frozen=True, slots=True)
class Held:
    """A table that may hold something of a customer.

    A row goes whole where `ticket` is the column of the ticket's number, `requester` of the desk's number of a
    customer, `hashed` of the stream's. `lists` are columns of JSON with numbers of tickets, of which single numbers go.
    In `words` people may have written anything: what is a customer's is taken out. `plain` are keys and names of our
    own. `of` is SQL for the investigation of a row, `shown` are the views that show a row, with the column of their
    record; `anew` where triggers keep an index of it, which know nothing of updates.
    """

    table: str
    kind: Kind
    ticket: str = ""
    requester: str = ""
    hashed: str = ""
    lists: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    of: str = ""
    shown: tuple[tuple[str, str], ...] = ()
    anew: bool = False
    at_once: int = 200
    """Rows of one step: those with long texts take fewer."""


_OWN = "investigation_id"
_CASE = "(SELECT c.investigation_id FROM vendor_cases c WHERE c.id = case_id)"

HELD = (
    Held(
        "ticket_links",
        Kind.TICKET,
        ticket="ticket_id",
        requester="requester_id",
        words=("subject", "url", "places", "tag_failure", "unfit"),
        plain=("state", "status", "added_by", "tagged_for", "listed_as", "plans", "versions", "near", "shared"),
        of=_OWN,
        shown=(("tickets", "investigation_id"),),
    ),
    Held("ticket_pastes", Kind.TICKET, ticket="ticket_id", plain=("by",), of=_OWN),
    Held("ticket_receipts", Kind.DECISION, lists=("earlier",), plain=("by", "became"), of=_OWN),
    Held("ticket_watches", Kind.NOTE, words=("symptom", "phrases", "failure"), plain=("target",), of=_OWN),
    Held(
        "stream_tickets",
        Kind.READ,
        ticket="id",
        hashed="customer",
        words=("versions", "codes"),
        plain=("status", "affected", "elsewhere", "symptom", "platform", "language"),
    ),
    Held("stream_left", Kind.READ, ticket="id"),
    Held(
        "elevations",
        Kind.ELEVATION,
        ticket="ticket_id",
        words=("subject", "url", "failure"),
        plain=("state", "target", "team", "taken"),
        of=_OWN,
        shown=(("elevations", "gathering_id"),),
    ),
    Held(
        "replies",
        Kind.REPLY,
        ticket="ticket_id",
        words=("subject", "url", "reason", "seen", "differences"),
        plain=("state", "status", "wants", "language", "about", "kind"),
        of=_OWN,
        shown=(("replies", "round_id"), ("replies_report", "round_id")),
    ),
    Held(
        "reply_rounds",
        Kind.REPLY,
        words=("values", "own_texts", "problem_note", "note", "failure"),
        plain=(
            *("key", "purpose", "stamp", "state", "then_status", "channel", "thread_key", "thread_ts", "for_user"),
            *("problem_state",),
        ),
        shown=(("replies", "id"), ("replies_report", "id")),
    ),
    Held(
        "reply_texts",
        Kind.REPLY,
        words=("text", "macro"),
        plain=("language", "place"),
        shown=(("replies", "round_id"),),
    ),
    Held(
        "events",
        Kind.LINE,
        words=("text", "withdrawn_why"),
        plain=("actor", "about", "kind", "source_channel", "source_ts", "permalink"),
        of=_OWN,
        shown=(
            *(("told", "id"), ("handover", "id"), ("investigation_outcome", "id")),
            ("investigation_outcome_elsewhere", "id"),
        ),
    ),
    Held(
        "corrections",
        Kind.LINE,
        words=("before", "after"),
        plain=("by", "kind"),
        of="(SELECT e.investigation_id FROM events e WHERE e.id = event_id)",
    ),
    Held(
        "investigations",
        Kind.NOTE,
        words=("symptom", "source", "root_cause", "workaround", "reason"),
        plain=("target", "state", "owner", "opened_by", "channel", "closed_by", "team"),
        of="id",
    ),
    Held("updates", Kind.LINE, words=("text",), plain=("author", "audience"), of=_OWN),
    Held("said", Kind.LINE, words=("text", "source"), plain=("author", "via", "corrects"), of=_OWN),
    Held(
        "handovers",
        Kind.NOTE,
        words=("note", "why"),
        plain=("asked_by", "receiver", "owner", "state", "settled_by", "link"),
        of=_OWN,
        shown=(("handover_asked", "id"), ("handover_outcome", "id")),
    ),
    Held(
        "moves",
        Kind.NOTE,
        words=("note",),
        plain=("author", "team", "channel", "left_channel", "left_owner", "called"),
        of=_OWN,
        shown=(("moved_here", "id"),),
    ),
    Held("relations", Kind.NOTE, words=("how",), plain=("kind", "by", "undone_by"), of=_OWN),
    Held("ticket_moves", Kind.DECISION, lists=("kept", "pasted"), plain=("by", "undone_by"), of=_OWN),
    Held("merges", Kind.DECISION, lists=("kept",), plain=("by", "undone_by"), of=_OWN),
    Held(
        "reminders",
        Kind.NOTE,
        words=("text",),
        plain=("kind", "stopped_by", "whom", "asked_by", "since"),
        of=_OWN,
        shown=(("reminder", "id"),),
    ),
    Held(
        "nudges",
        Kind.NOTE,
        words=("lines",),
        plain=("owner", "team", "state", "by", "until"),
        of=_OWN,
        shown=(("reminder", "id"),),
    ),
    Held(
        "escalations",
        Kind.ESCALATION,
        lists=("tickets",),
        words=("wrong", "since", "affected", "tried", "needed"),
        plain=(
            *("runs", "mention", "mention_note", "escalated_by", "acknowledged_by", "began_by", "priority"),
            *("acknowledged_via", "taken_back_by"),
        ),
        of=_OWN,
        shown=(("escalation", "id"), ("ladder_open_question", "id"), ("ladder_end", "id"), ("ladder_still", "id")),
    ),
    Held("escalation_drafts", Kind.ESCALATION, lists=("draft",), words=("draft",), plain=("user",), of=_OWN),
    Held(
        "escalation_questions",
        Kind.ESCALATION,
        words=("question",),
        plain=("asked_by",),
        of="(SELECT e.investigation_id FROM escalations e WHERE e.id = escalation_id)",
        shown=(("question", "id"),),
    ),
    Held(
        "handoffs",
        Kind.HANDOFF,
        lists=("tickets", "told"),
        words=("title", "evidence", "reproduction", "reason", "problem_url"),
        plain=(
            *("tracker", "wanted_priority", "wanted_lane", "runs", "handed_by", "priority", "lane", "decided_by"),
            *("assignee",),
        ),
        of=_OWN,
        shown=(("handoff", "id"), ("triage", "id")),
    ),
    Held(
        "handoff_tickets",
        Kind.HANDOFF,
        ticket="ticket_id",
        words=("failure",),
        of="(SELECT h.investigation_id FROM handoffs h WHERE h.id = handoff_id)",
        shown=(("handoff", "handoff_id"),),
    ),
    Held(
        "handoff_errands",
        Kind.HANDOFF,
        words=("detail", "failure"),
        plain=("kind", "waits_until"),
        of="(SELECT h.investigation_id FROM handoffs h WHERE h.id = handoff_id)",
    ),
    Held(
        "tracker_copies",
        Kind.HANDOFF,
        words=("text", "failure"),
        plain=("digest", "asked_by", "state", "url"),
        of=_OWN,
        shown=(("story_copy", "id"),),
    ),
    Held(
        "vendor_letters",
        Kind.VENDOR,
        words=("subject", "text", "reason"),
        plain=("runs", "author", "state", "decided_by"),
        of=_CASE,
        shown=(("vendor_text", "id"), ("vendor", "case_id")),
    ),
    Held(
        "vendor_notes", Kind.VENDOR, words=("text",), plain=("author", "kind"), of=_CASE, shown=(("vendor", "case_id"),)
    ),
    Held(
        "vendor_cases",
        Kind.VENDOR,
        words=("reference",),
        plain=("vendor", "opened_by", "ended_by", "waits_since", "ours_since"),
        of=_OWN,
        shown=(("vendor", "id"),),
    ),
    Held(
        "trends",
        Kind.TREND,
        lists=("ticket_ids",),
        words=("words", "reason"),
        plain=(
            *("series", "state", "team", "channel", "about", "symptom", "snoozed_by", "dismissed_by", "version"),
            "snoozed_until",
        ),
        of=_OWN,
        shown=(("trend", "id"), ("trend_again", "id")),
    ),
    Held("trend_agents", Kind.TREND, lists=("ticket_ids",), plain=("user",), shown=(("trend_agent", "id"),)),
    Held(
        "trend_reports",
        Kind.TREND,
        words=("lines",),
        plain=("channel", "mode", "since", "until", "speaks_from"),
        shown=(("trend_report", "id"),),
    ),
    Held(
        "customer_logs",
        Kind.LOG,
        ticket="ticket_id",
        words=("reports",),
        plain=("file_id", "state", "problem", "digest"),
        of="(SELECT d.investigation_id FROM log_drops d WHERE d.id = drop_id)",
        shown=(("customer_logs", "drop_id"),),
        at_once=20,
    ),
    Held(
        "log_signatures",
        Kind.LOG,
        words=("title", "meaning", "tries", "pattern"),
        plain=("role", "proposed_by", "state", "decided_by"),
        shown=(("log_signature", "id"),),
    ),
    Held(
        "probe_batches",
        Kind.NOTE,
        words=("title", "by_hand", "reason", "host"),
        plain=(
            *("playbook", "target", "channel", "thread_key", "thread_ts", "requested_by", "state", "cancelled_by"),
            "left_out",
        ),
        of=_OWN,
        shown=(("probes", "id"),),
    ),
    Held(
        "probe_trials",
        Kind.NOTE,
        words=("note", "device"),
        plain=("by", "os_version", "app_version"),
        of="(SELECT b.investigation_id FROM probe_batches b WHERE b.id = batch_id)",
        shown=(("probes", "batch_id"),),
    ),
    Held(
        "smoke_sweeps",
        Kind.NOTE,
        words=("title", "reason"),
        plain=("targets", "channel", "thread_key", "thread_ts", "requested_by", "result"),
        of=_OWN,
        shown=(("smoke", "id"),),
    ),
    Held(
        "maintenances",
        Kind.NOTE,
        words=("why", "changes"),
        plain=("targets", "phase", "channel", "planned_by", "page", "page_id", "stage", "url"),
        shown=(("maintenance", "id"),),
    ),
    Held(
        "briefings",
        Kind.MESSAGE,
        words=("said",),
        plain=("channel", "day"),
        shown=(("briefing", "id"),),
        at_once=20,
    ),
    Held(
        "briefing_amendments",
        Kind.MESSAGE,
        words=("before", "after"),
        plain=("part",),
        shown=(("briefing", "briefing_id"),),
    ),
    Held(
        "known_issues",
        Kind.KNOWN,
        words=("issue", "reading"),
        plain=("tracker", "uid", "key", "url", "state"),
        at_once=50,
    ),
    Held("known_changes", Kind.KNOWN, words=("before", "after"), plain=("kind",), shown=(("news", "id"),)),
    Held(
        "known_documents",
        Kind.KNOWN,
        words=("title", "symptom", "workaround", "aliases"),
        plain=("kind", "targets"),
        of="CASE kind WHEN 'investigation' THEN record_id END",
        anew=True,
    ),
    Held("known_releases", Kind.KNOWN, words=("notes",), plain=("tracker", "uid", "name", "url", "issue_uids")),
    Held("known_asks", Kind.KNOWN, words=("failure",), plain=("state", "channel", "decided_by", "url")),
    Held(
        "messages",
        Kind.MESSAGE,
        words=("content",),
        plain=(
            *("key", "kind", "view", "channel", "thread_key", "thread_ts", "for_user", "state", "ts", "file_id"),
            *("digest", "reason", "after_key", "permalink", "sent_as"),
        ),
        at_once=10,
    ),
    Held("pictures", Kind.MESSAGE, words=("alt",), plain=("key", "slot", "shown_in")),
    Held("deliveries", Kind.MESSAGE, words=("payload",), plain=("key", "kind", "twin"), at_once=25),
)
"""In the order in which they are gone through."""

CLEAN: Mapping[str, str] = {
    "_sqlite_migrations": "names of steps of the schema",
    "announced_issues": "which issues of a tracker a release named",
    "announcements": "releases",
    "backups": "when copies of the database were made",
    "briefing_days": "days and channels",
    "briefing_pages": "numbers of pages",
    "briefing_readers": "colleagues who read on",
    "briefing_schedules": "when briefings are sent",
    "claim_questions": "colleagues, and when they were asked",
    "day_ends": "colleagues' days",
    "elevation_gatherings": "messages, their channels and teams",
    "elevation_progress": "how far the sweep of the desk is",
    "follows": "who hears of releases",
    "forget_orders": "this room's own: emptied when an order ends, but who, when and how much",
    "forgotten_customers": "the stream's keyed hashes of those who were forgotten",
    "forgotten_notes": "which orders of the file beside the database are done",
    "forgotten_tickets": "numbers of tickets that are not taken up again, without anything beside them",
    "helpers": "colleagues",
    "home_looks": "colleagues",
    "investigation_moments": "times and counts",
    "known_accounts": "the bot's own accounts",
    "known_former": "former names of known issues",
    "known_links": "which known issue belongs to which investigation",
    "known_mentions": "which known issues name which others",
    "known_search": "the index of known_documents, which its triggers keep; its old parts are merged away afterwards",
    "known_search_config": "of the index",
    "known_search_data": "of the index",
    "known_search_docsize": "of the index",
    "known_search_idx": "of the index",
    "known_slips": "single words of known issues: those of a name go when a known issue had it",
    "known_told": "made of known issues, and made again: emptied when a known issue had something",
    "known_trackers": "how far trackers are read",
    "known_twins": "pairs of known issues",
    "known_vectors": "digests and numbers made of texts",
    "ladder_runs": "steps of an escalation, and when they are due",
    "ladder_steps": "colleagues, and what became of asking them",
    "log_drops": "which message of a colleague had logs",
    "log_masks": "keyed hashes of what was masked: without its key nobody can tell whose",
    "mentions": "which messages were worked on",
    "message_places": "where messages of the bot are",
    "personal_settings": "colleagues",
    "probe_runs": "measurements of our own addresses and of hosts",
    "refused_blocks": "what Slack does not show",
    "retention_emptied": "which closed investigations were gone through",
    "retention_times": "for how many days what is kept",
    "sessions": "colleagues who signed in",
    "slack_answers": "colleagues, groups and channels",
    "status_announcements": "targets and times",
    "status_levels": "what status pages say",
    "status_silence_orders": "alerts that are silenced",
    "status_silences": "targets that are silenced",
    "status_sources": "what status pages and Alertmanagers said",
    "stream_gaps": "times",
    "stream_state": "how far the desk is read",
    "stream_terms": "words that three customers used, and keyed hashes of the first two: theirs are replaced",
    "trend_progress": "when trends were reported",
    "trend_watches": "targets and times",
    "vendor_asks": "when a person was asked about a letter",
}
"""Tables without customers' data, and what they hold instead."""

PLAIN_ENDINGS = ("_at", "_by", "_since", "_until")
PLAIN_NAMES = frozenset({"at", "by", "day", "since", "until"})
"""Columns of times and of colleagues."""
FORGOTTEN_GUARDS = (
    *("ticket_links", "ticket_pastes", "stream_tickets", "elevations", "handoff_tickets", "replies"),
    "customer_logs",
)
"""Tables whose triggers let no forgotten ticket in again."""
