"""Who waits for whom between us and vendors, in words. Pure."""

from collections.abc import Sequence

from bot.investigations.above import FOR_US, VendorTurn, WithVendor
from bot.slack.text import clock_time, foreign

_MARKS = {
    VendorTurn.WAITING: ":hourglass:",
    VendorTurn.OURS: ":point_right:",
    VendorTurn.SENDING: ":email:",
    VendorTurn.UNKNOWN: ":grey_question:",
    VendorTurn.STUCK: ":warning:",
    VendorTurn.BY_HAND: ":clipboard:",
}


def standing(now: WithVendor) -> str:
    """ "Waiting for Telia since 10:12, ref 4711"."""
    title, since = foreign(now.title), clock_time(now.since)
    return {
        VendorTurn.WAITING: f"Waiting for {_since(now)}",
        VendorTurn.OURS: f"{title} has waited for us since {since}{_reference(now)}",
        VendorTurn.SENDING: f"The mail to {title} is on its way since {since}",
        VendorTurn.UNKNOWN: f"Nobody knows whether the mail to {title} arrived",
        VendorTurn.STUCK: f"The mail to {title} did not go out",
        VendorTurn.BY_HAND: f"The text for {title} waits to be sent since {since}",
    }[now.turn]


def line(now: WithVendor) -> str:
    """On a card."""
    return f"{_MARKS[now.turn]} {standing(now)}"


def to_do(vendors: Sequence[WithVendor]) -> str:
    """What somebody here has to do next for one of them; "" where it is their turn."""
    ordered = sorted((each for each in vendors if each.turn in FOR_US), key=lambda each: FOR_US.index(each.turn))
    if not ordered:
        return ""
    first, title = ordered[0], foreign(ordered[0].title)
    return {
        VendorTurn.UNKNOWN: f"say whether the mail to {title} arrived",
        VendorTurn.STUCK: f"send the mail to {title} another way: it did not go out",
        VendorTurn.BY_HAND: f"send the text to {title}, then say that you did",
        VendorTurn.OURS: f"answer {title}, who has waited since {clock_time(first.since)}{_reference(first)}",
    }[first.turn]


def awaited(vendors: Sequence[WithVendor]) -> str:
    """Whom we wait for and since when; "" for nobody."""
    waiting = [_since(each) for each in vendors if each.turn is VendorTurn.WAITING]
    sending = [foreign(each.title) for each in vendors if each.turn is VendorTurn.SENDING]
    if waiting:
        return f"waiting for {', and '.join(filter(None, (', '.join(waiting[:-1]), waiting[-1])))}"
    return f"the mail to {' and '.join(sending)} is on its way" if sending else ""


def _since(now: WithVendor) -> str:
    return f"{foreign(now.title)} since {clock_time(now.since)}{_reference(now)}"


def _reference(now: WithVendor) -> str:
    return f", ref {foreign(now.reference, 60)}" if now.reference else ""
