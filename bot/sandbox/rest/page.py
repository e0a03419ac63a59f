"""The page of one issue, so that links in messages lead somewhere."""

from collections.abc import Mapping, Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark; --line: #d1d9e0; --soft: #59636e; --page: #fff }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #9198a1; --page: #0d1117 } }
body { margin: 0 auto; max-width: 52rem; padding: 1.2rem; font: 15px/1.5 system-ui, sans-serif;
  background: var(--page) }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; overflow-wrap: anywhere }
dl { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; margin: .6rem 0 1rem }
dt { color: var(--soft); font-size: .8rem } dd { margin: 0; overflow-wrap: anywhere }
article { border: 1px solid var(--line); border-radius: 6px; margin-top: .8rem; padding: .6rem .9rem }
.by { color: var(--soft); font-size: .85rem }
p { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate }
"""


def issue_page(key: str, title: str, facts: Mapping[str, str], texts: Sequence[tuple[str, str]]) -> str:
    """A complete HTML page; `texts` are who wrote what, and everything is escaped."""
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items() if value
    )
    shown = "".join(_article(who, text) for who, text in texts)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(key)} {escape(title)}</title><style>{_STYLE}</style></head>
<body><h1><bdi>{escape(title)}</bdi></h1><div class="by">{escape(key)}</div><dl>{rows}</dl>{shown}</body></html>
"""


def _article(who: str, text: str) -> str:
    body = escape(text) or "No text."
    return f'<article><div class="by"><bdi>{escape(who)}</bdi></div><p dir="auto">{body}</p></article>'
