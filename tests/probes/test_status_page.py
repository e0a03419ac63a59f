"""What status pages say, as a step of a playbook: the payment provider's before anything else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import BadInput
from bot.probes.model import ProbeResult, Subject
from bot.probes.playbooks import next_steps, plan
from bot.probes.status_page import Bulletin, StatusProbe, bulletins_of
from bot.probes.wording import long
from bot.probes.wording.summary import summary
from bot.status.model import Component, Incident, Level, SourceReading
from bot.targets.model import Target
from tests.fake_probe import result
from tests.fake_status import FakeSource, alert, alerts, away, component, page
from tests.hostile import NOW
from tests.world import World

PAY = Target("pay", "Payments", "payments", urls=("https://pay.example.com/",), test_payment=True, status_page=True)
WELL = Bulletin("status page", "operational", True, NOW - timedelta(days=3), NOW - timedelta(seconds=40))
FAILS = replace(WELL, level="degraded", ok=False, since=NOW - timedelta(minutes=25), incidents=("Cards fail",))
UNREAD = Bulletin("status page", "unknown", None, failure="timeout")


async def asked(*found: Bulletin, subject: Subject | None = None) -> ProbeResult:
    def bulletins(target: str) -> Sequence[Bulletin]:
        return found if target == "pay" else ()

    probe = StatusProbe(bulletins=bulletins, clock=lambda: NOW)
    return await probe.run(subject or Subject("Payments", status_of="pay"), progress=lambda _: None)


@pytest.mark.parametrize(
    ("found", "marks", "verdict"),
    [
        ((WELL,), (True, True), "status page says operational, read 40 s ago"),
        ((FAILS,), (False, True), "status page says degraded for 25 min (“Cards fail”), read 40 s ago"),
        ((UNREAD,), (False, False), "status page does not answer (timeout)"),
        ((replace(UNREAD, failure=""),), (False, False), "status page is not read yet"),
        (
            (replace(WELL, read_at=NOW - timedelta(hours=3), level="unknown", ok=None, failure="timeout"),),
            (False, False),
            "status page says unknown, read 3 h ago, and does not answer now (timeout)",
        ),
        (
            (replace(WELL, source="ours"), replace(FAILS, incidents=tuple("abcde"))),
            (False, True),
            "status page says degraded for 25 min (“a”, “b”, “c” and 2 more), read 40 s ago; "
            "ours says operational, read 40 s ago",
        ),
        ((WELL, UNREAD), (False, False), "status page does not answer (timeout); "
         "status page says operational, read 40 s ago"),
    ],
)  # fmt: skip
async def test_level_incidents_and_age_are_told(
    found: tuple[Bulletin, ...], marks: tuple[bool, bool], verdict: str
) -> None:
    """What is not known is neither well nor trouble; the worst comes first."""
    result = await asked(*found)

    assert ((result.ok, result.measured), long(result.verdict)) == (marks, verdict)
    assert [reading.cells[0] for reading in result.readings] == [each.source for each in found]


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


async def test_bulletins_are_what_the_room_of_status_knows() -> None:
    """Pages only, with level, time, open incidents and the age of it all; planned maintenance when it is under way."""
    source = FakeSource(
        SourceReading(components=(degraded(),), incidents=(incident("Loss"), incident("Later", planned=True)))
    )
    world = World(watched=(page(source), alerts(FakeSource(SourceReading(alerts=(alert("A", NOW),))))))

    def bulletins(target: str) -> tuple[Bulletin, ...]:
        return bulletins_of(world.status.of(target))

    unread = bulletins("us-east")
    await world.status.turn()
    read_at = world.clock()
    told = bulletins("us-east")
    source.down = away("timeout")
    world.clock.advance(61)
    await world.status.turn()

    assert unread == (Bulletin("status page", "unknown", None),)
    assert [(each.level, each.ok, each.incidents, each.read_at) for each in told] == [
        ("degraded", False, ("Loss",), read_at)
    ]
    assert [(each.level, each.failure, each.read_at) for each in bulletins("us-east")] == [
        ("degraded", "timeout", read_at)
    ]
    assert bulletins("us-west") == () and bulletins("app") == ()


async def test_words_of_the_page_and_missing_components_are_told() -> None:
    """Neither is green."""
    source = FakeSource(SourceReading(components=(component("US East", Level.UNKNOWN, word="flaky"),)))
    world = World(watched=(page(source),))
    await world.status.turn()
    (strange,) = bulletins_of(world.status.of("us-east"))
    source.reading = SourceReading()
    world.clock.advance(61)
    await world.status.turn()
    (missing,) = bulletins_of(world.status.of("us-east"))

    assert (strange.level, strange.ok) == ("unknown (“flaky”)", None)
    assert (missing.level, missing.ok) == ("nothing of it, as it has no such component", None)


def degraded() -> Component:
    return component("US East", Level.DEGRADED)


def incident(title: str, *, planned: bool = False) -> Incident:
    stage = "scheduled" if planned else "investigating"
    level = Level.MAINTENANCE if planned else Level.DEGRADED
    return Incident(title, title, stage, level, NOW, planned=planned, components=("us east",))
