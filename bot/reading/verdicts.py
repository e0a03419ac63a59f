"""How a text means what it names: clause by clause, what is in trouble and what is not. Pure.

A clause's verdict is that of its words ("works", "doesn't work", "no problems"); a name without one takes that of the
clause beside it.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bot.reading import cues
from bot.reading.clauses import BINDS, DENIES, SAYS, WEAK, Clause, ClauseVerdict, Mention
from bot.reading.lexicon import Entry, Hit
from bot.reading.symptoms import names_only
from bot.reading.word_lists import word_set

_AHEAD, _BEHIND = 5, 8
"""Words between a denial and what it denies; in German it may be the last word of its clause."""
_NEAR = 3
"""Words between a cue and the name that it belongs to, articles included."""
_VERB_FIRST = word_set("nicht nie nich nimmer niemals niet nooit")
"""Denials that end a clause whose verb may stand far before them."""
_TOWARDS = word_set("to nach naar vers hacia verso para")
_EMPTY = word_set("nothing none nobody nichts rien nada niente nulla niks nic")


_WEIGHED = frozenset((*SAYS, "verb", cues.PAST))
"""Kinds of words that say something of their clause."""
_NOTHING: frozenset[int] = frozenset()


def judge(clauses: Sequence[Clause], words: Sequence[Entry]) -> None:
    """Decides what each clause says, and of each mention what the text says of it."""
    last = ClauseVerdict.FAILS
    for clause in clauses:
        if clause.hits or clause.mentions or words[clause.end - 1].flags & cues.ANSWERS:
            last = _weighed(clause, last, words)
    for place, clause in enumerate(clauses):
        before: Mention | None = None
        for mention in clause.mentions:
            if mention.names[0].generic:
                mention.verdict = clause.verdict or ClauseVerdict.OPEN
                continue
            _surroundings(clause, mention, words)
            aside = _aside(clause, mention, before, words) or _carried_home(clauses, place, mention)
            mention.verdict = aside or _said(clauses, place, mention, words)
            if mention.verdict is ClauseVerdict.FAILS and _over(clauses, place):
                mention.verdict = ClauseVerdict.FINE
            before = mention


# ---- What a clause says ----------------------------------------------------------------------------------------------


def _weighed(clause: Clause, last: ClauseVerdict, words: Sequence[Entry]) -> ClauseVerdict:
    """Sets the clause's own verdict; gives the one that stands after it."""
    denied = _denied(clause, words) if clause.denies else _NOTHING
    fails = works = past = same = False
    for number, hit in enumerate(clause.hits):
        kind = hit.kind
        if kind not in _WEIGHED:
            continue
        turned = number in denied
        if kind == "symptom":
            if hit.value[-1] != WEAK:
                fails, works = fails or not turned, works or turned
            if not turned:
                clause.trouble.append(hit)
        elif kind == cues.WORKS:
            fails, works = fails or turned, works or not turned
        elif kind == cues.FAILS:
            fails, works = fails or not turned, works or turned
        elif kind == cues.STATE:
            fails = fails or not turned
        elif kind == "verb":
            if turned:
                fails = True
                clause.trouble.append(hit)
        elif kind == cues.PAST:
            past = True
        else:
            same = True
    if fails or (past and works):
        clause.verdict = ClauseVerdict.FAILS
    elif works:
        clause.verdict = ClauseVerdict.FINE
    elif same:
        clause.verdict = last
    elif words[clause.end - 1].flags & cues.ANSWERS:
        clause.verdict = _answer(clause, last, words)
    return clause.verdict or last


def _answer(clause: Clause, last: ClauseVerdict, words: Sequence[Entry]) -> ClauseVerdict | None:
    """ "Vegas no", "Madrid: yes", "Florida does": a verb or an answer alone."""
    flags = words[clause.end - 1].flags
    behind = clause.end - 1 - (clause.mentions[-1].end if clause.mentions else clause.start)
    if not 0 <= behind <= 2 or clause.end - clause.start > 8:
        return None
    if flags & cues.NO and behind == 0:
        return ClauseVerdict.FAILS
    if clause.denial:
        return None
    if flags & cues.YES and behind <= 1:
        return ClauseVerdict.FINE
    return _opposite(last) if flags & cues.AUX and clause.mentions else None


def _denied(clause: Clause, words: Sequence[Entry]) -> AbstractSet[int]:
    """The hits that are denied, by their number."""
    denied: set[int] = set()
    hits = clause.hits
    for number, hit in enumerate(hits):
        if hit.kind in DENIES:
            bound = _bound(clause, number, words)
            if bound is None:
                clause.denial = hit
                continue
            # One word may be a verb and a symptom; all of its readings are denied.
            start = hits[bound].start
            denied |= {other for other, hit in enumerate(hits) if hit.start == start and hit.kind in BINDS}
    return denied


def _bound(clause: Clause, number: int, words: Sequence[Entry]) -> int | None:
    """What a denial belongs to: the next word that can be denied, else the one before."""
    hits, denial = clause.hits, clause.hits[number]
    able = ("verb", cues.WORKS) if denial.kind == cues.CANNOT else BINDS
    reach = 2 if denial.kind == cues.WITHOUT else _AHEAD
    for other in range(number + 1, len(hits)):
        hit = hits[other]
        if hit.start - denial.end > reach:
            break
        if hit.kind in able and hit.start >= denial.end:
            return other
    if denial.kind == cues.WITHOUT:
        return None
    # "Verbindet sich die App hier nicht": the verb is denied, and nothing that is named behind it.
    verb_before = words[denial.start].word in _VERB_FIRST and denial.end >= clause.end - 1
    for other in range(number - 1, -1, -1):
        hit = hits[other]
        if denial.start - hit.end > _BEHIND:
            break
        if hit.kind in able and hit.end <= denial.start:
            if hit.kind != "symptom":
                return other
            if verb_before and (hit.value[-1] == WEAK or names_only(hit.value)):
                continue
            # "Netflix doesn't play": what is only named is not denied.
            return None if names_only(hit.value) else other
    return None


# ---- What is said of a name ------------------------------------------------------------------------------------------


def _surroundings(clause: Clause, mention: Mention, words: Sequence[Entry]) -> None:
    start, end = mention.start, mention.end
    flags = words[start - 1].flags if start > clause.start else 0
    mention.inside = flags & cues.INSIDE > 0
    if start - 1 > clause.start:
        flags |= words[start - 2].flags
    behind = words[end].flags if end < clause.end else 0
    if end + 1 < clause.end:
        behind |= words[end + 1].flags
    if (flags | behind) & cues.HOST or flags & cues.ON:
        mention.hosted = True


def _cue_before(clause: Clause, mention: Mention, kind: str) -> Hit | None:
    """The nearest cue of a kind that ends shortly before a mention."""
    start = mention.start
    for hit in reversed(clause.hits):
        if hit.kind == kind and 0 <= start - hit.end < _NEAR:
            return hit
    return None


def _aside(clause: Clause, mention: Mention, before: Mention | None, words: Sequence[Entry]) -> ClauseVerdict | None:
    """What the words right before and behind a name say of it, whatever the clause says."""
    if before and before.verdict is ClauseVerdict.ASIDE and _goes_on(words, before.end, mention.start):
        mention.home = before.home
        return ClauseVerdict.ASIDE
    hosted = mention.end < clause.end and words[mention.end].flags & cues.HOST
    for hit in clause.hits:
        near = mention.start - hit.end
        if 0 <= near < _NEAR and (before is None or before.start < hit.end):
            if hit.kind == cues.HOME and not hosted:
                mention.home = True
                return ClauseVerdict.ASIDE
            if hit.kind in (cues.BESIDE, cues.LEFT):
                return ClauseVerdict.ASIDE
        elif hit.start == mention.end and hit.kind == cues.CLOCK:
            return ClauseVerdict.ASIDE
    return None


def _carried_home(clauses: Sequence[Clause], place: int, mention: Mention) -> ClauseVerdict | None:
    """ "I live in Dallas, Texas", "Country: Germany"."""
    clause, earlier = clauses[place], clauses[place - 1] if place else None
    if not earlier or clause.rank == 2 or mention.start != clause.start:
        return None
    last = earlier.mentions[-1] if earlier.mentions else None
    if last and last.end == clause.start and last.verdict is ClauseVerdict.ASIDE and clause.verdict is None:
        mention.home = last.home
        return ClauseVerdict.ASIDE
    if earlier.hits and earlier.hits[-1].kind == cues.HOME and earlier.hits[-1].end == clause.start:
        mention.home = True
        return ClauseVerdict.ASIDE
    return None


def _said(clauses: Sequence[Clause], place: int, mention: Mention, words: Sequence[Entry]) -> ClauseVerdict:
    clause = clauses[place]
    turned = _turned(clauses, place, mention, words)
    if turned:
        return turned
    if _cue_before(clause, mention, cues.TAKEN) or _taken_after_left(clause, mention, words):
        return _after(clauses, place, mention) or ClauseVerdict.ASIDE
    if any(hit.kind == cues.TRIED and hit.end <= mention.start for hit in clause.hits):
        return clause.verdict or _after(clauses, place, mention) or ClauseVerdict.TRIED
    if clause.verdict is ClauseVerdict.FINE:
        return ClauseVerdict.FAILS if _but_fails(clauses, place) else ClauseVerdict.FINE
    if clause.verdict is ClauseVerdict.FAILS:
        return ClauseVerdict.FAILS
    for hit in clause.hits:
        if hit.kind == cues.INSTEAD or (hit.kind == cues.ASIDE and hit.start < mention.start):
            return ClauseVerdict.ASIDE
    if clause.denial:
        return _of_denial(clauses, place, mention, words)
    if _names_only(clause, words):
        return _beside(clauses, place, words)
    return _following(clauses, place) or ClauseVerdict.OPEN


def _of_denial(clauses: Sequence[Clause], place: int, mention: Mention, words: Sequence[Entry]) -> ClauseVerdict:
    """ "Berlin doesn't" turns round what came before; "Berlin won't come up" has a verb that no list has."""
    denial = clauses[place].denial
    if denial is None or denial.kind == cues.NEITHER or words[denial.start].word in _EMPTY:
        return ClauseVerdict.FAILS
    behind = denial.start >= mention.end
    known = any(clause.verdict for clause in clauses[:place])
    if behind and known and denial.end >= clauses[place].end - 1:
        return _opposite(_verdict_before(clauses, place))
    return ClauseVerdict.FAILS if behind or denial.kind == cues.CANNOT else ClauseVerdict.OPEN


def _turned(clauses: Sequence[Clause], place: int, mention: Mention, words: Sequence[Entry]) -> ClauseVerdict | None:
    """ "All but Berlin work", "works on iOS but not on Android"."""
    clause = clauses[place]
    for hit in clause.hits:
        if hit.end > mention.start:
            break
        if hit.kind == cues.EXCEPT and _only_names(clause, words, hit.end, mention.start):
            return _opposite(clause.verdict or _verdict_near(clauses, place))
        beside = hit.kind == cues.NOT and mention.start - hit.end <= 2 and _only_small(words, hit.end, mention.start)
        if beside and not any(other.kind in SAYS and other.start >= mention.end for other in clause.hits):
            return _opposite(_verdict_before(clauses, place))
    return None


def _only_small(words: Sequence[Entry], start: int, end: int) -> bool:
    return end - start <= 4 and all(words[at].flags & cues.SMALL for at in range(start, end))


def _goes_on(words: Sequence[Entry], start: int, end: int) -> bool:
    """Whether a list goes on: "in Texas and Florida", and not "from Texas to Florida"."""
    return _only_small(words, start, end) and not any(words[at].word in _TOWARDS for at in range(start, end))


def _only_names(clause: Clause, words: Sequence[Entry], start: int, end: int) -> bool:
    names = {at for mention in clause.mentions for at in range(mention.start, mention.end)}
    return all(at in names or words[at].flags & cues.SMALL for at in range(start, end))


def _names_only(clause: Clause, words: Sequence[Entry]) -> bool:
    """Whether a clause says nothing of what it names."""
    return _only_names(clause, words, min(clause.start + clause.joined, clause.end), clause.end)


def _taken_after_left(clause: Clause, mention: Mention, words: Sequence[Entry]) -> bool:
    """ "From Berlin to Paris": the second one."""
    if not any(hit.kind == cues.LEFT and hit.end <= mention.start for hit in clause.hits):
        return False
    return any(entry.flags & cues.TO for entry in words[max(clause.start, mention.start - 2) : mention.start])


def _rest_of_sentence(clauses: Sequence[Clause], place: int) -> list[Clause]:
    """The clauses behind one in its sentence that name nothing."""
    rest = []
    for clause in clauses[place + 1 :]:
        if clause.rank == 2 or clause.mentions:
            break
        rest.append(clause)
    return rest


def _of_others(clause: Clause) -> bool:
    return any(hit.kind == cues.OTHERS for hit in clause.hits)


def _but_fails(clauses: Sequence[Clause], place: int) -> bool:
    """ "It connects, but drops after a minute"."""
    for clause in _rest_of_sentence(clauses, place):
        if clause.verdict is ClauseVerdict.FAILS:
            return not _of_others(clause)
    return False


def _over(clauses: Sequence[Clause], place: int) -> bool:
    """ "Berlin was down, but it works again now"."""
    for clause in clauses[place + 1 : place + 4]:
        if clause.mentions or clause.verdict is ClauseVerdict.FAILS:
            return False
        if any(hit.kind == cues.AGAIN for hit in clause.hits):
            return True
    return False


def _following(clauses: Sequence[Clause], place: int) -> ClauseVerdict | None:
    """What the rest of the sentence says: "when I connect to Berlin, nothing loads"."""
    for clause in _rest_of_sentence(clauses, place):
        if clause.verdict:
            return _opposite(clause.verdict) if _of_others(clause) else clause.verdict
    return None


def _after(clauses: Sequence[Clause], place: int, mention: Mention) -> ClauseVerdict | None:
    """How it went: "I tried Berlin. Same thing there"; words behind the name in its own clause come first."""
    own = clauses[place]
    if own.verdict and any(hit.start >= mention.end and hit.kind in SAYS for hit in own.hits):
        return own.verdict
    for clause in clauses[place + 1 : place + 4]:
        if clause.mentions and (clause.verdict or clause.hits):
            # "I tried Berlin, Paris and Rome and they are fine".
            goes_on = clause.rank == 1 and clause.mentions[0].start == clause.start
            return clause.verdict if goes_on else None
        if clause.verdict and not _of_others(clause):
            return clause.verdict
    return None


def _beside(clauses: Sequence[Clause], place: int, words: Sequence[Entry]) -> ClauseVerdict:
    """A list of names means what stands behind it in its sentence, else what stands before it."""
    clause = clauses[place]
    only = any(entry.flags & cues.ONLY for entry in words[clause.start : clause.end])
    for other in () if only else clauses[place + 1 :]:
        if other.rank == 2:
            break
        if other.verdict:
            return other.verdict
        if not other.mentions:
            break
    earlier = clauses[place - 1] if place else None
    neighbour = earlier.mentions[-1].verdict if earlier and earlier.mentions else ClauseVerdict.ASIDE
    if not only and clause.rank != 2 and neighbour is not ClauseVerdict.ASIDE:
        return neighbour
    if not any(other.verdict for other in clauses[max(0, place - 2) : place]):
        return ClauseVerdict.OPEN
    verdict = _verdict_before(clauses, place)
    if only or (earlier is not None and _of_others(earlier)):
        return _opposite(verdict)
    return verdict if clause.rank != 2 else ClauseVerdict.OPEN


def _verdict_before(clauses: Sequence[Clause], place: int) -> ClauseVerdict:
    return next((clause.verdict for clause in reversed(clauses[:place]) if clause.verdict), ClauseVerdict.FAILS)


def _verdict_near(clauses: Sequence[Clause], place: int) -> ClauseVerdict:
    """That of the rest of the sentence, else the one before."""
    for clause in clauses[place + 1 :]:
        if clause.rank == 2:
            break
        if clause.verdict:
            return clause.verdict
    return _verdict_before(clauses, place)


def _opposite(verdict: ClauseVerdict) -> ClauseVerdict:
    return ClauseVerdict.FINE if verdict is ClauseVerdict.FAILS else ClauseVerdict.FAILS
