"""Every line of a briefing, in order: what a person reads of each record. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.briefings.model import (
    BriefingOverview,
    CustomersWaiting,
    Due,
    Elevated,
    Ended,
    FollowUp,
    Issue,
    News,
    NextStep,
    NextStepKind,
    Ongoing,
    ServiceTrouble,
    Situation,
    amended,
)
from bot.investigations.model import (
    LIVE,
    STATE_MARKS,
    STATE_WORDS,
    Investigation,
    State,
)
from bot.known_issues.model import PRIORITY_WORDS, ChangeKind
from bot.known_issues.wording import NO_ETA, NO_WORKAROUND, in_one_line
from bot.slack.text import at, clock_time, cut_markup, foreign, link, person, place, plural

LINE_MAX = 700
"""No line of an issue or an investigation is longer, whatever is amended in it."""
_TEXT_MAX = 2500
_NUMBERS = 12
_CHANGED = {
    ChangeKind.NEW: ":new: new",
    ChangeKind.ETA: ":calendar: ETA",
    ChangeKind.PRIORITY: ":small_orange_diamond: priority",
    ChangeKind.WORKAROUND: ":adhesive_bandage: workaround",
    ChangeKind.SYMPTOM: "symptom",
    ChangeKind.TITLE: "title",
    ChangeKind.ASSIGNED: "assigned",
    ChangeKind.FIX_VERSION: "fix version",
    ChangeKind.IN_PROGRESS: ":hammer: in progress",
    ChangeKind.DONE: ":white_check_mark: fixed, not released yet",
    ChangeKind.RELEASED: ":tada: released",
    ChangeKind.DECLINED: "closed without a fix",
    ChangeKind.REOPENED: ":leftwards_arrow_with_hook: reopened",
    ChangeKind.MOVED: "moved",
    ChangeKind.GONE: "no longer in the tracker",
    ChangeKind.BACK: "back in the tracker",
}
_VALUES = frozenset((ChangeKind.ETA, ChangeKind.PRIORITY, ChangeKind.ASSIGNED, ChangeKind.FIX_VERSION))
"""Changes whose values are told; texts are told where the issue is."""


@dataclass(frozen=True, slots=True)
class BriefingLine:
    """One line under a heading. `joins` is the investigation that its button is for, with whether it is to be claimed.

    `room` is the most characters that it may ever have, so that amending it moves nothing to another message.
    """

    heading: str
    text: str
    room: int
    joins: tuple[int, bool] | None = None


def lines(shown: BriefingOverview) -> list[BriefingLine]:
    """Everything, in the order in which it matters in the morning."""
    said, day = shown.briefing.said, shown.briefing.day
    issues = {number: amended(issue, shown.amendments) for number, issue in said.told_issues.items()}
    return [
        *(_line("Service status", _trouble(each)) for each in said.troubles),
        *(_ongoing(each, shown) for each in said.investigations),
        *(_line(_since(said), text) for text in _changes(said, day)),
        *_issues("Known issues that matter today", said.issues, issues, shown),
        *_more("Known issues that matter today", said.unlisted.issues),
        *(_not_told(each, shown) for each in said.not_told),
        *(_line("Follow up", _follow_up(each, day)) for each in said.follow_ups),
        *(_line("Elevated tickets", _elevated(each)) for each in said.elevated),
        *_issues("New, pending development", said.pending, issues, shown),
        *_more("New, pending development", said.unlisted.pending),
        *_issues("Found by QA, customers will meet it", said.found_by_qa, issues, shown),
        *_more("Found by QA, customers will meet it", said.unlisted.found_by_qa),
    ]


def day_name(day: date, today: date) -> str:
    """ "12 Dec", with the year where it is another one."""
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def worded(value: str, today: date) -> str:
    """A value that may be an ISO date, for people; "none" for nothing."""
    try:
        return day_name(date.fromisoformat(value), today)
    except ValueError:
        return foreign(value, 80) or "none"


def _line(heading: str, text: str) -> BriefingLine:
    text = cut_markup(text, _TEXT_MAX)
    return BriefingLine(heading, text, len(text))


def _more(heading: str, count: int) -> Iterator[BriefingLine]:
    if count:
        yield _line(heading, f"… and {count} more")


def _issues(
    heading: str, listed: tuple[Issue, ...], issues: Mapping[int, Issue], shown: BriefingOverview
) -> Iterator[BriefingLine]:
    """`issues` are those of `listed` as they are now."""
    for issue in listed:
        marked = [each.at for each in shown.amendments if each.issue_id == issue.id]
        yield BriefingLine(
            heading, cut_markup(_issue(issues[issue.id], shown.briefing.day, marked[-1:]), LINE_MAX), LINE_MAX
        )


def _issue(issue: Issue, day: date, marked: list[datetime]) -> str:
    """Workaround first: that is what helps the customer who is waiting. Where nothing is known one line says so."""
    urgency = f"*{issue.priority}* {PRIORITY_WORDS[issue.priority]} · " if issue.priority else ""
    also = ", ".join(link(url, key) for key, url in issue.also)
    name = link(issue.url, issue.name) + (f" (also {also})" if also else "")
    first = f"{urgency}{name} {foreign(in_one_line(issue.symptom) or issue.title, 160)}"
    workaround = f"Workaround: {foreign(in_one_line(issue.workaround), 240)}" if issue.workaround else NO_WORKAROUND
    small = [workaround, _eta(issue, day)]
    small += [issue.stage.value] if issue.stage.value != "open" else []
    small += [plural(issue.tickets, "ticket") + (f" (+{issue.more})" if issue.more else "")] if issue.tickets else []
    small += [", ".join(f"INV-{number}" for number in issue.investigations[:4])] if issue.investigations else []
    small += [f"_amended {clock_time(marked[0])}_"] if marked else []
    known = issue.workaround or issue.eta
    return "\n".join([first, " · ".join(small)]) if known else " · ".join([first, *small])


def _eta(issue: Issue, day: date) -> str:
    if not issue.eta:
        return NO_ETA
    return f"ETA {day_name(issue.eta, day)}" + (" (passed)" if issue.eta < day else "")


def _ongoing(told: Ongoing, shown: BriefingOverview) -> BriefingLine:
    """As it was told, and what has become of it since: its owner, who joined, what it needs, how it ended."""
    now, channel = shown.now.get(told.id), shown.briefing.channel
    name = link(told.link, told.name) if told.link else told.name
    owner = now.owner if now else told.owner
    where = f" in {place(told.channel)}" if told.channel != channel else ""
    new = " · new" if told.new else ""
    first = f"{STATE_MARKS[told.state]} *{name}* {foreign(told.title, 140)}{where}"
    second = f"{person(owner) if owner else 'nobody'}, since {at(told.opened_at)}{new}{_tickets(told)}"
    following, state = shown.steps.get(told.id, told.next_step), now.state if now else told.state
    asks = state in LIVE and not (following.step is NextStepKind.CLAIM and owner)
    third = f"\n:arrow_right: {_step(following, state)}" if asks else ""
    text = cut_markup(f"{first}\n{second}{third}{_became(told, now)}", LINE_MAX)
    return BriefingLine("Open investigations", text, LINE_MAX, None if now and not now.live else (told.id, not owner))


def _tickets(told: Ongoing) -> str:
    if told.tickets is None:
        return ""
    more = f" ({told.more:+d} since the last briefing)" if told.more else ""
    return f" · {plural(told.tickets, 'ticket')}{more}, {told.confirmed} confirmed" + (
        f"; {told.growth}" if told.growth else ""
    )


def _became(told: Ongoing, now: Investigation | None) -> str:
    if not now:
        return ""
    if not now.live:
        when = f" {clock_time(now.closed_at)}" if now.closed_at else ""
        return f"\n_{STATE_WORDS[now.state]}{when} by_ {person(now.closed_by or '')}"
    joined = [person(user) for user in now.helpers if user not in told.helpers and user != now.owner]
    return f"\n_joined:_ {', '.join(joined[:8])}" if joined else ""


def _step(following: NextStep, state: State) -> str:
    since = f" since {at(following.since)}" if following.since else ""
    match following.step:
        case NextStepKind.CLAIM:
            return "nobody has it: claim it"
        case NextStepKind.ANSWER:
            return f"management asked for more{since}: answer in the thread"
        case NextStepKind.MANAGEMENT:
            return f"waiting for management{since}"
        case NextStepKind.TRIAGE:
            return f"waiting for the triage lead{since}"
        case NextStepKind.DEVELOPMENT:
            return f"waiting for development{since}"
        case NextStepKind.GIVEN_BACK:
            return "development is done with it: answer the customers and resolve it"
        case NextStepKind.TICKETS:
            return f"no ticket is confirmed: look at the {plural(following.count, 'suggestion')}"
        case NextStepKind.PROBE:
            return "nothing was measured yet: `probe` in the thread"
        case NextStepKind.TRY:
            return "nobody has tried it on a device yet: record a try in the thread"
        case NextStepKind.ESCALATE:
            return "tickets are rising: escalate it, or say why not"
        case NextStepKind.DECIDE:
            escalate = ", escalate it" if state is State.OPEN else ""
            return f"decide: resolve it{escalate}, or hand it on"


def _since(said: Situation) -> str:
    return f"Changed since {at(said.since)}" if said.since else "Changed in the last 24 hours"


def _changes(said: Situation, day: date) -> Iterator[str]:
    yield from (_news(each, day) for each in said.news)
    if said.unlisted.news:
        yield f"… and {plural(said.unlisted.news, 'more change')} of known issues"
    yield from map(_ended, said.ended)


def _news(told: News, day: date) -> str:
    name = f"{link(told.url, f'KI-{told.issue_id}')} {foreign(told.title, 120)}"
    if told.kind not in _VALUES:
        return f"{_CHANGED[told.kind]}: {name}"
    before, after = worded(told.before, day), worded(told.after, day)
    return f"{_CHANGED[told.kind]} {before} → *{after}*: {name}"


def _ended(told: Ended) -> str:
    name = link(told.link, f"INV-{told.id}") if told.link else f"INV-{told.id}"
    words = f": {foreign(told.words, 200)}" if told.words else ""
    by = f" by {person(told.by)}" if told.by else ""
    return f"{STATE_MARKS[told.state]} {name} {foreign(told.title, 120)} was {STATE_WORDS[told.state]}{by}{words}"


def _trouble(told: ServiceTrouble) -> str:
    mark = ":red_circle:" if told.broken else ":large_yellow_circle:" if told.known else ":white_circle:"
    since = f" since {at(told.since)}" if told.since else ""
    return f"{mark} *{foreign(told.name, 100)}*: {foreign(told.line, 300)}{since}"


def _elevated(told: Elevated) -> str:
    count = plural(len(told.numbers), "ticket")
    return f"INV-{told.investigation_id}: {count} to {told.to} {at(told.at)}: {_linked(told.numbers)}"


def _linked(numbers: tuple[tuple[int, str], ...]) -> str:
    listed = [link(url, f"#{number}") if url else f"#{number}" for number, url in numbers[:_NUMBERS]]
    more = f" and {len(numbers) - _NUMBERS} more" if len(numbers) > _NUMBERS else ""
    return " ".join(listed) + more


def _not_told(said: CustomersWaiting, shown: BriefingOverview) -> BriefingLine:
    """As many as still wait, with how many it were when it was said."""
    now = said.count if shown.not_told is None else shown.not_told.get(said.key, 0)
    out = f"{foreign(said.version, 60) or 'the fix'} is out"
    name = f"{said.about} {said.title}".strip()
    name = link(said.link, name) if said.link else foreign(name)
    if now:
        who = f"{plural(now, 'customer')} {'has' if now == 1 else 'have'}n't been told"
        was = f" _(was {said.count})_" if now != said.count else ""
        text = f":mega: *{who} that {out}*: {name}, since {at(said.since)}{was}"
    else:
        text = f":white_check_mark: All {plural(said.count, 'customer')} were told that {out}: {name}"
    return BriefingLine("Released, not yet told", cut_markup(text, LINE_MAX), LINE_MAX)


def _follow_up(told: FollowUp, day: date) -> str:
    name = link(told.link, f"INV-{told.investigation_id}") if told.link else f"INV-{told.investigation_id}"
    who = f" ({person(told.who)})" if told.who else ""
    return f"{name} {foreign(told.title, 120)}{who}: {_due(told, day)}"


def _due(told: FollowUp, day: date) -> str:
    since = at(told.since) if isinstance(told.since, datetime) else ""
    match told.due:
        case Due.UNTOUCHED:
            return f"nobody has touched it since {since}"
        case Due.UNANSWERED:
            return f"management has not acknowledged it since {since}"
        case Due.OVERDUE:
            passed = f" ({day_name(told.since, day)})" if told.since else ""
            return f"the ETA of development has passed{passed}"
        case Due.OPEN_TICKETS:
            count = plural(len(told.tickets), "ticket")
            return f"resolved, but {count} stayed open: {_linked(told.tickets)}"
