"""Slack's marks: names for readers, nothing for searches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.search.query import question
from bot.slack.text import unescape
from bot.slack_marks import readable, searchable, unnamed, without_emoji
from bot.targets.model import Catalog
from bot.tickets.collection import symptom_words

RAW = ":rotating_light: <@U0123ABCD> packet loss <!subteam^S1|@ltm> <#C1|us-outage> <!here> :fire::+1::skin-tone-2:"


@pytest.mark.parametrize("symptom", [RAW, unescape(RAW), "@kim packet :blob-sad: loss @ltm, #us-outage"])
def test_marks_are_no_search_words(symptom: str) -> None:
    """Neither in tickets nor among known issues; a ticket with the words would not be found for them."""
    assert symptom_words(symptom) == ("packet", "loss")
    assert [group.said for group in question(symptom, {}, Catalog(())).groups] == ["packet", "loss"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("since 12:30:45 UTC", "since 12:30:45 UTC"),
        ("2001:db8:0:1::53 and ::1", "2001:db8:0:1::53 and ::1"),
        ("aa:bb:cc:dd:ee:ff", "aa:bb:cc:dd:ee:ff"),
        ("error :30: again", "error :30: again"),
        ("error: no route: wait", "error: no route: wait"),
        (":warning: no route :100:", "no route"),
        (":a::b: one\ntwo :c:", "one\ntwo"),
    ],
)
def test_emoji_are_told_from_times_and_addresses(text: str, kept: str) -> None:
    """What only looks like a code stays."""
    assert without_emoji(text) == kept


def test_words_with_signs_are_searched() -> None:
    """Addresses of mail and numbers of errors are words of customers."""
    assert "acme.com" in searchable("mail to kim@acme.com fails")
    assert "#E1234" in searchable("error #E1234")


def test_a_mention_is_a_name() -> None:
    """That of the directory, else the one that Slack sent, else a word."""
    text = "<@U1> <@U2|jo> <@U3> <!subteam^S1> <!subteam^S2|@ltm> <#C1> <#C2|east> <!channel> <!date^1^{time}|09:14>"

    assert unnamed(text) == {"U1", "U3", "S1", "C1"}
    assert readable(text, {"U1": "kim", "S1": "t2"}) == "@kim @jo @someone @t2 @ltm #channel #east @channel 09:14"


@given(st.text("<>@#!|^:US1ab \n", max_size=60))
def test_any_text_is_read(text: str) -> None:
    """And no mark is made of what was none."""
    assert "<@U" not in readable(text, {}) or ">" not in readable(text, {}).partition("<@U")[2].partition("<")[0]
    searchable(text)
