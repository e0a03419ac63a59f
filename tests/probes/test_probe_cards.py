"""The message about probe runs, its table, and the stored form of results."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.model import Content, ShownPicture
from bot.probes import cards
from bot.probes.batch import SUBJECTS, Batch, ProbeRun, RunState, read_result, stored_result
from bot.probes.model import ProbeResult, Subject
from bot.slack.tables import ROWS_MAX
from tests import hostile
from tests.fake_probe import result
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, mrkdwn_texts, texts


def batch(*results: ProbeResult, state: RunState = RunState.DONE) -> Batch:
    runs = [
        ProbeRun(n, 1, "target", r.kind, r.label, RunState.DONE, Subject(r.label), result=r)
        for n, r in enumerate(results)
    ]
    return Batch(1, "ping app", "", "app", "C1", state, NOW, runs=tuple(runs), finished_at=NOW)


def text(shown: Batch) -> str:
    return "\n".join(texts(list(cards.card(shown).blocks)))


def test_headline_then_doubt_then_what_to_do() -> None:
    """One message: what is wrong in a few words, and buttons for the rest."""
    shown = cards.card(batch(result("ping", "app", lost=4)))

    assert shown.text == ":red_circle: *10.1.2.3 loses 4 of 10 packets.*"
    assert labels(shown) == ["Details", "Run Again"]
    assert "ping app" in text_of(shown).splitlines()[-1]
    assert [block["type"] for block in shown.blocks] == ["section", "actions", "context"]


def test_the_picture_stands_between_the_words_and_the_buttons() -> None:
    """With what it shows in words."""
    shown = cards.card(batch(result("ping", "app", lost=4)), picture=ShownPicture("F1", "10.1.2.3 loses 4 of 10"))

    assert [block["type"] for block in shown.blocks] == ["section", "image", "actions", "context"]
    assert shown.blocks[1]["alt_text"] == "10.1.2.3 loses 4 of 10"


def test_a_repeat_says_how_it_was() -> None:
    """Also that nothing changed."""
    bad, fine = batch(result("ping", "app", lost=4)), batch(result("ping", "app"))

    assert "Before, at <!date^" in (better := text_of(cards.card(fine, bad)))
    assert "10.1.2.3 loses 4 of 10 packets." in better
    assert "The same as at <!date^" in text_of(cards.card(bad, bad))
    assert "Before" not in text_of(cards.card(replace(bad, state=RunState.RUNNING), fine))


def test_details_are_one_table_and_the_way_to_the_others() -> None:
    """What fails comes first; the file is a press away."""
    both = batch(result("ping", "app"), result("tls", "app", lost=4))
    first, second = cards.detail(both), cards.detail(both, 1)

    assert [block["type"] for block in first.blocks] == ["section", "table", "actions"]
    assert first.text.startswith("*tls app*") and second.text.startswith("*ping app*")
    assert second.blocks[1]["type"] == "data_table"
    assert [option["value"] for option in first.blocks[-1]["elements"][0]["options"]] == ["1 0", "1 1"]
    assert first.blocks[-1]["elements"][1]["text"]["text"] == "Get Files"
    assert [each["type"] for each in cards.detail(batch(result("ping", "app"))).blocks[-1]["elements"]] == ["button"]


def test_a_sweep_of_many_says_what_it_leaves_out() -> None:
    """Slack takes a hundred rows; bad ones come first, and the file has all."""
    long = result("ping", "app")
    shown = cards.detail(batch(replace(long, readings=long.readings * 120)))

    assert len(shown.blocks[1]["rows"]) == ROWS_MAX
    assert "21 more rows: the file has all of them." in text_of(shown)


def test_nothing_measured_has_no_details() -> None:
    """Before the first result there is no button, and no table."""
    waiting = replace(batch(), state=RunState.QUEUED)

    assert labels(cards.card(waiting)) == ["Cancel"]
    assert cards.detail(waiting).text == "Nothing has been measured yet."
    assert "no longer kept" in cards.detail(replace(batch(result("ping", "app")), emptied=True)).text


def test_a_playbook_leaves_its_verdict_to_the_card() -> None:
    """The count stands above the steps; outside of an investigation, where no card is, the headline."""
    playbook = replace(batch(result("ping", "app", lost=4), result("tls", "app")), playbook="app")
    in_thread = cards.card(replace(playbook, investigation_id=1))

    assert "*Playbook for app*: trouble in 1 of 2 measurements" in text_of(in_thread)
    assert "loses 4 of 10 packets." in in_thread.text
    assert "*10.1.2.3 loses 4 of 10 packets.*" in text_of(cards.card(playbook))


def labels(content: Content) -> list[str]:
    """Of the buttons."""
    rows = [block["elements"] for block in content.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]


def text_of(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


def test_failed_run_says_how_to_mend_it() -> None:
    """A probe that could not run is a result with a remedy."""
    barred = result("ping", "app", barred="no ICMP", remedy="set net.ipv4.ping_group_range")

    assert ":warning:" in text(batch(barred)) and ":red_circle:" not in text(batch(barred))
    assert ":wrench: set net.ipv4.ping" in text(batch(barred))


def test_interrupted_batch_asks_to_be_run_again() -> None:
    """Nobody waits for what no longer runs."""
    shown = cards.card(batch(result("ping", "app"), state=RunState.INTERRUPTED))

    assert "interrupted" in shown.text and "Run Again" in labels(shown)


@settings(max_examples=30)
@given(hostile.batches)
def test_every_batch_keeps_slack_s_limits(shown: Batch) -> None:
    """Host names and reasons from outside are inert, and all fits into one message."""
    for message in (cards.card(shown), cards.card(shown, shown), cards.detail(shown), cards.detail(shown, 3)):
        assert broken_by_message(message) == []
        assert not [each for each in mrkdwn_texts(message) if ALIVE.search(each)]


@settings(max_examples=40)
@given(hostile.results())
def test_stored_result_comes_back(found: ProbeResult) -> None:
    """JSON and back is the same record."""
    assert read_result(stored_result(found)) == found


@given(st.builds(Subject, label=st.text(), hosts=st.lists(st.text()).map(tuple), trusted=st.booleans()))
def test_stored_subject_comes_back(subject: Subject) -> None:
    """The same for what is measured."""
    assert SUBJECTS.read(SUBJECTS.write(subject)) == subject
