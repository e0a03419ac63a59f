"""The loop that reads what a round needs, and answers its tickets: paced, resumed after a crash, each exactly once."""

import logging
from datetime import datetime, timedelta
from functools import partial

from attrs import define

from bot.database import patiently
from bot.investigations.model import card_key
from bot.names import few_named
from bot.records import Loop
from bot.replies.drafting import Templates, draft
from bot.replies.model import OPEN_REPLIES, ProblemState, Reply, ReplyState, Round, RoundState, Then
from bot.replies.service import round_key
from bot.replies.store import ReplyStore
from bot.replies.subjects import RoundSubjects
from bot.signals import Signal
from bot.tickets.answering import RefusalKind
from bot.tickets.desk import ChangedSince, DeskError, HelpDesk, OutcomeUnknown, TicketChanged, TicketRefused
from bot.tickets.pace import Pace

logger = logging.getLogger(__name__)

RETRY_S = 15.0
REFUSED_RETRY_S = 60.0
"""After an answer that somebody has to mend, such as a login that is refused."""
UNSURE_S = 20.0
"""A request without an answer may still be worked on; after this long the ticket tells."""
CHANGES_MAX = 8
"""So often a ticket may be changed by others just before it is answered."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class ReplyRunner(Loop):
    """One ticket after the other; everything that it knows is in the database."""

    _store: ReplyStore
    _desk: HelpDesk | None
    _templates: Templates
    _subjects: RoundSubjects
    _pace: Pace

    def __attrs_post_init__(self) -> None:
        self.ended = Signal[Round]()
        """A round has ended, in the transaction that ends it; one that is tried again ends again."""
        self.answered = Signal[Round, Reply]()
        """A customer has their answer, in the transaction that says so."""

    async def run(self) -> None:
        """Never returns. Looks first at the answers that an earlier run was sending when it ended."""
        self.take_up()
        await super().run()

    def take_up(self) -> None:
        """Marks what was being sent when the program ended: it is looked at before anything else is sent."""
        self._store.interrupted()

    async def step(self, desk: HelpDesk) -> bool:
        """Do the next thing that is due; False where nothing is."""
        now = self._clock()
        for reply_round in self._store.due(RoundState.READING, now):
            await self._read(desk, reply_round)
            return True
        for reply_round in self._store.due(RoundState.STOPPED, now):
            if reply := self._store.next_reply(reply_round.id, (ReplyState.UNSURE,), now):
                await self._look(desk, reply_round, reply)
                return True
        for reply_round in self._store.due(RoundState.RUNNING, now):
            if reply := self._store.next_reply(reply_round.id, (ReplyState.WAITING, ReplyState.UNSURE), now):
                if self._pace.wait_s(now) > 0:
                    return False
                await self._reply(desk, reply_round, reply)
                return True
            if not reply_round.having(*OPEN_REPLIES):
                await self._end(desk, reply_round)
                return True
        return False

    async def turn(self) -> datetime | None:
        """Take one step after the other, as long as one is due."""
        while self._desk and await self.step(self._desk):
            pass
        return self.due_at() if self._desk else None

    def due_at(self) -> datetime | None:
        """When `step` has something to do again, as the pace allows it; None where nothing is open."""
        now, due_at = self._clock(), self._store.next_due_at()
        return max(due_at, now + timedelta(seconds=self._pace.wait_s(now))) if due_at else None

    async def _read(self, desk: HelpDesk, reply_round: Round) -> None:
        try:
            subject = self._subjects.of(reply_round)
            wrong = self._store.get(reply_round.corrects) if reply_round.corrects is not None else None
            drafted = await draft(reply_round, desk=desk, templates=self._templates, subject=subject, wrong=wrong)
        except DeskError as error:
            self._desk_failed(reply_round, error)
            return
        with self._database.transaction():
            ended = self._store.read(reply_round.id, drafted.replies, drafted.texts, drafted.state)
            self._store.answering(reply_round.id)
            if ended:
                self._report(reply_round.id)
            self._changed(reply_round)
            for number in self._store.investigations(reply_round.id):
                self._owed.changed(card_key(number), human=False)

    async def _look(self, desk: HelpDesk, reply_round: Round, reply: Reply) -> bool:
        """Returns True where that settles it for now: it was done after all, or the desk does not tell."""
        try:
            done = await desk.answered(reply.ticket_id, stamp=reply_round.stamp)
        except DeskError as error:
            self._later(reply_round, reply, error)
            return True
        if done:
            await patiently(partial(self._sent, reply_round, reply))
        elif reply_round.state is RoundState.STOPPED:
            self._store.later(reply_round.id, reply.ticket_id, ReplyState.WAITING, next_at=self._clock())
            self._changed(reply_round)
        return done

    async def _reply(self, desk: HelpDesk, reply_round: Round, reply: Reply) -> None:
        unsure = reply.state is ReplyState.UNSURE
        self._pace.used(self._clock())
        if unsure and await self._look(desk, reply_round, reply):
            return
        try:
            text = await self._words(desk, reply_round, reply)
            if not self._store.sending(reply_round.id, reply.ticket_id):
                return
            status = reply_round.then.status
            await desk.answer(
                reply.ticket_id, text, status=status, stamp=reply_round.stamp, snapshot=reply.snapshot, again=unsure
            )
        except ChangedSince as error:
            self._left_out(reply_round, reply, error)
        except TicketRefused as error:
            self._failed(reply_round, reply, error.kind, error.reason)
        except DeskError as error:
            self._later(reply_round, reply, error)
        else:
            await patiently(partial(self._sent, reply_round, reply))

    async def _words(self, desk: HelpDesk, reply_round: Round, reply: Reply) -> str:
        """A macro's words are asked for anew: its placeholders are filled in for this customer alone."""
        text = reply_round.text_for(reply)
        if text and text.macro_id is not None:
            effect = await desk.macro_effect(text.macro_id, reply.ticket_id)
            text_of_macro = effect.text if effect.public else ""
            if not text_of_macro.strip():
                raise TicketRefused("Zendesk", "the macro has no public text any more", kind=RefusalKind.REFUSED)
            return text_of_macro
        if not text or not text.text.strip():
            raise TicketRefused("Zendesk", "there is no text in its language", kind=RefusalKind.REFUSED)
        return text.text

    def _sent(self, reply_round: Round, reply: Reply) -> None:
        with self._database.transaction():
            self._store.sent(reply_round.id, reply.ticket_id)
            self._changed(reply_round)
            self.answered.tell(reply_round, reply)

    def _failed(self, reply_round: Round, reply: Reply, kind: RefusalKind, reason: str) -> None:
        logger.info("ticket %d is not answered: %s", reply.ticket_id, reason)
        with self._database.transaction():
            self._store.failed(reply_round.id, reply.ticket_id, kind, reason)
            self._store.answering(reply_round.id)
            self._changed(reply_round)

    def _left_out(self, reply_round: Round, reply: Reply, error: ChangedSince) -> None:
        with self._database.transaction():
            self._store.changed(reply_round.id, reply.ticket_id, error.differences, error.now)
            self._store.answering(reply_round.id)
            self._changed(reply_round)

    def _later(self, reply_round: Round, reply: Reply, error: DeskError) -> None:
        """Puts it off: what is unsure stays unsure, and what had no answer becomes so."""
        if isinstance(error, TicketChanged) and reply.attempts + 1 >= CHANGES_MAX:
            self._failed(reply_round, reply, RefusalKind.REFUSED, "others keep changing it at the same moment")
            return
        unknown = isinstance(error, OutcomeUnknown) or reply.state is ReplyState.UNSURE
        state, wait_s = (ReplyState.UNSURE, UNSURE_S) if unknown else (ReplyState.WAITING, 0.0)
        wait_s = RETRY_S if isinstance(error, TicketChanged) else wait_s
        next_at = self._clock() + timedelta(seconds=wait_s)
        with self._database.transaction():
            self._store.later(reply_round.id, reply.ticket_id, state, next_at=next_at, reason=error.reason)
            if isinstance(error, TicketChanged):
                self._store.outrun(reply_round.id, reply.ticket_id)
            else:
                self._desk_failed(reply_round, error)

    def _desk_failed(self, reply_round: Round, error: DeskError) -> None:
        logger.warning("round %d waits: %s", reply_round.id, error.sentence)
        wait_s = error.retry_after_s or (RETRY_S if error.retry else REFUSED_RETRY_S)
        until = self._clock() + timedelta(seconds=wait_s)
        if error.retry_after_s:
            self._pace.hold(until=until)
        with self._database.transaction():
            self._store.desk_failed(reply_round.id, error.reason, next_at=until)
            self._changed(reply_round)

    async def _end(self, desk: HelpDesk, reply_round: Round) -> None:
        """The problem ticket last, when all of its customers have had their answer.

        It is open again where its tickets are.
        """
        state, note = reply_round.problem_state, reply_round.problem_note
        opened = [reply.ticket_id for reply in reply_round.having(ReplyState.SENT)]
        if reply_round.then is Then.OPENED and reply_round.problem_id and opened:
            try:
                await desk.hang(reply_round.problem_id, opened)
            except TicketRefused as error:
                logger.info("the problem ticket %d stays as it is: %s", reply_round.problem_id, error.reason)
            except DeskError as error:
                self._desk_failed(reply_round, error)
                return
        if state is ProblemState.WAITING and reply_round.problem_id:
            try:
                state, note = _solved(await desk.solve_problem(reply_round.problem_id))
            except TicketRefused as error:
                state, note = ProblemState.LEFT_OPEN, error.reason
            except DeskError as error:
                self._desk_failed(reply_round, error)
                return
        with self._database.transaction():
            if self._store.ended(reply_round.id):
                self._store.problem(reply_round.id, state, note)
                self._store.answering(reply_round.id)
                self._report(reply_round.id)

    def _report(self, round_id: int) -> None:
        """The card tells how it went; who approved it is called where something is left to do."""
        reply_round = self._store.get(round_id)
        assert reply_round
        self.ended.tell(reply_round)
        self._changed(reply_round)
        if reply_round.failed or reply_round.changed or reply_round.problem_state is ProblemState.LEFT_OPEN:
            key = f"{round_key(round_id)}/report/{reply_round.run}"
            self._owed.post(key, view="replies_report", record_id=round_id, place=reply_round.place)

    def _changed(self, reply_round: Round) -> None:
        self._owed.changed(round_key(reply_round.id), human=False)
        if reply_round.corrects is not None:
            self._owed.changed(round_key(reply_round.corrects), human=False)


def _solved(unsolved: list[int]) -> tuple[ProblemState, str]:
    if not unsolved:
        return ProblemState.SOLVED, ""
    listed = few_named(unsolved, 10, name="#{}".format)
    return ProblemState.LEFT_OPEN, f"these of its tickets are not solved: {listed}"
