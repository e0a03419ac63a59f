"""How a text means what it names: clause by clause, what is in trouble and what is not. Pure.

A clause ends at punctuation, at a "but", and at an "and" behind which something new is said. Its verdict is that of its
words ("works", "doesn't work", "no problems"); a name without one takes that of the clause beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from bot.reading import cues
from bot.reading.lexicon import Entry, Hit
from bot.reading.naming import GATEWAY, Name
from bot.reading.word_lists import word_set


class Verdict(Enum):
    """What a text says of one name where it stands."""

    FAILS = "fails"
    FINE = "fine"
    ASIDE = "aside"
    """Where somebody lives, went away from, compares with, asks for."""
    TRIED = "tried"
    """Nothing is said of how it went."""
    OPEN = "open"
    """Nothing is said of it."""


@dataclass(slots=True)
class Mention:
    """A name in the text: the words from `start` to before `end`, and what the text says of it."""

    start: int
    end: int
    names: tuple[Name, ...]
    verdict: Verdict = Verdict.OPEN
    hosted: bool = False
    """Whether the words beside it say that a gateway is meant."""
    own: bool = False
    """Whether its own clause says that it fails."""

    @property
    def place(self) -> bool:
        """Whether a gateway may be meant: a name of a place is nothing else."""
        return any(name.kind == GATEWAY for name in self.names)


@dataclass(slots=True)
class Clause:
    """The words from `start` to before `end`; `rank` is 2 where a sentence begins with it, 1 for a clause."""

    start: int
    end: int
    rank: int
    but: bool = False
    hits: list[Hit] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    verdict: Verdict | None = None
    denied: bool = False
    """Whether it denies something that it doesn't say: "Berlin doesn't"."""
    trouble: list[Hit] = field(default_factory=list)
    """The symptoms that it says somebody has."""


_BINDS = frozenset((cues.WORKS, cues.FAILS, cues.STATE, "symptom", "verb"))
_TOLD = frozenset(("platform", "symptom", "verb", "wish", "matter"))
_DENIES = frozenset((cues.NOT, cues.CANNOT, cues.WITHOUT))
_SWALLOWED = frozenset(
    (
        cues.NOT,
        cues.CANNOT,
        cues.WORKS,
        cues.FAILS,
        cues.STATE,
        cues.AND,
        cues.BUT,
        cues.WHY,
        cues.ONLY,
        cues.TRIED,
        cues.PAST,
        cues.SAME,
        cues.TAKEN,
        cues.ON,
        cues.CLOCK,
    )
)
_SWALLOW = frozenset(
    (
        cues.IDLE,
        cues.SAME,
        cues.PAST,
        cues.EXCEPT,
        cues.NOT,
        cues.CANNOT,
        cues.WORKS,
        cues.FAILS,
        cues.BUT,
        "symptom",
        cues.LEFT,
        cues.TAKEN,
        cues.HOME,
        cues.BESIDE,
        cues.STATE,
        cues.WHY,
        cues.ASIDE,
    )
)
_SAYS = frozenset((cues.WORKS, cues.FAILS, cues.STATE, cues.SAME, "symptom"))
_AHEAD, _BEHIND = 5, 3
"""Words between a denial and what it denies."""
_NEAR = 3
"""Words between a cue and the name that it belongs to, articles included."""
_WEAK = "1"
_TO = word_set(
    """
    to zu nach auf a au aux vers sur para al ao por na naar op su over
    """
)
_SMALL = word_set(
    """
    the a an and or both on in at of for with from via my our your is are was it server servers too also und
    oder auch auf in mit der die das den dem et ou sur le la les des aussi y o e u en el los las tambien com
    no na os as tambem ed anche il lo gli i de het een ook w z na oraz tez to this that these those only just
    nur seulement solo gateway location locations region all same vs like as well per se
    """
)


def without_swallowed(hits: Sequence[Hit], mentions: Sequence[Mention]) -> list[Hit]:
    """Leaves out cues inside of longer ones and inside of names."""
    longer = [hit for hit in hits if hit.end - hit.start > 1 and hit.kind in _SWALLOW]
    taken = {at for mention in mentions for at in range(mention.start, mention.end)}
    # "The Android app", "login": names of other targets say on what it is, and what is wrong, too.
    told = {at for mention in mentions if not mention.place for at in range(mention.start, mention.end)}
    if not longer and not taken:
        return list(hits)
    inside, symptoms = dict[int, int](), dict[int, int]()
    for hit in longer:
        for at in range(hit.start, hit.end):
            inside[at] = max(inside.get(at, 0), hit.end - hit.start)
            if hit.kind == "symptom":
                symptoms[at] = max(symptoms.get(at, 0), hit.end - hit.start)
    idle = {at for hit in longer if hit.kind == cues.IDLE for at in range(hit.start, hit.end)}
    return [
        hit
        for hit in hits
        if (hit.start not in taken or (hit.start in told and _tells(hit)))
        and not (hit.kind in _SWALLOWED and inside.get(hit.start, 0) > hit.end - hit.start)
        and not (hit.kind == "symptom" and symptoms.get(hit.start, 0) > hit.end - hit.start)
        and (hit.start not in idle or hit.kind == cues.IDLE)
    ]


def _tells(hit: Hit) -> bool:
    """Whether a name may be that too; "app" alone is no crash."""
    return hit.kind in _TOLD and not (hit.kind in ("symptom", "verb") and hit.value[-1] == _WEAK)


def clauses_of(
    words: Sequence[Entry], breaks: Sequence[int], hits: Sequence[Hit], mentions: Sequence[Mention]
) -> list[Clause]:
    """The clauses in their order, each with its verdict; what is said of mentions is not decided yet."""
    found: list[Clause] = []
    begins = {hit.start: hit.kind for hit in hits if hit.kind in (cues.BUT, cues.WHY)}
    joins = {hit.start for hit in hits if hit.kind == cues.AND}
    says = {hit.start for hit in hits if hit.kind in _SAYS or hit.kind == "verb"}
    said = True
    for at in range(len(words)):
        rank, kind = breaks[at], begins.get(at)
        if at == 0 or rank or kind or (said and at in joins):
            if found:
                found[-1].end = at
            found.append(Clause(at, len(words), 2 if at == 0 else rank, but=kind == cues.BUT or at in joins))
            said = False
        said = said or at in says
    _filled(found, hits, mentions)
    return found


def _filled(clauses: Sequence[Clause], hits: Sequence[Hit], mentions: Sequence[Mention]) -> None:
    place = 0
    for hit in hits:
        while clauses[place].end <= hit.start:
            place += 1
        clauses[place].hits.append(hit)
    place = 0
    for mention in mentions:
        while clauses[place].end <= mention.start:
            place += 1
        clauses[place].mentions.append(mention)


def judge(clauses: Sequence[Clause], words: Sequence[Entry]) -> None:
    """Decides what is said of each mention."""
    last = Verdict.FAILS
    for clause in clauses:
        last = _weighed(clause, last)
    for place, clause in enumerate(clauses):
        for number, mention in enumerate(clause.mentions):
            before = clause.mentions[number - 1] if number else None
            _hosted(clause, mention)
            aside = _aside(clause, mention, before, words) or _carried_home(clauses, place, mention, words)
            mention.verdict = aside or _said(clauses, place, mention, words)


def _weighed(clause: Clause, last: Verdict) -> Verdict:
    """Sets the clause's own verdict; gives the one that stands after it."""
    denied = _denied(clause)
    fails = works = past = same = False
    for number, hit in enumerate(clause.hits):
        turned = number in denied
        if hit.kind == cues.WORKS:
            fails, works = fails or turned, works or not turned
        elif hit.kind in (cues.FAILS, "symptom"):
            weak = hit.kind == "symptom" and hit.value[-1] == _WEAK
            if not weak:
                fails, works = fails or not turned, works or turned
            if hit.kind == "symptom" and not turned:
                clause.trouble.append(hit)
        elif hit.kind == cues.STATE:
            fails = fails or not turned
        elif hit.kind == "verb" and turned:
            fails = True
            clause.trouble.append(hit)
        elif hit.kind == cues.PAST:
            past = True
        elif hit.kind == cues.SAME:
            same = True
    if fails or (past and works):
        clause.verdict = Verdict.FAILS
    elif same:
        clause.verdict = last
    elif works:
        clause.verdict = Verdict.FINE
    return clause.verdict or last


def _denied(clause: Clause) -> set[int]:
    """The hits that are denied, by their number."""
    found: set[int] = set()
    hits = clause.hits
    for number, hit in enumerate(hits):
        if hit.kind in _DENIES:
            bound = _bound(hits, number)
            if bound is not None:
                start = hits[bound].start
                # One word may be a verb and a symptom; all of its readings are denied.
                found |= {
                    other for other in range(len(hits)) if hits[other].start == start and hits[other].kind in _BINDS
                }
            else:
                clause.denied = True
    return found


def _bound(hits: Sequence[Hit], number: int) -> int | None:
    """What a denial belongs to: the next word that can be denied, else the one before."""
    denial = hits[number]
    able = ("verb", cues.WORKS) if denial.kind == cues.CANNOT else tuple(_BINDS)
    reach = 2 if denial.kind == cues.WITHOUT else _AHEAD
    for other in range(number + 1, len(hits)):
        hit = hits[other]
        if hit.start - denial.end > reach:
            break
        if hit.kind in able and hit.start >= denial.end:
            return other
    for other in range(number - 1, -1, -1):
        hit = hits[other]
        if denial.start - hit.end > _BEHIND or denial.kind == cues.WITHOUT:
            break
        if hit.kind in able and hit.end <= denial.start:
            return other
    return None


def _hosted(clause: Clause, mention: Mention) -> None:
    for hit in clause.hits:
        if (hit.kind == cues.HOST and (0 <= hit.start - mention.end <= 1 or 0 <= mention.start - hit.end <= 2)) or (
            hit.kind == cues.ON and 0 <= mention.start - hit.end <= 2
        ):
            mention.hosted = True


def _cue_before(clause: Clause, mention: Mention, kind: str, near: int = _NEAR) -> Hit | None:
    """The nearest cue of a kind that ends shortly before a mention."""
    return next(
        (hit for hit in reversed(clause.hits) if hit.kind == kind and 0 <= mention.start - hit.end < near), None
    )


def _host_beside(clause: Clause, mention: Mention) -> bool:
    return any(hit.kind == cues.HOST and 0 <= hit.start - mention.end <= 0 for hit in clause.hits)


def _aside(clause: Clause, mention: Mention, before: Mention | None, words: Sequence[Entry]) -> Verdict | None:
    """What the words right before and behind a name say of it, whatever the clause says."""
    for hit in clause.hits:
        if hit.kind == cues.CLOCK and hit.start == mention.end:
            return Verdict.ASIDE
    home = _cue_before(clause, mention, cues.HOME)
    if home and not _host_beside(clause, mention):
        return Verdict.ASIDE
    if _cue_before(clause, mention, cues.BESIDE):
        return Verdict.ASIDE
    if _cue_before(clause, mention, cues.LEFT):
        return Verdict.ASIDE
    if (
        before
        and before.verdict is Verdict.ASIDE
        and _only_small(words, before.end, mention.start)
        and not mention.hosted
    ):
        return Verdict.ASIDE
    return None


def _carried_home(clauses: Sequence[Clause], place: int, mention: Mention, words: Sequence[Entry]) -> Verdict | None:
    """ "I live in Dallas, Texas", "Country: Germany"."""
    clause, earlier = clauses[place], clauses[place - 1] if place else None
    if not earlier or clause.rank == 2 or mention.start != clause.start:
        return None
    if earlier.mentions and earlier.mentions[-1].end == clause.start and earlier.mentions[-1].verdict is Verdict.ASIDE:
        return Verdict.ASIDE if clause.verdict is None else None
    if earlier.hits and earlier.hits[-1].kind == cues.HOME and earlier.hits[-1].end == clause.start:
        return Verdict.ASIDE
    return None


def _only_small(words: Sequence[Entry], start: int, end: int) -> bool:
    return end - start <= 4 and all(words[at].word in _SMALL for at in range(start, end))


def _said(clauses: Sequence[Clause], place: int, mention: Mention, words: Sequence[Entry]) -> Verdict:
    clause = clauses[place]
    turned = _turned(clauses, place, mention, words)
    if turned:
        return turned
    if _cue_before(clause, mention, cues.TAKEN) or _taken_after_left(clause, mention, words):
        return _after(clauses, place, mention) or Verdict.ASIDE
    tried = any(hit.kind == cues.TRIED and hit.end <= mention.start for hit in clause.hits)
    if tried:
        own = clause.verdict
        return own or _after(clauses, place, mention) or Verdict.TRIED
    if clause.verdict is Verdict.FINE:
        return Verdict.FAILS if _but_fails(clauses, place) else Verdict.FINE
    if clause.verdict is Verdict.FAILS:
        mention.own = True
        return Verdict.FAILS
    if any(hit.kind == cues.ASIDE and hit.start < mention.start for hit in clause.hits):
        return Verdict.ASIDE
    if clause.denied and not clause.trouble:
        return _opposite(_verdict_before(clauses, place))
    if _names_only(clause, words):
        return _beside(clauses, place)
    return _following(clauses, place) or Verdict.OPEN


def _turned(clauses: Sequence[Clause], place: int, mention: Mention, words: Sequence[Entry]) -> Verdict | None:
    """ "All but Berlin work", "works on iOS but not on Android", "only Berlin"."""
    clause = clauses[place]
    for hit in clause.hits:
        if hit.kind == cues.EXCEPT and hit.end <= mention.start and _only_names(clause, words, hit.end, mention.start):
            return _opposite(clause.verdict or _verdict_near(clauses, place))
    for hit in clause.hits:
        if hit.kind == cues.NOT and 0 <= mention.start - hit.end <= 2 and _only_small(words, hit.end, mention.start):
            rest = [other for other in clause.hits if other.kind in _SAYS and other.start >= mention.end]
            if not rest:
                return _opposite(_verdict_before(clauses, place))
    return None


def _only_names(clause: Clause, words: Sequence[Entry], start: int, end: int) -> bool:
    names = {at for mention in clause.mentions for at in range(mention.start, mention.end)}
    return all(at in names or words[at].word in _SMALL for at in range(start, end))


def _names_only(clause: Clause, words: Sequence[Entry]) -> bool:
    """Whether a clause says nothing of what it names."""
    at = clause.start + (1 if clause.but else 0)
    return _only_names(clause, words, min(at, clause.end), clause.end)


def _taken_after_left(clause: Clause, mention: Mention, words: Sequence[Entry]) -> bool:
    left = next((hit for hit in clause.hits if hit.kind == cues.LEFT and hit.end <= mention.start), None)
    return bool(left) and any(
        words[at].word in _TO for at in range(max(clause.start, mention.start - 2), mention.start)
    )


def _sentence_after(clauses: Sequence[Clause], place: int) -> list[Clause]:
    """The clauses behind one in its sentence that name nothing."""
    found = []
    for clause in clauses[place + 1 :]:
        if clause.rank == 2 or clause.mentions:
            break
        found.append(clause)
    return found


def _others(clause: Clause) -> bool:
    return any(hit.kind == cues.OTHERS for hit in clause.hits)


def _but_fails(clauses: Sequence[Clause], place: int) -> bool:
    """ "It connects, but drops after a minute"."""
    for clause in _sentence_after(clauses, place):
        if clause.verdict is Verdict.FAILS:
            return not _others(clause)
    return False


def _following(clauses: Sequence[Clause], place: int) -> Verdict | None:
    """What the rest of the sentence says: "when I connect to Berlin, nothing loads"."""
    for clause in _sentence_after(clauses, place):
        if clause.verdict:
            return _opposite(clause.verdict) if _others(clause) else clause.verdict
    return None


def _after(clauses: Sequence[Clause], place: int, mention: Mention) -> Verdict | None:
    """How it went: "I tried Berlin. Same thing there"; words behind the name in its own clause come first."""
    own = clauses[place]
    if own.verdict and any(hit.start >= mention.end and hit.kind in _SAYS for hit in own.hits):
        return own.verdict
    for clause in clauses[place + 1 : place + 4]:
        if clause.mentions and not _names_only_mentions(clause):
            return None
        if clause.verdict and not _others(clause):
            return clause.verdict
    return None


def _names_only_mentions(clause: Clause) -> bool:
    return clause.verdict is None and not clause.hits


def _beside(clauses: Sequence[Clause], place: int) -> Verdict:
    """A list of names means what stands behind it in its sentence, else what stands before it."""
    clause = clauses[place]
    only = any(hit.kind == cues.ONLY for hit in clause.hits)
    if not only:
        for other in clauses[place + 1 :]:
            if other.rank == 2:
                break
            if other.verdict:
                return other.verdict
            if not other.mentions:
                break
    earlier = clauses[place - 1] if place else None
    if (
        earlier
        and earlier.mentions
        and not only
        and clause.rank != 2
        and earlier.mentions[-1].verdict is not Verdict.ASIDE
    ):
        return earlier.mentions[-1].verdict
    verdict = _verdict_before(clauses, place)
    turned = only or (earlier is not None and _others(earlier))
    known = any(other.verdict for other in clauses[max(0, place - 2) : place])
    if turned and known:
        return _opposite(verdict)
    return verdict if known and clause.rank != 2 else Verdict.OPEN


def _verdict_before(clauses: Sequence[Clause], place: int) -> Verdict:
    return next((clause.verdict for clause in reversed(clauses[:place]) if clause.verdict), Verdict.FAILS)


def _verdict_near(clauses: Sequence[Clause], place: int) -> Verdict:
    for clause in clauses[place + 1 :]:
        if clause.rank == 2:
            break
        if clause.verdict:
            return clause.verdict
    return _verdict_before(clauses, place)


def _opposite(verdict: Verdict) -> Verdict:
    return Verdict.FINE if verdict is Verdict.FAILS else Verdict.FAILS
