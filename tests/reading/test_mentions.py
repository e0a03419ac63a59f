"""What a text says is affected, what it says is fine, and when two texts can't be about the same."""

import re
from functools import partial

import pytest

from bot.reading import mentions
from bot.reading.mentions import PLATFORMS, MentionedKeys, Mentions, about, names
from tests.stalls import STALL_S, busy_s

TARGETS = names({"us-east": ("us-east", "U.S. East", "New York"), "us-west": ("us-west", "U.S. West"), "app": ("app",)})


@pytest.mark.parametrize(
    ("text", "affected", "fine"),
    [
        ("App crashes on iOS, works on Android", "ios", "android"),
        ("App crashes on iOS, not on Android", "ios", "android"),
        ("It works on iOS but not on Android", "android", "ios"),
        ("crashes everywhere except Android", "", "android"),
        ("everything works except iOS", "ios", ""),
        ("all but Windows crash", "", "windows"),
        ("doesn't work on Android", "android", ""),
        ("not working on Windows 11", "windows", ""),
        ("stopped working on Linux", "linux", ""),
        ("It no longer works on macOS", "macos", ""),
        ("only works on Android", "", "android"),
        ("Android is fine, iOS crashes", "ios", "android"),
        ("iOS crashes and Android works", "ios", "android"),
        ("iOS, Android and Windows work fine", "", "android ios windows"),
        ("iOS and Android crash", "android ios", ""),
        ("Android: works. iOS: crashes.", "ios", "android"),
        ("crash on iOS (Android ok)", "ios", "android"),
        ("Windows isn’t affected", "", "windows"),
        ("can't reproduce on iOS", "", "ios"),
        ("Works fine on my iPhone. On Android it hangs", "android", "ios"),
        ("use Chrome on Windows instead", "", ""),
        ("customers using the iOS app can't connect", "ios", ""),
        ("not only on iOS", "ios", ""),
        ("funktioniert auf Android nicht", "android", ""),
        ("auf iOS geht es, auf Android nicht", "android", "ios"),
        ("Android TV shows nothing", "android tv", ""),
        ("filter by MAC address", "", ""),
        ("maintenance windows are wrong", "", ""),
        ("Android was fine until this morning", "android", ""),
        ("It always worked on iOS", "ios", ""),
        ("Work VPN over Windows broken, nobody can work on Linux", "linux windows", ""),
        ("does not start on my Pixel 9 and my Galaxy S25", "android", ""),
        ("Works on my old iPhone but not on my new one", "", ""),
        ("Works on Android 13 but not on 14", "", ""),
        ("Works on Android 13, crashes on Android 14", "android", ""),
        ("the router at hop 3 drops packets, restart your router", "", ""),
        ("VPN on my router drops", "router", ""),
        ("a galaxy of pixels", "", ""),
        ("the mobile app spins", "android ios", ""),
        ("my machine spins", "", ""),
    ],
)
def test_platforms(text: str, affected: str, fine: str) -> None:
    said = PLATFORMS.said(text)

    assert (" ".join(sorted(said.affected)), " ".join(sorted(said.fine))) == (affected, fine)


@pytest.mark.parametrize(
    ("text", "affected"),
    [("u.s. east drops", "us-east"), ("US-EAST and us west", "us-east us-west"), ("useastern", "")],
)
def test_targets_are_found_however_they_are_written(text: str, affected: str) -> None:
    assert " ".join(sorted(TARGETS.said(text).affected)) == affected


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("App crashes on iPhone", "Crash on Android 14", "platform"),
        ("App crashes on iPhone", "Crash on iPad and Android", ""),
        ("App crashes", "Crash on Android", ""),
        ("App crashes on Android", "Crash on iOS; works on Android", "platform"),
        ("App crashes on Android", "Crash at login. Android is not affected", "platform"),
        ("Site breaks in Safari", "Site breaks in Firefox", "platform"),
        ("Site breaks in Safari", "Site breaks on iOS", ""),
        ("packet loss in New York", "U.S. West loses packets", "target"),
        ("packet loss in New York", "packet loss between US East and US West", ""),
        ("cards are declined", "Refund takes ten days to reach the card", "topic"),
        ("cards are declined", "card declined twice, I want a refund", ""),
        ("refund not paid", "please refund me", ""),
        ("app crashes", "cancel my subscription", "topic"),
        ("packet loss", "please refund me", "topic"),
        ("it is strange", "please refund me", ""),
        ("app crashes", "can't connect", ""),
    ],
)
def test_what_can_not_be_about_the_same(one: str, other: str, why: str) -> None:
    """Both ways; silence contradicts nothing."""
    first, second = about(one, targets=TARGETS), about(other, targets=TARGETS)

    assert (first.apart(second), second.apart(first)) == (why, why)


def test_silence_rules_nothing_out() -> None:
    assert Mentions().apart(about("crash on iOS, refund for us-east", targets=TARGETS)) == ""
    assert not MentionedKeys(frozenset({"ios"}), frozenset({"android"})).apart(MentionedKeys())


def test_texts_together_say_more() -> None:
    """What one says is affected is affected, whatever another says is fine."""
    mentions = about("works on iOS", "crashes on iOS")

    assert mentions.platforms == MentionedKeys(frozenset({"ios"}))


def test_many_names_and_one_word_more_take_no_time() -> None:
    """A list of platforms is read once, however it ends."""
    texts = ("android " * 400 + "x", "ios, " * 400 + "\ue0001\ue001")

    assert busy_s(lambda: about(*texts, targets=TARGETS)) <= STALL_S


HOSTILE = ("a", " ", "not ", "- ", "\ue0001\ue001 ", "no a ", "and ", "us", "can't ", "mac ", "\n", ".", "1.", "works ")


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_text_takes_no_time(shape: str) -> None:
    """A ticket is as long as a customer likes."""
    text = (shape * 100_000)[:100_000]

    assert busy_s(lambda: about(text, targets=TARGETS)) <= STALL_S


def test_every_pattern_is_linear() -> None:
    """Twice the text takes about twice the time."""
    own = [value for value in vars(mentions).values() if isinstance(value, re.Pattern)]
    for pattern in own:
        for shape in HOSTILE:
            cost_s = busy_s(partial(pattern.sub, "", (shape * 100_000)[:100_000]))
            assert cost_s <= STALL_S, (pattern.pattern[:40], shape)
