"""A kind of probe that nothing shipped knows is asked for, measured, shown and listed like any other."""

from dataclasses import dataclass

import pytest

from bot.messages.model import Place
from bot.probes.batch import RunState
from bot.probes.checklist import checklist
from bot.probes.conclusion import conclusion, fine_beside
from bot.probes.details import details
from bot.probes.model import ProbeKind, ProbeReading, ProbeResult, Progress, Shape, Subject
from bot.probes.playbooks import read_playbook
from bot.probes.registry import KINDS
from bot.probes.results import Run
from bot.slack.request import Request, read
from commands import help, probe
from tests.commands.test_mention import Thread
from tests.fake_clock import FakeClock
from tests.fake_probe import FakeProbe
from tests.slack import payloads
from tests.world import US_EAST, World

SMTP = ProbeKind(
    "smtp",
    columns=("Step", "Answer"),
    needs="no names",
    applies=lambda subject: bool(subject.hosts or subject.addresses),
    shape=Shape.STEPS,
    noun="steps",
    rules_out="the mail server",
    after="ping",
)


@dataclass
class SmtpProbe(FakeProbe):
    """Says hello to a mail server, and is told what a test wants."""

    refused: str = ""

    @property
    def kind(self) -> ProbeKind:
        return SMTP

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        run = Run(self.kind, subject.label, FakeClock())
        hello = ProbeReading("hello", True, ("hello", "250"))
        told = [hello, ProbeReading("sender", not self.refused, ("sender", self.refused or "250"), self.refused)]
        progress(run.parts([hello], found="greets"))
        return run.parts(told, found="takes mail")


def with_smtp(*words: str, refused: str = "") -> World:
    kinds: dict[str, FakeProbe] = {"ping": FakeProbe("ping"), "smtp": SmtpProbe(refused=refused)}
    playbook = read_playbook(words, {**KINDS, SMTP.name: SMTP})
    return World(probe_kinds=kinds, playbooks={"gateway": playbook})


async def test_it_is_asked_for_by_its_name() -> None:
    """`/probe smtp us-east` runs it, and its rows stay in their order though one is bad."""
    world = with_smtp(refused="550 go away")
    await probe.slash(read(payloads.command("/probe", "smtp us-east")), Thread(world).services)
    await world.probed()
    batch = world.probes.get(1)

    assert batch and batch.state is RunState.DONE
    assert conclusion(batch) == "1 of 2 steps fails: sender: 550 go away"
    assert [reading.name for reading in batch.results[0].readings] == ["hello", "sender"]
    assert details(batch)[0].columns == ("Step", "Answer")
    assert details(batch)[0].rows == (("hello", "250"), ("sender", "550 go away"))


async def test_a_slip_of_its_name_finds_it() -> None:
    """And help lists it."""
    services = Thread(with_smtp()).services
    help_text = await help.everything_button(Request(user="UKIM"), services)

    assert "smtp" in services.probes.kinds
    with pytest.raises(Exception, match="smtp"):
        services.probes.request("smpt", "us-east", place=Place("C1"), by="UKIM")
    assert help_text and not isinstance(help_text, str)
    assert "measures ping, smtp, or a playbook" in str(help_text.blocks)


async def test_it_takes_its_turn_in_a_playbook() -> None:
    """After the sweep, as it says; with what it rules out, and what it needs where it does not apply."""
    world = with_smtp("ping", "smtp", "control smtp")
    world.probe_kinds["ping"].lost[US_EAST.title] = 4
    await world.opened(US_EAST)
    await world.probed()
    batch = world.probes.get(1)

    assert batch and batch.state is RunState.DONE
    assert [(run.kind, run.step) for run in batch.runs] == [("ping", "target"), ("smtp", "target"), ("smtp", "control")]
    pinged, greeted = batch.runs[0], batch.runs[1]
    assert pinged.finished_at and greeted.started_at and pinged.finished_at <= greeted.started_at
    assert checklist(batch)[1].startswith(":white_check_mark: *smtp*: U.S. East takes mail")
    assert "the mail server" in fine_beside(batch)
