"""How the page reads mrkdwn, Markdown, rich text and dates: the markup that it builds, asked of the browser."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.sandbox.page.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHOW = """async ([module, name, argument]) => {
  const made = (await import(`/page/js/${module}.js`))[name](argument);
  const box = document.createElement("div");
  box.append(...[made].flat(Infinity));
  for (const each of box.querySelectorAll("*")) {
    for (const { name } of [...each.attributes]) if (name !== "href") each.removeAttribute(name);
  }
  return box.innerHTML;
}"""

MRKDWN = {
    "*bold* _it_ ~no~": "<strong>bold</strong> <em>it</em> <s>no</s>",
    "*bold _both_*": "<strong>bold <em>both</em></strong>",
    "snake_case_name and 2*3*4": "snake_case_name and 2*3*4",
    "* not bold * and _ _": "* not bold * and _ _",
    "`*raw* <http://x.example|y>`": '<code>*raw* <a href="http://x.example/">y</a></code>',
    "*a `*` b*": "<strong>a <code>*</code> b</strong>",
    "```\n*raw* &lt;b&gt;\n```after": "<pre>*raw* &lt;b&gt;</pre>after",
    "open ```fence": "open ```fence",
    "&gt; quoted\n&gt; twice\nafter": "<blockquote>quoted<br>twice</blockquote>after",
    "• one\n• two": "<span><span>• </span><span>one</span></span><span><span>• </span><span>two</span></span>",
    "a\nb": "a<br>b",
    "&amp;lt; &lt;b&gt;": "&amp;lt; &lt;b&gt;",
    "<@U0KIM> <@U0JO|jo> <@U0GONE>": "<span>@kim</span> <span>@jo</span> <span>@U0GONE</span>",
    "<#C0TIER1> <#C0NONE|elsewhere>": "<button>#tier1</button> <span>#elsewhere</span>",
    "<!subteam^S0LTM> <!here>": "<span>@ltm</span> <span>@here</span>",
    "<https://x.example/a?b=1&amp;c=2|*text*>": '<a href="https://x.example/a?b=1&amp;c=2">*text*</a>',
    "see https://x.example/p.": 'see <a href="https://x.example/p">https://x.example/p</a>.',
    "<javascript:alert(1)|x> <data:text/html,x>": "&lt;javascript:alert(1)|x&gt; &lt;data:text/html,x&gt;",
    "<!date^1740993120^{date_num} {time}|then>": "<time>03/03/2025 9:12 AM</time>",
    "<!date^1740993120^{date} at {time_secs}^https://x.example|then>": (
        '<a href="https://x.example/"><time>March 3, 2025 at 9:12:00 AM</time></a>'
    ),
    "<!date^x^{date}|then>": "<time>then</time>",
    ":no_such_emoji: 12:30:45": ":no_such_emoji: 12:30:45",
    "<img src=x onerror=alert(1)>": "&lt;img src=x onerror=alert(1)&gt;",
}

MARKDOWN = {
    "# Head\ntext **b** *i* `c`": "<h3>Head</h3><p>text <strong>b</strong> <em>i</em> <code>c</code></p>",
    "- a\n  - b\n- c": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
    "1. a\n2. b": "<ol><li>a</li><li>b</li></ol>",
    "- [x] done\n- [ ] not": "<ul><li>☑ done</li><li>☐ not</li></ul>",
    "> q\n> r": "<blockquote><p>q<br>r</p></blockquote>",
    "```py\n# no head\n```": "<pre># no head</pre>",
    "[t](https://x.example) \\*no\\*": '<p><a href="https://x.example/">t</a> *no*</p>',
    "[t](javascript:alert)": "<p><span>t</span></p>",
    "|a|b|\n|-|-:|\n|1|2|": (
        "<div><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>"
    ),
    "a |\nb": "<p>a |<br>b</p>",
    "|lonely": "<p>|lonely</p>",
}


@pytest_asyncio.fixture(loop_scope="session")
async def page(desk: Desk) -> Page:
    """In UTC and American English, whatever the machine is set to."""
    context = await desk.browser.new_context(timezone_id="UTC", locale="en-US")
    page = await context.new_page()
    return await desk.up(page, "as=U0KIM")


async def shown(page: Page, module: str, name: str, argument: Any) -> str:
    """The HTML that a function of the page builds, without attributes but href and with plain spaces."""
    made: str = await page.evaluate(SHOW, [module, name, argument])
    return made.replace("\u202f", " ").replace("&nbsp;", " ")


async def test_mrkdwn_reads_as_in_slack(page: Page) -> None:
    """Formatting, tokens, links, dates, and what only looks like them."""
    made = {text: await shown(page, "text/mrkdwn", "mrkdwn", text) for text in MRKDWN}

    assert made == MRKDWN


async def test_markdown_blocks(page: Page) -> None:
    """Standard Markdown with tables and tasks; links that run something lose their address."""
    made = {text: await shown(page, "text/markdown", "markdown", text) for text in MARKDOWN}

    assert made == MARKDOWN


async def test_rich_text_elements(page: Page) -> None:
    """Styles nest, and a list item holds what a section holds."""
    text = {"type": "text", "text": "loss", "style": {"bold": True, "code": True}}
    section = {"type": "rich_text_section", "elements": [text, {"type": "user", "user_id": "U0JO"}]}
    items = {"type": "rich_text_list", "style": "ordered", "elements": [section]}
    block = {"type": "rich_text", "elements": [section, items]}

    made = await shown(page, "blocks/rich_text", "richText", block)

    inner = "<strong><code>loss</code></strong><span>@jo</span>"
    assert made == f"<div><div>{inner}</div><ol><li>{inner}</li></ol></div>"


async def test_a_table_has_its_first_row_as_head(page: Page) -> None:
    """Numbers, text and formatted cells stand in their columns."""
    rows = [
        [{"type": "raw_text", "text": "Hop"}, {"type": "raw_text", "text": "Loss"}],
        [{"type": "raw_number", "value": 1}, {"type": "raw_text", "text": "<b>0 %</b>"}],
    ]

    made = await shown(page, "blocks/table", "table", {"type": "table", "rows": rows})

    body = "<tr><td>1</td><td>&lt;b&gt;0 %&lt;/b&gt;</td></tr>"
    head = "<tr><th>Hop</th><th>Loss</th></tr>"
    assert made == f"<div><table><thead>{head}</thead><tbody>{body}</tbody></table></div>"


async def test_a_data_table_is_sorted_and_turned(page: Page) -> None:
    """A press on a head sorts by numbers in the text too, a second one turns the order round."""
    rows = [[{"type": "raw_text", "text": text} for text in ("Address", "Lost")]]
    rows += [[{"type": "raw_text", "text": text} for text in (f"10.0.0.{n}", f"{n} of 10")] for n in (9, 10, 1)]
    block = {"type": "data_table", "caption": "Ping", "page_size": 2, "rows": rows}
    await page.evaluate(PUT, ["blocks/data_table", "dataTable", block])
    first = page.locator("#put tbody th")

    assert await page.locator("#put caption").inner_text() == "Ping"
    assert await first.all_inner_texts() == ["10.0.0.9", "10.0.0.10"]
    await page.get_by_role("button", name="Next").click()
    assert await first.all_inner_texts() == ["10.0.0.1"]
    await page.get_by_role("button", name="Lost").click()
    assert await first.all_inner_texts() == ["10.0.0.1", "10.0.0.9"]
    await page.get_by_role("button", name="Lost").click()
    assert await first.all_inner_texts() == ["10.0.0.10", "10.0.0.9"]
    assert await page.locator("#put th[aria-sort='descending']").count() == 1


PUT = """async ([module, name, argument]) => {
  const made = (await import(`/page/js/${module}.js`))[name](argument);
  made.id = "put";
  document.body.replaceChildren(made);
}"""
