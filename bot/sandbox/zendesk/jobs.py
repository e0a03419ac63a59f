"""Bulk updates and their job statuses."""

import asyncio
import itertools
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.sandbox.zendesk.answers import Answer, ApiError, Call, Endpoint, Json, not_found
from bot.sandbox.zendesk.desk import Desk

JOBS_MAX = 30


@dataclass(slots=True)
class _Job:
    id: str
    total: int
    status: str = "queued"
    progress: int = 0
    results: list[Json] = field(default_factory=list)


class JobsApi:
    """update_many as a queued job; every row succeeds or fails alone, so each must be read."""

    def __init__(self, *, desk: Desk, clock: Clock, delay_s: float) -> None:
        self._desk = desk
        self._clock = clock
        self._delay_s = delay_s
        self._jobs: dict[str, _Job] = {}
        self._numbers = itertools.count(1)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("PUT", "/tickets/update_many", self.update_many, "tickets:write", "tickets_update"),
            Endpoint("GET", r"/job_statuses/{job:\w+}", self.show, "tickets:read"),
        ]

    def update_many(self, call: Call) -> Answer:
        changes = _changes(call)
        if sum(job.status != "completed" for job in self._jobs.values()) >= JOBS_MAX:
            raise ApiError(429, "TooManyJobs", f"Too many jobs. Maximum is {JOBS_MAX}")
        job = _Job(f"{next(self._numbers):032x}", len(changes))
        self._jobs[job.id] = job
        actor_id = call.actor.user_id or 0
        asyncio.get_running_loop().call_later(self._delay_s, self._run, job, changes, actor_id)
        return Answer(self._written(call, job))

    def show(self, call: Call) -> Answer:
        job = self._jobs.get(call.params["job"])
        if job is None:
            raise not_found()
        return Answer(self._written(call, job))

    def _run(self, job: _Job, changes: list[tuple[int, Json]], actor_id: int) -> None:
        job.status = "working"
        for index, (ticket_id, fields) in enumerate(changes):
            job.results.append({"index": index, **self._row(ticket_id, fields, actor_id)})
            job.progress += 1
        job.status = "completed"

    def _row(self, ticket_id: int, fields: Json, actor_id: int) -> Json:
        row: Json = {"id": ticket_id, "action": "update"}
        try:
            self._desk.update(ticket_id, fields, actor_id=actor_id)
        except ApiError as error:
            return {**row, "status": "Failed", "success": False, "errors": _reason(error), "error": error.body["error"]}
        return {**row, "status": "Updated", "success": True}

    def _written(self, call: Call, job: _Job) -> Json:
        done = job.status == "completed"
        content = {
            "id": job.id,
            "url": f"{call.base}/api/v2/job_statuses/{job.id}.json",
            "total": job.total,
            "progress": job.progress if done else None,
            "status": job.status,
            "message": f"Completed at {self._clock():%Y-%m-%d %H:%M:%S} +0000" if done else None,
            "results": job.results if done else None,
        }
        return {"job_status": content}


def _changes(call: Call) -> list[tuple[int, Json]]:
    """What to do with which ticket: one change for `ids=`, or a list under "tickets"."""
    if "ids" in call.query:
        fields = call.record("ticket")
        return [(ticket_id, fields) for ticket_id in call.ids()]
    listed = call.body.get("tickets")
    if not isinstance(listed, list) or not all(isinstance(one, dict) and "id" in one for one in listed):
        raise ApiError(400, "InvalidValue", "tickets: must be a list of tickets with an id")
    if len(listed) > 100:
        raise ApiError(400, "TooManyValues", "tickets: Too many values. Maximum is 100")
    return [(int(one["id"]), one) for one in listed]


def _reason(error: ApiError) -> str:
    details: Json = error.body.get("details", {})
    texts = [entry["description"] for entries in details.values() for entry in entries]
    return "; ".join(texts) or str(error.body.get("description", error.body["error"]))
