"""Pictures of results: what is bad looks bad, and a screen reader hears the verdict."""

from collections import Counter
from datetime import UTC, datetime
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.canvas import WIDTH
from bot.pictures.model import ALT_MAX, Picture
from bot.pictures.palette import BAD, INK, ODD, WELL
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.path import Hop, Path
from bot.probes.icmp.path_verdict import read
from bot.probes.icmp.peers import against_peers, judged, sweep_verdict
from bot.probes.icmp.trace_result import hop_readings
from bot.probes.model import ProbeResult
from bot.probes.pictures import (
    HOPS_FROM,
    SWEEP_FROM,
    picture_of,
)
from bot.probes.wording import long
from tests.fake_probe import result

WHEN = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)


def mtr(*lost: int, sent: int = 10, label: str = "U.S. East") -> ProbeResult:
    """An MTR whose hops lose so many of `sent`."""
    hops = tuple(
        Hop(ttl, (f"192.0.2.{ttl}",) if sent > n else (), Tally(sent, (float(ttl),) * (sent - n)))
        for ttl, n in enumerate(lost, 1)
    )
    path = Path("192.0.2.99", "here", WHEN, sent, hops, reached=True)
    verdict = read(path)
    return ProbeResult("mtr", label, verdict, WHEN, 9.3, readings=tuple(hop_readings(path, verdict)))


def sweep(*received: int) -> ProbeResult:
    readings = against_peers([judged(f"192.0.2.{n}", Tally(10, (20.0,) * got)) for n, got in enumerate(received, 1)])
    return ProbeResult("ping", "U.S. East", sweep_verdict("U.S. East", readings), WHEN, 2.0, readings=readings)


def opened(picture: Picture | None) -> Image.Image:
    assert picture is not None
    image = Image.open(BytesIO(picture.png))
    assert image.format == "PNG"
    return image.convert("RGB")


def pixels(picture: Picture | None, *colours: str) -> Counter[str]:
    """How many pixels have a colour, nearly: a palette may move it by a little."""
    image = opened(picture)
    found = image.getcolors(image.width * image.height) or []
    counted: Counter[str] = Counter()
    for count, colour in found:
        assert isinstance(colour, tuple)
        near = min(colours or (BAD, ODD, WELL, INK), key=lambda name: _apart(name, colour))
        counted[near] += count if _apart(near, colour) < 20 else 0
    return counted


def _apart(name: str, colour: tuple[int, ...]) -> int:
    wanted = (int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16))
    return max(abs(own - other) for own, other in zip(wanted, colour, strict=True))


def test_a_hop_that_loses_to_the_end_is_red() -> None:
    """And a clean path has none of it."""
    assert pixels(picture_of(mtr(0, 0, 5, 5)))[BAD] > 3000
    assert pixels(picture_of(mtr(0, 0, 0, 0)))[BAD] == 0


def test_a_hop_that_limits_its_own_answers_is_another_colour() -> None:
    """Its loss does not go on to the end."""
    drawn = pixels(picture_of(mtr(0, 6, 0, 0)))

    assert drawn[ODD] > 1500 and drawn[BAD] == 0


def test_loss_is_red_from_the_hop_that_is_told() -> None:
    """Also where a router behind it happened to answer nearly everything."""
    path = mtr(0, 0, 4, 1, 4, 5)
    assert path.verdict.path and path.verdict.path.begins and path.verdict.path.begins.first.ttl == 3

    assert pixels(picture_of(path))[BAD] > pixels(picture_of(mtr(0, 0, 0, 0, 4, 5)))[BAD] + 1000


def test_bad_addresses_stand_out_of_a_strip() -> None:
    """Red where packets are lost, black where nothing answers, green else."""
    drawn = pixels(picture_of(sweep(*[10] * 20, 5, 0)))

    assert drawn[WELL] > 5 * drawn[BAD] > 0
    assert pixels(picture_of(sweep(*[10] * 22)))[BAD] == 0


def test_few_addresses_and_other_kinds_have_no_picture() -> None:
    """Their table says it as fast."""
    assert picture_of(sweep(*[10] * (SWEEP_FROM - 1))) is None
    assert picture_of(result("dns", "x")) is None
    assert picture_of(result("mtr", "x", barred="no ICMP here")) is None


def test_before_and_after_are_one_picture() -> None:
    """Two bars a hop, both verdicts in words; paths of different length too."""
    after, before = mtr(0, 0, 0), mtr(0, 5, 5)
    both = picture_of(after, before)

    assert pixels(both)[BAD] > 1500 and pixels(picture_of(after))[BAD] == 0
    assert opened(picture_of(after, mtr(0, 0, 5, 5, 5))).height > opened(both).height
    assert (
        both
        and both.alt.startswith("mtr of U.S. East, now: No loss")
        and "Before, at 09:12 UTC: 5 of 10 packets" in both.alt
    )


def test_sweeps_are_compared_too() -> None:
    """Under each other."""
    both = picture_of(sweep(*[10] * 12), sweep(*[10] * 8, 0, 0, 5, 10))
    assert opened(both).height > 1.4 * opened(picture_of(sweep(*[10] * 12))).height
    assert pixels(both)[BAD] > 1000


def test_another_probe_is_not_what_was_before() -> None:
    after = mtr(0, 0, 0)
    assert picture_of(after, sweep(*[10] * 12)) == picture_of(after)


def test_a_long_path_stays_readable() -> None:
    """Clean hops in the middle are one row."""
    assert opened(picture_of(mtr(*[0] * 30))).height < opened(picture_of(mtr(*[0] * 16))).height


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=HOPS_FROM, max_size=30), st.text(max_size=400))
def test_any_path_can_be_drawn(lost: list[int], label: str) -> None:
    """Always as wide as a phone shows it, with the verdict as alt text within Slack's limit."""
    path = mtr(*lost, label=label)
    picture = picture_of(path)

    assert opened(picture).width == WIDTH
    assert picture and len(picture.alt) <= ALT_MAX
    assert long(path.verdict)[:100] in picture.alt or len(label) > 300


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=SWEEP_FROM, max_size=300))
def test_any_sweep_can_be_drawn(received: list[int]) -> None:
    """However many addresses there are, and whatever they lose."""
    image = opened(picture_of(sweep(*received)))

    assert image.width == WIDTH and image.height < 4000
