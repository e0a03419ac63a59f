"""Every shipped signature: its samples, and what the loader refuses of a file."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import re2

from bot.customer_logs.model import Role
from bot.customer_logs.reading.programs import read_program, shipped_programs
from bot.customer_logs.reading.signatures import Signature, filled, read_signature, shipped_signatures
from bot.customer_logs.reading.toml_texts import BadFile
from bot.reading.platforms import PLATFORMS
from bot.reading.symptoms import USUAL

PROGRAMS = shipped_programs()
SIGNATURES = shipped_signatures(PROGRAMS)

GOOD = """
title = "No answer from the server"
programs = ["openvpn"]
role = "cause"
meaning = "The server did not answer within {seconds} s."
likely = "A firewall blocks the port."
try = ["Connect by TCP 443."]
tell = "Choose TCP in the app's settings."
source = ["https://example.com/manual"]
lines = ['no answer in (?P<seconds>\\d+) s']
matches = ["no answer in 60 s"]
matches_not = ["no answer"]
"""


def matched(signature: Signature, line: str) -> bool:
    return any(re2.search(pattern, line) for pattern in signature.lines)


def samples() -> Iterator[tuple[Signature, str]]:
    for signature in SIGNATURES:
        for line in signature.matches:
            yield signature, line


def test_signatures_are_there() -> None:
    """For every program, and of each role: the other tests hold nothing where nothing is read."""
    assert len(SIGNATURES) >= 80
    assert {program for signature in SIGNATURES for program in signature.programs} == {*PROGRAMS}
    assert {signature.role for signature in SIGNATURES} == {*Role}


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.id)
def test_samples(signature: Signature) -> None:
    """It matches what it says that it matches, and not what it says that it doesn't; each pattern has a sample."""
    assert [line for line in signature.matches if not matched(signature, line)] == []
    assert [line for line in signature.matches_not if matched(signature, line)] == []
    assert [
        pattern for pattern in signature.lines if not any(re2.search(pattern, line) for line in signature.matches)
    ] == []


def test_no_line_means_two_things() -> None:
    """Where two signatures of one program match the same line, one hides the other."""
    told_twice = [
        f"{signature.id} and {other.id}: {line}"
        for signature, line in samples()
        for other in SIGNATURES
        if other.id != signature.id
        and set(other.programs) & set(signature.programs)
        and other.id not in signature.hidden_by
        and signature.id not in other.hidden_by
        and matched(other, line)
    ]
    assert told_twice == []


def test_only_what_is_no_normal_line_is_hidden() -> None:
    """What is normal is shown nowhere, so nothing has to hide it; it hides what matches the same line."""
    assert [each.id for each in SIGNATURES if each.role is Role.NORMAL and each.hidden_by] == []


def test_words_are_those_of_the_tickets() -> None:
    """Symptoms and systems have the names that the reading of tickets has for them."""
    assert {each.symptom for each in SIGNATURES} <= {*USUAL, ""}
    assert {platform for each in SIGNATURES for platform in each.platforms} <= {*PLATFORMS}


def test_a_good_file_is_read() -> None:
    """With what stands for nothing left out."""
    signature = read_signature("no-answer", GOOD, PROGRAMS)

    assert (signature.id, signature.role, {*signature.captured}) == ("no-answer", Role.CAUSE, {"seconds"})
    assert filled(signature.meaning, {"seconds": "60"}) == "The server did not answer within 60 s."
    assert filled(signature.meaning, {}) == "The server did not answer within … s."


def test_bounds_of_versions() -> None:
    """All of them hold."""
    signature = read_signature("no-answer", GOOD + 'versions = ">= 2.5, <2.6.3"', PROGRAMS)

    assert signature == replace(read_signature("no-answer", GOOD, PROGRAMS), versions=(">=2.5", "<2.6.3"))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('title = "No answer from the server"', "", "title is missing"),
        ('"No answer from the server"', f'"{"N" * 61}"', "title takes 60 characters, and this is 61 long"),
        ('"No answer from the server"', '"no answer"', "title begins with a capital"),
        ('["openvpn"]', '["openvpm"]', "programs has only"),
        ('["openvpn"]', "[]", "programs names the programs"),
        ('"cause"', '"reason"', "role is one of cause, consequence, normal"),
        ("blocks the port.", "blocks the port", "is no whole sentence"),
        ('["https://example.com/manual"]', '["example.com"]', "source has addresses"),
        ('["https://example.com/manual"]', "[]", "source has 1 to 5 entries, and this has 0"),
        ("{seconds}", "{minutes}", "{minutes} is not captured"),
        (r"'no answer in (?P<seconds>\d+) s'", r"'(?=no)answer (?P<seconds>\d+)'", "is no pattern of RE2"),
        (r"'no answer in (?P<seconds>\d+) s'", "'(?P<seconds>.*)'", "matches every line"),
        ('matches = ["no answer in 60 s"]', "matches = []", "matches has 1 to"),
        ('role = "cause"', 'role = "cause"\nversions = "2.5"', "versions is such as"),
        ('role = "cause"', 'role = "cause"\nsevere = true', "severe is no key of this file"),
        ('role = "cause"', 'role = "normal"\nnormal_if = {near = "x", within_lines = 3}', "normal_if is of no use"),
        ('role = "cause"', 'role = "cause"\nhidden_by = ["no-answer"]', "hidden_by names itself"),
        ('role = "cause"', "role = ", "is no TOML"),
        ('role = "cause"', 'role = "cause"\nnormal_if = {near = "x", within_lines = 0}', "whole number from 1 to 200"),
    ],
)
def test_a_bad_file_is_refused(old: str, new: str, why: str) -> None:
    """With its name, the key, and why."""
    assert old in GOOD
    with pytest.raises(BadFile) as refused:
        read_signature("no-answer", GOOD.replace(old, new), PROGRAMS)

    assert "no-answer.toml" in str(refused.value) and why in str(refused.value)


def test_a_bad_program_is_refused() -> None:
    """Nothing would be known for its lines, or its version would be nowhere in them."""
    with pytest.raises(BadFile, match="marks and tags are both missing"):
        read_program("x", 'title = "X"\nkind = "client"')
    with pytest.raises(BadFile, match=r"has no \(\?P<version>"):
        read_program("x", 'title = "X"\nkind = "client"\ntags = ["x"]\nversions = ["x ([0-9]+)"]')
