"""The steps of a playbook as one list: from the start, with what became of each."""

import asyncio
from dataclasses import replace

from bot.probes import cards
from bot.probes.batch import Batch, LeftOut, ProbeRun, RunState
from bot.probes.checklist import NOT_SET_UP, checklist, mark_of, mark_of_all
from bot.probes.manual import Trial
from bot.probes.model import Subject
from bot.probes.playbooks import plan
from bot.targets.model import Target
from tests.eventually import eventually
from tests.fake_probe import result
from tests.hostile import NOW
from tests.slack_limits import broken_by_message, mrkdwn_texts
from tests.world import APP, US_EAST, US_WEST, World


def lines(batch: Batch) -> list[str]:
    return checklist(batch)


def found(world: World, number: int = 1) -> Batch:
    batch = world.probes.get(number)
    assert batch
    return batch


def test_plan_has_every_step_and_why_others_are_left_out() -> None:
    """A gateway with nothing but addresses."""
    planned = plan(US_EAST, US_WEST)

    assert [(step.step, step.kind) for step in planned.steps] == [
        ("target", "ping"),
        ("control", "ping"),
        ("worst", "mtr"),
        ("control", "mtr"),
    ]
    assert planned.left_out == (
        LeftOut("http", "no urls"),
        LeftOut("tcp", "no ports"),
        LeftOut("vpn", "no vpn services"),
    )
    assert LeftOut("ping of the control", "no control is configured") in plan(US_EAST, None).left_out


def test_payment_that_is_off_is_said() -> None:
    """It is left out on purpose."""
    target = Target("p", "Payments", "payments", urls=("https://pay.example.com/",))

    assert plan(target, None).left_out == (
        LeftOut("status", "no status page is configured for it"),
        LeftOut("payment", "test_payment is off"),
    )


async def test_all_steps_are_listed_before_they_run() -> None:
    """Waiting, then running, then done with their verdicts, in the same order."""
    world = World()
    ping = world.probe_kinds["ping"]
    ping.gate = asyncio.Event()
    ping.lost = {"U.S. East": 4}
    await world.opened(US_EAST)
    waiting = lines(found(world))
    world.begin_probing()
    await eventually(lambda: len(ping.seen) == 2)
    running = lines(found(world))
    ping.gate.set()
    await world.probing_ended()
    done = lines(found(world))

    assert waiting[:4] == [
        ":hourglass: *ping*: waiting",
        ":hourglass: *ping U.S. West*: waiting",
        ":hourglass: *mtr*, worst address: waiting",
        ":hourglass: *mtr U.S. West*: waiting",
    ]
    assert running[0] == ":hourglass_flowing_sand: *ping*: measuring…"
    assert running[2] == waiting[2]
    assert done[0] == ":red_circle: *ping*: 10.1.2.3 loses 4 of 10 packets"
    assert done[3] == ":white_check_mark: *mtr U.S. West*: 10.1.2.3 answers"
    assert done[4] == ":heavy_minus_sign: *mtr* from the customers' places: left out, Globalping is off"
    assert done[5:] == [
        ":heavy_minus_sign: *http*: left out, no urls",
        ":heavy_minus_sign: *tcp*: left out, no ports",
        ":heavy_minus_sign: *vpn*: left out, no vpn services",
    ]


async def test_steps_by_hand_stand_in_the_list() -> None:
    """With an empty box until somebody tried, and the button below."""
    world = World()
    await world.opened(APP)
    await world.probed()
    before = lines(found(world))
    world.evidence.tried(1, Trial("UKIM", NOW, "Pixel 9", "", "", reproduced=True))

    assert before == ["☐ *by hand*: reproduce it on a device"]
    assert lines(found(world)) == [":red_circle: *by hand*: reproduced in 1 of 1 try"]
    assert "Record a Try" in str(cards.card(found(world)).blocks)


async def test_cancelled_playbook_says_what_it_did_not_do() -> None:
    """Nothing stays as waiting."""
    world = World()
    await world.opened(US_EAST)
    await world.probes.cancel(1, by="UKIM")
    await world.probed()

    assert {line.rsplit(": ", 1)[1] for line in lines(found(world))[:4]} == {"cancelled"}
    assert world.probe_kinds["ping"].seen == []


def test_what_could_not_run_is_no_trouble_of_the_target() -> None:
    """Its mark differs, and how to mend it stands below."""
    barred = result("ping", "U.S. East", barred="no ICMP", remedy="set net.ipv4.ping_group_range")
    card = cards.card(batch(ran("ping", state=RunState.DONE, result=barred)))
    text = "\n".join(mrkdwn_texts(card))

    assert ":warning: *ping*" in text and ":wrench: set net.ipv4.ping" in text


def test_a_very_long_list_goes_over_several_sections() -> None:
    """Each within Slack's limit, and no step is lost."""
    runs = [ran("mtr", label="x" * 90, state=RunState.QUEUED) for _ in range(60)]
    card = cards.card(batch(*runs))

    assert "\n".join(mrkdwn_texts(card)).count(":hourglass: *mtr*") == 60
    assert broken_by_message(card) == []


def ran(kind: str, *, label: str = "U.S. East", **more: object) -> ProbeRun:
    return replace(ProbeRun(1, 1, "target", kind, label, RunState.QUEUED, Subject(label)), **more)  # type: ignore[arg-type]


def batch(*runs: ProbeRun) -> Batch:
    return Batch(1, "Playbook", "gateway", "us-east", "C1", RunState.RUNNING, NOW, runs=runs)


def test_what_nobody_set_up_is_grey() -> None:
    """It is no trouble of the target, and none of the machine; beside others only these count."""
    barred, well = result("vpn", "U.S. East", barred="no key"), result("ping", "U.S. East")
    off = replace(barred, verdict=replace(barred.verdict, set_up=False))

    assert mark_of_all([off]) == mark_of_all([off, off]) == NOT_SET_UP == ":white_circle:"
    assert mark_of_all([off, well]) == mark_of_all([well])
    assert mark_of_all([off, barred]) == mark_of_all([barred]) != NOT_SET_UP
    assert mark_of(ran("ping", state=RunState.DONE)) == NOT_SET_UP
