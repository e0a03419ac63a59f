"""note, timeline, pins and *Add to investigation*: what goes on the record."""

from bot.errors import BadInput
from bot.investigations.cards import timeline
from bot.investigations.forms import INVESTIGATION, add_form
from bot.investigations.model import SourceMessage, card_key
from bot.moments import dated
from bot.pasted_logs import without_log
from bot.slack.blocks import with_image
from bot.slack.request import Answer, Request
from commands.carried_message import packed, unpacked
from commands.inputs import done_by_colleague, said
from commands.investigate import linked, read_source
from commands.services import Services
from commands.thread import discussed_in, meant
from commands.thread import noted as noted_in

SHORTCUT = "add_message"
PIN = "pushpin"


async def note_words(request: Request, services: Services, rest: str) -> Answer:
    """`note …`, or `note at 14:05 …` of what happened before, by the clock of whoever notes it."""
    number, words = noted_in(request, services, rest)
    now = services.clock()
    zone = (await services.people.availability(request.user, now)).zone
    then = dated(await said(words, services), zone=zone, now=now)
    services.evidence.note(number, then.text, by=request.user, at=then.at)
    return None


async def timeline_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    return await _timeline(request, services, number)


async def timeline_button(request: Request, services: Services) -> Answer:
    return await _timeline(request, services, int(request.value))


async def _timeline(request: Request, services: Services, number: int) -> Answer:
    strip = await services.pictures.strip(number)
    correctable = bool(await services.corrections.correctable(number, by=request.user))
    content = timeline(services.evidence.overview(number), correctable=correctable)
    return with_image(content, strip, before=["divider"])


async def add_shortcut(request: Request, services: Services) -> Answer:
    """In an investigation's thread its message is added at once; elsewhere a form asks to which."""
    source = await read_source(request, services)
    number = discussed_in(services, request.channel, source.thread_ts)
    if number is not None:
        return _added(services, number, await linked(source, services), request.user)
    live = [(each, services.catalog.named(each.target)) for each in services.investigations.live()]
    if not live:
        raise BadInput("Nothing is being investigated. Use *Investigate this* to open an investigation.")
    await services.conversation.open_form(request, add_form(live, message=packed(source)))
    return None


async def added(request: Request, services: Services) -> Answer:
    source, _ = unpacked(request.private_metadata)
    if not source:
        raise BadInput("That form came without its message. Use *Add to investigation* again.")
    number = int(str(request.values[INVESTIGATION]))
    return _added(services, number, await linked(source, services), request.user)


async def reacted(request: Request, services: Services) -> Answer:
    """A :pushpin: on a message in the thread adds it."""
    if request.event.get("reaction") == PIN and await done_by_colleague(request, services):
        await _pin(request, services)
    return None


async def unreacted(request: Request, services: Services) -> Answer:
    if request.event.get("reaction") == PIN:
        await _unpin(request, services, own=request.user)
    return None


async def pinned(request: Request, services: Services) -> Answer:
    if await done_by_colleague(request, services):
        await _pin(request, services)
    return None


async def unpinned(request: Request, services: Services) -> Answer:
    await _unpin(request, services, own="")
    return None


async def message_changed(request: Request, services: Services) -> Answer:
    """Edits and deletions of messages that are on a timeline, and of the bot's own cards."""
    event = request.event
    if event.get("subtype") == "message_changed":
        message = event.get("message") or {}
        if message.get("subtype") == "tombstone":
            _deleted(request.channel, str(message.get("ts") or ""), services)
            return None
        if message.get("user") == services.bot_user:
            return None
        text = without_log(await said(str(message.get("text") or ""), services))
        services.evidence.message_edited(SourceMessage(request.channel, str(message.get("ts") or ""), text=text))
    elif event.get("subtype") == "message_deleted":
        _deleted(request.channel, str(event.get("deleted_ts") or ""), services)
    return None


def _deleted(channel: str, ts: str, services: Services) -> None:
    """A message is gone, or, where it has replies, only a tombstone is left of it."""
    services.evidence.message_removed(SourceMessage(channel, ts))
    services.logs.removed(channel, ts)
    services.owed.deleted(channel, ts)


async def _pin(request: Request, services: Services) -> None:
    """Only messages in the thread of an investigation, or with it as their root, are followed."""
    roots = _threads(request, services)
    message = await services.conversation.message_at(request.channel, request.ts, roots=roots)
    if roots and not message:
        raise BadInput("I can't read that message. Use the shortcut *Add to investigation* on it.")
    root = str(message.get("thread_ts") or "")
    number = discussed_in(services, request.channel, root) if root != request.ts else None
    if number is None:
        return
    permalink = await services.conversation.permalink(request.channel, request.ts)
    author, text = str(message.get("user") or ""), without_log(await said(str(message.get("text") or ""), services))
    source = SourceMessage(request.channel, request.ts, author, text, permalink, root)
    services.evidence.add_message(number, source, by=request.user)


async def _unpin(request: Request, services: Services, *, own: str) -> None:
    """Off the timeline, unless somebody else's mark is left: `own` is whose reaction is gone, "" for the pin."""
    roots = _threads(request, services)
    message = await services.conversation.message_at(request.channel, request.ts, roots=roots)
    marks = [reaction for reaction in message.get("reactions") or [] if reaction.get("name") == PIN]
    others = {user for reaction in marks for user in reaction.get("users") or []} - {own}
    if not others and not (own and message.get("pinned_to")):
        services.evidence.message_removed(SourceMessage(request.channel, request.ts))


def _threads(request: Request, services: Services) -> list[str]:
    """The roots of what is being investigated in this channel."""
    live = [investigation.id for investigation in services.investigations.live()]
    every = [thread for number in live for thread in (number, *services.investigations.merged_ids(number))]
    roots = [root for number in every for root in services.owed.roots_of(card_key(number))]
    return [ts for channel, ts in roots if channel == request.channel]


def _added(services: Services, number: int, source: SourceMessage, by: str) -> Answer:
    name = services.investigations.get(number).name
    new = services.evidence.add_message(number, source, by=by)
    return f"The message is on the timeline of {name}." if new else f"{name} has that message already."
