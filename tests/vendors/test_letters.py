"""What a letter to a vendor has, and what is never in it."""

import ipaddress
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.field_limits import TYPED_MAX, length_in_slack
from bot.investigations.overview import Overview
from bot.vendors import cards, forms
from bot.vendors.assembly import Evidence, attachments, drafted, with_fields, without_people
from bot.vendors.model import (
    SUBJECT_MAX,
    Ask,
    Letter,
    LetterState,
    NoteKind,
    VendorAsk,
    VendorCase,
    VendorNote,
    VendorOverview,
    VendorSettings,
)
from bot.vendors.service import VendorForm
from bot.working_hours import WorkingHours
from tests import hostile
from tests.hostile import NOW
from tests.slack_limits import broken_by_message, broken_by_view
from tests.vendors.vendors import BY_DAY, DAYTIME, TELIA, opened
from tests.words.records import OPEN, PLAYBOOK, TICKETS, batch, run
from tests.words.records import overview as morning

ABOUT = replace(morning(OPEN), batches=(PLAYBOOK,))
ASK = VendorAsk(1, 3, NOW)
CASE = VendorCase(3, 4, "telia", "UKIM", NOW, reference="TEL-4711", waits_since=NOW, remind_at=NOW)


def letter_of(overview: Overview, **more: object) -> Letter:
    draft = drafted(overview, TELIA, case=None, letters=())
    known = {"state": LetterState.SENT, "sent_at": NOW} | more
    return Letter(7, 3, draft.subject, draft.text, draft.runs, "UKIM", NOW, **known)  # type: ignore[arg-type]


def test_what_is_missing_is_told() -> None:
    """An MTR from outside is one of another place, beside our own."""
    outside = batch(run(5, "mtr", lost=4, place="Berlin, DE, AS3320"))
    full = replace(ABOUT, batches=(PLAYBOOK, outside))

    assert Evidence(ABOUT).missing(TELIA) == [Ask.BOTH_WAYS]
    assert Evidence(full).missing(TELIA) == []
    assert set(Evidence(replace(ABOUT, batches=(), collected=None)).missing(TELIA)) == set(Ask) - {Ask.TIMES}
    assert "from Berlin, DE (AS3320)" in drafted(full, TELIA, case=None, letters=()).text


def test_addresses_are_those_of_the_target_and_its_control() -> None:
    text = drafted(ABOUT, TELIA, case=None, letters=()).text

    assert "Addresses that fail: 10.1.2.3" in text
    assert re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", text)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("packet loss", "packet loss"),
        ("anna@example.com can't connect from 81.2.3.4:443", "… can't connect from …:443"),
        ("[2001:db8::7] and 2001:db8::7, 10.1.2.3", "[…] and …, 10.1.2.3"),
        ("81.2.3.4/32 and v4.2.1", "…/32 and v4.2.1"),
        ("version 2.15.1.4", "version …"),
    ],
)
def test_addresses_of_people_are_left_out(typed: str, told: str) -> None:
    """What looks like one is one."""
    assert without_people(typed, ABOUT) == told


WORDS = st.one_of(
    st.ip_addresses().map(str),
    st.emails(),
    st.text(max_size=12),
    st.ip_addresses(v=4).map(lambda address: f"({address}):443"),
)


def test_subject_has_one_sentence_where_nobody_said_what_people_see() -> None:
    subject = drafted(replace(ABOUT, investigation=replace(OPEN, symptom="")), TELIA, case=None, letters=()).subject

    assert subject.startswith(f"U.S. East: {ABOUT.headline.trouble}, since ")


@given(st.lists(WORDS, max_size=12).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_no_address_of_anybody_else_is_in_a_letter(symptom: str) -> None:
    """Whatever a colleague typed when it was opened."""
    about = replace(ABOUT, investigation=replace(OPEN, symptom=symptom))
    draft = drafted(about, TELIA, case=None, letters=())
    whole = f"{draft.subject}\n{draft.text}"
    own = {"10.1.2.3", "10.2.2.3"}

    assert set(re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]?\d)", whole)) <= own
    assert "@" not in whole or not re.search(r"\w@\w", whole)
    for word in re.split(r"[\s,;()\[\]<>\"']+", whole):
        assert not is_ipv6(word.strip(".:'")), word


def is_ipv6(word: str) -> bool:
    try:
        return ipaddress.ip_address(word).version == 6
    except ValueError:
        return False


@given(hostile.overviews)
@settings(max_examples=60, deadline=None)
def test_every_record_makes_a_letter_that_slack_and_mail_take(overview: Overview) -> None:
    """Also those that a fuzzer makes; no ticket's subject is in it."""
    draft = drafted(overview, TELIA, case=CASE, letters=(letter_of(ABOUT),))
    case = VendorOverview(CASE, TELIA, overview.investigation, (letter_of(overview),))

    assert length_in_slack(draft.text) <= TYPED_MAX
    assert 0 < len(draft.subject) <= SUBJECT_MAX
    assert "\n" not in draft.subject
    form = VendorForm(overview, TELIA, draft, tuple(Evidence(overview).missing(TELIA)), True)
    assert broken_by_view(forms.letter_form(form)) == []
    for content in (
        cards.card(case),
        cards.text(case, case.last),
        cards.letters(case),
        cards.reminder(case, ASK),
    ):
        assert broken_by_message(content) == []


HOSTILE = st.sampled_from([*hostile.SAMPLES, "x" * 100_000])


@given(text=HOSTILE, reason=HOSTILE, state=st.sampled_from(LetterState), code=st.sampled_from((0, 450, 550)))
@settings(max_examples=80, deadline=None)
def test_hostile_words_stay_inert(text: str, reason: str, state: LetterState, code: int) -> None:
    """Titles, references, notes, and what a mail server says."""
    vendor = replace(TELIA, title=text or "x", example=text, email=text)
    letter = letter_of(ABOUT, state=state, reason=reason, code=code, failing_since=NOW)
    letter = replace(letter, subject=text[:SUBJECT_MAX] or "x", text=text[:TYPED_MAX] or "x")
    notes = tuple(VendorNote(n, 3, NOW, "UKIM", kind, text[:TYPED_MAX]) for n, kind in enumerate(NoteKind))
    case = VendorOverview(replace(CASE, reference=text[:60]), vendor, OPEN, (letter,), notes)
    shown = [
        cards.card(case),
        cards.trouble(case, letter),
        cards.text(case, letter),
        cards.reminder(case, ASK),
    ]
    shown += [cards.letters(case), cards.choice(4, [vendor, vendor]), cards.choice(4, [vendor])]

    for content in shown:
        assert broken_by_message(content) == []
        assert not hostile.ALIVE.search(str([block for block in content.blocks if "plain_text" not in str(block)]))
    assert broken_by_view(forms.answer_form(case)) == []


def test_what_they_want_to_know_besides_is_added() -> None:
    assert with_fields("Hello,", TELIA, ["A-17\nB-18"]) == "Hello,\n\nOrder number: A-17 B-18"
    assert with_fields("Hello,\n", TELIA, [" "]) == "Hello,"


async def test_a_typed_host_is_in_no_letter() -> None:
    """It may be a customer's."""
    world = await opened()
    world.evidence.probe(1, "ping", "81.2.3.4", by="UKIM")
    await world.probed()
    overview = world.evidence.overview(1)

    assert any(run.label == "81.2.3.4" for batch in overview.batches for run in batch.runs)
    assert "81.2.3.4" not in drafted(overview, TELIA, case=None, letters=()).text
    assert not [run for run in Evidence(overview).runs if run.label == "81.2.3.4"]


def test_reports_are_files_and_what_is_emptied_is_left_out() -> None:
    """Each has a name of its own."""
    emptied = replace(run(9, "ping"), result=None)
    about = replace(ABOUT, batches=(PLAYBOOK, batch(emptied)))
    files = attachments(about, (1, 2, 9, 99))

    assert [file.name for file in files] == ["1-ping.txt", "2-mtr.txt"]
    assert all(file.content for file in files)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (datetime(2026, 11, 20, 9, 12, tzinfo=UTC), datetime(2026, 11, 20, 11, 12, tzinfo=UTC)),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), datetime(2026, 11, 23, 10, 0, tzinfo=UTC)),
    ],
)
def test_reminders_come_in_the_vendors_hours(since: datetime, due: datetime) -> None:
    assert BY_DAY.remind_at(since) == due
    assert TELIA.remind_at(since) == since + timedelta(hours=2)


def test_nobody_of_ours_is_reminded_at_night() -> None:
    """A vendor who is always there wakes nobody; who is never there when we are is asked about all the same."""
    evening = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    night = WorkingHours(time(20), time(7), frozenset(range(7)), ZoneInfo("UTC"))
    ours = VendorSettings({}, DAYTIME)

    assert ours.remind_at(TELIA, evening) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert ours.decide_at(evening) == datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert ours.decide_at(evening + timedelta(hours=1)) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert VendorSettings({}).remind_at(TELIA, evening) == evening + timedelta(hours=2)
    assert ours.remind_at(replace(TELIA, hours=night), evening) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_trace_with_loss_tells_which_address_fails() -> None:
    """Also where no ping of ours loses anything."""
    traced = replace(ABOUT, batches=(batch(run(2, "mtr", lost=4)),))

    assert Evidence(traced).failing_addresses() == ["10.1.2.3"]


def test_nothing_of_a_ticket_but_their_number_is_told() -> None:
    text = drafted(ABOUT, TELIA, case=None, letters=()).text

    assert TICKETS and not [ticket for ticket in TICKETS if ticket.subject in text]
