"""What is no suggestion: an Android workaround for an iOS crash, another target's issue, refunds for declined cards.

And what speaks for one beside its words: the same target, platform, kind of trouble or error code.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256

from bot.known_issues.model import KnownIssue, Learned
from bot.reading.devices import NOTHING, MentionedKeys
from bot.reading.judgement import keys, related
from bot.reading.model import Reading, Said, TicketText
from bot.reading.reader import TicketReader
from bot.targets.model import Catalog

_MOBILE = re.compile(r"\bmobile\b", re.IGNORECASE)
"""Such words may mean somebody's network."""
_FIELDS = ("components", "platform", "platforms", "os", "environment", "browser")
"""Names of fields that say what something runs on."""
_MARKS_MAX = 1_000
"""Characters of labels and such fields that are read: whoever has more says nothing by them."""
_READ_MAX = 1_500
"""Characters of what an issue says: what it is about stands at its beginning, and sixteen are read for a question."""
_KEPT = 256
"""Issues of which it is remembered what they say: the same ones are found again and again."""
_MARK = 10
"""The cost of a mark by itself, in characters."""
TARGET, CODE, PLATFORM, SYMPTOM, VERSION, KIN = 1.0, 1.0, 0.8, 0.4, 0.3, 0.1
"""What it counts that both say the same, beside a word that no other document has; KIN is trouble of one family."""
OTHER_KIND = 0.6
"""What is left of a document that is about trouble of quite another kind: that is a guess of the reading."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a text is read as. A platform or browser may be one of several ("phones")."""

    reading: Reading = field(default_factory=Reading)
    platforms: MentionedKeys = NOTHING
    browsers: MentionedKeys = NOTHING


@dataclass(frozen=True, slots=True)
class IssueFit:
    """Whether two texts can be about the same. `bonus` is in words that no other document has, `factor` is a share."""

    apart: bool = False
    bonus: float = 0.0
    factor: float = 1.0


class Fitting:
    """Reads questions, issues and what our own investigations found out, and compares them."""

    def __init__(self, *, catalog: Catalog, reader: TicketReader) -> None:
        self._catalog = catalog
        self._reader = reader
        self._issue = lru_cache(_KEPT)(self._read)
        self._lesson = lru_cache(_KEPT)(self._read_lesson)
        self._version = reader.version

    def asked(self, text: str, *, context: Sequence[str] = ()) -> Statement:
        """Reads what a person typed; `context`, such as the thread's symptom, fills in a missing platform."""
        asked = self._told(text)
        if asked.platforms == NOTHING and context:
            return Statement(asked.reading, self._told("\n".join(context)).platforms, asked.browsers)
        return asked

    def trouble(self, target_key: str, symptom: str) -> Statement:
        """Reads what an investigation is about."""
        complaint, target = self._told(symptom), self._catalog.named(target_key)
        own = self._reader.devices(" ".join((target.title, *target.aliases)))
        platforms = complaint.platforms if complaint.platforms != NOTHING else own.platforms
        affected = (Said(target_key), *(said for said in complaint.reading.affected if said.key != target_key))
        return Statement(_with(complaint.reading, affected), platforms, complaint.browsers)

    def issue(self, known: KnownIssue) -> Statement:
        """Labels and fields count as the text does; its workaround only where nothing else names a platform."""
        return self._issue(*_texts(known))

    def mark(self, known: KnownIssue) -> str:
        """Another one where it would be read as something else."""
        return sha256(repr((self._version, _texts(known))).encode("utf-8", "surrogatepass")).hexdigest()[:20]

    def _read(
        self, title: str, described: str, marks: tuple[str, ...], targets: tuple[str, ...], workaround: str
    ) -> Statement:
        statement = self._told(described, subject=title)
        marked = self._reader.devices(*(_MOBILE.sub("mobile app", mark) for mark in marks))
        affected = tuple(map(Said, targets)) or statement.reading.affected
        platforms = self._or_of(statement.platforms | marked.platforms, workaround)
        return Statement(_with(statement.reading, affected), platforms, statement.browsers | marked.browsers)

    def learned(self, lesson: Learned) -> Statement:
        return self._lesson(lesson)

    def _read_lesson(self, lesson: Learned) -> Statement:
        cause = self._told(lesson.root_cause, subject=lesson.symptom)
        affected = (Said(lesson.target), *(said for said in cause.reading.affected if said.key != lesson.target))
        return Statement(
            _with(cause.reading, affected), self._or_of(cause.platforms, lesson.workaround), cause.browsers
        )

    def fit(self, asked: Statement, said: Statement) -> IssueFit:
        """Silence rules nothing out, on either side."""
        if asked.platforms.apart(said.platforms) or asked.browsers.apart(said.browsers):
            return IssueFit(apart=True)
        if self._elsewhere(asked.reading, said.reading) or _wants_else(asked.reading, said.reading):
            return IssueFit(apart=True)
        both = asked.platforms.affected & said.platforms.affected
        sure = 1 / len(asked.platforms.affected) if both else 0.0
        return IssueFit(
            bonus=_shared(asked.reading, said.reading) + PLATFORM * sure,
            factor=OTHER_KIND if _strangers(asked.reading, said.reading) else 1.0,
        )

    def _elsewhere(self, asked: Reading, said: Reading) -> bool:
        """Whether they are about different targets of one kind: an app and a website can share a trouble."""
        sought, affected = keys(asked.affected), keys(said.affected)
        named = affected or keys(said.elsewhere)
        return not sought & affected and bool(self._kinds(sought) & self._kinds(named))

    def _kinds(self, targets: Iterable[str]) -> set[str]:
        return {self._catalog.named(key).kind for key in targets}

    def _or_of(self, said: MentionedKeys, workaround: str) -> MentionedKeys:
        return said if said != NOTHING else MentionedKeys(self._reader.devices(workaround).platforms.affected)

    def _told(self, text: str, *, subject: str = "") -> Statement:
        reading = self._reader.read(TicketText(subject, text))
        mentioned = self._reader.devices(subject, text)
        platforms = mentioned.platforms
        if platforms == NOTHING and reading.platform:
            platforms = MentionedKeys(frozenset((reading.platform.key,)))
        return Statement(_bare(reading), platforms, mentioned.browsers)


def _texts(known: KnownIssue) -> tuple[str, str, tuple[str, ...], tuple[str, ...], str]:
    """What is read of an issue."""
    issue, reading = known.issue, known.reading
    fields = [value for name, value in issue.fields.items() if name.casefold() in _FIELDS]
    marks = tuple(_some((*issue.labels, *fields)))
    described, workaround = known.described[:_READ_MAX], reading.workaround[:_READ_MAX]
    return issue.title[:_READ_MAX], described, marks, reading.targets, workaround


def _bare(reading: Reading) -> Reading:
    """What is compared of it: keys, without the words that say so."""
    return Reading(
        affected=tuple(Said(said.key) for said in reading.affected),
        elsewhere=tuple(Said(said.key) for said in reading.elsewhere),
        symptom=Said(reading.symptom.key) if reading.symptom else None,
        wish=Said(reading.wish.key) if reading.wish else None,
        versions=reading.versions,
        codes=reading.codes,
    )


def _shared(asked: Reading, said: Reading) -> float:
    """What both say, as a bonus."""
    symptoms = asked.symptom.key if asked.symptom else "", said.symptom.key if said.symptom else ""
    bonus = (
        SYMPTOM if symptoms[0] and symptoms[0] == symptoms[1] else KIN if all(symptoms) and related(*symptoms) else 0.0
    )
    bonus += TARGET if keys(asked.affected) & keys(said.affected) else 0.0
    bonus += CODE if set(asked.codes) & set(said.codes) else 0.0
    return bonus + (VERSION if set(asked.versions) & set(said.versions) else 0.0)


def _wants_else(asked: Reading, said: Reading) -> bool:
    """One only wants something ("refund"), and the other has trouble, or wants something else."""
    wishes = asked.wish.key if asked.wish else "", said.wish.key if said.wish else ""
    if wishes[0] == wishes[1] or (asked.symptom and said.symptom):
        return False
    return all(wishes) or bool(said.symptom if wishes[0] else asked.symptom)


def _strangers(asked: Reading, said: Reading) -> bool:
    """Trouble of two kinds."""
    return bool(asked.symptom and said.symptom and not related(asked.symptom.key, said.symptom.key))


def _with(reading: Reading, affected: tuple[Said, ...]) -> Reading:
    elsewhere = tuple(said for said in reading.elsewhere if said.key not in keys(affected))
    return replace(reading, affected=affected, elsewhere=elsewhere)


def _some(marks: Iterable[str]) -> Iterator[str]:
    """The first ones, with the beginning of what is too long."""
    room = _MARKS_MAX
    for mark in marks:
        if room > 0:
            yield mark[:room]
        room -= len(mark) + _MARK
