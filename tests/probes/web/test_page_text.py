"""Looking for a text on a page: encodings, markup, compression, and pages that arrive in any parts."""

import gzip
import html
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.web.charset import codec_of
from bot.probes.web.page_text import TEXT_LIMIT, PageText

PAGE = "<h1>Willkommen in Köln</h1>"


def shows(body: bytes, wanted: str, *, type_: str = "", encoding: str = "", part: int = 65_536) -> bool:
    """Whether the text is found, whether the page is fed whole or in parts."""
    text = PageText(wanted, content_type=type_, content_encoding=encoding)
    for start in range(0, len(body), part):
        for _ in text.feed(body[start : start + part]):
            pass
    text.close()
    return text.has_text


@pytest.mark.parametrize(
    ("codec", "content_type"),
    [
        ("utf-8", ""),
        ("utf-8", "text/html; charset=UTF-8"),
        ("latin-1", ""),
        ("latin-1", "text/html; charset=ISO-8859-1"),
        ("cp1252", "text/html;charset='windows-1252'"),
        ("cp1252", "text/html; charset=nonsense"),
        ("utf-16", ""),
        ("utf-16-le", "text/html; charset=utf-16"),
        ("utf-16-be", "text/html; charset=utf-16"),
        ("utf-16-be", "text/html; charset=UTF-16BE"),
        ("utf-8-sig", "text/html; charset=latin1"),
        ("iso8859-15", "text/html; charset=latin9"),
        ("gb18030", "text/html; charset=gb2312"),
    ],
)
def test_a_page_may_have_any_encoding(codec: str, content_type: str) -> None:
    """Told by the header, by the bytes themselves, or by nothing."""
    assert shows(PAGE.encode(codec), "in Köln", type_=content_type)
    assert not shows(PAGE.encode(codec), "in Bonn", type_=content_type)


@pytest.mark.parametrize(
    ("codec", "label", "words"),
    [
        ("shift_jis", "Shift_JIS", "サインイン"),
        ("euc_jp", "euc-jp", "サインイン"),
        ("iso2022_jp", "iso-2022-jp", "サインイン"),
        ("gbk", "GBK", "登录"),
        ("big5", "Big5", "登入"),
        ("euc_kr", "ks_c_5601-1987", "로그인"),
        ("cp1251", "windows-1251", "Войти"),
        ("koi8-r", "koi8-r", "Войти"),
        ("iso8859-2", "latin2", "Přihlášení"),
        ("cp1256", "windows-1256", "دخول"),
    ],
)
@pytest.mark.parametrize("where", ["header", "meta", "http-equiv", "xml"])
def test_the_encoding_may_stand_in_the_page(codec: str, label: str, words: str, where: str) -> None:
    """In one of three places, or in the header."""
    head = {
        "header": "",
        "meta": f'<meta charset="{label}">',
        "http-equiv": f'<META http-equiv=Content-Type content="text/html; charset={label}">',
        "xml": f'<?xml version="1.0" encoding="{label}"?>',
    }[where]
    content_type = f"text/html; charset={label}" if where == "header" else "text/html"
    body = f"<!doctype html>{head}<p>{words}</p>".encode(codec)

    assert shows(body, words, type_=content_type)
    assert shows(body, words, type_=content_type, part=5)


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("Sign&nbsp;in", "Sign in"),
        ("Sign&#160;in", "Sign in"),
        ("Sign&#xA0;&#73;n", "Sign In"),
        ("Terms &amp; Conditions", "Terms & Conditions"),
        ("Terms &amp; Conditions", "Terms &amp; Conditions"),
        ("caf&eacute; &lt;open&gt;", "café <open>"),
        ("Sign\r\n\t    in", "Sign in"),
        ("Sign in", "Sign\u00a0 in"),
        ("Sign\u2009in", "Sign in"),
        ("<b>Sign</b> in", "Sign in"),
        ("Sign<br/>in", "Sign in"),
        ("S<span class='x'>ig</span>n in", "Sign in"),
        ("<p>Sign</p><p>in</p>", "Sign in"),
        ("Sign<!-- a > b --> in", "Sign in"),
        ("<title>A &amp; B</title>", "<title>A & B</title>"),
        ('{"status": "ok"}', '"status": "ok"'),
        ("Ko\u0308ln", "Köln"),
        ("Kö\u00adln \u200bam Rhein", "Köln am Rhein"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("fish &chips", "fish &chips"),
    ],
)
@pytest.mark.parametrize("part", [1, 4, 65_536])
def test_a_text_is_there_as_a_reader_sees_it(page: str, wanted: str, part: int) -> None:
    """Or as the source has it; in how many parts it comes makes no difference."""
    assert shows(f"<html>{page}</html>".encode(), wanted, part=part)


@pytest.mark.parametrize("page", ["Sign out", "Sign<!-- in -->", "Signin", "Si gn in", "sign in", "&amp;nbsp;Sign"])
def test_what_a_reader_does_not_see_is_not_there(page: str) -> None:
    """Another word, no space, other capitals."""
    assert not shows(page.encode(), "Sign in")


@pytest.mark.parametrize("part", [1, 3, 65_536])
@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE.encode(), mtime=0)),
        ("x-gzip", gzip.compress(PAGE.encode(), mtime=0)),
        ("GZIP, identity", gzip.compress(PAGE.encode(), mtime=0)),
        ("gzip", gzip.compress(PAGE[:20].encode(), mtime=0) + gzip.compress(PAGE[20:].encode(), mtime=0)),
        ("deflate", zlib.compress(PAGE.encode())),
        ("deflate", zlib.compress(PAGE.encode())[2:-4]),
    ],
)
def test_a_page_may_be_compressed(encoding: str, packed: bytes, part: int) -> None:
    """Some servers do it though nobody asked them to."""
    assert shows(packed, "in Köln", encoding=encoding, part=part)


@pytest.mark.parametrize(("encoding", "named"), [("br", "br"), ("zstd", "zstd"), ("gzip, br", "gzip, br")])
def test_a_compression_that_can_not_be_undone_is_named(encoding: str, named: str) -> None:
    """Nothing is said of a text that could not be looked for."""
    text = PageText("Köln", content_encoding=encoding)

    assert (text.unreadable, text.settled, text.has_text) == (named, True, False)


def test_a_small_answer_that_is_a_huge_page_is_looked_at_as_far_as_the_limit() -> None:
    """Part by part, so that others get their turn."""
    text = PageText("nowhere", content_encoding="gzip")
    turns = sum(1 for _ in text.feed(gzip.compress(bytes(64_000_000), mtime=0)))

    assert text.full and text.looked_at < TEXT_LIMIT + 65_536
    assert turns > 100


def test_a_wanted_text_at_the_end_of_a_large_page_is_found() -> None:
    """Across the border of two parts."""
    body = b"<p>filler</p>" * 100_000

    assert shows(body + b"the &amp; end", "the & end")
    assert not shows(body, "the & end")


@pytest.mark.parametrize("label", ["base64", "zlib", "rot13", "idna", "unicode_escape", "utf-7", "hex"])
def test_an_encoding_that_is_none_of_text_is_not_used(label: str) -> None:
    """Python has codecs that a page must not choose."""
    assert codec_of(b"abc", f"text/html; charset={label}") == ""


@given(
    words=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
    ),
    before=st.text(max_size=60),
    part=st.integers(1, 40),
    escaped=st.booleans(),
)
def test_any_words_are_found_in_any_parts(words: str, before: str, part: int, escaped: bool) -> None:
    """Escaped or not, wherever the parts are cut, after whatever text."""
    page = f"{html.escape(before)}<p>{html.escape(words) if escaped else words}</p>"

    assert shows(page.encode("utf-8", "replace"), words, type_="text/html; charset=utf-8", part=part)


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "gzip", "deflate", "br", "gzip, gzip", ","]),
    st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=gbk", "x; charset=iso-2022-jp", "charset="]),
    st.integers(1, 50),
)
def test_any_body_is_looked_at(body: bytes, encoding: str, content_type: str, part: int) -> None:
    """No crash on what is not what it says."""
    assert isinstance(shows(body, "in Köln", type_=content_type, encoding=encoding, part=part), bool)
