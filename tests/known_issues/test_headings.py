"""Sections of bodies, whatever way people write their headings."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.known_issues.headings import MISSING, OTHER, folded_heading, says_nothing, sections
from bot.known_issues.mapping import OTHER_HEADINGS, SYMPTOM_HEADINGS, WORKAROUND_HEADINGS

HEADINGS = {"symptom": SYMPTOM_HEADINGS, "workaround": WORKAROUND_HEADINGS, OTHER: OTHER_HEADINGS}
BOTH = {"symptom": "It spins.", "workaround": "Restart it."}

STYLES = {
    "atx": ("{} {}".format("#" * 2, "{}"), "\n"),
    "atx closed": ("#### {} ####", "\n"),
    "setext": ("{}\n======", "\n"),
    "setext below": ("{}\n---", "\n"),
    "bold": ("**{}**", "\n"),
    "bold with colon": ("**{}:**", "\n"),
    "underscores": ("__{}__", "\n"),
    "line with colon": ("{}:", "\n"),
    "same line": ("{}:", " "),
    "bold, same line": ("**{}:**", " "),
    "numbered": ("## 2. {}", "\n"),
    "emoji": ("### 🔧 {} :", "\n"),
    "bold in atx": ("### **{}**", "\n"),
    "list item": ("- {}:", " "),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_headings_of_every_style_are_read(style: str, ending: str) -> None:
    """Levels, bold, colons, numbers and emoji change nothing, nor do the line ends of a browser."""
    heading, after = STYLES[style]
    body = "\n\n".join(
        [f"{heading.format('Symptoms')}{after}It spins.", f"{heading.format('Workaround')}{after}Restart it."]
    )

    assert sections(body.replace("\n", ending), HEADINGS) == BOTH


@pytest.mark.parametrize(
    ("symptom", "workaround"),
    [("Symptome", "Umgehung"), ("Síntomas", "Solución temporal"), ("SYMPTÔMES", "Contournement")],
)
def test_headings_of_other_languages_are_read(symptom: str, workaround: str) -> None:
    """Whatever their case."""
    assert sections(f"# {symptom}\nIt spins.\n# {workaround}\nRestart it.", HEADINGS) == BOTH


def test_what_a_form_leaves_empty_is_missing() -> None:
    """As GitHub's issue forms write it."""
    body = "### Version\n\n2.14\n\n### Symptoms\n\nIt spins.\n\n### Workaround\n\n_No response_\n\n### Logs\n\nx"

    assert sections(body, HEADINGS) == {"symptom": "It spins."}


@pytest.mark.parametrize("nothing", ["n/a", "N/A.", "None", "-", "—", "_No response_", "keine", "tbd", "", "**none**"])
def test_words_for_nothing_are_missing(nothing: str) -> None:
    """A workaround "none" is no workaround."""
    assert sections(f"## Workaround\n{nothing}\n## Notes\nx", HEADINGS) == {}


def test_code_and_comments_have_no_headings() -> None:
    """A log or a template's hint must not become a workaround."""
    body = "## Symptoms\nIt spins.\n```\n## Workaround\nno\n```\n<!-- ## Workaround\nsay how -->\n"
    body += "~~~ sh\nWorkaround: x\n~~~"

    assert sections(body, HEADINGS) == {
        "symptom": "It spins.\n```\n## Workaround\nno\n```\n\n~~~ sh\nWorkaround: x\n~~~"
    }


def test_a_section_keeps_its_own_headings() -> None:
    """It ends at the next one of its level, not at those within it."""
    body = "## Symptoms\nIt spins.\n### On Android\n**Always**\nNotes: none\n## Environment\nx"

    assert sections(body, HEADINGS) == {"symptom": "It spins.\n### On Android\n**Always**\nNotes: none"}


def test_a_line_with_a_colon_ends_at_the_next_known_line() -> None:
    """Plain text has no levels."""
    body = "Symptoms: It spins.\nFor ever.\nSteps to reproduce:\n1. start\nWorkaround: Restart it."

    assert sections(body, HEADINGS) == {"symptom": "It spins.\nFor ever.", "workaround": "Restart it."}


def test_a_rule_below_a_sentence_is_no_heading() -> None:
    """Else the sentence would be lost."""
    assert sections("### Workaround\nRestart it.\n---\n", HEADINGS) == {"workaround": "Restart it.\n---"}


def test_sections_of_one_name_are_joined() -> None:
    """As with a workaround for each platform."""
    body = "## Workaround (Android)\nRestart it.\n## Workaround (iOS)\nWait."

    assert sections(body, HEADINGS) == {"workaround": "Restart it.\n\nWait."}


def test_other_words_are_no_headings() -> None:
    """A sentence about workarounds, an address with a colon."""
    assert sections("There is no workaround: wait.\nhttps://x.test/workaround: y\nworkarounds are bad", HEADINGS) == {}


LINE = st.text(st.sampled_from("abc XYZ äß0-9(),'\"?!*_"), min_size=1, max_size=40).filter(
    lambda line: (
        line.strip() == line
        and line[0].isalpha()
        and not sections(f"## Symptoms\nstart\n{line}\nend", HEADINGS).keys() - {"symptom"}
    )
)
TEXT = st.lists(LINE, min_size=1, max_size=5).map("\n".join).filter(lambda text: not says_nothing(text))
LEVELS = st.sampled_from(["# ", "## ", "### ", "###### "])


@given(st.dictionaries(st.sampled_from(["symptom", "workaround"]), TEXT), LEVELS)
def test_reading_is_the_inverse_of_writing(parts: dict[str, str], level: str) -> None:
    """What is written under headings comes back, word for word."""
    names = {"symptom": "Symptoms", "workaround": "Workaround"}
    body = "\n\n".join(f"{level}{names[name]}\n\n{text}" for name, text in parts.items())

    assert sections(body, HEADINGS) == parts


@given(st.text(max_size=400))
@example("<!--" * 200)
@example("```" + "\n~~~" * 100)
@example("**a**:" * 50)
@example("# " + "#" * 500)
def test_any_text_is_read(body: str) -> None:
    """Nothing crashes, and nothing is made up: every section's lines stand in the body."""
    plain = body.replace("\r\n", "\n").replace("\r", "\n")
    for text in sections(body, HEADINGS).values():
        assert all(line.strip() in plain for line in text.split("\n")) or "<!--" in plain


@pytest.mark.parametrize("word", sorted(MISSING))
def test_missing_words_are_in_the_compared_form(word: str) -> None:
    """Else one of them could never match."""
    assert says_nothing(word)


def test_headings_are_compared_without_decoration() -> None:
    """Numbers, emoji, colons and case."""
    assert folded_heading(" 2) 🔧 **Workaround(s)**: ") == "workaround(s)"


@pytest.mark.parametrize("line", ["# a{}b", "# (a{}b", "**a{}b**", "a{}b:\n---"])
def test_wide_gaps_cost_no_time(line: str) -> None:
    """Anybody can write an issue, and its whole body is read: these took minutes."""
    gap = " " * 150_000

    assert sections(line.format(gap), {"symptom": ("Symptoms",)}) == {}
