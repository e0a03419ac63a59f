"""What does not hold a rule yet, or never will, each with its reason. The lists only get shorter; a test holds it."""

ROOMS_AT_MOST = 0
ALWAYS_AT_MOST = 6
"""Lower these with the lists."""

UNTIL_REWRITTEN: dict[tuple[str, str], str] = {}
"""By rule and room, a line each."""

ALWAYS: dict[tuple[str, str, str], str] = {
    ("title case", "probes", "mtr us-east"): "the button says what will be run, as people type it",
    ("title case", "probes", "ping us-east"): "the button says what will be run, as people type it",
    ("title case", "probes", "ping us-west"): "the button says what will be run, as people type it",
    ("sentence case", "briefings", "Briefing of Monday, 30 November"): "names of days and months",
    ("twice", "briefings", "resolve it, escalate it or send it to tier 3"): "many may need the same step",
    ("keys", "probes", "card_declined"): "Stripe's own word, which is searched for in Stripe",
}
"""By rule, room and words."""
