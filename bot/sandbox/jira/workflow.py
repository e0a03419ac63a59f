"""The lists that every project of this Jira shares: statuses with their transitions, priorities, types, fields."""

from bot.sandbox.jira.records import Named, Status

STATUSES = (
    Status("10000", "To Do", "new"),
    Status("10001", "In Progress", "indeterminate"),
    Status("10002", "In Review", "indeterminate"),
    Status("10003", "Done", "done"),
)
TRANSITIONS = {"11": STATUSES[0], "21": STATUSES[1], "31": STATUSES[2], "41": STATUSES[3]}
"""Every status can be reached from every other one, by a transition with this id."""
CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
PRIORITIES = tuple(
    Named(str(number), name) for number, name in enumerate(("Highest", "High", "Medium", "Low", "Lowest"), 1)
)
TYPES = (Named("10100", "Bug"), Named("10101", "Task"), Named("10102", "Story"))
RESOLUTIONS = tuple(
    Named(str(number), name)
    for number, name in enumerate(("Done", "Won't Do", "Duplicate", "Cannot Reproduce"), 10_200)
)
DONE = RESOLUTIONS[0]
SYMPTOMS, WORKAROUND, CUSTOMER_FACING = "customfield_10051", "customfield_10052", "customfield_10053"
CUSTOM_FIELDS = {SYMPTOMS: "Symptoms", WORKAROUND: "Workaround", CUSTOMER_FACING: "Customer-facing"}
"""The first two are texts in ADF, the last a choice of Yes and No."""


def named(choices: tuple[Named, ...], name: str) -> Named | None:
    return next((one for one in choices if one.name.lower() == name.lower()), None)


def status_named(name: str) -> Status:
    for status in STATUSES:
        if status.name.lower() == name.lower():
            return status
    raise ValueError(f"no status {name!r}; there are {', '.join(one.name for one in STATUSES)}")
