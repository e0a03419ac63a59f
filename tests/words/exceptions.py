"""What does not hold a rule yet, or never will, each with its reason. The lists only get shorter; a test holds it."""

ROOMS_AT_MOST = 25
ALWAYS_AT_MOST = 6
"""Lower these with the lists."""

UNTIL_REWRITTEN: dict[tuple[str, str], str] = {
    **dict.fromkeys(
        [
            ("headline", "investigations"),
            ("banned", "investigations"),
            ("title case", "investigations"),
            ("fallback", "investigations"),
            ("once in a thread", "investigations"),
        ],
        "the card and its thread are rewritten",
    ),
    **dict.fromkeys(
        [("banned", "status"), ("title case", "status")],
        "status is rewritten with the card",
    ),
    **dict.fromkeys(
        [("headline", "probes"), ("twice", "probes"), ("banned", "probes"), ("title case", "probes")],
        "the playbook is rewritten",
    ),
    **dict.fromkeys(
        [
            ("headline", "handoffs"),
            ("banned", "handoffs"),
            ("twice", "handoffs"),
            ("title case", "handoffs"),
            ("headline", "replies"),
            ("banned", "replies"),
            ("title case", "replies"),
        ],
        "what follows an escalation is rewritten",
    ),
    ("banned", "in_source_reasons"): "results of measurements are rewritten with the playbook",
    **dict.fromkeys(
        [
            ("banned", "in_source_errors"),
        ],
        "rewritten next",
    ),
}
"""By rule and room."""

ALWAYS: dict[tuple[str, str, str], str] = {
    ("title case", "probes", "mtr us-east"): "the button says what will be run, as people type it",
    ("title case", "probes", "ping us-east"): "the button says what will be run, as people type it",
    ("title case", "probes", "ping us-west"): "the button says what will be run, as people type it",
    ("sentence case", "briefings", "Briefing of Monday, 30 November"): "names of days and months",
    (
        "twice",
        "briefings",
        "resolve it, escalate it or send it to tier 3",
    ): "many investigations may need the same step",
    ("keys", "probes", "card_declined"): "Stripe's own word, which is searched for in Stripe",
}
"""By rule, room and words."""
