"""Which messages go first."""

import pytest

from bot.messages.model import Rank, rank_of


@pytest.mark.parametrize(
    ("key", "facts", "rank"),
    [
        ("escalation/1", {"view": "escalation"}, Rank.URGENT),
        ("question/1", {"view": "question"}, Rank.URGENT),
        ("run/7/report", {"after": "escalation/1", "human": False}, Rank.URGENT),
        ("probes/1", {"view": "probes", "tier2": True}, Rank.ANSWER),
        ("investigation/1", {"view": "investigation", "tier2": True}, Rank.ANSWER),
        ("investigation/1", {"view": "investigation"}, Rank.CARD),
        ("tickets/1", {"view": "tickets", "human": False}, Rank.CARD),
        ("probes/1", {"view": "probes", "human": False}, Rank.CARD),
        ("probes/1", {"view": "probes"}, Rank.REST),
        ("briefing/1", {"view": "briefing"}, Rank.REST),
        ("run/7/report", {"human": False, "tier2": True}, Rank.REST),
        ("done/C1/1.2", {}, Rank.REST),
        ("escalations-of-somebody/1", {}, Rank.REST),
    ],
)
def test_rank_of_each_kind(key: str, facts: dict[str, object], rank: Rank) -> None:
    """Escalations and answers to them, then what Tier 2 asked for, then investigations, then the rest."""
    assert rank_of(key, **facts) is rank  # type: ignore[arg-type]
