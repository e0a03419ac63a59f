"""What every test shares."""

import hypothesis
import pytest

# Two cores shared with other processes: a slow example is no failure, pytest's own timeout is.
hypothesis.settings.register_profile("secondline", deadline=None)
hypothesis.settings.load_profile("secondline")

STORY_S = 400
"""Stories, browsers and labs wait for many things in turn, which take long where something else loads the machine."""


# Before pytest-xdist looks for groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a file that share a lab or a browser run one after the other, so that it is built once."""
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("netlab"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        waits = any(item.get_closest_marker(mark) for mark in ("story", "browser", "netlab"))
        if waits and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(STORY_S))
