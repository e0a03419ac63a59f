"""What every test shares."""

import hypothesis
import pytest

# Two cores shared with other processes: a slow example is no failure, pytest's own timeout is.
hypothesis.settings.register_profile("secondline", deadline=None)
hypothesis.settings.load_profile("secondline")

STORY_S = 170
"""A story waits for many things in turn, each of which may take long where something else loads the machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers run one after the other, as two are too much for two cores; labs of a file too, which share one."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif item.get_closest_marker("netlab"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        waits = item.get_closest_marker("story") or item.get_closest_marker("browser")
        if waits and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(STORY_S))
