"""What a text says is affected and what it says is fine: platforms, browsers, targets, and what is asked. Pure.

A name in a text is no proof: "works on Android" says that Android is fine, "not on iOS" the opposite of what came
before it, "use Chrome instead" neither. Only a contradiction rules something out; silence never does.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.targets.model import Catalog

_DOUBTFUL = re.compile(r"\A\W{1,3}(?:\w{1,12}\W{1,3}){0,3}(?:nicht|pas|badly|poorly|sometimes|slowly)\b")

_Word = tuple[str, str, int, int]
"""As it stands there, without a number at its end, and where it begins and ends."""
_DIGITS = "0123456789"

READ_MAX = 1_500
"""So much of a text is read; a mail's history below names anything."""


@dataclass(frozen=True, slots=True)
class MentionedKeys:
    """Keys that a text says are affected, and those it says are fine."""

    affected: frozenset[str] = frozenset()
    fine: frozenset[str] = frozenset()

    def __or__(self, other: "MentionedKeys") -> "MentionedKeys":
        affected = self.affected | other.affected
        return MentionedKeys(affected, (self.fine | other.fine) - affected)

    def apart(self, other: "MentionedKeys") -> bool:
        """Whether both name something and have nothing in common, or one is about what the other says is fine."""
        if self.affected and other.affected and not self.affected & other.affected:
            return True
        return any(one.affected and one.affected <= two.fine for one, two in ((self, other), (other, self)))


NOTHING = MentionedKeys()


@dataclass(frozen=True, slots=True)
class Names:
    """What can be named, by its spellings without anything but letters and digits; the longest spelling counts."""

    keys: Mapping[str, tuple[str, ...]]
    longest: int
    """Words of a spelling."""
    begins: frozenset[str]
    """What spellings begin with: most words of a text begin none."""
    numbered: frozenset[str]
    """What is a name with any number behind it, or with none."""

    def said(self, text: str) -> MentionedKeys:
        """Clause by clause; a name of which both is said is affected."""
        text_read, names_read = self._marked(*_read(text[:READ_MAX]))
        affected, fine = set[str](), set[str]()
        for numbers, is_affected in _clauses(text_read) if names_read else ():
            for number in numbers:
                (affected if is_affected else fine).update(names_read[number])
        return MentionedKeys(frozenset(affected), frozenset(fine - affected))

    def _marked(self, plain: str, words: Sequence[_Word]) -> tuple[str, list[tuple[str, ...]]]:
        """The text with a mark in the place of each name, and what those name."""
        parts, names_read = list[str](), list[tuple[str, ...]]()
        done, free = 0, 0
        for at, (word, stem, start, _) in enumerate(words):
            if at < free or (word not in self.begins and stem not in self.begins):
                continue
            # Most words that begin a name are none, nor are they with the next one.
            pair = word + words[at + 1][0] if at + 1 < len(words) else word
            goes_on = (pair.rstrip(_DIGITS) or pair) in self.begins
            if not goes_on and word not in self.keys and stem not in self.numbered:
                continue
            length, keys = self._longest(words, at)
            if length:
                parts += [plain[done:start], f" \ue000{len(names_read)}\ue001 "]
                names_read.append(keys)
                free = at + length
                done = words[free - 1][3]
        return "".join([*parts, plain[done:]]), names_read

    def _longest(self, words: Sequence[_Word], at: int) -> tuple[int, tuple[str, ...]]:
        """How many words from one on are a name, and what it names; 0 for none."""
        bare, before, best = "", words[at][2], (0, tuple[str, ...]())
        for length, (word, _, start, end) in enumerate(words[at : at + self.longest], 1):
            if start - before > _GAP:
                break
            bare, before = bare + word, end
            stem = bare.rstrip(_DIGITS)
            if bare not in self.begins and stem not in self.begins:
                break
            keys = self.keys.get(bare) or self.keys.get(f"{stem}#")
            best = (length, keys) if keys else best
        return best


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[str, Sequence[_Word]]:
    """A text in the form in which it is compared, and its words: each text is read for several kinds of names."""
    plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN))
    return plain, tuple((hit[0], hit[0].rstrip(_DIGITS), *hit.span()) for hit in _WORD.finditer(plain))


def names(spellings: Mapping[str, Iterable[str]]) -> Names:
    """From spellings by key; one spelling may belong to several keys. "pixel #" is "Pixel 9": a number ends it."""
    keys: dict[str, tuple[str, ...]] = {}
    longest = 1
    for key, spelled in spellings.items():
        for text in spelled:
            words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
            bare = "".join(words) + ("#" if text.endswith("#") else "")
            if words:
                keys[bare] = tuple(dict.fromkeys((*keys.get(bare, ()), key)))
                longest = max(longest, len(words) + text.endswith("#"))
    begins = frozenset(key[:count] for key in keys for count in range(1, len(key) + 1))
    return Names(keys, longest, begins, frozenset(key[:-1] for key in keys if key.endswith("#")))


_WORD = re.compile(r"[^\W_]+")
_GAP = 3
"""Characters between two words of a name: "U.S. East", "us - east"."""
_PLAIN = str.maketrans({"’": "'", "\ue000": " ", "\ue001": " "})

# fmt: off
PLATFORMS = names({
    "ios": ("ios", "iphone", "iphones", "ipad", "ipads", "ipados", "app store", "mobile app", "mobile apps",
            "mobile device", "mobile devices", "apple devices", "smartphone", "smartphones", "phones"),
    "android": ("android", "play store", "google play", "google pixel", "pixel #", "samsung galaxy", "samsung phone",
                "galaxy s#", "galaxy a#",
                "xiaomi", "oneplus", "apk", "mobile app", "mobile apps", "mobile device", "mobile devices",
                "smartphone", "smartphones", "phones", "android tv", "chromebook", "chrome os"),
    "windows": ("windows", "win10", "win11", "windows 10", "windows 11", "desktop", "desktop app", "laptop", "laptops"),
    "macos": ("macos", "mac os", "mac", "macs", "macbook", "macbooks", "imac", "os x", "osx", "desktop", "desktop app",
              "laptop", "laptops", "apple devices"),
    "linux": ("linux", "ubuntu", "debian", "fedora", "arch linux", "desktop", "desktop app", "laptop", "laptops"),
    "router": ("router app", "router firmware", "router client", "openwrt", "dd-wrt", "asuswrt", "vpn on my router",
               "vpn on router", "vpn on the router", "vpn router"),
    "tv": ("tv", "smart tv", "android tv", "apple tv", "tvos", "fire tv", "firestick", "fire stick", "chromecast",
           "roku", "samsung tv", "lg tv"),
    "console": ("xbox", "playstation", "ps4", "ps5", "nintendo switch"),
})
"""What an app runs on. A word for several names each of them."""
BROWSERS = names({
    "chrome": ("chrome", "google chrome", "chromium"),
    "firefox": ("firefox",),
    "safari": ("safari",),
    "edge": ("microsoft edge", "ms edge", "edge browser"),
    "opera": ("opera browser",),
})
TOPICS = names({
    "refund": ("refund", "refunds", "refunded", "refunding", "money back", "chargeback", "chargebacks", "reimburse",
               "reimbursed", "reimbursement", "rückerstattung", "erstattung", "geld zurück", "remboursement",
               "rembourser", "reembolso", "rimborso"),
    "cancel": ("cancel subscription", "cancel my subscription", "cancel the subscription", "cancel my plan",
               "cancel my account", "unsubscribe", "cancellation", "kündigen", "kündigung", "résilier"),
    "invoice": ("invoice", "invoices", "receipt", "receipts", "vat", "rechnung", "facture", "factura"),
    "declined": ("declined", "decline", "declines", "declining", "card rejected", "cards rejected", "rejected card",
                 "card refused", "cards refused", "payment fails", "payment failed", "payments fail", "payment failing",
                 "can't pay", "cannot pay", "card fails", "abgelehnt", "refusée", "rechazada"),
    "crash": ("crash", "crashes", "crashed", "crashing", "freezes", "frozen", "freeze", "closes itself"),
    "login": ("log in", "login", "logins", "sign in", "signin", "password", "logged out", "2fa"),
    "connection": ("connect", "connects", "connected", "connecting", "connection", "connections", "disconnect",
                   "disconnects", "disconnected", "packet loss", "slow", "latency", "timeout", "times out", "timed out",
                   "speed", "stutter", "stutters", "unreachable", "offline"),
})
"""What somebody asks or complains about, as far as one of them can't be the other."""
_REQUESTS = frozenset(("refund", "cancel", "invoice"))
"""What somebody wants done; trouble has many faces, so one kind of it rules out no other."""

MONEY = _REQUESTS | {"declined"}

_NOISE = re.compile(
    r"\b(?:mac[ -]address(?:es)?|cisco ios|(?:maintenance|time|popup|pop-up|open|all|two|several|browser) windows)\b"
)
_END = re.compile(r"[.!?;:,()|\n]+|(?<!\w)(?:but|while|whereas|although|though|however|aber|sondern|mais|pero)(?!\w)")
_EXCEPT = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|other than|apart from|besides|aside from|außer|sauf|excepto)\b"
    r"|\bnot(?= (?:on|in|for|with|from|the|under)\b)|\bnot(?= {1,3}\ue000)|\bnicht(?= (?:auf|bei|unter|mit)\b)"
)
_ALL_BUT = re.compile(r"\b(all|everywhere|everything|anything|every platform|all platforms) but\b")
_NEUTRAL = re.compile(
    r"instead|rather than|unlike|switch(?:ing|ed)? to|can (?:use|try)\b|should (?:use|try)\b|could (?:use|try)\b"
    r"|may (?:use|try)\b| to (?:use|try)\b"
)
_ADVICE = re.compile(r"(?:please |just |then )?(?:use|try)\b")
_FAILS = (
    "crash", "fail", "broken", "can't", "cannot", "cant ", "unable", "error", "freez", "frozen", " hang", "stuck",
    "slow", " drop", " down", "n't work", "n't connect", "n't load", "n't open", "n't start", "n't run", "not work",
    "not connect", "not load", "not open", "not start", "declin", "kaputt", "abstürz", " lose",
)
_WORKS = re.compile(r"\b(?:works|working|worked|runs|funktioniert|geht|läuft|fonctionne|marche|funciona)\b")
_NOT_SO = re.compile(
    r"(?:n't|not|no longer|never|stop(?:s|ped)?|hardly|barely|without|nicht| ne| no)\W{1,3}(?:\w{1,12}\W{1,3}){0,2}$"
)
_PAST = (
    "until", "yesterday", "before", " last ", "always", "used to", "earlier", "previously", "this morning", "so far",
    "up to now", "bis gestern", "bis heute", "jusqu",
)
_FINE = re.compile(r"\b(?:fine|ok|okay|unaffected|healthy)\b")
_UNHARMED = re.compile(
    r"(?:not|n't|nicht) (?:been |be |really )?(?:affected|impacted|concerned|reproducible|betroffen)"
    r"|no (?:problems?|issues?|trouble|errors?|crash(?:es)?|reports?)\b|without (?:any )?(?:problems?|issues?|trouble)"
    r"|(?:n't|not) (?:happen|occur|reproduce|crash|fail)|can(?:no|')t reproduce|unable to reproduce|pas touché"
)
_NOT_FINE = re.compile(r"(?:n't|\bnot) (?:\w{1,12} )?(?:fine|ok|okay|healthy)\b|\bnicht (?:ok|okay)\b")
_SMALL = frozenset(("and", "or", "on", "in", "the", "both", "und", "auf", "et", "sur"))
# fmt: on
_ONE_DEVICE = re.compile(r"\b(?:old|older|new|newer|other|another|second|previous|some|\d{1,4})\b")
"""That one of them is fine says nothing of the others."""
_MARK = re.compile("\ue000(\\d{1,4})\ue001")


def _clauses(marked: str) -> Iterator[tuple[list[int], bool]]:
    """The names of each clause by their number, and whether it says that they are affected."""
    waiting, last = "", True
    for clause in _END.split(_ALL_BUT.sub(r"\1 except", marked)):
        if _MARK.search(clause) and _names_only(clause):
            waiting += f" {clause}"
            continue
        for part, verdict in _parts(f"{waiting} {clause}", last):
            waiting = ""
            if verdict is None:
                continue
            last = verdict
            if verdict or not _ONE_DEVICE.search(_MARK.sub(" ", part)):
                yield [int(number) for number in _MARK.findall(part)], verdict
        waiting = "" if clause.strip() else waiting
    if waiting:
        yield [int(number) for number in _MARK.findall(waiting)], last


def _parts(clause: str, last: bool) -> Iterator[tuple[str, bool | None]]:
    """A clause, where it says two things in two parts; None for what says neither."""
    if not clause.strip():
        return
    if _NEUTRAL.search(clause) or _ADVICE.match(clause.strip(" -*>")):
        yield clause, None
        return
    excluded = _EXCEPT.search(clause)
    if excluded and "not only" not in clause and "not just" not in clause:
        before, after = clause[: excluded.start()], clause[excluded.end() :]
        verdict = _affected(before) if not _names_only(before) else last
        yield before, verdict
        yield after, not verdict
        return
    both = not _affected(clause) and any(word in clause for word in _FAILS)
    for part in clause.split(" and ") if both and " and " in clause else [clause]:
        yield part, _affected(part)


def _names_only(clause: str) -> bool:
    """Whether a clause says nothing of what it names; versions are part of a name."""
    words = _WORD.findall(_MARK.sub(" ", clause))
    return all(word in _SMALL or word.lstrip("v").isdigit() for word in words)


def _affected(clause: str) -> bool:
    """Whether what a clause names is in trouble; so it is where the clause does not say otherwise."""
    if _UNHARMED.search(clause):
        return False
    if any(word in clause for word in _PAST):
        return True
    if _FINE.search(clause):
        return bool(_NOT_FINE.search(clause))
    works = _WORKS.search(clause)
    return not (works and not _NOT_SO.search(clause[: works.start()]) and not _after(clause[works.end() :]))


def _after(rest: str) -> bool:
    """ "funktioniert nicht", "works only sometimes", "ne marche pas"."""
    return bool(_DOUBTFUL.match(rest))


@dataclass(frozen=True, slots=True)
class Mentions:
    """Everything that a text is read for."""

    platforms: MentionedKeys = NOTHING
    browsers: MentionedKeys = NOTHING
    targets: MentionedKeys = NOTHING
    topics: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: "Mentions") -> "Mentions":
        return Mentions(
            self.platforms | other.platforms,
            self.browsers | other.browsers,
            self.targets | other.targets,
            self.topics | other.topics,
        )

    def apart(self, other: "Mentions") -> str:
        """Says in one word why they can't be about the same: "platform", "target", "topic"; "" where they may be."""
        if self.platforms.apart(other.platforms) or self.browsers.apart(other.browsers):
            return "platform"
        if self.targets.apart(other.targets):
            return "target"
        topics = self.topics and other.topics and not self.topics & other.topics
        return "topic" if topics and (self.topics | other.topics) & _REQUESTS else ""


def about(*texts: str, targets: Names | None = None) -> Mentions:
    """What texts say, each read by itself."""
    mentions = Mentions()
    for text in texts:
        named = targets.said(text) if targets else NOTHING
        topics = TOPICS.said(text)
        mentions |= Mentions(PLATFORMS.said(text), BROWSERS.said(text), named, topics.affected | topics.fine)
    return mentions


class TargetNames:
    """Knows what people call each target."""

    def __init__(self, *, catalog: Catalog) -> None:
        self._catalog = catalog
        self.names: Names = names(
            {target.key: (target.key, target.title, *target.aliases, *target.search) for target in catalog}
        )

    def trouble(self, target_key: str, symptom: str) -> Mentions:
        """The symptom's platforms, else those that the target's own name names."""
        target = self._catalog.named(target_key)
        mentions = about(symptom, targets=self.names)
        own = about(" ".join((target.title, *target.aliases)))
        platforms = mentions.platforms if mentions.platforms != NOTHING else own.platforms
        return Mentions(
            platforms, mentions.browsers, mentions.targets | MentionedKeys(frozenset((target_key,))), mentions.topics
        )
