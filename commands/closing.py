"""resolve, dismiss, reopen: how an investigation ends, and begins again."""

from collections.abc import Sequence
from functools import partial

from bot.investigations.forms import REASON, ROOT_CAUSE, TIER3, WORKAROUND, dismiss_form, resolve_form
from bot.investigations.model import Investigation, Move
from bot.investigations.recheck_cards import last_known, not_closed
from bot.messages.model import Block
from bot.slack.request import Answer, Clarification, Request
from commands.inputs import missing, refused, said, too_long
from commands.pressed import spoken
from commands.resolve_forms import open_checked, with_tier3
from commands.services import Services
from commands.thread import meant

reopen_words = spoken(lambda services: services.investigations.reopen)


async def resolve_words(request: Request, services: Services, rest: str) -> Answer:
    """`resolve <root cause>`; the form, with the workaround, opens by the button only.

    Where the target is still in trouble, or with Tier 3, the button is asked for: it opens what words can't.
    """
    number, typed = meant(request, services, rest)
    cause = await said(typed, services)
    if cause.strip():
        await services.people.require_tier2(request.user)
        _ask(services, number, Move.RESOLVE, cause, last_known(services.rechecks.known(number)))
    await services.investigations.resolve(number, root_cause=cause, workaround="", by=request.user)
    return None


async def dismiss_words(request: Request, services: Services, rest: str) -> Answer:
    number, typed = meant(request, services, rest)
    reason = await said(typed, services)
    if reason.strip():
        await services.people.require_tier2(request.user)
        _ask(services, number, Move.DISMISS, reason, "")
    await services.investigations.dismiss(number, reason=reason, by=request.user)
    return None


async def resolve_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    number, _, cause = request.value.partition(" ")
    investigation = services.investigations.get(int(number))
    await open_checked(request, services, [investigation.id], partial(_resolving, services, investigation, cause))
    return None


async def dismiss_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    number, _, reason = request.value.partition(" ")
    investigation = services.investigations.get(int(number))
    form = dismiss_form(investigation, tier3=with_tier3(services, investigation.id), reason=reason)
    await services.conversation.open_form(request, form)
    return None


async def resolved(request: Request, services: Services) -> Answer:
    cause, workaround, number = request.typed(ROOT_CAUSE), request.typed(WORKAROUND), int(request.private_metadata)
    services.rechecks.sent(request.view_id)
    await services.investigations.resolve(number, root_cause=cause, workaround=workaround, by=request.user)
    return None


async def dismissed(request: Request, services: Services) -> Answer:
    number, reason = int(request.private_metadata), request.typed(REASON)
    await services.investigations.dismiss(number, reason=reason, by=request.user)
    return None


def resolve_check(request: Request, services: Services) -> dict[str, str]:
    """A root cause of spaces is none, and somebody may have been faster."""
    without = missing(request, {ROOT_CAUSE: "Say what it was, or what you think it was."})
    wrong = without or too_long(request, ROOT_CAUSE, WORKAROUND)
    return wrong or _too_late(request, services, Move.RESOLVE, ROOT_CAUSE)


def dismiss_check(request: Request, services: Services) -> dict[str, str]:
    wrong = missing(request, {REASON: "Say why, in a few words."}) or too_long(request, REASON)
    return wrong or _too_late(request, services, Move.DISMISS, REASON)


def _too_late(request: Request, services: Services, move: Move, block: str) -> dict[str, str]:
    """What was written stays in the form where the investigation went on meanwhile, or is with Tier 3 by now."""
    went_on = refused(block, lambda: services.investigations.get(int(request.private_metadata)).after(move))
    return went_on or _unasked(request, services, block)


def _resolving(services: Services, investigation: Investigation, cause: str, notice: Sequence[Block]) -> Block:
    return resolve_form(investigation, notice=notice, tier3=with_tier3(services, investigation.id), root_cause=cause)


def _ask(services: Services, number: int, move: Move, why: str, trouble: str) -> None:
    """Raises Question where a person should know something before it is closed."""
    investigation = services.investigations.get(number)
    investigation.after(move)
    tier3 = with_tier3(services, number)
    if tier3 or trouble:
        raise Clarification(not_closed(investigation, move, why, [trouble, f"{tier3}." if tier3 else ""]))


def _unasked(request: Request, services: Services, block: str) -> dict[str, str]:
    """Asks for the tick, by block, where it is with Tier 3 by now and the box is empty."""
    tier3 = with_tier3(services, int(request.private_metadata))
    if not tier3 or request.values.get(TIER3):
        return {}
    if TIER3 in request.values:
        return {TIER3: "Tick it, or leave it open until Tier 3 is done."}
    return {block: f"{tier3}, since you opened this form. Copy your words, and open the form again."}
