"""The small page behind the signed link of a mail, a call or a text message. Pure.

It loads nothing from anywhere, sends no referrer, since its address is the key to it, and stands in nobody's frame.
"""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from http import HTTPStatus

from bot.web.wire import HttpAnswer

REQUEST_MAX = 1_500
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


def answered(page: AckPage, status: HTTPStatus = HTTPStatus.OK) -> HttpAnswer:
    return HttpAnswer(status, html(page).encode("utf-8", "replace"), "text/html; charset=utf-8", headers=HEADERS)


def html(page: AckPage) -> str:
    request = page.request[:REQUEST_MAX] + ("…" if len(page.request) > REQUEST_MAX else "")
    parts = [
        f"<h1>{escape(page.headline)}</h1>",
        f'<p class="request">{escape(request)}</p>' if request else "",
        f"<p>{escape(page.title)}</p>" if page.title else "",
        '<form method="post"><button type="submit">Acknowledge</button></form>' if page.asks else "",
        *(f'<p class="small">{escape(line)}</p>' for line in page.small),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.headline)}</title><style>{_STYLE}</style></head><body><main>"
        f"{''.join(parts)}</main></body></html>"
    )
