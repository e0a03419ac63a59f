"""Logs that customers sent: read where they are dropped, lines shown, lines named."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.customer_logs.cards import lines
from bot.customer_logs.forms import MEANING, PATTERN, ROLE, TICKET, TITLE, TRY, signature_form, whose_form
from bot.customer_logs.model import Role, SignatureDraft, SignatureState
from bot.customer_logs.patterns import proposed, why_not
from bot.customer_logs.whose import whose
from bot.errors import BadInput
from bot.loose_json import objects
from bot.messages.model import Place
from bot.pasted_logs import pasted_log
from bot.slack.kept import LEFT_OUT
from bot.slack.request import Answer, Request
from bot.slack.text import unescape
from bot.tickets.links import ticket_ids
from commands.inputs import missing
from commands.services import Services
from commands.tickets import pasted_ids

SHORTCUT = "log_signature"
ENDINGS = (".log", ".txt", ".gz", ".zip", ".out", ".err", ".text")
TEXTS = ("text/plain", "application/gzip", "application/x-gzip", "application/zip", "text/x-log")
PATTERN_LINE = 400


def read(request: Request, services: Services, investigation_id: int | None) -> bool:
    """Whether a message has logs in it, which are read then: files, or lines that somebody pasted."""
    files = [str(file.get("id")) for file in objects(request.event.get("files")) if is_log(file)]
    left_out = bool(request.event.get(LEFT_OUT))
    pasted = [""] if not files and (left_out or pasted_log(unescape(request.text))) else []
    if not (files or pasted):
        return False
    services.logs.dropped(
        investigation_id,
        files or pasted,
        by=request.user,
        channel=request.channel,
        ts=request.ts,
        thread_ts=request.thread_ts,
        tickets=_tickets_of(request, services, investigation_id, files or pasted),
    )
    return True


def _tickets_of(
    request: Request, services: Services, investigation_id: int | None, files: Sequence[str]
) -> Mapping[str, int]:
    """From which tickets the files are, as the message says, and their names; links in pasted lines are of the log."""
    if files == [""]:
        return {}
    collected = services.tickets.of(investigation_id) if investigation_id is not None else None
    names = {str(file.get("id")): str(file.get("name") or "") for file in objects(request.event.get("files"))}
    return whose(
        {file_id: names.get(file_id, "") for file_id in files},
        linked=ticket_ids(request.text, hosts=services.link_hosts),
        named=pasted_ids(request.text, services.link_hosts),
        listed={ticket.ticket_id for ticket in collected.tickets} if collected else (),
    )


async def whose_button(request: Request, services: Services) -> Answer:
    drop = services.logs.drop(int(request.value))
    await services.conversation.open_form(request, whose_form(drop))
    return None


def check_whose(request: Request, services: Services) -> dict[str, str]:
    """One ticket, by its number or its link."""
    named = ticket_ids(request.typed(TICKET), hosts=services.link_hosts, bare=True)
    return {} if len(named) == 1 else {TICKET: "Write one ticket's number, such as 48213, or its link."}


async def told_whose(request: Request, services: Services) -> Answer:
    (ticket_id,) = ticket_ids(request.typed(TICKET), hosts=services.link_hosts, bare=True)
    await services.logs.is_of(int(request.private_metadata), ticket_id, by=request.user)
    return None


def is_log(file: Mapping[str, Any]) -> bool:
    """By its name or its kind; Slack may not know the kind yet."""
    if not file.get("id") or file.get("mode") in ("tombstone", "hidden_by_limit", "external"):
        return False
    name = str(file.get("name") or "").lower()
    return name.endswith(ENDINGS) or file.get("mimetype") in TEXTS


async def lines_button(request: Request, services: Services) -> Answer:
    """The lines around a finding, for whoever pressed."""
    drop_id, number = map(int, request.value.split())
    drop = services.logs.shown(drop_id)
    return lines(drop, number) if drop else None


async def name_line(request: Request, services: Services) -> Answer:
    """The form for *This line is a signature*, with a pattern of the message's line."""
    text = unescape(str(request.message.get("text") or ""))
    line = next((line for line in text.replace("```", "\n").splitlines() if line.strip()), "")
    if not line:
        raise BadInput("There is no line in that message. Paste the line into the thread, and use it there.")
    where = f"{request.channel} {request.root_ts}"
    await services.conversation.open_form(
        request, signature_form(proposed(line[:PATTERN_LINE]), private_metadata=where)
    )
    return None


def check(request: Request, _services: Services) -> dict[str, str]:
    """What is wrong with the form, beside the field that it is about."""
    wrong = missing(request, {TITLE: "Say what it is.", MEANING: "Say what it means."})
    why = why_not(request.typed(PATTERN))
    return wrong | ({PATTERN: why} if why else {})


async def named(request: Request, services: Services) -> Answer:
    """A lead is asked where the line was found."""
    channel, root = request.private_metadata.split()
    draft = SignatureDraft(
        title=request.typed(TITLE).strip(),
        meaning=request.typed(MEANING).strip(),
        role=Role(request.typed(ROLE)),
        tries=tuple(line.strip() for line in request.typed(TRY).splitlines() if line.strip())[:4],
        pattern=request.typed(PATTERN).strip(),
    )
    await services.logs.propose(draft, place=Place(channel, thread_ts=root), by=request.user)
    return None


async def accept_button(request: Request, services: Services) -> Answer:
    await services.logs.decide(int(request.value), SignatureState.ACCEPTED, by=request.user)
    return None


async def decline_button(request: Request, services: Services) -> Answer:
    await services.logs.decide(int(request.value), SignatureState.DECLINED, by=request.user)
    return None
