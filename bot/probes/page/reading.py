"""What was seen of a page in words: its reading, its trouble, and the picture's alt text. Pure."""

from dataclasses import dataclass

from bot.errors import BadInput
from bot.names import few_named
from bot.pictures.model import cut_alt
from bot.probes.host_grammar import Destination, read_url
from bot.probes.model import EVERYTHING, Before, Numbers, ProbeKind, ProbeReading, Subject
from bot.probes.page.look import PageLook
from bot.probes.page.proxy import Traffic
from bot.probes.policy import ALLOW_KEY
from bot.probes.web.answer import status_words

_PAGE_WITHIN_S = 4.0
"""A page takes up to 8 s, and a playbook 12: a site that was slower than this is looked at when somebody asks."""


def _worth_a_look(subject: Subject, before: Before) -> Subject | None:
    """Returns None where there is nothing to see, or no time left to look at it, as far as the playbook asks before."""
    if "http" not in before:
        return subject
    http = before["http"]
    if http is None or http.duration_s > _PAGE_WITHIN_S:
        return None
    return subject if any(reading.numbers.status for reading in http.readings) else None


PAGE = ProbeKind(
    "page",
    columns=("URL", "Status", "Title", "Loaded", "Not reached"),
    needs="no urls",
    applies=lambda subject: bool(subject.urls),
    noun="pages",
    # A browser takes a core, and would disturb the others' times.
    after=EVERYTHING,
    narrowed=_worth_a_look,
)
_NAMED_AT_MOST = 3
_NET_ERRORS = {
    "ERR_ABORTED": "it is no page but a file, or empty",
    "ERR_CERT_AUTHORITY_INVALID": "TLS: unknown CA",
    "ERR_CERT_COMMON_NAME_INVALID": "TLS: wrong name in the certificate",
    "ERR_CERT_DATE_INVALID": "TLS: the certificate has expired, or is not valid yet",
    "ERR_CERT_REVOKED": "TLS: the certificate is revoked",
    "ERR_EMPTY_RESPONSE": "the server closed the connection without an answer",
    "ERR_INVALID_HTTP_RESPONSE": "the answer is not HTTP",
    "ERR_TOO_MANY_REDIRECTS": "more redirects than a browser follows",
    "ERR_UNKNOWN_URL_SCHEME": "it leads to something that is no http or https URL",
    "ERR_UNSAFE_REDIRECT": "it leads to something that is no http or https URL",
}


@dataclass(frozen=True, slots=True)
class Viewed:
    """A look at a page, and what went through the proxy meanwhile."""

    place: Destination
    look: PageLook
    traffic: Traffic
    late: bool = False


def reading_of(viewed: Viewed) -> ProbeReading:
    look, traffic = viewed.look, viewed.traffic
    url = viewed.place.url
    reached = look.urls[-1] if look.urls else url
    reason = _trouble(viewed, reached)
    not_reached = _not_reached(traffic)
    remarks = [f"redirected to {_cut(reached)}"] if len(look.urls) > 1 and not reason else []
    remarks += [f"not reached: {not_reached}"] if not_reached and not reason else []
    loaded = "-" if look.loaded_s is None else f"{look.loaded_s:.1f} s"
    cells = (_cut(url), str(look.status or "-"), _cut(look.title) or "-", loaded, not_reached or "-")
    took_ms = None if look.loaded_s is None else round(look.loaded_s * 1000)
    numbers = Numbers(status=look.status or None, took_ms=took_ms)
    return ProbeReading(url, not reason, cells, reason or "; ".join(remarks), numbers, look.error)


def found_words(look: PageLook) -> str:
    """What a page that is as it should be shows: 'shows "Example" (200) after 1.2 s'."""
    title = f'shows "{look.title}"' if look.title else "shows a page without a title"
    return f"{title} ({look.status}) after {look.loaded_s or 0:.1f} s"


def _trouble(viewed: Viewed, reached: str) -> str:
    """Why this is no good page; "" where it is."""
    look, traffic = viewed.look, viewed.traffic
    via = f" (at {_cut(reached)})" if len(look.urls) > 1 else ""
    host = _host(reached)
    if not look.status and host in traffic.refused:
        leads = "redirects" if len(look.urls) > 1 else "leads"
        return f"{leads} to {host}, which is {traffic.refused[host]}: only public ones, and {ALLOW_KEY}, are looked at"
    if not look.status and host in traffic.failed:
        return f"{traffic.failed[host]}{via}"
    if look.error:
        code = look.error.removeprefix("net::")
        return f"{_NET_ERRORS.get(code) or code.removeprefix('ERR_').replace('_', ' ').lower()}{via}"
    if traffic.cut:
        return f"the page takes more than {traffic.received_bytes // 1_000_000} MB{via}"
    if not look.status:
        return f"no answer in time{via}"
    if look.status >= 400:
        return f"status {status_words(look.status)}{via}"
    if look.loaded_s is None or viewed.late:
        return f"still loading when its picture was due{via}" if look.png else f"nothing to show in time{via}"
    return ""


def _not_reached(traffic: Traffic) -> str:
    """Hosts of parts of the page, with the reason."""
    hosts = [f"{host} ({why})" for host, why in (traffic.refused | traffic.failed).items()]
    return few_named(hosts, _NAMED_AT_MOST, between="; ")


def unreached(place: Destination, reason: str) -> ProbeReading:
    return ProbeReading(place.url, False, (_cut(place.url), *["-"] * (len(PAGE.columns) - 1)), reason)


def alt_text(verdict: str) -> str:
    return cut_alt(f"The page in a browser as wide as a phone. {verdict}")


def _host(url: str) -> str:
    try:
        return read_url(url).host
    except BadInput:
        return ""


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
