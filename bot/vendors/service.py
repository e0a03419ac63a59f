"""Giving investigations to vendors, and what people note of their answers. Mails are sent by bot.vendors.courier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from attrs import define

from bot.errors import BadInput, existing
from bot.field_limits import require_short
from bot.investigations.above import WithVendor
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import EventKind, Investigation, Move, card_key
from bot.investigations.overview import Overview
from bot.investigations.service import InvestigationService
from bot.mail.mailer import Mailer
from bot.probes.bundle import bundle
from bot.records import Service
from bot.vendors.assembly import Evidence, drafted
from bot.vendors.model import (
    Ask,
    Letter,
    LetterDraft,
    LetterState,
    NoteKind,
    NotWithVendor,
    Vendor,
    VendorAsk,
    VendorCase,
    VendorOverview,
    VendorSettings,
    WrittenMeanwhile,
    require_parts_short,
)
from bot.vendors.store import VendorStore


@dataclass(frozen=True, slots=True)
class VendorForm:
    """What the form shows. `missing` is what the vendor asks for and the record has not."""

    overview: Overview
    vendor: Vendor
    draft: LetterDraft
    missing: tuple[Ask, ...]
    mails: bool
    """Whether it is sent as a mail; else a person gets the text."""


class Decided(BadInput):
    """Somebody has said already what became of a letter."""

    def __init__(self, title: str) -> None:
        super().__init__(f"What became of the letter to {title} is known already. Its message shows it.")


@define(kw_only=True, eq=False, repr=False, slots=False)
class VendorService(Service):
    """Records what is with vendors, and keeps its messages true."""

    _store: VendorStore
    _investigations: InvestigationService
    _evidence: EvidenceService
    _settings: VendorSettings
    _mailer: Mailer

    @property
    def vendors(self) -> Sequence[Vendor]:
        return tuple(self._settings.vendors.values())

    def named(self, text: str) -> Vendor:
        """By key, title or the beginning of one. Raises NoVendor."""
        return self._settings.named(text)

    async def prepare(self, investigation_id: int, vendor: str, *, by: str) -> VendorForm:
        """What the form shows: a first letter, or one that follows. Raises NotTier2, IllegalMove, NoVendor."""
        await self._people.require_tier2(by)
        self.check(investigation_id)
        known, overview = self._settings.named(vendor), self._evidence.overview(investigation_id)
        case, letters = self._with(investigation_id, known)
        draft = drafted(overview, known, case=case, letters=letters)
        missing = tuple(Evidence(overview).missing(known))
        return VendorForm(overview, known, draft, missing, self._mails(known))

    def check(self, investigation_id: int, vendor: str = "", draft: LetterDraft | None = None) -> None:
        """Whether it can be given to a vendor now. Raises IllegalMove, NoVendor, WrittenMeanwhile, TooLong."""
        self._investigations.get(investigation_id).after(Move.HAND_OFF)
        if draft:
            require_parts_short(draft)
            self._require_newest(investigation_id, self._settings.named(vendor), draft)

    async def write(self, investigation_id: int, vendor: str, draft: LetterDraft, *, by: str) -> VendorCase:
        """Records a letter and owes the messages at once; a mail goes out as soon as the server takes it.

        A form that was sent twice is one letter. Raises NotTier2, IllegalMove, NoVendor, WrittenMeanwhile, TooLong.
        """
        await self._people.require_tier2(by)
        known = self._settings.named(vendor)
        draft = replace(draft, subject=" ".join(draft.subject.split()), text=draft.text.strip())
        require_parts_short(draft)
        with self._database.transaction():
            if earlier := self._sent_already(investigation_id, known, draft, by):
                return earlier
            self._require_newest(investigation_id, known, draft)
            did = "wrote to" if self._store.case_with(investigation_id, known.key) else "asked"
            text = f"{did} {known.title}: {draft.subject}"
            self._investigations.gone_to(investigation_id, Move.HAND_OFF, EventKind.VENDOR, by=by, text=text)
            case = self._store.open(investigation_id, known.key, by=by)
            number = self._store.write(case.id, draft, by=by, mailed=self._mails(known))
            thread = self._investigations.get(investigation_id).thread
            self._owed.card(f"vendor/{case.id}", view="vendor", record_id=case.id, place=thread, for_user=by)
            self.show(case.id, human=True)
            if not self._mails(known):
                self.give_text(self.letter(number))
        return case

    def get(self, case_id: int) -> VendorCase:
        """Raises NotFound."""
        return existing(self._store.case(case_id), "That handoff does not exist.")

    def letter(self, letter_id: int) -> Letter:
        """Raises NotFound."""
        return existing(self._store.letter(letter_id), "That letter does not exist.")

    def overview(self, case_id: int) -> VendorOverview:
        """Everything that its messages show."""
        case = self.get(case_id)
        return VendorOverview(
            case=case,
            vendor=self._settings.get(case.vendor),
            about=self._investigations.get(case.investigation_id),
            letters=tuple(self._store.letters(case_id)),
            notes=tuple(self._store.notes(case_id)),
        )

    def of_letter(self, letter_id: int) -> tuple[VendorOverview, Letter]:
        """A letter, with the case that it belongs to."""
        letter = self.letter(letter_id)
        return self.overview(letter.case_id), letter

    def asked(self, ask_id: int) -> tuple[VendorOverview, VendorAsk, bool]:
        """A question or a reminder with its case, and whether it is the newest of its kind. Raises NotFound."""
        ask = existing(self._store.asked(ask_id), "That question does not exist.")
        later = [other for other in self._store.asks(ask.case_id) if other.id > ask.id]
        return self.overview(ask.case_id), ask, not any(other.letter_id == ask.letter_id for other in later)

    def standing(self, investigation_id: int) -> tuple[WithVendor, ...]:
        """Who waits for whom, of each vendor that has an investigation."""
        standings = (self.overview(case.id).standing for case in self._store.cases_of(investigation_id))
        return tuple(standing for standing in standings if standing)

    def meant(self, investigation_id: int, vendor: str = "") -> VendorCase:
        """The case with a vendor by name, or the only one. Raises NoVendor, NotWithVendor, BadInput."""
        name = self._investigations.get(investigation_id).name
        cases = self._store.cases_of(investigation_id)
        if vendor:
            known = self._settings.named(vendor)
            of_vendor = [case for case in cases if case.vendor == known.key]
            if not of_vendor:
                raise NotWithVendor(name, known.title)
            return of_vendor[0]
        current = [case for case in cases if not case.ended_at] or cases
        if not current:
            raise NotWithVendor(name)
        if len(current) > 1:
            titles = [self._settings.get(case.vendor).title for case in current]
            example = f"`vendor {titles[0]} note …`"
            raise BadInput(f"{name} is with {' and '.join(titles)}. Say which: {example}.")
        return current[0]

    async def note(self, case_id: int, text: str, *, by: str, ours: bool = False) -> None:
        """Notes what a vendor said; `ours` where they wait for us now. Raises NotTier2, TooLong."""
        await self._people.require_tier2(by)
        if not text.strip():
            raise BadInput("A note needs words: `vendor note they see it too, and reroute`.")
        require_short(text, "A note")
        with self._database.transaction():
            overview = self.overview(case_id)
            self._investigations.require_live(overview.about.id)
            kind = NoteKind.QUESTION if ours else NoteKind.ANSWER
            self._store.note(case_id, kind, text, by=by)
            self._store.heard(case_id, remind_at=self.remind_at(overview.vendor), ours=ours)
            did = "asked" if ours else "said"
            self._record(overview, f"noted that {overview.vendor.title} {did}: {text}", by)
            self.show(case_id, human=True)

    async def refer(self, case_id: int, text: str, *, by: str) -> str:
        """Notes the vendor's reference; another one replaces it, and both stay on the timeline.

        Raises NotTier2, NoReference.
        """
        await self._people.require_tier2(by)
        overview = self.overview(case_id)
        reference = overview.vendor.reference_in(text)
        if reference == overview.case.reference:
            return reference
        with self._database.transaction():
            self._investigations.require_live(overview.about.id)
            self._store.reference(case_id, reference)
            self._store.note(case_id, NoteKind.REFERENCE, reference, by=by)
            self._store.heard(case_id, remind_at=self.remind_at(overview.vendor), ours=bool(overview.case.ours_since))
            self._record(overview, f"noted {overview.vendor.title}'s reference: {reference}", by)
            self.show(case_id, human=True)
        return reference

    async def end(self, case_id: int, *, by: str) -> None:
        """Nothing is expected of the vendor any more; a later letter takes it up again."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            overview = self.overview(case_id)
            if overview.case.ended_at:
                return
            if overview.last.state in (LetterState.OWED, LetterState.UNKNOWN, LetterState.STUCK, LetterState.BY_HAND):
                self._store.became(overview.last.id, LetterState.DROPPED, by=by)
            self._store.end(case_id, by=by)
            self._record(overview, f"said that {overview.vendor.title} is done", by)
            self.show(case_id, human=True)

    async def arrived(self, letter_id: int, *, by: str) -> None:
        """A person says that a letter reached the vendor: a mail that nobody was sure of, or a text that they sent."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            if letter := self._undecided(letter_id, LetterState.UNKNOWN, LetterState.BY_HAND, by=by):
                self.went_out(letter, by=by)

    async def send_again(self, letter_id: int, *, by: str) -> None:
        """A person says that a mail did not arrive, or mended what it failed for. Raises Decided, BadInput."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            if letter := self._undecided(letter_id, LetterState.UNKNOWN, LetterState.STUCK, by=by):
                self._investigations.require_live(self.get(letter.case_id).investigation_id)
                self._store.try_again(letter_id, at=self._clock(), by=by)
                self.show(letter.case_id, human=True)

    async def by_hand(self, letter_id: int, *, by: str) -> None:
        """A person sends it themselves: they get the text. Raises Decided."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            if letter := self._undecided(letter_id, LetterState.UNKNOWN, LetterState.STUCK, by=by):
                self._store.became(letter_id, LetterState.BY_HAND, by=by)
                self.give_text(letter)

    async def remind_later(self, case_id: int, *, by: str) -> None:
        await self._remind(case_id, self.remind_at(self.overview(case_id).vendor), by)

    async def remind_no_more(self, case_id: int, *, by: str) -> None:
        """Until something is written or heard."""
        await self._remind(case_id, None, by)

    async def _remind(self, case_id: int, at: datetime | None, by: str) -> None:
        await self._people.require_tier2(by)
        with self._database.transaction():
            self._store.remind(case_id, at)
            self.show(case_id, human=True)

    def reopened(self, investigation: Investigation) -> None:
        """What was with vendors is with them again, in the transaction of the reopening."""
        for case in self._store.cases_of(investigation.id):
            overview = self.overview(case.id)
            if not case.ended_at and case.waits_since:
                self._store.remind(case.id, self.remind_at(overview.vendor))
            self.show(case.id, human=False)

    def went_out(self, letter: Letter, *, by: str = "") -> None:
        """It reached them, in the caller's transaction; `by` is who says so, "" for the mail server."""
        overview = self.overview(letter.case_id)
        self._store.became(letter.id, LetterState.SENT, by=by)
        self._store.went_out(letter.case_id, remind_at=self.remind_at(overview.vendor))
        self.show(letter.case_id, human=bool(by))

    def give_text(self, letter: Letter) -> None:
        """Its text to copy, with the reports as a file, in the caller's transaction."""
        overview = self.overview(letter.case_id)
        thread, key = overview.about.thread, f"vendor-text/{letter.id}"
        self._owed.post(key, view="vendor_text", record_id=letter.id, place=thread, for_user=letter.author)
        evidence = self._evidence.overview(overview.about.id)
        runs = [run for batch in evidence.batches for run in batch.runs if run.id in letter.runs]
        if file := bundle(runs, about=overview.about.target):
            name, title, text, by = file.name, file.title, file.text, letter.author
            self._owed.file(f"{key}/reports", name=name, title=title, text=text, place=thread, for_user=by, after=key)
        self._store.remind(letter.case_id, self.decide_at())
        self.show(letter.case_id, human=True)

    def show(self, case_id: int, *, human: bool) -> None:
        """Marks everything that shows it as out of date: its messages, and the investigation's card."""
        self._owed.all_changed("vendor", case_id, human=human)
        for letter in self._store.letters(case_id):
            self._owed.all_changed("vendor_text", letter.id, human=human)
        for ask in self._store.asks(case_id):
            self._owed.all_changed("vendor_trouble" if ask.letter_id else "vendor_reminder", ask.id, human=human)
        self._owed.changed(card_key(self.get(case_id).investigation_id), human=human)

    def remind_at(self, vendor: Vendor) -> datetime:
        """When somebody is reminded of a vendor, where nothing is heard from now on."""
        return self._settings.remind_at(vendor, self._clock())

    def decide_at(self) -> datetime:
        """When somebody is reminded of a letter that waits for a person from now on."""
        return self._settings.decide_at(self._clock())

    def _mails(self, vendor: Vendor) -> bool:
        return vendor.by_mail and self._mailer.configured

    def _record(self, overview: VendorOverview, text: str, by: str) -> None:
        self._investigations.record_event(overview.about.id, EventKind.VENDOR, by=by, text=text)

    def _with(self, investigation_id: int, vendor: Vendor) -> tuple[VendorCase | None, list[Letter]]:
        """The case of an investigation with a vendor, and what was written in it."""
        case = self._store.case_with(investigation_id, vendor.key)
        return case, self._store.letters(case.id) if case else []

    def _sent_already(self, investigation_id: int, vendor: Vendor, draft: LetterDraft, by: str) -> VendorCase | None:
        case, letters = self._with(investigation_id, vendor)
        later = [letter for letter in letters if letter.id > draft.after]
        written = (by, draft.subject, draft.text)
        return case if any((each.author, each.subject, each.text) == written for each in later) else None

    def _require_newest(self, investigation_id: int, vendor: Vendor, draft: LetterDraft) -> None:
        _, letters = self._with(investigation_id, vendor)
        if letters and letters[-1].id != draft.after:
            raise WrittenMeanwhile(vendor.title)

    def _undecided(self, letter_id: int, *states: LetterState, by: str) -> Letter | None:
        """A letter that waits for a person; None for a second press of whoever decided. Raises Decided."""
        letter = self.letter(letter_id)
        if letter.state in states:
            return letter
        if letter.decided_by == by:
            return None
        raise Decided(self.overview(letter.case_id).vendor.title)
