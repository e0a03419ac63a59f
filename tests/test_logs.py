"""Secrets never reach a log, whoever logs them and however."""

import logging

import pytest

from bot.logs import CALM_S, Calm, WithoutSecrets

SECRETS = (
    "xoxb-123-456-abcDEF",
    "xapp-1-A1-2-deadbeef",
    "xoxe.xoxp-1-Mi0yLTEy",
    "xwfp-1-abc",
    "https://hooks.slack.com/commands/T1/1/s3cr3t",
    "wss://wss-primary.slack.com/link/?ticket=11111-2222-s3cr3t&app_id=1",
)


def written(message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot", logging.INFO, "a.py", 1, message, arguments, info)
    return WithoutSecrets("%(message)s").format(record)


@pytest.mark.parametrize("secret", SECRETS)
def test_secret_is_left_out(secret: str) -> None:
    """In the message, in its arguments and in a traceback."""
    try:
        raise ValueError(f"refused: {secret}")
    except ValueError as error:
        lines = [
            written(f"token={secret},"),
            written("%s and %r", secret, {"token": secret}),
            written("x", error=error),
        ]

    tail = secret.split("ticket=")[-1].split("&")[0] if "ticket=" in secret else secret.rpartition("/")[2]
    assert not [line for line in lines if tail in line]
    assert all("…" in line for line in lines)


def test_everything_else_stays() -> None:
    """A log that hides what happened helps nobody."""
    assert written("%s by %s: %d", "command /probe", "UKIM", 3) == "command /probe by UKIM: 3"


def test_what_strangers_cause_is_one_line_a_minute_of_each_kind(caplog: pytest.LogCaptureFixture) -> None:
    """With how often it happened meanwhile."""
    moments = iter([0.0, 1.0, 2.0, 3.0, CALM_S, CALM_S + 1])
    calm = Calm(logging.getLogger("bot"), now_s=lambda: next(moments))
    for kind in ("a", "a", "b", "a", "a", "a"):
        calm.warning(kind, f"{kind} happened")

    assert [record.getMessage() for record in caplog.records] == [
        "a happened",
        "b happened",
        "a happened (2 more like it since the last line)",
    ]
