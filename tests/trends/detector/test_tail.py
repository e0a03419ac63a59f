"""How unlikely a count is."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.trends.detector.tail import band, log_mass, log_tail, unlikely

MEANS, DISPERSIONS = st.floats(0.01, 40), st.floats(0, 2)


@given(mean=MEANS, dispersion=DISPERSIONS)
def test_masses_are_a_distribution(mean: float, dispersion: float) -> None:
    masses = [math.exp(log_mass(count, mean, dispersion)) for count in range(3000)]

    assert abs(sum(masses) - 1) < 1e-3
    assert abs(sum(count * mass for count, mass in enumerate(masses)) - mean) < 0.02 * mean + 1e-3


@given(mean=MEANS, dispersion=DISPERSIONS, beyond=st.integers(1, 40))
def test_the_tail_is_the_sum_of_its_masses(mean: float, dispersion: float, beyond: int) -> None:
    count = math.ceil(mean) + beyond
    masses = sum(math.exp(log_mass(each, mean, dispersion)) for each in range(count, count + 2000))

    assert math.isclose(math.exp(log_tail(count, mean, dispersion)), masses, rel_tol=2e-2, abs_tol=1e-300)


def test_what_is_usual_is_not_unlikely() -> None:
    assert unlikely(4, 5, 0.1) == unlikely(0, 0, 0.1) == 0
    assert unlikely(20, 5, 0.1) > unlikely(15, 5, 0.1) > 1
    assert unlikely(20, 5, 0) > unlikely(20, 5, 0.1)


@given(mean=MEANS, dispersion=DISPERSIONS)
def test_the_band_holds_nine_of_ten(mean: float, dispersion: float) -> None:
    low, high = band(mean, dispersion)

    inside = sum(math.exp(log_mass(count, mean, dispersion)) for count in range(low, high + 1))
    assert 0 <= low <= high
    assert inside > 0.89
