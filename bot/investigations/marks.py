"""How the states of an investigation are marked in messages."""

from bot.investigations.model import State

MARKS = {
    State.OPEN: ":mag:",
    State.ESCALATED: ":rotating_light:",
    State.HANDED_OFF: ":hammer_and_wrench:",
    State.RESOLVED: ":white_check_mark:",
    State.DISMISSED: ":heavy_minus_sign:",
}
