"""Sends the letters to vendors, each once, and reminds people of vendors that say nothing."""

import asyncio
import logging
from datetime import datetime, timedelta

from attrs import define

from bot.due_loop import backoff_s
from bot.investigations.evidence import EvidenceService
from bot.mail.mailer import Mailer
from bot.mail.model import Delivery, Mail, MailOutcome
from bot.records import Loop
from bot.tasks import Tasks
from bot.vendors.assembly import attachments
from bot.vendors.model import PATIENCE, REMINDERS_MAX, Letter, LetterState, VendorCase
from bot.vendors.service import VendorService
from bot.vendors.store import VendorStore

logger = logging.getLogger(__name__)

FIRST_S, LONGEST_S = 60.0, 900.0
"""Between two tries of a letter; who greylists wants a few minutes."""
NOT_SENT = "the program stopped while it was sent"


@define(kw_only=True, eq=False, repr=False, slots=False)
class Courier(Loop):
    """The loop. A letter is marked before it goes out, and only an answer of the mail server says that it did.

    Of a letter that was under way when the program died nobody knows, so a person is asked: a vendor who gets a second
    mail opens a second case.
    """

    _store: VendorStore
    _vendors: VendorService
    _evidence: EvidenceService
    _mailer: Mailer
    _tasks: Tasks

    async def turn(self) -> datetime | None:
        """Send what is due, and remind of who says nothing."""
        self._settle()
        tried: set[int] = set()  # what can't be saved is tried again with the next turn
        while due := [letter for letter in self._store.due(self._clock()) if letter.id not in tried]:
            for letter in due:
                tried.add(letter.id)
                # A task of its own: a program that is told to stop waits for the answer.
                await asyncio.wait([self._tasks.start(self._send(letter), name=f"letter {letter.id} to a vendor")])
        for case in self._store.to_remind(self._clock()):
            self._remind(case)
        return self._store.next_due_at(self._clock())

    def _settle(self) -> None:
        """Nothing is being sent now: what is marked as such was interrupted."""
        for letter in self._store.sending():
            with self._database.transaction():
                self._ask(letter, LetterState.UNKNOWN, reason=NOT_SENT)

    async def _send(self, listed: Letter) -> None:
        letter = self._vendors.letter(listed.id)
        if letter.state is not LetterState.OWED or not self._begin(letter):
            return
        outcome = await self._mailer.send(self._mail(letter))
        logger.info("letter %d to a vendor: %s %s", letter.id, outcome.delivery, outcome.reason)
        with self._database.transaction():
            self._note(self._vendors.letter(letter.id), outcome)

    def _begin(self, letter: Letter) -> bool:
        """Whether it is to be sent now; that is saved before anything leaves."""
        overview = self._vendors.overview(letter.case_id)
        with self._database.transaction():
            if overview.over:
                self._store.became(letter.id, LetterState.DROPPED)
            elif not overview.vendor.by_mail or not self._mailer.configured:
                self._store.became(letter.id, LetterState.BY_HAND)
                self._vendors.give_text(letter)
            else:
                self._store.begin(letter.id)
                return True
            self._vendors.show(letter.case_id, human=False)
        return False

    def _mail(self, letter: Letter) -> Mail:
        overview = self._vendors.overview(letter.case_id)
        before = [each for each in overview.letters if each.id < letter.id and each.mailed and each.sent_at]
        return Mail(
            to=(overview.vendor.email,),
            subject=letter.subject,
            text=letter.text,
            message_id=letter.message_id,
            attachments=attachments(self._evidence.overview(overview.about.id), letter.runs),
            answers=before[-1].message_id if before else "",
        )

    def _note(self, letter: Letter, outcome: MailOutcome) -> None:
        if outcome.accepted:
            self._vendors.went_out(letter)
        elif outcome.delivery is Delivery.UNKNOWN:
            self._ask(letter, LetterState.UNKNOWN, reason=outcome.reason)
        elif outcome.retry and self._clock() - (letter.failing_since or self._clock()) < PATIENCE:
            wait_s = backoff_s(letter.attempts, first_s=FIRST_S, longest_s=LONGEST_S, asked_s=None)
            at = self._clock() + timedelta(seconds=wait_s)
            self._store.try_again(letter.id, at=at, code=outcome.code, reason=outcome.reason or str(outcome.delivery))
            self._vendors.show(letter.case_id, human=False)
        else:
            self._ask(letter, LetterState.STUCK, code=outcome.code, reason=outcome.reason)

    def _ask(self, letter: Letter, state: LetterState, *, code: int = 0, reason: str = "") -> None:
        """A person has to decide, and is told by a message: nobody watches an edit."""
        self._store.became(letter.id, state, code=code, reason=reason)
        ask, thread = self._store.ask(letter.case_id, letter.id), self._vendors.overview(letter.case_id).about.thread
        key = f"vendor-trouble/{ask}"
        self._owed.post(key, view="vendor_trouble", record_id=ask, place=thread, for_user=letter.author)
        self._store.remind(letter.case_id, self._vendors.decide_at())
        self._vendors.show(letter.case_id, human=False)

    def _remind(self, case: VendorCase) -> None:
        """Whoever has the investigation is told that nothing was heard; of what is over nobody is."""
        with self._database.transaction():
            overview = self._vendors.overview(case.id)
            if overview.over or overview.standing is None:
                self._store.remind(case.id, None)
                return
            number = case.reminded + 1
            next_at = self._vendors.remind_at(overview.vendor) if number < REMINDERS_MAX else None
            self._store.reminded(case.id, next_at=next_at)
            ask, place, whom = self._store.ask(case.id), overview.about.thread, overview.about.owner or case.opened_by
            key = f"vendor-reminder/{ask}"
            self._owed.post(key, view="vendor_reminder", record_id=ask, place=place, for_user=whom)
            self._vendors.show(case.id, human=False)
