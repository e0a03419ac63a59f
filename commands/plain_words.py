"""What a person wrote in Slack, as people read it."""

from bot.slack.text import unescape
from commands.services import Services


async def said(text: str, services: Services) -> str:
    """Entities and links undone, and mentions as names: an id tells nobody anything in a card, an issue or a mail."""
    return unescape(await services.directory.readable(text))
