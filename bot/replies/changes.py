"""What others did to a ticket since its answer was approved, in words. Pure."""

from collections.abc import Sequence

from bot.slack.text import foreign
from bot.tickets.meanwhile import Difference, Doer, Kind

_PLAIN = {
    Kind.WROTE: "the customer wrote again",
    Kind.ANSWERED: "somebody wrote to the customer",
    Kind.UNCONFIRMED: "no longer confirmed",
}
_STATUS = {"new": "new again", "open": "open again", "hold": "on hold", "pending": "waits for the customer"}


def changes(found: Sequence[Difference]) -> str:
    """ "the customer wrote again, tagged vip"; that a ticket opens by what its customer writes is one of them."""
    wrote = any(each.kind is Kind.WROTE for each in found)
    told = [each for each in found if not (wrote and each.kind is Kind.STATUS and each.now == "open")]
    return ", ".join(map(_words, told)) or "changed"


def _status(found: Difference, now: str) -> str:
    if found.now in _STATUS:
        return _STATUS[found.now]
    by = {Doer.CUSTOMER: "by the customer", Doer.SOMEBODY: "by somebody else"}
    return f"{now} {by.get(found.by, 'by now')}"


def _words(found: Difference) -> str:
    if found.kind in _PLAIN:
        return _PLAIN[found.kind]
    now = foreign(found.now, 100)
    match found.kind:
        case Kind.STATUS:
            return _status(found, now)
        case Kind.ASSIGNEE:
            return "assigned to somebody else" if now else "assigned to nobody"
        case Kind.REQUESTER:
            return "it has another customer now" if now else "its customer was deleted"
        case Kind.GROUP:
            return "given to another group" if now else "taken from its group"
        case Kind.PROBLEM:
            return f"linked to problem #{now}" if now else "no longer linked to its problem"
        case Kind.TAGGED:
            return f"tagged {now}"
        case _:
            return f"tag {now} removed"
