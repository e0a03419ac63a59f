"""The escalation document as configuration: its examples load, and what is wrong with one is named."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot.escalations
from bot.app.room_settings import ladder_settings
from bot.escalations.ladder_model import GROUP_ONLY, rungs
from bot.settings import Settings, SettingsError, load_settings
from tests.test_settings import SMALL, TOKENS

PAGE = (Path(bot.escalations.__file__).parent / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", PAGE, re.M | re.S)
VARIABLES = dict.fromkeys(("PHONE_BRIDGE_URL", "PAGER_URL", "SECOND_PAGER_URL", "STATUS_DESK_URL"), "https://x.test")
VARIABLES |= {"STATUS_DESK_URL_SECRET": "x" * 40, "MAIL_SERVER": "127.0.0.1:25"}
MAIL = '\n[mail]\nsender = "t2@example.com"\n'
LADDER = '[[escalation.ladders.day.steps]]\nway = "thread-group"\n'


def load(folder: Path, text: str, **environ: str) -> Settings:
    file = folder / "secondline.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings({**TOKENS, **environ, "SECONDLINE_CONFIG": str(file)})


@pytest.mark.parametrize("number", range(3))
def test_the_examples_load(number: int, tmp_path: Path) -> None:
    """As they stand there, with the rest of a small configuration."""
    assert len(EXAMPLES) == 3
    loaded = load(tmp_path, f"{SMALL}{MAIL}{EXAMPLES[number]}", **VARIABLES)

    assert loaded.escalation.ladders and all(rungs(each) for each in ladder_settings(loaded).ladders)


@pytest.mark.parametrize(
    ("when", "priority", "name"),
    [
        ("2026-12-04T16:30", "P3", "can-wait"),
        ("2026-12-04T16:30", "P0", "day"),
        ("2026-12-05T11:00", "P1", "night"),
        ("2026-12-04T17:00", "P1", "night"),
        ("2026-12-04T08:00", "P1", "day"),
        ("2026-12-04T07:59", "", "night"),
    ],
)
def test_the_first_that_holds_is_taken(when: str, priority: str, name: str, tmp_path: Path) -> None:
    """Hours are those of the team's zone."""
    loaded = ladder_settings(load(tmp_path, f"{SMALL}{MAIL}{EXAMPLES[1]}", **VARIABLES))

    assert loaded.chosen(datetime.fromisoformat(when).replace(tzinfo=UTC), priority).name == name
    assert loaded.by_priority


def test_without_any_the_group_is_mentioned_and_that_is_all(tmp_path: Path) -> None:
    loaded = ladder_settings(load(tmp_path, SMALL))

    assert {loaded.chosen(datetime.now(UTC), priority) for priority in ("", "P0", "P1", "P2", "P3")} == {GROUP_ONLY}
    assert not loaded.by_priority


@pytest.mark.parametrize(
    ("step", "key", "words"),
    [
        ('way = "dm"', "escalation.ladders.day.steps[1].people", "needs it, such as"),
        ('way = "dm"\npeople = ["lena"]\nto = ["a@b.de"]', "escalation.ladders.day.steps[1].to", "has no such key"),
        ('way = "mail"\nto = ["lena"]', "escalation.ladders.day.steps[1].to[0]", "an address such as"),
        ('way = "mail"\nto = ["a@b.de\\nBcc: x@y.de"]', "escalation.ladders.day.steps[1].to[0]", "an address such as"),
        ('way = "fax"', "escalation.ladders.day.steps[1].way", "thread-group"),
        ('way = "apprise"\nurl_variables = ["PAGER_URL"]', "escalation.ladders.day.steps[1].title", "what people call"),
        (
            'way = "apprise"\ntitle = "x"\nurl_variables = ["json://host"]',
            "escalation.ladders.day.steps[1].url_variables[0]",
            "the name of a variable",
        ),
        ('way = "dm"\npeople = ["lena"]\nwait_min = -1', "escalation.ladders.day.steps[1].wait_min", "0 or more"),
    ],
)
def test_what_is_wrong_with_a_step_is_named(step: str, key: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, f"{SMALL}\n{LADDER}\n[[escalation.ladders.day.steps]]\n{step}\n", PAGER_URL="https://x.test")

    assert [(problem.key, True) for problem in caught.value.problems if words in problem.allowed] == [(key, True)]


def test_a_repeat_from_nowhere_is_refused(tmp_path: Path) -> None:
    text = f"{SMALL}\n[escalation.ladders.day]\nrepeat_from = 2\n{LADDER}"
    with pytest.raises(SettingsError, match="The ladder has 1 step"):
        load(tmp_path, text)
