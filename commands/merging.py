"""merge, unmerge, and their buttons: two investigations of one thing become one, and two again."""

from bot.errors import BadInput, SecondLineError
from bot.investigations import merge_cards
from bot.investigations.merge_model import MergeChoice
from bot.investigations.model import Investigation
from bot.messages.model import Block
from bot.slack.request import Answer, Request
from bot.slack.text import escape
from commands.inputs import refused
from commands.services import Services
from commands.thread import named_first, thread_itself

_HERE = (
    "here",
    "into this",
    "into this one",
    "into here",
    "in here",
    "in this thread",
    "into this thread",
    "with this",
)
_END = " \t\n.!,:"


async def merge_words(request: Request, services: Services, rest: str) -> Answer:
    """`merge INV-3`: this one goes on in INV-3. `merge INV-5 into INV-3` anywhere, `merge INV-5 here` in a thread.

    It is done by the button of the answer, which says what would go where.
    """
    await services.people.require_tier2(request.user)
    one, into = _meant(request, services, rest)
    return merge_cards.plan(services.merges.plan(one, into))


async def unmerge_words(request: Request, services: Services, rest: str) -> Answer:
    """`unmerge` in the thread that was merged, `unmerge INV-5` anywhere."""
    named, _ = named_first(rest)
    number = named or thread_itself(request, services)
    if number is None:
        raise BadInput("Say which one goes on by itself again: `unmerge INV-5`.")
    await services.merges.undo(number, by=request.user)
    return None


async def merge_button(request: Request, services: Services) -> Answer:
    one, _, into = request.value.partition(" ")
    survivor = await services.merges.merge(int(one), int(into), by=request.user)
    if thread_itself(request, services) in (int(one), int(into), survivor.id):
        return None  # which says so itself
    return f"INV-{one} goes on in {survivor.name}. `unmerge INV-{one}` undoes it."


async def open_form(request: Request, services: Services) -> Answer:
    """The form that asks for the other one."""
    await services.people.require_tier2(request.user)
    one = services.investigations.require_live(int(request.value))
    if not services.merges.others(one.id):
        raise BadInput(f"{one.name} is the only one that is open.")
    await services.conversation.show_form(request, _form(services, one, MergeChoice(), ""))
    return None


async def picked(request: Request, services: Services) -> Answer:
    """What would go where, as soon as both are chosen, or why it can't be done."""
    one, chosen = services.investigations.get(int(request.private_metadata)), _chosen(request)
    form = _form(services, one, chosen, _preview(services, chosen.pair(one.id)))
    await services.conversation.update_form(request.view_id, form)
    return None


async def merged(request: Request, services: Services) -> Answer:
    """The card on which the form was opened shows what became of it."""
    pair = _chosen(request).pair(int(request.private_metadata))
    if not pair:
        raise BadInput("Choose the other one.")
    await services.merges.merge(*pair, by=request.user)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was chosen stays in the form where it can't be done."""
    pair = _chosen(request).pair(int(request.private_metadata))
    if not pair:
        return {merge_cards.OTHER: "Choose the other one."}
    return refused(merge_cards.OTHER, lambda: services.merges.plan(*pair))


def _form(services: Services, one: Investigation, chosen: MergeChoice, preview: str) -> Block:
    others = [(other, services.merges.title(other)) for other in services.merges.others(one.id)]
    return merge_cards.merge_form(one, others, chosen=chosen, preview=preview)


def _preview(services: Services, pair: tuple[int, int] | None) -> str:
    if not pair:
        return ""
    try:
        return merge_cards.brought(services.merges.plan(*pair))
    except SecondLineError as error:
        return escape(error.sentence)


def _chosen(request: Request) -> MergeChoice:
    other = request.typed(merge_cards.OTHER)
    return MergeChoice(int(other) if other else None, request.typed(merge_cards.WAY) == merge_cards.INTO_THIS)


def _meant(request: Request, services: Services, rest: str) -> tuple[int, int]:
    """Which one, and in which it goes on."""
    first, more = named_first(rest)
    here = thread_itself(request, services)
    if first is None:
        raise BadInput("Say in which one this goes on: `merge INV-3`.")
    if more.lower().strip(_END) in _HERE and here is not None:
        return first, here
    second, _ = named_first(_after_into(more))
    if second is not None:
        return first, second
    if here is None:
        raise BadInput("Say which one goes on in which: `merge INV-5 into INV-3`.")
    return here, first


def _after_into(words: str) -> str:
    stripped = words.lstrip(_END)
    return stripped.partition(" ")[2] if stripped.lower().startswith(("into ", "in ", "with ", "and ")) else stripped
