"""The form in which a round is reviewed: a text for each language, and a box for each ticket."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages.model import Block
from bot.replies.cards import unconfirmed
from bot.replies.languages import language_name
from bot.replies.model import CORRECTED, Reply, ReplyState, Round, Text, Then, primary
from bot.slack.blocks import checkboxes, context, field, modal, section, select, text_input, written
from bot.slack.text import cut, foreign, plural

REPLIES_FORM = "replies_form"

TEXT = "text-"
TICKETS = "tickets-"
OTHERS = "others"
THEN = "then"

PER_BLOCK = 10
"""Slack takes no more boxes in one element."""
SHOWN = 100
TEXTS = 40
"""Slack takes 100 blocks: a text has one or two, and the tickets have ten."""

_INPUT = "input"
_THEN = [("Solve them", Then.SOLVED.value), ("Keep their status", Then.UNCHANGED.value)]
_AGAIN = ("Open them again", Then.OPENED.value)
"""Who was told that it is over, and it is not, waits once more."""


def review_form(reply_round: Round, notice: Sequence[Block] = (), *, alike: int = 0) -> Block:
    """`notice` is what is true now of what the customers are told about.

    `alike` tickets look the same and nobody confirmed them.
    """
    listed = reply_round.having(ReplyState.LISTED)
    blocks = [*notice, context("Each ticket that is ticked gets its text as a public comment, once.")]
    corrects = reply_round.purpose == CORRECTED
    if corrects:
        blocks.append(context("The text begins with what they were told. Rewrite it so that it is right."))
    if reply_round.note:
        blocks.append(
            context(f":warning: {foreign(reply_round.note.rstrip('. '), 200)}. The text may not be true now.")
        )
    for text in reply_round.texts[:TEXTS]:
        blocks += _text(text, [reply for reply in listed if reply.language == text.language])
    options = [*_THEN, *([_AGAIN] if corrects else [])]
    blocks.append(field(THEN, "What happens to the tickets?", select(_INPUT, options, initial=reply_round.then.value)))
    blocks += [context(_problem(reply_round))] if reply_round.problem_id else []
    blocks += [context(unconfirmed(alike))] if alike else []
    blocks += _boxes(listed)
    about = f"{reply_round.id} {reply_round.reading}"
    title = f"{'Correct' if corrects else 'Answer'} {plural(len(listed), 'ticket')}"
    return modal(REPLIES_FORM, title, "Send", blocks, private_metadata=about)


def reviewed(private_metadata: str) -> tuple[int, int | None]:
    """The round of a form, and its reading when the form was opened; a form of an earlier version tells none."""
    number, _, reading = private_metadata.partition(" ")
    return int(number), int(reading) if reading else None


def chosen_tickets(values: Mapping[str, Any], reply_round: Round) -> list[int]:
    """The tickets whose boxes are ticked, with those that had no box of their own if they are wanted."""
    ticked = [int(number) for block in values if block.startswith(TICKETS) for number in values[block] or []]
    beyond = reply_round.having(ReplyState.LISTED)[SHOWN:] if values.get(OTHERS) else ()
    return [*ticked, *(reply.ticket_id for reply in beyond)]


def written_texts(values: Mapping[str, Any]) -> dict[str, str]:
    """The texts by language, as they were typed."""
    return {block.removeprefix(TEXT): str(text or "") for block, text in values.items() if block.startswith(TEXT)}


def chosen_then(values: Mapping[str, Any]) -> Then:
    return Then(str(values.get(THEN) or Then.SOLVED))


def block_of(language: str) -> str:
    """Where an error about a language stands; one that concerns none of them stands at the status."""
    return TEXT + language if language else THEN


def _text(text: Text, replies: list[Reply]) -> list[Block]:
    label = f"Text for {plural(len(replies), 'ticket')} in {language_name(text.language)}"
    strangers = Counter(reply.wants for reply in replies if not _speaks(reply, text))
    note = f" There is no text in {_counted(strangers)}, so they get this one." if strangers else ""
    if text.macro_id is not None:
        example = f"as #{replies[0].ticket_id} gets it" if replies else "as it is"
        source = (
            f"From the Zendesk macro “{foreign(text.macro, 100)}”, {example}. Zendesk fills it in for each customer."
        )
        preview = written(text.text, before=f"*{foreign(label)}*\n") or [section(f"*{foreign(label)}*")]
        return [*preview, context(source + note)]
    note = note if text.text else " Nothing is prepared in this language. What you write here is sent."
    missing = f" The macro “{cut(text.macro, 100)}” is missing, or has no public text." if text.macro else ""
    words = text_input(_INPUT, initial=text.text, multiline=True)
    return [field(TEXT + text.language, label, words, hint=(note + missing).strip() or "Customers read exactly this.")]


def _speaks(reply: Reply, text: Text) -> bool:
    return not reply.wants or text.language.lower().startswith(reply.wants)


def _counted(languages: Counter[str]) -> str:
    return ", ".join(f"{language_name(name)} ({plural(count, 'ticket')})" for name, count in languages.most_common(10))


def _problem(reply_round: Round) -> str:
    return (
        f"Their problem ticket #{reply_round.problem_id} is solved too, without a comment, as soon as all "
        "of its tickets are."
    )


def _boxes(listed: tuple[Reply, ...]) -> list[Block]:
    """All ticked at first. Beyond a hundred there is one box for the rest."""
    named, beyond = listed[:SHOWN], listed[SHOWN:]
    blocks = []
    for start in range(0, len(named), PER_BLOCK):
        part = named[start : start + PER_BLOCK]
        options = [(_named(reply), str(reply.ticket_id)) for reply in part]
        boxes = checkboxes(_INPUT, options, chosen=[value for _, value in options])
        label = f"Tickets {start + 1} to {start + len(part)}" if len(named) > PER_BLOCK else "Tickets"
        blocks.append(field(f"{TICKETS}{start // PER_BLOCK}", label, boxes, optional=True))
    if beyond:
        others = checkboxes(_INPUT, [(f"And the other {len(beyond)} too", OTHERS)], chosen=[OTHERS])
        blocks.append(field(OTHERS, "More tickets", others, optional=True))
    return blocks


def _named(reply: Reply) -> str:
    language = f" · {language_name(reply.wants)}" if reply.wants and reply.wants != primary(reply.language) else ""
    return f"#{reply.ticket_id} {reply.status}{language} · {reply.subject}"
