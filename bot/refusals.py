"""What Slack will never take is told to the person whose action owed it."""

from bot.messages.model import Place, Refusal
from bot.messages.owed import Owed
from bot.slack.text import escape, place


def tell_refusal(owed: Owed, refusal: Refusal) -> None:
    """A direct message, once per refused message; a refused direct message stays in `/t2 status` only."""
    if not refusal.for_user or refusal.channel == refusal.for_user:
        return
    text = f":warning: Slack did not take a message for {place(refusal.channel)}: {escape(refusal.reason)}."
    owed.text(f"refusal/{refusal.key}", text=text, place=Place(refusal.for_user), for_user="")
