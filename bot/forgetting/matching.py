"""Finding a customer's words in what is stored, and taking them out. Pure."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import Any

from bot.forgetting.model import HashedPhrase

REMOVED = "[removed]"
SUBJECT_WORDS, SUBJECT_CHARS = 4, 24
"""A shorter subject ("Login fails") is anybody's: the ticket goes, the words stay where others may have said them."""
NAME_WORDS = 2
"""One word alone is the name of many."""
LONG_NUMBER = 6
"""A number with so many digits is a ticket wherever it stands alone; a shorter one may be a port, or a time."""

_ONE_WORD, _TOKEN = re.compile(r"\w+"), re.compile(r"\w{3,}")


def is_telling(phrase: str) -> bool:
    """Whether a name or an address points at one person."""
    return "@" in phrase or (len(phrase.split()) >= NAME_WORDS and len(phrase) >= 5)


def is_own_subject(subject: str) -> bool:
    """Whether a ticket's subject is long enough to be its own."""
    return len(subject.split()) >= SUBJECT_WORDS or len(subject) >= SUBJECT_CHARS


class Words:
    """The words and numbers of one customer, as one pattern."""

    def __init__(
        self,
        *,
        phrases: Collection[str] = (),
        hashed: Collection[HashedPhrase] = (),
        tickets: Collection[int] = (),
        typed: str = "",
    ) -> None:
        self._phrases = tuple(phrases)
        self._hashed = _Hashed(hashed) if hashed else None
        self.tickets = frozenset(tickets)
        said = [_of_phrase(each) for phrase in phrases for each in dict.fromkeys((phrase, html.escape(phrase, False)))]
        numbers = "|".join(map(str, sorted(self.tickets)))
        said += _of_numbers(numbers) if numbers else []
        said += [rf"(?<=forget )\s*{re.escape(typed)}"] if typed else []
        self._pattern = re.compile("|".join(said), re.IGNORECASE) if said else None
        longest = [max(_ONE_WORD.findall(each) or [each], key=len).lower() for each in (*phrases, typed) if each]
        self._anchors = tuple(dict.fromkeys([*longest, *map(str, sorted(self.tickets))]))
        """One of these stands wherever something matches: a text without them is not looked at more closely."""

    @property
    def tokens(self) -> frozenset[str]:
        """The single words of names and addresses, as indexes have them."""
        telling = [phrase for phrase in self._phrases if is_telling(phrase)]
        return frozenset(word.lower() for phrase in telling for word in _TOKEN.findall(phrase))

    def taken_out(self, text: str) -> str:
        """The text without them; JSON stays JSON."""
        if not text or not (self._pattern or self._hashed):
            return text
        escaped = text[0] in "[{" and "\\u" in text
        if not (self._hashed or escaped or self._may_stand_in(text)):
            return text
        if text[0] in "[{" and (parsed := _json(text)) is not None:
            cleaned = self._cleaned(parsed)
            return text if cleaned == parsed else json.dumps(cleaned)
        left = self._pattern.sub(REMOVED, text) if self._pattern else text
        return self._hashed.taken_out(left) if self._hashed else left

    def _may_stand_in(self, text: str) -> bool:
        lowered = text.lower()
        return any(anchor in lowered for anchor in self._anchors)

    def without_numbers(self, text: str) -> str:
        """JSON with lists of tickets, or tables by ticket, without these tickets."""
        parsed = _json(text) if self.tickets and text else None
        if parsed is None:
            return text
        left = self._without(parsed)
        return text if left == parsed else json.dumps(left)

    def bytes_of(self) -> tuple[bytes, ...]:
        """How its phrases may stand in a file."""
        forms: dict[bytes, None] = {}
        for phrase in self._phrases:
            for form in (phrase, phrase.lower(), html.escape(phrase, False), json.dumps(phrase)[1:-1]):
                forms[form.encode()] = None
        return tuple(forms)

    def _cleaned(self, value: Any) -> Any:
        if isinstance(value, str):
            # What Slack delivers has JSON in its texts.
            return self.taken_out(value)
        if isinstance(value, dict):
            return {self.taken_out(key): self._cleaned(each) for key, each in value.items()}
        return [self._cleaned(each) for each in value] if isinstance(value, list) else value

    def _without(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._without(each) for each in value if not self._is_ticket(each)]
        if isinstance(value, dict):
            return {key: self._without(each) for key, each in value.items() if not self._is_ticket(key)}
        return value

    def _is_ticket(self, value: object) -> bool:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            return int(value) in self.tickets
        return isinstance(value, int) and not isinstance(value, bool) and value in self.tickets


_WORD = re.compile(r"[^\W_]+(?:[.'@+_-]+[^\W_]+)*")


def hashed(phrase: str, key: str) -> HashedPhrase | None:
    """The phrase as it may be noted; None where it has no words."""
    words = [match.group().lower() for match in _WORD.finditer(phrase)]
    return (
        HashedPhrase(key, _digest(" ".join(words), key, 16), len(words), _digest(words[0], key, 2)) if words else None
    )


def _digest(text: str, key: str, size: int) -> str:
    return blake2b(text.encode(), digest_size=size, key=bytes.fromhex(key)).hexdigest()


class _Hashed:
    """Phrases of which only digests are known: windows of words are tried whose first word may be theirs."""

    def __init__(self, phrases: Collection[HashedPhrase]) -> None:
        self._keys = tuple(dict.fromkeys(phrase.key for phrase in phrases))
        self._by_first: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._digests = {(phrase.key, phrase.words, phrase.digest) for phrase in phrases}
        for phrase in phrases:
            self._by_first[phrase.key, phrase.first].add(phrase.words)
        self._firsts: dict[str, tuple[tuple[str, int], ...]] = {}

    def taken_out(self, text: str) -> str:
        found = list(_WORD.finditer(text))
        words = [match.group().lower() for match in found]
        parts, end = [], 0
        for start, word in enumerate(words):
            for key, length in self._may_begin(word):
                window = words[start : start + length]
                told = (key, length, _digest(" ".join(window), key, 16)) if len(window) == length else None
                if told in self._digests and found[start].start() >= end:
                    parts += [text[end : found[start].start()], REMOVED]
                    end = found[start + length - 1].end()
        return "".join([*parts, text[end:]]) if parts else text

    def _may_begin(self, word: str) -> tuple[tuple[str, int], ...]:
        """Which keys, and how many words, phrases have that may begin with it."""
        if word not in self._firsts:
            asked = ((key, self._by_first.get((key, _digest(word, key, 2)), ())) for key in self._keys)
            self._firsts[word] = tuple((key, length) for key, lengths in asked for length in lengths)
        return self._firsts[word]


def _of_phrase(phrase: str) -> str:
    """With any space between its words, and nothing that makes another word of it around it."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    around = r"[\w.+@-]" if "@" in phrase else r"\w"
    after = r"[\w@-]" if "@" in phrase else r"\w"
    return rf"(?<!{around}){words}(?!{after})"


def _of_numbers(numbers: str) -> list[str]:
    one = rf"(?:{numbers})(?!\d)"
    long = [number for number in numbers.split("|") if len(number) >= LONG_NUMBER]
    alone = [rf"(?<![\d.:/]){'|'.join(long)}(?![\d.:])"] if len(long) == 1 else []
    alone += [rf"(?<![\d.:/])(?:{'|'.join(long)})(?![\d.:])"] if len(long) > 1 else []
    return [
        rf"https?://[^\s<>|\"]*/tickets/{one}[^\s<>|\"]*",
        rf"tickets/{one}",
        rf"(?<!\w)#{one}",
        rf"\btickets?(?:_id|s)?\W{{1,4}}{one}",
        rf"\bforget\W{{1,3}}{one}",
        *alone,
    ]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def telling(phrases: Iterable[str]) -> Sequence[str]:
    """Names and addresses that are looked for."""
    return [phrase for phrase in phrases if is_telling(phrase)]
