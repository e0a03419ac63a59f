"""The locks hold what pyproject.toml asks for, with hashes, and name no place to fetch it from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {"requirements.lock": "build", "requirements-dev.lock": "dev"}


def asked(group: str) -> Iterator[Requirement]:
    """What the project needs to run, and what a group adds."""
    for text in PROJECT["project"]["dependencies"]:
        yield Requirement(text)
    yield from in_group(group)


def in_group(group: str) -> Iterator[Requirement]:
    for entry in PROJECT["dependency-groups"][group]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from in_group(entry["include-group"])


def pins(lock: str) -> dict[str, str]:
    """The locked version of each package."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.M)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_is_asked_for(lock: str) -> None:
    """After a change of pyproject.toml the locks are renewed: make lock."""
    locked = pins(lock)

    missing = [
        str(need)
        for need in asked(LOCKS[lock])
        if not need.specifier.contains(locked.get(canonicalize_name(need.name), "0"), prereleases=True)
    ]
    assert missing == []


def test_both_locks_fit_into_one_environment() -> None:
    """`make run` and `make test` share it."""
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")

    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def test_the_extra_is_locked_beside_all_others() -> None:
    """It is installed into the environment of `make run`."""
    locked, run = pins("requirements-semantic.lock"), pins("requirements.lock")
    needed = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["semantic"]]

    assert [str(need) for need in needed if canonicalize_name(need.name) not in locked] == []
    assert {name: version for name, version in run.items() if locked.get(name, version) != version} == {}


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-semantic.lock"])
def test_a_lock_has_hashes_and_no_addresses(lock: str) -> None:
    """What is installed is what was chosen, whichever index it comes from."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]

    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|--(extra-)?index-url|--find-links|@ file", text)
