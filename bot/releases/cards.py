"""The announcement of a release, and the message to somebody who follows a known issue."""

from collections.abc import Mapping, Sequence

from bot.handoffs.cards import issue_state
from bot.known_issues.model import Change, ChangeKind, KnownIssue
from bot.known_issues.wording import plain, seen_age, value
from bot.messages.model import Block, Content
from bot.releases.model import ISSUE_NEWS, AnnouncedRelease, Follow, FollowedIssue, UntoldFix, headline
from bot.slack.blocks import context, fitted, section, sections
from bot.slack.text import at, foreign, link, paragraph, place, plural

_LISTED = 15


def announcement(announced: AnnouncedRelease) -> Content:
    """In every channel that follows; edited when it turns out to close another issue, or one of these changes."""
    release = announced.release
    title = f":package: *{link(release.url, release.name)}* of {foreign(announced.tracker_title)} is out"
    known = [issue for issue in announced.issues if issue.reading.known or announced.tickets.get(issue.id)]
    others = len(announced.issues) - len(known)
    lines = [_closed(issue, announced.tickets.get(issue.id, 0)) for issue in known[:_LISTED]]
    if len(known) > _LISTED:
        lines.append(f"… and {len(known) - _LISTED} more")
    closes = f"closes {plural(len(known), 'known issue')}" if known else "closes no known issue"
    more = f" and {plural(others, 'other issue')}" if others else ""
    head = f"{title}: it {closes}{more}."
    notes = headline(release.notes)
    blocks: list[Block] = [section(head), *sections(lines)]
    blocks += [context(paragraph(notes, 900))] if notes else []
    small = [] if release.undated else [f"published {at(release.published_at)}"]
    blocks.append(context(*small, seen_age(announced.age)))
    first = f"{foreign(release.name)} of {foreign(announced.tracker_title)} is out"
    return Content(f"{first}: it {closes}.", fitted(blocks))


def followed(followed_issue: FollowedIssue) -> Content:
    """To one person; edited with everything that changes."""
    known = followed_issue.issue
    issue, reading = known.issue, known.reading
    lines = [
        f":eyes: You follow *{link(issue.url, f'{known.name} {issue.key} {issue.title}')}*",
        issue_state(known),
        f"*Workaround:* {paragraph(plain(reading.workaround), 800)}" if reading.workaround else "No workaround yet.",
    ]
    if followed_issue.tickets:
        lines.append(f":ticket: {plural(followed_issue.tickets, 'confirmed ticket')}")
    if not followed_issue.active:
        return Content(f"You followed {link(issue.url, f'{known.name} {issue.key} {issue.title}')} until you ended it.")
    since = f"since {at(followed_issue.since)} · `/t2 unfollow {known.name}` ends it"
    small = context(since, seen_age(followed_issue.age))
    return Content(f"You follow {known.name}: {foreign(issue.title)}", (section("\n".join(lines)), small))


def news(known: KnownIssue, change: Change) -> Content:
    """What somebody who follows an issue is told by a message of its own, since edits notify nobody."""
    words = ISSUE_NEWS.get(change.kind) or _valued(change)
    return Content(f":bell: {link(known.issue.url, f'{known.name} {known.issue.title}')} {words.removesuffix('.')}.")


def not_told(total: int, listed: Sequence[UntoldFix], links: Mapping[int, str]) -> list[str]:
    """How many customers wait to be told, and of what; `links` are the addresses of the cards by round."""
    if not listed:
        return []
    if len(listed) == 1:
        (only,) = listed
        return [f":mega: *{waiting(total)} that {is_out(only.version)}*: {_fix(only, links)}"]
    lines = [f"• {fix.count}: {is_out(fix.version)}, {_fix(fix, links)}" for fix in listed[:_LISTED]]
    more = [f"… and {len(listed) - _LISTED} more fixes"] if len(listed) > _LISTED else []
    return [f":mega: *{waiting(total)} of a fix that is out*", *lines, *more]


def waiting(count: int) -> str:
    """ "6 customers haven't been told"."""
    return f"{plural(count, 'customer')} {'has' if count == 1 else 'have'}n't been told"


def is_out(version: str) -> str:
    return f"{foreign(version, 60) or 'the fix'} is out"


def _fix(fix: UntoldFix, links: Mapping[int, str]) -> str:
    name, url = f"{fix.about} {fix.title}".strip() or "the answer", links.get(fix.round_id, "")
    return f"{link(url, name) if url else foreign(name)}, since {at(fix.since)}"


def follows(listed: Sequence[tuple[Follow, KnownIssue | None]]) -> str:
    """What a channel and a person follow."""
    lines = [_follow(*follow) for follow in listed[:_LISTED]]
    if len(listed) > _LISTED:
        lines.append(f"… and {len(listed) - _LISTED} more")
    return "\n".join(lines) or "Nothing is followed here. `/t2 follow` announces every release in this channel."


def _valued(change: Change) -> str:
    """ "has another ETA: 12 Dec 2026", "has no workaround any more"."""
    what, first = ("ETA", "an") if change.kind is ChangeKind.ETA else ("workaround", "a")
    if not change.after:
        return f"no longer has {first} {what}"
    return f"has {'another' if change.before else first} {what}: {value(change.kind, change.after, 600)}"


def _closed(known: KnownIssue, tickets: int) -> str:
    waiting = f", {plural(tickets, 'ticket')}" if tickets else ""
    return f"• {link(known.issue.url, f'{known.name} {known.issue.title}')}{waiting}"


def _follow(follow: Follow, known: KnownIssue | None) -> str:
    if known:
        return f"• you: {link(known.issue.url, f'{known.name} {known.issue.title}')}"
    return f"• {place(follow.who)}: releases of {foreign(follow.tracker) if follow.tracker else 'every tracker'}"
