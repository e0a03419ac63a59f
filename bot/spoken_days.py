"""Days and times of day as people name them: "tomorrow", "Monday", "24 Dec", "2026-12-24", "9:30 pm". Pure."""

import calendar
import re
from datetime import date, time, timedelta

from bot.errors import BadInput

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
NAMED = (
    rf"(?:today|tonight|tomorrow|yesterday|(?:{_WEEKDAY})|\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    r"|\d{1,2}\.[ ]?\d{1,2}\.(?:\d{4})?|\d{1,2}/\d{1,2}(?:/\d{4})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?[ ]?{_MONTH}(?:[ ]\d{{4}})?"
    rf"|{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]\d{{4}})?)"
)
"""A pattern for one of them, in any case. A whole word is meant: "mon" is a day, and "monitor" is none."""

_HALF = re.compile(r"([ap])\.?m\.?\Z")
_NUMBERS = re.compile(r"\d+")
_YEARS = range(2000, 2200)
_MONTHS_MAX = 12
_LEAP = 2028
_ALWAYS_A_LEAP = 9
"""Among so many years in a row there is one with 29 February, also around 2100."""
_SLIP = timedelta(days=7)


def day_named(text: str, today: date, *, passed: bool = False) -> date:
    """The day that is meant: the next one of its name, or with `passed` the last one; today counts.

    Raises BadInput for what is no day of the calendar, and for one that can be read in two ways.
    """
    words = text.lower()
    near = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
    if words in near:
        return today + timedelta(days=near[words])
    numbers = [int(number) for number in _NUMBERS.findall(words)]
    if not numbers:
        ahead = (WEEKDAYS.index(words[:3]) - today.weekday()) % 7
        return today + timedelta(days=ahead - 7 if passed and ahead else ahead)
    if "/" in words:
        numbers = _slashed(numbers, text)
    if "-" in words:
        return _real(numbers[0], numbers[1], numbers[2], text)
    month = next((at for at, name in enumerate(_MONTHS, 1) if name in words), 0) or numbers.pop(1)
    if len(numbers) > 1:
        return _real(numbers[1], month, numbers[0], text)
    return _nearest(month, numbers[0], today, text, passed=passed)


def clock_read(text: str) -> time:
    """ "22:00", "22.00", "10pm", "10:30 p.m."; 24:00 is midnight. Raises BadInput."""
    words = text.lower().replace(" ", "")
    half = _HALF.search(words)
    hour, _, minute = (words[: half.start()] if half else words).replace(".", ":").partition(":")
    number, minutes = int(hour), int(minute or 0)
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half[1] == "p" else 0)
    elif half:
        number = 99
    if number == 24 and not minutes:
        number = 0
    if number > 23 or minutes > 59:
        raise BadInput(f"{text} is no time of day.")
    return time(number, minutes)


def _slashed(numbers: list[int], text: str) -> list[int]:
    """24/12 and 12/24 as the day first; 3/4 is April or March, by country."""
    first, second, *year = numbers
    if first != second and max(first, second) <= _MONTHS_MAX:
        raise BadInput(f"{text} can be read in two ways. Write the month as a word, such as 24 Dec.")
    return [max(first, second), min(first, second), *year]


def _real(year: int, month: int, day: int, text: str) -> date:
    if year in _YEARS and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
        return date(year, month, day)
    raise BadInput(f"{text} is no day of the calendar.")


def _nearest(month: int, day: int, today: date, text: str, *, passed: bool) -> date:
    """A day that is over since a few days is rather a slip than the next year's; 29 February waits for its year."""
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(_LEAP, month)[1]:
        raise BadInput(f"{text} is no day of the calendar.")
    years = [today.year - step if passed else today.year + step for step in range(-1, _ALWAYS_A_LEAP)]
    days = [date(year, month, day) for year in years if day <= calendar.monthrange(year, month)[1]]
    return next(each for each in days if (each <= today + _SLIP if passed else each >= today - _SLIP))
