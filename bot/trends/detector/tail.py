"""How unlikely a count is where a rate is known only about: the negative binomial, by its mean and its dispersion."""

import math

_LOG10 = math.log(10)


def log_mass(count: int, mean: float, dispersion: float) -> float:
    """The natural logarithm of the chance of exactly this count; the variance is mean + dispersion * mean²."""
    if count < 0:
        return -math.inf
    if mean <= 0:
        return 0.0 if count == 0 else -math.inf
    if dispersion < 1e-9:
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    shape = 1 / dispersion
    # log1p, for a shape that is much larger than the mean.
    return (
        math.lgamma(shape + count)
        - math.lgamma(shape)
        - math.lgamma(count + 1)
        - shape * math.log1p(mean / shape)
        - count * math.log1p(shape / mean)
    )


def log_tail(count: int, mean: float, dispersion: float) -> float:
    """The natural logarithm of the chance of this count or more, for counts above the mean; 0 below."""
    if count <= mean or count <= 0:
        return 0.0
    first = log_mass(count, mean, dispersion)
    # The next mass by the last one.
    by_shape = dispersion >= 1e-9
    shape = 1 / dispersion if by_shape else 0.0
    share = mean / (mean + shape) if by_shape else mean
    term = total = 1.0
    for step in range(count, count + 500):
        term *= share * (shape + step) / (step + 1) if by_shape else share / (step + 1)
        total += term
        if term < 1e-4 * total:
            break
    return first + math.log(total)


def unlikely(count: int, mean: float, dispersion: float) -> float:
    """Minus the decimal logarithm of the tail."""
    return -log_tail(count, mean, dispersion) / _LOG10


def band(mean: float, dispersion: float, share: float = 0.9) -> tuple[int, int]:
    """The counts between which this share of all is."""
    low, high = -1, 0
    below, edge = 0.0, (1 - share) / 2
    for count in range(int(mean + 20 + 20 * math.sqrt(mean + dispersion * mean * mean))):
        below += math.exp(log_mass(count, mean, dispersion))
        if low < 0 and below >= edge:
            low = count
        high = count
        if below >= 1 - edge:
            break
    return max(low, 0), high
