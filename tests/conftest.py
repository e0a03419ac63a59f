"""What every test shares."""

import hypothesis
import pytest

# Two cores shared with other processes: a slow example is no failure, pytest's own timeout is.
hypothesis.settings.register_profile("secondline", deadline=None)
hypothesis.settings.load_profile("secondline")

STORY_S = 400
"""Stories, browsers and labs wait for many things in turn, which take long where something else loads the machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers run one after the other, as two are too much for two cores; labs of a file too, which share one."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif item.get_closest_marker("netlab"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        waits = any(item.get_closest_marker(mark) for mark in ("story", "browser", "netlab"))
        if waits and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(STORY_S))
