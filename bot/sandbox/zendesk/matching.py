"""Which indexed tickets a parsed query means."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.sandbox.zendesk.answers import ApiError
from bot.sandbox.zendesk.grammar import Term
from bot.sandbox.zendesk.index import Indexed, words
from bot.sandbox.zendesk.tickets import PRIORITIES, STATUSES, User, parsed_time

Test = Callable[[Indexed], bool]
_RELATIVE = re.compile(r"\A(\d{1,6}+)\s*+(minute|hour|day|week|month|year)s?")
_UNITS_H = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760}
_CONTROL = ("order_by", "sort", "type")


def invalid(reason: str) -> ApiError:
    return ApiError(422, "invalid", f"Invalid search: {reason}")


class Matcher:
    """Turns terms into one test. The same keyword twice means either; different keywords all must hold."""

    def __init__(self, *, now: datetime, users: Iterable[User], me: int | None) -> None:
        self._now = now
        self._users = list(users)
        self._me = me

    def test(self, terms: Iterable[Term]) -> Test:
        either: dict[str, list[Test]] = {}
        every: list[Test] = []
        for term in terms:
            if term.field in _CONTROL:
                continue
            test = self._one(term)
            if term.negated:
                every.append(_negated(test))
            elif term.field and term.op == ":":
                either.setdefault(term.field, []).append(test)
            else:
                every.append(test)
        return lambda found: (
            all(test(found) for test in every) and all(any(test(found) for test in tests) for tests in either.values())
        )

    def _one(self, term: Term) -> Test:
        match term.field:
            case "" | "subject" | "description" | "comment":
                return _text_test(term)
            case "status":
                return _ranked(term, STATUSES, lambda found: found.status)
            case "priority":
                return _ranked(term, ("", *PRIORITIES), lambda found: found.priority)
            case "created" | "updated" | "solved":
                return self._time_test(term)
            case "tags":
                return _tags_test(term)
            case "requester" | "assignee" | "submitter":
                return self._person_test(term)
            case _:
                return _value_test(term)

    def _person_test(self, term: Term) -> Test:
        asked = term.value.lower()
        ids = {user.id for user in self._users if self._is(user, asked)}
        name = f"{term.field}_id"
        if asked == "none":
            return lambda found: getattr(found, name) is None
        return lambda found: getattr(found, name) in ids

    def _is(self, user: User, asked: str) -> bool:
        if asked == "me":
            return user.id == self._me
        by_name = bool(words(asked)) and _holds(words(user.name), words(asked), prefix=True)
        return asked == user.email.lower() or asked == str(user.id) or by_name

    def _time_test(self, term: Term) -> Test:
        start, end = self._span(term.value)

        def moment(found: Indexed) -> datetime:
            return found.created_at if term.field == "created" else found.updated_at

        def solved(found: Indexed) -> bool:
            return term.field != "solved" or found.status in ("solved", "closed")

        compare: dict[str, Test] = {
            ":": lambda found: start <= moment(found) < end,
            ">": lambda found: moment(found) > start,
            ">=": lambda found: moment(found) >= start,
            "<": lambda found: moment(found) < start,
            "<=": lambda found: moment(found) < end,
        }
        return lambda found: solved(found) and compare[term.op](found)

    def _span(self, text: str) -> tuple[datetime, datetime]:
        """The moment or the day that a date means; relative times count back from now ("4hours")."""
        relative = _RELATIVE.fullmatch(text.strip().lower())
        if relative:
            back = self._now - timedelta(hours=int(relative[1]) * _UNITS_H[relative[2]])
            return back, self._now + timedelta(seconds=1)
        moment = parsed_time(text)
        if moment is None:
            raise invalid(f"{text} is not a date or time")
        whole_day = len(text.strip()) == len("2026-01-31")
        return moment, moment + (timedelta(days=1) if whole_day else timedelta(seconds=1))


def _negated(test: Test) -> Test:
    return lambda found: not test(found)


def _text_test(term: Term) -> Test:
    wanted = words(term.value)
    prefix = not term.exact or term.value.endswith("*")

    def test(found: Indexed) -> bool:
        texts = found.texts if term.field in ("", "comment") else (getattr(found, term.field),)
        return any(_holds(text, wanted, prefix=prefix) for text in texts)

    return test if wanted else lambda found: False


def _holds(text: tuple[str, ...], wanted: tuple[str, ...], *, prefix: bool) -> bool:
    """Whether `wanted` stands in `text` as a phrase; with `prefix` its last word may go on."""
    *head, last = wanted
    for at, word in enumerate(text):
        if not (word == last or (prefix and word.startswith(last))):
            continue
        if at >= len(head) and list(text[at - len(head) : at]) == head:
            return True
    return False


def _ranked(term: Term, order: tuple[str, ...], value: Callable[[Indexed], str]) -> Test:
    asked = "" if term.value.lower() == "none" else term.value.lower()
    if asked not in order:
        if term.op == ":":
            return lambda found: False
        raise invalid(f"{term.value} is not a {term.field}")
    rank = order.index(asked)
    compare: dict[str, Callable[[int], bool]] = {
        ":": lambda mine: mine == rank,
        "<": lambda mine: mine < rank,
        "<=": lambda mine: mine <= rank,
        ">": lambda mine: mine > rank,
        ">=": lambda mine: mine >= rank,
    }
    return lambda found: compare[term.op](order.index(value(found)))


def _tags_test(term: Term) -> Test:
    asked = term.value.lower()
    if asked == "none":
        return lambda found: not found.tags
    if asked.endswith("*"):
        return lambda found: any(tag.startswith(asked[:-1]) for tag in found.tags)
    # Several tags in one pair of quotes must all be there: tags:"vip refund".
    return lambda found: set(asked.split()) <= found.tags


def _value_test(term: Term) -> Test:
    asked = term.value.lower()

    def value(found: Indexed) -> str:
        match term.field:
            case "ticket_type":
                return found.type
            case "group" | "organization":
                return str(getattr(found, f"{term.field}_id") or "")
            case "external_id":
                return found.external_id.lower()
            case "via":
                return found.channel
            case _:
                return ""

    if term.field == "fieldvalue":
        return lambda found: any(asked == kept for _, kept in found.custom_fields)
    if term.field.startswith("custom_field_"):
        number = int(term.field.rpartition("_")[2])
        return lambda found: (number, asked) in found.custom_fields
    return lambda found: value(found) == ("" if asked == "none" else asked)
