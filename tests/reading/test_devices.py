"""What a text says has trouble and what it says is fine, of platforms and browsers; and when two texts contradict."""

import pytest

from bot.reading.devices import NOTHING, MentionedKeys
from tests.reading.catalogs import reader


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
        ("verbindet sich die App auf meinem Xiaomi nicht mehr", "android", ""),
        ("Auf meinem iPhone verbindet sich die App nicht mehr", "ios", ""),
        ("Warum funktioniert die App auf dem Mac nie", "macos", ""),
        ("Verbindt de app op mijn iPhone nog steeds niet", "ios", ""),
        ("Android verbindet sich nicht, iOS schon", "android", "ios"),
        ("the NAS isn't listed under Network in Explorer", "windows", ""),
        ("Chromecast isn't found from my computer", "linux macos tv windows", ""),
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
    said = reader().devices(text).platforms

    assert (" ".join(sorted(said.affected)), " ".join(sorted(said.fine))) == (affected, fine)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("App crashes on iPhone", "Crash on Android 14", True),
        ("App crashes on iPhone", "Crash on iPad and Android", False),
        ("App crashes", "Crash on Android", False),
        ("App crashes on Android", "Crash on iOS; works on Android", True),
        ("App crashes on Android", "Crash at login. Android is not affected", True),
    ],
)
def test_what_can_not_be_about_the_same(one: str, other: str, apart: bool) -> None:
    """Both ways; silence contradicts nothing."""
    first, second = (reader().devices(text).platforms for text in (one, other))

    assert (first.apart(second), second.apart(first)) == (apart, apart)


def test_browsers() -> None:
    said = reader().devices("Site breaks in Safari, Firefox is fine").browsers

    assert said == MentionedKeys(frozenset({"safari"}), frozenset({"firefox"}))


def test_texts_together_say_more() -> None:
    """What one says is affected is affected, whatever another says is fine."""
    assert reader().devices("works on iOS", "crashes on iOS").platforms == MentionedKeys(frozenset({"ios"}))


def test_silence_rules_nothing_out() -> None:
    assert not MentionedKeys(frozenset({"ios"}), frozenset({"android"})).apart(NOTHING)
