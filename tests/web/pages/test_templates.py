"""What templates ask for is there: Jinja looks for a filter only where its line is reached."""

from datetime import UTC

from jinja2 import Environment, FileSystemLoader, nodes

from bot.clock import system_clock
from bot.web.pages.filters import filters
from bot.web.pages.site import FOLDER

TEMPLATES = FOLDER / "templates"


def test_every_filter_and_test_is_known() -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    environment.filters.update(filters(UTC, system_clock))
    unknown = []
    for path in sorted(TEMPLATES.glob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        unknown += [
            f"{path.name}: {node.name}" for node in tree.find_all(nodes.Filter) if node.name not in environment.filters
        ]
        unknown += [
            f"{path.name}: {node.name}" for node in tree.find_all(nodes.Test) if node.name not in environment.tests
        ]

    assert unknown == []
    assert len(list(TEMPLATES.glob("*.html"))) > 5
