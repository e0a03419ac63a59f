"""resolve, dismiss, reopen: how an investigation ends, and begins again."""

from bot.errors import SecondLineError
from bot.investigations.forms import REASON, ROOT_CAUSE, WORKAROUND, dismiss_form, resolve_form
from bot.investigations.model import Move
from bot.slack.request import Answer, Request
from commands.said import said
from commands.services import Services
from commands.thread import meant
from commands.typed import too_long


async def resolve_words(request: Request, services: Services, rest: str) -> Answer:
    """`resolve <root cause>`; the form, with the workaround, opens by the button only."""
    number, cause = meant(request, services, rest)
    await services.investigations.resolve(
        number, root_cause=await said(cause, services), workaround="", by=request.user
    )
    return None


async def dismiss_words(request: Request, services: Services, rest: str) -> Answer:
    number, reason = meant(request, services, rest)
    await services.investigations.dismiss(number, reason=await said(reason, services), by=request.user)
    return None


async def reopen_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    await services.investigations.reopen(number, by=request.user)
    return None


async def resolve_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    found = services.investigations.get(int(request.value))
    await services.conversation.open_form(request, resolve_form(found))
    return None


async def dismiss_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    found = services.investigations.get(int(request.value))
    await services.conversation.open_form(request, dismiss_form(found))
    return None


async def reopen_button(request: Request, services: Services) -> Answer:
    await services.investigations.reopen(int(request.value), by=request.user)
    return None


async def resolved(request: Request, services: Services) -> Answer:
    cause, workaround = str(request.values.get(ROOT_CAUSE) or ""), str(request.values.get(WORKAROUND) or "")
    number = int(request.private_metadata)
    await services.investigations.resolve(number, root_cause=cause, workaround=workaround, by=request.user)
    return None


async def dismissed(request: Request, services: Services) -> Answer:
    reason = str(request.values.get(REASON) or "")
    await services.investigations.dismiss(int(request.private_metadata), reason=reason, by=request.user)
    return None


def resolve_check(request: Request, services: Services) -> dict[str, str]:
    """A root cause of spaces is none, and somebody may have been faster."""
    if str(request.values.get(ROOT_CAUSE) or "").strip():
        wrong = too_long(request, ROOT_CAUSE, WORKAROUND)
        return wrong or _too_late(request, services, Move.RESOLVE, ROOT_CAUSE)
    return {ROOT_CAUSE: "Say what it was, or what you believe it was."}


def dismiss_check(request: Request, services: Services) -> dict[str, str]:
    if str(request.values.get(REASON) or "").strip():
        return too_long(request, REASON) or _too_late(request, services, Move.DISMISS, REASON)
    return {REASON: "Say why, in a few words."}


def _too_late(request: Request, services: Services, move: Move, block: str) -> dict[str, str]:
    """What was written stays in the form where the investigation went on meanwhile."""
    try:
        services.investigations.get(int(request.private_metadata)).after(move)
    except SecondLineError as error:
        return {block: error.sentence}
    return {}
