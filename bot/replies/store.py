"""The tables of rounds, their texts and their replies."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2s

from bot.database import Row, Store, moment
from bot.investigations.above import Told
from bot.messages.model import Place
from bot.replies.model import ProblemState, Reply, ReplyState, Round, RoundOpening, RoundState, Text, Then, UntoldTicket
from bot.stored import Stored
from bot.tickets.answering import Difference, DifferenceKind, Doer, RefusalKind, Snapshot

SNAPSHOTS = Stored[Snapshot](Snapshot)
_ROUNDS, _TEXTS = Stored[Round](Round, json=("values",)), Stored[Text](Text)
_REPLIES = Stored[Reply](Reply, json=("snapshot",))
_UNTOLD = Stored[UntoldTicket](UntoldTicket, json=("values",))
_BELOW = "substr(o.key, 1, length(?1)) = ?1"
"""Of a prefix: the rounds whose keys begin with it."""
_VERSION = """json_extract(o."values", '$.version')"""


class ReplyStore(Store):
    """Questions and verbs of rounds. A key is a path ("lane/12/planning/1"); a prefix of it names all below."""

    def open(self, key: str, opening: RoundOpening) -> int:
        """A new round; raises Taken where the key has one."""
        now = self._clock()
        row: Row = {"key": key, "purpose": opening.purpose, "stamp": _stamp(key, now), "state": RoundState.READING}
        then = Then.SOLVED if opening.corrects is None else Then.UNCHANGED
        row |= {"then_status": then, "problem_id": opening.problem_id, "problem_state": ProblemState.NONE}
        row |= {"corrects": opening.corrects}
        row |= {**asdict(opening.place), "for_user": opening.for_user, "opened_at": now, "next_at": now}
        row |= {'"values"': dict(opening.values), "own_texts": {}}  # a column that nothing has ever filled
        number = self._database.insert("reply_rounds", row)
        for place_in_list, ticket in enumerate({ticket.ticket_id: ticket for ticket in opening.tickets}.values()):
            reply: Row = {"round_id": number, "ticket_id": ticket.ticket_id, "place": place_in_list}
            reply |= {"state": ReplyState.LISTED, "investigation_id": ticket.investigation_id, "about": ticket.about}
            reply |= {"language": ticket.language}
            self._database.insert("replies", reply)
        return number

    def get(self, round_id: int) -> Round | None:
        row = self._database.row("SELECT * FROM reply_rounds WHERE id = ?", round_id)
        return self._round(row) if row else None

    def due(self, state: RoundState, now: datetime) -> list[Round]:
        sql = "SELECT * FROM reply_rounds WHERE state = ? AND next_at <= ? ORDER BY next_at, id"
        return list(map(self._round, self._database.rows(sql, state, now)))

    def next_due_at(self) -> datetime | None:
        """When something is to be done next; what is due by now counts too."""
        sql = """SELECT min(at) FROM (
              SELECT min(next_at) AS at FROM reply_rounds WHERE state = 'reading'
              UNION ALL SELECT min(max(o.next_at, coalesce(r.next_at, o.next_at))) FROM reply_rounds o
                LEFT JOIN replies r ON r.round_id = o.id AND r.state IN ('waiting', 'unsure')
                WHERE o.state = 'running'
              UNION ALL SELECT min(max(o.next_at, r.next_at)) FROM reply_rounds o
                JOIN replies r ON r.round_id = o.id AND r.state = 'unsure' WHERE o.state = 'stopped')"""
        return self._database.time(sql)

    def read(self, round_id: int, replies: Iterable[Reply], texts: Sequence[Text], state: RoundState) -> bool:
        """What the desk told of the tickets, and the texts that follow from it; whether that ends the round.

        The state stays where the round was put off meanwhile, or has got tickets that are not read yet.
        """
        self.read_again(round_id, replies)
        self._database.run("DELETE FROM reply_texts WHERE round_id = ?", round_id)
        for place, text in enumerate(texts):
            row = {"round_id": round_id, "language": text.language, "text": text.text, "place": place}
            self._database.insert("reply_texts", row | {"macro_id": text.macro_id, "macro": text.macro})
        sql = """UPDATE reply_rounds SET state = ?1, ended_at = CASE WHEN ?1 = 'ended' THEN ?2 END
            WHERE id = ?3 AND state = 'reading'
              AND NOT EXISTS (SELECT 1 FROM replies WHERE round_id = ?3 AND state = 'listed' AND status = '')"""
        moved = self._database.run(sql, state, self._clock(), round_id)
        return bool(moved) and state is RoundState.ENDED

    def read_again(self, round_id: int, replies: Iterable[Reply]) -> None:
        """Tickets as they are known from now on: who has an older list before them decides about other tickets."""
        self._database.run("UPDATE reply_rounds SET reading = reading + 1 WHERE id = ?", round_id)
        for reply in replies:
            row: Row = {"subject": reply.subject, "url": reply.url, "status": reply.status, "wants": reply.wants}
            row |= {"language": reply.language, "state": reply.state, "kind": reply.kind}
            row |= {"seen": SNAPSHOTS.write(reply.snapshot) if reply.snapshot else ""}
            self._database.update("replies", {"round_id": round_id, "ticket_id": reply.ticket_id}, **row)

    def approve(self, round_id: int, *, by: str, then: Then) -> bool:
        """False where somebody was first, or the round is not ready; the condition in the statement decides."""
        waits = "CASE WHEN ?1 = 'solved' AND problem_id IS NOT NULL THEN 'waiting' ELSE 'none' END"
        sql = f"""UPDATE reply_rounds SET state = 'running', then_status = ?1, problem_state = {waits},
               approved_by = ?2, approved_at = ?3, next_at = ?3, run = 1
             WHERE id = ?4 AND state IN ('ready', 'put_off')"""
        return self._database.run(sql, then, by, self._clock(), round_id) > 0

    def choose(self, round_id: int, ticket_ids: Iterable[int], texts: Mapping[str, str]) -> None:
        """Which of the listed tickets are answered, in which words."""
        chosen = set(ticket_ids)
        sql = "SELECT ticket_id FROM replies WHERE round_id = ? AND state = 'listed'"
        for row in self._database.rows(sql, round_id):
            state = ReplyState.WAITING if row["ticket_id"] in chosen else ReplyState.LEFT_OUT
            self._set(round_id, row["ticket_id"], state)
        for language, text in texts.items():
            self._database.run(
                "UPDATE reply_texts SET text = ? WHERE round_id = ? AND language = ? AND macro_id IS NULL",
                text,
                round_id,
                language,
            )

    def leave_out(self, round_id: int, ticket_ids: Iterable[int]) -> None:
        """A person decided that these are not answered."""
        for ticket_id in ticket_ids:
            self._set(round_id, ticket_id, ReplyState.LEFT_OUT)

    def moved(self, round_id: int, state: RoundState, *, among: Sequence[RoundState]) -> bool:
        """False where the round was in none of the states."""
        sql = """UPDATE reply_rounds SET state = ?, next_at = ?
            WHERE id = ? AND state IN (SELECT value FROM json_each(?))"""
        return self._database.run(sql, state, self._clock(), round_id, list(among)) > 0

    def note(self, round_id: int, why: str) -> None:
        self._round_is(round_id, note=why)

    def take_off(self, round_id: int, ticket_ids: Sequence[int]) -> None:
        """Tickets that nobody has decided about; a round without any is over."""
        for ticket_id in ticket_ids:
            sql = "DELETE FROM replies WHERE round_id = ? AND ticket_id = ? AND state IN ('listed', 'failed')"
            self._database.run(sql, round_id, ticket_id)
        if ticket_ids:
            self.read_again(round_id, ())
            self._database.run(
                """UPDATE reply_rounds SET state = 'ended', ended_at = ?1 WHERE id = ?2
                   AND NOT EXISTS (SELECT 1 FROM replies WHERE round_id = ?2 AND state = 'listed')""",
                self._clock(),
                round_id,
            )

    def problem_became(self, before: int, after: int) -> None:
        """Rounds that have one to solve yet solve the new one."""
        sql = """UPDATE reply_rounds SET problem_id = ? WHERE problem_id = ?
            AND (state <> 'ended' OR problem_state = 'left_open')"""
        self._database.run(sql, after, before)

    def stopped_by(self, round_id: int, user: str | None) -> None:
        self._round_is(round_id, stopped_by=user)

    def again(self, round_id: int, ticket_ids: Iterable[int]) -> None:
        """These wait once more, and so does the problem ticket that was left open."""
        for ticket_id in ticket_ids:
            self._set(round_id, ticket_id, ReplyState.WAITING, differences="", attempts=0)
        sql = """UPDATE reply_rounds SET run = run + 1, ended_at = NULL, problem_note = '',
              problem_state = CASE WHEN problem_state = 'left_open' THEN 'waiting' ELSE problem_state END
            WHERE id = ?"""
        self._database.run(sql, round_id)

    def interrupted(self) -> int:
        """At start: what was being sent when the program died has an unknown outcome."""
        sql = "UPDATE replies SET state = 'unsure', next_at = ? WHERE state = 'sending'"
        return self._database.run(sql, self._clock())

    def restored(self) -> int:
        """Note that the database is an older copy: what waited then may have been sent; how many are looked at."""
        return self._database.run("UPDATE replies SET state = 'unsure' WHERE state = 'waiting'")

    def sending(self, round_id: int, ticket_id: int) -> bool:
        """From here on a crash leaves the outcome unknown; False where somebody stopped it or left it out meanwhile."""
        sql = """UPDATE replies SET state = 'sending', kind = NULL, reason = '', next_at = ?1
            WHERE round_id = ?2 AND ticket_id = ?3 AND state IN ('waiting', 'unsure')
              AND EXISTS (SELECT 1 FROM reply_rounds WHERE id = ?2 AND state = 'running')"""
        return self._database.run(sql, self._clock(), round_id, ticket_id) > 0

    def outrun(self, round_id: int, ticket_id: int) -> None:
        """Others changed the ticket just before it was answered: one attempt more that came to nothing."""
        sql = "UPDATE replies SET attempts = attempts + 1 WHERE round_id = ? AND ticket_id = ?"
        self._database.run(sql, round_id, ticket_id)

    def sent(self, round_id: int, ticket_id: int) -> None:
        self._set(round_id, ticket_id, ReplyState.SENT, sent_at=self._clock())
        self.answering(round_id)

    def failed(self, round_id: int, ticket_id: int, kind: RefusalKind, reason: str) -> None:
        self._set(round_id, ticket_id, ReplyState.FAILED, kind=kind, reason=reason)

    def changed(self, round_id: int, ticket_id: int, differences: Sequence[Difference], now: Snapshot | None) -> None:
        """Others changed the ticket since its answer was approved; whoever sends it anyway knows it as it is `now`."""
        row: Row = {"differences": [[difference.kind, difference.now, difference.by] for difference in differences]}
        row |= {"seen": SNAPSHOTS.write(now)} if now else {}
        self._set(round_id, ticket_id, ReplyState.CHANGED, **row)

    def later(self, round_id: int, ticket_id: int, state: ReplyState, *, next_at: datetime, reason: str = "") -> None:
        """The reply is due again at `next_at`, as `waiting` or as `unsure`."""
        self._set(round_id, ticket_id, state, reason=reason, next_at=next_at)

    def desk_failed(self, round_id: int, reason: str, *, next_at: datetime) -> None:
        sql = """UPDATE reply_rounds SET failing_since = coalesce(failing_since, ?), failure = ?, next_at = ?
            WHERE id = ?"""
        self._database.run(sql, self._clock(), reason, next_at, round_id)

    def answering(self, round_id: int) -> None:
        """The desk answers (again)."""
        self._round_is(round_id, failing_since=None, failure="")

    def sending_now(self) -> bool:
        """Whether customers are being answered now."""
        return bool(self._database.value("SELECT 1 FROM reply_rounds WHERE state = 'running' LIMIT 1"))

    def failing(self) -> tuple[datetime, str] | None:
        """Since when the desk keeps a round waiting, and why; None where it does not."""
        sql = """SELECT failing_since, failure FROM reply_rounds WHERE failing_since IS NOT NULL
            ORDER BY failing_since LIMIT 1"""
        row = self._database.row(sql)
        return (moment(row["failing_since"]), row["failure"]) if row else None

    def problem(self, round_id: int, state: ProblemState, note: str = "") -> None:
        self._round_is(round_id, problem_state=state, problem_note=note)

    def ended(self, round_id: int) -> bool:
        """False where it was stopped or ended before."""
        running: Row = {"id": round_id, "state": RoundState.RUNNING}
        return self._database.update("reply_rounds", running, state=RoundState.ENDED, ended_at=self._clock()) > 0

    def _set(
        self,
        round_id: int,
        ticket_id: int,
        state: ReplyState,
        *,
        kind: RefusalKind | None = None,
        reason: str = "",
        next_at: datetime | None = None,
        **values: object,
    ) -> None:
        row: Row = {"round_id": round_id, "ticket_id": ticket_id}
        values |= {"state": state, "kind": kind, "reason": reason, "next_at": next_at or self._clock()}
        self._database.update("replies", row, **values)

    def _round_is(self, round_id: int, **values: object) -> None:
        self._database.update("reply_rounds", {"id": round_id}, **values)

    def next_reply(self, round_id: int, states: Sequence[ReplyState], now: datetime) -> Reply | None:
        sql = """SELECT * FROM replies WHERE round_id = ? AND next_at <= ?
            AND state IN (SELECT value FROM json_each(?)) ORDER BY next_at, place LIMIT 1"""
        row = self._database.row(sql, round_id, now, list(states))
        return _reply(row) if row else None

    def _round(self, row: Row) -> Round:
        texts = self._database.rows("SELECT * FROM reply_texts WHERE round_id = ? ORDER BY place", row["id"])
        replies = self._database.rows("SELECT * FROM replies WHERE round_id = ? ORDER BY place", row["id"])
        return _ROUNDS.row(
            row,
            then=row["then_status"],
            place=Place(row["channel"], row["thread_key"], row["thread_ts"]),
            texts=tuple(map(_TEXTS.row, texts)),
            replies=tuple(map(_reply, replies)),
        )

    def opened(self, key: str) -> int | None:
        number: int | None = self._database.value("SELECT id FROM reply_rounds WHERE key = ?", key)
        return number

    def free_key(self, prefix: str) -> str:
        """A key of no round yet."""
        number = 1 + int(self._database.value(f"SELECT count(*) FROM reply_rounds o WHERE {_BELOW}", prefix))
        while self.opened(f"{prefix}{number}") is not None:
            number += 1
        return f"{prefix}{number}"

    def unapproved(self, prefix: str) -> list[int]:
        """Rounds that wait for a person, or will; the newest first."""
        waits = f"{_BELOW} AND state IN ('reading', 'ready', 'put_off')"
        return self._database.column(f"SELECT id FROM reply_rounds o WHERE {waits} ORDER BY id DESC", prefix)

    def ready(self) -> list[int]:
        """Rounds that wait for a person now, oldest first."""
        return self._database.column("SELECT id FROM reply_rounds WHERE state = 'ready' ORDER BY id")

    def undecided(self) -> list[int]:
        """Rounds that wait for a person, also those that were put off, oldest first."""
        return self._database.column("SELECT id FROM reply_rounds WHERE state IN ('ready', 'put_off') ORDER BY id")

    def asked_with(self, prefix: str, version: str = "") -> set[int]:
        """Tickets that hear of this version ("" for any), without those that were left out."""
        return self._tickets(f"{_BELOW} AND ?2 IN ('', {_VERSION}) AND r.state <> 'left_out'", prefix, version)

    def settled(self, purpose: str, investigation_id: int) -> set[int]:
        """Tickets of an investigation in rounds that were approved, those that were left out there among them."""
        approved = "o.state IN ('running', 'stopped', 'ended')"
        return self._tickets(f"o.purpose = ? AND r.investigation_id = ? AND {approved}", purpose, investigation_id)

    def offered(self, prefix: str, version: str) -> set[int]:
        """Tickets of rounds that tell of this version, those that somebody left out among them."""
        return self._tickets(f"{_BELOW} AND {_VERSION} = ?2", prefix, version)

    def untold(self, purpose: str) -> list[UntoldTicket]:
        """Tickets whose newest answer of this purpose was not sent, and of which nobody decided that it is not."""
        sql = """SELECT r.ticket_id, r.about, r.round_id, o."values", o.opened_at
            FROM replies r JOIN reply_rounds o ON o.id = r.round_id
            WHERE r.state IN ('listed', 'waiting', 'sending', 'unsure', 'changed', 'failed')
              AND (r.state <> 'failed' OR r.kind = 'refused') AND o.purpose = ?1
              AND NOT EXISTS (SELECT 1 FROM replies n JOIN reply_rounds p ON p.id = n.round_id
                WHERE n.ticket_id = r.ticket_id AND n.round_id > r.round_id AND n.about = r.about AND p.purpose = ?1)
            ORDER BY r.round_id, r.place"""
        rows = self._database.rows(sql, purpose)
        return [_UNTOLD.row(row, since=row["opened_at"]) for row in rows]

    def corrected(self, round_id: int) -> dict[int, bool]:
        """Tickets that corrections of a round ask for, and whether their customers have been told."""
        sql = """SELECT r.ticket_id, max(r.state = 'sent') AS told
            FROM reply_rounds o JOIN replies r ON r.round_id = o.id
            WHERE o.corrects = ? AND r.state <> 'left_out' GROUP BY r.ticket_id"""
        rows = self._database.rows(sql, round_id)
        return {row["ticket_id"]: bool(row["told"]) for row in rows}

    def spoken(self, prefix: str) -> list[int]:
        """Rounds of which some ticket was answered, or may still be."""
        sql = f"""SELECT id FROM reply_rounds o WHERE {_BELOW} AND (state <> 'ended'
              OR EXISTS (SELECT 1 FROM replies WHERE round_id = o.id
                AND (state IN ('changed', 'sent') OR state = 'failed' AND kind = 'refused')))"""
        return self._database.column(sql, prefix)

    def listing(self, prefix: str) -> list[int]:
        """Rounds of which tickets may still be taken off: nobody is told twice, and nobody is called back."""
        sql = f"""SELECT DISTINCT o.id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
            WHERE {_BELOW} AND r.state IN ('listed', 'waiting', 'changed', 'failed')"""
        return self._database.column(sql, prefix)

    def told(self, investigation_id: int) -> Told:
        """Counts the customers of an investigation by what they were told, each ticket once."""
        sql = """SELECT count(DISTINCT CASE WHEN r.state = 'sent' THEN r.ticket_id END) AS answered,
              max(CASE WHEN r.state = 'sent' THEN r.sent_at END) AS at,
              count(DISTINCT CASE WHEN r.state = 'listed' AND o.state = 'ready' THEN r.ticket_id END) AS to_review,
              count(DISTINCT CASE WHEN r.state IN ('waiting', 'sending', 'unsure') AND o.state = 'running'
                THEN r.ticket_id END) AS sending
            FROM replies r JOIN reply_rounds o ON o.id = r.round_id WHERE r.investigation_id = ?"""
        row = self._database.row(sql, investigation_id)
        assert row
        at = moment(row["at"]) if row["at"] else None
        return Told(row["answered"], at, row["to_review"], row["sending"])

    def investigations(self, round_id: int) -> list[int]:
        """Those that its tickets belong to."""
        sql = "SELECT DISTINCT investigation_id FROM replies WHERE round_id = ? AND investigation_id IS NOT NULL"
        return self._database.column(sql, round_id)

    def of(self, investigation_id: int) -> list[Round]:
        """All rounds that have tickets of an investigation, oldest first."""
        sql = """SELECT * FROM reply_rounds WHERE id IN (SELECT round_id FROM replies WHERE investigation_id = ?)
            ORDER BY id"""
        return list(map(self._round, self._database.rows(sql, investigation_id)))

    def with_investigation(self, investigation_id: int) -> list[int]:
        """Rounds that nobody approved yet and that have tickets of an investigation."""
        sql = """SELECT DISTINCT o.id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
            WHERE r.investigation_id = ? AND o.state IN ('reading', 'ready', 'put_off')"""
        return self._database.column(sql, investigation_id)

    def join(self, round_id: int, opening: RoundOpening) -> int:
        """Further tickets, values and problem as they are now; how many tickets are new."""
        sql = 'UPDATE reply_rounds SET "values" = ?, problem_id = coalesce(?, problem_id) WHERE id = ?'
        self._database.run(sql, dict(opening.values), opening.problem_id, round_id)
        one = """INSERT OR IGNORE INTO replies (round_id, ticket_id, place, state, investigation_id, about, language)
            SELECT ?1, ?2, count(*), 'listed', ?3, ?4, ?5 FROM replies WHERE round_id = ?1"""
        return sum(
            self._database.run(one, round_id, each.ticket_id, each.investigation_id, each.about, each.language)
            for each in opening.tickets
        )

    def _tickets(self, which: str, *values: object) -> set[int]:
        sql = f"SELECT r.ticket_id FROM reply_rounds o JOIN replies r ON r.round_id = o.id WHERE {which}"
        return set(map(int, self._database.column(sql, *values)))


def _reply(row: Row) -> Reply:
    rows = json.loads(row["differences"] or "[]")
    differences = tuple(Difference(DifferenceKind(kind), now, Doer(by)) for kind, now, by in rows)
    return _REPLIES.row(row | {"snapshot": row["seen"]}, kind=row["kind"] or None, differences=differences)


def _stamp(key: str, opened_at: datetime) -> str:
    """A tag that no other round has, that of another database included."""
    return "secondline-" + blake2s(f"{key} {opened_at.isoformat()}".encode(), digest_size=6).hexdigest()
