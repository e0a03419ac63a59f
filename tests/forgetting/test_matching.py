"""What is a customer's in a text, and what only looks like it."""

import json

import pytest

from bot.forgetting.matching import REMOVED, Words, is_own_subject, is_telling

WORDS = Words(
    phrases=("Maria Santos-Gómez", "maria.santos@mail.test", "VPN drops whenever my daughter's tablet joins <home>"),
    tickets=(48213, 7),
    typed="maria.santos@mail.test",
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Maria Santos-Gómez says it works", f"{REMOVED} says it works"),
        ("MARIA  SANTOS-GÓMEZ", REMOVED),
        ("write to maria.santos@mail.test.", f"write to {REMOVED}."),
        ("not xmaria.santos@mail.test", "not xmaria.santos@mail.test"),
        ("Maria says it works", "Maria says it works"),
        ("#48213 and #482131", f"{REMOVED} and #482131"),
        ("<https://a.zendesk.test/agent/tickets/48213|#48213>", f"<{REMOVED}|{REMOVED}>"),
        ("ticket 48213", REMOVED),
        ("port 48213, 7 of 10", "port 48213, 7 of 10"),
        ("VPN drops whenever my daughter's tablet joins &lt;home&gt;", REMOVED),
        ("/t2 forget 48213", f"/t2 {REMOVED}"),
    ],
)
def test_taken_out(text: str, left: str) -> None:
    """A number alone may be anything; with a sign, or as an address, it is the ticket."""
    assert WORDS.taken_out(text) == left


def test_json_stays_json() -> None:
    """Also where what was written there is escaped, and where JSON stands in JSON."""
    inner = json.dumps({"text": "Maria Santos-Gómez", "n": [1, 2]})
    text = json.dumps({"payload": inner, "lines": ["#48213", 48213]})
    left = json.loads(WORDS.taken_out(text))
    assert json.loads(left["payload"]) == {"text": REMOVED, "n": [1, 2]}
    assert left["lines"] == [REMOVED, 48213]


def test_words_that_json_writes_otherwise() -> None:
    """Python's JSON has letters as escapes, pydantic's as they are."""
    words = Words(phrases=("Jürgen Öztürk",))
    for written in (json.dumps(["von Jürgen Öztürk"]), '["von Jürgen Öztürk"]'):
        assert json.loads(words.taken_out(written)) == [f"von {REMOVED}"]
    assert words.taken_out("JÜRGEN ÖZTÜRK") == REMOVED


def test_numbers_leave_lists_and_tables() -> None:
    """As numbers, and as the keys that JSON makes of them."""
    assert json.loads(WORDS.without_numbers("[48213, 48214, 7]")) == [48214]
    assert json.loads(WORDS.without_numbers('{"48213": "confirmed", "8": ""}')) == {"8": ""}
    assert WORDS.without_numbers("[1, 2]") == "[1, 2]"


def test_nobody_is_found_nowhere() -> None:
    """No words, no pattern that matches everything."""
    assert Words().taken_out("anything") == "anything"


def test_what_points_at_one_person() -> None:
    """One word alone is the name of many, and so is a subject of three words."""
    assert is_telling("Maria Santos") and is_telling("m@x.test") and not is_telling("Maria")
    assert is_own_subject("No connection since I moved") and not is_own_subject("Login fails")
