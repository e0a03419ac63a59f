"""What the mentions of a ticket say together of each target. Pure."""

from collections.abc import Callable, Sequence

from bot.reading.clauses import Clause, ClauseVerdict, Mention
from bot.reading.lexicon import Hit
from bot.reading.naming import APP, GATEWAY, Name


class Votes:
    """What the mentions of a ticket say together of each target."""

    def __init__(self, said: Callable[[int, int], str], subject_end: int, symptom: str) -> None:
        self._said = said
        self._subject_end = subject_end
        self._symptom = symptom
        self._failing: dict[str, list[str]] = {}
        self._open: dict[str, list[str]] = {}
        """Named where it counts, with nothing said of it."""
        self._bare: dict[str, list[str]] = {}
        """Named by the way."""
        self._loose: dict[str, list[str]] = {}
        self._apps: dict[str, list[str]] = {}
        """Words that every ticket has: "the app", "Windows"."""
        self._homes: set[str] = set()
        self.aside: dict[str, list[str]] = {}

    def say(self, key: str, verdict: ClauseVerdict, words: str) -> None:
        (self._failing if verdict is ClauseVerdict.FAILS else self.aside).setdefault(key, []).append(words)

    def live(self, mentions: Sequence[Mention]) -> None:
        """Where somebody is: "in Turkey" means that too then, wherever it stands."""
        self._homes = {name.key for mention in mentions for name in mention.names}

    def count(self, clause: Clause, mention: Mention) -> None:
        words = self._said(mention.start, mention.end)
        in_subject = mention.start < self._subject_end
        gateways = any(name.kind == GATEWAY for other in clause.mentions for name in other.names)
        for name in mention.names:
            self._place(name, mention, in_subject, gateways, clause).setdefault(name.key, []).append(words)

    def _place(
        self, name: Name, mention: Mention, in_subject: bool, gateways: bool, clause: Clause
    ) -> dict[str, list[str]]:
        verdict = mention.verdict
        if verdict is ClauseVerdict.FINE or verdict is ClauseVerdict.ASIDE:
            return self.aside
        if name.kind == GATEWAY:
            if mention.inside and not mention.hosted and name.key in self._homes:
                return self.aside
            if name.loose and not mention.hosted:
                return self._loose if verdict is ClauseVerdict.FAILS or in_subject else {}
            if verdict is ClauseVerdict.FAILS:
                return self._failing
            if verdict is ClauseVerdict.TRIED or in_subject or mention.hosted:
                return self._open
            return self._bare
        if name.loose:
            return self._loose
        if name.kind == APP:
            crashes = any(hit.value.startswith("crash ") for hit in clause.trouble)
            if verdict is not ClauseVerdict.FAILS or name.generic:
                return self._failing if crashes else self._apps
            return self._failing if crashes or not gateways else self._loose
        if verdict is ClauseVerdict.FAILS and not gateways:
            return self._failing
        return self._loose

    def search(self, hit: Hit) -> None:
        """Words of a target's ticket search."""
        self._loose.setdefault(hit.value, []).append(self._said(hit.start, hit.end))

    def affected(self) -> dict[str, list[str]]:
        """What fails and what is named where it counts; else what is named at all."""
        failing = self._open | self._failing
        if failing:
            for key, words in self._bare.items():
                if key not in failing:
                    self.aside.setdefault(key, words)
            return failing
        for named in (self._bare, self._loose, self._apps if self._symptom == "crash" else {}):
            failing = {key: words for key, words in named.items() if key not in self.aside}
            if failing:
                return failing
        return {}
