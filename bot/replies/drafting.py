"""What a round is made of before a person sees it: tickets with their languages, and a text for each language."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.replies.model import Reply, ReplyState, Round, RoundState, Text, primary, spoken
from bot.replies.subjects import RoundSubject
from bot.replies.wording import PLACEHOLDERS, filled, to_put_right
from bot.tickets.answering import Customer, Macro, Snapshot, snapshot, unanswerable
from bot.tickets.desk import DeskError, HelpDesk, TicketRefused

LOOK_S = 1.5
"""How long a review waits for a look at the tickets: Slack gives a form three seconds."""


@dataclass(frozen=True, slots=True)
class Templates:
    """The configured texts and macros (a title or a number) by purpose and language.

    `of_kind` are those for customers of one kind of target, by kind; they stand for all `texts` of their purpose. A
    language that has text and macro gets the macro. `fallback` is the language of customers whose own is not there.
    """

    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    macros: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    of_kind: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    fallback: str = "en"

    def texts_of(self, purpose: str, kind: str) -> Mapping[str, str]:
        return self.of_kind.get(kind, {}).get(purpose) or self.texts.get(purpose, {})


@dataclass(frozen=True, slots=True)
class RoundDraft:
    replies: tuple[Reply, ...]
    texts: tuple[Text, ...]

    @property
    def state(self) -> RoundState:
        """There is nothing to decide where nobody can be answered."""
        listed = any(reply.state is ReplyState.LISTED for reply in self.replies)
        return RoundState.READY if listed else RoundState.ENDED


async def draft(
    reply_round: Round,
    *,
    desk: HelpDesk,
    templates: Templates,
    subject: RoundSubject | None = None,
    wrong: Round | None = None,
) -> RoundDraft:
    """Reads the desk and changes nothing there. Raises DeskError.

    Who is told that what the round `wrong` said is not right is told so in the language of that.
    """
    subject = subject or RoundSubject()
    texts, values = templates.texts_of(reply_round.purpose, subject.kind), told_values(reply_round.values, subject)
    macros = templates.macros.get(reply_round.purpose, {})
    # A macro said it to each customer in other words.
    told = {text.language: text.text for text in wrong.texts if text.macro_id is None} if wrong else {}
    offered = tuple(dict.fromkeys([*texts, *macros])) or (templates.fallback,)
    customers = await desk.customers([reply.ticket_id for reply in reply_round.replies])
    by_id = {customer.ticket.id: customer for customer in customers}
    replies = [
        _as_read(reply, by_id.get(reply.ticket_id))
        if wrong
        else _reply(reply, by_id.get(reply.ticket_id), offered, templates.fallback)
        for reply in reply_round.replies
    ]
    first = _first_of_each(replies)
    known = await desk.macros() if any(language in macros for language in first) else []
    written = []
    for language, ticket_id in first.items():
        text = Text(language, to_put_right(filled(texts.get(language, ""), values), told.get(language, "")))
        if language in macros:
            text = await _by_macro(desk, text, macros[language], known, ticket_id)
        written.append(text)
    return RoundDraft(tuple(replies), tuple(written))


def told_values(values: Mapping[str, str], subject: RoundSubject) -> dict[str, str]:
    """What the texts may name: never what development or support call a thing among themselves."""
    known = {**values, "target": subject.name}
    return {name: known.get(name, "") for name in PLACEHOLDERS}


async def looked_again(reply_round: Round, *, desk: HelpDesk) -> list[Reply]:
    """The listed tickets that are not as they were read, as they are now.

    [] where the desk does not answer at once: what was read stands, since each is read again before its answer.
    """
    listed = reply_round.having(ReplyState.LISTED)
    try:
        async with asyncio.timeout(LOOK_S):
            customers = await desk.customers([reply.ticket_id for reply in listed])
    except (DeskError, TimeoutError):
        return []
    by_id = {customer.ticket.id: customer for customer in customers}
    now = (_as_read(reply, by_id.get(reply.ticket_id)) for reply in listed)
    return [after for before, after in zip(listed, now, strict=True) if not _same(before, after)]


def _same(before: Reply, after: Reply) -> bool:
    """Whether the ticket is as it was; a newest comment that was no longer asked for changes nothing."""
    known = before.snapshot.comment_id if before.snapshot else None
    return before == after or (
        after.snapshot is not None and before == replace(after, snapshot=_with(after.snapshot, known))
    )


def _with(snapshot: Snapshot, comment_id: int | None) -> Snapshot:
    return snapshot if snapshot.comment_id is not None else replace(snapshot, comment_id=comment_id)


def _as_read(reply: Reply, customer: Customer | None) -> Reply:
    why = unanswerable(customer.ticket if customer else None)
    if not customer:
        return replace(reply, state=ReplyState.FAILED, kind=why)
    ticket = customer.ticket
    return replace(
        reply,
        state=ReplyState.FAILED if why else ReplyState.LISTED,
        kind=why,
        subject=ticket.subject,
        url=ticket.url,
        status=ticket.status,
        wants=primary(customer.locale),
        snapshot=snapshot(ticket, customer.comment_id),
    )


def _reply(reply: Reply, customer: Customer | None, offered: tuple[str, ...], fallback: str) -> Reply:
    read = _as_read(reply, customer)
    return replace(read, language=spoken(customer.locale, offered, fallback)) if customer else read


def _first_of_each(replies: Sequence[Reply]) -> dict[str, int]:
    """A ticket of each language that is needed, the most frequent language first."""
    listed = [reply for reply in replies if reply.state is ReplyState.LISTED]
    frequent = Counter(reply.language for reply in listed).most_common()
    return {name: next(reply.ticket_id for reply in listed if reply.language == name) for name, _ in frequent}


async def _by_macro(desk: HelpDesk, text: Text, name: str, known: Sequence[Macro], ticket_id: int) -> Text:
    """The macro's words; where it has none for customers the configured text stands, and the form says why."""
    macro = next((macro for macro in known if name in (macro.title, str(macro.id))), None)
    macro = macro or next((macro for macro in known if macro.title.casefold() == name.casefold()), None)
    if not macro:
        return replace(text, macro=name)
    try:
        effect = await desk.macro_effect(macro.id, ticket_id)
    except TicketRefused:
        return replace(text, macro=name)
    if not effect.public or not effect.text.strip():
        return replace(text, macro=name)
    return replace(text, text=effect.text, macro=macro.title, macro_id=macro.id)
