"""Long texts of the shapes that keep careless patterns and loops busy."""

SIZE = 100_000

_UNITS = (
    # one character that many patterns begin with, repeat over, or wait for
    *"a0é_ \t\n.,:;-#=*~`|>!/\\\"'",
    "\u2019",
    "\u2060",
    "\U0001f527",
    # openers without an end
    *("(", "[", "{", "<", "{{", "](", "[a](", "![a](", "<!--", "<a ", "<@U1|", "<!date^1^{time}|", "**a", "~~a", "__a"),
    # the beginnings of what we look for, over and over
    *("a ", "a.", "a-", "a\n", "\n ", " \n", "\n- ", "\n> ", "- - ", "1. ", "1.1", "a@a.", "https://a", "https://a/1 "),
    *(
        "#1 ",
        "a#1",
        "a/",
        "INV-1",
        "v1 ",
        "&amp",
        "&a;",
        ":a:",
        "|-",
        "| ",
        ":-|",
        "1w 2d ",
        "x 1",
        "from a, ",
        "a and ",
    ),
    *("Workaround: ", "**Workaround**: ", "~~~\n", "```\n", "tickets/", "-----", "a=~", "\\|", "xoxb-", "secondline:"),
)
_BEGINNINGS = (
    *(
        "Second Line: ",
        "<!-- secondline: ",
        "-----BEGIN OpenVPN Static key V1-----",
        "charset=",
        "| --- |",
        "```",
        "# ",
    ),
    *("- ", "> ", "(", "[", "[a](https://", "<https://a|", "**", "`", "1", '"', "remove ", "INV-1 "),
)


def _shapes() -> dict[str, str]:
    """Each by what it is made of: units alone, units with an end that spoils them, beginnings before long runs."""
    found = {}
    for unit in _UNITS:
        found[f"{unit!r} over and over"] = (unit * (SIZE // len(unit) + 1))[:SIZE]
    for begin in _BEGINNINGS:
        for run in ("a", " ", "-"):
            found[f"{begin!r} and {run!r} over and over"] = (begin + run * SIZE)[: SIZE - 1] + "\0"
    return found


SHAPES = _shapes()
