"""Help: `/t2 help`, `@secondline help`, and the buttons that show more of it."""

from bot.slack.request import Answer, Request
from commands import help_cards, known
from commands.grammar import EXAMPLES
from commands.services import Services
from commands.usage import MORE_WORDS, SLASH


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Slash and mention: six verbs, or all of it by `help all`."""
    if rest.strip().lower() in ("all", "everything", "commands"):
        return await everything_button(request, services)
    return help_cards.six(services.bot_name)


async def probes_button(request: Request, services: Services) -> Answer:
    return help_cards.probes(services.bot_name, services.probes.measured)


async def known_button(request: Request, services: Services) -> Answer:
    return await known.words(request, services, "")


async def thread_button(request: Request, services: Services) -> Answer:
    return help_cards.thread_words(services.bot_name, EXAMPLES)


async def others_button(request: Request, services: Services) -> Answer:
    return help_cards.others(services.bot_name, EXAMPLES)


async def everything_button(request: Request, services: Services) -> Answer:
    kinds = ", ".join(services.probes.measured)
    usages = {usage: what.format(kinds=kinds) for usage, what in SLASH.items()}
    return help_cards.everything(services.bot_name, usages, (*EXAMPLES.values(), *MORE_WORDS))
