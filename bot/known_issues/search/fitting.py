"""What is no suggestion: an Android workaround for an iOS crash, another target's issue, refunds for declined cards."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.known_issues.model import KnownIssue, Learned
from bot.reading.mentions import NOTHING, PLATFORMS, MentionedKeys, Mentions, TargetNames, about
from bot.targets.model import Catalog

_MOBILE = re.compile(r"\bmobile\b", re.IGNORECASE)
"""Such words may mean somebody's network."""
_FIELDS = ("components", "platform", "platforms", "os", "environment", "browser")
"""Names of fields that say what something runs on."""
_MARKS_MAX = 1_000
"""Characters of labels and such fields that are read: whoever has more says nothing by them."""
_MARK = 10
"""The cost of a mark by itself, in characters."""


class Fitting:
    """Reads questions, issues and what our own investigations found out."""

    def __init__(self, *, catalog: Catalog) -> None:
        self._naming = TargetNames(catalog=catalog)
        self._names = self._naming.names

    def asked(self, text: str, *, context: Sequence[str] = ()) -> Mentions:
        """Reads what a person typed; `context`, such as the thread's symptom, fills in a missing platform."""
        asked = about(text, targets=self._names)
        if asked.platforms == NOTHING and context:
            more = about(*context)
            return Mentions(more.platforms, asked.browsers, asked.targets, asked.topics)
        return asked

    def trouble(self, target_key: str, symptom: str) -> Mentions:
        """Reads what an investigation is about."""
        return self._naming.trouble(target_key, symptom)

    def issue(self, known: KnownIssue) -> Mentions:
        """Labels and fields count as the text does; its workaround only where nothing else names a platform."""
        issue, reading = known.issue, known.reading
        fields = [value for name, value in issue.fields.items() if name.casefold() in _FIELDS]
        labels = [_MOBILE.sub("mobile app", label) for label in _some((*issue.labels, *fields))]
        words = about(issue.title, reading.symptom, targets=self._names)
        said = words | about(*labels, targets=self._names)
        targets = MentionedKeys(frozenset(reading.targets), said.targets.fine) if reading.targets else said.targets
        # Labels and components name areas of the product; what is asked is said in words.
        return Mentions(_platforms(said.platforms, reading.workaround), said.browsers, targets, words.topics)

    def learned(self, lesson: Learned) -> Mentions:
        said = about(lesson.symptom, lesson.root_cause, targets=self._names)
        targets = said.targets | MentionedKeys(frozenset((lesson.target,)))
        return Mentions(_platforms(said.platforms, lesson.workaround), said.browsers, targets, said.topics)


def _some(marks: Iterable[str]) -> Iterator[str]:
    """The first ones, with the beginning of what is too long."""
    room = _MARKS_MAX
    for mark in marks:
        if room > 0:
            yield mark[:room]
        room -= len(mark) + _MARK


def _platforms(said: MentionedKeys, workaround: str) -> MentionedKeys:
    return said if said != NOTHING else MentionedKeys(PLATFORMS.said(workaround).affected)
