"""What an investigation needs next, in words: the same in Slack and on pages. Pure."""

from bot.briefings.model import NextStep, NextStepKind
from bot.investigations.model import State

_WORDS = {
    NextStepKind.CLAIM: "Claim it",
    NextStepKind.ANSWER: "Answer management's question in the thread, open{since}",
    NextStepKind.MANAGEMENT: "Waiting for management{since}",
    NextStepKind.CALL: "Call management yourself: nobody had answered{by}",
    NextStepKind.TRIAGE: "Waiting for the triage lead{since}",
    NextStepKind.DEVELOPMENT: "Waiting for development{since}",
    NextStepKind.GIVEN_BACK: "Answer the customers and resolve it: development is done",
    NextStepKind.VENDOR: "Waiting for {whom}{since}",
    NextStepKind.FOR_VENDOR: "{whom} waits for us{since}: see the thread",
    NextStepKind.TICKETS: "Confirm tickets: {count}",
    NextStepKind.PROBE: "Measure it: `probe` in the thread",
    NextStepKind.TRY: "Try it on a device and record that in the thread",
    NextStepKind.ESCALATE: "Escalate it: tickets are rising",
    NextStepKind.DECIDE: "Resolve it{escalate} or send it to Tier 3",
}


def step_words(following: NextStep, state: State, *, since: str = "", by: str = "", whom: str = "") -> str:
    """`since` (" since 09:14"), `by` (" by 09:14") and `whom` stand where they belong, as the reader gets them."""
    count = f"{following.count} {'waits' if following.count == 1 else 'wait'}"
    escalate = ", escalate it" if state is State.OPEN else ""
    return _WORDS[following.step].format(since=since, by=by, whom=whom, count=count, escalate=escalate)
