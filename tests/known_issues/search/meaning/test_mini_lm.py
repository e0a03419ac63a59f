"""The model itself, where the extra is installed."""

import pytest

from bot.known_issues.search.meaning.mini_lm import MiniLm, installed

pytestmark = pytest.mark.skipif(not installed(), reason="secondline[semantic] is not installed")


def test_texts_that_mean_the_same_point_the_same_way() -> None:
    model = MiniLm()
    asked = model.vector("my phone is empty by noon since I installed your app")
    same, other = model.vector("High battery consumption in background"), model.vector("Map shows the wrong flag")

    assert float(asked @ asked) == pytest.approx(1.0, abs=1e-3)
    assert float(asked @ same) > 2 * float(asked @ other)
