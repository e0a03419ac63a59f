"""The import contracts in pyproject.toml mean something: import-linter itself runs beside the tests."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph, build_graph
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

pytestmark = pytest.mark.xdist_group("sources")

ROOT = Path(__file__).parent.parent
CONFIGURATION = read_configuration(str(ROOT / "pyproject.toml"))
SESSION: dict[str, Any] = CONFIGURATION["session_options"]
CONTRACTS: list[dict[str, Any]] = CONFIGURATION["contracts_options"]

# Imports that must not be, each with the contract that is there to refuse it.
BAD_IMPORTS = [
    ("bot/targets/model.py", "import asyncio", "Models and cards are pure"),
    ("bot/messages/model.py", "import bot.slack.text", "A model knows no other part of its room"),
    ("bot/investigations/store.py", "import bot.slack.blocks", "Services and stores know neither Slack nor cards"),
    ("bot/targets/model.py", "import bot.investigations.model", "Rooms are stacked"),
    ("bot/slack/text.py", "import bot.tickets.model", "Slack's border knows owed messages, and no other room"),
    ("bot/web/__init__.py", "import bot.database", "The edges reach the rooms through services"),
    ("bot/probes/model.py", "import bot.messages.store", "Owed messages are written by their own store"),
    ("bot/web/__init__.py", "import bot.investigations.store", "The store of investigations is its own"),
    ("bot/investigations/service.py", "import bot.tickets.store", "The store of tickets is its own"),
    ("bot/investigations/service.py", "import bot.probes.store", "The store of probe runs is its own"),
    ("bot/investigations/service.py", "import bot.known_issues.store", "The store of known issues is its own"),
    ("bot/web/__init__.py", "import bot.escalations.store", "The store of escalations is its own"),
    ("bot/web/__init__.py", "import bot.elevations.store", "The store of elevations is its own"),
    ("bot/web/__init__.py", "import bot.status.store", "The stores of status are its own"),
    ("bot/status/service.py", "import bot.status.alertmanager", "The status adapters are chosen in one place"),
    ("bot/web/__init__.py", "import bot.maintenance.store", "The store of maintenances is its own"),
    ("bot/web/__init__.py", "import bot.replies.store", "The store of replies is its own"),
    ("bot/web/__init__.py", "import bot.briefings.store", "The store of briefings is its own"),
    ("bot/web/__init__.py", "import bot.handoffs.store", "The store of handoffs is its own"),
    ("bot/web/__init__.py", "import bot.handovers.store", "The store of handovers is its own"),
    ("bot/web/__init__.py", "import bot.vendors.store", "The store of vendors is its own"),
    ("bot/web/__init__.py", "import bot.releases.store", "The store of releases is its own"),
    ("bot/web/__init__.py", "import bot.trends.store", "The store of trends is its own"),
    ("bot/web/__init__.py", "import bot.logins.store", "The store of sessions is its own"),
    ("bot/web/__init__.py", "import bot.numbers.store", "The store of numbers is its own"),
    ("bot/web/__init__.py", "import bot.home.store", "The store of homes is its own"),
    ("bot/web/__init__.py", "import bot.forgetting.store", "The store of forgetting is its own"),
    ("bot/web/__init__.py", "import bot.retention.store", "The store of retention is its own"),
    ("bot/numbers/drawing.py", "import bot.numbers.drawing_child", "What draws plots runs beside the bot"),
    ("bot/web/__init__.py", "import bot.exports.store", "The store of copies in trackers is its own"),
    ("bot/web/__init__.py", "import bot.reminders.store", "The store of reminders is its own"),
    ("bot/tickets/model.py", "import bot.tickets.zendesk.desk", "The Zendesk adapter is chosen in one place"),
    ("bot/tickets/model.py", "import bot.known_issues.github.api", "The adapters of trackers are chosen in one place"),
    ("bot/web/__init__.py", "import bot.customer_logs.store", "The store of customers' logs is its own"),
    ("bot/check.py", "import bot.customer_logs.reading.signatures", "Logs are read in a process of their own"),
    ("bot/check.py", "import bot.mail.smtp", "The mail adapter is chosen in one place"),
    ("bot/database.py", "import bot.settings", "Only what builds the bot reads settings"),
    ("bot/read_tickets.py", "import bot.database", "An export is read without Slack, Zendesk and a database"),
    (
        "bot/lock.py",
        "import bot.slack.client",
        "The database is copied, and its times are told, without Slack and Zendesk",
    ),
    ("bot/errors.py", "import pydantic", "The program imports what a command needs by name"),
    ("bot/clock.py", "import bot.sandbox", "Nothing shipped imports the sandbox"),
    ("bot/sandbox/__init__.py", "import bot.slack.text", "The sandbox shares no code with what it tests"),
    ("bot/probes/model.py", "import slack_sdk", "Outside libraries stay behind their adapters"),
]


def modules() -> Iterator[str]:
    """The dotted names of all modules and packages."""
    for package in SESSION["root_packages"]:
        for path in (ROOT / package).rglob("*.py"):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def patterns() -> Iterator[tuple[str, str]]:
    """Every name with a wildcard, with the contract in which it stands."""
    for contract in CONTRACTS:
        for names in contract.values():
            for name in names if isinstance(names, list) else []:
                if "*" in name:
                    yield contract["name"], name


KINDS: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    """Who imports whom, as import-linter sees it."""
    return build_graph(*SESSION["root_packages"], include_external_packages=True, cache_dir=None)


def test_every_wildcard_matches_a_module() -> None:
    """import-linter takes a pattern that matches nothing for kept, so a slip of the pen would pass for ever."""
    names = set(modules())
    unmatched = [f"{contract!r}: {pattern}" for contract, pattern in patterns() if not matches(pattern, names)]

    assert unmatched == []


def matches(pattern: str, names: set[str]) -> bool:
    regex = re.escape(pattern).replace(r"\*\*", r"[\w.]+").replace(r"\*", r"\w+")
    return any(re.fullmatch(regex, name) for name in names)


@pytest.mark.parametrize(("path", "line", "contract"), BAD_IMPORTS)
def test_a_contract_refuses_a_bad_import(graph: ImportGraph, path: str, line: str, contract: str) -> None:
    """A contract that nothing can break guards nothing."""
    importer, imported = module_of(path), line.removeprefix("import ")
    assert importer in graph.modules and (
        imported in graph.modules or not imported.startswith(tuple(SESSION["root_packages"]))
    )
    spoiled = deepcopy(graph)
    if imported not in spoiled.modules:
        spoiled.add_module(imported, is_squashed=True)
    spoiled.add_import(importer=importer, imported=imported)

    assert (is_kept(contract, graph), is_kept(contract, spoiled)) == (True, False)


def module_of(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def is_kept(name: str, graph: ImportGraph) -> bool:
    """Whether imports are as the one contract whose name begins so wants them."""
    (options,) = (contract for contract in CONTRACTS if contract["name"].startswith(name))
    contract = KINDS[options["type"]](name=options["name"], session_options=SESSION, contract_options=options)
    return contract.check(deepcopy(graph), verbose=False).kept


def test_each_contract_has_a_bad_import() -> None:
    """A new contract comes with an import that it refuses."""
    untried = [
        contract["name"]
        for contract in CONTRACTS
        if not any(contract["name"].startswith(name) for _, _, name in BAD_IMPORTS)
    ]

    assert untried == []
