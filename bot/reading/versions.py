"""Versions of apps and systems, and error codes, in one form. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from bot.reading.lexicon import Entry
from bot.reading.word_lists import word_set

VERSIONS_MAX: Final = 6
CODES_MAX: Final = 6

_SYSTEMS: Final = {
    **{
        name: name
        for name in word_set(
            "ios ipados android windows macos ubuntu debian fedora openwrt tvos miui freebsd opnsense pfsense raspbian"
        )
    },
    **{name: "macos" for name in word_set("osx x sur catalina monterey ventura sonoma sequoia tahoe")},
    **{"win": "windows", "mint": "linux mint", "chromeos": "chrome os", "fireos": "fire os"},
}
"""By the word before the number; of "Mac OS X 10.15" and "Big Sur 11" the last."""
_BEFORE_OS = {"mac": "macos", "chrome": "chrome os", "fire": "fire os", "i": "ios", "tv": "tvos"}
_GLUED = re.compile(r"(ios|ipados|android|macos|windows|win|v)(\d.*)")
_OF_SYSTEM = word_set("home pro server phone tv enterprise edition lts one ui")
"""What may stand between a system and its number: "Windows Home 11"."""
_VERSION = word_set(
    "version versions versione versión versao versie wersja wersji wersje vers ver v release build rev versión versao"
)
_APP = word_set(
    """
    app client application anwendung aplicacion aplicativo applicazione aplikacja aplikacji program programm software
    extension apps klient cliente appen applicatie logiciel
    """
)
_UPDATE = re.compile(
    r"updat|upgrad|aktualis|install|mise|maj|actualiz|atualiz|aggiorna|bijgewerkt|zaktualiz|aktualiz|downgrad"
)
_OTHER = word_set(
    """
    openvpn wireguard tls ssl ipv ip ipv4 ipv6 kernel firmware protocol chrome firefox safari edge opera python java usb
    bluetooth wifi http port ports server gateway mtu ping section chapter day step level player directx net framework
    """
)
_FILLER = word_set(
    "the my on is of to is now running latest newest new old current in with and de la la auf mit from since"
)
_UNITS = re.compile(
    r"(?:[kmgt]b(?:it)?(?:p?s)?|[kmgt]bit|ms|s|sec|seconds?|min|mins|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?|times?|x|eur|euros?|usd|dollars?"
    r"|gbp|pln|zl|reais|percent|am|pm|uhr|stunden?|minuten?|tagen?|wochen?|heures?|jours?|horas?|dias?|ore|giorni|uur|dagen|godzin\w*|dni|people|users?|devices?"
    r"|customers?|servers?|km|miles|ghz|mhz)"
)
_ERRORS = word_set(
    """
    error errors err code codes errorcode fehler fehlercode fehlernummer fehlermeldung erreur codigo erro codice
    errore foutcode fout
    foutmelding blad bledu bledem kod status http reason exception event stopcode fault errno
    """
)
_ERROR_FILLER = word_set(
    "code number nr no num id numer is was says of de di bledu nummer numero the a with message saying fehler event"
)
_NAMED = re.compile(r"(?<![\w.@/])[a-z][a-z0-9]{1,20}(?:_[a-z0-9]{1,20}){1,6}(?![\w@])")
_TROUBLE = word_set(
    """
    err error errors failed fail failure timeout timedout timed refused reset denied declined invalid exception nxdomain
    unreachable expired rejected aborted closed mismatch funds honor unavailable unauthorized forbidden exceeded unknown
    unsupported required blocked missing lost revoked incorrect bad pr ssl tls dns cert auth
    """
)
_CODED = re.compile(
    r"(?<![\w.-])(?:[a-z]{1,5}\d{0,4}(?:-\d{1,6}){1,3}|e\d{3,5}|m\d{4}(?:-\d{2,6})?|[a-z]{2,6}\d{3,6})(?![\w-])(?!\.\d)"
)


def numbers_in(
    text: str, words: Sequence[Entry], parts: Sequence[str], breaks: Sequence[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Versions ("app 8.4.1", "ios 26.2", "windows 11") and error codes, each once, in the order of the text.

    `parts` is the text as it was split: what stands before word i is at 2i.
    """
    versions: dict[str, None] = {}
    codes: dict[str, None] = {}
    for at, entry in enumerate(words):
        if entry.number and len(entry.word) <= 24:
            code = _code(words, parts, breaks, at)
            if code:
                codes[code] = None
            elif (version := _version(words, breaks, at)) is not None:
                versions[version] = None
    if "_" in text:
        for hit in _NAMED.finditer(text):
            if not _TROUBLE.isdisjoint(hit[0].split("_")):
                codes.setdefault(hit[0])
    return tuple(versions)[:VERSIONS_MAX], tuple(codes)[:CODES_MAX]


def _version(words: Sequence[Entry], breaks: Sequence[int], at: int) -> str | None:
    """What the number at a place is a version of; None for what is none."""
    word = words[at].word
    following = words[at + 1].word if at + 1 < len(words) and breaks[at + 1] != 2 else ""
    glued = _GLUED.match(word)
    number = glued[2] if glued else word
    if glued and glued[1] != "v":
        return f"{_SYSTEMS[glued[1]]} {number}"
    if _UNITS.fullmatch(following) or not _is_version(number):
        return None
    said, place = bool(glued), at
    while place > 0 and at - place < 5:
        # A form has its heading on a line of its own: "App version", and below it the number.
        if breaks[place] == 2 and not (place == at and words[at - 1].word in _HEADS):
            break
        place -= 1
        before = words[place].word
        system = _SYSTEMS.get(before) or (_BEFORE_OS.get(words[place - 1].word) if before == "os" and place else None)
        if system and (before != "x" or words[place - 1].word in ("os", "osx")):
            release = f" {following}" if system == "windows" and _RELEASE.fullmatch(following) else ""
            return f"{system} {number}{release}"
        if before in _OTHER:
            return None
        if before in _APP:
            return f"app {number}" if said or "." in number else None
        if before in _VERSION:
            said = True
        elif _UPDATE.match(before):
            return f"app {number}" if said or "." in number else None
        elif before not in _FILLER and before not in _OF_SYSTEM:
            break
    named = said and ("." in number or (at and words[at - 1].word in _VERSION))
    return f"app {number}" if named or _THREE.fullmatch(number) else None


_HEADS = _VERSION | _APP
_RELEASE = re.compile(r"\d\dh\d")
_THREE = re.compile(r"\d{1,3}(?:\.\d{1,5}){2}|20\d\d\.\d{1,3}")
_NUMBER = re.compile(r"\d{1,5}(?:\.\d{1,6}){0,4}(?:[a-z]\d{0,3})?")


def _is_version(number: str) -> bool:
    if not _NUMBER.fullmatch(number):
        return False
    fields = number.split(".")
    address = len(fields) == 4 and all(field.isdigit() and int(field) < 256 for field in fields)
    return not (address and int(fields[0]) > 20) and not (len(fields) == 1 and len(number) > 3)


def _code(words: Sequence[Entry], parts: Sequence[str], breaks: Sequence[int], at: int) -> str:
    """The error code that begins at a number, with what is written together with it; "" for none."""
    word = words[at].word
    if word.startswith("0x") and 4 <= len(word) <= 12:
        return word
    start = at
    while start > 0 and parts[2 * start] in ("-", "_", ":") and len(words[start - 1].word) <= 6 and at - start < 3:
        start -= 1
    if start < at and words[start].number and start > 0:
        return ""
    place, filler = start, 0
    while place > 0 and filler <= 3 and breaks[place] != 2:
        place -= 1
        before = words[place].word
        if before in _ERRORS:
            code = _whole(words, parts, start, at)
            return code if len(code) >= 2 and not _unit_behind(words, breaks, at) and "." not in code else ""
        if before not in _ERROR_FILLER:
            break
        filler += 1
    whole = _whole(words, parts, start, at)
    near = any(words[other].word in _ERRORS for other in range(max(0, at - 8), min(len(words), at + 4)))
    return whole if near and start < at and _CODED.fullmatch(whole) else ""


def _whole(words: Sequence[Entry], parts: Sequence[str], start: int, at: int) -> str:
    end = at + 1
    while end < len(words) and parts[2 * end] in ("-", "_") and words[end].number and end - at < 3:
        end += 1
    return "".join(parts[2 * start + 1 : 2 * end])


def _unit_behind(words: Sequence[Entry], breaks: Sequence[int], at: int) -> bool:
    return at + 1 < len(words) and not breaks[at + 1] and bool(_UNITS.fullmatch(words[at + 1].word))


def version_of_field(value: str) -> str:
    """The version that a field of the desk holds without saying of what: "v8.4.1 (1234)"; "" for none."""
    hit = _FIELD.search(value.casefold())
    return f"app {hit[1].replace('_', '.')}" if hit else ""


_FIELD = re.compile(r"(?<![\w.])v?(\d{1,4}(?:[._]\d{1,6}){1,4}|\d{1,4})(?![\w.])")


def of_system(version: str) -> bool:
    """Whether it is one of an operating system, as "ios 26.2" is and "app 8.4.1" is not."""
    return " " in version and not version.startswith("app ")


def spelled(version: str) -> str:
    """Returns "iOS 26.2" for "ios 26.2"."""
    system, _, number = version.rpartition(" ")
    return f"{_SPELLED.get(system, system.capitalize())} {number}".strip()


_SPELLED: Final = {"ios": "iOS", "macos": "macOS", "ipados": "iPadOS", "tvos": "tvOS", "tv": "TV", "app": "app"}
