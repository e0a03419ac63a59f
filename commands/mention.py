"""Words to the bot, by mention or in its direct messages."""

from bot.slack.request import Answer, Request
from commands import (
    closing,
    correcting,
    escalate,
    handoff,
    help,
    investigate,
    known,
    logs,
    merging,
    moving,
    ownership,
    probe,
    record,
    relating,
    remind,
    story,
    t2,
    tickets,
    trends,
    updates,
    vendor,
)
from commands.door import heard
from commands.grammar import parse
from commands.inputs import said_by_person
from commands.pressed import Spoken
from commands.services import Services
from commands.thread import discussed_in, named_after, named_anywhere


async def status_words(request: Request, services: Services, rest: str) -> Answer:
    """The status of everything, or of an investigation that is named: who has it, since when, and where."""
    number, _ = named_anywhere(rest)
    return await investigate.who_has(services, number) if number else await t2.status(services)


SPOKEN: dict[str, Spoken] = {
    "investigate": investigate.words,
    "claim": ownership.claim_words,
    "release": ownership.release_words,
    "handover": ownership.handover_words,
    "move": moving.move_words,
    "join": ownership.join_words,
    "tickets": tickets.tickets_words,
    "probe": probe.words,
    "known": known.words,
    "note": record.note_words,
    "correct": correcting.correct_words,
    "withdraw": correcting.withdraw_words,
    "update": updates.update_words,
    "said": updates.said_words,
    "tell": updates.tell_words,
    "remind": remind.words,
    "escalate": escalate.words,
    "ack": escalate.acknowledge_words,
    "handoff": handoff.words,
    "vendor": vendor.words,
    "reference": vendor.reference_words,
    "resolve": closing.resolve_words,
    "dismiss": closing.dismiss_words,
    "reopen": closing.reopen_words,
    "merge": merging.merge_words,
    "unmerge": merging.unmerge_words,
    "caused": relating.caused_words,
    "same": relating.same_words,
    "related": relating.related_words,
    "unrelate": relating.unrelate_words,
    "timeline": record.timeline_words,
    "export": story.words,
    "status": status_words,
    "trends": trends.words,
    "help": help.words,
}
"""What each word of the grammar does."""

SPOKEN_SUBTYPES = (None, "file_share", "thread_broadcast")
"""What a person says, with a file or also to the channel; other subtypes are Slack's own words."""


async def mentioned(request: Request, services: Services) -> Answer:
    """Run what a mention says; where there is nothing to answer, a reaction says that it was done.

    Another app's mention does nothing: it has no name to do it in, and two bots could answer each other for ever.
    """
    if not said_by_person(request, services) or not await heard(request, services):
        return None
    words = parse(named_after(request.text, services.bot_user), services.bot_user)
    answer = await SPOKEN[words.verb](request, services, words.rest)
    if not answer:
        key = f"done/{request.channel}/{request.ts}"
        services.owed.reaction(key, channel=request.channel, ts=request.ts, name=tickets.DONE, for_user=request.user)
    led = moving.where_it_is(request, services)
    if led and answer:
        await services.conversation.answer(request, led)
    return answer or led


async def message(request: Request, services: Services) -> Answer:
    """Every other message: words in a direct message, tickets pasted into a thread, edits, deletions."""
    event = request.event
    if event.get("subtype") in ("message_changed", "message_deleted"):
        return await record.message_changed(request, services)
    if event.get("subtype") not in SPOKEN_SUBTYPES or not said_by_person(request, services):
        return None
    if event.get("channel_type", "im" if request.channel.startswith("D") else "") == "im":
        if not await heard(request, services) or logs.read(request, services, None):
            return None
        return await mentioned(request, services)
    spoken_to = f"<@{services.bot_user}" in request.text
    number = discussed_in(services, request.channel, request.thread_ts)
    if number is None or not await services.directory.is_colleague(request.user):
        return None
    pasted_log = logs.read(request, services, number) and not event.get("files")
    return None if spoken_to or pasted_log else await tickets.pasted(request, services)
