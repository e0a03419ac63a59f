"""Letters, whatever people, the mail server and crashes do in whatever order: each goes out once."""

import asyncio
from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import BadInput, NotFound
from bot.investigations.above import FOR_US, VendorTurn
from bot.mail.model import Delivery, Mail, MailOutcome
from bot.vendors.model import REMINDERS_MAX, LetterDraft, LetterState
from tests.vendors.vendors import BY_DAY, STRIPE, TELIA, carried
from tests.world import US_EAST, World

PEOPLE = st.sampled_from(["UKIM", "UJO"])
VENDORS = st.sampled_from(["telia", "telia", "stripe"])
OUTCOMES = st.sampled_from([*Delivery, Delivery.UNKNOWN, Delivery.UNKNOWN, Delivery.TEMPORARY]).map(
    lambda delivery: MailOutcome(delivery, "because", 450)
)
MADE = (Delivery.ACCEPTED, Delivery.UNKNOWN)
"""Outcomes of mails that arrived, as far as the vendor can tell."""


class VendorDays(RuleBasedStateMachine):
    """The model is what arrived at the vendor, and how often a person asked for it."""

    @initialize(by_day=st.booleans())
    def begin(self, by_day: bool) -> None:
        self.loop = asyncio.new_event_loop()
        self.world = World(with_vendors=[BY_DAY if by_day else TELIA, STRIPE])
        self.do(self.world.opened(US_EAST))
        self.asked: Counter[str] = Counter()
        self.outcomes: list[MailOutcome] = []
        self.words = 0

    def teardown(self) -> None:
        self.loop.close()

    @rule(by=PEOPLE, outcome=OUTCOMES, minutes=st.sampled_from([0, 1, 15]))
    def write_and_wait(self, by: str, outcome: MailOutcome, minutes: int) -> None:
        """The usual way: whatever the server says, time passes."""
        self.write("telia", by, twice=False)
        self.carry([outcome], 0, dies=False)
        self.carry([], minutes, dies=False)

    @rule(vendor=VENDORS, by=PEOPLE, twice=st.booleans())
    def write(self, vendor: str, by: str, twice: bool) -> None:
        """A form that is sent twice is one letter."""
        self.words += 1
        case = self.store.case_with(1, vendor)
        letters = self.store.letters(case.id) if case else []
        draft = LetterDraft("Loss", f"words {self.words}", after=letters[-1].id if letters else 0)
        for _ in range(1 + twice):
            self.tried(self.world.vendors.write(1, vendor, draft, by=by))
        case = self.store.case_with(1, vendor)
        assert len(self.store.letters(case.id) if case else []) <= len(letters) + 1

    @rule(outcomes=st.lists(OUTCOMES, max_size=3), minutes=st.sampled_from([0, 1, 15, 130, 3000]), dies=st.booleans())
    def carry(self, outcomes: list[MailOutcome], minutes: int, dies: bool) -> None:
        """Time passes, the bot may have died while it sent, and the courier works."""
        if dies:
            self.die_while_sending()
        self.world.mailer.outcomes = list(outcomes)
        self.world.clock.advance(60 * minutes)
        before = len(self.world.mailer.sent)
        self.do(carried(self.world))
        tried = self.world.mailer.sent[before:]
        self.outcomes += [*outcomes, *[MailOutcome(Delivery.ACCEPTED)] * len(tried)][: len(tried)]

    def die_while_sending(self) -> None:
        """The mark is there, the mail may have left, and nothing says that it did."""
        for letter in self.store.due(self.world.clock())[:1]:
            self.store.begin(letter.id)
            self.world.mailer.sent.append(self.world.courier._mail(letter))
            self.outcomes.append(MailOutcome(Delivery.UNKNOWN))

    @rule(configured=st.sampled_from([True, True, False]))
    def mail_server(self, configured: bool) -> None:
        self.world.mailer.configured = configured

    @rule(number=st.integers(1, 6), by=PEOPLE, press=st.sampled_from(["arrived", "send_again", "by_hand"]))
    def press(self, number: int, by: str, press: str) -> None:
        letter = self.store.letter(number)
        waits = letter is not None and letter.state in (LetterState.UNKNOWN, LetterState.STUCK)
        done = self.tried(getattr(self.world.vendors, press)(number, by=by))
        if done and waits and letter and press == "send_again":
            self.asked[letter.message_id] += 1

    @rule(vendor=VENDORS, by=PEOPLE, ours=st.booleans())
    def note(self, vendor: str, by: str, ours: bool) -> None:
        if case := self.store.case_with(1, vendor):
            self.tried(self.world.vendors.note(case.id, "they say so", by=by, ours=ours))

    @rule(vendor=VENDORS, by=PEOPLE)
    def end(self, vendor: str, by: str) -> None:
        if case := self.store.case_with(1, vendor):
            self.tried(self.world.vendors.end(case.id, by=by))

    @rule(by=PEOPLE, minutes=st.sampled_from([0, 60]), comes_back=st.booleans())
    def close(self, by: str, minutes: int, comes_back: bool) -> None:
        self.tried(self.world.investigations.resolve(1, root_cause="x", workaround="", by=by))
        self.carry([], minutes, dies=False)
        if comes_back:
            self.reopen(by)

    @precondition(lambda self: not self.world.investigations.get(1).live)
    @rule(by=PEOPLE)
    def reopen(self, by: str) -> None:
        self.tried(self.world.investigations.reopen(1, by=by))

    @invariant()
    def a_mail_that_may_have_arrived_is_sent_again_for_a_person_only(self) -> None:
        may_have: Counter[str] = Counter()
        for mail, outcome in zip(self.world.mailer.sent, self.outcomes, strict=True):
            assert isinstance(mail, Mail)
            may_have[mail.message_id] += outcome.delivery in MADE
        assert all(count <= 1 + self.asked[stamp] for stamp, count in may_have.items())

    @invariant()
    def somebody_is_always_waited_for(self) -> None:
        """While it is live and not done, the card says whose turn it is; afterwards nobody's."""
        live = self.world.investigations.get(1).live
        current = [case for case in self.store.cases_of(1) if not case.ended_at]
        standing = self.world.vendors.standing(1)
        assert len(standing) == (len(current) if live else 0)
        for each in standing:
            assert each.turn in (*FOR_US, VendorTurn.WAITING, VendorTurn.SENDING)

    @invariant()
    def nobody_is_reminded_for_ever(self) -> None:
        assert all(case.reminded <= REMINDERS_MAX for case in self.store.cases_of(1))

    @property
    def store(self) -> Any:
        return self.world.courier._store

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def tried(self, work: Any) -> bool:
        """Whether it was possible; what is not says so in a sentence."""
        try:
            self.do(work)
        except (BadInput, NotFound) as error:
            assert error.sentence
            return False
        return True


TestVendorDays = VendorDays.TestCase
TestVendorDays.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
