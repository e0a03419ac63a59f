"""The page knows every emoji that the bot says: else people read ":raising_hand:"."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TABLE = (ROOT / "bot/sandbox/page/js/text/emoji.js").read_text(encoding="utf-8").split("`")[1].split()
_DATABASE = "memory"
SAID = re.compile(r'["*( ]:([a-z][a-z0-9_]*[a-z0-9]):[ "*]')


def test_every_emoji_of_a_message_has_a_picture() -> None:
    sources = [path for room in ("bot", "commands") for path in (ROOT / room).rglob("*.py")]
    said = {
        name: path.name
        for path in sources
        if "sandbox" not in path.parts
        for name in SAID.findall(path.read_text(encoding="utf-8"))
    }

    assert len(said) > 20
    assert {name: where for name, where in said.items() if name not in (*TABLE[::2], _DATABASE)} == {}
