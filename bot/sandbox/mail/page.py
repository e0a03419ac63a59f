"""The page with the mail that the bot sent: `GET /mail`."""

from html import escape

from aiohttp import web

from bot.sandbox.mail.box import Box, Received

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #8888; border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def routes(box: Box) -> web.Application:
    """To be mounted under /mail."""

    async def show(request: web.Request) -> web.Response:
        page = _page(box)
        return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})

    app = web.Application()
    app.router.add_get("/", show)
    return app


def _page(box: Box) -> str:
    mails = "".join(map(_mail, reversed(box.received))) or "<p>The bot has sent no mail yet.</p>"
    head = f'<head><meta charset="utf-8"><title>Mail</title><style>{_STYLE}</style></head>'
    return f'<!doctype html><html lang="en">{head}<body><h1>Mail that the bot sent</h1>{mails}</body></html>'


def _mail(mail: Received) -> str:
    files = "".join(
        f"<details><summary>{escape(name)}</summary><pre>{escape(text)}</pre></details>" for name, text in mail.files
    )
    subject = escape(str(mail.message["Subject"] or ""))
    who = f"{escape(mail.sender)} to {escape(', '.join(mail.to))}, {mail.at:%Y-%m-%d %H:%M} UTC"
    return f"<article><h2>{subject}</h2><p>{who}</p><pre>{escape(mail.text)}</pre>{files}</article>"
