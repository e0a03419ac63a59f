"""What the ways' outcomes have in common. Pure."""

from collections.abc import Iterable

from bot.escalations.telling import Failure, FailureKind, TellingOutcome

DETAIL_MAX = 200


def together(outcomes: Iterable[TellingOutcome]) -> TellingOutcome:
    """One telling to several recipients: whom all of them reached, and the first failure with what the others say."""
    every = list(outcomes)
    reached = tuple(name for outcome in every for name in outcome.reached)
    failures = [outcome.failure for outcome in every if outcome.failure]
    details = dict.fromkeys(failure.detail for failure in failures if failure.detail)
    failure = Failure(failures[0].kind, "; ".join(details)[:DETAIL_MAX]) if failures else None
    return TellingOutcome(reached, failure, sure=all(outcome.sure for outcome in every))


def of_status(status: int) -> Failure:
    """What an answer over HTTP means that is no success."""
    if status == 429:
        return Failure(FailureKind.RATE_LIMITED, "it answered 429")
    later = status == 408 or status >= 500
    return Failure(FailureKind.UNREACHABLE if later else FailureKind.REFUSED, f"it answered {status}")
