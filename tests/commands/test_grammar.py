"""The words that people type, in whatever form Slack hands them over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.investigations.update_model import Purpose
from commands.grammar import (
    ALIASES,
    EXAMPLES,
    MEANT,
    ReadWords,
    UnknownWord,
    for_tier1,
    kind_and_places,
    names_no_team,
    parse,
    person_and_rest,
    purpose_and_text,
    team_and_note,
    told_how,
)

ANY = st.one_of(st.text(), st.text(alphabet="<@UBOT|> claimnote\n\xa0", max_size=40))


@given(ANY, st.sampled_from(["", "UBOT"]))
def test_nothing_that_people_type_breaks_it(text: str, bot_user: str) -> None:
    """It is understood, or the sentence says what would be."""
    try:
        words = parse(text, bot_user)
    except UnknownWord as error:
        assert "`help` lists everything" in error.sentence
    else:
        assert words.verb in EXAMPLES


@given(ANY)
def test_probes_and_people_break_on_nothing_either(text: str) -> None:
    """The same for what comes after the first word."""
    for read in (kind_and_places, person_and_rest, purpose_and_text, told_how, for_tier1, team):
        try:
            read(text)
        except BadInput as error:
            assert error.sentence


@pytest.mark.parametrize("word", EXAMPLES)
def test_every_word_and_its_example_mean_itself(word: str) -> None:
    """Whoever copies an example gets what it is an example of."""
    assert parse(f"<@UBOT> {word}", "UBOT").verb == word
    assert parse(EXAMPLES[word]).verb == word


def test_aliases_lead_to_words() -> None:
    """And hide none."""
    assert {*ALIASES.values(), *(word for words in MEANT.values() for word in words)} <= set(EXAMPLES)
    assert not set(MEANT) & {*EXAMPLES, *ALIASES}
    assert not set(ALIASES) & set(EXAMPLES)


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("", "help", ""),
        ("<@UBOT>", "help", ""),
        ("<@UBOT|secondline>   NOTE  two  words", "note", "two  words"),
        ("note <@UBOT> is watching", "note", "is watching"),
        ("<@UBOT>\xa0claim", "claim", ""),
        ("<@UBOT> note\nline one\nline two", "note", "line one\nline two"),
        ("<@UBOT>: claim", "claim", ""),
        ("<@UBOT>, Note: only on 2.4", "note", "only on 2.4"),
        ("<@UBOT> thanks!", None, ""),
        ("<@UBOT> !", "help", ""),
        ("<@UBOT> ?", "help", ""),
        ("<@UBOT> hand over <@UJO> it is clean", "handover", "<@UJO> it is clean"),
        ("Hand-over <@UJO>", "handover", "<@UJO>"),
        ("hand off: vendor northlink", "handoff", "vendor northlink"),
        ("hand", None, ""),
        ("hand over-the counter", None, ""),
        ("<@UJO> claim", None, ""),
        ("<@UBOT> `note at 14:05 it's back`", "note", "at 14:05 it's back"),
        ("<@UBOT> *claim* INV-3", "claim", "INV-3"),
        ("<@UBOT> “claim”", "claim", ""),
        ("<@UBOT>: `claim`", "claim", ""),
        ("<@UBOT>, *note* it is back", "note", "it is back"),
        ("<@UBOT> \N{LEFT-TO-RIGHT MARK}claim", "claim", ""),
        ("<@UBOT> please claim", "claim", ""),
        ("<@UBOT> note:x", "note", "x"),
        ("<@UBOT> ticket#4711", "tickets", "#4711"),
        ("<@UBOT> mtr us-east from Berlin", "probe", "mtr us-east from Berlin"),
        ("<@UBOT> ping", None, ""),
    ],
)
def test_mentions_and_spaces_of_all_kinds(text: str, verb: str | None, rest: str) -> None:
    """Slack puts a no-break space behind a mention, and people begin a note on its own line."""
    if verb is None:
        with pytest.raises(UnknownWord):
            parse(text, "UBOT")
    else:
        assert parse(text, "UBOT") == ReadWords(verb, rest)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("clam", "claim"),
        ("tickts", "tickets"),
        ("esclate", "escalate"),
        ("xq", ""),
        ("solved: it was DNS", "resolve"),
        ("duplicate of INV-3", "merge"),
        ("ping", "probe"),
    ],
)
def test_nearest_word_is_offered(typed: str, meant: str) -> None:
    """With an example of its use; something is shown even where nothing is near."""
    with pytest.raises(UnknownWord) as caught:
        parse(typed)

    assert caught.value.nearest == meant
    assert f"`{EXAMPLES[meant or 'probe']}`" in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mtr us-east", ("mtr", "us-east", ())),
        ("MTR   U.S. East from here", ("mtr", "U.S. East", ())),
        ("ping", ("ping", "", ())),
        ("http https://example.com/a from local", ("http", "https://example.com/a", ())),
        ("", ("", "", ())),
        ("mtr us-east from Brisbane, Berlin", ("mtr", "us-east", ("Brisbane", "Berlin"))),
        ("mtr from São Paulo and here", ("mtr", "", ("São Paulo",))),
        ("mtr from customers", ("mtr", "", ("customers",))),
        ("mtr us-east from the Customers and Berlin", ("mtr", "us-east", ("customers", "Berlin"))),
        ("ping us-east from Germany x2, AS1221", ("ping", "us-east", ("Germany", "Germany", "AS1221"))),
        ("ping us-east from Berlin+Germany", ("ping", "us-east", ("Berlin+Germany",))),
        ("ping us-east from Washington, DC", ("ping", "us-east", ("Washington+DC",))),
        (
            "ping us-east from New York,NY x2, Austin, TX and Berlin",
            ("ping", "us-east", (*["New York+NY"] * 2, "Austin+TX", "Berlin")),
        ),
        ("ping us-east from TX, NY", ("ping", "us-east", ("TX", "NY"))),
        ("ping us-east from Brisbane, CA, DE", ("ping", "us-east", ("Brisbane", "CA", "DE"))),
        ("ping us-east from Brisbane, Oregon", ("ping", "us-east", ("Brisbane", "Oregon"))),
        ("ping us-east from ", ("ping", "us-east", ())),
        ("ping us-east From Berlin & Paris.", ("ping", "us-east", ("Berlin", "Paris"))),
    ],
)
def test_kind_and_places(text: str, expected: tuple[str, str, tuple[str, ...]]) -> None:
    """What is measured, and from where; a place stands as often as probes are wanted there."""
    assert kind_and_places(text) == expected


@pytest.mark.parametrize("place", ["<@U123>", "Berlin; rm -rf /", "x" * 61, "Berlin x0", "`Berlin`"])
def test_what_is_no_place_is_refused_with_an_example(place: str) -> None:
    """Nothing but words goes to somebody else's service."""
    with pytest.raises(BadInput, match="is no place"):
        kind_and_places(f"mtr us-east from {place}")


def test_person_wherever_in_the_words() -> None:
    """And a name without a mention is nobody."""
    assert person_and_rest("please <@UJO|jo> take over") == ("UJO", "please take over")
    assert person_and_rest("to <@UJO>") == ("UJO", "")
    assert person_and_rest("INV-3 to <@UJO>: only on Android") == ("UJO", "INV-3 only on Android")
    assert person_and_rest("over to <@UJO> - only on Android") == ("UJO", "only on Android")
    with pytest.raises(BadInput, match="Mention the person"):
        person_and_rest("@jo take over")


@pytest.mark.parametrize(("typed", "meant"), [("relelve", {"resolve", "release"}), ("disease", {"release", "dismiss"})])
def test_words_that_are_equally_near_are_all_named(typed: str, meant: set[str]) -> None:
    """None of them is taken for what was meant."""
    with pytest.raises(UnknownWord) as caught:
        parse(typed)

    assert caught.value.nearest == ""
    assert all(repr(word) in caught.value.sentence for word in meant), caught.value.sentence


@pytest.mark.parametrize(
    ("text", "purpose", "rest"),
    [
        ("the provider is on it", Purpose.BOTH, "the provider is on it"),
        ("Management: he called", Purpose.MANAGEMENT, "he called"),
        ("ltm : he called", Purpose.MANAGEMENT, "he called"),
        ("tier 1: use West\nnow", Purpose.TIER1, "use West\nnow"),
        ("T1:x", Purpose.TIER1, "x"),
        ("Tier-1: x", Purpose.TIER1, "x"),
        ("to management: he called", Purpose.MANAGEMENT, "he called"),
        ("management knows now", Purpose.BOTH, "management knows now"),
        ("Tier 1 is happy", Purpose.BOTH, "Tier 1 is happy"),
    ],
)
def test_update_is_for_both_unless_one_is_named_with_a_colon(text: str, purpose: Purpose, rest: str) -> None:
    assert purpose_and_text(text) == (purpose, rest)


@pytest.mark.parametrize(
    ("text", "purpose", "rest"),
    [
        ("by phone use West", Purpose.PHONE, "use West"),
        ("On the phone: use West", Purpose.PHONE, "use West"),
        ("in chat, use West", Purpose.CHAT, "use West"),
        ("on the status page: we look", Purpose.STATUS_PAGE, "we look"),
        ("in tickets: we look", Purpose.HAND, "we look"),
        ("by phones are fine", Purpose.HAND, "by phones are fine"),
        ("we look", Purpose.HAND, "we look"),
        ("by phone", Purpose.PHONE, ""),
        ("by fax.", Purpose.HAND, ""),
        ("by tomorrow it works", Purpose.HAND, "by tomorrow it works"),
    ],
)
def test_how_customers_were_told_may_stand_first(text: str, purpose: Purpose, rest: str) -> None:
    assert told_how(text) == (purpose, rest)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tier 1 use West", "use West"),
        ("Tier1: use West", "use West"),
        ("tier-1: use West", "use West"),
        ("use West", "use West"),
        ("t1 nothing.", ""),
        ("nothing", ""),
        ("nothing works in tier 1", "nothing works in tier 1"),
    ],
)
def test_what_tier_1_should_say_may_begin_with_their_name(text: str, meant: str) -> None:
    assert for_tier1(text) == meant


def team(text: str) -> tuple[str, str]:
    return team_and_note(text, {"T2 Tech": "t2-tech", "T2 CS": "t2-cs", "Web": "web"})


@pytest.mark.parametrize(
    ("text", "key", "note"),
    [
        ("T2 CS", "t2-cs", ""),
        ("to t2-cs: only on\nAndroid", "t2-cs", "only on\nAndroid"),
        ("t2 tech it is ours", "t2-tech", "it is ours"),
        ("Web", "web", ""),
        ("CS", "t2-cs", ""),
        ("to tech", "t2-tech", ""),
        ("to the CS team", "t2-cs", ""),
        ("webmaster says so", "", "webmaster says so"),
        ("2 customers say so", "", "2 customers say so"),
        ("", "", ""),
    ],
)
def test_team_may_be_named_by_title_or_key(text: str, key: str, note: str) -> None:
    assert team(text) == (key, note)


@pytest.mark.parametrize(
    ("note", "none"),
    [
        ("T9", True),
        ("to T9 only on Android", True),
        ("T2 customers say so", True),
        ("nobody", True),
        ("", False),
        ("webmaster says so", False),
        ("2 customers say so", False),
    ],
)
def test_note_that_begins_with_a_team_that_there_is_not(note: str, none: bool) -> None:
    """A slip in the team's name must not move anything."""
    assert names_no_team(note, ["T2 Tech", "T2 CS", "Web"]) is none
