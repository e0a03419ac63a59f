"""Which indexed tickets a parsed query means."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.sandbox.zendesk.answers import ApiError
from bot.sandbox.zendesk.grammar import Term
from bot.sandbox.zendesk.index import Indexed, words
from bot.sandbox.zendesk.tickets import PRIORITIES, STATUSES, Group, User, parsed_time

Test = Callable[[Indexed], bool]
_RELATIVE = re.compile(r"\A(\d{1,6}+)\s*+(minute|hour|day|week|month|year)s?")
_UNITS_H = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760}
_CONTROL = ("order_by", "sort", "type")


def invalid(reason: str) -> ApiError:
    return ApiError(422, "invalid", f"Invalid search: {reason}")


class Matcher:
    """Turns terms into one test. The same keyword twice means either; different keywords all must hold."""

    def __init__(self, *, now: datetime, users: Iterable[User], groups: Iterable[Group], me: int | None) -> None:
        self._now = now
        self._users = list(users)
        self._groups = list(groups)
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
        return lambda ticket: (
            all(test(ticket) for test in every)
            and all(any(test(ticket) for test in tests) for tests in either.values())
        )

    def _one(self, term: Term) -> Test:
        match term.field:
            case "" | "subject" | "description" | "comment":
                return _text_test(term)
            case "status":
                return _ranked(term, STATUSES, lambda ticket: ticket.status)
            case "priority":
                return _ranked(term, ("", *PRIORITIES), lambda ticket: ticket.priority)
            case "created" | "updated" | "solved":
                return self._time_test(term)
            case "tags":
                return _tags_test(term)
            case "requester" | "assignee" | "submitter":
                return self._person_test(term)
            case "group":
                return self._group_test(term)
            case _:
                return _value_test(term)

    def _group_test(self, term: Term) -> Test:
        """By name, of which the beginning is enough, or by id."""
        asked = term.value.lower()
        if asked == "none":
            return lambda ticket: ticket.group_id is None
        named = {group.id for group in self._groups if _holds(words(group.name), words(asked), prefix=True)}
        named |= {group.id for group in self._groups if str(group.id) == asked}
        return lambda ticket: ticket.group_id in named

    def _person_test(self, term: Term) -> Test:
        asked = term.value.lower()
        ids = {user.id for user in self._users if self._is(user, asked)}
        name = f"{term.field}_id"
        if asked == "none":
            return lambda ticket: getattr(ticket, name) is None
        return lambda ticket: getattr(ticket, name) in ids

    def _is(self, user: User, asked: str) -> bool:
        if asked == "me":
            return user.id == self._me
        by_name = bool(words(asked)) and _holds(words(user.name), words(asked), prefix=True)
        return asked == user.email.lower() or asked == str(user.id) or by_name

    def _time_test(self, term: Term) -> Test:
        start, end = self._span(term.value)

        def moment(ticket: Indexed) -> datetime:
            return ticket.created_at if term.field == "created" else ticket.updated_at

        def solved(ticket: Indexed) -> bool:
            return term.field != "solved" or ticket.status in ("solved", "closed")

        compare: dict[str, Test] = {
            ":": lambda ticket: start <= moment(ticket) < end,
            ">": lambda ticket: moment(ticket) > start,
            ">=": lambda ticket: moment(ticket) >= start,
            "<": lambda ticket: moment(ticket) < start,
            "<=": lambda ticket: moment(ticket) < end,
        }
        return lambda ticket: solved(ticket) and compare[term.op](ticket)

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
    return lambda ticket: not test(ticket)


def _text_test(term: Term) -> Test:
    phrase = words(term.value)
    prefix = not term.exact or term.value.endswith("*")

    def test(ticket: Indexed) -> bool:
        texts = ticket.texts if term.field in ("", "comment") else (getattr(ticket, term.field),)
        return any(_holds(text, phrase, prefix=prefix) for text in texts)

    return test if phrase else lambda ticket: False


def _holds(text: tuple[str, ...], phrase: tuple[str, ...], *, prefix: bool) -> bool:
    """Whether `phrase` stands in `text` as a phrase; with `prefix` its last word may go on."""
    if not phrase:
        return False
    *head, last = phrase
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
            return lambda ticket: False
        raise invalid(f"{term.value} is not a {term.field}")
    rank = order.index(asked)
    compare: dict[str, Callable[[int], bool]] = {
        ":": lambda mine: mine == rank,
        "<": lambda mine: mine < rank,
        "<=": lambda mine: mine <= rank,
        ">": lambda mine: mine > rank,
        ">=": lambda mine: mine >= rank,
    }
    return lambda ticket: compare[term.op](order.index(value(ticket)))


def _tags_test(term: Term) -> Test:
    asked = term.value.lower()
    if asked == "none":
        return lambda ticket: not ticket.tags
    if asked.endswith("*"):
        return lambda ticket: any(tag.startswith(asked[:-1]) for tag in ticket.tags)
    # Several tags in one pair of quotes must all be there: tags:"vip refund".
    return lambda ticket: set(asked.split()) <= ticket.tags


def _value_test(term: Term) -> Test:
    asked = term.value.lower()

    def value(ticket: Indexed) -> str:
        match term.field:
            case "ticket_type":
                return ticket.type
            case "organization":
                return str(ticket.organization_id or "")
            case "external_id":
                return ticket.external_id.lower()
            case "via":
                return ticket.channel
            case _:
                return ""

    if term.field == "fieldvalue":
        return lambda ticket: any(asked == kept for _, kept in ticket.custom_fields)
    if term.field.startswith("custom_field_"):
        number = int(term.field.rpartition("_")[2])
        return lambda ticket: (number, asked) in ticket.custom_fields
    return lambda ticket: value(ticket) == ("" if asked == "none" else asked)
