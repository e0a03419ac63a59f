"""What people see of an investigation: its card, its thread, its forms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.investigations import (
    cards,
    correction_cards,
    forms,
    merge_cards,
    more_cards,
    move_cards,
    recheck_cards,
    relation_cards,
    update_cards,
    update_forms,
)
from bot.investigations.above import Above, Tier3, Told, VendorTurn, WithVendor
from bot.investigations.card import card, move_label
from bot.investigations.correction_model import ToldBefore
from bot.investigations.merge_model import Brought, Merge, MergeChoice, MergePlan
from bot.investigations.model import EventKind, Move, State
from bot.investigations.overview import Overview
from bot.investigations.recheck_model import Rechecked, RecheckProgress
from bot.investigations.relation_model import Bond, Neighbour, RelationKind, bond_words, bonds_listed, said_of
from bot.investigations.teams import Moved, TeamName
from bot.investigations.update_model import Audience, Said, Update, Via, Words
from bot.known_issues.model import Link, LinkVerdict, Suggestion
from bot.messages.model import Content
from bot.probes.batch import RunState
from bot.status.model import Level
from tests.fake_probe import verdict
from tests.words.plain import Message
from tests.words.records import (
    AGE,
    COLLECTED,
    DOWN,
    EARLIER,
    KNOWN,
    LINK,
    NOW,
    OPEN,
    RESOLVED,
    SOURCE,
    TARGETS,
    US_EAST,
    US_WEST,
    WATCH,
    at,
    bare,
    batch,
    event,
    overview,
    run,
)

ANSWERED = Told(6, at(60))
SUGGESTED = Suggestion(Link(4, KNOWN.id, LinkVerdict.SUGGESTED, "", NOW, 3), KNOWN, AGE)
ESCALATED = event(EventKind.ESCALATED, 10)
ACKNOWLEDGED = event(EventKind.ACKNOWLEDGED, 16, by="ULENA", about="UKIM")
ALL_EVENTS = tuple(
    replace(event(kind, number), about="UJO", text="words") if kind is not EventKind.OPENED else event(kind, number)
    for number, kind in enumerate(EventKind)
)
MOVED = event(EventKind.MOVED, 25, by="UJO", text="to T2 CS", id=8)
TOOK_PART = (event(EventKind.OPENED, 1, id=1), event(EventKind.JOINED, 3, by="UANA", id=2))
MOVE = Moved(1, 4, at(25), "UJO", "t2-cs", "C2", "C1", "UKIM", "Only customers on Android.", "<!subteam^SCS>")
TECH, CS = TeamName("t2-tech", "T2 Tech"), TeamName("t2-cs", "T2 CS")
UPDATE = Update(1, 4, at(30), "UKIM", Audience.BOTH, "The provider is on it.\nNext news at 11.")
CORRECTED = (
    event(EventKind.NOTE, 20, text="Only customers of one provider.", id=5, corrected_at=at(55), corrected_by="UKIM"),
    event(EventKind.NOTE, 21, by="UJO", text="Only on Android.", id=6, corrected_at=at(56), corrected_by="UKIM"),
    event(EventKind.NOTE, -8, text="The provider confirmed it.", id=7, entered_at=at(40)),
)
TAKEN_OFF = tuple(
    event(EventKind.NOTE, 22, by=by, text="x", id=8, withdrawn_at=at(57), withdrawn_by="UKIM", withdrawn_why=why)
    for by, why in (("UKIM", "wrong customer"), ("UJO", "It is about INV-3"))
)
ADVICE = Said(2, 4, at(31), "UKIM", Via.TIER1, "U.S. East is being mended.\nUse U.S. West for now.")
PHONE = Said(3, 4, at(40), "UJO", Via.PHONE, "Use U.S. West for now.")
UNOWNED = replace(OPEN, owner=None, claimed_at=None)
CLOSED = replace(OPEN, **RESOLVED)
DISMISSED = replace(OPEN, state=State.DISMISSED, closed_by="UKIM", closed_at=at(20), reason="One office's own router.")
ESCALATED_ONCE = replace(OPEN, state=State.ESCALATED)
WAITING = replace(OPEN, state=State.ESCALATED, helpers=("UJO",))

TELIA = WithVendor("Telia", VendorTurn.WAITING, at(12), "TEL-4711")
STRIPE = WithVendor("PayNow", VendorTurn.OURS, at(20))


def messages() -> Mapping[str, Message]:
    return {**_cards(), **_answers(), **_notices(), **_forms(), **_rechecks(), **_merges(), **_relations()}


CAUSE = Neighbour(1, Bond.CAUSE, 3, "U.S. West", State.ESCALATED)
EFFECT = Neighbour(2, Bond.EFFECT, 7, "The app", State.OPEN)
RELATED = Neighbour(3, Bond.RELATED, 8, "The website", State.RESOLVED, "same transit")


def _relations() -> Mapping[str, Message]:
    """What it has to do with others that stay their own."""
    west = replace(OPEN, id=3, target="us-west")
    over, dropped = replace(west, **RESOLVED), replace(west, state=State.DISMISSED)
    around, merged = overview(neighbours=(CAUSE, EFFECT, RELATED)), replace(OPEN, id=5, merged_into=4)
    name = "Relation: what caused it"
    gone, ended = replace(CAUSE, state=State.RESOLVED), overview(CLOSED)
    nothing = overview(UNOWNED, neighbours=())
    return {
        "Card, it has to do with others": card(around),
        "Card, it has to do with many": card(overview(neighbours=(CAUSE, EFFECT, RELATED, RELATED, RELATED))),
        "Card, what caused it is open": card(overview(ESCALATED_ONCE, ESCALATED, ACKNOWLEDGED, neighbours=(CAUSE,))),
        "Card, what caused it is resolved": card(overview(neighbours=(gone,))),
        "What is open, and has to do with others": cards.listing(
            [(OPEN, US_EAST, LINK)], {OPEN.id: relation_cards.bonds_line((CAUSE, RELATED))}
        ),
        "Relation: as the timeline says it": [
            said_of(RelationKind.CAUSED_BY, "INV-4 U.S. East", "INV-3 U.S. West", ""),
            said_of(RelationKind.RELATED, "INV-4 U.S. East", "INV-8 The website", "same transit"),
        ],
        "Relation: in words": bonds_listed((CAUSE, EFFECT, RELATED, RELATED)),
        "Relation: one of them": bond_words(RELATED),
        f"{name} is resolved": relation_cards.cause_ended(overview(), over, "U.S. West", stands=True),
        f"{name} is resolved, so was this": relation_cards.cause_ended(ended, over, "U.S. West", stands=True),
        f"{name} is no trend": relation_cards.cause_ended(overview(), dropped, "U.S. West", stands=True),
        f"{name} was reopened": relation_cards.cause_ended(overview(), west, "U.S. West", stands=True),
        f"{name}, and did not": relation_cards.cause_ended(overview(), over, "U.S. West", stands=False),
        "Form: relate": relation_cards.relate_form(OPEN, [(west, "U.S. West"), (CLOSED, "U.S. East")]),
        "Form: merge": merge_cards.merge_form(OPEN, [(west, "INV-3 U.S. West")], chosen=MergeChoice(), preview=""),
        "Form: merge, with what goes where": merge_cards.merge_form(
            OPEN,
            [(west, "INV-3 U.S. West")],
            chosen=MergeChoice(3, into_this=True),
            preview=merge_cards.brought(MergePlan(west, OPEN, "U.S. West", "U.S. East", 12, 4, 3, 2)),
        ),
        "Form: more": more_cards.more_sheet(
            more_cards.MoreToDo(around, [(merged, "INV-5 U.S. West")], move_label((CS,)))
        ),
        "Form: more, it has nobody and is the only one": more_cards.more_sheet(
            more_cards.MoreToDo(nothing, move_label=move_label((TECH, CS)), others=False)
        ),
    }


def _cards() -> Mapping[str, Message]:
    down = replace(WATCH, failing_since=at(-4), failure="timed out")
    running = batch(replace(run(1, "ping"), state=RunState.RUNNING, result=None), state=RunState.RUNNING)
    return {
        "Card, just opened, nobody's": card(bare(UNOWNED)),
        "Card, claimed, everything is being looked up": card(
            bare(OPEN, collected=replace(COLLECTED, watch=replace(WATCH, total=None), tickets=()), batches=(running,))
        ),
        "Card, something of everything": card(overview(known=(KNOWN,), earlier=EARLIER)),
        "Card, Zendesk and the tracker don't answer": card(
            overview(collected=replace(COLLECTED, watch=down), known=(KNOWN,), ages=(DOWN,))
        ),
        "Card, nothing is wrong": card(
            bare(batches=(batch(run(1, "ping"), run(2, "mtr"), run(3, "ping", step="control")),))
        ),
        "Card, nothing could be measured": card(bare(batches=(batch(run(1, "payment", barred="no key")),))),
        "Card, the playbook was interrupted": card(bare(batches=(batch(state=RunState.INTERRUPTED),))),
        "Card, to be tried by hand": card(bare(batches=(batch(by_hand="try it on a device"),))),
        "Card, escalated": card(overview(WAITING, ESCALATED)),
        "Card, more customers than usual write": card(
            overview(), Above(rise_words="31 customers wrote in the last hour; 4 is usual")
        ),
        "Card, acknowledged": card(overview(WAITING, ESCALATED, ACKNOWLEDGED)),
        "Card, handed off": card(
            overview(replace(OPEN, state=State.HANDED_OFF), ESCALATED, ACKNOWLEDGED, known=(KNOWN,)),
            Above(Tier3.TRIAGE, "Tier 3: P2 Standard, hotfix, waits for triage. Open, nobody assigned."),
        ),
        "Card, the fix is out and customers are being told": card(
            overview(replace(OPEN, state=State.HANDED_OFF), known=(KNOWN,)),
            Above(Tier3.RELEASED, "Tier 3: P2 Standard, hotfix, accepted by triage. Released in 2.15.", told=ANSWERED),
        ),
        "Card, with a vendor": card(
            overview(replace(OPEN, state=State.HANDED_OFF), ESCALATED, ACKNOWLEDGED),
            Above(vendors=(TELIA,), has_vendors=True),
        ),
        "Card, with a vendor, management is asked": card(
            overview(WAITING, ESCALATED), Above(vendors=(TELIA, STRIPE), has_vendors=True)
        ),
        "Card, moved, and there is another team": card(overview(UNOWNED, MOVED)),
        "Card, customers were told by phone": card(overview(words=Words((UPDATE,), (ADVICE, PHONE)))),
        "Card, customers were answered, then called": card(overview(words=Words((), (PHONE,))), Above(told=ANSWERED)),
        "Card, it may be known": card(overview(suggested=SUGGESTED)),
        "Card, its page is served": card(overview(), Above(page="https://t2.acme.test/investigations/4")),
        "Card, resolved": card(overview(CLOSED, ESCALATED, ACKNOWLEDGED, known=(KNOWN,))),
        "Card, resolved, and a tracker has the issue": card(
            overview(CLOSED, ESCALATED, ACKNOWLEDGED, known=(KNOWN,)), Above(wants_story=True)
        ),
        "Card, resolved, the escalation had no answer": card(overview(CLOSED, ESCALATED)),
        "Card, dismissed": card(overview(DISMISSED)),
    }


def _merges() -> Mapping[str, Message]:
    """One goes on in another, and comes out of it again."""
    merged = event(EventKind.MERGED, 30, by="UJO", text="INV-5 U.S. West into INV-4 U.S. East", id=9)
    one = Overview(
        replace(OPEN, id=5, target="us-west", state=State.MERGED, merged_into=4), US_WEST, (merged,), None, ()
    )
    took_part = replace(one, events=(*TOOK_PART, merged))
    merge = Merge(1, 5, 4, at(30), "UJO", Brought((7,), ("UANA", "UTOM")), at(50), "UKIM")
    plan = MergePlan(one.investigation, OPEN, "U.S. West", "U.S. East", 12, 4, 3, 2)
    survivor = overview(OPEN, merged, merged=("INV-5 U.S. West",))
    came = event(EventKind.NOTE, 12, by="UJO", text="Only on Android.", id=3)
    return {
        "Merge: what goes where": merge_cards.plan(plan),
        "Merge: what goes where, it has nothing yet": merge_cards.plan(replace(plan, tickets=0, notes=0, people=0)),
        "Merge: where the old card was": merge_cards.merged_card(one, survivor, LINK),
        "Merge: where the old list of tickets was": merge_cards.tickets_elsewhere(one, survivor),
        "Merge: in the old thread": merge_cards.merged_away(merge, took_part, survivor, LINK),
        "Merge: in the thread that goes on": merge_cards.merged_here(merge, one),
        "Merge: undone, in its thread": merge_cards.unmerged(merge, one, survivor),
        "Merge: the card that goes on": card(survivor),
        "Merge: the timeline of both": cards.timeline(replace(survivor, came=(replace(came, investigation_id=5),))),
    }


def _answers() -> Mapping[str, Message]:
    ago = "Opened again by somebody else, with the last time"
    return {
        "What is open": cards.listing([(OPEN, US_EAST, LINK), (UNOWNED, US_WEST, "")]),
        "What is open: nothing": cards.listing([]),
        "Somebody has it already": cards.existing(OPEN, US_EAST, LINK),
        ago: cards.existing(UNOWNED, US_EAST, LINK, EARLIER),
        "Opened in another channel": cards.opened_elsewhere(OPEN, "UKIM", EARLIER),
        "Opened by the other team": cards.opened_elsewhere(replace(UNOWNED, helpers=("UANA",)), "UANA"),
        "Where a card was that moved": move_cards.moved_away(overview(OPEN, MOVED), LINK),
        "Where a card was, the new one isn't there yet": move_cards.moved_away(overview(OPEN), ""),
        "The first words of the new thread": move_cards.moved_here(MOVE, overview(UNOWNED, *TOOK_PART, MOVED), "T2 CS"),
        "The first words of the new thread, it kept its owner": move_cards.moved_here(
            replace(MOVE, left_owner=None, note="", called=""), overview(OPEN), "T2 CS"
        ),
        "To whoever reported it, with an update": cards.answer(
            overview(replace(OPEN, source=SOURCE), words=Words((UPDATE,)))
        ),
        "To whoever reported it, with what to say": cards.answer(
            overview(replace(OPEN, source=SOURCE), words=Words((UPDATE,), (ADVICE,)))
        ),
        "To whoever reported it, resolved after it was said": cards.answer(
            overview(replace(CLOSED, source=SOURCE), words=Words((UPDATE,), (ADVICE,)))
        ),
        "What customers were told": [update_cards.said_line((ADVICE, replace(PHONE, via=via))) for via in Via],
        "What customers were told, corrected": [
            update_cards.said_line((PHONE, replace(each, corrected_at=at(55)))) for each in (ADVICE, PHONE)
        ],
        "Who heard what was corrected": [
            correction_cards.corrected_line(ToldBefore(kind, people, threads, tickets), how=how)
            for kind, people, threads, tickets, how in (
                (EventKind.UPDATED, 3, 0, 12, "corrected"),
                (EventKind.INFORMED, 1, 0, 0, "withdrawn"),
                (EventKind.SAID, 0, 0, 1, "withdrawn"),
                (EventKind.ADVISED, 1, 2, 0, "corrected"),
            )
        ],
        "To whoever reported it, with what was corrected": cards.answer(
            overview(
                replace(OPEN, source=SOURCE),
                words=Words((replace(UPDATE, corrected_at=at(55)),), (replace(ADVICE, corrected_at=at(55)),)),
            )
        ),
        "What Tier 1 copies": update_cards.to_copy("Hello,\r\n\tuse U.S. West.\u202e"),
        "Timeline, every kind of event": cards.timeline(overview(OPEN, *ALL_EVENTS)),
        "Timeline, corrected": cards.timeline(overview(OPEN, *CORRECTED, withdrawn=TAKEN_OFF), correctable=True),
        "To whoever reported it, nobody's": cards.answer(overview(replace(UNOWNED, source=SOURCE))),
        "To whoever reported it, claimed": cards.answer(overview(replace(OPEN, source=SOURCE))),
        "To whoever reported it, escalated": cards.answer(overview(replace(WAITING, source=SOURCE))),
        "To whoever reported it, resolved": cards.answer(overview(replace(CLOSED, source=SOURCE))),
        "To whoever reported it, dismissed": cards.answer(overview(replace(DISMISSED, source=SOURCE))),
        "Taken over": cards.handover(event(EventKind.TAKEN_OVER, by="UJO", about="UKIM")),
        "The last time": [cards.earlier_line(EARLIER), cards.ago_words(at(200) - NOW), cards.ago_words(at(5) - NOW)],
        "A sentence with a person's words": cards.said("@kim noted:", "two words", quoted=True),
    }


def _notices() -> Mapping[str, Message]:
    """What the thread says to those who are in it, and others elsewhere."""
    joined = event(EventKind.JOINED, by="UJO")
    listed: dict[str, Message] = {}
    for kind in EventKind:
        happened = replace(event(kind, 5, text="P1, hotfix" if kind is EventKind.TRIAGED else "KI-31 is fixed"), id=9)
        if kind in (EventKind.ACKNOWLEDGED, EventKind.TRIAGED):
            happened = replace(happened, actor="ULENA", about="UKIM")
        record = overview({EventKind.RESOLVED: CLOSED, EventKind.DISMISSED: DISMISSED}.get(kind, OPEN), joined)
        record = replace(record, investigation=replace(record.investigation, source=SOURCE))
        for name, content in (
            (f"In the thread: {kind}", cards.notice(happened, record)),
            (f"To whoever asked elsewhere: {kind}", cards.outcome(happened, record, to_asker=True)),
            (f"In a thread elsewhere: {kind}", cards.outcome(happened, record, to_asker=False)),
        ):
            listed |= {name: content} if content else {}
    asked = (event(EventKind.ESCALATED, 10, id=1), event(EventKind.QUESTION, 12, by="ULENA", id=2))
    news = event(EventKind.UPDATED, 30, text="The provider is on it.", id=3)
    advised = event(EventKind.ADVISED, 31, text="Use U.S. West for now.", id=4)
    record = overview(replace(OPEN, source=SOURCE), words=Words((), (ADVICE,)))
    for name, content in (
        ("In the thread: news for management, who asked", cards.notice(news, overview(WAITING, *asked, news))),
        ("To whoever asked elsewhere: what to say", cards.outcome(advised, record, to_asker=True)),
        ("In a thread elsewhere: what to say", cards.outcome(advised, record, to_asker=False)),
    ):
        listed |= {name: content} if content else {}
    corrected: dict[str, Any] = {"corrected_at": at(55), "corrected_by": "UKIM"}
    withdrawn: dict[str, Any] = {"withdrawn_at": at(57), "withdrawn_by": "UKIM", "withdrawn_why": "another provider"}
    for how, marks in (("corrected", corrected), ("withdrawn", withdrawn)):
        told, asked_for = replace(news, **marks), replace(advised, **marks)
        for name, content in (
            (f"In the thread: news for management, {how}", cards.notice(told, overview(WAITING, *asked, told))),
            (f"To whoever asked elsewhere: news, {how}", cards.outcome(told, record, to_asker=True)),
            (f"In a thread elsewhere: what to say, {how}", cards.outcome(asked_for, record, to_asker=False)),
        ):
            listed |= {name: content} if content else {}
    return listed


def _forms() -> Mapping[str, Message]:
    both = forms.evidence_menus(overview(), "tickets", "runs", tickets=(48500, 48501), runs=(1,))
    trouble = "Which one has trouble? “us est” is none that I know."
    return {
        "Form: open": forms.open_form(TARGETS, symptom="", trouble="", nearest="", came_from=""),
        "Form: open, the target is not clear": forms.open_form(
            TARGETS, symptom="slow", trouble=trouble, nearest="us-east", came_from=""
        ),
        "Form: resolve": forms.resolve_form(OPEN),
        "Form: resolve, still with Tier 3 and in trouble": forms.resolve_form(
            OPEN, notice=recheck_cards.notice([FAILING]), tier3="KI-31 is still open", root_cause="A bad link"
        ),
        "Form: dismiss": forms.dismiss_form(OPEN),
        "Form: what can be corrected": correction_cards.list_form(OPEN, [*CORRECTED, *TAKEN_OFF]),
        "Form: correct a note": correction_cards.correct_form(CORRECTED[0], 1),
        "Form: correct a message": correction_cards.correct_form(event(EventKind.MESSAGE, 5, about="UTOM"), 0),
        "Form: put back a note": correction_cards.correct_form(TAKEN_OFF[0], 2),
        "Form: move": move_cards.move_form(OPEN, [CS]),
        "Form: move, to one of several teams": move_cards.move_form(OPEN, [CS, TeamName("t2-web", "T2 Web")]),
        "Form: update or note": update_forms.update_form(OPEN, None),
        "Form: update or note, Tier 1 has a text": update_forms.update_form(OPEN, ADVICE),
        "Form: hand over": forms.hand_over_form(OPEN, "Tickets: 31 matching tickets"),
        "Form: add a message": forms.add_form([(OPEN, US_EAST), (UNOWNED, US_WEST)], message=""),
        "Part of forms: tickets and reports": Content("Tickets and reports to choose", tuple(both)),
    }


BAD = verdict("ping", "U.S. East", lost=4)
FAILING = Rechecked(
    4, "INV-4", "U.S. East", RecheckProgress.ENDED, failed=2, failing=(BAD,), passing=1, alerts=2, watched=True
)


def _rechecks() -> Mapping[str, Message]:
    """What a form or an answer says of a target that somebody is about to call mended."""
    unmeasured = (run(5, "tls", barred="the certificate could not be read"),)
    states = {
        "running": replace(FAILING, progress=RecheckProgress.RUNNING, passing=0, failing=(), alerts=0),
        "running, trouble already": replace(FAILING, progress=RecheckProgress.RUNNING, passing=0),
        "can't be run again": replace(FAILING, progress=RecheckProgress.BARRED, why="You have 10 probes waiting."),
        "still failing": FAILING,
        "all pass": replace(FAILING, failing=(), passing=2, alerts=0),
        "some could not be measured": replace(FAILING, failing=(), unmeasured=unmeasured, alerts=0),
        "may be chance": replace(FAILING, failing=(), passing=2, chance=(BAD,), alerts=0),
        "the status page still says so": replace(FAILING, failing=(), alerts=0, page=Level.DEGRADED),
        "sources are away": replace(FAILING, unread=("Alertmanager", "status page")),
    }
    listed: dict[str, Message] = {f"About to close, {name}": recheck_cards.words(each) for name, each in states.items()}
    listed["About to close, results are late"] = recheck_cards.words(states["running"], late=True)
    listed["About to close, two targets"] = recheck_cards.notice([FAILING, states["all pass"]])
    listed["Closed by words, still failing"] = recheck_cards.not_closed(
        OPEN, Move.RESOLVE, "a bad link", [recheck_cards.last_known(FAILING)]
    )
    listed["Dismissed by words, still with Tier 3"] = recheck_cards.not_closed(
        OPEN, Move.DISMISS, "no trend", ["KI-31 is still open."]
    )
    return listed
