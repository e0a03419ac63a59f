"""What every test shares."""

import hypothesis
import pytest

# Two cores shared with other processes: a slow example is no failure, pytest's own timeout is.
hypothesis.settings.register_profile("secondline", deadline=None)
hypothesis.settings.load_profile("secondline")

ALONE = ("browser", "netlab")
"""Marks whose tests run one after the other: two browsers, or two labs, are too much for two cores."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in ALONE:
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.xdist_group(mark))
