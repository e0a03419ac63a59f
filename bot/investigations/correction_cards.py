"""The forms in which people correct what stands on a timeline. Pure."""

from collections.abc import Sequence

from bot.investigations.cards import event_lines
from bot.investigations.correction_model import MOVED_IN_TIME, REWORDED, ToldBefore
from bot.investigations.model import Event, EventKind, Investigation
from bot.messages.model import Block
from bot.names import names_listed
from bot.slack.blocks import button, checkboxes, context, field, modal, moment_input, section, sheet, text_input
from bot.slack.text import at, cut_markup, foreign, plural

CORRECT_FORM = "correction_form"
CHOOSE = "correction_choose"

TEXT = "text"
MOMENT = "moment"
WITHDRAW = "withdraw"
WHY = "why"
PUT_BACK = "put_back"
_INPUT = "input"
_TICKED = "yes"
_LISTED = 40
"""So many of the newest: a form takes 100 blocks, and nobody reads more."""
_LINE = 300

NOUNS = {
    EventKind.NOTE: "a note",
    EventKind.MESSAGE: "a message",
    EventKind.PROBE: "a probe",
    EventKind.UPDATED: "an update",
    EventKind.INFORMED: "news for Tier 1",
    EventKind.SAID: "what was said",
    EventKind.ADVISED: "Tier 1's words",
}
_CHANGED = {
    EventKind.UPDATED: "The update",
    EventKind.INFORMED: "The news for Tier 1",
    EventKind.SAID: "What customers were told",
    EventKind.ADVISED: "What Tier 1 should say",
}
_TELLING = {
    EventKind.INFORMED: "`update tier 1: …`",
    EventKind.ADVISED: "`tell tier 1 …`",
}
"""How they are told anew, where `update …` is not the word."""


def list_form(investigation: Investigation, events: Sequence[Event]) -> Block:
    """What the person may correct, the newest first, each with its button."""
    rows = [
        section(f"{at(event.at)}  {cut_markup(event_lines(event)[0], _LINE)}", accessory=_choose(event))
        for event in events[:_LISTED]
    ]
    more = [context("… earlier ones are left out.")] if len(events) > _LISTED else []
    return sheet(f"Correct {investigation.name}", [*rows, *more])


def _choose(event: Event) -> Block:
    return button("Put Back…" if event.withdrawn_at else "Correct…", CHOOSE, str(event.id))


def corrected_line(told: ToldBefore, *, how: str) -> str:
    """Who heard it as it was, to whoever corrected it: "The update is corrected. 3 people were told before; …".

    "" where nobody did.
    """
    heard = [
        plural(told.people, "person", "people") if told.people else "",
        f"people in {plural(told.threads, 'more thread')}" if told.threads else "",
        plural(told.tickets, "ticket") if told.tickets else "",
    ]
    listed = [each for each in heard if each]
    if not listed:
        return ""
    were = "was" if (told.people + told.tickets, told.threads) == (1, 0) else "were"
    again = f"tell them with {_TELLING.get(told.kind, '`update …`')}"
    if not told.people and not told.threads:
        again = "*Correct What They Were Told…* on that round of replies tells them"
    return f"{_CHANGED[told.kind]} is {how}. {names_listed(listed)} {were} told before; {again}."


def correct_form(event: Event, corrections: int, words: str = "") -> Block:
    """One entry: its words and time where they can be corrected, and that it does not belong here.

    `corrections` is how many there were of it: whoever has the form open must not undo what others did meanwhile.
    `words` are its author's own, where the timeline has more.
    """
    title, metadata = f"Correct {NOUNS[event.kind]}", f"{event.id} {corrections}"
    if event.withdrawn_at:
        metadata += f" {PUT_BACK}"
        blocks = [section(event_lines(event)[0]), section(f">{foreign(event.text, _LINE)}")]
        return modal(CORRECT_FORM, f"Put back {NOUNS[event.kind]}", "Put Back", blocks, private_metadata=metadata)
    blocks = []
    if event.kind in REWORDED:
        own = text_input(_INPUT, initial=words or event.text, multiline=True)
        blocks.append(field(TEXT, "How should it read?", own))
    else:
        blocks.append(section(cut_markup(event_lines(event)[0], _LINE)))
    if event.kind in MOVED_IN_TIME:
        blocks.append(field(MOMENT, "When was it?", moment_input(_INPUT, event.at)))
    box = checkboxes(_INPUT, [("Withdraw it: it doesn't belong here", _TICKED)])
    blocks += [
        field(WITHDRAW, "Or take it off the record", box, optional=True),
        field(
            WHY,
            "Why doesn't it belong here?",
            text_input(_INPUT),
            hint="The timeline says that it was withdrawn, and why. Its words are shown nowhere.",
            optional=True,
        ),
    ]
    return modal(CORRECT_FORM, title, "Save", blocks, private_metadata=metadata)


def read_metadata(text: str) -> tuple[int, int, bool]:
    """The event, how many corrections there were of it, and whether it is put back."""
    event_id, corrections, *more = text.split()
    return int(event_id), int(corrections), more == [PUT_BACK]
