"""Atlassian Document Format and Markdown, both ways."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.jira.adf_reading import markdown
from bot.known_issues.jira.adf_writing import document

Node = dict[str, Any]


def text(words: str, *marks: Any) -> Node:
    named = [{"type": mark} if isinstance(mark, str) else mark for mark in marks]
    return {"type": "text", "text": words, **({"marks": named} if named else {})}


def paragraph(*content: Node) -> Node:
    return {"type": "paragraph", "content": list(content)}


def doc(*content: Node) -> Node:
    return {"version": 1, "type": "doc", "content": list(content)}


def link(href: str) -> Node:
    return {"type": "link", "attrs": {"href": href}}


BOTH = [
    ("words", doc(paragraph(text("words")))),
    ("us_east is 5*3 #1", doc(paragraph(text("us_east is 5*3 #1")))),
    ("one\ntwo", doc(paragraph(text("one"), {"type": "hardBreak"}, text("two")))),
    ("## Workaround", doc({"type": "heading", "attrs": {"level": 2}, "content": [text("Workaround")]})),
    ("**Workaround:** use `UDP`", doc(paragraph(text("Workaround:", "strong"), text(" use "), text("UDP", "code")))),
    ("see [the log](https://x.test/1)", doc(paragraph(text("see "), text("the log", link("https://x.test/1"))))),
    ("see https://x.test/a_b", doc(paragraph(text("see "), text("https://x.test/a_b", link("https://x.test/a_b"))))),
    ("**~~_all_~~**", doc(paragraph(text("all", "strong", "strike", "em")))),
    (
        "```text\na  b\n\n* c\n```",
        doc({"type": "codeBlock", "attrs": {"language": "text"}, "content": [text("a  b\n\n* c")]}),
    ),
    ("> a\n>\n> b", doc({"type": "blockquote", "content": [paragraph(text("a")), paragraph(text("b"))]})),
    ("---", doc({"type": "rule"})),
    ("\\# no heading", doc(paragraph(text("# no heading")))),
    ("1\\. no list", doc(paragraph(text("1. no list")))),
    (
        "- a\n  - b\n- c",
        doc(
            {
                "type": "bulletList",
                "content": [
                    {
                        "type": "listItem",
                        "content": [
                            paragraph(text("a")),
                            {
                                "type": "bulletList",
                                "content": [{"type": "listItem", "content": [paragraph(text("b"))]}],
                            },
                        ],
                    },
                    {"type": "listItem", "content": [paragraph(text("c"))]},
                ],
            }
        ),
    ),
    (
        "| host | loss |\n| --- | --- |\n| a | 5 % |",
        doc(
            {
                "type": "table",
                "content": [
                    {
                        "type": "tableRow",
                        "content": [{"type": kind, "content": [paragraph(text(words))]} for words in row],
                    }
                    for kind, row in (("tableHeader", ("host", "loss")), ("tableCell", ("a", "5 %")))
                ],
            }
        ),
    ),
]


@pytest.mark.parametrize(("shown", "kept"), BOTH, ids=[shown[:20] for shown, _ in BOTH])
def test_both_say_the_same(shown: str, kept: Node) -> None:
    """Each form is read as the other."""
    assert document(shown) == kept
    assert markdown(kept) == shown


WORDS = (
    st.text("abz 019_*#->.`|[]()~\\+<&é", min_size=1, max_size=12).map(lambda each: " ".join(each.split())).filter(bool)
)
MARKS = st.lists(st.sampled_from(["strong", "strike", "em"]), unique=True).map(
    lambda each: [mark for mark in ("strong", "strike", "em") if mark in each]
)


@st.composite
def inlines(draw: st.DrawFn) -> list[Node]:
    """Marked words with plain ones between them: marks that touch have no Markdown that everyone reads alike."""
    found: list[Node] = []
    for place in range(draw(st.integers(1, 3))):
        if place:
            found.append(text(f" {draw(WORDS)} "))
        found.append(text(draw(WORDS.filter(lambda each: each.isalnum())), *draw(MARKS)))
    merged: list[Node] = []
    for node in found:
        if merged and merged[-1].get("marks") == node.get("marks"):
            merged[-1] = {**merged[-1], "text": merged[-1]["text"] + node["text"]}
        else:
            merged.append(node)
    return merged


paragraphs = inlines().map(lambda each: paragraph(*each))
code_blocks = st.builds(
    lambda words, language: {"type": "codeBlock", "attrs": {"language": language}, "content": [text(words)]},
    st.text("ab `~*\n-#", min_size=1, max_size=20).filter(lambda each: each.strip("\n") == each),
    st.sampled_from(["text", "json"]),
)
headings = st.builds(
    lambda level, words: {"type": "heading", "attrs": {"level": level}, "content": words}, st.integers(1, 6), inlines()
)


def lists(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    item = st.tuples(paragraphs, st.lists(inner, max_size=1)).map(
        lambda each: {"type": "listItem", "content": [each[0], *each[1]]}
    )
    items = st.lists(item, min_size=1, max_size=3)
    return st.one_of(
        items.map(lambda each: {"type": "bulletList", "content": each}),
        items.map(lambda each: {"type": "orderedList", "attrs": {"order": 1}, "content": each}),
    )


nested = st.recursive(st.one_of(paragraphs, code_blocks), lists, max_leaves=4)
quotes = st.lists(paragraphs, min_size=1, max_size=2).map(lambda each: {"type": "blockquote", "content": each})
blocks = st.one_of(paragraphs, headings, code_blocks, lists(nested), quotes, st.just({"type": "rule"}))


def _apart(content: list[Node]) -> list[Node]:
    """A list or quote that follows another of its kind is one with it in Markdown."""
    kept: list[Node] = []
    for node in content:
        if not (
            kept and kept[-1]["type"] == node["type"] and node["type"] in ("bulletList", "orderedList", "blockquote")
        ):
            kept.append(node)
    return kept


@given(st.lists(blocks, max_size=4).map(_apart))
def test_a_document_survives_the_way_through_markdown(content: list[Node]) -> None:
    """What both forms can say is the same after there and back."""
    wanted = doc(*content)

    assert document(markdown(wanted)) == wanted, markdown(wanted)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "content", "attrs", "text", "marks", "level", "order"]), inner, max_size=4
        ),
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(
                    ["doc", "paragraph", "heading", "table", "tableRow", "taskList", "text", "date"]
                ),
                "content": st.lists(inner, max_size=3),
            }
        ),
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_document_is_read(found: Any) -> None:
    """Also one that is no document at all."""
    assert isinstance(markdown(found), str)


@given(st.text("ab *_`~[]()\\#>-|1.\n ", max_size=60))
def test_any_markdown_is_a_document_that_jira_takes(written: str) -> None:
    """No empty texts, no headings or quotes within lists and quotes, and it can be sent as JSON."""
    json.dumps(document(written))
    _valid(document(written), "doc")


def _valid(node: Node, parent: str) -> None:
    assert node["type"] != "text" or node["text"]
    if parent in ("listItem", "blockquote"):
        assert node["type"] in ("paragraph", "bulletList", "orderedList", "codeBlock")
    for child in node.get("content", []):
        _valid(child, node["type"])


def test_openers_without_an_end_take_no_time() -> None:
    """A hostile text must not hold up the bot."""
    for opener in ("[", "**a", "_a ", "~~a", "`", "*a ", "\\"):
        document(opener * (30_000 // len(opener)))
