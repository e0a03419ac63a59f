"""One bug in two trackers: which issues are the same, by what they say of each other. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, islice, repeat

from bot.known_issues.model import KnownIssue, TrackerIssue, version_name
from bot.known_issues.search.query import STOP_WORDS, words_of
from bot.known_issues.search.stems import stem

_LABEL = re.compile(r"\[[^\[\]]{0,200}+\]\(")

_BROWSED = re.compile(r"\Ahttps?://[^/]{1,200}/browse/([a-z][a-z0-9_]{1,9}-\d{1,9})\Z")

READ_MAX = 20_000
"""How much of a body is read."""
NAMES_MAX = 50
LINES_MAX, PLACES_MAX = 100, 1_000
"""How many lines and places that name issues are read; more of them are a list."""
ALONE_MAX = 1_000
"""Characters; a longer line is more than a link."""
_ALIKE = 0.5
"""The share of both titles' telling words that they have in common, where a link alone says too little."""

_TITLE_WORDS = 3
"""Telling words that a title needs for it to say which bug it is."""

_NAME = re.compile(
    r"https?://[^\s<>()\[\]\"'|]{4,300}|(?<![\w/#.-])[\w.-]{1,60}(?:/[\w.-]{1,60})?#\d{1,9}(?!\w)"
    r"|(?<![\w-])[A-Za-z][A-Za-z0-9_]{1,9}-\d{1,9}(?![\w-])"
)
_GITHUB = re.compile(r"https?://[^/]{1,200}/([^/]{1,100}/[^/]{1,100})/issues/(\d{1,9})")
_SAME = re.compile(
    r"(?:jira|github|tracker|ticket|issue|link|upstream|original)\W{0,3}(?:issue|ticket|key)?\W{0,3}:"
    r"|tracked (?:in|as|by|at)|duplicates? |same as|mirror|synced (?:from|with)|copied (?:from|to)|cloned (?:from|to)"
)
_OTHER = re.compile(
    r"not the same|unlike|relate|similar|see also|block|depend|regress|caused|cause of|follow|after|before|since|unless"
    r"|parent|epic|part of|subtask|isn't|not a dup"
)


@dataclass(frozen=True, slots=True)
class IssueMention:
    """Another issue that an issue names, in its title or not; `same` where it is said to be the same."""

    name: str
    titled: bool
    same: bool


def names_of(issue: TrackerIssue) -> tuple[str, ...]:
    """How other issues name it: key, address, and what GitHub makes of an address."""
    url = issue.url.casefold().rstrip("/")
    short = _GITHUB.fullmatch(url)
    return tuple(
        dict.fromkeys(name for name in (issue.key.casefold(), url, f"{short[1]}#{short[2]}" if short else "") if name)
    )


def mentions(issue: TrackerIssue) -> tuple[IssueMention, ...]:
    """Returns the other issues that an issue names, each once."""
    return _mentions(issue.title, issue.body[:READ_MAX], names_of(issue))


@lru_cache(maxsize=128)
def _mentions(title: str, body: str, own: tuple[str, ...]) -> tuple[IssueMention, ...]:
    """An issue is compared with many others, each of which is compared with many."""
    by_name = dict[str, IssueMention]()
    for titled, (line, named) in chain(zip(repeat(True), _naming(title)), zip(repeat(False), _naming(body))):
        said = _says_same(line, titled)
        for name in dict.fromkeys(map(_plain, named)):
            before = by_name.get(name)
            if name not in own and (before or len(by_name) < NAMES_MAX):
                titled_too, same = (titled or before.titled, said or before.same) if before else (titled, said)
                by_name[name] = IssueMention(name, titled_too, same)
    return tuple(by_name.values())


def _naming(text: str) -> Iterator[tuple[str, list[str]]]:
    """The first lines that name any issue, with what each names."""
    places = islice(_NAME.finditer(text), PLACES_MAX)
    lines = groupby(places, key=lambda hit: text.rfind("\n", 0, hit.start()) + 1)
    for start, hits in islice(lines, LINES_MAX):
        end = text.find("\n", start)
        yield text[start : end if end >= 0 else None], [hit[0] for hit in hits]


def title_marks(issue: TrackerIssue) -> tuple[str, ...]:
    """Returns marks that issues share if they have one title, or similar titles and one version."""
    plain, version = _telling_words(issue.title), version_name(issue.fix_version)
    if len(_telling(issue.title)) < _TITLE_WORDS:
        return ()
    # Those of an issue that was read before words had stems are of the plain ones.
    marks = dict[str, None]()
    for words in (_telling(issue.title), plain):
        marks[f"~ {' '.join(sorted(words))}"] = None
        marks |= dict.fromkeys(f"~ {version} {word}" for word in sorted(words)[:20] if version)
    return tuple(marks)


def are_twins(one: KnownIssue, other: KnownIssue) -> bool:
    """Whether two issues of different trackers are one bug.

    One says that it is the other; or it links to it, or both to the same third one, and both have like titles; or
    they have one title and no two versions, or one title has all words of the other and both have one version; forms
    of a word ("crash", "crashes") are one.
    """
    first, second = one.issue, other.issue
    if first.tracker == second.tracker:
        return False
    if _one_title(first, second):
        return True
    said, answered = _named(first, second), _named(second, first)
    if any(mention.same for mention in (*said, *answered)):
        return True
    if said or answered:
        return _alike(first.title, second.title)
    third = {mention.name for mention in mentions(first) if mention.same} & {
        mention.name for mention in mentions(second) if mention.same
    }
    return bool(third) and _alike(first.title, second.title)


def once(issues: Iterable[KnownIssue]) -> list[KnownIssue]:
    """Each bug once, in order: of two that are the same, the one that tells support more."""
    listed = list(issues)
    there = {known.id: known for known in listed}
    return [
        known
        for known in listed
        if not any(_worth(there[twin.id]) > _worth(known) for twin in known.also if twin.id in there)
    ]


def beside(chosen: Sequence[KnownIssue], others: Sequence[KnownIssue]) -> list[KnownIssue]:
    """Returns the chosen issues, then those of the others that are different bugs, each once."""
    ids = {known.id for known in chosen}
    new = [known for known in once(others) if not any(twin.id in ids for twin in known.also)]
    return list({known.id: known for known in (*chosen, *new)}.values())


def _worth(known: KnownIssue) -> tuple[bool, bool, bool, int]:
    """Open, known to support, with a workaround; then the one that was there first."""
    return not known.issue.closed, known.reading.known, bool(known.reading.workaround), -known.id


def _named(issue: TrackerIssue, other: TrackerIssue) -> Sequence[IssueMention]:
    """Returns where an issue names the other. A title that names several issues of one tracker identifies none."""
    names, said = names_of(other), mentions(issue)
    hits = [mention for mention in said if mention.name in names]
    prefix = other.key.casefold().rstrip("0123456789")
    rivals = [
        mention for mention in said if mention.same and mention.name.startswith(prefix) and mention.name not in names
    ]
    return [IssueMention(mention.name, mention.titled, mention.same and not rivals) for mention in hits]


def _plain(name: str) -> str:
    plain = name.casefold().rstrip("/.,;:!?#").partition("#issuecomment")[0].partition("?")[0]
    browse = _BROWSED.fullmatch(plain)
    return browse[1] if browse else plain


def _says_same(line: str, titled: bool) -> bool:
    """Whether a line with names says that they name this bug."""
    plain = line.casefold()
    return not _OTHER.search(plain) and (titled or bool(_SAME.search(plain)) or _alone(line))


def _alone(line: str) -> bool:
    """Whether a line is nothing but a link, perhaps as Markdown."""
    return len(line) <= ALONE_MAX and not words_of(_NAME.sub(" ", _LABEL.sub(" (", line)))


def _one_title(one: TrackerIssue, other: TrackerIssue) -> bool:
    first, second = _telling(one.title), _telling(other.title)
    if min(len(first), len(second)) < _TITLE_WORDS:
        return False
    versions = {version for issue in (one, other) if (version := version_name(issue.fix_version))}
    both = bool(one.fix_version and other.fix_version)
    if first == second:
        return len(versions) < 2
    return both and len(versions) == 1 and (first <= second or second <= first)


def _alike(one: str, other: str) -> bool:
    first, second = _telling(one), _telling(other)
    return bool(first and second) and len(first & second) / min(len(first), len(second)) >= _ALIKE


def _telling(title: str) -> set[str]:
    return set(map(stem, _telling_words(title)))


def _telling_words(title: str) -> set[str]:
    return {word for word in words_of(_NAME.sub(" ", title)) if word not in STOP_WORDS and len(word) > 1}
