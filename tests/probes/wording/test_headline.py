"""A target's trouble in at most twelve words, of the verdicts' data."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.conclusion import Headline, Light, headline
from bot.probes.icmp.path_facts import LossBegins, Outage, PathEnd, PathFacts, PathHop, Rejects
from bot.probes.manual import Trial
from bot.probes.model import About, Fault, Numbers, ProbePlace, ProbeResult, Subject, Verdict
from bot.probes.registry import KINDS
from bot.probes.wording.headline import WORDS_MAX
from tests.fake_probe import result
from tests.hostile import NOW

CONTROL = "U.S. West"


def batch(*runs: ProbeRun, state: RunState = RunState.DONE, by_hand: str = "", trials: tuple[Trial, ...] = ()) -> Batch:
    return Batch(1, "playbook", "gateway", "us-east", "C1", state, NOW, runs=runs, by_hand=by_hand, trials=trials)


def run(number: int, outcome: ProbeResult, *, step: str = "target", place: str = "") -> ProbeRun:
    subject = Subject(outcome.label)
    return ProbeRun(number, 1, step, outcome.kind, outcome.label, RunState.DONE, subject, result=outcome, place=place)


def of(verdict: Verdict, *, label: str = "U.S. East") -> ProbeResult:
    return replace(result(verdict.kind, label), verdict=verdict)


def lossy(first: int, last: int, *, lost: int = 5, sent: int = 10, hops: int = 8) -> Verdict:
    begins = LossBegins(PathHop(first), PathHop(last), (0, 20), (lost, sent), clean_before=True)
    facts = PathFacts(hops=hops, cycles=sent, begins=begins, otherwise=(lost, sent))
    return KINDS["mtr"].verdict(
        About("198.51.100.4", "198.51.100.4"), "loses packets", numbers=Numbers(sent, lost), path=facts
    )


def swept(*lost: int) -> Verdict:
    faults = [
        Fault(About(f"198.51.100.{n}"), f"{count} of 20 lost", Numbers(20, count), "silent" if count == 20 else "loss")
        for n, count in enumerate(lost, 1)
        if count
    ]
    return KINDS["ping"].verdict(
        About("U.S. East"), "has trouble" if faults else "", faults=tuple(faults), among=len(lost)
    )


def failing(kind: str, *reasons: str, among: int = 3) -> Verdict:
    faults = tuple(Fault(About(f"vpn{n}.example.com:443"), reason) for n, reason in enumerate(reasons))
    return KINDS[kind].verdict(About("U.S. East"), "fails", faults=faults, among=among)


def refusing(kind: str, status: int) -> Verdict:
    fault = Fault(About("https://vpn.example.com/"), f"status {status} Service Unavailable", Numbers(status=status))
    return KINDS[kind].verdict(About("U.S. East"), "fails", faults=(fault,), among=3)


FINE_CONTROL = run(9, result("mtr", CONTROL), step="control")
BAD_CONTROL = run(9, result("mtr", CONTROL, lost=6), step="control")


def said(*runs: ProbeRun) -> str:
    return headline([batch(*runs)], "us-east").text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (lossy(3, 3), "Hop 3 loses about half the packets. U.S. West is fine."),
        (lossy(3, 3, lost=4), "Hop 3 loses 4 of 10 packets. U.S. West is fine."),
        (lossy(4, 5), "Packets are lost at hop 4 or 5. U.S. West is fine."),
        (lossy(2, 5), "Packets are lost between hops 2 and 5. U.S. West is fine."),
        (lossy(8, 8, lost=10), "All packets are lost at the target itself. U.S. West is fine."),
        (swept(0, 10, 0, 0), "198.51.100.2 loses about half its packets. U.S. West is fine."),
        (swept(20, 20, 0), "2 of 3 addresses don't answer. U.S. West is fine."),
        (swept(20, 20), "No address answers. U.S. West is fine."),
        (swept(7, 8, 0), "2 of 3 addresses lose packets. U.S. West is fine."),
        (failing("tcp", "refused", "refused"), "2 of 3 ports fail: refused. U.S. West is fine."),
        (failing("tcp", "refused", "timeout"), "2 of 3 ports fail. U.S. West is fine."),
        (refusing("http", 503), "1 of 3 addresses fails with status 503. U.S. West is fine."),
        (failing("http", "answers 503", among=1), "vpn0.example.com:443: answers 503. U.S. West is fine."),
    ],
)
def test_what_is_wrong_where_and_the_control(verdict: Verdict, words: str) -> None:
    """The fullest form that leaves room for the control."""
    assert said(run(1, of(verdict)), FINE_CONTROL) == words


def test_a_long_name_of_the_control_takes_the_place_of_nothing() -> None:
    """What is wrong comes first; the control is left out where it has no room."""
    control = run(9, result("mtr", "The second gateway of the west coast near San José"), step="control")

    assert said(run(1, of(lossy(3, 3))), control) == "About half the packets are lost at hop 3."


def test_a_control_in_trouble_is_a_comparison_and_no_culprit() -> None:
    """It is told beside trouble of the target, and not at all without any."""
    assert (
        said(run(1, of(lossy(3, 3))), BAD_CONTROL) == "Hop 3 loses about half the packets. U.S. West has trouble too."
    )
    assert said(run(1, result("mtr", "U.S. East")), BAD_CONTROL) == "Nothing wrong in 1 probe."


def test_the_way_to_a_target_ends_in_its_own_words() -> None:
    """Not reached is more than loss, and that it ignores pings is no outage."""
    name = About("198.51.100.4", "198.51.100.4")
    silent = KINDS["mtr"].verdict(name, "silent", numbers=Numbers(10, 10), path=PathFacts(8, 10, PathEnd.SILENT))
    wall = Rejects(PathHop(4), "filtered", 10, 10, filtered=True)
    rejected = replace(silent, path=PathFacts(4, 10, PathEnd.REJECTED, rejects=(wall,)))
    gone = replace(lossy(3, 3), path=PathFacts(8, 10, outages=(Outage(NOW, None, 5),)))

    assert said(run(1, of(silent))) == "198.51.100.4 doesn't answer ping, which may be a firewall."
    assert said(run(1, of(rejected))) == "Hop 4 rejects all packets to 198.51.100.4 (a firewall)."
    assert said(run(1, of(gone))) == "198.51.100.4 stopped answering."


def test_the_place_from_where_it_fails_is_part_of_it() -> None:
    """What only Brisbane sees is not said of all."""
    there = replace(of(lossy(3, 3)), place=ProbePlace("Brisbane", "AU"))

    assert said(run(1, there, place="Brisbane")) == "About half the packets are lost at hop 3 from Brisbane."


def test_when_all_is_well_one_short_line_says_so() -> None:
    """With its doubt, and with what somebody should act on soon."""
    fine, chance = run(1, result("ping", "U.S. East")), replace(result("mtr", "U.S. East"))
    chance = replace(chance, verdict=replace(chance.verdict, may_be_chance=True))
    ends = KINDS["tls"].verdict(About("vpn.example.com"), numbers=Numbers(days_left=11.4), warns=True)

    assert headline([batch(fine, run(2, result("mtr", "U.S. East")))], "us-east") == Headline(
        "Nothing wrong in 2 probes.", Light.FINE
    )
    assert said(fine, run(2, chance)) == "Nothing wrong in 2 probes, a little loss may be chance."
    assert headline([batch(fine, run(2, of(ends)))], "us-east") == Headline(
        "The certificate expires in 11 days. Nothing is broken.", Light.SOON
    )


def test_while_nothing_is_measured_it_says_why() -> None:
    """Grey, and never green."""
    barred = run(1, result("mtr", "U.S. East", barred="No ICMP from here"))
    tried = Trial("U1", NOW, "Pixel 9", "Android 16", "5.2", reproduced=True)

    assert headline([], "us-east") == Headline("Nothing has been measured yet.", Light.UNKNOWN)
    assert headline([batch(state=RunState.RUNNING)], "us-east").text == "The probes are running…"
    assert headline([batch(barred)], "us-east").text == "Nothing could be measured. The thread says why."
    assert (
        headline([batch(state=RunState.INTERRUPTED)], "us-east").text == "The probes were interrupted. Run them again."
    )
    assert headline([batch(by_hand="Try it")], "us-east").text == "No one has tried it on a device yet."
    assert headline([batch(by_hand="Try it", trials=(tried,))], "us-east") == Headline(
        "Reproduced in 1 of 1 try.", Light.BROKEN
    )


def test_another_target_is_not_told() -> None:
    """`probe mtr us-west` in a thread about U.S. East."""
    other = replace(batch(run(1, of(lossy(3, 3)))), target="us-west")

    assert headline([other], "us-east").text == "Nothing has been measured yet."


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12)
PHRASES = st.lists(WORDS, max_size=15).map(" ".join)
NUMBERS = st.integers(1, 300).flatmap(lambda sent: st.builds(Numbers, st.just(sent), st.integers(0, sent)))
HOPS = st.builds(PathHop, st.integers(1, 64), PHRASES)
BEGINS = st.builds(
    lambda first, wide: LossBegins(PathHop(first), PathHop(first + wide), (0, 5), (3, 5), clean_before=False),
    st.integers(1, 30),
    st.integers(0, 9),
)
PATHS = st.builds(
    PathFacts,
    st.integers(1, 64),
    st.integers(1, 100),
    st.sampled_from(PathEnd),
    begins=st.none() | BEGINS,
    rejects=st.lists(
        st.builds(Rejects, HOPS, PHRASES, st.integers(1, 5), st.integers(5, 9), st.booleans()), max_size=2
    ).map(tuple),
    loop=st.just(()) | st.tuples(HOPS, HOPS),
)
FAULTS = st.builds(Fault, st.builds(About, PHRASES), PHRASES, NUMBERS, st.sampled_from(("", "loss", "silent", "slow")))


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    faults = draw(st.lists(FAULTS, max_size=4).map(tuple))
    return kind.verdict(
        About(draw(PHRASES), draw(WORDS)),
        draw(PHRASES),
        numbers=draw(NUMBERS),
        faults=faults,
        among=len(faults) + draw(st.integers(0, 3)),
        caveats=draw(st.lists(PHRASES, max_size=2).map(tuple)),
        may_be_chance=draw(st.booleans()),
        warns=draw(st.booleans()),
        path=draw(PATHS) if kind.name == "mtr" else None,
        measured=draw(st.booleans()),
    )


@given(
    own=st.lists(verdicts(), max_size=4),
    control=st.lists(verdicts(), max_size=3),
    places=st.lists(st.sampled_from(("", "", "San Francisco")), min_size=4, max_size=4),
)
def test_any_verdicts_give_at_most_twelve_words_and_blame_no_control(
    own: list[Verdict], control: list[Verdict], places: list[str]
) -> None:
    """Whatever is measured; the control's name stands in a sentence of its own, after what is wrong."""
    runs = [run(n, of(verdict), place=place) for n, (verdict, place) in enumerate(zip(own, places, strict=False), 1)]
    others = [run(20 + n, of(verdict, label="Zwolle"), step="control") for n, verdict in enumerate(control)]
    told = headline([batch(*runs, *others)], "us-east")

    assert 0 < len(told.text.split()) <= WORDS_MAX
    if "Zwolle" in told.text:
        assert told.text.endswith((". Zwolle is fine.", ". Zwolle has trouble too."))
    fails = [verdict for verdict in own if verdict.measured and verdict.wrong]
    assert (told.light is Light.BROKEN) == bool(fails)


@given(control=st.lists(verdicts(), min_size=1, max_size=3))
def test_trouble_of_a_control_alone_is_not_the_targets(control: list[Verdict]) -> None:
    """Nothing was measured of the target itself."""
    others = [run(20 + n, of(verdict, label="Zwolle"), step="control") for n, verdict in enumerate(control)]

    assert "Zwolle" not in headline([batch(*others)], "us-east").text
