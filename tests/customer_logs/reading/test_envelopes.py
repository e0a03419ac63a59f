"""Lines of collectors: what the program wrote is read, at the line where it stands."""

import json

import pytest

from bot.customer_logs.reading.envelopes import unwrapped


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        (
            {"log": "TLS Error: x\n", "stream": "stdout", "time": "2026-11-20T14:02:11.5Z"},
            "2026-11-20T14:02:11.5Z TLS Error: x",
        ),
        (
            {"log": "Nov 20 14:02:11 2026 x", "stream": "stdout", "time": "2026-11-20T15:02:11.5Z"},
            "Nov 20 14:02:11 2026 x",
        ),
        (
            {"__REALTIME_TIMESTAMP": "1795183331250000", "_HOSTNAME": "box", "_PID": "7", "SYSLOG_IDENTIFIER": "charon"}
            | {"MESSAGE": "giving up", "PRIORITY": "4", "_UID": "0"},
            "2026-11-20T14:02:11.250000Z box charon[7]: giving up",
        ),
        (
            {"ts": 1795183331, "msg": "failed", "error": "no route", "v": 1},
            '2026-11-20T14:02:11.000000Z failed error="no route"',
        ),
        ({"@timestamp": "2026-11-20T14:02:11Z", "message": "a\nb"}, "2026-11-20T14:02:11Z a b"),
        ({"time": 10**19, "msg": "no such time"}, "no such time"),
    ],
    ids=["docker", "docker with a time of its own", "journald", "seconds and an error", "two lines", "no time"],
)
def test_messages_in_json(line: dict[str, object], plain: str) -> None:
    assert unwrapped([json.dumps(line).encode()] * 3) == [plain.encode()] * 3


def test_syslog_of_the_newer_form() -> None:
    """RFC 5424, with and without what stands in brackets, and without a number of the process."""
    front = b"<27>1 2026-11-20T14:02:11Z box openvpn "
    lines = [front + b'4411 - [a b="c"][d e="f"] x y', front + b"- ID47 - z"]

    plain = b"2026-11-20T14:02:11Z box openvpn"
    assert unwrapped(lines) == [plain + b"[4411]: x y", plain + b"[0]: z"]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b""],
        [b"{", b'{"msg": "x"', b"{}", b"[1]", b'{"msg": 3}'],
        [b'{"a":' * 390, b'{"msg":' + b"[" * 1_900, b"{" * 2_000],
        [b'{"msg": "x"}', *[b"plain"] * 5],
        [b"<27>1 only this", b"<27>1 2026 a b c d"],
    ],
    ids=["nothing", "an empty line", "no messages", "deep", "one among others", "no syslog"],
)
def test_what_is_no_envelope_stays(lines: list[bytes]) -> None:
    assert unwrapped(list(lines)) == lines
