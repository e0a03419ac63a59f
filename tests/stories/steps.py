"""Steps that many stories have in common."""

import contextlib

from tests.stories.chat import Person, Seen
from tests.stories.counting import keys
from tests.stories.town import Town


async def opened(there: Town, words: str = "us-east packet loss") -> Seen:
    """Kim opens an investigation and sees its card."""
    await there.kim.types("#t2-tech", f"/investigate {words}")
    return await there.kim.sees("#t2-tech", "owns INV-")


async def asked_by_tier_1(there: Town) -> tuple[Seen, Seen, Seen]:
    """Tom asks in #tier1, and Kim opens an investigation from it: his message, the answer to it, the card."""
    asked = await there.tom.types("#tier1", "lots of tickets about US East, packet loss?")
    assert asked
    await there.kim.uses("Investigate this", asked)
    answer = await there.tom.sees(asked, "is looking into U.S. East")
    return asked, answer, await there.kim.sees("#t2-tech", "owns INV-")


DONE = "white_check_mark"
"""The reaction under words that were done."""


async def done(person: Person, where: Seen, words: str) -> None:
    """Says it to the bot in the thread, and waits for the mark that it is done."""
    said = await person.types(where, f"@secondline {words}")
    assert said
    await person.sees_change(said, lambda now: DONE in now.reactions)


PLAYBOOK, TROUBLE = "*Playbook for U.S. East*", "*: trouble in "
"""How the message of the opening begins, and what it says once it has ended."""


async def escalated(there: Town, card: Seen) -> Seen:
    """Kim escalates by the form; the post as Lena sees it in the channel."""
    await there.kim.presses(card, "Escalate")
    form = await there.kim.form("Escalate INV-1")
    there.kim.fills(form, needed="Call the transit provider")
    assert await there.kim.submits(form) == {}
    return await there.lena.sees("#t2-tech", "Call the transit provider")


async def playbook_done(there: Town, card: Seen) -> Seen:
    """The message of the playbook once every step has ended but the part that waits for the tickets."""
    playbook = await there.kim.sees(card, PLAYBOOK)
    return await there.kim.sees_change(playbook, lambda now: TROUBLE in now.text)


async def details(person: Person, message: Seen, words: str, *, what: str = "Details") -> Seen:
    """The tables behind a probe's message, as whoever presses sees them."""
    await person.presses(message, what)
    replied = message.raw.get("thread_ts") not in (None, message.ts)
    shown = await person.sees(message if replied else message.channel, words)
    assert shown.only_for_me
    return shown


async def resolved(there: Town, card: Seen) -> Seen:
    """Kim resolves by the form; the card as it is then."""
    await there.kim.presses(card, "Resolve")
    form = await there.kim.form("Resolve INV-1")
    there.kim.fills(form, root_cause="A transit provider dropped packets", workaround="Use U.S. West")
    assert await there.kim.submits(form) == {}
    return await there.kim.sees_change(card, lambda now: "resolved INV-" in now.text)


async def checked(there: Town) -> None:
    """What was resolved is checked by itself, and the message of that is there."""
    await there.until(lambda: "smoke/1" in keys(there), "the check of what was resolved")


async def known_answer(there: Town, command: str, words: str) -> Seen:
    """What Kim is shown; the trackers may not have been read yet, so she asks until she knows."""
    for _ in range(60):
        await there.kim.types("#t2-tech", command)
        seen = await there.kim.sees("#t2-tech", "GitHub harbor-vpn/app")
        found = [each for each in there.kim.screen("#t2-tech") if words in each.text and each.only_for_me]
        if found:
            return found[-1]
        assert seen
        await there.moment()
    raise AssertionError(f"{command} never showed {words!r}")


async def settled(there: Town) -> None:
    """Until `/t2 status` says that nothing waits for Slack. A bot that dies meanwhile is asked again."""
    for _ in range(120):
        await there.until(lambda: there.bot_connected, "the bot to connect")
        known = {each.ts for each in there.ana.screen("#t2-cs")}
        await there.ana.types("#t2-cs", "/t2 status")

        def told(known: set[str] = known) -> str:
            return "\n".join(each.text for each in there.ana.screen("#t2-cs") if each.ts not in known)

        with contextlib.suppress(AssertionError):
            if "waiting for Slack" not in await there.until(told, "the status", within_s=3):
                return
            await there.moment_of(0.4)
    raise AssertionError("messages are still waiting for Slack")


async def presses_if_offered(person: Person, message: Seen, label: str) -> None:
    """A press that was lost for the person's client may have arrived all the same: the button is gone then."""
    now = person.now(message)
    if now and label in now.buttons:
        await person.presses(message, label)


async def timeline(there: Town, card: Seen) -> str:
    """The timeline as Jo is shown it now."""

    def shown() -> list[Seen]:
        """In the thread where there is one, else in the channel."""
        listed = [*there.jo.screen(card), *there.jo.screen("#t2-tech")]
        return [each for each in listed if "INV-1: timeline" in each.text]

    before = {each.ts for each in shown()}
    await there.jo.presses(card, "Show Timeline")

    def newest() -> str:
        return next((each.text for each in shown() if each.ts not in before), "")

    return str(await there.until(newest, "the timeline"))
