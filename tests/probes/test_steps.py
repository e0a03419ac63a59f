"""Playbooks as secondline.toml writes them: which steps there are, in which rounds, and what becomes of them."""

import pytest

from bot.probes.checklist import checklist
from bot.probes.conclusion import conclusion
from bot.probes.manual import Trial
from bot.probes.playbooks import PLAYBOOKS, Playbooks, is_step, next_steps, read_playbook
from tests.fake_probe import result
from tests.hostile import NOW
from tests.probes.test_places import OPEN, FakeProber
from tests.probes.test_playbooks import EAST, SITE, WEST, swept
from tests.world import US_EAST, World


def rounds(*words: str) -> list[tuple[str, int]]:
    return [(step.key, step.round) for step in read_playbook(words).steps]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("mtr", "ping"), [("targetmtr", 1), ("targetping", 1)]),
        (("ping", "mtr"), [("targetping", 1), ("worstmtr", 2)]),
        (("control ping", "mtr"), [("controlping", 1), ("targetmtr", 1)]),
        (("http", "control http", "page"), [("targethttp", 1), ("controlhttp", 1), ("targetpage", 2)]),
        (("ping", "mtr", "vpn"), [("targetping", 1), ("worstmtr", 2), ("targetvpn", 2)]),
        (("vpn", "ping", "mtr"), [("targetvpn", 1), ("targetping", 1), ("worstmtr", 2)]),
        (("ping", "mtr", "page"), [("targetping", 1), ("worstmtr", 2), ("targetpage", 3)]),
    ],
)
def test_steps_wait_for_what_they_need(words: tuple[str, ...], expected: list[tuple[str, int]]) -> None:
    """The worst address is found by the sweep; a page comes after all before it; the rest starts together."""
    assert rounds(*words) == expected


def test_the_usual_gateway_has_two_rounds() -> None:
    """The sweep of both, then the paths of both beside the services."""
    assert [step.round for step in PLAYBOOKS["gateway"].steps] == [1, 1, 2, 2, 2, 2, 2]
    assert PLAYBOOKS["gateway"].customers and not PLAYBOOKS["website"].customers


@pytest.mark.parametrize(
    ("word", "known"),
    [("vpn", True), ("control vpn", True), ("customers", True), ("control customers", False), ("smoke", False)],
)
def test_words_are_steps_or_not(word: str, known: bool) -> None:
    """A smoke test is no kind of probe, and customers are nobody's control."""
    assert is_step(word) is known


def test_a_page_alone_waits_for_no_answer() -> None:
    """Only where the playbook asks before is its answer waited for."""
    alone: Playbooks = {"website": read_playbook(["page"])}
    after: Playbooks = {"website": read_playbook(["dns", "page", "http"])}
    done = (("targetdns", result("dns", "Website")),)

    assert [step.kind for step in next_steps(SITE, None, (), playbooks=alone)] == ["page"]
    assert [step.kind for step in next_steps(SITE, None, done, playbooks=after)] == ["page", "http"]


def test_a_path_without_a_sweep_has_all_addresses_to_choose_from() -> None:
    """The probe itself finds one."""
    planned = next_steps(EAST, WEST, (), playbooks={"gateway": read_playbook(["mtr"])})

    assert [(step.step, step.subject.addresses) for step in planned] == [("target", EAST.addresses)]


def test_a_target_of_a_kind_without_steps_gets_nothing() -> None:
    """An empty list turns a playbook off."""
    assert next_steps(EAST, WEST, (), playbooks={"gateway": read_playbook([])}) == ()


async def test_an_empty_playbook_starts_nothing() -> None:
    """Opening an investigation shows no list of nothing."""
    world = World(playbooks={"gateway": read_playbook([])})
    await world.opened(US_EAST)

    assert world.probes.of(1) == []


async def test_probes_and_what_people_try_stand_in_one_list() -> None:
    """A try is added to what was measured, and does not replace it."""
    words = ["tls", "control ping", "by hand: connect from a *phone*"]
    world = World(catalog=OPEN, prober=FakeProber(), playbooks={"gateway": read_playbook(words)})
    await world.opened(US_EAST)
    await world.probed()
    (batch,) = world.probes.of(1)
    listed = checklist(batch)
    world.evidence.tried(1, Trial("UKIM", NOW, "Pixel 9", "", "", reproduced=True))
    (tried,) = world.probes.of(1)

    assert listed[0].startswith(":white_check_mark: *ping U.S. West*: ")
    assert listed[1].startswith("☐ *by hand*: connect from a ") and "*phone*" not in listed[1]
    assert listed[2:] == [":heavy_minus_sign: *tls*: left out, no tls endpoints"]
    assert conclusion(tried).endswith("reproduced in 1 of 1 try")
    assert conclusion(batch) == "connect from a *phone*"


def test_a_sweep_reading_is_used_for_the_control_too() -> None:
    """The control's path goes to its own worst address."""
    words = ["control ping", "control mtr"]
    swept_west = swept("U.S. West", 0, 5)
    planned = next_steps(EAST, WEST, (("controlping", swept_west),), playbooks={"gateway": read_playbook(words)})

    assert [(step.step, step.kind, step.subject.addresses) for step in planned] == [("control", "mtr", ("127.0.22.2",))]
