"""Where a Location header leads, as browsers read it, and what is not followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.probes.host_grammar import read_url
from bot.probes.web.exchange import request_bytes
from bot.probes.web.visit import next_place

HERE = read_url("http://a.example:8080/x/y?q=1")


def sent(text: str) -> str:
    """A header's value as it is read from the wire: each byte one character."""
    return text.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/next", "http://a.example:8080/next"),
        ("next", "http://a.example:8080/x/next"),
        ("../z", "http://a.example:8080/z"),
        ("?page=2", "http://a.example:8080/x/y?page=2"),
        ("//b.example/path", "http://b.example/path"),
        ("HTTPS://B.Example/Path#part", "https://b.example/Path"),
        ("https://b.example", "https://b.example/"),
        ("http://b.example?q", "http://b.example/?q"),
        ("/two words/and more ?a=b c", "http://a.example:8080/two%20words/and%20more%20?a=b%20c"),
        (sent("/über?wo=Köln"), "http://a.example:8080/%C3%BCber?wo=K%C3%B6ln"),
        ("/\xfcber", "http://a.example:8080/%C3%BCber"),
        (sent("/日本"), "http://a.example:8080/%E6%97%A5%E6%9C%AC"),
        ("/%C3%BCber%20alles", "http://a.example:8080/%C3%BCber%20alles"),
        (sent("http://bücher.example/x"), "http://xn--bcher-kva.example/x"),
        ('/"<{quoted}>"', "http://a.example:8080/%22%3C%7Bquoted%7D%3E%22"),
        ("  /spaces-around  ", "http://a.example:8080/spaces-around"),
        ("http://[::1]:81/x", "http://[::1]:81/x"),
        ("/long?" + "y" * 5000, "http://a.example:8080/long?" + "y" * 5000),
    ],
)
def test_a_location_is_followed(location: str, leads_to: str) -> None:
    """Relative or not, in any script, with spaces."""
    assert next_place(HERE, location).url == leads_to


@pytest.mark.parametrize(
    "location",
    [
        "",
        "   ",
        "\\\\evil.example/",
        "/a\\b",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://user:secret@b.example/",
        "http://2130706433/",
        "http://b.example:99999/",
        "https:///path",
        "/a\tb",
        "/a\x00b",
        "/" + "y" * 9000,
    ],
)
def test_a_location_that_is_no_url_is_not_followed(location: str) -> None:
    """Nor one with credentials, or longer than servers take."""
    with pytest.raises(BadInput):
        next_place(HERE, location)


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_location_leads_to_one_request_or_nowhere(location: str) -> None:
    """No header can add a line to the request that follows it."""
    try:
        place = next_place(HERE, location)
    except BadInput:
        return

    assert request_bytes(place).count(b"\r\n") == 7
    assert read_url(place.url) == place
