"""The tables of probe batches and probe runs, and what of them is let go after a while."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from bot.database import Database, Row, Store, moment
from bot.probes.batch import (
    LEFT_OUT,
    SUBJECTS,
    Batch,
    BatchRequest,
    PlannedRun,
    ProbeRun,
    RunState,
    read_result,
    stored_result,
)
from bot.probes.manual import Trial
from bot.probes.model import ProbeResult, Subject
from bot.stored import Stored

_BATCHES, _RUNS, _TRIALS = Stored[Batch](Batch, json=("left_out",)), Stored[ProbeRun](ProbeRun), Stored[Trial](Trial)


class ProbeStore(Store):
    """Questions and verbs of probe runs."""

    def request(self, request: BatchRequest, runs: Iterable[PlannedRun] = ()) -> int:
        """Adds a batch, which waits for its turn."""
        row: Row = {"title": request.title, "playbook": request.playbook, "target": request.target}
        row |= {"investigation_id": request.investigation_id, **asdict(request.place), "state": RunState.QUEUED}
        row |= {"requested_by": request.by, "requested_at": self._clock(), "left_out": LEFT_OUT.write(request.left_out)}
        row |= {"by_hand": request.by_hand, "host": request.host, "again": int(request.again)}
        row |= {"repeats": request.repeats, "sweep_id": request.sweep_id, "fleet": int(request.fleet)}
        number = self._database.insert("probe_batches", row | {"on_demand": int(request.on_demand)})
        for run in runs:
            self.add_run(number, run)
        return number

    def again_of(self, investigation_id: int, *, within: timedelta) -> Batch | None:
        """The last run of what had failed, as long as it is not over, or ended within this time."""
        batches = self._batches(
            """investigation_id = ? AND again = 1
               AND (state IN ('queued', 'running') OR (state = 'done' AND finished_at > ?)) ORDER BY id DESC LIMIT 1""",
            investigation_id,
            self._clock() - within,
        )
        return batches[0] if batches else None

    def running_like(self, request: BatchRequest) -> int | None:
        """The batch of the same investigation that measures the same, or waits for its turn to."""
        return self._like(request, "state IN ('queued', 'running')")

    def ended_like(self, request: BatchRequest) -> int | None:
        """The last batch of the same investigation that measured the same."""
        return self._like(request, "state = 'done'")

    def _like(self, request: BatchRequest, state: str) -> int | None:
        number: int | None = self._database.value(
            f"""SELECT id FROM probe_batches WHERE investigation_id = ? AND {state} AND target = ?
                AND (title = ? OR (playbook <> '' AND playbook = ?)) AND again = 0 ORDER BY id DESC LIMIT 1""",
            request.investigation_id,
            request.target,
            request.title,
            request.playbook,
        )
        return number

    def of_sweep(self, sweep_id: int) -> list[Batch]:
        """The batches of a smoke sweep, in the order in which they were asked for."""
        return self._batches("sweep_id = ? ORDER BY id", sweep_id)

    def adopted(self, batch_id: int, investigation_id: int) -> bool:
        """False where it belongs to an investigation already."""
        return bool(
            self._database.run(
                "UPDATE probe_batches SET investigation_id = ? WHERE id = ? AND investigation_id IS NULL",
                investigation_id,
                batch_id,
            )
        )

    def fleet_running(self) -> bool:
        """Whether a sweep of several targets waits or runs."""
        sql = "SELECT 1 FROM probe_batches WHERE fleet = 1 AND state IN ('queued', 'running')"
        return bool(self._database.value(sql))

    def fleet_before(self, title: str) -> int | None:
        """The last sweep of these targets."""
        number: int | None = self._database.value(
            "SELECT id FROM probe_batches WHERE fleet = 1 AND title = ? AND state = 'done' ORDER BY id DESC LIMIT 1",
            title,
        )
        return number

    def last_playbook(self, target: str, *, before: datetime | None = None) -> int | None:
        """The last run of a target's playbook that came to its end; `before` is when it was asked for at the latest."""
        number: int | None = self._database.value(
            """SELECT id FROM probe_batches WHERE target = ?1 AND playbook <> '' AND state = 'done' AND emptied = 0
               AND (?2 IS NULL OR requested_at < ?2) ORDER BY id DESC LIMIT 1""",
            target,
            before,
        )
        return number

    def add_customers(self, batch_id: int, *, why_not: str) -> None:
        """The part of a playbook that waits for the tickets, or is left out at once where `why_not` says something."""
        self._database.run(
            """INSERT INTO probe_batches (investigation_id, title, playbook, target, channel, thread_key, thread_ts,
                   requested_by, requested_at, state, reason, parent_id, on_demand)
               SELECT investigation_id, '', '', target, channel, thread_key, thread_ts, requested_by, requested_at,
                   ?, ?, id, 0 FROM probe_batches WHERE id = ?""",
            RunState.LEFT_OUT if why_not else RunState.PENDING,
            why_not,
            batch_id,
        )

    def host_of(self, batch_id: int) -> str:
        """The host of somebody else that a batch is about, "" for targets."""
        return str(self._database.value("SELECT host FROM probe_batches WHERE id = ?", batch_id) or "")

    def measured(self, host: str, *, within: timedelta) -> list[timedelta]:
        """How long ago each probe of such a host was asked for, the oldest first."""
        now = self._clock()
        rows = self._database.column(
            """SELECT b.requested_at FROM probe_batches b JOIN probe_runs r ON r.batch_id = b.id
               WHERE b.host = ? AND b.host <> '' AND b.requested_at > ? ORDER BY b.requested_at""",
            host,
            now - within,
        )
        return [now - moment(text) for text in rows]

    def pending_of(self, investigation_id: int) -> list[Batch]:
        """What waits for the tickets of an investigation: a part of each of its playbooks, oldest first."""
        return self._batches("investigation_id = ? AND state = 'pending' ORDER BY id", investigation_id)

    def pending_no_longer(self, batch_id: int, *, title: str) -> None:
        self._database.update("probe_batches", {"id": batch_id}, state=RunState.QUEUED, title=title)

    def left_out(self, batch_id: int, reason: str) -> None:
        self._database.update("probe_batches", {"id": batch_id}, state=RunState.LEFT_OUT, reason=reason)
        self._database.update("probe_runs", {"batch_id": batch_id}, state=RunState.LEFT_OUT)

    def add_run(self, batch_id: int, run: PlannedRun) -> int:
        row: Row = {"batch_id": batch_id, "step": run.step, "kind": run.kind, "place": run.place}
        row |= {"label": run.subject.label, "subject": SUBJECTS.write(run.subject), "state": RunState.QUEUED}
        return self._database.insert("probe_runs", row)

    def get(self, batch_id: int) -> Batch | None:
        row = self._database.row("SELECT * FROM probe_batches WHERE id = ?", batch_id)
        return self._batch(row) if row else None

    def of(self, investigation_id: int, *, details: bool = True) -> list[Batch]:
        """All batches of an investigation that have begun or will, oldest first; without details as if emptied."""
        begun = "investigation_id = ? AND state NOT IN ('pending', 'left_out') ORDER BY id"
        return self._batches(begun, investigation_id, details=details)

    def ended_of(self, target: str, *, at_most: int) -> list[Batch]:
        """The newest batches of a target that have ended, newest first."""
        return self._batches(_ENDED_OF, target, at_most)

    def ended_signs(self, target: str, *, at_most: int) -> tuple[object, ...]:
        """What is other as soon as `ended_of` tells something else; None in it while that may be any moment."""
        rows = self._database.rows(
            f"""SELECT b.id, b.emptied, (SELECT count(*) FROM probe_trials t WHERE t.batch_id = b.id) AS trials,
                  EXISTS (SELECT 1 FROM probe_runs r WHERE r.batch_id = b.id AND r.refining = 1) AS refining
                FROM (SELECT * FROM probe_batches WHERE {_ENDED_OF}) b""",
            target,
            at_most,
        )
        return tuple(None if row["refining"] else (row["id"], row["emptied"], row["trials"]) for row in rows)

    def in_state(self, state: RunState, *, among: Collection[int] | None = None) -> list[Batch]:
        """Batches in one state, first come first; `among` leaves out all others."""
        rows = self._database.rows("SELECT * FROM probe_batches WHERE state = ? ORDER BY id", state)
        return [self._batch(row) for row in rows if among is None or row["id"] in among]

    def waiting_of(self, user: str) -> int:
        """How many batches of a person wait for their turn."""
        return int(
            self._database.value(
                """SELECT count(*) FROM probe_batches
                   WHERE state = 'queued' AND on_demand = 1 AND requested_by = ?""",
                user,
            )
        )

    def cancelled(self, batch_id: int, *, by: str) -> bool:
        """False where it has ended already; runs that have ended keep their result."""
        changed = self._database.run(
            """UPDATE probe_batches SET state = 'cancelled', cancelled_by = ?, finished_at = ?
               WHERE id = ? AND state IN ('pending', 'queued', 'running')""",
            by,
            self._clock(),
            batch_id,
        )
        self._database.run(
            "UPDATE probe_runs SET state = 'cancelled' WHERE batch_id = ? AND state IN ('queued', 'running')", batch_id
        )
        return bool(changed)

    def started(self, batch_id: int) -> None:
        self._database.update("probe_batches", {"id": batch_id}, state=RunState.RUNNING)

    def run_started(self, run_id: int) -> None:
        self._run(run_id, state=RunState.RUNNING, started_at=self._clock())

    def narrowed(self, run_id: int, subject: Subject) -> None:
        """What it looks at is known better now."""
        self._run(run_id, subject=SUBJECTS.write(subject), label=subject.label)

    def progress(self, run_id: int, result: ProbeResult) -> None:
        self._run(run_id, result=stored_result(result))

    def run_done(self, run_id: int, result: ProbeResult) -> None:
        self._run(run_id, state=RunState.DONE, finished_at=self._clock(), result=stored_result(result))

    def refining(self, run_id: int, goes_on: bool) -> None:
        """Whether an MTR whose first result is there goes on."""
        self._run(run_id, refining=int(goes_on))

    def refined(self) -> list[ProbeRun]:
        """Returns the runs that are marked as going on."""
        return list(map(_run, self._database.rows("SELECT * FROM probe_runs WHERE refining = 1 ORDER BY id")))

    def done(self, batch_id: int) -> bool:
        """False where somebody cancelled it meanwhile. A step that still waits was ruled out by those before it."""
        running: Row = {"id": batch_id, "state": RunState.RUNNING}
        ended = self._database.update("probe_batches", running, state=RunState.DONE, finished_at=self._clock()) > 0
        if ended:
            waiting: Row = {"batch_id": batch_id, "state": RunState.QUEUED}
            self._database.update("probe_runs", waiting, state=RunState.LEFT_OUT)
        return ended

    def tried(self, batch_id: int, trial: Trial) -> None:
        """A step that somebody did by hand."""
        self._database.insert("probe_trials", {"batch_id": batch_id, **asdict(trial)})

    def interrupted(self, *, working: Collection[int]) -> list[int]:
        """What is marked as running and is not among those that are; the batches concerned.

        A playbook, and its part for the customers, goes back into the queue with what it has not measured, once;
        everything else is named interrupted.
        """
        running = self._database.rows("SELECT * FROM probe_batches WHERE state = 'running'")
        rows = [row for row in running if row["id"] not in working]
        for row in rows:
            again = (row["playbook"] or row["parent_id"]) and not row["begun_again"]
            state = RunState.QUEUED if again else RunState.INTERRUPTED
            self._database.update("probe_batches", {"id": row["id"]}, state=state, begun_again=int(bool(again)))
            self._database.run(
                """UPDATE probe_runs SET state = ?, result = iif(?, NULL, result)
                   WHERE batch_id = ? AND state IN ('queued', 'running')""",
                state,
                int(bool(again)),
                row["id"],
            )
        return [row["id"] for row in rows]

    def _run(self, run_id: int, **values: object) -> None:
        self._database.update("probe_runs", {"id": run_id}, **values)

    def _batches(self, condition: str, *values: object, details: bool = True) -> list[Batch]:
        rows = self._database.rows(f"SELECT * FROM probe_batches WHERE {condition}", *values)
        return [self._batch(row, details=details) for row in rows]

    def _batch(self, row: Row, *, details: bool = True) -> Batch:
        runs = self._database.rows(_RUNS_OF if details else _VERDICTS_OF, row["id"])
        trials = self._database.rows("SELECT * FROM probe_trials WHERE batch_id = ? ORDER BY id", row["id"])
        child = self._database.row("SELECT * FROM probe_batches WHERE parent_id = ?", row["id"])
        return _BATCHES.row(
            row,
            ahead=self._ahead(row),
            runs=tuple(map(_run, runs)),
            trials=tuple(map(_TRIALS.row, trials)),
            customers=self._batch(child, details=details) if child else None,
        )

    def _ahead(self, row: Row) -> int:
        if row["state"] != RunState.QUEUED:
            return 0
        count = "SELECT count(*) FROM probe_batches WHERE state = 'queued' AND id < ?"
        return int(self._database.value(count, row["id"]))


_RUNS_OF = "SELECT * FROM probe_runs WHERE batch_id = ? ORDER BY id"
_ENDED_OF = "target = ? AND state = 'done' ORDER BY id DESC LIMIT ?"


def _run(row: Row) -> ProbeRun:
    result = read_result(row["result"]) if row["result"] else None
    return _RUNS.row(row, subject=SUBJECTS.read(row["subject"]), result=result)


AT_ONCE = 5
"""Batches: a playbook has some twenty runs."""
DETAILS = ("readings", "columns", "report", "report_name")
LISTS = ("addresses", "hosts", "urls", "tls", "names", "ports", "vpn", "wireguard_keys")
"""A target can have thousands of addresses, and each run has all of them."""

Kept = Callable[[datetime], Collection[int]]
"""The investigations that are open, or were closed later than that."""


def empty_details(database: Database, kept: Kept, before: datetime) -> int:
    """Let go of tables and reports of runs, which Slack has as files, of some batches that were asked for before then.

    Returns how many batches.
    """
    batches = database.column(
        """SELECT id FROM probe_batches INDEXED BY batches_to_empty WHERE emptied = 0 AND requested_at < ?
             AND state NOT IN ('pending', 'queued', 'running')
             AND coalesce(investigation_id, 0) NOT IN (SELECT value FROM json_each(?))
           ORDER BY requested_at LIMIT ?""",
        before,
        json.dumps(sorted(kept(before))),
        AT_ONCE,
    )
    empty = f"""UPDATE probe_runs SET result = json_remove(result{_paths(DETAILS)}),
                  subject = json_remove(subject{_paths(LISTS)}) WHERE batch_id = ?"""
    with database.transaction():
        for batch_id in batches:
            database.run(empty, batch_id)
            database.update("probe_batches", {"id": batch_id}, emptied=1)
    return len(batches)


def _paths(names: tuple[str, ...]) -> str:
    return "".join(f", '$.{name}'" for name in names)


_VERDICTS_OF = f"""SELECT id, batch_id, step, kind, label, subject, state, started_at, finished_at, place, refining,
    json_remove(result{_paths(DETAILS)}) AS result FROM probe_runs WHERE batch_id = ? ORDER BY id"""
"""Most of what a run found is its table and its report."""
