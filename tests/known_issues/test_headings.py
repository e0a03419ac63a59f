"""Sections of bodies, whatever way people write their headings."""

from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.known_issues.empty_answers import MISSING, says_nothing
from bot.known_issues.headings import OTHER, folded_heading, sections
from bot.known_issues.mapping import OTHER_HEADINGS, SYMPTOM_HEADINGS, WORKAROUND_HEADINGS
from tests.stalls import STALL_S, busy_s

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
    "bold list item": ("- **{}:**", " "),
    "bold with a dash": ("**{}** –", " "),
    "emoji by name": ("## :wrench: {}", "\n"),
    "emoji by name, bold": ("**:white_check_mark: :+1: {}:**", " "),
    "emoji by name, same line": (":wrench: {}:", " "),
    "emoji before bold": ("⚠️ **{}:**", " "),
    "emoji before a line": ("- 🔧 {}:", " "),
    "emphasis": ("*{}:*", " "),
    "bold emphasis": ("***{}***", "\n"),
    "bold with brackets": ("**{} (Android):**", " "),
    "atx with a dash": ("## {} —", " "),
    "alone on its line": ("{}", "\n"),
    "item alone on its line": ("- {}", "\n"),
    "quote of html": ("<blockquote>\n<b>{}:</b>", " "),
    "task": ("- [x] **{}:**", " "),
    "link": ("## [{}](https://wiki.test/a)", "\n"),
    "link, same line": ("[{}](https://wiki.test/a):", " "),
    "link in brackets": ("### {} ([wiki](https://wiki.test/a))", "\n"),
    "atx, same line": ("## {}:", " "),
    "anchor": ('## <a name="w"></a>{}', "\n"),
    "html": ("<h3>{}</h3>", "\n"),
    "html bold": ("<strong>{}:</strong>", " "),
    "folded": ("<details><summary>🔧 {}</summary>", "\n"),
    "folded, bold": ("<details>\n<summary><b>{}</b></summary>\n", "\n"),
    "quote": ("> ## {}", "\n> "),
    "quote in a quote": ("> > **{}:**", " "),
    "alert": ("> [!WARNING]\n> **{}**", "\n> "),
    "alert with its title": ("> [!TIP] {}", "\n> "),
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
    [
        ("Symptome", "Umgehung"),
        ("Síntomas", "Solución temporal"),
        ("SYMPTÔMES", "Contournement"),
        ("Sintomi", "Soluzione temporanea"),
        ("Sintomas", "Solução temporária"),
        ("Symptomen", "Tijdelijke oplossing"),
        ("Objawy", "Obejście"),
    ],
)
def test_headings_of_other_languages_are_read(symptom: str, workaround: str) -> None:
    """Whatever their case."""
    assert sections(f"# {symptom}\nIt spins.\n# {workaround}\nRestart it.", HEADINGS) == BOTH


def test_what_a_form_leaves_empty_is_missing() -> None:
    """As GitHub's issue forms write it."""
    body = "### Version\n\n2.14\n\n### Symptoms\n\nIt spins.\n\n### Workaround\n\n_No response_\n\n### Logs\n\nx"

    assert sections(body, HEADINGS) == {"symptom": "It spins."}


# fmt: off
NOTHING = (
    "n/a", "N/A.", "None", "-", "—", "_No response_", "keine", "tbd", "", "**none**", "TBC", "tbc…", "(TBC)", "T.B.C.",
    "To be confirmed.",
    "not available", "Not available yet", "None yet", "none so far, sorry", "???",
    ":x: none", "❌ None",
    "There is currently no workaround.",
    "No known workarounds at this time.", "No workaround exists (yet)", "- none",
    "Unknown; we are investigating.",
    "Under investigation", "* TBC", "> TBC", "> [!NOTE]\n> None known", "~~Restart it~~",
    "~~Restart~~\n~~it~~ TBC", "<del>Restart it</del>", "- ~~Restart it~~\n- n/a",
    "~Restart it~", "None\n\nNone",
    "Noch keine bekannt", "Derzeit keine Umgehung bekannt.", "k. A.", "Wird noch geklärt", "Offen", "Noch offen, folgt",
    "Ninguna por el momento", "No hay solución temporal", "Pendiente", "Por confirmar", "Ninguno conocido",
    "Aucun contournement connu à ce jour", "Pas encore disponible", "À confirmer", "Il n'y a pas de solution",
    "Nessuna soluzione al momento", "Non disponibile", "Da definire", "Nessuno noto",
    "Nenhuma solução conhecida", "Não há", "Ainda não disponível", "A definir, não há solução",
    "Nog geen oplossing bekend", "Niet beschikbaar", "n.v.t.", "Nader te bepalen", "Brak", "Na razie brak obejścia",
    "Nie jest znane", "Do ustalenia", "To be confirmed with the network team", "TBC by QA on Monday",
    "Nothing yet – we're on it",
)
SOMETHING = (
    "Restart it.", "None needed on iOS: use TCP", "No VPN", "Do not update", "TBC: restart helps some",
    "Use TCP, TBC", "Not yet. Use Wi-Fi.", "Wait", "Keine, aber Neustart hilft", "Reiniciar", "5.1", "Off",
    "Aucun, sauf redémarrer", "Nicht aktualisieren", "Ne pas mettre à jour", "Non aggiornare", "Não atualizar",
    "Niet updaten", "Nie aktualizuj",
)
# fmt: on


@pytest.mark.parametrize("nothing", NOTHING)
def test_words_for_nothing_are_missing(nothing: str) -> None:
    """A workaround "none" is no workaround, in whatever words and marks."""
    assert sections(f"## Workaround\n{nothing}\n## Notes\nx", HEADINGS) == {}


@pytest.mark.parametrize("something", SOMETHING)
def test_words_for_something_are_not(something: str) -> None:
    """Half of nothing is something."""
    assert sections(f"## Workaround\n{something}\n## Notes\nx", HEADINGS) == {"workaround": something}


def test_what_is_struck_out_does_not_count() -> None:
    """Neither words nor a heading; in code it stays."""
    body = "## ~~Workaround~~\nReboot.\n## Workaround\n"
    body += "Use ~~UDP\nor~~ TCP.\n- ~~Wait~~\n- Pay\n```\n~~a~~\n```\n~5 min, ~9 max"

    assert sections(body, HEADINGS) == {
        "workaround": "Use \n TCP.\n- Pay\n```\n~~a~~\n```\n~5 min, ~9 max",
    }


def test_a_section_ends_with_its_quote() -> None:
    """And the one around it goes on; one that has nothing to say there begins with it."""
    around = "## Symptoms\nIt spins.\n> [!TIP]\n> **Workaround:** restart it\n> or wait\n\nFor ever."
    title = "> ### Workaround\n\nRestart it.\n\n## Notes\nx"
    folded = "<details>\n<summary>Workaround</summary>\n\nRestart it.\n\n</details>\n\nSee you."

    assert sections(around, HEADINGS) == {"symptom": "It spins.\n\n\nFor ever.", "workaround": "restart it\nor wait"}
    assert sections(title, HEADINGS) == {"workaround": "Restart it."}
    assert sections(folded, HEADINGS) == {"workaround": "Restart it."}


def test_quotes_and_alerts_below_a_heading_are_its_text() -> None:
    """Without their marks; what looks like a heading in them ends nothing."""
    body = "## Workaround\n> [!IMPORTANT]\n> # On Android\n> Restart it.\n>\n> > twice\n## Notes\nx"

    assert sections(body, HEADINGS) == {"workaround": "# On Android\nRestart it.\n\ntwice"}


def test_code_in_a_quote_is_code() -> None:
    """And what looks like a quote in code is code too."""
    body = "> ```\n> ## Workaround\n> x\n\n## Workaround\n```\n> a\n```"

    assert sections(body, HEADINGS) == {"workaround": "```\n> a\n```"}


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
@example("Workaround: a~~b~~c\n> > Workaround: ~d~ e\n- - - x")
def test_any_text_is_read(body: str) -> None:
    """Nothing crashes, and nothing is made up: every section's lines stand in the body."""
    plain = body.replace("\r\n", "\n").replace("\r", "\n")
    for text in sections(body, HEADINGS).values():
        assert all(word in plain for line in text.split("\n") for word in line.split()) or "<" in plain


@pytest.mark.parametrize("word", sorted(MISSING))
def test_missing_words_are_in_the_compared_form(word: str) -> None:
    """Else one of them could never match."""
    assert says_nothing(word)


def test_headings_are_compared_without_decoration() -> None:
    """Numbers, emoji, colons and case."""
    assert folded_heading(" 2) 🔧 **Workaround(s)**: ") == "workaround(s)"


@pytest.mark.parametrize(
    "piece", ["- ", "> ", "~~ ", "~a ", "<details>", ":a:", "[a](b)", "<b>", "<summary>", "**", "> [!"]
)
def test_many_marks_cost_no_time(piece: str) -> None:
    """Nor do they nest without an end."""
    for text in (piece * (60_000 // len(piece)), f"{piece}\n" * (60_000 // len(piece))):
        assert busy_s(partial(sections, f"## Workaround\n{text}", HEADINGS)) <= STALL_S


@pytest.mark.parametrize("line", ["# a{}b", "# (a{}b", "**a{}b**", "a{}b:\n---"])
def test_wide_gaps_cost_no_time(line: str) -> None:
    """Anybody can write an issue, and its whole body is read: these took minutes."""
    gap = " " * 150_000

    assert sections(line.format(gap), {"symptom": ("Symptoms",)}) == {}
