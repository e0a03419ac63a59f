"""What people see of what is with vendors."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.investigations.above import VendorTurn, WithVendor
from bot.investigations.model import State
from bot.investigations.with_vendors import awaited, line, standing, to_do
from bot.vendors import cards, forms
from bot.vendors.assembly import Evidence, drafted, with_fields
from bot.vendors.model import (
    Ask,
    Letter,
    LetterState,
    NoteKind,
    Vendor,
    VendorAsk,
    VendorCase,
    VendorNote,
    VendorOverview,
)
from bot.vendors.service import VendorForm
from tests.words.plain import Message
from tests.words.records import COLLECTED, NOW, OPEN, PLAYBOOK, RESOLVED, STATUS, at, overview

TELIA = Vendor(
    key="telia",
    title="Telia",
    what="transit provider",
    email="noc@telia.example",
    asks_for=tuple(Ask),
    account={"Circuit": "IC-331202"},
    fields=("Order number",),
    reference=r"TEL-\d{4,8}",
    example="TEL-4711",
)
PAYMENTS = Vendor(key="paynow", title="PayNow", form="https://paynow.example/support", account={})
HANDED = overview(replace(OPEN, state=State.HANDED_OFF))
ABOUT = replace(HANDED, batches=(PLAYBOOK,), collected=COLLECTED, status=STATUS)
BARE = replace(overview(OPEN), batches=(), collected=None)
DRAFT = drafted(ABOUT, TELIA, case=None, letters=())
LETTER = Letter(7, 3, DRAFT.subject, DRAFT.text, DRAFT.runs, "UKIM", NOW, LetterState.OWED)
FOLLOWS = replace(LETTER, id=8, subject=f"Re: {DRAFT.subject}", text="It is circuit IC-331202.")
SENT = replace(LETTER, state=LetterState.SENT, sent_at=at(1))
CASE = VendorCase(3, 4, "telia", "UKIM", NOW)
WAITING = replace(CASE, waits_since=at(1), remind_at=at(121))
KNOWN = replace(WAITING, reference="TEL-4711", heard_at=at(40))
ASK = VendorAsk(1, 3, at(121))
ANSWER = VendorNote(1, 3, at(40), "UKIM", NoteKind.ANSWER, "They see it too, and reroute.")
QUESTION = VendorNote(2, 3, at(50), "UJO", NoteKind.QUESTION, "Which circuit?")


def case(letter: Letter = SENT, case: VendorCase = WAITING, *notes: VendorNote, **more: Any) -> VendorOverview:
    return VendorOverview(case=case, vendor=TELIA, about=ABOUT.investigation, letters=(letter,), notes=notes, **more)


def messages() -> Mapping[str, Message]:
    unknown = replace(LETTER, state=LetterState.UNKNOWN, reason="the connection ended before the answer")
    stuck = replace(LETTER, state=LetterState.STUCK, code=550, reason="5.1.1 User unknown")
    failing = replace(LETTER, failing_since=at(1), code=450, reason="greylisted, try again later")
    by_hand = replace(LETTER, state=LetterState.BY_HAND, mailed=False)
    ours = replace(KNOWN, ours_since=at(50))
    over = replace(ABOUT.investigation, **RESOLVED)
    cases = {
        "on its way": case(LETTER, CASE),
        "the server says later": case(failing, CASE),
        "waiting": case(),
        "waiting with a reference and an answer": case(SENT, KNOWN, ANSWER),
        "they wait for us": case(SENT, ours, ANSWER, QUESTION),
        "did it arrive": case(unknown, CASE),
        "refused": case(stuck, CASE),
        "the text is to be sent": case(by_hand, CASE),
        "several letters": replace(case(SENT, KNOWN), letters=(SENT, replace(SENT, id=8))),
        "done": case(SENT, replace(KNOWN, ended_at=at(90), ended_by="UJO"), ANSWER),
        "the investigation is over": replace(case(SENT, KNOWN), about=over),
    }
    listed: dict[str, Message] = {f"With a vendor, {name}": cards.card(each) for name, each in cases.items()}
    letters = {
        "did it arrive": unknown,
        "refused": stuck,
        "it is sent again": LETTER,
        "somebody says that it arrived": replace(SENT, decided_by="UJO"),
        "somebody sends it": replace(by_hand, decided_by="UJO"),
        "not sent": replace(LETTER, state=LetterState.DROPPED),
    }
    listed |= {f"A mail, {name}": cards.trouble(case(each), each) for name, each in letters.items()}
    form = replace(case(by_hand, CASE), vendor=PAYMENTS)
    listed |= {
        "Text, for a form": cards.text(form, by_hand),
        "Text, for a mail": cards.text(case(by_hand, CASE), by_hand),
        "Text, sent": cards.text(case(), replace(SENT, decided_by="UKIM")),
        "Reminder, no answer": cards.reminder(case(SENT, KNOWN), ASK),
        "Reminder, they wait": cards.reminder(case(SENT, ours), ASK),
        "Reminder, the text is to be sent": cards.reminder(case(by_hand, replace(CASE, remind_at=at(30))), ASK),
        "Reminder, stopped": cards.reminder(case(SENT, replace(KNOWN, remind_at=None)), ASK),
        "Reminder, over": cards.reminder(replace(case(SENT, KNOWN), about=over), ASK),
        "Reminder, another one came": cards.reminder(case(SENT, KNOWN), ASK, newest=False),
        "A mail, asked about again": cards.trouble(case(unknown, CASE), unknown, newest=False),
        "Letters": cards.letters(
            replace(
                case(SENT, KNOWN),
                letters=(SENT, FOLLOWS),
            )
        ),
        "Which vendor": cards.choice(4, [TELIA, PAYMENTS]),
        "One vendor": cards.choice(4, [TELIA]),
    }
    turns = [WithVendor("Telia", turn, NOW, "TEL-4711") for turn in VendorTurn]
    listed["On the investigation's card"] = [*map(line, turns), *map(standing, turns)]
    listed["Next step"] = [*(to_do([turn]) for turn in turns), *(awaited([turn]) for turn in turns), awaited(turns * 2)]
    listed["The letter"] = with_fields(DRAFT.text, TELIA, ["A-17"])
    listed["The letter that follows"] = drafted(ABOUT, TELIA, case=KNOWN, letters=(SENT,)).text
    listed["The letter when nothing was measured"] = drafted(BARE, PAYMENTS, case=None, letters=()).text
    first = VendorForm(ABOUT, TELIA, DRAFT, tuple(Evidence(ABOUT).missing(TELIA)), True)
    listed["Form: letter"] = forms.letter_form(first)
    listed["Form: letter, everything is missing, no mail"] = forms.letter_form(
        VendorForm(BARE, PAYMENTS, drafted(BARE, PAYMENTS, case=None, letters=()), tuple(Ask), False)
    )
    listed["Form: answer"] = forms.answer_form(case(SENT, KNOWN))
    return listed
