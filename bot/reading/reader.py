"""Reads a ticket: what it says is affected, what is wrong, on what, in which language. Pure.

Everything that is looked for stands in one table of phrases, made once; a text is split into words once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from bot.reading import cues
from bot.reading.clauses import Clause, ClauseVerdict, Mention, clauses_of, without_swallowed
from bot.reading.devices import Devices, devices_in
from bot.reading.languages import language_of
from bot.reading.lexicon import Entry, Hit, folded, split
from bot.reading.matters import matters_of
from bot.reading.model import Reading, Said, TicketText
from bot.reading.naming import APP, GATEWAY, Name, shortened
from bot.reading.own_words import compared, own_words
from bot.reading.platforms import PLATFORMS
from bot.reading.symptoms import FIRST, STRONG
from bot.reading.tables import tables_of
from bot.reading.terms import terms_of
from bot.reading.verdicts import judge
from bot.reading.versions import numbers_in, version_of_field
from bot.reading.votes import Votes
from bot.reading.word_lists import listed, word_set
from bot.targets.model import Catalog

RULES_VERSION = 8
"""Raised where texts are read so differently that what was read before has to be read again."""
SUBJECT_MAX, TAGS_MAX = 400, 40
WORDS_MAX = 900
"""Words of a ticket that are read."""
_SUBJECT_WEIGHT = 1.6
_GAP = 3
"""Characters between two words of a name: "U.S. East", "us - east"."""


@dataclass(slots=True)
class _Read:
    """A text as the parts of the reader see it."""

    text: str
    parts: Sequence[str]
    """What stands between words at even places, words at odd ones."""
    words: list[Entry]
    breaks: list[int]
    """2 where a sentence begins with the word, 1 for a clause."""
    subject_end: int
    """How many words are the subject's."""
    hits: list[Hit] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)

    def said(self, start: int, end: int) -> str:
        return "".join(self.parts[2 * start + 1 : 2 * end])


class TicketReader:
    """Reads tickets of one catalog; made once, as it makes tables. `version` is another where it reads differently."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        symptoms: Mapping[str, Sequence[str]] | None = None,
        usual_symptoms: bool = True,
    ) -> None:
        """`symptoms` are classes with their words, which add to those of the usual class of that name."""
        own = symptoms or {}
        self._catalog = catalog
        classes = tuple((key, tuple(words)) for key, words in own.items())
        self._names, self._lexicon = tables_of(catalog, classes, usual_symptoms)
        self._order = {
            key: place for place, key in enumerate(dict.fromkeys((*(key for key in own if key not in FIRST), *FIRST)))
        }
        self._kinds = {target.key: target.kind for target in catalog}
        self._places = {target.key: place for place, target in enumerate(catalog)}
        self._payments = [target.key for target in catalog if target.kind == "payments"]
        self._apps = [target.key for target in catalog if target.kind == APP]
        self.symptoms: tuple[str, ...] = tuple(self._order) if usual_symptoms else tuple(own)
        """The keys of all classes."""
        self._near = lru_cache(maxsize=2_000)(self._slip)
        self.version = sha256(repr((RULES_VERSION, *catalog, sorted(own.items()), usual_symptoms)).encode()).hexdigest()

    def read(self, ticket: TicketText) -> Reading:
        """Any text is read as far as it counts: a subject's 400 characters, 4,000 of the customer's own words."""
        read = self._marked(ticket)
        symptom, trouble = self._symptom(read, ticket)
        versions, codes = numbers_in(read.text, read.words, read.parts, read.breaks)
        affected, elsewhere = self._targets(read, ticket, symptom, trouble)
        symptom = symptom or self._unnamed(read, affected)
        return Reading(
            affected=affected,
            elsewhere=elsewhere,
            symptom=symptom,
            wish=_wish(read),
            matters=_matters(read),
            platform=_platform(read, ticket),
            versions=self._versions(ticket, versions),
            codes=codes,
            language=ticket.fields.get("language", "")[:2].lower()
            or language_of(read.text, [entry.languages for entry in read.words[:_TELLING_MAX] if entry.languages]),
            terms=terms_of(read.words, read.breaks, self._configured(read)),
        )

    def devices(self, *texts: str) -> Devices:
        """What texts say they run on, each read by itself; several platforms may be meant, and some be fine."""
        devices = Devices()
        for text in texts:
            parts = split(own_words(text))
            words = [self._lexicon.entry(word) for word in parts[1::2]][:WORDS_MAX]
            breaks = [0 if gap == " " else _rank(gap) for gap in parts[0:-1:2]][:WORDS_MAX]
            devices |= devices_in(self._lexicon, words, breaks)
        return devices

    @property
    def words_known(self) -> int:
        """How many words it remembers what they are."""
        return self._lexicon.entry.cache_info().currsize

    def _versions(self, ticket: TicketText, in_text: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the desk's field first."""
        value = own_words(ticket.fields.get("version", "")[:100])
        if not value:
            return in_text
        parts = split(value)
        words = [self._lexicon.entry(word) for word in parts[1::2]]
        said, _ = numbers_in(value, words, parts, [0] * len(words))
        whole = version_of_field(value)
        return tuple(dict.fromkeys((*(said or ((whole,) if whole else ())), *in_text)))

    def _marked(self, ticket: TicketText) -> _Read:
        subject = own_words(ticket.subject[:SUBJECT_MAX]).replace("\n", " ")
        description = own_words(ticket.description)
        first, rest = split(subject), split(description)
        parts = [*first[:-1], f"{first[-1]}\n\n{rest[0]}", *rest[1:]]
        text = f"{subject}\n\n{description}"
        del parts[2 * WORDS_MAX + 1 :]
        words = [*map(self._lexicon.entry, parts[1::2])]
        breaks = [0 if gap == " " else _rank(gap) for gap in parts[0:-1:2]]
        subject_end = min(len(first) // 2, len(words))
        if subject_end < len(words):
            breaks[subject_end] = 2
        read = _Read(text, parts, words, breaks, subject_end)
        read.mentions = self._mentions(read)
        for mention in read.mentions:
            breaks[mention.start + 1 : mention.end] = [0] * (mention.end - mention.start - 1)
        read.hits = without_swallowed(self._lexicon.hits(words, breaks), read.mentions)
        read.clauses = clauses_of(words, breaks, read.hits, read.mentions)
        judge(read.clauses, words)
        return read

    # ---- Targets -----------------------------------------------------------------------------------------------------

    def _mentions(self, read: _Read) -> list[Mention]:
        """Names of targets; the longest counts."""
        mentions: list[Mention] = []
        free = 0
        names, words = self._names, read.words
        begins, known, last, adjectives = names.begins, names.names, len(words) - 1, names.adjectives
        for at, entry in enumerate(words):
            if at < free:
                continue
            if entry.named:
                # Most words that begin a name are none, nor are they with the next one.
                goes_on = at < last and entry.word + words[at + 1].stem in begins
                if not goes_on and entry.word not in known and entry.stem not in known:
                    continue
                end, named = self._longest(read, at)
                if entry.small and end == at + 1 and not _alone(read, at):
                    continue
            elif entry.word in adjectives:
                end, named = self._adjective(words, at)
            elif len(entry.word) >= 7 and not entry.begins:
                end, named = at + 1, self._near(entry.word)
            else:
                continue
            if named:
                mentions.append(Mention(at, end, named))
                free = end
                if names.first:
                    free = self._elliptic(read, mentions, at, end)
        if names.tails and any(tail in read.text for tail in names.tails):
            mentions += self._addressed(read)
            mentions.sort(key=lambda mention: mention.start)
        return mentions

    def _longest(self, read: _Read, at: int) -> tuple[int, tuple[Name, ...]]:
        """Where a name that begins at a word ends, and what it names."""
        names, bare, best = self._names, "", (at, tuple[Name, ...]())
        for place in range(at, min(at + names.longest, len(read.words))):
            if place > at:
                gap = read.parts[2 * place]
                if len(gap) > _GAP or "\n" in gap:
                    break
            bare += read.words[place].word
            known = names.names.get(bare)
            if known:
                best = (place + 1, known)
            elif bare not in names.begins:
                stem = bare.rstrip("0123456789")
                numbered = names.names.get(stem) if len(stem) >= 3 and stem != bare else None
                best = (place + 1, numbered) if numbered else best
                break
        return best

    def _adjective(self, words: Sequence[Entry], at: int) -> tuple[int, tuple[Name, ...]]:
        """ "The Dutch server", "serveur suisse"."""
        named = self._names.adjectives[words[at].word]
        if at + 1 < len(words) and words[at + 1].flags & cues.HOST:
            return at + 2, named
        return (at + 1, named) if at and words[at - 1].flags & cues.HOST else (at, ())

    def _elliptic(self, read: _Read, mentions: list[Mention], at: int, end: int) -> int:
        """ "US East and West": the second name goes without its first word."""
        others = self._names.first.get(read.words[at].word) if end - at >= 2 else None
        if others and end + 1 < len(read.words) and read.words[end].word in _AND and read.words[end + 1].word in others:
            named = self._names.names.get(read.words[at].word + read.words[end + 1].word)
            if named:
                mentions.append(Mention(end + 1, end + 2, named))
                return end + 2
        return end

    def _slip(self, word: str) -> tuple[Name, ...]:
        """What a long word names with one letter wrong, missing, too much or swapped."""
        if not word.isalpha() or len(word) > 30:
            return ()
        near = {bare for shorter in shortened(word) if (bare := self._names.near.get(shorter))}
        near = {bare for bare in near if bare[0] == word[0] and abs(len(bare) - len(word)) <= 1}
        return self._names.names[near.pop()] if len(near) == 1 else ()

    def _addressed(self, read: _Read) -> list[Mention]:
        """Hosts and addresses of targets."""
        mentions = []
        taken = {place for mention in read.mentions for place in range(mention.start, mention.end)}
        for address, name in self._names.addresses.items():
            at = read.text.find(address)
            if at < 0 or _goes_on(read.text, at, at + len(address)):
                continue
            start = _word_at(read.parts, at)
            if start < len(read.words) and start not in taken:
                end = max(start + 1, _word_at(read.parts, at + len(address)))
                mentions.append(Mention(start, min(end, len(read.words)), (name,), hosted=True))
        return mentions

    def _targets(
        self, read: _Read, ticket: TicketText, symptom: Said | None, trouble: Mapping[str, str]
    ) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
        votes = Votes(read.said, read.subject_end, symptom.key if symptom else "")
        votes.live([mention for mention in read.mentions if mention.home])
        for clause in read.clauses:
            for mention in clause.mentions:
                votes.count(clause, mention)
        for hit in read.hits:
            if hit.kind == "target":
                votes.search(hit)
        self._from_field(votes, ticket)
        affected = votes.affected() or self._tagged(ticket.tags, votes.aside)
        if not affected:
            affected = self._by_symptom(symptom.key if symptom else "", trouble)
        elsewhere = {key: words for key, words in votes.aside.items() if key not in affected}
        return self._listed(affected), self._listed(elsewhere)

    def _unnamed(self, read: _Read, affected: Sequence[Said]) -> Said | None:
        """What only "is down" or "doesn't work": a gateway like that takes no connection."""
        gateways = {said.key for said in affected if self._kinds[said.key] == GATEWAY}
        if "connect" not in self.symptoms or not gateways:
            return None
        for clause in read.clauses:
            failing = [mention for mention in clause.mentions if mention.verdict is ClauseVerdict.FAILS]
            keys = {name.key for mention in failing for name in mention.names}
            if keys & gateways:
                words = [read.said(hit.start, hit.end) for hit in clause.hits if hit.kind in _FAILING]
                return Said("connect", tuple(dict.fromkeys(words))[:3])
        return None

    def _from_field(self, votes: Votes, ticket: TicketText) -> None:
        value = ticket.fields.get("target", "")
        for name, words in self._named_in(value) if value else ():
            votes.say(name.key, ClauseVerdict.FAILS, words)

    def _tagged(self, tags: Sequence[str], aside: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """What tags name, where the words name nothing: somebody at the desk chose them."""
        named = [pair for tag in tags[:TAGS_MAX] for pair in self._named_in(tag)]
        named = [(name, words) for name, words in named if name.kind == GATEWAY and not name.loose]
        return {name.key: [words] for name, words in named if name.key not in aside}

    def _named_in(self, value: str) -> list[tuple[Name, str]]:
        """The targets that a field's value or a tag names: "server_us_east"."""
        text = compared(value[:100])
        parts = split(text)
        words = [self._lexicon.entry(word) for word in parts[1::2]]
        read = _Read(text, parts, words, [0] * len(words), 0)
        return [
            (name, read.said(mention.start, mention.end)) for mention in self._mentions(read) for name in mention.names
        ]

    def _by_symptom(self, symptom: str, trouble: Mapping[str, str]) -> dict[str, list[str]]:
        """Where no target is named, what kind of trouble it is may name one."""
        for key, targets in (("payment", self._payments), ("crash", self._apps)):
            if symptom == key and len(targets) == 1:
                return {targets[0]: [word for word in trouble.values() if word][:3]}
        return {}

    def _listed(self, keyed: Mapping[str, Sequence[str]]) -> tuple[Said, ...]:
        keys = sorted(keyed, key=lambda key: self._places[key])
        return tuple(Said(key, tuple(dict.fromkeys(keyed[key]))) for key in keys)

    def _configured(self, read: _Read) -> list[bool]:
        configured = [False] * len(read.words)
        for mention in read.mentions:
            configured[mention.start : mention.end] = [True] * (mention.end - mention.start)
        for hit in read.hits:
            if hit.kind == "platform" or (hit.kind in ("symptom", "verb") and hit.end - hit.start == 1):
                configured[hit.start : hit.end] = [True] * (hit.end - hit.start)
        return configured

    # ---- Symptom -----------------------------------------------------------------------------------------------------

    def _symptom(self, read: _Read, ticket: TicketText) -> tuple[Said | None, dict[str, str]]:
        """The class with the most and clearest words, and all words that say one."""
        chosen = _key_of(ticket.fields.get("symptom", ""), self.symptoms)
        scores: dict[str, float] = {}
        words: dict[str, list[str]] = {}
        counted: set[tuple[str, str]] = set()
        for hits in [clause.trouble for clause in read.clauses if clause.trouble]:
            for hit in _longest_only(hits):
                key, _, weight = hit.value.rpartition(" ")
                said = read.said(hit.start, hit.end)
                if (key, said) in counted:
                    continue
                counted.add((key, said))
                scores[key] = scores.get(key, 0.0) + float(weight) * (
                    _SUBJECT_WEIGHT if hit.start < read.subject_end else 1
                )
                words.setdefault(key, []).append(said)
        trouble = {said: said for spoken in words.values() for said in spoken}
        if "slow" in scores and scores.get("speed", 0) >= STRONG:
            # Who measures says "slow" too.
            scores["speed"] += scores.pop("slow")
        if chosen:
            return Said(chosen, tuple(words.get(chosen, ())[:6])), trouble
        if not scores:
            return None, trouble
        best = max(scores, key=lambda key: (scores[key], -self._order.get(key, 0)))
        return (Said(best, tuple(words[best][:6])), trouble) if scores[best] > 1 else (None, trouble)


_TELLING_MAX = 50
"""Words that say in which language a text is."""
_FAILING = frozenset((cues.FAILS, cues.STATE, cues.NOT, cues.CANNOT))
_NO = word_set("dont not no without kein keine keinen pas sin sem non niet geen nie bez nicht")
_AND = word_set("and or und oder et ou y o e ed en of i oraz lub plus n")


@lru_cache(maxsize=500)
def _rank(gap: str) -> int:
    """Whether a sentence (2) or a clause (1) begins behind what stands between two words."""
    if (
        "\n" in gap
        or any(mark in gap for mark in ("!", "?", ". ", "...", "…", ";", "。", "！", "？", "•"))
        or gap.endswith(".")
    ):
        return 2 if gap != "." else 0
    if any(mark in gap for mark in ",:()[]|—–、，→") or " - " in gap or "--" in gap:
        return 1
    return 0


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether what was found is a part of something longer."""
    before, after = text[start - 1 : start], text[end : end + 1]
    follows = text[end + 1 : end + 2]
    return (
        before.isalnum()
        or before in ("-", "@", "/")
        or (before == "." and start > 1)
        or after.isalnum()
        or (after in ".-" and follows.isalnum())
    )


def _word_at(parts: Sequence[str], at: int) -> int:
    """The number of the first word that ends behind a place of the text."""
    length = 0
    for place, part in enumerate(parts):
        length += len(part)
        if place % 2 and length > at:
            return place // 2
    return len(parts) // 2


def _longest_only(hits: Sequence[Hit]) -> list[Hit]:
    """Of hits that overlap the longest: "dns leak" is no "dns"."""
    if len(hits) < 2:
        return list(hits)
    longest: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.value.rpartition(" ")[2] < "3", hit.start)):
        places = range(hit.start, hit.end)
        if taken.isdisjoint(places):
            taken.update(places)
            longest.append(hit)
    return longest


def _key_of(value: str, keys: Sequence[str]) -> str:
    bare = folded(value.strip().casefold())
    return bare if bare in keys else ""


def _alone(read: _Read, at: int) -> bool:
    """Whether a small word that is a name too ("US", "LA") means the name: "the US server", "connect to LA"."""
    words, breaks = read.words, read.breaks
    word = words[at].word
    ends = at + 1 == len(words) or breaks[at + 1] > 0
    if word == "us" and not ends:
        return bool(words[at + 1].flags & cues.HOST)
    begins = at == 0 or breaks[at] > 0
    return ends and word not in _PRONOUNS and (begins or bool(words[at - 1].flags & cues.ON))


_PRONOUNS = word_set("it me us them in to at so no is be an or my by do as am id al you him her one them that this")


def _matters(read: _Read) -> tuple[Said, ...]:
    if not any(hit.kind in ("matter", "wish") for hit in read.hits):
        return ()
    return tuple(Said(hit.value, (read.said(hit.start, hit.end),)) for hit in matters_of(read.clauses))


def _wish(read: _Read) -> Said | None:
    """The first one that isn't denied: "I don't want a refund"."""
    for hit in read.hits:
        if hit.kind == "wish" and not any(word.word in _NO for word in read.words[max(0, hit.start - 4) : hit.start]):
            return Said(hit.value, (read.said(hit.start, hit.end),))
    return None


def _platform(read: _Read, ticket: TicketText) -> Said | None:
    """What a field or a tag says, else the first one that is not said to be fine."""
    chosen = ticket.fields.get("platform", "")
    if key := _platform_of(chosen):
        return Said(key, (compared(chosen).strip(),))
    fine: Said | None = None
    for clause in read.clauses:
        for hit in clause.hits:
            if hit.kind == "platform" and hit.value:
                said = Said(hit.value, (read.said(hit.start, hit.end),))
                if clause.verdict is not ClauseVerdict.FINE:
                    return said
                fine = fine or said
    for tag in ticket.tags[:TAGS_MAX]:
        words = compared(tag[:60]).replace("_", " ").replace("-", " ")
        key = _platform_of(words) or next(filter(None, map(_platform_of, words.split())), "")
        if key:
            return Said(key, (words,))
    return None


def _platform_of(value: str) -> str:
    bare = folded(value.strip().casefold().replace("_", " ").replace("-", " "))
    return _PLATFORM_NAMES.get(bare, "")


_PLATFORM_NAMES = {phrase.rstrip("*"): key for key, text in PLATFORMS.items() for phrase in listed(text)} | {
    "router": "router",
    "tv": "tv",
}
