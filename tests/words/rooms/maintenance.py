"""Planned maintenance, and the check of everything when it ends."""

from collections.abc import Mapping
from dataclasses import replace

from bot.maintenance import cards, sweep_cards
from bot.maintenance.model import Change, ChangeKind, Maintenance, Phase, ShownMaintenance, ShownSweep
from bot.maintenance.sweep_model import Outcome, Reason, Since, SmokeResult, SmokeRow, SmokeSweep
from tests.words.plain import Message
from tests.words.records import NOW, at

TITLES = ("U.S. East", "U.S. West")
PLANNED = Maintenance(
    3,
    ("us-east", "us-west"),
    Phase.PLANNED,
    at(60),
    at(150),
    "C1",
    NOW,
    why="new kernel",
    planned_by="UKIM",
)
GOING = replace(PLANNED, phase=Phase.GOING, begins_at=at(-10))
OF_PAGE = replace(GOING, planned_by="", page="page/public", page_id="m1", url="https://status.test/m1")
OVER = replace(GOING, phase=Phase.OVER, ended_at=at(0), sweep_id=1)
SWEEP = SmokeSweep(1, "new kernel", Reason.MAINTENANCE, ("us-east", "us-west"), "C1", NOW, maintenance_id=3)
FAILS = SmokeRow("us-west", "U.S. West", Outcome.FAILING, "port 443 refused", Since.NEW, at(-90), 8)
FINE = SmokeRow("us-east", "U.S. East", Outcome.FINE, "", Since.SAME, at(-90), 7)


def messages() -> Mapping[str, Message]:
    return {**_cards(), **_sweeps()}


def _cards() -> Mapping[str, Message]:
    def shown(maintenance: Maintenance, *rows: SmokeRow, late: bool = False) -> ShownMaintenance:
        sweep = swept(*rows) if maintenance.sweep_id else None
        return ShownMaintenance(maintenance, TITLES, sweep, late)

    changes = tuple(Change(kind, at(-5), "UJO", at(180)) for kind in ChangeKind)
    called_off = replace(PLANNED, phase=Phase.CANCELLED, ended_at=NOW, changes=changes[-1:])
    states = {
        "planned": shown(PLANNED),
        "going on": shown(GOING),
        "going on, of a status page": shown(OF_PAGE),
        "going on, longer than planned": shown(replace(OF_PAGE, ends_at=at(-1), stage="in_progress"), late=True),
        **{f"going on, {change.kind}": shown(replace(GOING, changes=(change,))) for change in changes[:4]},
        "over, being checked": shown(OVER),
        "over, all fine": shown(OVER, FINE, replace(FINE, target="us-west", title="U.S. West")),
        "over, something fails": shown(replace(OVER, changes=changes[4:5]), FAILS, FINE),
        "over, not checked": shown(replace(OVER, sweep_id=None)),
        "called off": shown(called_off),
    }
    return {
        **{f"Maintenance, {name}": cards.card(state) for name, state in states.items()},
        "List of maintenances": cards.listing([shown(GOING), shown(PLANNED)]),
        "List of maintenances, empty": cards.listing([]),
        "Beside a probe": [cards.during_words(each) for each in (GOING, OVER)],
        "Answers to changes": [cards.told(each) for each in (GOING, OVER, called_off)],
    }


def swept(*rows: SmokeRow, asked: int = 2, reason: Reason = Reason.MAINTENANCE) -> ShownSweep:
    by = "UKIM" if reason is Reason.ASKED else ""
    result = SmokeResult(rows) if rows else None
    sweep = replace(SWEEP, reason=reason, requested_by=by, result=result, ended_at=at(1) if rows else None)
    return ShownSweep(sweep, TITLES, asked, asked if rows else 1)


def _sweeps() -> Mapping[str, Message]:
    many = tuple(replace(FAILS, target=f"gw-{n}", title=f"Gateway {n}") for n in range(9))
    results = {
        "all fine": swept(FINE, replace(FINE, title="U.S. West", since=Since.AGAIN_FINE)),
        "one fails": swept(FAILS, FINE),
        "one still fails": swept(replace(FAILS, since=Since.STILL), FINE, reason=Reason.OUTAGE),
        "one target, fine": swept(FINE),
        "one target, fails": swept(replace(FAILS, since=Since.FIRST, before_at=None)),
        "many fail": swept(*many, *(replace(FINE, title=f"Gateway {n}") for n in range(9, 15))),
        "not measured": swept(
            replace(FAILS, outcome=Outcome.UNMEASURED, words="no answer from the resolver", since=Since.FIRST),
            FINE,
            SmokeRow("app", "The app", Outcome.BY_HAND),
        ),
        "only people can try it": swept(SmokeRow("app", "The app", Outcome.BY_HAND)),
        "running": swept(reason=Reason.ASKED),
    }
    return {
        **{f"Smoke check, {name}": sweep_cards.card(each) for name, each in results.items()},
        "Details of a smoke check": sweep_cards.details(
            swept(FAILS, replace(FINE, since=Since.AGAIN_FINE), SmokeRow("app", "The app", Outcome.BY_HAND))
        ),
        "Details of a smoke check, running": sweep_cards.details(swept()),
        "Durations of maintenance": [sweep_cards.listed_titles(["U.S. East"] * n) for n in (1, 2, 3, 5)],
        "Marks of a smoke check": [f"{sweep_cards.mark(each)} with words" for each in (swept(), swept(FAILS))],
        "Summaries": [sweep_cards.summary(SmokeResult(rows)) for rows in ((FINE,), (FAILS, FINE), (FAILS,))],
    }
