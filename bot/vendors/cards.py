"""The messages about vendors: who waits for whom, what was written, and what a person has to decide."""

from collections.abc import Sequence

from bot.investigations.above import VendorTurn
from bot.investigations.cards import OPEN_LINK
from bot.investigations.with_vendors import line, standing
from bot.messages.model import Block, Content
from bot.slack.blocks import (
    actions,
    button,
    context,
    fitted,
    link_button,
    message,
    section,
    sections,
    verbatim,
    written,
)
from bot.slack.text import SECTION_MAX, at, capitalized, clock_time, foreign, person, plural
from bot.vendors.model import Letter, LetterState, NoteKind, Vendor, VendorAsk, VendorNote, VendorOverview

OPEN = "vendor_open"
"""Opens the letter's form; its value is the investigation and the vendor."""
VENDORS_MAX = 20
NOTE = "vendor_note"
DONE = "vendor_done"
SHOW = "vendor_show"
ARRIVED = "vendor_arrived"
AGAIN = "vendor_again"
BY_HAND = "vendor_by_hand"
LATER = "vendor_later"
STOP = "vendor_stop"

_NOTES_SHOWN = 3


def card(overview: VendorOverview) -> Content:
    """In the thread, one of each vendor; edited with everything that happens."""
    case, vendor = overview.case, overview.vendor
    title = foreign(vendor.title)
    first = f":outbox_tray: *{person(overview.letters[0].author)} asked {title} to look*"
    lines = [first, _standing_line(overview), _failing(overview), _reference(overview)]
    notes = [note for note in overview.notes if note.kind is not NoteKind.REFERENCE][-_NOTES_SHOWN:]
    blocks = [*sections([line for line in lines if line]), *(block for note in notes for block in _said(note, title))]
    more = len(overview.letters) - 1
    small = [f"{plural(more, 'more letter')} since"] if more else []
    small += [f"Last heard {at(case.heard_at)}"] if case.heard_at else []
    last = [*([context(*small)] if small else []), *([actions(*buttons)] if (buttons := _buttons(overview)) else [])]
    return Content(f"{overview.about.name} is with {title}", fitted(blocks, last=last))


def trouble(overview: VendorOverview, letter: Letter, *, newest: bool = True) -> Content:
    """Asks whoever wrote a letter what became of it; edited to what they said, or to that they are asked again."""
    title, who, value = foreign(overview.vendor.title), person(letter.author), str(letter.id)
    if not newest:
        return message(f":leftwards_arrow_with_hook: The mail to {title} went out again. See below.")
    if overview.about.live and letter.state is LetterState.UNKNOWN:
        lines = [
            f":grey_question: {who}, did the mail to {title} arrive?",
            f"{capitalized(foreign(letter.reason))}. It isn't sent again by itself.",
        ]
        buttons = [
            button("It Arrived", ARRIVED, value),
            button("Send Again", AGAIN, value),
            button("Get the Text", BY_HAND, value),
        ]
        return Content(f"Did the mail to {title} arrive?", (*sections(lines), actions(*buttons)))
    if overview.about.live and letter.state is LetterState.STUCK:
        lines = [f":warning: {who}, the mail to {title} did not go out.", f"{_why(letter)} Nothing was sent."]
        buttons = [button("Try Again", AGAIN, value), button("Get the Text", BY_HAND, value)]
        return Content(f"The mail to {title} did not go out", (*sections(lines), actions(*buttons)))
    return message(_became(overview, letter))


def text(overview: VendorOverview, letter: Letter) -> Content:
    """A letter's text, for the vendor's form or another mail program; edited once it was sent."""
    vendor, title, who = overview.vendor, foreign(overview.vendor.title), person(letter.author)
    if letter.state is not LetterState.BY_HAND or not overview.about.live:
        return message(_became(overview, letter))
    where = f"into {title}'s form" if vendor.form else f"and send it to {foreign(vendor.email) or title}"
    lines = [f":clipboard: {who}, copy this {where}.", "Then press *I Sent It*, so that others see who waits."]
    opened = [link_button("Open Form", OPEN_LINK, vendor.form)] if vendor.form else []
    last = [actions(button("I Sent It", ARRIVED, str(letter.id), style="primary"), *opened)]
    blocks = [*sections(lines), verbatim(letter.subject), *map(verbatim, _parts(letter.text))]
    return Content(f"The text for {title} is ready to copy", fitted(blocks, last=last))


def reminder(overview: VendorOverview, ask: VendorAsk, *, newest: bool = True) -> Content:
    """Nothing was heard, or nothing was done: to whoever has the investigation. Of several the last has buttons."""
    if not newest:
        return message(f":bell: Reminded {at(ask.at)} of {foreign(overview.vendor.title)}.")
    who = person(overview.about.owner or overview.case.opened_by)
    value, now = str(overview.case.id), overview.standing
    if not now:
        return message(f"{foreign(overview.vendor.title)}: nothing to do any more.")
    point = f":bell: {who}: {standing(now)}."
    buttons = [
        button("Note Their Answer…", NOTE, value),
        button("Write Again…", OPEN, _about(overview)),
        button("Remind Me Later", LATER, value),
        button("Stop", STOP, value),
    ]
    asked = now.turn in (VendorTurn.WAITING, VendorTurn.OURS)
    offered = buttons if asked else buttons[2:]
    stopped = [context("No more reminders until something is written or heard.")] if not overview.case.remind_at else []
    return Content(f"{standing(now)}.", (section(point), *stopped, actions(*(offered[:-1] if stopped else offered))))


def letters(overview: VendorOverview) -> Content:
    """All that was written to a vendor, to whoever asks."""
    blocks = [block for letter in overview.letters for block in _whole(letter)]
    return Content(f"Letters to {foreign(overview.vendor.title)}", fitted(blocks))


def choice(investigation_id: int, vendors: Sequence[Vendor]) -> Content:
    """Asks which vendor, each with a button that opens the form: Slack opens forms for presses only."""
    listed = [
        button(vendor.title, f"{OPEN}_{place}", f"{investigation_id} {vendor.key}")
        for place, vendor in enumerate(vendors[:VENDORS_MAX])
    ]
    words = f"The letter for INV-{investigation_id} is filled in. Look at it and send it."
    if len(vendors) == 1:
        fill = button("Open Letter", OPEN, f"{investigation_id} {vendors[0].key}", style="primary")
        return Content(words, (section(f"{words[:-1]} to {foreign(vendors[0].title)}."), actions(fill)))
    return message("Which vendor must look?", actions(*listed))


def _about(overview: VendorOverview) -> str:
    return f"{overview.about.id} {overview.vendor.key}"


def _standing_line(overview: VendorOverview) -> str:
    now, case = overview.standing, overview.case
    if now:
        return f"{line(now)}."
    if case.ended_at:
        return f":white_check_mark: {person(case.ended_by)} said at {clock_time(case.ended_at)} that they are done."
    return f":white_check_mark: {overview.about.name} is over. Nothing more is sent to them."


def _failing(overview: VendorOverview) -> str:
    """That a mail waits for its server, and is tried again by itself."""
    letter = overview.last
    if letter.state is not LetterState.OWED or not letter.failing_since or overview.over:
        return ""
    since = clock_time(letter.failing_since)
    return f":warning: It has failed since {since} and is tried again by itself. {_why(letter)}"


def _reference(overview: VendorOverview) -> str:
    if overview.case.reference or overview.over or not overview.case.waits_since:
        return ""
    example = foreign(overview.vendor.example or "4711", 60)
    return f"No reference yet. Say `reference {example}` in the thread."


def _said(note: VendorNote, title: str) -> list[Block]:
    asked = "asked" if note.kind is NoteKind.QUESTION else "said"
    return written(note.text, before=f"*{title} {asked}* ({clock_time(note.at)}, noted by {person(note.author)}): ")


def _why(letter: Letter) -> str:
    said = f"The server says: {letter.code} " if letter.code else ""
    return f"{said}{foreign(letter.reason)}." if said else f"{capitalized(foreign(letter.reason))}."


def _became(overview: VendorOverview, letter: Letter) -> str:
    title, by = foreign(overview.vendor.title), letter.decided_by
    if letter.state is LetterState.SENT:
        who = f"{person(by)} says that it reached {title}" if by else f"Sent to {title}"
        return f":white_check_mark: {who}, {at(letter.sent_at or letter.at)}."
    if letter.state is LetterState.BY_HAND and overview.about.live:
        return f":clipboard: {person(by or letter.author)} sends the text to {title}."
    if letter.state in (LetterState.OWED, LetterState.SENDING) and overview.about.live:
        return f":email: The mail to {title} goes out again."
    return f":heavy_minus_sign: The letter to {title} was not sent."


def _parts(words: str) -> list[str]:
    """In as many sections as it needs; a form's text fits into one."""
    return [words[start : start + SECTION_MAX] for start in range(0, len(words), SECTION_MAX)]


def _whole(letter: Letter) -> list[Block]:
    when = f"{at(letter.sent_at)}" if letter.sent_at else "not sent yet"
    head = f"*{foreign(letter.subject)}* ({person(letter.author)}, {when})"
    return [section(head), *map(verbatim, _parts(letter.text))]


def _buttons(overview: VendorOverview) -> list[Block]:
    value = str(overview.case.id)
    show_letters = button("Show Letters", SHOW, value)
    if not overview.about.live:
        return [show_letters]
    write = button("Write Again…", OPEN, _about(overview))
    if overview.case.ended_at:
        return [write, show_letters]
    waits = overview.case.waits_since
    answer = [button("Note Their Answer…", NOTE, value)] if waits else []
    return [*answer, *([write] if waits else []), button("They're Done", DONE, value), show_letters]
