"""What the README says is what the program does."""

import re
from pathlib import Path

import pytest

from bot.probes.registry import KINDS
from bot.sandbox.world.tour import MORNING, Step
from bot.settings.sources import CONFIG_VARIABLE, VARIABLES
from commands.grammar import EXAMPLES
from commands.usage import SLASH

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("usage", SLASH)
def test_command_is_in_the_table(usage: str) -> None:
    """Each slash command stands in the README with the same words as in `/t2 help`."""
    escaped = usage.replace("|", "\\|")

    assert f"| `{escaped}` | {SLASH[usage].format(kinds=', '.join(KINDS))}" in README


@pytest.mark.parametrize("step", MORNING, ids=lambda step: step.key)
def test_the_morning_is_that_of_the_strip(step: Step) -> None:
    """What the sandbox's page tells people to type stands in the README too; no part of it needs another program."""
    morning = README.partition("## A morning with it")[2].partition("\n## ")[0]

    assert f"`{step.typed}`" in morning if step.typed else step.label.split()[0].lower() in morning.lower()
    assert "curl" not in morning


def test_settings_list_every_kind_of_probe() -> None:
    """The steps of a playbook, in the example of the settings."""
    listed = (ROOT / "secondline.toml").read_text().partition("[playbooks]")[2].partition("# gateway")[0]

    assert [kind for kind in KINDS if not re.search(rf"#.* {kind}\b", listed)] == []


@pytest.mark.parametrize("word", EXAMPLES)
def test_word_is_named(word: str) -> None:
    """Each word that a mention understands is in the README."""
    assert f"`{word}`" in README


def test_variables_are_those_of_the_settings() -> None:
    """The table of environment variables is complete, and names no other."""
    systems = "|".join({variable.partition("_")[0] for variable in VARIABLES})
    named = set(re.findall(rf"`((?:{systems})_[A-Z_]+)`", README))

    assert named == {*VARIABLES, CONFIG_VARIABLE}


def test_links_lead_to_files() -> None:
    """Relative links and pictures exist."""
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
