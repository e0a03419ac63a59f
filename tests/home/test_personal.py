"""What somebody has set for themselves is obeyed by everybody who writes to them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.escalations.ladder_model import Ladder, LadderSettings, LadderStep
from bot.escalations.model import EscalationDraft
from bot.escalations.telling import WayKind
from bot.home.forms import BEGINS, DAYS, ENDS, MESSAGES, SETTINGS_FORM, TEAM
from bot.home.personal import NotColleague
from bot.known_issues.model import EtaSource
from bot.people import USUAL, DmKind, OwnHours, PersonalSettings
from bot.releases.model import Follow
from bot.slack.request import Request
from commands import home
from commands.home import read_settings, wrong
from tests.commands.test_home import home_of
from tests.commands.test_mention import Thread
from tests.handoffs import test_handoff_service as handing_off
from tests.investigations import test_knowledge as knowing
from tests.releases import test_release_service as releasing
from tests.reminders.test_claims import ONLY_CLAIMS
from tests.reminders.waiting import Waiting, usual
from tests.trends.fakes import rise
from tests.trends.test_agents import with_agents
from tests.trends.test_watch import turn
from tests.world import OFFICE, US_EAST, World

WEEK = frozenset(range(5))
EARLY = OwnHours(time(6), time(14), WEEK)
EVENING = datetime(2026, 11, 20, 17, 55, tzinfo=UTC)
"""Five minutes before the team's day ends."""


async def silent(world: World, user: str, kind: DmKind) -> None:
    await world.rooms.personal.save(user, PersonalSettings(frozenset((kind,))))


async def a_handover(kind: DmKind | None) -> World:
    world = World()
    if kind:
        await silent(world, "UJO", kind)
    await world.opened(US_EAST)
    await world.handovers.ask(1, to="UJO", note="", by="UKIM")
    return world


async def a_day_ends(kind: DmKind | None) -> World:
    world = World()
    if kind:
        await silent(world, "UKIM", kind)
    await world.opened(US_EAST)
    await world.day_ends.turn()
    world.clock.now = EVENING
    await world.day_ends.turn()
    return world


async def a_silent_owner(kind: DmKind | None) -> World:
    waiting = await Waiting(ONLY_CLAIMS).opened()
    if kind:
        await silent(waiting.world, "UKIM", kind)
    await waiting.customers_write(7, 8)
    await waiting.after(hours=4)
    return waiting.world


async def a_lane(kind: DmKind | None) -> World:
    world = await handing_off.opened(triage_leads=("URAJ",))
    if kind:
        await silent(world, "URAJ", kind)
    await world.handoffs.hand_off(1, handing_off.DRAFT, by="UKIM")
    return world


async def a_known_issue_spreads(kind: DmKind | None) -> World:
    world = World(leads={"cs": "ULEAD"})
    if kind:
        await silent(world, "ULEAD", kind)
    world.known.intake.applied("app", [knowing.SPINNER], cursor="one")
    await knowing.with_tickets(world, 3)
    return world


async def news(kind: DmKind | None) -> World:
    world = await releasing.opened()
    if kind:
        await silent(world, "ULENA", kind)
    await world.releases.follow(Follow("ULENA", issue_id=1), by="ULENA")
    later = releasing.stutter(eta_dates={EtaSource.MILESTONE: date(2026, 12, 12)})
    world.known.intake.applied("app", [later], cursor="2")
    return world


async def a_rise(kind: DmKind | None) -> World:
    world = with_agents()
    if kind:
        await silent(world, "UTOM", kind)
    await turn(world, rise(world.clock()))
    return world


CASES: dict[DmKind, tuple[Callable[[DmKind | None], Awaitable[World]], str, str]] = {
    DmKind.HANDOVER: (a_handover, "handover/%/asked", "UJO"),
    DmKind.DAY_END: (a_day_ends, "day-end/%", "UKIM"),
    DmKind.STILL_ON_IT: (a_silent_owner, "still-on-it/%", "UKIM"),
    DmKind.LANE: (a_lane, "triage/%", "URAJ"),
    DmKind.ASK: (a_known_issue_spreads, "known-ask/%", "ULEAD"),
    DmKind.NEWS: (news, "news/%", "ULENA"),
    DmKind.TREND: (a_rise, "trend-agent/%", "UTOM"),
}


def channels(world: World, pattern: str) -> set[str]:
    return {world.place(key).channel for key in world.owed_keys(pattern)}


@pytest.mark.parametrize("kind", DmKind)
async def test_each_switch_is_obeyed_and_others_change_nothing(kind: DmKind) -> None:
    """Whoever leaves it on, or switches another one off, gets the message."""
    happens, pattern, user = CASES[kind]
    other = next(each for each in DmKind if each is not kind)

    assert user in channels(await happens(None), pattern)
    assert user in channels(await happens(other), pattern)
    assert user not in channels(await happens(kind), pattern)


async def test_what_asks_for_an_answer_stands_in_the_thread_instead_and_on_the_home() -> None:
    for happens, key, user in (
        (a_handover, "handover/1/asked", "UJO"),
        (a_silent_owner, "still-on-it/1", "UKIM"),
    ):
        kind = DmKind.HANDOVER if user == "UJO" else DmKind.STILL_ON_IT
        world = await happens(kind)
        assert world.place(key).thread_key == "investigation/1" and world.owed.is_in_thread(key)
        assert "Waiting for you" in await home_of(Thread(world), user)


async def test_the_end_of_a_day_waits_on_the_home() -> None:
    world = await a_day_ends(DmKind.DAY_END)
    text = await home_of(Thread(world), "UKIM")

    assert "Your day ends at" in text and "handover @jo INV-1" in text


async def test_escalations_can_t_be_switched_off() -> None:
    """No kind is about them, and the post calls management whatever they have set."""
    world = World()
    await world.rooms.personal.save("ULENA", PersonalSettings(frozenset(DmKind)))
    await world.opened(US_EAST)
    await world.escalations.escalate(1, EscalationDraft("Loss", "", "All", "Waiting", "Call them"), by="UKIM")

    assert not [kind for kind in DmKind if "escalat" in kind] and world.owed_keys("escalation/%")
    assert "escalated INV-1" in await home_of(Thread(world), "ULENA")


async def test_own_hours_decide_when_a_day_ends_and_who_can_be_asked() -> None:
    """On their own clock: 14:00 in Berlin is 13:00 here."""
    world = World()
    world.people.zones["UKIM"] = ZoneInfo("Europe/Berlin")
    await world.rooms.personal.save("UKIM", PersonalSettings(hours=EARLY))
    await world.opened(US_EAST)

    assert await world.day_ends.turn() == datetime(2026, 11, 20, 12, 55, tzinfo=UTC)
    world.clock.now = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    assert await world.handovers.absence("UKIM") == "is outside their working hours"
    assert await world.handovers.absence("UJO") == ""


async def test_reminders_of_what_somebody_owns_come_in_their_hours() -> None:
    """The team works until 20:00; Kim until 14:00, and is reminded on Monday at six."""
    waiting = Waiting(usual())
    await waiting.world.rooms.personal.save("UKIM", PersonalSettings(hours=EARLY))
    await waiting.opened()
    await waiting.customers_write(7)
    waiting.world.clock.now = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert await waiting.after(minutes=1) == []
    waiting.world.clock.now = datetime(2026, 11, 23, 5, 59, tzinfo=UTC)

    assert await waiting.after(minutes=2) != []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({BEGINS: "09:00", ENDS: TEAM, DAYS: ["0"]}, ENDS),
        ({BEGINS: TEAM, ENDS: "17:00", DAYS: ["0"]}, BEGINS),
        ({BEGINS: "09:00", ENDS: "09:00", DAYS: ["0"]}, ENDS),
        ({BEGINS: "09:00", ENDS: "17:00", DAYS: []}, DAYS),
    ],
)
def test_hours_that_make_no_sense_stay_in_the_form(values: dict[str, object], field: str) -> None:
    assert list(wrong(values)) == [field]


def test_a_night_shift_and_the_team_s_hours_are_fine() -> None:
    night = {BEGINS: "22:00", ENDS: "06:00", DAYS: ["4", "5"]}

    assert wrong(night) == {} and wrong({BEGINS: TEAM, ENDS: TEAM}) == {}
    assert read_settings(night, (), USUAL).hours == OwnHours(time(22), time(6), frozenset({4, 5}))


def test_what_the_form_does_not_offer_stays_as_it_was() -> None:
    before = PersonalSettings(frozenset({DmKind.LANE, DmKind.NEWS}))
    now = read_settings({MESSAGES: ["news"], BEGINS: TEAM, ENDS: TEAM}, (DmKind.NEWS, DmKind.TREND), before)

    assert now.silent == {DmKind.LANE, DmKind.TREND}


async def test_the_form_shows_what_is_set_and_the_home_says_it() -> None:
    thread = Thread(World())
    values = {MESSAGES: ["handover", "day_end"], BEGINS: "07:00", ENDS: "15:30", DAYS: ["0", "1", "2", "3", "4"]}
    offered = ",".join(await thread.services.home.service.kinds("UKIM"))
    await home.settings_saved(Request(user="UKIM", values=values, private_metadata=offered), thread.services)
    text = await home_of(thread, "UKIM")
    await home.settings_button(Request(user="UKIM", trigger_id="t.1", on_home=True), thread.services)
    view = thread.slack.called("views.open")[-1]["view"]

    assert "Direct messages: all but “still on it?”, known issues and your tickets in a rise." in text
    assert "Working hours: 07:00 to 15:30, Mon to Fri." in text
    assert view["callback_id"] == SETTINGS_FORM
    chosen = {block["block_id"]: block["element"] for block in view["blocks"] if "element" in block}
    assert [each["value"] for each in chosen[MESSAGES]["initial_options"]] == ["handover", "day_end"]
    assert chosen[BEGINS]["initial_option"]["value"] == "07:00"


@pytest.mark.parametrize(
    ("user", "outside", "asked"),
    [
        ("UKIM", True, True),
        ("ULENA", False, True),
        ("ULENA", True, False),
        ("URAJ", False, False),
        ("UTOM", False, False),
    ],
)
async def test_hours_are_for_those_of_whom_something_goes_by_them(user: str, outside: bool, asked: bool) -> None:
    """Tier 2, and who is asked in person by a ladder that minds when people are at work; nobody else has a team's."""
    steps = (LadderStep(WayKind.DM, timedelta(minutes=5), ("ULENA",)),)
    ladder = Ladder("usual", steps, asks_outside_hours=outside)
    thread = Thread(World(ladders=LadderSettings(OFFICE, ladders=(ladder,))))
    await thread.world.rooms.personal.save(user, PersonalSettings(hours=EARLY))
    text = await home_of(thread, user)
    await home.settings_button(Request(user=user, trigger_id="t.1", on_home=True), thread.services)
    view = thread.slack.called("views.open")[-1]["view"]
    await home.settings_saved(Request(user=user, values={MESSAGES: ["news"]}, private_metadata="news"), thread.services)

    assert ("Working hours" in text, BEGINS in {block.get("block_id") for block in view["blocks"]}) == (asked, asked)
    assert thread.world.rooms.personal.of(user).hours == EARLY, "what was not offered stays"


async def test_they_survive_a_restart_and_a_guest_has_none() -> None:
    world = World()
    await world.rooms.personal.save("UKIM", PersonalSettings(frozenset({DmKind.NEWS}), EARLY))
    world.people.nobodies = frozenset({"UGUEST"})
    again = World(database=world.database)

    assert again.rooms.personal.of("UKIM") == PersonalSettings(frozenset({DmKind.NEWS}), EARLY)
    with pytest.raises(NotColleague):
        await world.rooms.personal.save("UGUEST", USUAL)
