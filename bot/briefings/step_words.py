"""What an investigation needs next, in words: the same in Slack and on pages. Pure."""

from bot.briefings.model import NextStep, NextStepKind
from bot.investigations.model import State


def step_words(following: NextStep, state: State, *, since: str = "", by: str = "", whom: str = "") -> str:
    """`since` (" since 09:14"), `by` (" by 09:14") and `whom` stand where they belong, as the reader gets them."""
    match following.step:
        case NextStepKind.CLAIM:
            return "Claim it"
        case NextStepKind.ANSWER:
            return f"Answer management's question in the thread, open{since}"
        case NextStepKind.MANAGEMENT:
            return f"Waiting for management{since}"
        case NextStepKind.CALL:
            return f"Call management yourself: nobody had answered{by}"
        case NextStepKind.TRIAGE:
            return f"Waiting for the triage lead{since}"
        case NextStepKind.DEVELOPMENT:
            return f"Waiting for development{since}"
        case NextStepKind.GIVEN_BACK:
            return "Answer the customers and resolve it: development is done"
        case NextStepKind.VENDOR:
            return f"Waiting for {whom}{since}"
        case NextStepKind.FOR_VENDOR:
            return f"{whom} waits for us{since}: see the thread"
        case NextStepKind.TICKETS:
            return f"Confirm tickets: {following.count} {'waits' if following.count == 1 else 'wait'}"
        case NextStepKind.PROBE:
            return "Measure it: `probe` in the thread"
        case NextStepKind.TRY:
            return "Try it on a device and record that in the thread"
        case NextStepKind.ESCALATE:
            return "Escalate it: tickets are rising"
        case NextStepKind.DECIDE:
            escalate = ", escalate it" if state is State.OPEN else ""
            return f"Resolve it{escalate} or send it to Tier 3"
