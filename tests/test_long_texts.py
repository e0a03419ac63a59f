"""No text keeps what reads it busy: each function that takes a text from outside reads every hostile shape."""

import urllib.parse
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from bot import field_limits, loose_json
from bot.briefings import schedule
from bot.errors import SecondLineError
from bot.known_issues import dates, headings, mapping, wire, wording
from bot.known_issues import model as known
from bot.known_issues.github import wire as github_wire
from bot.known_issues.jira import adf_reading, adf_writing
from bot.known_issues.jira import wire as jira_wire
from bot.known_issues.model import IssueState, TrackerIssue
from bot.known_issues.search import query as search
from bot.probes import host_grammar as typed_hosts
from bot.probes.web import charset, exchange, visit
from bot.probes.web.dial import PhaseFailed
from bot.probes.web.exchange import Chunks
from bot.probes.web.page_text import PageText
from bot.releases import model as releases
from bot.replies import wording as replies
from bot.slack import blocks, text
from bot.status import matching
from bot.targets.model import Catalog, Target, folded
from bot.tickets import collection, links
from bot.tickets.places import PlaceFinder
from bot.tickets.zendesk import query as zendesk_query
from commands import grammar, thread, tickets
from tests.hostile_shapes import SHAPES, costly_s

NOW = datetime(2026, 11, 26, 9, 14, tzinfo=UTC)
HOSTS = frozenset({"acme.zendesk.com"})
CATALOG = Catalog((Target("us-east", "U.S. East", "gateway", aliases=("virginia",), hosts=("us-east.acme.test",)),))
HEADINGS = {"workaround": mapping.WORKAROUND_HEADINGS, "eta": mapping.ETA_HEADINGS}


def paragraphs(depth: int, words: str) -> dict[str, Any]:
    """A Jira document of quotes within quotes."""
    inner: dict[str, Any] = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    for _ in range(depth):
        inner = {"type": "blockquote", "content": [inner]}
    return {"type": "doc", "version": 1, "content": [inner]}


def issue(body: str) -> TrackerIssue:
    return TrackerIssue("app", "1", "app#1", "", body, body, IssueState.OPEN, NOW, NOW, labels=(body, "priority: high"))


def page(words: str) -> None:
    looked = PageText("Sign in to U.S. East", content_type="text/html")
    for _ in looked.feed(words.encode()):
        pass
    looked.close()


def rows_of_release(notes: str) -> object:
    row = {"id": 1, "tag_name": "v1", "name": notes, "body": notes, "published_at": "2026-11-26T09:14:00Z"}
    return github_wire.releases_from([row], "acme", "app")


READERS: dict[str, Callable[[str], object]] = {
    "text.foreign": text.foreign,
    "text.one_line": text.one_line,
    "text.paragraph": text.paragraph,
    "text.pieces": text.pieces,
    "text.unescape": text.unescape,
    "text.preformatted": text.preformatted,
    "text.cut_markup": partial(text.cut_markup, limit=3000),
    "text.link": lambda words: text.link(words, words),
    "text.undated": text.undated,
    "blocks.written": blocks.written,
    "blocks.sections": lambda words: blocks.sections(words.split("\n")),
    "blocks.fitted": lambda words: blocks.fitted(blocks.written(words)),
    "loose_json.text": loose_json.text,
    "loose_json.line": loose_json.line,
    "loose_json.instant": loose_json.instant,
    "loose_json.address": loose_json.address,
    "field_limits.beginning": field_limits.beginning,
    "field_limits.with_lines": lambda words: field_limits.with_lines(words[:1000], words.split("\n")),
    "schedule.parse": partial(schedule.parse, zone="Europe/Berlin"),
    "headings.sections": lambda words: headings.sections(words, HEADINGS),
    "headings.folded": headings.folded_heading,
    "dates.the_date": partial(dates.the_date, written=date(2026, 11, 26)),
    "mapping.read": lambda words: mapping.read(issue(words), mapping.IssueMapping(), CATALOG),
    "stamps": lambda words: (
        wire.stamped(words, "x"),
        wire.stamp_of(words),
        wire.without_stamps(words),
    ),
    "wording.plain": wording.plain,
    "wording.in_one_line": wording.in_one_line,
    "adf_writing.document": adf_writing.document,
    "adf_reading.markdown": lambda words: adf_reading.markdown(paragraphs(0, words)),
    "adf_reading.markdown, nested": lambda words: adf_reading.markdown(paragraphs(15, words)),
    "github_wire.named_in": lambda words: github_wire.named_in(words, "acme", "app"),
    "github_wire.releases_from": rows_of_release,
    "github_wire.place_typed": lambda words: github_wire.place_typed(words, "acme", "app"),
    "github_wire.rerooted": github_wire.rerooted,
    "jira_wire.key_typed": lambda words: jira_wire.key_typed(words, "VPN"),
    "jira_wire.quoted": jira_wire.quoted,
    "jira_wire.value_of": jira_wire.value_of,
    "known.names": lambda words: (known.version_name(words), known.is_name(words), known.name_in(words)),
    "search.words_of": search.words_of,
    "search.question": lambda words: search.question(words, {"gateway": ("server",)}, CATALOG),
    "releases.headline": releases.headline,
    "releases.read_follow": lambda words: releases.read_follow(words, "U1", "C1", ("app",)),
    "replies.filled": lambda words: replies.filled(words, {"title": words, "version": words}),
    "replies.unknown_placeholders": replies.unknown_placeholders,
    "matching.parse_matcher": matching.parse_matcher,
    "targets.folded": folded,
    "targets.find": CATALOG.find,
    "targets.longest_prefix": lambda words: CATALOG.longest_prefix(words.split()),
    "targets.nearest": CATALOG.nearest,
    "links.ticket_ids, host": lambda words: links.ticket_ids(f"https://{words}/tickets/7", hosts=HOSTS),
    "links.ticket_ids": lambda words: links.ticket_ids(words, hosts=HOSTS, bare=True),
    "collection.symptom_words": collection.symptom_words,
    "places_of": lambda words: PlaceFinder(own_names=("U.S. East",)).places_of(custom={}, tags=(words,), text=words),
    "zendesk_query.clean_phrase": zendesk_query.clean_phrase,
    "grammar.parse": lambda words: grammar.parse(words, "UBOT"),
    "grammar.person_and_rest": grammar.person_and_rest,
    "grammar.kind_and_places": grammar.kind_and_places,
    "grammar.kind_and_places, from": lambda words: grammar.kind_and_places(f"mtr us-east from {words}"),
    "thread.named_first": thread.named_first,
    "tickets.pasted_ids": lambda words: tickets.pasted_ids(words, HOSTS),
    "tickets.named_ids": lambda words: tickets.named_ids(words, HOSTS),
    "typed_hosts.read_place": typed_hosts.read_place,
    "visit.next_place": lambda words: visit.next_place(typed_hosts.read_url("https://acme.test/"), words),
    "visit.next_place, host": lambda words: visit.next_place(
        typed_hosts.read_url("https://acme.test/"), f"//{words[:8_000]}".encode()[:7_900].decode("latin-1")
    ),
    "typed_hosts.read_host": typed_hosts.read_host,
    "charset.codec_of": lambda words: charset.codec_of(words.encode(), words),
    "exchange.read_head": lambda words: exchange.read_head(words.encode()),
    "page": page,
    "Chunks.feed": lambda words: Chunks().feed(words.encode()),
}


def read(reader: Callable[[str], object], words: str) -> None:
    """Whether it understands them is another question. Addresses that the library remembers are read anew."""
    urllib.parse.clear_cache()  # type: ignore[attr-defined]
    with suppress(SecondLineError, ValueError, PhaseFailed):
        reader(words)


@pytest.mark.parametrize("name", READERS)
def test_no_text_keeps_its_reader_busy(name: str) -> None:
    for shape, words in SHAPES.items():
        cost_s = costly_s(partial(read, READERS[name]), words)
        assert not cost_s, f"{cost_s * 1000:.0f} ms for {shape}"
