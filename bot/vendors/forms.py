"""The forms about vendors: the letter, and what they said."""

from bot.investigations.overview import Overview
from bot.messages.model import Block
from bot.slack.blocks import checkboxes, context, field, modal, multi_select, text_input
from bot.slack.text import cut, foreign
from bot.vendors.assembly import Evidence
from bot.vendors.model import FIELD_MAX, FIELDS_MAX, REFERENCE_MAX, SUBJECT_MAX, Ask, VendorOverview
from bot.vendors.service import VendorForm

LETTER_FORM = "vendor_letter_form"
ANSWER_FORM = "vendor_answer_form"

SUBJECT = "subject"
TEXT = "text"
RUNS = "runs"
FIELD = "field_"
"""Before the place of one of the things that the vendor wants to know besides."""
REFERENCE = "reference"
ANSWER = "answer"
OURS = "ours"

_INPUT = "input"
_CHOICES = 100
MISSING = {
    Ask.MTR: "an MTR: `probe mtr` in the thread makes one",
    Ask.BOTH_WAYS: "an MTR from outside too: `probe mtr from Brisbane` in the thread makes one",
    Ask.PING: "a ping: `probe ping` in the thread makes one",
    Ask.TIMES: "times",
    Ask.ADDRESSES: "addresses that fail: none was found yet",
    Ask.TICKETS: "how many customers: no ticket is confirmed yet",
}
"""Behind "They ask for"; markup of our own."""


def letter_form(ready: VendorForm) -> Block:
    overview, vendor, draft = ready.overview, ready.vendor, ready.draft
    missing = [f":white_circle: {foreign(vendor.title)} asks for {MISSING[ask]}." for ask in ready.missing]
    where = f"It goes to {foreign(vendor.email)}." if ready.mails else "You get the text to copy."
    blocks = [
        context("\n".join([*missing, f"{where} No customer is named in it.", "All times are in UTC."])),
        field(SUBJECT, "Subject", text_input(_INPUT, initial=draft.subject, longest=SUBJECT_MAX)),
        field(TEXT, "Text", text_input(_INPUT, initial=draft.text, multiline=True)),
        *(
            field(f"{FIELD}{place}", cut(name, 100), text_input(_INPUT, longest=FIELD_MAX), optional=True)
            for place, name in enumerate(vendor.fields[:FIELDS_MAX])
        ),
        *_reports(overview, draft.runs),
    ]
    about = f"{overview.investigation.id} {vendor.key} {draft.after}"
    title = cut(f"{overview.investigation.name} to {vendor.title}", 24)
    return modal(LETTER_FORM, title, "Send Mail" if ready.mails else "Get Text", blocks, private_metadata=about)


def answer_form(overview: VendorOverview) -> Block:
    """What they said, and their reference where it is not known yet."""
    vendor = overview.vendor
    example = f"Such as {vendor.example}" if vendor.example else ""
    blocks = [
        field(ANSWER, "What did they say?", text_input(_INPUT, multiline=True), optional=True),
        field(OURS, "Who is next?", checkboxes(_INPUT, [("They wait for something from us", OURS)]), optional=True),
        field(
            REFERENCE,
            "Their reference",
            text_input(_INPUT, initial=overview.case.reference, longest=REFERENCE_MAX),
            hint=example,
            optional=True,
        ),
    ]
    title = cut(f"Answer of {vendor.title}", 24)
    return modal(ANSWER_FORM, title, "Note", blocks, private_metadata=str(overview.case.id))


def _reports(overview: Overview, chosen: tuple[int, ...]) -> list[Block]:
    """Of the target and its control: what was measured elsewhere may be a customer's."""
    runs = [run for run in Evidence(overview).runs if run.result][:_CHOICES]
    options = [(f"{cut(run.name, 60)}, run {run.id}", str(run.id)) for run in runs]
    menu = multi_select(_INPUT, options, chosen=list(map(str, chosen)))
    return [field(RUNS, "Probe reports to attach", menu, optional=True)] if options else []
