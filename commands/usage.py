"""What can be typed, as help and the README say it."""

SLASH = {
    "/investigate <target> [what people see]": "opens an investigation, or shows who has it; alone it lists",
    "/probe <kind> <target|host> [from <place>]": "measures {kinds}, or a playbook; also from other cities",
    "/probe smoke [target|group|all]": (
        "pings every address of a target, of a group (`gateways`, `us-*`, a team) or of all, the worst first"
    ),
    "/known [words|KI-31]": "finds known issues and workarounds; alone it shows what affects most customers",
    "/t2 status": "shows what is open, how services are, and what Slack or Zendesk refused",
    "/t2 trends": "shows what rises now, what was said of rises this week, and how much of it was real",
    "/t2 briefing": "shows today's briefing to you alone",
    "/t2 briefing at <time> [zone] [days]": (
        "sends this channel a briefing: `at 09:00 Europe/Berlin weekdays`; `when` says when, `off` stops it"
    ),
    "/t2 board [link <name>]": "opens the pages; `link kitchen` makes a board for a big screen, `end kitchen` ends it",
    "/t2 maintenance [<target> <from>-<to> [why]]": (
        "plans a time in which trouble is expected: `us-east 22:00-23:30 new kernel`; alone it lists"
    ),
    "/t2 follow [tracker|KI-31]": (
        "announces releases in this channel, or tells you about one known issue; `unfollow` stops it"
    ),
    "/t2 forget <ticket|customer>": (
        "shows what is stored of a customer (`48213`, an e-mail address, a name), and removes it when you confirm"
    ),
    "/t2 check": "checks that everything the bot needs works",
    "/t2 help": "shows six things to do, with buttons; `help all` lists every word",
}
MORE_WORDS = (
    "probe mtr from customers",
    "probe playbook",
    "note at 14:05 the provider confirmed it",
    "move 4711 to INV-9",
)
"""From the places in the tickets of the investigation; all that opening it measured, again; what happened before; a
ticket's place."""
