"""merge, unmerge, and their buttons: two investigations of one thing become one, and two again."""

from bot.errors import BadInput
from bot.investigations import merge_cards
from bot.slack.request import Answer, Request
from commands.services import Services
from commands.thread import named_first, thread_itself

_HERE = ("here", "into this", "into this one", "into here", "in here")
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
    return f"INV-{one} goes on in {survivor.name}. `unmerge INV-{one}` undoes it."


async def undo_button(request: Request, services: Services) -> Answer:
    await services.merges.undo(int(request.value), by=request.user)
    return None


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
