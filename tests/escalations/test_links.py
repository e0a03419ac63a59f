"""The signed link of a step: ours and whole, or refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalations.links import PATH, VALID, LinkClaim, LinkRefused, SignedLinks
from tests.fake_clock import FakeClock

PUBLIC = "https://secondline.example.com"


def links(clock: FakeClock | None = None, secret: str = "a secret of ours") -> SignedLinks:
    return SignedLinks(secret=secret, public_url=PUBLIC, clock=clock or FakeClock())


def token_of(url: str) -> str:
    assert url.startswith(PUBLIC + PATH)
    return url.removeprefix(PUBLIC + PATH)


@given(st.integers(0, 2**32 - 1))
def test_a_link_says_its_step(step_id: int) -> None:
    """Until it ends; and it is short enough for a text message."""
    signed = links()
    url = signed.acknowledge_url(step_id)

    assert signed.read(token_of(url)).step_id == step_id
    assert len(token_of(url)) <= 32


@given(step_id=st.integers(0, 2**32 - 1), place=st.integers(0, 31), other=st.characters(max_codepoint=0x2FF))
def test_a_link_that_was_altered_anywhere_is_refused(step_id: int, place: int, other: str) -> None:
    """Whatever the character is, also one that base64 reads as the same bytes or leaves out."""
    signed = links()
    token = token_of(signed.acknowledge_url(step_id))
    altered = token[:place] + other + token[place + 1 :]
    if altered == token:
        return
    with pytest.raises(LinkRefused) as refused:
        signed.read(altered)
    assert not refused.value.expired


@given(st.text(max_size=80) | st.text("ABCabc019-_=", max_size=80))
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(LinkRefused):
        links().read(text)


@given(st.integers(1, 31))
def test_half_a_link_is_refused(length: int) -> None:
    """As mail programs break them; and one with something behind it."""
    token = token_of(links().acknowledge_url(7))
    for broken in (token[:length], token + token[:length], token + "=", token + "\n", " " + token):
        with pytest.raises(LinkRefused):
            links().read(broken)


def test_a_link_ends() -> None:
    """It says so, and not that it is broken."""
    clock = FakeClock()
    signed = links(clock)
    token = token_of(signed.acknowledge_url(7))
    clock.now += VALID
    assert signed.read(token).step_id == 7
    clock.advance(hours=1)
    with pytest.raises(LinkRefused) as refused:
        signed.read(token)
    assert refused.value.expired


def test_another_secret_signs_another_link() -> None:
    """Whoever changes the secret ends all links that are out."""
    token = token_of(links().acknowledge_url(7))
    with pytest.raises(LinkRefused):
        links(secret="another secret").read(token)


def test_what_is_told_again_within_the_hour_has_the_same_link() -> None:
    clock = FakeClock()
    signed = links(clock)
    first = signed.acknowledge_url(7)
    clock.advance(minutes=30)
    assert signed.acknowledge_url(7) == first


def test_a_time_is_kept_to_the_minute() -> None:
    signed = links()
    ends = datetime(2026, 11, 20, 10, 0, tzinfo=UTC) + timedelta(days=1)
    assert signed.read(signed.token(LinkClaim(3, ends))) == LinkClaim(3, ends)
