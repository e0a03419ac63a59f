"""Text from outside as Slack text."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import text

ANY = st.one_of(st.text(max_size=300), st.text(alphabet="&<>ampltg;x", max_size=300))
LIMITS = st.integers(1, 200)
ENTITIES = re.compile(r"&(?:amp|lt|gt);")


@given(ANY)
def test_escaping_comes_back(plain: str) -> None:
    """What a person typed is what a probe or a search is given."""
    assert text.unescape(text.escape(plain)) == plain


@pytest.mark.parametrize(
    ("slack", "typed"),
    [
        ("<http://example.com|example.com>", "example.com"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<@U1> <#C1|general> <!here>", "<@U1> #general @here"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
    ],
)
def test_slack_s_links_are_undone(slack: str, typed: str) -> None:
    """Slack makes links of hosts; mentions stay as they are, to be read by the grammar."""
    assert text.unescape(slack) == typed


@pytest.mark.parametrize(
    ("channel", "link"),
    [("C0123", "<#C0123>"), ("UKIM", "<@UKIM>"), ("#t2-tech", "#t2-tech"), ("#a<b", "#a&lt;b")],
)
def test_place_is_a_link_where_it_can_be(channel: str, link: str) -> None:
    """Where channels can't be listed a configured name is all there is, and `<##t2-tech>` would be shown as it is."""
    assert text.place(channel) == link


@given(ANY, LIMITS)
def test_cut_keeps_the_limit_and_whole_entities(plain: str, limit: int) -> None:
    """No half of an entity at the end, where Slack would show "&am"."""
    escaped = text.escape(plain)
    cut = text.cut(escaped, limit)

    assert len(cut) <= limit
    assert "&" not in ENTITIES.sub("", cut)


@given(st.lists(st.sampled_from(["<!date^1^{time}|09:12 UTC>", "<@U1>", "&lt;", "word "])), LIMITS)
def test_cut_markup_leaves_nothing_open(parts: list[str], limit: int) -> None:
    """A date token without its end would be shown as it is."""
    cut = text.cut_markup("".join(parts), limit)

    assert len(cut) <= limit
    assert not re.search(r"<[^<>]*$", cut)


@given(ANY, LIMITS)
def test_foreign_text_is_short_and_inert(plain: str, limit: int) -> None:
    """One line within the limit, without markup, whole entities only."""
    page_text = text.foreign(plain, limit)

    assert len(page_text) <= limit
    assert not set("<>\n\r\t") & set(page_text)
    assert "&" not in ENTITIES.sub("", page_text)


@pytest.mark.parametrize("markup", ["*bold*", "~strike~", "_italics_", "`code`", ":wave:", "```a```"])
def test_formatting_of_foreign_text_is_broken(markup: str) -> None:
    """Slack has no escape for these; an invisible joiner stands behind each mark."""
    assert markup not in text.foreign(f"x {markup} y")


@pytest.mark.parametrize("name", ["us_east_1", "10:30", "a*b", "snake_case_name"])
def test_names_are_still_readable(name: str) -> None:
    """Whoever copies a host name from a message gets the host name, as far as it can't format."""
    assert text.foreign(name).replace("\u2060", "") == name


def test_host_names_with_underscores_are_unchanged() -> None:
    """Inside a word an underscore formats nothing."""
    assert text.foreign("gw_us_east.example.com") == "gw_us_east.example.com"


@given(st.text(max_size=300))
def test_cleaned_text_is_one_line(plain: str) -> None:
    """No control characters, no direction marks, no line ends of any kind."""
    cleaned = text.clean(plain)

    assert len(cleaned.splitlines()) <= 1
    assert not set("\x00\x1b\u202e\u2066\u200f") & set(cleaned)


@given(ANY, st.integers(7, 200))
def test_code_blocks_are_closed(plain: str, limit: int) -> None:
    """Three backticks before, three behind, none between."""
    block = text.preformatted(plain, limit)

    assert len(block) <= limit
    assert (block[:3], block[-3:], block[3:-3].count("`")) == ("```", "```", 0)


@given(ANY)
def test_link_labels_can_not_end_the_link(label: str) -> None:
    """One link, to where it says."""
    link = text.link("https://desk.test/?a=1&b=<2>|3", label)

    assert re.fullmatch(r"<https://desk\.test/\?a=1&amp;b=%3C2%3E%7C3\|[^<>|]*>", link)


def test_times_are_in_the_reader_s_zone() -> None:
    """Slack's date token, with UTC for those who can't show it."""
    moment = datetime.fromisoformat("2026-11-20T09:12:00+00:00")

    assert text.clock_time(moment) == "<!date^1795165920^{time}|09:12 UTC>"


@pytest.mark.parametrize(("count", "words"), [(0, "0 tickets"), (1, "1 ticket"), (2, "2 tickets")])
def test_plurals(count: int, words: str) -> None:
    """One is one."""
    assert text.plural(count, "ticket") == words


WORDY = st.text(alphabet="ab &<>*:\n", max_size=400)


@given(WORDY, st.integers(6, 60))
def test_pieces_have_every_word_and_whole_entities(plain: str, limit: int) -> None:
    """In order, each within the limit, none empty; nothing is left out between two of them."""
    parts = text.pieces(plain, limit)

    assert "".join("".join(parts).split()) == "".join(text.escape(plain).split())
    assert all(0 < len(piece) <= limit and "&" not in ENTITIES.sub("", piece) for piece in parts)


@given(WORDY)
def test_pieces_of_a_quotation_are_quoted_on_each_line(plain: str) -> None:
    """The first line of each piece is marked by whoever shows it."""
    parts = text.pieces(plain, 60, newline="\n>")

    assert all(line.startswith(">") for piece in parts for line in piece.split("\n")[1:])


@given(WORDY, st.integers(8, 60))
def test_one_line_is_foreign_and_whole(plain: str, limit: int) -> None:
    """What `foreign` shows of a text, without its end cut off."""
    parts = text.one_line(plain, limit)

    assert "".join(parts).replace(" ", "") == text.foreign(plain, 10_000).replace(" ", "")
    assert all(len(piece) <= limit for piece in parts)
