"""No file hurts whoever reads it: each is read or refused, in seconds.

Many more of them: `python -m tests.customer_logs.fuzz`.
"""

import pytest

from tests.customer_logs.fuzz import MOST_S, read
from tests.customer_logs.hostile_files import KINDS

PARTS = 6
EACH = 23


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hostile_file_is_read_or_refused(part: int) -> None:
    """Every kind, once in each part."""
    assert len(KINDS) == EACH
    done = [read(number) for number in range(part * EACH, (part + 1) * EACH)]

    assert [(number, wrong) for _, number, wrong in done if wrong] == []
    assert [(number, seconds) for seconds, number, _ in done if seconds > MOST_S] == []
