"""caused, same, related, unrelate, and their form: what an investigation has to do with another one."""

from bot.errors import BadInput
from bot.investigations.relation_cards import BOND, HOW, OTHER, relate_form
from bot.investigations.relation_model import Bond, ToRelate
from bot.slack.request import Answer, Request
from commands.inputs import refused, said
from commands.services import Services
from commands.thread import around_last_name, named_first, names_in, thread_of

_AROUND = " \t\n.!,:;"
_BY = ("by ", "from ")
_JOINS = ("to ", "with ", "and ", "by ", "from ", "in ")
_AS = (" as", " like", " with")


async def caused_words(request: Request, services: Services, rest: str) -> Answer:
    """`caused by INV-12` in a thread, `INV-3 caused by INV-12` anywhere; `caused INV-4` is the other way round."""
    first, more = named_first(rest)
    words = more if first is not None else rest
    by = words.lstrip(_AROUND).lower().startswith(_BY)
    second, how = named_first(_without(words, _BY) if by else words)
    bond = Bond.CAUSE if by else Bond.EFFECT
    if second is None and not by:
        first, second, how = None, first, more
    return await _relate(request, services, (first, second), bond, how, "caused by INV-12")


async def same_words(request: Request, services: Services, rest: str) -> Answer:
    """`same transit as INV-12`: what both have is said in the person's own words."""
    names, what, more = around_last_name(rest)
    what = what.strip(_AROUND)
    for end in _AS:
        what = what.removesuffix(end)
    pair = (names[0], names[1]) if len(names) > 1 else (None, names[0] if names else None)
    how = ", ".join(filter(None, (f"same {what}" if what else "", more.strip(_AROUND))))
    return await _relate(request, services, pair, Bond.RELATED, how, "same transit as INV-12")


async def related_words(request: Request, services: Services, rest: str) -> Answer:
    """`related to INV-12 both began after the release`; what both have in common may be left out."""
    first, more = named_first(_without(rest, _JOINS))
    second, how = named_first(_without(more, _JOINS))
    pair = (first, second) if second is not None else (None, first)
    words = how if second is not None else more
    return await _relate(request, services, pair, Bond.RELATED, words, "related to INV-12")


async def unrelate_words(request: Request, services: Services, rest: str) -> Answer:
    """`unrelate INV-12` takes back what was said of the two."""
    names, _ = names_in(rest)
    pair = (names[0], names[1]) if len(names) > 1 else (None, names[0] if names else None)
    one, other = _both(request, services, pair, "unrelate INV-12")
    await services.relations.unrelate(one, other, by=request.user)
    return None


async def open_form(request: Request, services: Services) -> Answer:
    """The form that asks for the other one."""
    await services.people.require_tier2(request.user)
    relations, investigation = services.relations, services.investigations.survivor(int(request.value))
    others = [(other, services.catalog.named(other.target).title) for other in relations.possible(investigation.id)]
    if not others:
        raise BadInput(f"There is no other investigation that {investigation.name} could have to do with.")
    await services.conversation.show_form(request, relate_form(investigation, others))
    return None


async def related(request: Request, services: Services) -> Answer:
    wanted = _wanted(request)
    if not await services.relations.relate(wanted, by=request.user):
        return "That was said already."
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was chosen stays in the form where it can't be saved."""
    return refused(BOND, lambda: services.relations.check(_wanted(request)))


def _wanted(request: Request) -> ToRelate:
    bond, other = Bond(request.typed(BOND)), int(request.typed(OTHER))
    return ToRelate(int(request.private_metadata), other, bond, request.typed(HOW).strip())


async def _relate(
    request: Request, services: Services, pair: tuple[int | None, int | None], bond: Bond, how: str, example: str
) -> Answer:
    one, other = _both(request, services, pair, example)
    typed = (await said(how, services)).strip(_AROUND)
    await services.relations.relate(ToRelate(one, other, bond, typed), by=request.user)
    return None


def _both(request: Request, services: Services, pair: tuple[int | None, int | None], example: str) -> tuple[int, int]:
    """The first one is that of the thread where it is not named. Raises BadInput."""
    one, other = pair
    if other is None:
        raise BadInput(f"Say which other one: `{example}`.")
    here = one if one is not None else thread_of(request, services)
    if here is None:
        raise BadInput(f"Say which two: `INV-3 {example}`.")
    return here, other


def _without(text: str, words: tuple[str, ...]) -> str:
    """A text without the word that joins it to what stands before."""
    stripped = text.lstrip(_AROUND)
    return stripped.partition(" ")[2] if stripped.lower().startswith(words) else stripped
