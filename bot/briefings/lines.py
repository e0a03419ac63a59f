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
    Planned,
    Rose,
    ServiceTrouble,
    Situation,
    amended,
)
from bot.briefings.step_words import step_words
from bot.investigations.model import LIVE, STATE_MARKS, STATE_WORDS, Investigation, State
from bot.known_issues.model import PRIORITY_WORDS, ChangeKind
from bot.known_issues.wording import NO_ETA, NO_WORKAROUND, in_one_line
from bot.maintenance.sweep_cards import listed_titles
from bot.names import few_named
from bot.slack.text import at, capitalized, clock_time, cut_markup, foreign, link, person, place, plural
from bot.trends.wording import at_most

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
    ChangeKind.REGRESSED: ":warning: regressed: customers write again",
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


def lines(overview: BriefingOverview) -> list[BriefingLine]:
    """Everything, in the order in which it matters in the morning."""
    said, day = overview.briefing.said, overview.briefing.day
    issues = {number: amended(issue, overview.amendments) for number, issue in said.told_issues.items()}
    return [
        *(_line("Service status", _trouble(trouble)) for trouble in said.troubles),
        *(_line("Planned maintenance", _planned(planned, said.at)) for planned in said.planned),
        *(_line("Rises that nobody looked into", _rose(rose)) for rose in said.rises),
        *(_ongoing(ongoing, overview) for ongoing in said.investigations),
        *(_line(_since(said), text) for text in _changes(said, day)),
        *_issues("Known issues that matter today", said.issues, issues, overview),
        *_more("Known issues that matter today", said.unlisted.issues),
        *(_not_told(customers, overview) for customers in said.not_told),
        *(_line("Follow up", _follow_up(follow_up, day)) for follow_up in said.follow_ups),
        *(_line("Elevated tickets", _elevated(elevated)) for elevated in said.elevated),
        *_issues("New, waiting for development", said.pending, issues, overview),
        *_more("New, waiting for development", said.unlisted.pending),
        *_issues("Found by QA, customers will see it", said.found_by_qa, issues, overview),
        *_more("Found by QA, customers will see it", said.unlisted.found_by_qa),
    ]


def _planned(planned: Planned, now: datetime) -> str:
    when = f"{at(planned.begins_at)} until {clock_time(planned.ends_at)}"
    when = when if planned.begins_at > now else f"until {at(planned.ends_at)}"
    why = f": {foreign(planned.why, 100)}" if planned.why else ""
    source = ", says the status page" if planned.of_page else ""
    return f":large_blue_circle: *{listed_titles(planned.titles)}* {when}{why} ({planned.name}{source})"


def _rose(rose: Rose) -> str:
    wrote = at_most(rose.most, rose.window_h)
    return f":chart_with_upwards_trend: {foreign(rose.name, 60)}: {wrote}, noticed {at(rose.at)}"


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
    heading: str, listed: tuple[Issue, ...], issues: Mapping[int, Issue], overview: BriefingOverview
) -> Iterator[BriefingLine]:
    """`issues` are those of `listed` as they are now."""
    for issue in listed:
        marked = [amendment.at for amendment in overview.amendments if amendment.issue_id == issue.id]
        text = _issue(issues[issue.id], overview.briefing.day, marked[-1:])
        yield BriefingLine(heading, cut_markup(text, LINE_MAX), LINE_MAX)


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
    small += [f"_changed {clock_time(marked[0])}_"] if marked else []
    known = issue.workaround or issue.eta
    return "\n".join([first, " · ".join(small)]) if known else " · ".join([first, *small])


def _eta(issue: Issue, day: date) -> str:
    if not issue.eta:
        return NO_ETA
    return f"ETA {day_name(issue.eta, day)}" + (" (passed)" if issue.eta < day else "")


def _ongoing(ongoing: Ongoing, overview: BriefingOverview) -> BriefingLine:
    """An investigation as it was told, and what became of it: owner, who joined, what it needs, how it ended."""
    now, channel = overview.now.get(ongoing.id), overview.briefing.channel
    name = link(ongoing.link, ongoing.name) if ongoing.link else ongoing.name
    owner = now.owner if now else ongoing.owner
    where = f" in {place(ongoing.channel)}" if ongoing.channel != channel else ""
    new = " · new" if ongoing.new else ""
    first = f"{STATE_MARKS[ongoing.state]} *{name}* {foreign(ongoing.title, 140)}{where}"
    owned = f"{person(owner)} owns it" if owner else "No one has picked this up"
    second = f"{owned} · opened {at(ongoing.opened_at)}{new}{_tickets(ongoing)}"
    following, state = overview.steps.get(ongoing.id, ongoing.next_step), now.state if now else ongoing.state
    asks = state in LIVE and not (following.step is NextStepKind.CLAIM and owner)
    third = f"\n:arrow_right: {_step(following, state)}" if asks else ""
    told = f"Customers told {at(ongoing.said_at)}: {foreign(ongoing.said)}" if ongoing.said_at else ""
    customers = f"\n:speech_balloon: {told}" if told else ""
    bonds = f"\n:link: {' · '.join(foreign(words) for words in ongoing.bonds)}" if ongoing.bonds else ""
    text = cut_markup(f"{first}\n{second}{bonds}{customers}{third}{_became(ongoing, now)}", LINE_MAX)
    joins = None if now and not now.live else (ongoing.id, not owner)
    return BriefingLine("Open investigations", text, LINE_MAX, joins)


def _tickets(ongoing: Ongoing) -> str:
    if ongoing.tickets is None:
        return ""
    more = f", {ongoing.more:+d} since the last briefing" if ongoing.more else ""
    growth = f" · {ongoing.growth}" if ongoing.growth else ""
    about = "about " if ongoing.about else ""
    return f" · {about}{plural(ongoing.tickets, 'ticket')}{more}, {ongoing.confirmed} confirmed{growth}"


def _became(ongoing: Ongoing, now: Investigation | None) -> str:
    if not now:
        return ""
    if now.merged_into:
        return f"\n_Goes on in INV-{now.merged_into}_"
    if not now.live:
        when = f" {clock_time(now.closed_at)}" if now.closed_at else ""
        return f"\n_{capitalized(STATE_WORDS[now.state])}{when} by_ {person(now.closed_by or '')}"
    joined = [person(user) for user in now.helpers if user not in ongoing.helpers and user != now.owner]
    return f"\n_Joined:_ {', '.join(joined[:8])}" if joined else ""


def _step(following: NextStep, state: State) -> str:
    when = at(following.since) if following.since else ""
    since, by = (f" since {when}", f" by {when}") if when else ("", "")
    return step_words(following, state, since=since, by=by, whom=foreign(following.whom))


def _since(said: Situation) -> str:
    return f"Changed since {at(said.since)}" if said.since else "Changed in the last 24 hours"


def _changes(said: Situation, day: date) -> Iterator[str]:
    yield from (_news(news, day) for news in said.news)
    if said.unlisted.news:
        yield f"… and {plural(said.unlisted.news, 'more change')} of known issues"
    yield from map(_ended, said.ended)


def _news(news: News, day: date) -> str:
    name = f"{link(news.url, f'KI-{news.issue_id}')} {foreign(news.title, 120)}"
    if news.kind not in _VALUES:
        return f"{_CHANGED[news.kind]}: {name}"
    before, after = worded(news.before, day), worded(news.after, day)
    return f"{_CHANGED[news.kind]} {before} → *{after}*: {name}"


def _ended(ended: Ended) -> str:
    name = link(ended.link, f"INV-{ended.id}") if ended.link else f"INV-{ended.id}"
    words = f": {foreign(ended.words, 200)}" if ended.words else ""
    by = f" by {person(ended.by)}" if ended.by else ""
    return f"{STATE_MARKS[ended.state]} {name} {foreign(ended.title, 120)} was {STATE_WORDS[ended.state]}{by}{words}"


def _trouble(trouble: ServiceTrouble) -> str:
    mark = ":red_circle:" if trouble.broken else ":large_yellow_circle:" if trouble.known else ":white_circle:"
    since = f" since {at(trouble.since)}" if trouble.since else ""
    return f"{mark} *{foreign(trouble.name, 100)}*: {foreign(trouble.line, 300)}{since}"


def _elevated(elevated: Elevated) -> str:
    count = plural(len(elevated.numbers), "ticket")
    return f"INV-{elevated.investigation_id}: {count} to {elevated.to} {at(elevated.at)}: {_linked(elevated.numbers)}"


def _linked(numbers: tuple[tuple[int, str], ...]) -> str:
    return few_named(numbers, _NUMBERS, name=_ticket, between=" ")


def _ticket(numbered: tuple[int, str]) -> str:
    number, url = numbered
    return link(url, f"#{number}") if url else f"#{number}"


def _not_told(said: CustomersWaiting, overview: BriefingOverview) -> BriefingLine:
    """How many customers still wait, with how many it were when it was said."""
    now = said.count if overview.not_told is None else overview.not_told.get(said.key, 0)
    out = f"{foreign(said.version, 60) or 'the fix'} is out"
    name = f"{said.about} {said.title}".strip()
    name = link(said.link, name) if said.link else foreign(name)
    if now:
        who = f"{plural(now, 'customer')} {'has' if now == 1 else 'have'}n't been told"
        was = f" _(was {said.count})_" if now != said.count else ""
        text = f":mega: *{who} that {out}*: {name}, since {at(said.since)}{was}"
    else:
        all_told = "The customer was" if said.count == 1 else f"All {said.count} customers were"
        text = f":white_check_mark: {all_told} told that {out}: {name}"
    return BriefingLine("Released, not yet told", cut_markup(text, LINE_MAX), LINE_MAX)


def _follow_up(follow_up: FollowUp, day: date) -> str:
    name = f"INV-{follow_up.investigation_id}"
    name = link(follow_up.link, name) if follow_up.link else name
    who = f" ({person(follow_up.who)})" if follow_up.who else ""
    return f"{name} {foreign(follow_up.title, 120)}{who}: {_due(follow_up, day)}"


def _due(follow_up: FollowUp, day: date) -> str:
    since = at(follow_up.since) if isinstance(follow_up.since, datetime) else ""
    match follow_up.due:
        case Due.UNTOUCHED:
            return f"no one has touched it since {since}"
        case Due.UNANSWERED:
            return f"management hasn't acknowledged it since {since}"
        case Due.OVERDUE:
            passed = f" ({day_name(follow_up.since, day)})" if follow_up.since else ""
            return f"development's ETA has passed{passed}"
        case Due.CAUSE_OVER:
            return f"{foreign(follow_up.cause, 120)}, which caused it, is resolved: check it"
        case Due.OPEN_TICKETS:
            count = plural(len(follow_up.tickets), "ticket")
            return f"resolved, and {count} still open: {_linked(follow_up.tickets)}"
