"""Which known lines are told: causes before all, never a consequence as the cause."""

from dataclasses import replace

import pytest

from bot.customer_logs.model import LogReport, Role
from bot.customer_logs.reading.judging import is_within
from bot.customer_logs.reading.knowledge import Knowledge, knowledge
from bot.customer_logs.reading.masking import Masker
from bot.customer_logs.reading.reader import Asked, read_log
from bot.customer_logs.reading.signatures import NormalIf, Signature
from bot.customer_logs.reading.unpacking import Packed
from tests.customer_logs.reading.test_times import NOW

CAUSE = Signature(
    id="cause",
    title="A cause",
    programs=("openvpn",),
    role=Role.CAUSE,
    meaning="It took {seconds} s.",
    likely="It is so.",
    tries=("Try it.",),
    tell="Wait.",
    source=("https://example.com",),
    lines=(r"broke after (?P<seconds>\d+) s",),
)
FOLLOWS = replace(CAUSE, id="follows", title="It follows", role=Role.CONSEQUENCE, lines=("gave up",), meaning="x")
NORMAL = replace(CAUSE, id="fine", title="Fine", role=Role.NORMAL, lines=("error 0",), meaning="x")
OPENVPN = "OpenVPN 2.6.8 x86_64-pc-linux-gnu [SSL (OpenSSL)]\nTLS: Initial packet from [AF_INET]10.0.0.1:1194\n"


def read(text: str, *signatures: Signature) -> LogReport:
    known: Knowledge = knowledge(signatures, shipped=False)
    masker = Masker(key=b"k", known={})
    return read_log(Packed("x.log", text.encode()), Asked(known, masker, NOW))


def found(report: LogReport) -> tuple[list[str], list[str]]:
    return [each.signature for each in report.findings], [each.signature for each in report.consequences]


def test_a_consequence_is_no_cause() -> None:
    """Also where it stands before the cause, and where nothing else is known."""
    assert found(read("gave up\nbroke after 5 s\n", CAUSE, FOLLOWS)) == (["cause"], ["follows"])
    alone = read("gave up\nodd thing\n", CAUSE, FOLLOWS)
    assert found(alone) == ([], ["follows"]) and alone.cause is None and alone.unusual


def test_what_is_hidden_is_not_told() -> None:
    """Where the other was found before it or soon after; far behind it that is another story."""
    hidden = replace(FOLLOWS, hidden_by=("cause",))
    assert found(read("broke after 5 s\ngave up\n", CAUSE, hidden)) == (["cause"], [])
    assert found(read("gave up\n" + "x\n" * 40 + "broke after 5 s\n", CAUSE, hidden)) == (["cause"], [])
    assert found(read("gave up\n" + "x\n" * 60 + "broke after 5 s\n", CAUSE, hidden)) == (["cause"], ["follows"])


def test_what_is_captured_is_told() -> None:
    assert [each.meaning for each in read("broke after 5 s\n", CAUSE).findings] == ["It took 5 s."]


def test_normal_lines_are_not_told_and_not_unusual() -> None:
    lines = "one\ntwo\nerror 0 of things\nthree words\n"
    report = read(lines, NORMAL)
    assert found(report) == ([], []) and 3 not in [line.number for line in report.unusual]


def test_normal_only_near_another_line() -> None:
    """A log-in with a second factor asks once more; a third time it is trouble."""
    twofold = replace(CAUSE, normal_if=NormalIf("asks for a code", 3))
    assert found(read("broke after 5 s\nasks for a code\n", twofold)) == ([], [])
    both = read("asks for a code\nbroke after 5 s\n" + "x\n" * 9 + "broke after 6 s\n", twofold)
    assert [(each.count, each.line.number) for each in both.findings] == [(1, 12)]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, True),
        ({"versions": (">=2.5", "<2.6.9")}, True),
        ({"versions": ("<2.6",)}, False),
        ({"platforms": ("linux",)}, True),
        ({"platforms": ("windows",)}, False),
        ({"programs": ("wireguard",)}, False),
        ({"programs": ("wireguard", "openvpn")}, True),
        ({"programs": ("tls",)}, True),
        ({"programs": ()}, True),
    ],
)
def test_where_a_signature_applies(more: dict[str, tuple[str, ...]], told: bool) -> None:
    """In a log of that program, version and system, as far as these are known."""
    signature = replace(CAUSE, **more)  # type: ignore[arg-type]
    assert bool(read(OPENVPN + "broke after 5 s\n", signature).findings) is told
    assert read("broke after 5 s\n", signature).findings


def test_two_programs_could_have_written_it() -> None:
    both = replace(CAUSE, programs=("openvpn", "wireguard"))
    assert read("broke after 5 s\n", both).findings[0].writers == ("OpenVPN", "WireGuard")
    assert read(OPENVPN + "broke after 5 s\n", both).findings[0].writers == ()


def test_what_still_holds_at_the_end_comes_first() -> None:
    old = replace(CAUSE, id="old", lines=("old thing",), meaning="x")
    text = "old thing\n" + "x\n" * 50 + "broke after 5 s\n"
    assert found(read(text, old, CAUSE))[0] == ["cause", "old"]


@pytest.mark.parametrize(
    ("version", "bounds", "within"),
    [
        ("2.6.3", (">=2.5",), True),
        ("2.6", (">=2.6.1",), False),
        ("2.10", (">2.9",), True),
        ("2.6.3", ("==2.6",), True),
        ("2.6.3", ("<=2.6",), True),
        ("2.6.3", ("<2.6.3",), False),
        ("2.7", (">2.6", "<2.8"), True),
    ],
)
def test_versions(version: str, bounds: tuple[str, ...], within: bool) -> None:
    assert is_within(version, bounds) is within


def test_a_log_that_says_too_little() -> None:
    """Of a program that could say more."""
    quiet = read("OpenVPN 2.6.8 x86_64\n" + "MANAGEMENT: >STATE:1,WAIT\n" * 40, CAUSE)
    assert [limit.text for limit in quiet.limits] == [
        "Ask for a log with verb 4: this one says little of the connection."
    ]


def test_what_repeats() -> None:
    report = read("2026-11-20 14:00:00 fine\n" + "".join(f"link {n} lost\n" for n in range(15)), CAUSE)
    assert [(each.count, each.line.text) for each in report.repeats] == [(15, "link 0 lost")]
