"""The manifest as the sandbox reads it."""

import pytest
import yaml

from bot.sandbox.manifest_file import find_manifest, parse, read_manifest


def test_the_manifest_is_read_as_yaml_reads_it() -> None:
    """The small reader gives exactly what a whole YAML library gives."""
    assert read_manifest() == yaml.safe_load(find_manifest().read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ["a: [1, 2]", "a: &anchor b", "a:\n  b: 1\n   c: 2", "just words", "a: b: c"])
def test_what_it_does_not_understand_is_refused(text: str) -> None:
    """Other parts of YAML are an error and never a wrong value."""
    with pytest.raises(ValueError):
        parse(text)
