"""A transit provider must look: the mail that it wants goes out once, whatever happens on the way."""

import asyncio
import contextlib
import random
import signal
from collections.abc import Mapping

import pytest

from bot.sandbox.zendesk.seed import Seed
from tests.mail.mailbox import Mailbox, mail_server
from tests.stories.chat import Seen
from tests.stories.counting import keys
from tests.stories.killing import insist, started_again
from tests.stories.steps import opened, playbook_done, presses_if_offered, settled
from tests.stories.town import Call, OpenTown, Town, Watch

pytestmark = pytest.mark.story

NOC = "noc@telia.example"
TOWNS, KILLS = 3, 7
STAGES = ("MAIL", "RCPT", "DATA", "kept")
"""What the mail server sees of a mail; "kept" is after it has it, and before it says so."""


def with_vendor(port: int = 0) -> Mapping[str, str]:
    """Telia in the settings, and a mail server at a port of this machine; 0 for none."""
    mail = f'[mail]\nserver = "127.0.0.1:{port}"\ntls = "none"\nsender = "t2@harbor.example"\n\n' if port else ""
    vendor = (
        f'[vendors.telia]\ntitle = "Telia"\nemail = "{NOC}"\n'
        'asks_for = ["mtr", "mtr both ways", "times", "addresses"]\n'
        'account = { Circuit = "IC-331202" }\nreference = "TEL-[0-9]{4,8}"\nexample = "TEL-4711"\n\n'
    )
    return {"[escalation]": f"{mail}{vendor}[escalation]"}


async def asks_telia(there: Town, card: Seen) -> None:
    """Kim reads the letter, and sends it."""
    await there.kim.presses(card, "Send to a Vendor…")
    form = await there.kim.form("INV-1 to Telia")
    assert await there.kim.submits(form) == {}


def has_case(there: Town, card: Seen) -> bool:
    return any("asked Telia to look" in each.text for each in there.kim.thread(card))


async def test_the_mail_has_what_they_ask_for_and_the_card_says_who_waits(town: OpenTown) -> None:
    """Reports as files, times in UTC, no customer; a reference and answers, and the next mail names them."""
    async with mail_server() as box, town(settings=with_vendor(box.port)) as there:
        kim = there.kim
        card = await opened(there)
        await playbook_done(there, card)
        await kim.presses(card, "Send to a Vendor…")
        form = await kim.form("INV-1 to Telia")
        assert "Telia asks for an MTR from outside too" in form.text
        assert await kim.submits(form) == {}
        case = await kim.sees(card, "asked Telia to look")
        await kim.sees_change(case, lambda now: "Waiting for Telia since" in now.text)
        [mail] = box.mails
        body = mail.get_body()
        assert body is not None
        text = body.get_content()
        assert "Circuit: IC-331202" in text and "Our reference: INV-1" in text and "Since: 20" in text
        assert next(str(file.get_filename()) for file in mail.iter_attachments()).startswith("1-mtr")
        assert not [name for name in ("Anna", "@example", "#48") if name in text]

        await kim.types(card, "@secondline reference 4711")
        assert (await kim.sees(card, "look like TEL-4711")).only_for_me
        await kim.types(card, "@secondline reference TEL-4711")
        await kim.types(card, "@secondline vendor note they see it too, and reroute")
        await kim.sees_change(case, lambda now: "ref TEL-4711" in now.text and "they see it too" in now.text)
        await kim.sees_change(card, lambda now: "ref TEL-4711" in now.text)
        await kim.types(card, "@secondline vendor asks which circuit")
        await kim.sees_change(case, lambda now: "has waited for us since" in now.text)
        await kim.presses(case, "Write Again…")
        form = await kim.form("INV-1 to Telia")
        assert form.shows("subject").endswith("[TEL-4711]")
        kim.fills(form, text="It is IC-331202.")
        assert await kim.submits(form) == {}
        await there.until(lambda: len(box.mails) == 2, "the second mail")
        assert box.mails[1]["In-Reply-To"] == mail["Message-ID"]
        await kim.sees_change(case, lambda now: "Waiting for Telia since" in now.text)


async def test_a_refused_mailbox_is_told_and_the_text_goes_another_way(town: OpenTown) -> None:
    box = Mailbox(refusing={NOC: "550 5.1.1 User unknown"})
    async with mail_server(box), town(settings=with_vendor(box.port)) as there:
        kim = there.kim
        card = await opened(there)
        await asks_telia(there, card)
        asked = await kim.sees(card, "the mail to Telia did not go out")
        assert "550 5.1.1 User unknown" in asked.text and f"<@{kim.id}>" in asked.text
        await kim.presses(asked, "Get the Text")
        text = await kim.sees(card, "Our reference: INV-1")
        await kim.presses(text, "I Sent It")
        case = await kim.sees(card, "asked Telia to look")
        await kim.sees_change(case, lambda now: "Waiting for Telia since" in now.text)
        await kim.sees_change(text, lambda now: "says that it reached Telia" in now.text)

    assert box.mails == []


async def test_without_a_mail_server_there_is_a_text_to_copy(town: OpenTown) -> None:
    async with town(settings=with_vendor()) as there:
        card = await opened(there)
        await playbook_done(there, card)
        await there.kim.presses(card, "Send to a Vendor…")
        form = await there.kim.form("INV-1 to Telia", saying="You get the text to copy")
        assert await there.kim.submits(form) == {}
        text = await there.kim.sees(card, "copy this and send it to")
        assert "Our reference: INV-1" in text.text
        await there.kim.sees(card, "[file us-east-")
        await there.kim.sees_change(card, lambda now: "send the text to Telia" in now.text)


class Reaper(Watch):
    """Kills the bot at chosen moments, counted over all its lives: requests to Slack, commands to the mail server."""

    def __init__(self, there: Town, box: Mailbox, *, seed: int) -> None:
        chance = random.Random(seed)
        self._there = there
        self._calls = set(chance.sample(range(4, 60), KILLS))
        self._mail = [chance.choice(STAGES), *chance.sample(STAGES, 2)]
        self._count = 0
        self.kills = 0
        self.of_mail = 0
        box.interrupts = self.mail

    def before(self, call: Call) -> bool:
        self._count += 1
        return self._count in self._calls and self._kill()

    def mail(self, stage: str) -> bool:
        """One of the chosen stages, each once, in their order."""
        if not self._mail or self._mail[0] != stage or not self._kill():
            return False
        self._mail.pop(0)
        self.of_mail += 1
        return True

    def _kill(self) -> bool:
        if not self._there.bot.running:
            return False
        self.kills += 1
        self._there.bot.signal(signal.SIGKILL)
        return True


async def test_killed_at_random_telia_has_one_mail(town: OpenTown) -> None:
    """Kim knows from Telia whether it arrived, and says so where the bot asks; it never sends it again by itself."""
    reapers = await asyncio.gather(*(_killed_on_the_way(town, number) for number in range(TOWNS)))

    assert sum(reaper.kills for reaper in reapers) >= 2 * TOWNS
    assert sum(reaper.of_mail for reaper in reapers) >= TOWNS


async def _killed_on_the_way(town: OpenTown, number: int) -> Reaper:
    async with mail_server() as box, town(seed=Seed(tickets=()), settings=with_vendor(box.port)) as there:
        card = await opened(there)
        await playbook_done(there, card)
        reaper = there.watch = Reaper(there, box, seed=number)
        async with started_again(there):
            await insist(there, "the letter", lambda: asks_telia(there, card), lambda: has_case(there, card))
            case = await there.kim.sees(card, "asked Telia to look")
            for _ in range(200):  # a busy machine starts a bot in many seconds
                if "Waiting for Telia since" in (there.kim.now(case) or case).text:
                    break
                await _answers_if_asked(there, card, box)
                await there.moment_of(0.5)
            await there.kim.sees_change(case, lambda now: "Waiting for Telia since" in now.text)
            await settled(there)
        assert len(box.mails) == 1, box.commands
        assert max(keys(there).values()) == 1, keys(there)
        return reaper


async def _answers_if_asked(there: Town, card: Seen, box: Mailbox) -> None:
    """The truth, as somebody at Telia told it."""
    asked = [each for each in there.kim.thread(card) if "did the mail to Telia arrive?" in each.text]
    if asked and "It Arrived" in asked[-1].buttons:
        with contextlib.suppress(Exception):  # the bot may be dead
            await presses_if_offered(there.kim, asked[-1], "It Arrived" if box.mails else "Send Again")
