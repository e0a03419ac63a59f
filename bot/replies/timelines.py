"""What a round of replies leaves on the timelines of the investigations that its tickets belong to."""

from collections import defaultdict

from attrs import define

from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.investigations.updates import UpdateService
from bot.names import few_named
from bot.replies.model import Reply, ReplyState, Round, Then
from bot.tickets.service import TicketService

TICKETS_TOLD = 20


@define(kw_only=True, eq=False, repr=False, slots=False)
class Timelines:
    """Each investigation is told about its own tickets.

    What was solved is solved here too: nobody looks for the tickets of an investigation that has ended.
    """

    _investigations: InvestigationService
    _tickets: TicketService
    _updates: UpdateService

    def answered(self, reply_round: Round, reply: Reply) -> None:
        """What this customer was told is said so far; all of a round are one entry (in the reply's transaction).

        Of a macro it is the name: its words are filled in for each customer, and only theirs.
        """
        text, number = reply_round.text_for(reply), reply.investigation_id
        if text and number:
            source = f"round/{reply_round.id}"
            corrects = f"round/{reply_round.corrects}" if reply_round.corrects is not None else ""
            words = text.text if text.macro_id is None else text.macro
            self._updates.customer_told(number, words, by=reply_round.approved_by, source=source, corrects=corrects)

    def told(self, ended: Round) -> None:
        """In the transaction that ends the round."""
        answered = [reply.ticket_id for reply in ended.having(ReplyState.SENT)]
        if ended.then is Then.SOLVED:
            self._tickets.solved(answered)
        if ended.then is Then.OPENED:
            self._tickets.opened(answered)
        for number, text in timeline_lines(ended).items():
            self._investigations.record_event(number, EventKind.TOLD, by=ended.approved_by, text=text)


def timeline_lines(ended: Round) -> dict[int, str]:
    """By investigation: how many of its tickets were answered, and which."""
    answered: dict[int, list[int]] = defaultdict(list)
    chosen: dict[int, int] = defaultdict(int)
    for reply in ended.chosen:
        if reply.investigation_id:
            chosen[reply.investigation_id] += 1
            answered[reply.investigation_id] += [reply.ticket_id] if reply.state is ReplyState.SENT else []
    return {number: _line(answered[number], count, ended.purpose) for number, count in chosen.items()}


def _line(answered: list[int], count: int, purpose: str) -> str:
    listed = few_named(answered, TICKETS_TOLD, name="#{}".format)
    return f"answered ({purpose}) {len(answered)} of {count}" + (f": {listed}" if listed else "")
