"""Which function renders which owed message, from the newest state of its record."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.briefings import cards as briefing_cards
from bot.customer_logs import cards as log_cards
from bot.customer_logs.service import SIGNATURE_VIEW
from bot.customer_logs.service import VIEW as LOGS_VIEW
from bot.elevations import cards as elevation_cards
from bot.escalations import cards as escalation_cards
from bot.escalations import ladder_cards
from bot.escalations.service import STILL_VIEW
from bot.escalations.telling import STEP_VIEW
from bot.escalations.tellings import END_VIEW, OPEN_QUESTION_VIEW
from bot.escalations.watchdog import OVERDUE_VIEW
from bot.escalations.ways import cards as way_cards
from bot.exports.cards import copy_card
from bot.forgetting.cards import order_card
from bot.forgetting.service import VIEW as FORGET_VIEW
from bot.handoffs import cards as handoff_cards
from bot.handovers import cards as handover_cards
from bot.handovers.model import asked_key
from bot.investigations import cards as investigation_cards
from bot.investigations import merge_cards, move_cards, relation_cards
from bot.investigations.above import Above
from bot.investigations.card import card as investigation_card
from bot.investigations.model import Event, card_key
from bot.investigations.moving import MOVED_AWAY
from bot.investigations.overview import Overview
from bot.investigations.relating import ENDED_VIEW as CAUSE_ENDED
from bot.investigations.service import OUTCOME, OUTCOME_ELSEWHERE, TOLD
from bot.known_issues import cards as known_cards
from bot.maintenance import cards as maintenance_cards
from bot.maintenance import sweep_cards
from bot.messages.addresses import message_address
from bot.messages.model import Content
from bot.messages.moving import LEFT
from bot.probes import cards as probe_cards
from bot.releases import cards as release_cards
from bot.reminders import cards as reminder_cards
from bot.reminders.claims import question_key
from bot.replies import cards as reply_cards
from bot.slack.outbox import View
from bot.status import cards as status_cards
from bot.status.model import page_title
from bot.tickets import cards as ticket_cards
from bot.trends import cards as trend_cards
from bot.trends.report_cards import report as trend_report
from bot.trends.shown import ShownTrend
from bot.vendors import cards as vendor_cards
from bot.vendors.service import VendorService
from commands.services import Services

T = TypeVar("T")


def views(services: Services, per_page: int) -> Mapping[str, View]:
    """The views by the name that a use case gave when it owed the message; `per_page` tickets are listed."""
    overview, escalations = services.evidence.overview, services.escalations

    def investigation(number: int) -> Content:
        if services.investigations.get(number).merged_into:
            return merge_cards.merged_card(overview(number), *_survivor(services, number))
        return investigation_card(overview(number), _above(services, number), services.pictures.of_card(number))

    def tickets(number: int) -> Content | None:
        if services.investigations.get(number).merged_into:
            return merge_cards.tickets_elsewhere(overview(number), _survivor(services, number)[0])
        collected = services.tickets.of(number)
        return ticket_cards.card(collected, per_page=per_page) if collected else None

    def standing(number: int, view: str) -> Event | None:
        """A line of a timeline, also a withdrawn one where Slack shows it."""
        event = services.evidence.event(number)
        return None if event and event.withdrawn_at and not services.owed.shown(view, number) else event

    def notice(number: int) -> Content | None:
        event = standing(number, TOLD)
        return investigation_cards.notice(event, overview(event.investigation_id)) if event else None

    def outcome(number: int, *, to_asker: bool) -> Content | None:
        event = standing(number, OUTCOME if to_asker else OUTCOME_ELSEWHERE)
        record = overview(event.investigation_id) if event else None
        return investigation_cards.outcome(event, record, to_asker=to_asker) if event and record else None

    return {
        "handoff": lambda number: handoff_cards.card(services.handoffs.overview(number)),
        "triage": lambda number: handoff_cards.triage(services.handoffs.overview(number)),
        "story_copy": lambda number: copy_card(services.copies.get(number)),
        **_vendors(services.vendors),
        "release": _of(services.releases.announced, release_cards.announcement),
        "followed": _of(services.releases.followed, release_cards.followed),
        "news": _of(services.releases.news, lambda parts: release_cards.news(*parts)),
        "status_announcement": partial(_announcement, services),
        "maintenance": lambda number: maintenance_cards.card(services.shown_maintenance.shown(number)),
        "smoke": lambda number: sweep_cards.card(services.shown_maintenance.sweep(number)),
        "known_suggestion": _of(services.knowledge.suggestion, known_cards.suggestion),
        "known_ask": lambda number: known_cards.ask(services.asks.asked(number)),
        "investigation": investigation,
        "investigation_answer": lambda number: investigation_cards.answer(_survivor(services, number)[0]),
        **_moves(services),
        **_merges(services),
        CAUSE_ENDED: partial(_cause_ended, services),
        **_trends(services),
        OUTCOME: partial(outcome, to_asker=True),
        OUTCOME_ELSEWHERE: partial(outcome, to_asker=False),
        TOLD: notice,
        "handover": _of(services.evidence.event, investigation_cards.handover),
        "tickets": tickets,
        "probes": partial(_probes, services),
        LOGS_VIEW: _of(services.logs.shown, log_cards.card),
        SIGNATURE_VIEW: lambda number: log_cards.signature(services.logs.signature(number), services.logs.leads),
        "escalation": lambda number: escalation_cards.post(escalations.posted(number)),
        **_handovers(services),
        **_ladders(services),
        **_replies(services),
        "elevations": partial(_elevations, services),
        "briefing": lambda number: briefing_cards.page(services.briefings.overview(number), 0),
        "briefing_page": _of(services.briefings.page, lambda parts: briefing_cards.page(*parts)),
        **_reminders(services),
        FORGET_VIEW: lambda number: order_card(services.forgetting.get(number)),
    }


def _of(read: Callable[[int], T | None], card: Callable[[T], Content | None]) -> View:
    """What a card makes of a record; nothing where the record is gone."""

    def view(number: int) -> Content | None:
        record = read(number)
        return None if record is None else card(record)

    return view


def _address(services: Services, key: str) -> str:
    """Where a message is in Slack, "" while it is nowhere."""
    place = services.owed.place_of(key)
    return message_address(services.workspace_url, *place) if place else ""


def _probes(services: Services, number: int) -> Content | None:
    """A batch, with the maintenance that its target was in, and whose the addresses are that a sweep found bad."""
    probes = services.probes
    batch = probes.get(number)
    if not batch:
        return None
    planned = services.shown_maintenance.during(batch.target, batch.requested_at)
    bad = [fault.about.address for result in batch.results for fault in result.verdict.faults] if batch.fleet else []
    targets = {address: services.catalog.find(address) for address in bad if address}
    titles = {address: target.title for address, target in targets.items() if target}
    return probe_cards.card(batch, probes.before(batch), probes.picture(batch), planned=planned, titles=titles)


def _handovers(services: Services) -> Mapping[str, View]:
    overview, handovers = services.evidence.overview, services.handovers

    def asked(number: int) -> Content:
        handover = handovers.get(number)
        of = handover.investigation_id
        in_thread = services.owed.is_in_thread(asked_key(number))
        return handover_cards.asked(handover, overview(of), services.above(of), in_thread=in_thread)

    def outcome(number: int) -> Content | None:
        handover = handovers.get(number)
        return handover_cards.outcome(handover, overview(handover.investigation_id))

    def day_end(number: int) -> Content:
        offer, still_open = services.day_ends.offered(number)
        rows = [(overview(one.id), handovers.pending(one.id)) for one in still_open]
        return handover_cards.day_end(offer, rows)

    return {"handover_asked": asked, "handover_outcome": outcome, "day_end": day_end}


def _above(services: Services, number: int) -> Above:
    """With where the investigation's page is."""
    page = f"{services.pages.url}/investigations/{number}" if services.pages else ""
    return replace(services.above(number), page=page)


def _moves(services: Services) -> Mapping[str, View]:
    """What an investigation leaves behind in another team's channel, and how it begins in its own."""

    def moved_away(number: int) -> Content:
        return move_cards.moved_away(services.evidence.overview(number), _address(services, card_key(number)))

    def moved_here(number: int) -> Content:
        moved, moves = services.moves.get(number), services.moves
        overview = services.evidence.overview(moved.investigation_id)
        return move_cards.moved_here(moved, overview, moves.title_of(moved.team))

    return {MOVED_AWAY: moved_away, "moved_here": moved_here, LEFT: lambda _: None}


def _survivor(services: Services, number: int) -> tuple[Overview, str]:
    """The investigation in which one goes on, and the address of its card."""
    survivor = services.investigations.survivor(number)
    return services.evidence.overview(survivor.id), _address(services, card_key(survivor.id))


def _merges(services: Services) -> Mapping[str, View]:
    """What the threads say of two investigations that became one, or two again."""
    overview, merges = services.evidence.overview, services.merges

    def merged_away(number: int) -> Content:
        merge = merges.get(number)
        return merge_cards.merged_away(merge, overview(merge.investigation_id), *_survivor(services, merge.into_id))

    def merged_here(number: int) -> Content:
        merge = merges.get(number)
        return merge_cards.merged_here(merge, overview(merge.investigation_id))

    def unmerged(number: int) -> Content:
        merge = merges.get(number)
        return merge_cards.unmerged(merge, overview(merge.investigation_id), overview(merge.into_id))

    return {"merged_away": merged_away, "merged_here": merged_here, "unmerged": unmerged}


def _cause_ended(services: Services, number: int) -> Content:
    """What caused an investigation has ended: said in its thread."""
    relation = services.relations.get(number)
    effect, cause = services.relations.both(relation)
    title, stands = services.catalog.named(cause.target).title, not relation.undone_at
    return relation_cards.cause_ended(services.evidence.overview(effect.id), cause, title, stands=stands)


def _trends(services: Services) -> Mapping[str, View]:
    """Rises, with where their investigations are."""

    def shown(number: int) -> ShownTrend:
        trend = services.shown_trends.shown(number)
        url = _address(services, card_key(trend.investigation.id)) if trend.investigation else ""
        return replace(trend, investigation_url=url)

    def agent(number: int) -> Content:
        notice = services.trend_agents.get(number)
        trend = services.shown_trends.shown(notice.trend_id)
        return trend_cards.to_agent(trend, notice.ticket_ids, _address(services, trend.trend.name))

    return {
        "trend": lambda number: trend_cards.card(shown(number)),
        "trend_again": lambda number: trend_cards.still_rising(shown(number)),
        "trend_agent": agent,
        "trend_report": lambda number: trend_report(services.trend_reports.get(number), services.trends.title),
    }


def _announcement(services: Services, number: int) -> Content:
    """The announcement of a page as a whole, or of a target with who looks into it."""
    announced = services.status.announcements.announced(number)
    target = announced.announcement.target
    if page := services.status.page_called(target):
        return status_cards.announcement(announced, page_title(page), None, page=True)
    live = services.investigations.live_for(target)
    taken = status_cards.LiveInvestigation(live.name, live.owner or "") if live else None
    planned = services.shown_maintenance.ended_during(target, announced.announcement.began_at)
    return status_cards.announcement(announced, services.catalog.named(target).title, taken, planned=planned)


def _elevations(services: Services, number: int) -> Content:
    gathered = services.elevations.gathered(number)
    return elevation_cards.message(gathered, lambda target: services.catalog.named(target).title)


def _ladders(services: Services) -> Mapping[str, View]:
    """What the steps of an escalation say in Slack, and what the bot asks about it."""
    posted = services.escalations.posted

    def step(number: int) -> Content | None:
        telling = services.tellings.asked(number)
        if not telling:
            return None
        asked, post = telling
        return way_cards.asked(replace(asked, answer=ladder_cards.answer(post), waits=ladder_cards.waits(post)))

    return {
        "question": _of(services.escalations.question, lambda parts: escalation_cards.question(*parts)),
        STEP_VIEW: step,
        OPEN_QUESTION_VIEW: lambda number: ladder_cards.open_question(posted(number)),
        END_VIEW: lambda number: ladder_cards.end(posted(number)),
        STILL_VIEW: lambda number: ladder_cards.still_on_it(posted(number)),
        OVERDUE_VIEW: _of(services.tellings.overdue, lambda parts: ladder_cards.overdue(*parts)),
    }


def _replies(services: Services) -> Mapping[str, View]:
    def card(number: int) -> Content:
        round_ = services.replies.get(number)
        alike = 0 if round_.over else services.replies.alike(round_)
        return reply_cards.card(round_, alike=alike, corrected=services.replies.corrected(number))

    return {"replies": card, "replies_report": lambda number: reply_cards.report(services.replies.get(number))}


def _reminders(services: Services) -> Mapping[str, View]:
    """What reminds somebody, and what asks an owner."""

    def claim_question(number: int) -> Content | None:
        question = services.claims.shown(number)
        in_thread = services.owed.is_in_thread(question_key(number))
        return reminder_cards.still_on_it(question, in_thread=in_thread) if question else None

    return {"reminder": _of(services.reminders.shown, reminder_cards.reminder), "claim_question": claim_question}


def _vendors(vendors: VendorService) -> Mapping[str, View]:
    """What is with vendors, and what a person has to decide about it."""

    def trouble(number: int) -> Content:
        overview, ask, newest = vendors.asked(number)
        return vendor_cards.trouble(overview, vendors.letter(ask.letter_id or 0), newest=newest)

    def reminder(number: int) -> Content:
        overview, ask, newest = vendors.asked(number)
        return vendor_cards.reminder(overview, ask, newest=newest)

    return {
        "vendor": lambda number: vendor_cards.card(vendors.overview(number)),
        "vendor_trouble": trouble,
        "vendor_text": lambda number: vendor_cards.text(*vendors.of_letter(number)),
        "vendor_reminder": reminder,
    }
