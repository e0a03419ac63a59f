"""The agent's page of one ticket, so that links in messages lead somewhere."""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape

from bot.sandbox.zendesk.tickets import Comment, Ticket, User

_STYLE = """
:root { color-scheme: light dark; --line: #d8dcde; --soft: #68737d; --note: #fff7ed; --page: #fff; --side: #f8f9f9 }
@media (prefers-color-scheme: dark) { :root { --line: #394650; --soft: #a8b2bb; --note: #33291b; --page: #151a1e;
  --side: #1c2227 } }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: var(--page); display: grid;
  grid-template-columns: minmax(11rem, 15rem) minmax(0, 1fr) }
aside { background: var(--side); border-right: 1px solid var(--line); padding: 1.2rem; min-height: 100vh;
  box-sizing: border-box }
main { padding: 1.2rem 1.8rem; max-width: 52rem; min-width: 0 }
h1 { font-size: 1.3rem; margin: 0 0 .2rem; overflow-wrap: anywhere }
dt { color: var(--soft); font-size: .8rem; margin-top: .8rem } dd { margin: 0; overflow-wrap: anywhere }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 4px; padding: 0 .4rem;
  margin: .15rem .2rem 0 0 }
.by, .from { color: var(--soft); font-size: .85rem }
article { border-top: 1px solid var(--line); padding: .9rem 0 } article.note { background: var(--note); padding: .9rem }
article p { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate }
@media (max-width: 640px) { body { display: block } aside { min-height: 0; border: 0 } }
"""


def ticket_page(ticket: Ticket, *, people: Callable[[int], User], groups: Mapping[int, str]) -> str:
    """A complete HTML page; every text of the ticket is escaped and kept from turning its neighbours around."""
    subject = escape(ticket.subject)
    requester = people(ticket.requester_id)
    comments = "".join(_comment(comment, people(comment.author_id)) for comment in ticket.comments)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>#{ticket.id} {subject}</title><style>{_STYLE}</style></head>
<body><aside><strong>Ticket #{ticket.id}</strong><dl>{_facts(ticket, people, groups)}</dl></aside>
<main><h1><bdi>{subject}</bdi></h1>
<div class="from">via {escape(ticket.channel)} · from <bdi>{escape(requester.name)}</bdi>
&lt;{escape(requester.email)}&gt; · {_time(ticket.created_at)}</div>
{comments}</main></body></html>
"""


def _facts(ticket: Ticket, people: Callable[[int], User], groups: Mapping[int, str]) -> str:
    assignee = people(ticket.assignee_id).name if ticket.assignee_id else "nobody"
    tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in ticket.tags) or "none"
    facts = {
        "Status": escape(ticket.status),
        "Priority": escape(ticket.priority or "not set"),
        "Type": escape(ticket.type or "not set"),
        "Group": escape(groups.get(ticket.group_id or 0, "none")),
        "Assignee": escape(assignee),
        "Problem": f"#{ticket.problem_id}" if ticket.problem_id else "none",
        "Tags": tags,
        "Updated": _time(ticket.updated_at),
    }
    return "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())


def _time(moment: datetime) -> str:
    return f"{moment:%d %b %Y, %H:%M} UTC"


def _comment(comment: Comment, author: User) -> str:
    kind = "" if comment.public else " · internal note"
    css = "" if comment.public else ' class="note"'
    head = f"<bdi>{escape(author.name)}</bdi> · {_time(comment.created_at)}{kind}"
    return f'<article{css}><div class="by">{head}</div><p dir="auto">{escape(comment.body)}</p></article>'
