"""The App Home tab: what waits for the reader first, then what they have, what is free, and what changed. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.briefings.model import Issue
from bot.briefings.step_words import step_words
from bot.escalations.cards import ACKNOWLEDGE, NEED_MORE
from bot.escalations.ladder_cards import HAND_BACK, STILL_ON_IT
from bot.handoffs.cards import ACCEPT as ACCEPT_LANE
from bot.handoffs.cards import CHANGE as CHANGE_LANE
from bot.handoffs.cards import asked
from bot.handovers.cards import ACCEPT, DECLINE, KEEP
from bot.handovers.model import OfferState
from bot.home.model import (
    SHORT_WORDS,
    Changed,
    Changes,
    EscalationWaits,
    HandoverWaits,
    HomeView,
    LaneWaits,
    Listed,
    Part,
    Place,
    Reader,
    RoundWaits,
    Waiting,
    days_words,
)
from bot.investigations.cards import CLAIM, NEW, OPEN_LINK, event_lines
from bot.investigations.model import STATE_MARKS, Investigation
from bot.known_issues.wording import day, in_one_line, plain
from bot.messages.addresses import message_address
from bot.messages.model import Block
from bot.names import names_listed
from bot.releases.cards import news
from bot.reminders.cards import RELEASE as RELEASE_CLAIM
from bot.reminders.cards import YES
from bot.reminders.claim_model import ShownQuestion
from bot.replies.cards import REVIEW
from bot.replies.cards import news as told
from bot.replies.model import ReplyState
from bot.slack.blocks import actions, button, context, divider, header, link_button, section, sections
from bot.slack.text import at, clock_time, cut_markup, foreign, link, person, plural

SETTINGS = "home_settings"
WAITING_MAX, MINE_MAX, FREE_MAX, OTHERS_MAX, CHANGES_MAX, ISSUES_MAX = 10, 12, 10, 12, 8, 5
"""So many of each are listed, and the others counted: a tab takes 100 blocks."""
EVENTS_MAX = 3
"""So many lines of one investigation say what changed; its thread has the others."""
LINE_MAX = 240
_SECTION = 2800
_HELP = "`/t2 help` shows everything else."


@dataclass(frozen=True, slots=True)
class Front:
    """What surrounds it. `pages` are those that the reader may open, as title and address; `example` a target's key."""

    workspace_url: str = ""
    bot_name: str = "secondline"
    example: str = "us-east"
    pages: tuple[tuple[str, str], ...] = ()

    def card(self, place: Place | None) -> str:
        """The address of a message, "" where nobody knows it."""
        return message_address(self.workspace_url, *place) if place else ""


def home(view: HomeView, front: Front) -> Block:
    """The whole tab."""
    head = [header("Second Line"), section(_who(view.reader))]
    if not view.reader.colleague:
        return {"type": "home", "blocks": head}
    blocks = [
        *_parted("Waiting for you", _waiting(view.waiting, front), view.waiting.count),
        *(_nothing_open(view, front) if view.nothing_open else _open(view, front)),
        *_changes(view.changes, front),
        *_issues(view.issues),
        *_foot(view, front),
    ]
    return {"type": "home", "blocks": [*head, *blocks]}


def _who(reader: Reader) -> str:
    who = f"You are {person(reader.user)}"
    if not reader.colleague:
        return f"{who}. Second Line is for colleagues of this workspace, so there is nothing here for you."
    if reader.manages and reader.team:
        return f"{who}, of {foreign(reader.team)} and of management: escalations come to you."
    if reader.manages:
        return f"{who}, of management: escalations come to you."
    if reader.team or reader.tier2:
        return f"{who}, of {foreign(reader.team) or 'Tier 2'}."
    return f"{who}. Tier 2 looks into what you and others report."


# ---- what waits


def _waiting(waiting: Waiting, front: Front) -> list[list[Block]]:
    return [
        *(_escalation(each, front) for each in waiting.escalations),
        *map(_claim, waiting.claims),
        *map(_handover, waiting.handovers),
        *(_lane(each, front) for each in waiting.lanes),
        *(_round(each, front) for each in waiting.rounds),
        *([_day_end(waiting)] if waiting.day_end else []),
    ]


def _escalation(waits: EscalationWaits, front: Front) -> list[Block]:
    escalation, value = waits.escalation, str(waits.escalation.id)
    name = f"INV-{escalation.investigation_id} {foreign(waits.title)}"
    opened = _opened(front.card(waits.place))
    if waits.again:
        line = f":hourglass: Are you still on {name}? You acknowledged it"
        line += f" {at(escalation.acknowledged_at)}." if escalation.acknowledged_at else "."
        still = button("Still on It", STILL_ON_IT, value, style="primary")
        return [section(line), actions(still, button("Hand Back", HAND_BACK, value), *opened)]
    asks = f"{person(escalation.escalated_by)} escalated {name} {at(escalation.escalated_at)}"
    line = f":rotating_light: *{asks}*\n>{foreign(escalation.draft.needed, LINE_MAX)}"
    buttons = [button("Acknowledge", ACKNOWLEDGE, value, style="primary"), button("Need More", NEED_MORE, value)]
    return [section(line), actions(*buttons, *opened)]


def _claim(shown: ShownQuestion) -> list[Block]:
    question, value = shown.question, str(shown.question.id)
    line = f":wave: Are you still on {shown.investigation.name} {foreign(shown.title)}?"
    line += f"\nNo answer by {at(question.next_at)}, and it is offered to your team."
    yes = button("Yes, Still on It", YES, value, style="primary")
    return [section(line), actions(yes, button("Release It", RELEASE_CLAIM, value))]


def _handover(waits: HandoverWaits) -> list[Block]:
    handover, value = waits.handover, str(waits.handover.id)
    line = f":handshake: {person(handover.asked_by)} asks you to take over {handover.name} {foreign(waits.title)}"
    accept = button("Accept", ACCEPT, value, style="primary")
    answers = actions(accept, button("Decline", DECLINE, value), *_opened(handover.link))
    return [section(f"{line}\nUntil {at(handover.expires_at)}"), answers]


def _lane(waits: LaneWaits, front: Front) -> list[Block]:
    handoff, value = waits.handoff, str(waits.handoff.id)
    line = (
        f":inbox_tray: {person(handoff.handed_by)} sent INV-{handoff.investigation_id} {foreign(waits.title)} to Tier 3"
    )
    line += f"\nAsked for: *{asked(handoff, of_draft=True)}*, {at(handoff.handed_at)}"
    accept = button("Accept", ACCEPT_LANE, value, style="primary")
    return [section(line), actions(accept, button("Change…", CHANGE_LANE, value), *_opened(front.card(waits.place)))]


def _round(waits: RoundWaits, front: Front) -> list[Block]:
    reply_round, count = waits.reply_round, len(waits.reply_round.having(ReplyState.LISTED))
    wait = "customer waits" if count == 1 else "customers wait"
    line = f":mega: *{count} {wait} for an answer:* {told(reply_round)}"
    review = button("Review and Send", REVIEW, str(reply_round.id), style="primary")
    return [section(line), actions(review, *_opened(front.card(waits.place)))]


def _day_end(waiting: Waiting) -> list[Block]:
    offer, still_open = waiting.day_end or (None, ())
    if not offer or offer.state is not OfferState.OFFERED:
        return []
    names = names_listed([investigation.name for investigation in still_open])
    line = f":city_sunset: Your day ends at {clock_time(offer.ends_at)} with {names} open."
    line += f"\nWho takes it? Say `handover @jo {still_open[0].name}` in your messages with me."
    return [section(line), actions(button("Keep It", KEEP, str(offer.id)))]


# ---- what is open


def _open(view: HomeView, front: Front) -> list[Block]:
    claims = view.reader.tier2
    title = "Yours" if claims else "From you"
    return [
        *_listing(title, view.mine, MINE_MAX, lambda row: _mine(row, view.reader, front)),
        *_listing("No one has picked up", view.free, FREE_MAX, lambda row: _free(row, front, claims=claims)),
        *_others(view.others, front),
        actions(button("Open an Investigation", NEW, "new")),
    ]


def _mine(row: Listed, reader: Reader, front: Front) -> Block:
    investigation = row.investigation
    lines = [_first(row, front), _whose(row, reader)]
    if row.next:
        following = row.next
        since = f" since {clock_time(following.since)}" if following.since else ""
        lines.append(f"Next: {step_words(following, investigation.state, since=since, whom=foreign(following.whom))}")
    if row.part is Part.REPORTER and row.say:
        lines.append(f":speech_balloon: Tell customers: {foreign(row.say, LINE_MAX)}")
    claims = reader.tier2 and not investigation.owner
    return section("\n".join(filter(None, lines)), accessory=_claims(investigation) if claims else None)


def _whose(row: Listed, reader: Reader) -> str:
    owner = row.investigation.owner
    if row.part is Part.OWNER:
        return ""
    has = f"{person(owner)} has it" if owner else "No one has picked it up"
    return f"{has}, you help" if row.part is Part.HELPER else has


def _free(row: Listed, front: Front, *, claims: bool) -> Block:
    claim = _claims(row.investigation) if claims else None
    return section(f"{_first(row, front)}\nOpen since {at(row.investigation.opened_at)}", accessory=claim)


def _claims(investigation: Investigation) -> Block:
    return button("Claim", CLAIM, str(investigation.id))


def _others(rows: Sequence[Listed], front: Front) -> list[Block]:
    if not rows:
        return []
    lines = [f"{_first(row, front)} ({person(row.investigation.owner or '')})" for row in rows[:OTHERS_MAX]]
    more = len(rows) - OTHERS_MAX
    return [*sections(["*Others have*", *lines, *([f"and {more} more"] if more > 0 else [])]), divider()]


def _first(row: Listed, front: Front) -> str:
    return _named(row.investigation, row.title, front.card(row.place))


def _named(investigation: Investigation, title: str, address: str) -> str:
    name = link(address, investigation.name) if address else investigation.name
    symptom = f": {foreign(investigation.symptom, 100)}" if investigation.symptom else ""
    return f"{STATE_MARKS[investigation.state]} *{name}* {foreign(title)}{symptom}"


def _nothing_open(view: HomeView, front: Front) -> list[Block]:
    """The same way as the README's morning, for who can walk it."""
    begin = actions(button("Open an Investigation", NEW, "new", style="" if view.waiting.count else "primary"))
    nothing = section("Nothing is being investigated.")
    if not view.reader.tier2:
        return [nothing, begin, divider()]
    bot = foreign(front.bot_name)
    steps = (
        f"`/investigate {foreign(front.example)} packet loss` opens an investigation: one card, and a thread that fills"
        " itself.",
        "In the thread, tick the tickets that belong to it.",
        f"`@{bot} probe mtr` measures once more.",
        "*Escalate* asks management; one of them presses *Acknowledge*.",
        "A bug goes to Tier 3, with the evidence. When its fix is released, you are told.",
        "*Resolve* keeps what was wrong and what helped for the next time.",
    )
    return [nothing, begin, section("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))), divider()]


# ---- what changed, what is known


def _changes(changes: Changes | None, front: Front) -> list[Block]:
    if not changes or not changes.any:
        return []
    rows = [_changed(each, front) for each in changes.investigations]
    rows += [[news(issue, change).text] for issue, change in changes.issues]
    lines = [cut_markup(line, _SECTION) for row in rows[:CHANGES_MAX] for line in row]
    more = len(rows) - CHANGES_MAX
    heading = f"*Since you looked {at(changes.since)}*"
    return [*sections([heading, *lines, *([f"and {more} more"] if more > 0 else [])]), divider()]


def _changed(changed: Changed, front: Front) -> list[str]:
    """Its newest events, oldest first."""
    shown, earlier = changed.events[-EVENTS_MAX:], len(changed.events) - EVENTS_MAX
    more = f" ({earlier} before these)" if earlier > 0 else ""
    lines = [f"• {clock_time(event.at)} {cut_markup(event_lines(event)[0], LINE_MAX)}" for event in shown]
    return [f"{_named(changed.investigation, changed.title, front.card(changed.place))}{more}", *lines]


def _issues(issues: Sequence[Issue]) -> list[Block]:
    if not issues:
        return []
    return [
        section("*Known issues that matter today*"),
        *(section(_issue(each)) for each in issues[:ISSUES_MAX]),
        divider(),
    ]


def _issue(issue: Issue) -> str:
    name = link(issue.url, issue.name) if issue.url else issue.name
    workaround = foreign(in_one_line(plain(issue.workaround)), LINE_MAX).rstrip(".") if issue.workaround else "none yet"
    eta = day(issue.eta) if issue.eta else "none"
    title = foreign(in_one_line(plain(issue.symptom)) or issue.title, 120)
    return f":books: *{name}* {title}\nWorkaround: {workaround}. ETA: {eta}"


# ---- the rest


def _foot(view: HomeView, front: Front) -> list[Block]:
    pages = [link(address, title) for title, address in front.pages]
    example = f"`/investigate {foreign(front.example)} packet loss` opens an investigation. "
    begin = "" if view.nothing_open and view.reader.tier2 else example
    return [_settings(view), section(f"{begin}{_HELP}"), *([context(f"Pages: {' · '.join(pages)}")] if pages else [])]


def _settings(view: HomeView) -> Block:
    """What reaches them, and when."""
    silent, hours = [SHORT_WORDS[kind] for kind in view.kinds if kind in view.settings.silent], view.settings.hours
    told = f"all but {names_listed(silent)}" if silent else "all of them"
    work = f"{hours.start:%H:%M} to {hours.end:%H:%M}, {days_words(hours.days)}" if hours else "the usual ones"
    when = f" Working hours: {work}." if view.reader.by_hours else ""
    lines = f"*Your settings*\nDirect messages: {told}.{when}"
    return section(lines, accessory=button("Change…", SETTINGS, "settings"))


def _parted(title: str, items: Sequence[Sequence[Block]], count: int) -> list[Block]:
    """What waits, with its buttons; nothing where nothing does."""
    if not count:
        return []
    shown = [block for place, item in enumerate(items[:WAITING_MAX]) for block in (_plain(item) if place else item)]
    more = [context(f"and {count - WAITING_MAX} more")] if count > WAITING_MAX else []
    return [section(f"*{title}*"), *shown, *more, divider()]


def _plain(item: Sequence[Block]) -> list[Block]:
    """Without a primary button: the first that waits has the one of the tab."""
    return [
        block | {"elements": [{k: v for k, v in each.items() if k != "style"} for each in block["elements"]]}
        if block["type"] == "actions"
        else block
        for block in item
    ]


def _listing(title: str, rows: Sequence[Listed], most: int, shown: Callable[[Listed], Block]) -> list[Block]:
    if not rows:
        return []
    more = [context(f"and {len(rows) - most} more")] if len(rows) > most else []
    return [section(f"*{title}: {plural(len(rows), 'investigation')}*"), *map(shown, rows[:most]), *more, divider()]


def _opened(address: str) -> list[Block]:
    return [link_button("Open", OPEN_LINK, address)] if address else []
