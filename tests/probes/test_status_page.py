"""What status pages say, as a step of a playbook: the payment provider's before anything else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import BadInput
from bot.probes.model import ProbeResult, Subject
from bot.probes.playbooks import next_steps, plan
from bot.probes.status_page import StatusProbe
from bot.probes.wording import long
from bot.probes.wording.summary import summary
from bot.status.model import Component, Incident, Level, SourceKind, SourceReading, StatusReport, TargetStatus
from bot.targets.model import Target
from tests.fake_probe import result
from tests.fake_status import FakeSource, alert, alerts, away, component, page
from tests.hostile import NOW
from tests.world import World

PAY = Target("pay", "Payments", "payments", urls=("https://pay.example.com/",), test_payment=True, status_page=True)
PART = (component("Payments", Level.OPERATIONAL),)
WELL = StatusReport(
    "public",
    "status page",
    SourceKind.PAGE,
    Level.OPERATIONAL,
    NOW - timedelta(days=3),
    NOW - timedelta(seconds=40),
    components=PART,
)


def fails(*titles: str) -> StatusReport:
    incidents = tuple(Incident(title, title, "investigating", Level.DEGRADED) for title in titles)
    return replace(WELL, told=Level.DEGRADED, since=NOW - timedelta(minutes=25), incidents=incidents)


FAILS = fails("Cards fail")
UNREAD = StatusReport("public", "status page", SourceKind.PAGE, failing_since=NOW, failure="timeout")
STALE = replace(WELL, read_at=NOW - timedelta(hours=3), failing_since=NOW, failure="timeout", stale=True)


async def asked(*reports: StatusReport, subject: Subject | None = None) -> ProbeResult:
    def status_of(target: str) -> TargetStatus | None:
        return TargetStatus(target, reports) if target == "pay" else None

    probe = StatusProbe(status_of=status_of, clock=lambda: NOW)
    return await probe.run(subject or Subject("Payments", status_of="pay"), progress=lambda _: None)


@pytest.mark.parametrize(
    ("reports", "marks", "verdict"),
    [
        ((WELL,), (True, True), "status page says operational, read 40 s ago"),
        ((FAILS,), (False, True), "status page says degraded for 25 min (“Cards fail”), read 40 s ago"),
        ((UNREAD,), (False, False), "status page does not answer (timeout)"),
        ((replace(UNREAD, failing_since=None),), (False, False), "status page is not read yet"),
        (
            (STALE,),
            (False, False),
            "status page says unknown, read 3 h ago, and does not answer now (timeout)",
        ),
        (
            (replace(WELL, title="ours"), fails(*"abcde")),
            (False, True),
            "status page says degraded for 25 min (“a”, “b”, “c” and 2 more), read 40 s ago; "
            "ours says operational, read 40 s ago",
        ),
        ((WELL, UNREAD), (False, False), "status page does not answer (timeout); "
         "status page says operational, read 40 s ago"),
    ],
)  # fmt: skip
async def test_level_incidents_and_age_are_told(
    reports: tuple[StatusReport, ...], marks: tuple[bool, bool], verdict: str
) -> None:
    """What is not known is neither well nor trouble; the worst comes first."""
    result = await asked(*reports)

    assert ((result.ok, result.measured), long(result.verdict)) == (marks, verdict)
    assert [reading.cells[0] for reading in result.readings] == [report.title for report in reports]


@pytest.mark.parametrize("subject", [Subject("example.com"), Subject("Website", status_of="web")])
async def test_where_no_page_tells_of_it_the_answer_says_so(subject: Subject) -> None:
    """With the key that would change it."""
    with pytest.raises(BadInput, match=r"\[status\.pages\]"):
        await asked(subject=subject)


def test_it_is_the_first_step_of_payments_where_a_page_is_configured() -> None:
    """Else it is left out, and named."""
    assert [step.kind for step in next_steps(PAY, None, ())] == ["status", "http", "tls", "payment"]
    without = plan(replace(PAY, status_page=False), None)
    assert [(each.what, each.why) for each in without.left_out] == [("status", "no status page is configured for it")]


async def test_the_provider_s_trouble_leads_the_verdict() -> None:
    """Before what was measured."""
    paid = result("payment", "Payments", lost=4)

    assert summary([await asked(FAILS), paid], ()).startswith("Payments: status page says degraded for 25 min")


async def told(world: World, target: str) -> ProbeResult:
    """What the step tells of a target that the room of status follows."""
    probe = StatusProbe(status_of=world.status.of, clock=world.clock)
    return await probe.run(Subject("U.S. East", status_of=target), progress=lambda _: None)


async def test_pages_are_told_as_the_room_of_status_knows_them() -> None:
    """Pages only, with level, time, open incidents and the age of it all; planned maintenance when it is under way."""
    source = FakeSource(
        SourceReading(components=(degraded(),), incidents=(incident("Loss"), incident("Later", planned=True)))
    )
    world = World(watched=(page(source), alerts(FakeSource(SourceReading(alerts=(alert("A", NOW),))))))
    unread = await told(world, "us-east")
    await world.status.turn()
    read = await told(world, "us-east")
    source.down = away("timeout")
    world.clock.advance(61)
    await world.status.turn()
    failed = await told(world, "us-east")

    assert long(unread.verdict) == "status page is not read yet"
    assert [reading.cells for reading in read.readings] == [("status page", "degraded (“Loss”)", "0 s ago")]
    assert [(reading.cells, reading.reason) for reading in failed.readings] == [
        (("status page", "degraded (“Loss”)", "61 s ago"), "timeout")
    ]
    for target in ("us-west", "app"):
        with pytest.raises(BadInput):
            await told(world, target)


async def test_words_of_the_page_and_missing_components_are_told() -> None:
    """Neither is green."""
    source = FakeSource(SourceReading(components=(component("US East", Level.UNKNOWN, word="flaky"),)))
    world = World(watched=(page(source),))
    await world.status.turn()
    strange = await told(world, "us-east")
    source.reading = SourceReading()
    world.clock.advance(61)
    await world.status.turn()
    missing = await told(world, "us-east")

    assert [result.readings[0].cells[1] for result in (strange, missing)] == [
        "unknown (“flaky”)",
        "nothing of it, as it has no such component",
    ]
    assert [(result.ok, result.measured) for result in (strange, missing)] == [(False, False)] * 2


def degraded() -> Component:
    return component("US East", Level.DEGRADED)


def incident(title: str, *, planned: bool = False) -> Incident:
    stage = "scheduled" if planned else "investigating"
    level = Level.MAINTENANCE if planned else Level.DEGRADED
    return Incident(title, title, stage, level, NOW, planned=planned, components=("us east",))
