"""Answers to many customers: the card, the form, what became of it."""

from collections.abc import Mapping
from typing import Any

from bot.messages.model import Place
from bot.replies import cards, forms
from bot.replies.model import WAS_CORRECTED, ProblemState, Reply, ReplyState, Round, RoundState, Text, Then
from bot.replies.wording import to_put_right
from bot.tickets.answering import Difference, DifferenceKind, Doer, RefusalKind
from tests.words.plain import Message
from tests.words.records import LINK, at, ticket

TEXT = Text("en", "Good news: version 2.15 is out, and voice calls are stable again. Update the app to get it.")
WRONG = "What we wrote to you before was not right, and we are sorry. This is right:"
CORRECTING = Text("en", to_put_right(WRONG, TEXT.text))
GERMAN = Text("de", "Gute Nachrichten: Version 2.15 ist da.", macro_id=9, macro="Fix released (de)")


def reply(number: int, state: ReplyState = ReplyState.LISTED, **more: Any) -> Reply:
    about = ticket(number)
    values: dict[str, Any] = {"subject": about.subject, "url": about.url, "status": "open"}
    return Reply(about.ticket_id, state, **(values | {"wants": "en", "language": "en", "about": "KI-31"} | more))


def made(*replies: Reply, state: RoundState = RoundState.READY, **more: Any) -> Round:
    values: dict[str, Any] = {"purpose": "released", "texts": (TEXT,), "then": Then.SOLVED}
    values["values"] = {"version": "v2.15", "title": "Voice calls break up"}
    values |= more
    return Round(
        7, "k", stamp="s", state=state, place=Place("C1"), for_user="UKIM", opened_at=at(0), replies=replies, **values
    )


SENT, LEFT = reply(1, ReplyState.SENT), reply(2, ReplyState.WAITING)
CHANGED = reply(
    3,
    ReplyState.CHANGED,
    differences=(Difference(DifferenceKind.WROTE), Difference(DifferenceKind.STATUS, "solved", Doer.SOMEBODY)),
)
REFUSED = reply(4, ReplyState.FAILED, kind=RefusalKind.REFUSED, reason="422: a field is missing")
CLOSED = reply(5, ReplyState.FAILED, kind=RefusalKind.CLOSED)
CORRECTION: dict[str, Any] = {"purpose": "corrected", "corrects": 6, "texts": (CORRECTING,)}
APPROVED: dict[str, Any] = {"approved_by": "UKIM", "approved_at": at(3)}


PUT_OFF = (
    made(reply(1), reply(2), state=RoundState.PUT_OFF, **CORRECTION),
    made(reply(1), purpose="planned"),
)


def messages() -> Mapping[str, Message]:
    rounds = {
        "reading": made(state=RoundState.READING),
        "reading, Zendesk is away": made(reply(1), state=RoundState.READING, failing_since=at(1), failure="timed out"),
        "to be reviewed": made(reply(1), reply(2), reply(6, language="de", wants="fr")),
        "put off": made(reply(1), state=RoundState.PUT_OFF),
        "a plan": made(reply(1), reply(2), purpose="planned", then=Then.SOLVED),
        "of our own purpose": made(reply(1), purpose="outage over"),
        "running": made(SENT, LEFT, CHANGED, state=RoundState.RUNNING, **APPROVED),
        "stopped": made(SENT, LEFT, state=RoundState.STOPPED, stopped_by="UJO", **APPROVED),
        "ended": made(SENT, reply(6, ReplyState.SENT), state=RoundState.ENDED, **APPROVED),
        "ended, some changed and some refused": made(
            SENT, CHANGED, REFUSED, CLOSED, state=RoundState.ENDED, ended_at=at(9), run=2, **APPROVED
        ),
        "ended, the problem ticket stays open": made(
            SENT,
            state=RoundState.ENDED,
            problem_id=48400,
            problem_state=ProblemState.LEFT_OPEN,
            problem_note="these of its tickets are not solved: #48502",
            **APPROVED,
        ),
        "of a correction, to be reviewed": made(reply(1), reply(2), **CORRECTION),
        "of a correction, put off": made(reply(1), state=RoundState.PUT_OFF, **CORRECTION),
        "of a correction, running": made(SENT, LEFT, state=RoundState.RUNNING, **CORRECTION, **APPROVED),
        "of a correction, ended": made(
            SENT, reply(6, ReplyState.SENT), state=RoundState.ENDED, **CORRECTION, then=Then.OPENED, **APPROVED
        ),
        "told, and no longer true": made(
            SENT, reply(6, ReplyState.SENT), state=RoundState.ENDED, note="app#12 is open again", **APPROVED
        ),
        "stopped, and no longer true": made(
            SENT, LEFT, state=RoundState.STOPPED, note="app#12 is open again", **APPROVED
        ),
        "no longer true": made(reply(1), note="The release was taken back."),
    }
    listed: dict[str, Message] = {f"Round, {name}": cards.card(each) for name, each in rounds.items()}
    corrected = made(SENT, reply(6, ReplyState.SENT), state=RoundState.ENDED, note=WAS_CORRECTED, **APPROVED)
    first, second = (each.ticket_id for each in corrected.replies)
    listed["Round, its correction waits"] = cards.card(corrected, corrected={first: False, second: False})
    listed["Round, corrected"] = cards.card(corrected, corrected={first: True, second: False})
    listed["Round, one is not in its correction"] = cards.card(corrected, corrected={first: True})
    listed["Form: review of a correction"] = forms.review_form(made(reply(1), **CORRECTION))
    listed["Round, others look alike"] = cards.card(rounds["to be reviewed"], alike=39)
    for name in ("ended", "ended, some changed and some refused"):
        listed[f"Report, {name}"] = cards.report(rounds[name])
        listed[f"Words, {name}"] = [
            cards.outcome(rounds[name]),
            cards.news(rounds[name]),
            *cards.changed_lines(rounds[name]),
        ]
    listed["Lines of /t2 status"] = cards.waiting(PUT_OFF, {7: LINK})
    listed["Words, not confirmed"] = [cards.unconfirmed(1), cards.unconfirmed(39)]
    listed["Form: review"] = forms.review_form(rounds["to be reviewed"], alike=39)
    listed["Form: review, two languages"] = forms.review_form(
        made(reply(1), reply(2, language="de", wants="de"), texts=(TEXT, GERMAN), problem_id=48400)
    )
    listed["Form: review, going wrong again"] = forms.review_form(
        made(reply(1)),
        [{"type": "section", "text": {"type": "mrkdwn", "text": ":red_circle: Still failing: 2 alerts."}}],
    )
    return listed | _differences()


def _differences() -> dict[str, Message]:
    """What others can do to a ticket, each as its line says it."""
    now = {
        DifferenceKind.STATUS: ("hold", "solved"),
        DifferenceKind.ASSIGNEE: ("", "7"),
        DifferenceKind.GROUP: ("", "7"),
        DifferenceKind.REQUESTER: ("", "7"),
        DifferenceKind.PROBLEM: ("", "48400"),
        DifferenceKind.TAGGED: ("vip",),
        DifferenceKind.UNTAGGED: ("vip",),
    }
    cases = {
        kind: [cards.changes([Difference(kind, text)]) for text in now.get(kind, ("",))] for kind in DifferenceKind
    }
    return {"What changed in a ticket": [line for lines in cases.values() for line in lines]}
