"""Places by addresses, drawn: values in the cells, what is bad looks and reads bad."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest

from bot.pictures.palette import BAD, ODD, WELL
from bot.probes.batch import ProbeRun, RunState
from bot.probes.grid_picture import COLUMNS_MAX, MARKS, ROWS_MAX, Shade, grid_of, in_words, picture_of_grid
from bot.probes.model import ProbePlace, ProbeReading, ProbeResult, Subject
from tests.fake_probe import result
from tests.probes.test_pictures import mtr, opened, pixels, sweep

_numbers = count(1)


def run(outcome: ProbeResult, city: str = "", *, step: str = "target", network: str = "AS1") -> ProbeRun:
    placed = replace(outcome, place=ProbePlace(city, "XX", network)) if city else outcome
    return ProbeRun(
        id=next(_numbers),
        batch_id=1,
        step=step,
        kind=outcome.kind,
        label=outcome.label,
        subject=Subject(outcome.label),
        state=RunState.DONE,
        result=placed,
        place=city,
    )


def levels(runs: Sequence[ProbeRun]) -> dict[tuple[str, str], tuple[str, Shade]]:
    return {names: (cell.words, cell.level) for names, cell in grid_of(runs).cells.items()}


def test_paths_have_a_cell_for_the_target_and_one_for_the_control() -> None:
    runs = [
        run(mtr(0, 5, 5), "Łódź"),
        run(mtr(0, 0, 10), "İzmir"),
        run(mtr(0, 0, 0, label="U.S. West"), "Łódź", step="control"),
        run(result("mtr", "U.S. West", barred="no probe there"), "İzmir", step="control"),
    ]

    assert levels(runs) == {
        ("Łódź", "U.S. East"): ("5 of 10 lost", Shade.BAD),
        ("İzmir", "U.S. East"): ("no answer", Shade.BAD),
        ("Łódź", "U.S. West"): ("3.0 ms", Shade.FINE),
        ("İzmir", "U.S. West"): ("not measured", Shade.UNKNOWN),
    }
    picture = picture_of_grid(runs)
    assert picture and picture.alt == (
        "mtr U.S. East and U.S. West: 5 of 10 lost from Łódź to U.S. East; no answer from İzmir to U.S. East; "
        "not measured from İzmir to U.S. West. The other one is fine."
    )
    drawn = pixels(picture)
    assert drawn[BAD] > 1.5 * drawn[WELL] and drawn[WELL] > 3000 and not drawn[ODD]


def test_sweeps_have_a_cell_for_each_address() -> None:
    runs = [run(sweep(10, 9, 4)), run(sweep(10, 10, 10), "Oslo")]

    assert grid_of(runs).rows == ("our network", "Oslo")
    assert grid_of(runs).columns == ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    assert [level for _, level in levels(runs).values()] == [Shade.FINE, Shade.ODD, Shade.BAD, *[Shade.FINE] * 3]
    assert in_words(grid_of(runs)).startswith("6 of 10 lost from our network to 192.0.2.3; 1 of 10 lost")


def test_what_is_fine_is_said_in_one_sentence() -> None:
    assert in_words(grid_of([run(sweep(10, 10))])) == "all 2 are fine."
    assert in_words(grid_of([run(sweep(10))])) == "the one is fine."


def test_other_kinds_say_how_long_it_took_or_what_is_wrong() -> None:
    slow = ProbeReading("b", True, warns=True)
    rows = (ProbeReading("a", False, reason="refused"), slow, ProbeReading("c", True, asked=False, reason="no IPv6"))
    found = replace(result("tcp", "x"), readings=rows)
    assert list(levels([run(found)]).values()) == [
        ("refused", Shade.BAD),
        ("fine", Shade.ODD),
        ("no IPv6", Shade.UNKNOWN),
    ]


def test_two_probes_in_one_city_are_told_apart() -> None:
    """By their networks, and by a number where they share that too."""
    networks = [run(mtr(0, 0), "Oslo"), run(mtr(0, 0), "Oslo", network="AS2"), run(mtr(0, 0), "Oslo", network="AS2")]
    assert grid_of(networks).rows == ("Oslo, XX (AS1)", "Oslo, XX (AS2)", "Oslo, XX (AS2) (2)")


def test_few_columns_can_be_read_on_a_phone() -> None:
    """The longer side goes down, and the worst stay where there are more."""
    runs = [run(sweep(*[10] * 20, 0), f"Place {n}") for n in range(5)]
    grid, image = grid_of(runs), opened(picture_of_grid(runs))
    kept = grid.flipped.worst(rows=ROWS_MAX, columns=COLUMNS_MAX)

    assert (len(kept.rows), len(kept.columns)) == (ROWS_MAX, COLUMNS_MAX) and kept.rows[-1] == "192.0.2.21"
    assert image.height < 1000


def test_one_cell_is_no_picture() -> None:
    assert picture_of_grid([run(mtr(0, 5))]) is None and picture_of_grid([]) is None


@pytest.mark.parametrize("level", Shade)
def test_levels_have_marks_beside_their_colours(level: Shade) -> None:
    assert len(set(MARKS.values())) == len(Shade) and MARKS[level]
