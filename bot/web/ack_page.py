"""The small page behind the signed link of a mail, a call or a text message. Pure.

It loads nothing from anywhere, sends no referrer, since its address is the key to it, and stands in nobody's frame.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from http import HTTPStatus

from bot.escalations.links import LinkedEscalation
from bot.web.wire import HttpAnswer

REQUEST_MAX = 1_500
LINE_MAX = 300
IN_SLACK = "Open the escalation in Slack, and press Acknowledge there."
_STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 0 auto; padding: 1.5rem;
  overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.3; }
p.request { white-space: pre-line; border-left: 4px solid #1264a3; padding-left: 0.8rem; }
p.small { opacity: 0.75; font-size: 0.9rem; }
button { font: inherit; font-weight: 600; width: 100%; padding: 0.9rem; border: 0; border-radius: 8px; color: #fff;
  background: #007a5a; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = (
    (
        "Content-Security-Policy",
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
)


@dataclass(frozen=True, slots=True)
class AckPage:
    """`request` is what management is asked to do, `small` who asked when; `asks` is whether the button is there."""

    headline: str
    request: str = ""
    title: str = ""
    small: tuple[str, ...] = ()
    asks: bool = False


def waiting(linked: LinkedEscalation, zone: tzinfo) -> AckPage:
    """What somebody sees who follows the link: with a button while an answer is awaited. `zone` is the team's, as
    whoever reads the page has no account here."""
    if linked.acknowledged_at:
        when = _time(linked.acknowledged_at, zone)
        return AckPage(f"{linked.name} is acknowledged, since {when}.", linked.request, linked.title)
    if not linked.needed:
        return AckPage(f"{linked.name} needs no answer any more.", linked.request, linked.title)
    name = f"{linked.priority} {linked.name}".strip()
    small = (f"Escalated {_time(linked.escalated_at, zone)}. Others are asked until somebody acknowledges it.",)
    return AckPage(f"{name} needs an answer.", linked.request, linked.title, small, asks=True)


def done(linked: LinkedEscalation) -> AckPage:
    small = (f"Slack says: acknowledged through {linked.via}.",)
    return AckPage(f"You have acknowledged {linked.name}.", linked.request, linked.title, small)


def failed(linked: LinkedEscalation, why: str) -> AckPage:
    return AckPage(f"{linked.name} could not be acknowledged.", small=(why, IN_SLACK))


def refused(*, expired: bool) -> AckPage:
    if expired:
        return AckPage("This link has expired.", small=(IN_SLACK,))
    return AckPage("This link is not complete.", small=(f"Copy all of it from the message. Or: {IN_SLACK}",))


def _time(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%H:%M %Z}"


def answered(page: AckPage, status: HTTPStatus = HTTPStatus.OK) -> HttpAnswer:
    return HttpAnswer(status, html(page).encode("utf-8", "replace"), "text/html; charset=utf-8", headers=HEADERS)


def html(page: AckPage) -> str:
    parts = [
        f"<h1>{_text(page.headline)}</h1>",
        f'<p class="request">{_text(page.request, REQUEST_MAX)}</p>' if page.request else "",
        f"<p>{_text(page.title)}</p>" if page.title else "",
        '<form method="post"><button type="submit">Acknowledge</button></form>' if page.asks else "",
        *(f'<p class="small">{_text(line)}</p>' for line in page.small),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta property="og:title" content="Second Line"><meta property="og:description" content="An escalation">'
        f"<title>{_text(page.headline)}</title><style>{_STYLE}</style></head><body><main>"
        f"{''.join(parts)}</main></body></html>"
    )


def _text(text: str, longest: int = LINE_MAX) -> str:
    return escape(text if len(text) <= longest else text[: longest - 1] + "…")
