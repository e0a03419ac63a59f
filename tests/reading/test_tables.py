"""The tables of a reader: made anew only where targets are called something else."""

from dataclasses import replace

from bot.reading.tables import tables_of
from bot.targets.model import Catalog, Target

EAST = Target(
    "us-east", "U.S. East", "gateway", aliases=("virginia",), search=("us east",), urls=("http://a.example/",)
)


def test_what_is_said_of_a_target_beside_its_names_changes_no_table() -> None:
    """Two readers of the same names share what one of them has looked up."""
    first = tables_of(Catalog((EAST,)), (), True)
    moved = replace(EAST, urls=("http://b.example/",), ports=("443",), control="us-west")

    assert tables_of(Catalog((moved,)), (), True)[1] is first[1]


def test_another_name_or_class_is_another_table() -> None:
    first, _ = tables_of(Catalog((EAST,)), (), True)
    renamed, _ = tables_of(Catalog((replace(EAST, aliases=("ashburn",)),)), (), True)
    _, lexicon = tables_of(Catalog((EAST,)), (("connect", ("tunnel sulks",)),), True)

    assert ("virginia" in first.names, "ashburn" in first.names) == (True, False)
    assert ("virginia" in renamed.names, "ashburn" in renamed.names) == (False, True)
    assert lexicon.entry("tunnel").begins
