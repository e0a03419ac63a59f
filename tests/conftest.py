"""What every test shares."""

import gc

import hypothesis
import pytest

from tests import sources

# Two cores shared with other processes: a slow example is no failure, pytest's own timeout is.
hypothesis.settings.register_profile("secondline", deadline=None)
hypothesis.settings.load_profile("secondline")

GARBAGE_AFTER = (10_000, 20, 20)
"""So seldom garbage is searched: the nine thousand tests that were collected are looked through with it each time, a
seventh of all that the tests compute otherwise. `tests.stalls` measures as the program runs."""
STORY_S = 900
"""Stories, browsers and labs wait for many things in turn, which take long where something else loads the machine."""


def pytest_configure() -> None:
    gc.set_threshold(*GARBAGE_AFTER)


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """The trees of all sources go with the last test that reads them: they take half a gigabyte."""
    if sources.is_read_by(item) and not (nextitem and sources.is_read_by(nextitem)):
        sources.forget()


# Before pytest-xdist looks for groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a file that share a lab or a browser run one after the other, so that it is built once. A story shares
    none.

    Those that read all sources come first, together, so that each source is parsed once.
    """
    items.sort(key=lambda item: not sources.is_read_by(item))
    for item in items:
        shares = any(item.get_closest_marker(mark) for mark in ("browser", "netlab"))
        if shares and not item.get_closest_marker("story"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        waits = any(item.get_closest_marker(mark) for mark in ("story", "browser", "netlab"))
        if waits and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(STORY_S))
