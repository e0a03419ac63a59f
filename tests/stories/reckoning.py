"""What people did, held against the bot's records, Slack and Zendesk: each thing once, or its person was told."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.sandbox.slack.model import Message
from tests.stories.counting import messages
from tests.stories.crowd import Act, records
from tests.stories.town import Town

MARKED = {
    "note": "SELECT count(*) FROM events WHERE kind = 'note' AND text LIKE ?",
    "open": "SELECT count(*) FROM investigations WHERE symptom LIKE ?",
    "handover": """SELECT count(*) FROM events
                   WHERE kind IN ('handover', 'taken_over', 'claimed', 'note') AND text LIKE ?""",
    "escalate": "SELECT count(*) FROM escalations WHERE needed LIKE ?",
    "ask": "SELECT count(*) FROM escalation_questions WHERE question LIKE ?",
    "resolve": "SELECT count(*) FROM events WHERE kind = 'resolved' AND text LIKE ?",
}
"""How often it is on record, by the act's mark."""
_CAME = "SELECT count(*) FROM events WHERE investigation_id = ? AND kind IN ({}) AND (actor = ? OR about = ?)"
RECORDED = {
    "claim": ("claimed", "opened", "handed_over", "taken_over"),
    "release": ("released",),
    "join": ("joined", "claimed", "opened", "handed_over", "taken_over"),
    "reopen": ("reopened",),
    "ack": ("acknowledged",),
    "accept": ("handed_over", "taken_over", "claimed"),
    "decline": ("declined",),
}
"""What makes a press done: the first, or what made it needless."""


@dataclass(slots=True)
class Reckoning:
    """`effects` are acts that are on record; whoever is not among them was told why, in words that only they see."""

    acts: int = 0
    acknowledged: int = 0
    effects: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def reckoned(there: Town, acts: Sequence[Act]) -> Reckoning:
    """Once nothing is owed and no event is on its way."""
    unheard = {event["ts"] for event in there.slack.site.events.unheard.values() if event["type"] == "app_mention"}
    for act in acts:
        act.acknowledged = act.acknowledged and act.ts not in unheard
    found = Reckoning(acts=len(acts), acknowledged=sum(act.acknowledged for act in acts))
    with records(there) as database:

        def count(sql: str, *values: object) -> int:
            return int(database.execute(sql, values).fetchone()[0])

        without = [act for act in acts if act.acknowledged and not _is_done(there, count, act)]
        without += _missing_probes(count, acts, found)
        found.effects = found.acknowledged - len(without)
        _told(there, without, found)
        found.doubled += [str(act) for act in acts if act.kind in MARKED and _marks(count, act) > 1]
        _messages(there, database, found)
        found.doubled += _repeated(database)
        undone = count("SELECT count(*) FROM deliveries WHERE done = 0")
        found.lost += [f"{undone} deliveries are not done"] if undone else []
    return found


def _is_done(there: Town, count: Callable[..., int], act: Act) -> bool:
    """Whether it is on record. A probe has no mark, see `_missing_probes`; a form that was refused said so itself."""
    if act.kind == "probe" or act.kind.startswith("refused"):
        return True
    if act.kind == "note":
        return _marks(count, act) == 1
    if act.ts and count("SELECT count(*) FROM messages WHERE key LIKE ?", f"done/%/{act.ts}"):
        return True
    if act.kind == "confirm":
        sql = "SELECT count(*) FROM ticket_links WHERE investigation_id = ? AND ticket_id = ? AND state = 'confirmed'"
        return bool(count(sql, act.about, act.ticket)) and act.ticket in there.tagged(f"inv-{act.about}")
    if act.kind in MARKED:
        return bool(_marks(count, act))
    kinds = ", ".join(f"'{kind}'" for kind in RECORDED[act.kind])
    return bool(count(_CAME.format(kinds), act.about, act.person, act.person))


def _marks(count: Callable[..., int], act: Act) -> int:
    return count(MARKED[act.kind], f"%{act.mark}%")


def _told(there: Town, without: Iterable[Act], found: Reckoning) -> None:
    """Each of these got an answer that only its person sees."""
    private = Counter[str]()
    for channel in there.slack.site.workspace.channels.values():
        private.update(each.visible_to for each in channel.ephemerals.values() if each.by_app)
        if channel.is_im:
            private.update(f"U{channel.id[1:]}" for each in channel.messages.values() if _is_answer(each))
    by_person = defaultdict[str, list[Act]](list)
    for act in without:
        by_person[act.person].append(act)
    for person, theirs in by_person.items():
        missing = max(0, len(theirs) - private[person])
        found.told += len(theirs) - missing
        if missing:
            found.lost.append(f"{missing} of these of {person} without a word: {', '.join(map(str, theirs))}")


def _is_answer(message: Message) -> bool:
    """Whether the bot said it to somebody alone because of what they did: a handover asks for somebody else."""
    key = str(message.metadata["event_payload"]["key"]) if message.metadata else ""
    return message.by_app and not key.startswith(("handover/", "day-end/"))


def _missing_probes(count: Callable[..., int], acts: Sequence[Act], found: Reckoning) -> list[Act]:
    """Of each person and target as many are on record as were acknowledged; at most as many more as were not."""
    asked = defaultdict[tuple[str, str], list[Act]](list)
    for act in acts:
        if act.kind == "probe":
            asked[act.person, act.target].append(act)
    missing = list[Act]()
    sql = "SELECT count(*) FROM probe_batches WHERE investigation_id IS NULL AND requested_by = ? AND target = ?"
    for (person, target), theirs in asked.items():
        ran, heard = count(sql, person, target), [act for act in theirs if act.acknowledged]
        missing += heard[ran:]
        if ran > len(theirs):
            found.doubled.append(f"{ran - len(theirs)} probes of {target} of {person}")
    return missing


def _messages(there: Town, database: sqlite3.Connection, found: Reckoning) -> None:
    """Slack shows each owed message and file once, and nothing that was not owed."""
    shown = Counter(each.metadata["event_payload"]["key"] for each in messages(there) if each.metadata)
    sent = {row[0] for row in database.execute("SELECT key FROM messages WHERE kind IN ('card', 'post')")}
    found.lost += [f"message {key}" for key in sorted(sent - set(shown))]
    found.doubled += [f"message {key}, {number} times" for key, number in shown.items() if number > 1]
    files = Counter(file.id for each in messages(there) for file in each.files)
    owed = {row[0] for row in database.execute("SELECT file_id FROM messages WHERE kind = 'file'")}
    found.lost += [f"file {file}" for file in sorted(map(str, owed - set(files)))]
    found.doubled += [f"file {file}, {number} times" for file, number in files.items() if number > 1]
    found.doubled += [f"file {file}, which nobody owed" for file in sorted(set(files) - owed)]


def _repeated(database: sqlite3.Connection) -> list[str]:
    """What can't happen twice in a row to an investigation: that it is claimed, joined, acknowledged, resolved …"""
    before, repeated = dict[object, tuple[object, ...]](), list[str]()
    turns = "'claimed', 'released', 'handed_over', 'taken_over', 'escalated', 'acknowledged', 'resolved', 'reopened'"
    sql = f"SELECT investigation_id, kind, actor, about, text FROM events WHERE kind IN ({turns}) ORDER BY id"
    for number, *event in database.execute(sql):
        ownership = event[0] in ("claimed", "released", "handed_over", "taken_over")
        if before.get((number, ownership)) == tuple(event):
            repeated.append(f"{event[0]} twice by {event[1]} in INV-{number}")
        before[number, ownership] = tuple(event)
    return repeated


def mistakes(there: Town) -> list[str]:
    """The mistakes of the bot's own that it has logged."""
    return re.findall(r"^.*(?: failed \[[0-9a-f]{6}\]|Traceback \(most recent).*$", there.bot.output, re.MULTILINE)
