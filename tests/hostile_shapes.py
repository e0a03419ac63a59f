"""Long texts of the shapes that keep careless patterns and loops busy."""

SIZE = 100_000

_OVER_AND_OVER = (
    # one character that many patterns begin with, repeat over, or wait for
    *("a", "0", "é", "_", " ", "\n", ".", ":", "-", "#", "=", "*", "~", "`", "|", ">", "/", "\\", '"', "\u2060"),
    # openers without an end
    *("(", "[", "<", "[a](", "<!--", "<a ", "<@U1|", "**a ", "*a "),
    # the beginnings of what we look for
    *("a.", "a ", "\n- ", "a#1", "https://a/1 ", "Workaround: ", "INV-1 "),
)
_SPOILED = (
    *(("- ", " "), ("~", "~"), ("1.1 ", "9"), ("| --- |", "-"), ('"', 'a\\"')),
    *(("a", "\u0316\u0301"), ("https://a", "\u0316\u0301")),
)
"""A beginning, what follows it for long, and a last character that fits nothing."""


def _shapes() -> dict[str, str]:
    found = {f"{unit!r} over and over": (unit * (SIZE // len(unit) + 1))[:SIZE] for unit in _OVER_AND_OVER}
    for begin, run in _SPOILED:
        found[f"{begin!r}, then {run!r}"] = (begin + run * (SIZE // len(run)))[: SIZE - 1] + "`"
    return found


SHAPES = _shapes()
"""By what each is made of."""
