"""The loop that reads logs, one after the other: from Slack through the program into the record."""

import hmac
import json
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Protocol

from attrs import define

from bot.customer_logs.child import CannotRead
from bot.customer_logs.model import CustomerLog, Drop, Finding, LogReport, Problem
from bot.customer_logs.service import CustomerLogService, drop_key
from bot.customer_logs.source import LogSource, OpenLog, SourceError
from bot.customer_logs.store import CustomerLogStore
from bot.customer_logs.wording import event_words
from bot.due_loop import backoff_s
from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.known_issues.search.query import MatchLevel
from bot.known_issues.service import KnownIssueService
from bot.loose_json import items, mapping
from bot.records import Loop
from bot.stored import Stored

logger = logging.getLogger(__name__)

TRIES = 5
FIRST_RETRY_S, LONGEST_RETRY_S = 5.0, 300.0
_REPORTS = Stored[tuple[LogReport, ...]](tuple[LogReport, ...])


class Reading(Protocol):
    """Reads one log, away from the bot. Raises CannotRead, SourceError, OSError."""

    async def read(self, log: OpenLog, asked: dict[str, Any]) -> Any: ...


@define(kw_only=True, eq=False, repr=False, slots=False)
class LogReader(Loop):
    """One log at a time: each may take a quarter of a gigabyte. People take turns."""

    _store: CustomerLogStore
    _logs: CustomerLogService
    _investigations: InvestigationService
    _known: KnownIssueService
    _source: LogSource
    _program: Reading

    def __attrs_post_init__(self) -> None:
        self._turns = count(1)
        self._served: dict[str, int] = {}
        """Who had their last turn when: of those who wait, whoever had none for longest is next."""

    async def run(self) -> None:
        """Never returns. What was being read when the bot ended is read anew."""
        self.take_up()
        await super().run()

    def take_up(self) -> None:
        self._store.interrupted()

    async def turn(self) -> datetime | None:
        """Read one log after the other."""
        while await self.step():
            pass
        return self._store.next_due_at()

    async def step(self) -> bool:
        """Read the next log; False where none waits."""
        waiting = self._store.waiting(self._clock())
        if not waiting:
            return False
        sender, log_id, drop_id = min(waiting, key=lambda each: self._served.get(each[0], 0))
        self._served[sender] = next(self._turns)
        drop = self._store.get(drop_id)
        tries = self._store.begin(log_id)
        log = next((log for log in drop.logs if log.id == log_id), None) if drop else None
        if drop is None or log is None:
            return True
        if tries > TRIES:
            self._failed(drop, log, Problem.TOO_LONG)
            return True
        try:
            digest = hmac.new(self._logs.settings.mask_key, digestmod=sha256)
            answer = await self._answer(drop, log, digest)
        except CannotRead as error:
            self._failed(drop, log, error.problem)
        except SourceError as error:
            logger.warning("a log is not fetched: %s", error.reason)
            self._not_fetched(drop, log, error, tries)
        except OSError as error:
            logger.error("the program that reads logs does not start: %s", error)
            self._failed(drop, log, Problem.UNREACHABLE)
        else:
            self._read(drop, log, answer, digest.hexdigest())
        return True

    async def _answer(self, drop: Drop, log: CustomerLog, digest: hmac.HMAC) -> Any:
        opened = (
            self._source.file(log.file_id)
            if log.file_id
            else self._source.pasted(drop.channel, drop.ts, drop.thread_ts)
        )
        async with opened as content:
            noticed = replace(content, chunks=_noticed(content.chunks, digest))
            return await self._program.read(noticed, self._asked(drop, content.name, pasted=not log.file_id))

    def _asked(self, drop: Drop, name: str, *, pasted: bool) -> dict[str, Any]:
        settings, scope = self._logs.settings, self._logs.mask_scope(drop)
        return {
            "name": name,
            "pasted": pasted,
            "now": drop.at.isoformat(),
            "key": hmac.new(settings.mask_key, scope.encode(), sha256).hexdigest(),
            "masks": self._store.masks(scope),
            "ours": list(settings.ours),
            "own": self._logs.signatures(),
        }

    def _read(self, drop: Drop, log: CustomerLog, answer: Any, digest: str) -> None:
        """Everything at once: the reports, the masks, the timeline, and what the cards show."""
        problem = next((each for each in Problem if each == answer.get("problem")), None)
        if problem:
            self._failed(drop, log, problem)
            return
        for refused in items(answer.get("refused"))[:5]:
            logger.warning("a signature of the team is left out: %s", str(refused)[:200])
        reports = tuple(
            self._with_issues(drop, report) for report in _REPORTS.read(json.dumps(items(answer.get("reports"))))
        )
        masks = {str(name): int(number) for name, number in mapping(answer.get("masks")).items()}
        with self._database.transaction():
            self._store.mask(self._logs.mask_scope(drop), masks)
            if self._store.read(log.id, reports, digest):
                counted = self._logs.same_as(drop.id, log.id)
                if counted is None:
                    self._record(drop, reports)
                    for other in self._logs.replaced_by(drop.id, log.id):
                        self._owed.changed(drop_key(other), human=False)
                elif log.ticket_id is not None and counted.ticket_id is None:
                    self._store.is_of(counted.log_id, log.ticket_id)
            self._changed(drop)

    def _record(self, drop: Drop, reports: Sequence[LogReport]) -> None:
        if drop.investigation_id is None:
            return
        for report in reports:
            text = event_words(report)
            self._investigations.record_event(drop.investigation_id, EventKind.LOG, by=drop.by, text=text)

    def _with_issues(self, drop: Drop, report: LogReport) -> LogReport:
        return replace(report, findings=tuple(self._with_issue(drop, finding) for finding in report.findings))

    def _with_issue(self, drop: Drop, finding: Finding) -> Finding:
        """The known issue that its words find, where it is about the same."""
        if not finding.known:
            return finding
        target = self._investigations.get(drop.investigation_id).target if drop.investigation_id is not None else None
        best = self._known.search(finding.known, target=target, limit=1).best
        sure = best and best[0].level is MatchLevel.WORDS and best[0].issue
        return replace(finding, issue_id=best[0].issue.id) if sure and best[0].issue else finding

    def _not_fetched(self, drop: Drop, log: CustomerLog, error: SourceError, tries: int) -> None:
        if not error.retry or tries >= TRIES:
            self._failed(drop, log, error.problem)
            return
        wait_s = backoff_s(tries, first_s=FIRST_RETRY_S, longest_s=LONGEST_RETRY_S, asked_s=error.retry_after_s)
        self._store.again(log.id, self._clock() + timedelta(seconds=wait_s))

    def _failed(self, drop: Drop, log: CustomerLog, problem: Problem) -> None:
        with self._database.transaction():
            self._store.fail(log.id, problem)
            self._changed(drop)

    def _changed(self, drop: Drop) -> None:
        """Its card, and those of the investigation that spoke over all logs until now."""
        self._owed.changed(drop_key(drop.id), human=True)
        number = drop.investigation_id
        numbers = self._investigations.together(number) if number is not None else []
        for other in self._store.newest(numbers, before=drop.id):
            self._owed.changed(drop_key(other), human=False)


async def _noticed(chunks: AsyncIterator[bytes], digest: hmac.HMAC) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        digest.update(chunk)
        yield chunk
