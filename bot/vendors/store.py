"""The tables of what is with vendors: cases, letters, and what vendors said."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.clock import Clock
from bot.database import Database, Row, Store
from bot.stored import Stored
from bot.vendors.model import Letter, LetterDraft, LetterState, NoteKind, VendorAsk, VendorCase, VendorNote

_CASES, _NOTES = Stored[VendorCase](VendorCase), Stored[VendorNote](VendorNote)
_ASKS = Stored[VendorAsk](VendorAsk)
_LETTERS = Stored[Letter](Letter, json=("runs",))


class VendorStore(Store):
    """Questions and verbs; transactions are the service's."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        super().__init__(database=database, clock=clock)
        self.wake = asyncio.Event()
        """Set where a letter is to be sent, or somebody to be reminded at another time."""

    def case(self, case_id: int) -> VendorCase | None:
        return _CASES.maybe(self._database.row("SELECT * FROM vendor_cases WHERE id = ?", case_id))

    def case_with(self, investigation_id: int, vendor: str) -> VendorCase | None:
        sql = "SELECT * FROM vendor_cases WHERE investigation_id = ? AND vendor = ?"
        return _CASES.maybe(self._database.row(sql, investigation_id, vendor))

    def cases_of(self, investigation_id: int) -> list[VendorCase]:
        """In the order in which they began, also those that have ended."""
        sql = "SELECT * FROM vendor_cases WHERE investigation_id = ? ORDER BY id"
        return _CASES.rows(self._database.rows(sql, investigation_id))

    def open(self, investigation_id: int, vendor: str, *, by: str) -> VendorCase:
        """The case of an investigation with a vendor: a new one, or the earlier one again."""
        row: Row = {"investigation_id": investigation_id, "vendor": vendor}
        if not self.case_with(investigation_id, vendor):
            self._database.insert("vendor_cases", row | {"opened_by": by, "opened_at": self._clock()})
        self._database.update("vendor_cases", row, ended_at=None, ended_by="", ours_since=None)
        case = self.case_with(investigation_id, vendor)
        assert case is not None
        return case

    def write(self, case_id: int, draft: LetterDraft, *, by: str, mailed: bool) -> int:
        """A new letter: to be mailed as soon as possible, or for a person to send."""
        self.wake.set()
        now = self._clock()
        state = LetterState.OWED if mailed else LetterState.BY_HAND
        row: Row = {"case_id": case_id, "subject": draft.subject, "text": draft.text, "runs": list(draft.runs)}
        row |= {"author": by, "at": now, "state": state, "mailed": int(mailed), "next_at": now}
        return self._database.insert("vendor_letters", row)

    def letter(self, letter_id: int) -> Letter | None:
        return _LETTERS.maybe(self._database.row("SELECT * FROM vendor_letters WHERE id = ?", letter_id))

    def letters(self, case_id: int) -> list[Letter]:
        return _LETTERS.rows(self._database.rows("SELECT * FROM vendor_letters WHERE case_id = ? ORDER BY id", case_id))

    def due(self, now: datetime) -> list[Letter]:
        """Letters that may be sent now, oldest first."""
        sql = "SELECT * FROM vendor_letters WHERE state = 'owed' AND next_at <= ? ORDER BY id LIMIT 20"
        return _LETTERS.rows(self._database.rows(sql, now))

    def to_remind(self, now: datetime) -> list[VendorCase]:
        sql = "SELECT * FROM vendor_cases WHERE remind_at <= ? ORDER BY remind_at, id LIMIT 20"
        return _CASES.rows(self._database.rows(sql, now))

    def next_due_at(self, now: datetime) -> datetime | None:
        """When a letter may be tried again, or somebody is reminded."""
        sql = """SELECT min(at) FROM (
              SELECT min(next_at) AS at FROM vendor_letters WHERE state = 'owed' AND next_at > ?1
              UNION ALL SELECT min(remind_at) FROM vendor_cases WHERE remind_at > ?1)"""
        return self._database.time(sql, now)

    def sending(self) -> list[Letter]:
        """Letters whose end nobody knows, where nothing sends now."""
        return _LETTERS.rows(self._database.rows("SELECT * FROM vendor_letters WHERE state = 'sending' ORDER BY id"))

    def restored(self) -> int:
        """Note that the database is an older copy: of mail that waited then nobody knows the end; how many."""
        return self._database.run("UPDATE vendor_letters SET state = 'sending' WHERE state = 'owed'")

    def begin(self, letter_id: int) -> None:
        """It goes out now: from here on only an answer says whether it did."""
        sql = "UPDATE vendor_letters SET state = 'sending', attempts = attempts + 1 WHERE id = ?"
        self._database.run(sql, letter_id)

    def became(self, letter_id: int, state: LetterState, *, code: int = 0, reason: str = "", by: str = "") -> None:
        """`by` is whoever decided it; "" where the mail server did."""
        row: Row = {"state": state, "code": code, "reason": reason, "decided_by": by}
        row |= {"sent_at": self._clock()} if state is LetterState.SENT else {}
        row |= {"mailed": 0} if state is LetterState.BY_HAND else {}
        self._database.update("vendor_letters", {"id": letter_id}, **row)

    def try_again(self, letter_id: int, *, at: datetime, code: int = 0, reason: str = "", by: str = "") -> None:
        """It is to be mailed again; with a reason it has failed, without one a person asks for it."""
        self.wake.set()
        sql = """UPDATE vendor_letters SET state = 'owed', next_at = ?1, code = ?2, reason = ?3, decided_by = ?6,
              mailed = 1, failing_since = CASE WHEN ?3 = '' THEN NULL ELSE coalesce(failing_since, ?4) END
            WHERE id = ?5"""
        self._database.run(sql, at, code, reason, self._clock(), letter_id, by)

    def went_out(self, case_id: int, *, remind_at: datetime) -> None:
        """A letter has reached them: they owe an answer, the first one since now."""
        self.wake.set()
        sql = """UPDATE vendor_cases SET waits_since = coalesce(waits_since, ?1), ours_since = NULL, remind_at = ?2,
              reminded = 0 WHERE id = ?3"""
        self._database.run(sql, self._clock(), remind_at, case_id)

    def note(self, case_id: int, kind: NoteKind, text: str, *, by: str) -> int:
        row: Row = {"case_id": case_id, "kind": kind, "text": text, "author": by, "at": self._clock()}
        return self._database.insert("vendor_notes", row)

    def notes(self, case_id: int) -> list[VendorNote]:
        return _NOTES.rows(self._database.rows("SELECT * FROM vendor_notes WHERE case_id = ? ORDER BY id", case_id))

    def heard(self, case_id: int, *, remind_at: datetime, ours: bool) -> None:
        """They said something; `ours` where they wait for us now."""
        self.wake.set()
        now = self._clock()
        row: Row = {"heard_at": now, "remind_at": remind_at, "reminded": 0, "ours_since": now if ours else None}
        self._database.update("vendor_cases", {"id": case_id}, **row)

    def reference(self, case_id: int, reference: str) -> None:
        self._database.update("vendor_cases", {"id": case_id}, reference=reference)

    def reminded(self, case_id: int, *, next_at: datetime | None) -> None:
        sql = "UPDATE vendor_cases SET reminded = reminded + 1, remind_at = ? WHERE id = ?"
        self._database.run(sql, next_at, case_id)

    def remind(self, case_id: int, at: datetime | None) -> None:
        """At another time, or no more."""
        self.wake.set()
        self._database.update("vendor_cases", {"id": case_id}, remind_at=at)

    def ask(self, case_id: int, letter_id: int | None = None) -> int:
        """A person is asked about a letter, or reminded of the case."""
        return self._database.insert("vendor_asks", {"case_id": case_id, "letter_id": letter_id, "at": self._clock()})

    def asked(self, ask_id: int) -> VendorAsk | None:
        return _ASKS.maybe(self._database.row("SELECT * FROM vendor_asks WHERE id = ?", ask_id))

    def asks(self, case_id: int) -> list[VendorAsk]:
        return _ASKS.rows(self._database.rows("SELECT * FROM vendor_asks WHERE case_id = ? ORDER BY id", case_id))

    def end(self, case_id: int, *, by: str) -> None:
        row: Row = {"ended_at": self._clock(), "ended_by": by, "remind_at": None}
        self._database.update("vendor_cases", {"id": case_id}, **row)

    def current(self) -> Sequence[VendorCase]:
        """All that have not ended, oldest first."""
        return _CASES.rows(self._database.rows("SELECT * FROM vendor_cases WHERE ended_at IS NULL ORDER BY id"))
