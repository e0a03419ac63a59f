"""The index of the bot: everything that a person can type or press, and what Slack tells us."""

from bot.briefings import cards as briefing_cards
from bot.customer_logs import cards as log_cards
from bot.customer_logs.forms import SIGNATURE_FORM, WHOSE_FORM
from bot.elevations import cards as elevation_cards
from bot.escalations.cards import ACKNOWLEDGE, DETAILS, NEED_MORE, TAKE_BACK
from bot.escalations.forms import ESCALATE_FORM, NEED_MORE_FORM, TYPED
from bot.escalations.ladder_cards import HAND_BACK, STILL_ON_IT
from bot.exports import cards as export_cards
from bot.exports.forms import COPY_FORM
from bot.forgetting import cards as forgetting_cards
from bot.handoffs.cards import ACCEPT, ASSIGN, CHANGE, RETRY
from bot.handoffs.forms import ASSIGN_FORM, CHANGE_FORM, HAND_OFF_FORM
from bot.handovers import cards as handover_cards
from bot.home.cards import SETTINGS
from bot.home.forms import SETTINGS_FORM
from bot.investigations import cards, correction_cards, forms, merge_cards, more_cards
from bot.investigations.move_cards import MOVE_FORM
from bot.investigations.relation_cards import RELATE_FORM
from bot.investigations.update_forms import UPDATE_FORM
from bot.known_issues import cards as known_cards
from bot.known_issues.cards import USE_FORM
from bot.maintenance import cards as maintenance_cards
from bot.maintenance import sweep_cards
from bot.probes import cards as probe_cards
from bot.probes.cards import CANCEL, FILES, MEANT, MEANT_MAX, NEXT_LOOK, RUN_AGAIN, TRY
from bot.probes.forms import TRIAL_FORM
from bot.probes.next_look import NEXT_LOOKS_MAX
from bot.reminders.cards import RELEASE as RELEASE_CLAIM
from bot.reminders.cards import SNOOZE, YES
from bot.reminders.cards import STOP as STOP_REMINDING
from bot.replies.cards import CORRECT as CORRECT_REPLIES
from bot.replies.cards import GO_ON, LEAVE_OUT, NOT_NOW, REVIEW, SEND_ANYWAY, STOP, TRY_AGAIN
from bot.replies.forms import REPLIES_FORM
from bot.slack.listener import Listener
from bot.status.cards import INVESTIGATE, LIFT, SILENCE_LONG, SILENCE_SHORT
from bot.tickets.cards import (
    CONFIRM_ALL,
    MOVE,
    NEWER,
    OLDER,
    RELATED,
    SHOW,
    TICK,
    UNDO,
    UNDO_DECISION,
    UNDO_MOVE,
    UNRELATED,
)
from bot.tickets.forms import MOVE_FORM as TICKETS_FORM
from bot.trends import cards as trend_cards
from bot.trends import forms as trend_forms
from bot.vendors import cards as vendor_cards
from bot.vendors.forms import ANSWER_FORM, LETTER_FORM
from commands import (
    briefing,
    closing,
    correcting,
    door,
    elevations,
    escalate,
    forget,
    handoff,
    help,
    help_cards,
    home,
    investigate,
    known,
    logs,
    maintenance,
    manual_step,
    mention,
    menu,
    merging,
    more,
    moving,
    ownership,
    placing,
    probe,
    record,
    relating,
    remind,
    replies,
    status,
    story,
    t2,
    tickets,
    trends,
    updates,
    vendor,
    workspace,
)
from commands.pressed import pressed
from commands.services import Services


def register(slack: Listener[Services]) -> None:
    """One line per command, shortcut, button, form and event."""
    slack.command("/investigate", investigate.slash)
    slack.command("/probe", probe.slash)
    slack.command("/t2", t2.slash)
    slack.command("/known", known.slash)
    slack.shortcut(investigate.SHORTCUT, investigate.from_message)
    slack.shortcut(investigate.FORM_SHORTCUT, investigate.form_shortcut)
    slack.shortcut(record.SHORTCUT, record.add_shortcut)
    slack.shortcut(known.SHORTCUT, known.from_message)
    slack.shortcut(logs.SHORTCUT, logs.name_line)

    _investigation_buttons(slack)
    _evidence_buttons(slack)
    _escalation_buttons(slack)
    _handoff_buttons(slack)
    _customer_buttons(slack)
    _notice_buttons(slack)
    _help_buttons(slack)
    _forms(slack)
    _events(slack)
    slack.before(door.admitted)
    slack.shut(door.shut)
    slack.wording(door.worded)
    slack.afterwards(home.shown_again)
    slack.acknowledge_the_rest()


def _investigation_buttons(slack: Listener[Services]) -> None:
    slack.button(cards.CLAIM, ownership.claim_button)
    slack.button(cards.JOIN, pressed(lambda services: services.investigations.join))
    slack.button(handover_cards.ACCEPT, pressed(lambda services: services.handovers.accept))
    slack.button(handover_cards.DECLINE, pressed(lambda services: services.handovers.decline))
    slack.button(handover_cards.HAND_OVER, ownership.hand_over_button)
    slack.button(handover_cards.TAKE, pressed(lambda services: services.handovers.take))
    slack.button(handover_cards.WHO, ownership.who_chosen)
    slack.button(handover_cards.HAND_OVER_ALL, ownership.hand_over_all_button)
    slack.button(handover_cards.KEEP, ownership.keep_button)
    slack.button(cards.ESCALATE, escalate.button_pressed)
    slack.button(cards.RESOLVE, closing.resolve_button)
    slack.button(cards.DISMISS, closing.dismiss_button)
    slack.button(cards.REOPEN, pressed(lambda services: services.investigations.reopen))
    slack.button(cards.TIMELINE, record.timeline_button)
    slack.button(cards.CORRECT, correcting.button_pressed)
    slack.button(merge_cards.MERGE, merging.merge_button)
    slack.button(f"{merge_cards.MERGE}_other", merging.merge_button)
    slack.button(merge_cards.PICKED, merging.picked)
    slack.button(merge_cards.PICKED_WAY, merging.picked)
    slack.button(merge_cards.UNDO, more.undo_merge)
    slack.button(more_cards.RELATE, relating.open_form)
    slack.button(more_cards.MERGE, merging.open_form)
    slack.button(more_cards.MOVE, moving.move_button)
    slack.button(more_cards.RELEASE, more.release)
    slack.button(more_cards.TAKE_BACK, more.take_back)
    slack.button(correction_cards.CHOOSE, correcting.chosen)
    slack.button(cards.STORY, story.button_pressed)
    slack.button(export_cards.RETRY, pressed(lambda services: services.copies.retry))
    slack.button(cards.MENU, menu.chosen)
    slack.button(cards.NEW, investigate.form_shortcut)
    slack.button(SETTINGS, home.settings_button)


def _evidence_buttons(slack: Listener[Services]) -> None:
    """Tickets, probes, what is known."""
    slack.button(TICK, tickets.ticked)
    slack.button(RELATED, tickets.related)
    slack.button(UNRELATED, tickets.unrelated)
    slack.button(CONFIRM_ALL, tickets.confirm_all)
    slack.button(UNDO, tickets.undo)
    slack.button(UNDO_DECISION, tickets.undo_decision)
    slack.button(MOVE, placing.button_pressed)
    slack.button(UNDO_MOVE, placing.undo)
    slack.button(SHOW, tickets.show_newer)
    slack.button(OLDER, tickets.turn_page)
    slack.button(NEWER, tickets.turn_page)
    slack.button(CANCEL, pressed(lambda services: services.probes.cancel))
    slack.button(probe_cards.DETAILS, probe.details_button)
    slack.button(probe_cards.DETAIL, probe.details_button)
    slack.button(FILES, probe.files_button)
    slack.button(RUN_AGAIN, probe.run_again_button)
    for number in range(NEXT_LOOKS_MAX):
        slack.button(f"{NEXT_LOOK}_{number}", probe.next_look_button)
    for number in range(MEANT_MAX):
        slack.button(f"{MEANT}_{number}", probe.meant_button)
    slack.button(TRY, manual_step.button_pressed)
    slack.button(log_cards.SHOW, logs.lines_button)
    slack.button(log_cards.PART, logs.lines_button)
    slack.button(log_cards.WHOSE, logs.whose_button)
    slack.button(log_cards.ACCEPT, logs.accept_button)
    slack.button(log_cards.DECLINE, logs.decline_button)
    slack.button(known_cards.USE, known.use_button)
    slack.button(known_cards.READ, known.read_button)
    slack.button(known_cards.IT_IS, known.it_is)
    slack.button(known_cards.IT_ISNT, known.it_isnt)
    slack.button(known_cards.ASK, pressed(lambda services: services.asks.ask))
    slack.button(known_cards.NOT_NOW, pressed(lambda services: services.asks.decline))


def _escalation_buttons(slack: Listener[Services]) -> None:
    slack.button(ACKNOWLEDGE, escalate.acknowledge_button)
    slack.button(NEED_MORE, escalate.need_more_button)
    slack.button(DETAILS, escalate.details_button)
    slack.button(TAKE_BACK, pressed(lambda services: services.escalations.take_back))
    slack.button(STILL_ON_IT, pressed(lambda services: services.escalations.still_on_it))
    slack.button(HAND_BACK, pressed(lambda services: services.escalations.hand_back))
    slack.button(TYPED, escalate.typed)


def _handoff_buttons(slack: Listener[Services]) -> None:
    """To Tier 3, and to vendors."""
    slack.button(cards.HAND_OFF, handoff.button_pressed)
    slack.button(ACCEPT, pressed(lambda services: services.triage.accept))
    slack.button(CHANGE, handoff.change_button)
    slack.button(ASSIGN, handoff.assign_button)
    slack.button(RETRY, pressed(lambda services: services.triage.retry))
    slack.button(vendor_cards.OPEN, vendor.open_button)
    for number in range(vendor_cards.VENDORS_MAX):
        slack.button(f"{vendor_cards.OPEN}_{number}", vendor.open_button)
    slack.button(vendor_cards.NOTE, vendor.note_button)
    slack.button(vendor_cards.DONE, pressed(lambda services: services.vendors.end))
    slack.button(vendor_cards.SHOW, vendor.show_button)
    slack.button(vendor_cards.ARRIVED, pressed(lambda services: services.vendors.arrived))
    slack.button(vendor_cards.AGAIN, pressed(lambda services: services.vendors.send_again))
    slack.button(vendor_cards.BY_HAND, pressed(lambda services: services.vendors.by_hand))
    slack.button(vendor_cards.LATER, pressed(lambda services: services.vendors.remind_later))
    slack.button(vendor_cards.STOP, pressed(lambda services: services.vendors.remind_no_more))


def _customer_buttons(slack: Listener[Services]) -> None:
    """Answers to those who wrote."""
    slack.button(REVIEW, replies.review_button)
    slack.button(NOT_NOW, pressed(lambda services: services.replies.put_off))
    slack.button(STOP, pressed(lambda services: services.replies.stop))
    slack.button(GO_ON, pressed(lambda services: services.replies.go_on))
    slack.button(TRY_AGAIN, pressed(lambda services: services.replies.try_again))
    slack.button(CORRECT_REPLIES, pressed(lambda services: services.replies.correct))
    slack.button(SEND_ANYWAY, replies.send_anyway_button)
    slack.button(LEAVE_OUT, replies.leave_out_button)


def _notice_buttons(slack: Listener[Services]) -> None:
    """Of what the bot says by itself: status, rises, elevations, briefings, reminders."""
    slack.button(INVESTIGATE, status.investigate_button)
    slack.button(SILENCE_SHORT, status.silence_short)
    slack.button(SILENCE_LONG, status.silence_long)
    slack.button(LIFT, pressed(lambda services: services.status.announcements.lift))
    slack.button(maintenance_cards.CANCEL, pressed(lambda services: services.maintenance.end))
    slack.button(maintenance_cards.END, pressed(lambda services: services.maintenance.end))
    slack.button(maintenance_cards.LONGER, maintenance.longer_button)
    slack.button(sweep_cards.INVESTIGATE, maintenance.investigate_button)
    slack.button(sweep_cards.DETAILS, maintenance.details_button)
    for number in range(elevation_cards.TARGETS_MAX):
        slack.button(f"{elevation_cards.INVESTIGATE}_{number}", elevations.investigate_button)
    slack.button(elevation_cards.SHOW, elevations.show_button)
    slack.button(trend_cards.INVESTIGATE, trends.investigate_button)
    slack.button(trend_cards.SNOOZE, trends.snooze_button)
    slack.button(trend_cards.DISMISS, trends.dismiss_button)
    slack.button(briefing_cards.READ, briefing.read_button)
    slack.button(briefing_cards.JOIN, briefing.join_button)
    slack.button(briefing_cards.CLAIM, briefing.claim_button)
    slack.button(SNOOZE, remind.snoozed)
    slack.button(STOP_REMINDING, pressed(lambda services: services.reminders.stop))
    slack.button(forgetting_cards.FORGET_TICKET, forget.ticket_button)
    slack.button(forgetting_cards.FORGET_CUSTOMER, forget.customer_button)
    slack.button(forgetting_cards.KEEP, pressed(lambda services: services.forgetting.keep))
    slack.button(YES, pressed(lambda services: services.claims.keep))
    slack.button(RELEASE_CLAIM, pressed(lambda services: services.claims.release))


def _help_buttons(slack: Listener[Services]) -> None:
    slack.button(help_cards.PROBES, help.probes_button)
    slack.button(help_cards.KNOWN, help.known_button)
    slack.button(help_cards.THREAD, help.thread_button)
    slack.button(help_cards.OTHERS, help.others_button)
    slack.button(help_cards.STATUS, t2.status_button)
    slack.button(help_cards.EVERYTHING, help.everything_button)


def _forms(slack: Listener[Services]) -> None:
    slack.form(forms.OPEN_FORM, investigate.submitted, check=investigate.check)
    slack.form(forms.ADD_FORM, record.added)
    slack.form(SETTINGS_FORM, home.settings_saved, check=home.settings_check)
    slack.form(correction_cards.CORRECT_FORM, correcting.corrected, check=correcting.check)
    slack.form(MOVE_FORM, moving.moved, check=moving.check)
    slack.form(merge_cards.MERGE_FORM, merging.merged, check=merging.check)
    slack.form(RELATE_FORM, relating.related, check=relating.check)
    slack.form(TICKETS_FORM, placing.submitted)
    slack.form(UPDATE_FORM, updates.submitted, check=updates.check)
    slack.form(forms.HAND_OVER_FORM, ownership.handed_over, check=ownership.hand_over_check)
    slack.form(forms.RESOLVE_FORM, closing.resolved, check=closing.resolve_check)
    slack.form(forms.DISMISS_FORM, closing.dismissed, check=closing.dismiss_check)
    slack.form(TRIAL_FORM, manual_step.recorded, check=manual_step.check)
    slack.form(ESCALATE_FORM, escalate.sent, check=escalate.check)
    slack.form(REPLIES_FORM, replies.approved, check=replies.check)
    slack.form(NEED_MORE_FORM, escalate.asked, check=escalate.question_check)
    slack.form(HAND_OFF_FORM, handoff.handed_off, check=handoff.check)
    slack.form(CHANGE_FORM, handoff.changed, check=handoff.change_check)
    slack.form(ASSIGN_FORM, handoff.assigned)
    slack.form(COPY_FORM, story.sent, check=story.check)
    slack.form(LETTER_FORM, vendor.written, check=vendor.check)
    slack.form(ANSWER_FORM, vendor.noted, check=vendor.note_check)
    slack.form(USE_FORM, known.used)
    slack.form(SIGNATURE_FORM, logs.named, check=logs.check)
    slack.form(WHOSE_FORM, logs.told_whose, check=logs.check_whose)
    slack.form(trend_forms.INVESTIGATE_FORM, trends.investigated, check=trends.investigate_check)
    slack.form(trend_forms.SNOOZE_FORM, trends.snoozed)
    slack.form(trend_forms.DISMISS_FORM, trends.dismissed, check=trends.dismiss_check)


def _events(slack: Listener[Services]) -> None:
    slack.event("app_mention", mention.mentioned)
    slack.event("message", mention.message)
    slack.event("reaction_added", record.reacted)
    slack.event("reaction_removed", record.unreacted)
    slack.event("pin_added", record.pinned)
    slack.event("pin_removed", record.unpinned)
    slack.event("app_home_opened", home.opened)
    slack.event("member_joined_channel", workspace.joined_channel)
    for name in workspace.PEOPLE_EVENTS:
        slack.event(name, workspace.people_changed)
    slack.event("tokens_revoked", workspace.token_lost)
    slack.event("app_uninstalled", workspace.token_lost)
