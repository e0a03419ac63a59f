"""Patterns of lines that people show, and logs that people paste."""

import re

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from bot.customer_logs.patterns import proposed, why_not
from bot.customer_logs.reading.toml_texts import OPTIONS
from bot.pasted_logs import pasted_log, without_log
from tests.customer_logs.reading.reading import answer

NO_HALVES = st.characters(exclude_categories=["Cs"])
"""What Slack sends has no half of a pair left in it."""


@pytest.mark.parametrize(
    ("line", "pattern", "also"),
    [
        ("2026-11-20 14:00:00 license refused, 40 seats", r"license refused, \d+ seats", "x license refused, 7 seats"),
        ("Nov 20 14:00:00 peer 10.0.0.1:443 is gone", r"peer \S+ is gone", "peer ab is gone"),
        ("failed for jo@example.org (code=0x80, 'a b')", r"failed for \S+ \(code=\S+, '[^']+'\)", ""),
        ("cannot open /home/jo/x.conf.", r"cannot open \S+\.", "cannot open /y."),
    ],
)
def test_what_varies_is_left_open(line: str, pattern: str, also: str) -> None:
    assert proposed(line) == pattern
    assert re2.search(pattern, line) and (not also or re2.search(pattern, also))


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=200))
def test_a_proposal_is_a_pattern_of_its_line(line: str) -> None:
    """Whatever the line is; where it says nothing that stays, it is refused."""
    pattern = proposed(line)

    assert re.search(pattern, line)
    if not why_not(pattern):
        assert re2.search(pattern, line)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        " ",
        ".*",
        r"\d+",
        "(?=x)abc",
        "(?<=x)abc",
        r"(abc)\1",
        "abc(",
        "abc++",
        "(?P=x)abc",
        "x" * 401,
        "[a-z]*",
        r"abc\Z",
        r"abc\u00e9",
        "abcd{1001}",
        "((abc){40}){40}",
        "(?x)abc",
        "(?>abc)",
        "abc(?#d)",
        r"abc[\b]",
        "abc{,5}",
        "abc\nd",
        "abc[[:alpha:]]",
        "abc [[x]",
        "abc[a&&b]",
    ],
)
def test_patterns_that_are_refused(pattern: str) -> None:
    assert why_not(pattern)


@given(st.text(st.sampled_from(r"abcß019(){}[]|?*+.^$\\<>=!:,-#PizsmxWdDbBAZnuUQGRkN ") | NO_HALVES, max_size=30))
def test_what_is_not_refused_the_reading_takes(text: str) -> None:
    """It has another engine, which knows less."""
    pattern = f"words {text}"
    if not why_not(pattern):
        re2.compile(pattern, OPTIONS)


def test_what_people_write_in_several_lines_counts() -> None:
    """A meaning with a line break, and the same advice twice."""
    own = {
        "id": "own-1",
        "title": "Full",
        "role": "cause",
        "meaning": "All seats\nare taken.",
        "tries": ["Wait.", "Wait."],
    }
    answered = answer("x.log", b"license refused\n", own=[own | {"lines": ["license refused"]}])

    (finding,) = answered["reports"][0]["findings"]
    assert (finding["meaning"], finding["tries"], answered["refused"]) == ("All seats are taken.", ("Wait.",), [])


def test_lines_that_are_too_large_together_are_left_out() -> None:
    """They would stop every log from being read."""
    own = [{"id": f"own-{n}", "title": "Full", "role": "cause", "lines": [f"seat{n}.{{1,999}}x"]} for n in range(30)]
    answered = answer("x.log", b"seat3 is x\n", own=own)

    assert [finding["signature"] for finding in answered["reports"][0]["findings"]] == ["own-3"]
    assert 0 < len(answered["refused"]) < 20 and "too much memory" in answered["refused"][0]


def test_one_that_the_reading_does_not_take_is_left_out() -> None:
    """It has another library, that knows less; the others still count."""
    good = {"id": "good", "title": "Good", "role": "cause", "lines": ["license refused"]}
    bad = good | {"id": "bad", "lines": [r"license\pQ"]}
    answered = answer("x.log", b"license refused\n", own=[bad, good])

    assert [finding["signature"] for finding in answered["reports"][0]["findings"]] == ["good"]
    assert len(answered["refused"]) == 1 and answered["refused"][0].startswith("bad: ")


LINES = "2026-11-20 14:00:00 connect\n2026-11-20 14:00:01 error\n2026-11-20 14:00:02 end"


@pytest.mark.parametrize(
    ("text", "log"),
    [
        (f"look:\n```{LINES}```\nsee?", LINES),
        (f"```\n{LINES}\n```", LINES),
        ("```\npeer(3Ku9…aF4c) - Handshake did not complete\npeer(3Ku9…aF4c) - Sending\n```", "peer(3Ku9"),
        (f"{LINES}\n{LINES}", LINES),
        ("```SELECT *\nFROM x```", ""),
        (LINES, ""),
        ("```one line with an error```", ""),
        ("14:00 call\n14:10 tea\n15:00 home\n15:05 x\n16:00 y", ""),
        ("a b c d e f g h".replace(" ", "\n"), ""),
        ("", ""),
    ],
)
def test_what_is_a_log(text: str, log: str) -> None:
    """In a code block two lines are enough; without one it takes five with times."""
    assert pasted_log(text).startswith(log) and bool(pasted_log(text)) == bool(log)


def test_a_log_is_left_out_of_records() -> None:
    assert without_log(f"look:\n```{LINES}```\nsee?") == "look:\n[a log of 3 lines]\nsee?"
    assert without_log("note ```x = 1\ny = 2```") == "note ```x = 1\ny = 2```"
    assert without_log(f"{LINES}\n{LINES}") == "[a log of 6 lines]"
