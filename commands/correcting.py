"""correct, withdraw, and their forms: what stands on a timeline is put right by who wrote it, or by the owner."""

from datetime import UTC, datetime

from bot.errors import BadInput
from bot.investigations.cards import CORRECT
from bot.investigations.correction_cards import (
    MOMENT,
    NOUNS,
    TEXT,
    WHY,
    WITHDRAW,
    correct_form,
    corrected_line,
    list_form,
    read_metadata,
)
from bot.investigations.correction_model import TOLD, Wanted
from bot.investigations.model import Event, EventKind
from bot.investigations.update_model import VIA_WORDS, Said
from bot.messages.model import Block
from bot.moments import dated
from bot.slack.blocks import actions, button, message
from bot.slack.request import Answer, Request
from commands.grammar import told_how
from commands.inputs import refused, said, too_long
from commands.services import Services
from commands.thread import noted

NOTHING = "Nothing here is yours to correct. Only whoever wrote it, or the owner, can do that."


async def correct_words(request: Request, services: Services, rest: str) -> Answer:
    """`correct …`: how one's own last entry should read; `correct at 14:05` when it was. Alone it offers the list."""
    number, words = noted(request, services, rest)
    typed = await said(words, services)
    if not typed.strip():
        last = await services.corrections.own_last(number, by=request.user)
        line = f"Choose what to correct. Your last entry ({NOUNS[last.kind]}) can also be corrected here: `correct …`."
        return message(line, actions(button("Correct…", CORRECT, str(number))))
    now = services.clock()
    zone = (await services.people.availability(request.user, now)).zone
    then = dated(typed, zone=zone, now=now)
    last = await services.corrections.own_last(number, by=request.user)
    text = _without_way(services, last, then.text)
    corrected = await services.corrections.correct(last.id, Wanted(text or None, then.at), by=request.user)
    return _told_before(services, last, "corrected") if corrected and text else None


def _without_way(services: Services, event: Event, text: str) -> str:
    """How customers were told stands before what they were told already. Raises BadInput for another way."""
    if event.kind is not EventKind.SAID:
        return text
    how, rest = told_how(text)
    told = services.corrections.told(event.id)
    if rest != text.strip() and isinstance(told, Said) and how.via and how.via is not told.via:
        raise BadInput(
            f"It was said {VIA_WORDS[told.via]}. Withdraw it and say it anew: `said {VIA_WORDS[how.via]} …`."
        )
    return rest


async def withdraw_words(request: Request, services: Services, rest: str) -> Answer:
    """`withdraw …`: one's own last entry does not belong here, and why."""
    number, words = noted(request, services, rest)
    last = await services.corrections.own_last(number, by=request.user)
    withdrawn = await services.corrections.withdraw(last.id, await said(words, services), by=request.user)
    return _told_before(services, last, "withdrawn") if withdrawn else None


def _told_before(services: Services, event: Event, how: str) -> Answer:
    """Who heard it as it was: what was corrected is shown, and nobody is told of it."""
    return corrected_line(services.corrections.told_before(event.id), how=how) or None if event.kind in TOLD else None


async def button_pressed(request: Request, services: Services) -> Answer:
    """The list of what the person may correct; where that is one thing, its form at once."""
    number = int(request.value)
    events = await services.corrections.correctable(number, by=request.user)
    if not events:
        return NOTHING
    investigation = services.investigations.get(number)
    form = _form(services, events[0]) if len(events) == 1 else list_form(investigation, events)
    await services.conversation.open_form(request, form)
    return None


async def chosen(request: Request, services: Services) -> Answer:
    """One of the list: its form takes the place of the list."""
    event = services.corrections.event(int(request.value))
    await services.conversation.update_form(request.view_id, _form(services, event))
    return None


def _form(services: Services, event: Event) -> Block:
    return correct_form(event, len(services.corrections.history(event.id)), services.corrections.words(event))


async def corrected(request: Request, services: Services) -> Answer:
    """What was left as it was stays; a withdrawal leaves the words as they were."""
    corrections, by = services.corrections, request.user
    event_id, _, put_back = read_metadata(request.private_metadata)
    if put_back:
        await corrections.put_back(event_id, by=by)
        return None
    if request.values.get(WITHDRAW):
        changed, how = await corrections.withdraw(event_id, request.typed(WHY), by=by), "withdrawn"
    else:
        before = corrections.words(corrections.event(event_id))
        await corrections.correct(event_id, _wanted(request, services), by=by)
        changed, how = corrections.words(corrections.event(event_id)) != before, "corrected"
    return _told_before(services, corrections.event(event_id), how) if changed else None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where it can't be saved."""
    event_id, _, put_back = read_metadata(request.private_metadata)
    if put_back:
        return {}
    if wrong := too_long(request, TEXT, WHY):
        return wrong
    if request.values.get(WITHDRAW):
        return {} if request.typed(WHY).strip() else {WHY: "Say why, in a few words."}
    if TEXT in request.values and not request.typed(TEXT).strip():
        return {TEXT: "Write how it should read, or withdraw it."}
    block = MOMENT if MOMENT in request.values else WHY
    return refused(block, lambda: services.corrections.check(event_id, _wanted(request, services)))


def _wanted(request: Request, services: Services) -> Wanted:
    """The picker knows minutes only: an untouched one says nothing about the time."""
    event_id, seen, _ = read_metadata(request.private_metadata)
    event = services.corrections.event(event_id)
    text = request.typed(TEXT) if TEXT in request.values else None
    stamp = int(request.typed(MOMENT) or 0)
    same = stamp == int(event.at.timestamp()) // 60 * 60
    return Wanted(text, None if same or not stamp else datetime.fromtimestamp(stamp, UTC), seen)
