"""Dates as people write them in issues. Pure; what is not one certain date is none."""

import re
from datetime import date, timedelta

# fmt: off
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate((
        "jan january januar jänner enero janvier", "feb february februar febrero février fevrier",
        "mar march märz maerz mär marzo mars", "apr april abril avril", "may mai mayo",
        "jun june juni junio juin", "jul july juli julio juillet", "aug august agosto août aout",
        "sep sept september septiembre septembre", "oct october okt oktober octubre octobre",
        "nov november noviembre novembre", "dec december dez dezember dic diciembre déc dec décembre",
    ), start=1)
    for name in names.split()
}
# fmt: on
_STRUCK = re.compile(r"~~.*?~~", re.DOTALL)
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_FORMS = (
    re.compile(rf"(?<![\w-]){_YEAR}(?P<mark>[-/])(?P<number>\d{{2}})(?P=mark){_DAY}(?![\d/-])"),
    re.compile(rf"(?<![\w.]){_DAY}\.\s?(?P<number>\d{{1,2}})\.\s?{_YEAR}(?!\w|\.\d)"),
    re.compile(
        rf"(?<![\w.-]){_DAY}(?:st|nd|rd|th|\.)?\s++(?:of\s++|de\s++)?{_MONTH}(?:,?\s++(?:de\s++)?{_YEAR})?(?!\w)", re.I
    ),
    re.compile(rf"(?<!\w)(?=[^\W\d_]){_MONTH}\s++{_DAY}(?:st|nd|rd|th)?(?:,?\s++{_YEAR})?(?!\w)", re.I),
)
_DIGIT = re.compile(r"\d")
_SLASHED = re.compile(r"(?<![\w/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\w/])")
_BEFORE = timedelta(days=183)
"""A day without a year is at most this long before the text was written, also where a year ends between them."""


def the_date(text: str, *, written: date) -> date | None:
    """The one date in `text`; None where there is none, or more than one, or one that can be read in two ways.

    "Dec 12" is the nearest one to `written`, and rather later than earlier. What is struck out does not count.
    """
    dates: set[date] = set()
    left = _STRUCK.sub(" ", text)
    if not _DIGIT.search(left):
        return None
    for form in _FORMS:
        hits = list(form.finditer(left))
        for hit in hits:
            read = _read(hit, written)
            if not read:
                return None
            dates.add(read)
        left = form.sub(" ", left) if hits else left
    for first, second, year in _SLASHED.findall(left):
        either = {_day(int(year), int(first), int(second)), _day(int(year), int(second), int(first))} - {None}
        if len(either) != 1:
            return None
        dates |= {day for day in either if day}
    return dates.pop() if len(dates) == 1 else None


def _read(hit: re.Match[str], written: date) -> date | None:
    parts = hit.groupdict()
    month = int(parts["number"]) if parts.get("number") else _MONTHS.get(parts["month"].lower(), 0)
    if parts["year"]:
        return _day(int(parts["year"]), month, int(parts["day"]))
    near = (_day(written.year + step, month, int(parts["day"])) for step in (-1, 0, 1))
    return next((day for day in near if day and day >= written - _BEFORE), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
