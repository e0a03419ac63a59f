"""What is known already, as people see it: results of a search, one whole issue, a suggestion, a question to a lead."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bot.known_issues import wording
from bot.known_issues.asking_development import AskedIssue, AskState, DevelopmentAsk
from bot.known_issues.model import IssuePage, KnownIssue, Learned, Link, LinkVerdict, Suggestion
from bot.known_issues.search.query import Match, Matches, MatchLevel
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, context, field, fitted, modal, section, sections, select
from bot.slack.text import at, capitalized, clock_time, foreign, link, one_line, person, plural

USE = "known_use"
READ = "known_read"
IT_IS = "known_it_is"
IT_ISNT = "known_it_isnt"
ASK = "known_ask"
NOT_NOW = "known_not_now"

_LINE = 2700
"""Characters of a line that stands in one section with a little more."""
_NO_TITLES: Mapping[str, str] = MappingProxyType({})
_WORDS = 8
"""How many words a result says to match: a customer's whole message may have been asked."""
_CHANGES = 8
"""How many of the last changes a page lists."""


def in_one_line(known: KnownIssue) -> str:
    """For the card of an investigation: "KI-31 title · workaround: … · ETA 12 Dec 2026"."""
    title = foreign(known.issue.title, 90)
    return f"{wording.name(known)} {title} · {wording.workaround(known, 160)} · {wording.fate(known)}"


def results(
    asked: str,
    matches: Matches,
    *,
    titles: Mapping[str, str] = _NO_TITLES,
    here: int | None = None,
    live: Sequence[int] = (),
) -> Content:
    """The best hits, those that match apart from those that may be related.

    `asked` is what the person looked for, "" for nothing in particular. `titles` are what people call the targets, by
    key. `here` is the investigation in whose thread they are, `live` are all that a hit can be used for.
    """
    small = context(wording.ages(matches.ages), *_instead(matches))
    if not matches.best:
        line = f"Nothing known about “{foreign(asked, 80)}”." if asked else "No known issues yet."
        hint = " Try fewer or other words." if asked else ""
        return Content(line + hint, (section(line + hint), small))
    matching = [match for match in matches.best if match.level is MatchLevel.WORDS]
    related = [match for match in matches.best if match.level is not MatchLevel.WORDS]
    blocks: list[Block] = []
    for match in matching:
        blocks += _result(match, titles, here, live)
    if related:
        nothing = f"Nothing known matches “{foreign(asked, 80)}”. These may be related:"
        blocks += [section("*Maybe related*" if matching else nothing)]
    for match in related:
        blocks += _result(match, titles, here, live)
    count = plural(len(matching), "result") if matching else f"Nothing matches, {len(related)} may be related"
    first = matches.best[0].issue
    summary = f"{count}: {first.name}: {foreign(first.issue.title)}" if first else count
    return Content(summary, fitted(blocks, last=[small]))


def page(
    whole: IssuePage, *, titles: Mapping[str, str] = _NO_TITLES, here: int | None = None, live: Sequence[int] = ()
) -> Content:
    """Everything about one issue; `titles`, `here` and `live` as in `results`."""
    known, reading = whole.issue, whole.issue.reading
    where = f"*Affects:* {plural(whole.affected, 'confirmed ticket')}"
    lines = [
        f"*{wording.name(known)} {foreign(known.issue.title, 200)}*",
        f"*Workaround*\n{_quoted(reading.workaround, wording.NO_WORKAROUND)}",
        f"*Symptom*\n{_quoted(reading.symptom, 'not described')}",
        _facts(known, titles),
        where + (f" in {', '.join(whole.investigations[:10])}" if whole.investigations else ""),
    ]
    changed = [wording.change(change) for change in whole.changes[-_CHANGES:]]
    blocks = [section(line) for line in lines]
    blocks += [section("*Changed*\n" + "\n".join(changed))] if changed else []
    use = _use(known.id, here, live)
    blocks += [actions(*use)] if use else []
    return Content(in_one_line(known), fitted(blocks, last=[context(wording.age(whole.age))]))


def used(link: Link) -> Content:
    """Confirms to whoever used an issue for an investigation, with a button to undo it."""
    line = f"INV-{link.investigation_id} is KI-{link.issue_id} now. Its card shows the workaround."
    return Content(line, (section(line), actions(button("It Isn't", IT_ISNT, str(link.id)))))


def suggestion(guess: Suggestion) -> Content:
    """Shows the bot's guess in an investigation's thread, or what somebody decided."""
    known, chosen = guess.issue, guess.link
    said = f"{wording.name(known)} *{foreign(known.issue.title, 150)}*"
    outlook = f"{capitalized(wording.workaround(known))} · {wording.fate(known)}"
    yes = button("It Is", IT_IS, str(chosen.id), style="primary" if chosen.verdict is LinkVerdict.SUGGESTED else "")
    no = button("It Isn't", IT_ISNT, str(chosen.id))
    lines = {
        LinkVerdict.SUGGESTED: (f":bulb: Looks like {said}\n{outlook}", [yes, no]),
        LinkVerdict.IT_IS: (f":white_check_mark: It is {said}, says {person(chosen.by)}.\n{outlook}", [no]),
        LinkVerdict.IT_ISNT: (f":heavy_minus_sign: It isn't {said}, says {person(chosen.by)}.", [yes]),
    }
    line, buttons = lines[chosen.verdict]
    small = [] if chosen.verdict is LinkVerdict.IT_ISNT else [context(wording.seen_age(guess.age))]
    return Content(line, (section(line), *small, actions(*buttons)))


def ask(question: AskedIssue) -> Content:
    """Whether development should hear how many are affected, and what became of it."""
    known, asked = question.issue, question.ask
    newer = "all" if question.day == question.affected else str(question.day)
    count = f"{plural(question.affected, 'confirmed ticket')}, {newer} in the last day"
    line = f":busts_in_silhouette: {known.name} has {count}."
    outlook = " · ".join([wording.priority(known), wording.fate(known), wording.workaround(known, 150)])
    lines = [line, f"{wording.name(known)} *{foreign(known.issue.title, 150)}*", outlook, _told(asked)]
    buttons = []
    if asked.state in (AskState.OFFERED, AskState.DECLINED, AskState.FAILED):
        buttons.append(button("Tell Development", ASK, str(asked.id), style="primary"))
    if asked.state is AskState.WANTED and asked.failure:
        buttons.append(button("Try Again", ASK, str(asked.id)))
    if asked.state is AskState.OFFERED:
        buttons.append(button("Not Now", NOT_NOW, str(asked.id)))
    text, small = section("\n".join(part for part in lines if part)), context(wording.seen_age(question.age))
    return Content(line, (text, small, actions(*buttons)) if buttons else (text, small))


def _told(asked: DevelopmentAsk) -> str:
    by = person(asked.decided_by) if asked.decided_by else ""
    when = f" at {clock_time(asked.decided_at)}" if asked.decided_at else ""
    failure = foreign(asked.failure, 150)
    if asked.state is AskState.SENT:
        comment = link(asked.url, "comment") if asked.url else "comment"
        return f":white_check_mark: {by} told development{when} ({comment})."
    if asked.state is AskState.WANTED:
        again = f" Next try at {clock_time(asked.next_at)}." if asked.next_at else " Trying again."
        retry = f" Not sent yet: {failure}.{again}" if failure else ""
        return f":hourglass: {by} is telling development.{retry}"
    if asked.state is AskState.FAILED:
        return f":warning: Development was not told: {failure}. {by} tried{when}."
    if asked.state is AskState.TOLD:
        return f":white_check_mark: Development knows: an investigation with these tickets went to Tier 3{when}."
    if asked.state is AskState.DECLINED:
        return f":heavy_minus_sign: {by} said not now{when}."
    return "Tell development? They get the count, how fast it grows, and links to the tickets."


def _use(issue_id: int, here: int | None, live: Sequence[int]) -> list[Block]:
    """Returns the button for using an issue; none where no investigation is live."""
    if here in live:
        return [button("Use Here", USE, f"{issue_id} {here}")]
    label = f"Use for INV-{live[0]}" if len(live) == 1 else "Use for…"
    return [button(label, USE, str(issue_id))] if live else []


def _result(match: Match, titles: Mapping[str, str], here: int | None, live: Sequence[int]) -> list[Block]:
    """Workaround first: it is what a customer can be told now."""
    if match.learned:
        return sections(_learned(match, match.learned, titles))
    known = match.issue
    if not known:
        return []
    lines = [f"*{wording.name(known)} {foreign(known.issue.title, 150)}*"]
    lines += [f":bulb: {capitalized(wording.workaround(known, 500))}"]
    affects = [f"affects {plural(match.affected, 'ticket')}"] if match.affected else []
    lines += [" · ".join([wording.fate(known), wording.priority(known), wording.state(known), *affects])]
    lines += _why(match, titles)
    buttons = actions(*_use(known.id, here, live), button("Read All", READ, str(known.id)))
    return [section("\n".join(lines)), buttons]


def _learned(match: Match, learned: Learned, titles: Mapping[str, str]) -> list[str]:
    """The workaround is whole: half of it helps no customer."""
    first = f"*INV-{learned.investigation_id} {foreign(learned.symptom, 150)}*, resolved {at(learned.at)}"
    workaround, *more = one_line(learned.workaround, _LINE) if learned.workaround.strip() else [""]
    helps = f":bulb: Workaround: {workaround}" if workaround else f":bulb: {capitalized(wording.NO_WORKAROUND)}"
    return [first, helps, *more, f"Root cause: {foreign(learned.root_cause, 300)}", *_why(match, titles)]


def _why(match: Match, titles: Mapping[str, str]) -> list[str]:
    """The words that both have, those that it says in other words, and the target that both are about."""
    words = f"matches: {_some(match.why)}" if match.why else ""
    near = f"in other words: {_some(match.near)}" if match.near else ""
    target = f"about {foreign(titles.get(match.target, match.target), 60)}" if match.target else ""
    why = "; ".join(part for part in (words, near, target) if part)
    return [f"_{capitalized(why)}_"] if why else []


def _some(words: Sequence[str]) -> str:
    return ", ".join(foreign(word, 40) for word in words[:_WORDS])


def _instead(matches: Matches) -> list[str]:
    return [
        f"searched for {' or '.join(foreign(other, 30) for other in others)}, not “{foreign(word, 30)}”"
        for word, others in matches.instead.items()
    ]


def _facts(known: KnownIssue, titles: Mapping[str, str]) -> str:
    reading = known.reading
    facing = {True: "customers see it", False: "internal", None: ""}[reading.customer_facing]
    parts = [wording.state(known), wording.eta(known), wording.priority(known), facing]
    parts += ["found by QA"] if reading.found_by_qa else []
    parts += ["waits for development"] if reading.pending else []
    assignees: Sequence[str] = known.issue.assignees
    parts += [f"assigned to {foreign(', '.join(assignees), 80)}"] if assignees else []
    targets = ", ".join(titles.get(key, key) for key in reading.targets)
    parts += [f"about {foreign(targets, 80)}"] if targets else []
    return " · ".join([foreign(known.issue.key, 60), *(part for part in parts if part)])


def _quoted(text: str, missing: str) -> str:
    """Text of a tracker, line by line inert."""
    lines = [foreign(line, 300) for line in wording.plain(text).splitlines() if line.strip()]
    return "\n".join(f">{line}" for line in lines[:15]) or f"_{missing}_"


USE_FORM = "known_use_form"
INVESTIGATION = "investigation"
_INPUT = "input"


def use_form(known: KnownIssue, live: Iterable[tuple[int, str]]) -> Block:
    """`live` are investigations by number with what they are about."""
    options = [(f"INV-{number} {title}", str(number)) for number, title in live]
    chosen = select(_INPUT, options, initial=options[0][1])
    blocks = [
        section(f"*{known.name}* {foreign(known.issue.title, 150)}"),
        field(INVESTIGATION, "Which investigation is about it?", chosen),
    ]
    return modal(USE_FORM, f"Use {known.name}", "Use", blocks, private_metadata=str(known.id))
