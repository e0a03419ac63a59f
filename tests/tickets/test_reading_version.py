"""When the configuration means that tickets read otherwise, and the history is read again."""

from pathlib import Path

import pytest

from bot.app.room_settings import reading_version
from bot.settings import load_settings
from tests.test_settings import SMALL, TOKENS


def version(folder: Path, text: str) -> str:
    file = folder / "secondline.toml"
    file.write_text(text, encoding="utf-8")
    return reading_version(load_settings({**TOKENS, "SECONDLINE_CONFIG": str(file)}))


@pytest.mark.parametrize(
    ("more", "anew"),
    [
        ("", False),
        ("[tickets]\nrefresh_s = 60\nforget_days = 60\n", False),
        ('[workspace]\nzone = "Europe/Berlin"\n', False),
        ("[tickets]\nhistory_days = 60\n", True),
        ('[reading]\nsymptoms = { ports = ["port forward*"] }\n', True),
        ('[reading]\nfields = { 360012345678 = "platform" }\n', True),
        (
            '[targets.us-north]\ntitle = "U.S. North"\nkind = "gateway"\nteam = "t2-tech"\naddresses = ["192.0.2.9"]\n',
            True,
        ),
    ],
)
def test_only_what_changes_the_reading(more: str, anew: bool, tmp_path: Path) -> None:
    assert (version(tmp_path, SMALL) != version(tmp_path, SMALL + more)) is anew
