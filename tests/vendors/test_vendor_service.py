"""To a vendor and back: each mail once, whatever the server says, and who waits for whom."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import BadInput
from bot.investigations.above import VendorTurn
from bot.investigations.card import card as investigation_card
from bot.investigations.model import IllegalMove, State
from bot.mail.model import Delivery, MailOutcome
from bot.people import NotTier2
from bot.vendors import cards
from bot.vendors.courier import NOT_SENT
from bot.vendors.model import (
    REMINDERS_MAX,
    LetterState,
    NoReference,
    NotWithVendor,
    NoVendor,
    WrittenMeanwhile,
)
from bot.vendors.service import Decided
from bot.views import views
from tests.commands.test_mention import Thread
from tests.eventually import eventually
from tests.slack_limits import texts
from tests.vendors.vendors import BY_DAY, STRIPE, TELIA, carried, letter, opened, written
from tests.world import World

LOST = MailOutcome(Delivery.UNKNOWN, "the connection ended before the answer")
LATER = MailOutcome(Delivery.TEMPORARY, "greylisted", 450)
REFUSED = MailOutcome(Delivery.MAILBOX_REFUSED, "5.1.1 User unknown", 550)


def state(world: World, number: int = 1) -> LetterState:
    return world.vendors.letter(number).state


def shown(world: World, case: int = 1) -> str:
    return "\n".join(texts(list(cards.card(world.vendors.overview(case)).blocks)))


def turn(world: World) -> VendorTurn | None:
    standing = world.vendors.standing(1)
    return standing[0].turn if standing else None


def on_card(world: World) -> str:
    content = investigation_card(world.evidence.overview(1), world.rooms.above(1))
    return "\n".join(texts(list(content.blocks)))


async def test_a_mail_goes_out_once_with_what_they_ask_for() -> None:
    """Reports are attached, the state is handed off, and the card says who is waited for."""
    world = await opened()
    await written(world)
    assert turn(world) is VendorTurn.SENDING
    await carried(world)

    [mail] = world.mailer.sent
    assert mail.to == ("noc@telia.test",)
    assert mail.message_id == world.vendors.letter(1).message_id
    assert [attachment.name for attachment in mail.attachments] == ["1-mtr.txt", "2-ping.txt", "3-mtr.txt"]
    assert (state(world), turn(world)) == (LetterState.SENT, VendorTurn.WAITING)
    assert world.investigations.get(1).state is State.HANDED_OFF
    assert "Waiting for Telia since" in shown(world)
    assert "Telia since" in on_card(world)
    assert "vendor" in world.kinds(1)


async def test_a_form_that_is_sent_twice_is_one_letter() -> None:
    world = await opened()
    draft = await letter(world)
    for _ in range(2):
        await world.vendors.write(1, "telia", draft, by="UKIM")
    await carried(world)

    assert len(world.mailer.sent) == 1
    assert world.kinds(1).count("vendor") == 1


async def test_a_letter_that_somebody_else_wrote_meanwhile_is_read_first() -> None:
    """The vendor would open two cases."""
    world = await opened()
    kims, jos = await letter(world), await letter(world, by="UJO")
    await world.vendors.write(1, "telia", kims, by="UKIM")

    with pytest.raises(WrittenMeanwhile):
        await world.vendors.write(1, "telia", replace(jos, text="another"), by="UJO")
    with pytest.raises(WrittenMeanwhile):
        world.vendors.check(1, "telia", replace(jos, text="another"))


async def test_a_following_letter_names_the_reference_and_the_mail_before() -> None:
    world = await opened()
    case = await written(world)
    await carried(world)
    await world.vendors.refer(case, "TEL-4711", by="UKIM")
    await written(world)
    await carried(world)
    first, second = world.mailer.sent

    assert second.answers == first.message_id != second.message_id
    assert second.subject.startswith("Re: U.S. East")
    assert second.subject.endswith("[TEL-4711]")
    assert "your reference TEL-4711" in second.text
    assert "ref TEL-4711" in on_card(world)
    assert len(world.vendors._store.cases_of(1)) == 1


async def test_several_vendors_have_it_at_once() -> None:
    world = await opened()
    await written(world)
    await written(world, "stripe")
    await carried(world)

    assert [each.turn for each in world.vendors.standing(1)] == [VendorTurn.WAITING, VendorTurn.BY_HAND]
    with pytest.raises(BadInput, match="with Telia and Stripe"):
        world.vendors.meant(1)
    assert world.vendors.meant(1, "str").vendor == "stripe"


async def test_without_a_mail_address_people_get_the_text() -> None:
    """And say that they sent it, which is when the waiting begins."""
    world = await opened()
    await written(world, "stripe")
    content = cards.text(*world.vendors.of_letter(1))
    assert world.vendors.letter(1).text.splitlines()[0] in "\n".join(texts(list(content.blocks)))
    assert "https://vendor.test/form" in str(content.blocks)
    assert world.owed_keys("vendor-text/%") == ["vendor-text/1"]
    await world.vendors.arrived(1, by="UKIM")

    assert (state(world), turn(world)) == (LetterState.SENT, VendorTurn.WAITING)
    assert world.mailer.sent == []


async def test_without_a_mail_server_people_get_the_text() -> None:
    world = await opened()
    world.mailer.configured = False
    await written(world)

    assert state(world) is LetterState.BY_HAND
    assert set(world.owed_keys("vendor-text/%")) == {"vendor-text/1", "vendor-text/1/reports"}


async def test_a_lost_answer_is_asked_about_and_never_sent_again_by_itself() -> None:
    world = await opened()
    world.mailer.outcomes = [LOST]
    await written(world)
    await carried(world)
    world.clock.advance(3600)
    await carried(world)

    assert len(world.mailer.sent) == 1
    assert turn(world) is VendorTurn.UNKNOWN
    assert world.owed_keys("vendor-trouble/%") == ["vendor-trouble/1"]
    assert "say whether the mail to Telia arrived" in on_card(world)
    await world.vendors.arrived(1, by="UJO")
    assert turn(world) is VendorTurn.WAITING
    with pytest.raises(Decided):
        await world.vendors.send_again(1, by="UKIM")


async def test_only_the_newest_question_and_reminder_have_buttons() -> None:
    """Two messages that ask the same would be answered twice."""
    world = await opened()
    world.mailer.outcomes = [LOST, LOST]
    await written(world)
    await carried(world)
    await world.vendors.send_again(1, by="UKIM")
    await carried(world)
    shows = views(Thread(world).services, 5)
    first, second = (str(shows["vendor_trouble"](number)) for number in (1, 2))
    assert "See below" in first and "It Arrived" not in first
    assert "It Arrived" in second
    await world.vendors.arrived(1, by="UKIM")
    for _ in range(2):
        world.clock.advance(2 * 3600)
        await carried(world)

    assert "Reminded" in str(shows["vendor_reminder"](3)) and "Note Their Answer" in str(shows["vendor_reminder"](4))


async def test_a_person_may_send_it_again_under_the_same_message_id() -> None:
    world = await opened()
    world.mailer.outcomes = [LOST]
    await written(world)
    await carried(world)
    await world.vendors.send_again(1, by="UKIM")
    with pytest.raises(Decided):
        await world.vendors.arrived(1, by="UJO")
    await carried(world)
    first, second = world.mailer.sent

    assert first.message_id == second.message_id
    assert state(world) is LetterState.SENT


async def test_a_second_press_of_the_same_person_is_nothing() -> None:
    """Whoever else presses is told that it is decided."""
    world = await opened()
    world.mailer.outcomes = [LOST]
    await written(world)
    await carried(world)
    for _ in range(2):
        await world.vendors.send_again(1, by="UKIM")
    await carried(world)
    world.mailer.outcomes = [LOST]
    await written(world, text="and now?")
    await carried(world)
    for _ in range(2):
        await world.vendors.arrived(2, by="UKIM")
    with pytest.raises(Decided):
        await world.vendors.arrived(2, by="UJO")

    assert len(world.mailer.sent) == 3


async def test_what_was_under_way_when_the_program_died_is_asked_about() -> None:
    """The mark stands before the mail leaves."""
    world = await opened()
    await written(world)
    world.courier._store.begin(1)
    await carried(world)

    assert world.mailer.sent == []
    assert (state(world), world.vendors.letter(1).reason) == (LetterState.UNKNOWN, NOT_SENT)


async def test_a_program_that_is_told_to_stop_waits_for_the_answer() -> None:
    """A deploy asks nobody whether a mail arrived."""
    world = await opened()
    world.mailer.gate = asyncio.Event()
    await written(world)
    world.tasks.forever(world.courier.run, name="vendors")
    await eventually(lambda: world.mailer.sent)
    stopping = asyncio.create_task(world.tasks.drain(deadline_s=20))
    world.mailer.gate.set()
    await stopping

    assert state(world) is LetterState.SENT


async def test_greylisting_is_tried_again_and_shown() -> None:
    world = await opened()
    world.mailer.outcomes = [LATER, LATER]
    await written(world)
    await carried(world)
    assert "has failed since" in shown(world)
    assert "450 greylisted" in shown(world)
    for _ in range(2):
        world.clock.advance(900)
        await carried(world)

    assert len(world.mailer.sent) == 3
    assert len({mail.message_id for mail in world.mailer.sent}) == 1
    assert state(world) is LetterState.SENT
    assert "has failed since" not in shown(world)


async def test_a_server_that_stays_away_is_given_up_and_a_person_told() -> None:
    world = await opened()
    world.mailer.outcomes = [LATER] * 100
    await written(world)
    for _ in range(40):
        await carried(world)
        world.clock.advance(900)

    assert state(world) is LetterState.STUCK
    assert 10 < len(world.mailer.sent) < 40
    assert len(world.owed_keys("vendor-trouble/%")) == 1


async def test_a_refused_mailbox_is_told_and_the_text_can_be_had() -> None:
    world = await opened()
    world.mailer.outcomes = [REFUSED]
    await written(world)
    await carried(world)
    asked = "\n".join(texts(list(cards.trouble(*world.vendors.of_letter(1)).blocks)))
    assert "550 5.1.1 User unknown" in asked
    assert turn(world) is VendorTurn.STUCK
    await world.vendors.by_hand(1, by="UKIM")

    assert state(world) is LetterState.BY_HAND
    assert "vendor-text/1" in world.owed_keys("vendor-text/%")


async def test_what_they_say_is_noted_and_turns_the_tables() -> None:
    """A question of theirs is ours to answer; the next letter answers it."""
    world = await opened()
    case = await written(world)
    await carried(world)
    await world.vendors.note(case, "they reroute", by="UKIM")
    assert turn(world) is VendorTurn.WAITING
    await world.vendors.note(case, "which circuit?", by="UJO", ours=True)
    assert turn(world) is VendorTurn.OURS
    assert "answer Telia" in on_card(world)
    assert "which circuit?" in shown(world)
    await written(world, text="IC-331")
    await carried(world)

    assert turn(world) is VendorTurn.WAITING
    assert [note.text for note in world.vendors.overview(case).notes] == ["they reroute", "which circuit?"]


async def test_a_phone_puts_another_dash_into_a_reference() -> None:
    world = await opened()
    case = await written(world)

    assert await world.vendors.refer(case, "TEL\N{EN DASH}4712", by="UKIM") == "TEL-4712"


async def test_a_reference_looks_like_theirs() -> None:
    world = await opened()
    case = await written(world)
    with pytest.raises(NoReference, match="look like TEL-4711"):
        await world.vendors.refer(case, "4711", by="UKIM")
    with pytest.raises(NoReference):
        await world.vendors.refer(case, "T" * 100_000, by="UKIM")
    assert await world.vendors.refer(case, " `TEL-4711`. ", by="UKIM") == "TEL-4711"
    await world.vendors.refer(case, "TEL-9999", by="UJO")

    assert world.vendors.get(case).reference == "TEL-9999"
    assert [note.text for note in world.vendors.overview(case).notes] == ["TEL-4711", "TEL-9999"]


async def test_silence_is_told_so_often_and_no_more() -> None:
    world = await opened()
    case = await written(world)
    await carried(world)
    for _ in range(2 * REMINDERS_MAX):
        world.clock.advance(2 * 3600)
        await carried(world)
    assert len(world.owed_keys("vendor-reminder/%")) == REMINDERS_MAX
    await world.vendors.note(case, "still looking", by="UKIM")
    world.clock.advance(2 * 3600)
    await carried(world)

    assert len(world.owed_keys("vendor-reminder/%")) == REMINDERS_MAX + 1


async def test_reminders_stop_where_somebody_says_so() -> None:
    world = await opened()
    case = await written(world)
    await carried(world)
    await world.vendors.remind_no_more(case, by="UKIM")
    world.clock.advance(24 * 3600)
    await carried(world)

    assert world.owed_keys("vendor-reminder/%") == []


async def test_nobody_is_reminded_of_a_vendor_who_sleeps() -> None:
    """The day begins on Friday the 20th at 09:12; two hours before six in the evening is too late for them."""
    world = await opened(BY_DAY)
    world.clock.advance(8 * 3600)
    await written(world)
    await carried(world)

    remind_at = world.vendors.get(1).remind_at
    assert remind_at is not None
    assert (remind_at.weekday(), remind_at.hour) == (0, 8)


async def test_it_ends_with_the_investigation_and_comes_back_with_it() -> None:
    """Nothing is mailed of what is over, and nobody reminded."""
    world = await opened()
    await written(world)
    await carried(world)
    await written(world, text="and now?")
    await world.investigations.resolve(1, root_cause="a router", workaround="", by="UKIM")
    await carried(world)
    world.clock.advance(24 * 3600)
    await carried(world)
    assert len(world.mailer.sent) == 1
    assert state(world, 2) is LetterState.DROPPED
    assert turn(world) is None
    assert world.owed_keys("vendor-reminder/%") == []
    await world.investigations.reopen(1, by="UKIM")

    assert turn(world) is VendorTurn.WAITING
    assert world.vendors.get(1).remind_at == world.clock() + timedelta(hours=2)


async def test_done_is_done_until_somebody_writes_again() -> None:
    world = await opened()
    case = await written(world)
    await carried(world)
    await world.vendors.end(case, by="UJO")
    await world.vendors.end(case, by="UKIM")
    assert turn(world) is None
    assert "<@UJO> said" in shown(world)
    assert await written(world, text="once more") == case
    await carried(world)

    assert turn(world) is VendorTurn.WAITING


async def test_only_tier_2_and_only_what_is_live() -> None:
    world = await opened()
    draft = await letter(world)
    with pytest.raises(NotTier2):
        await world.vendors.write(1, "telia", draft, by="UTOM")
    with pytest.raises(NoVendor, match=r"There are: Telia and Stripe"):
        await world.vendors.prepare(1, "tela", by="UKIM")
    with pytest.raises(NotWithVendor):
        world.vendors.meant(1)
    await world.investigations.resolve(1, root_cause="a router", workaround="", by="UKIM")
    with pytest.raises(IllegalMove):
        await world.vendors.write(1, "telia", draft, by="UKIM")

    assert world.mailer.sent == []


async def test_tier_3_can_have_it_too() -> None:
    """A vendor first, then development; not development twice."""
    world = await opened(TELIA, STRIPE)
    await written(world)
    world.handoffs.check(1)

    assert world.investigations.get(1).state is State.HANDED_OFF
