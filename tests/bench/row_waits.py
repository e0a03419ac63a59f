"""How long an escalation and a colleague's card wait while something else floods Slack, or Slack refuses something."""

from tests.bench.figures import CannotRun, Figure, at_most
from tests.stories import waits
from tests.stories.steps import opened, playbook_done
from tests.stories.town import open_town

TITLE = "who waits for whom, against the sandbox"
ESCALATION_S, CARD_S = 1.0, 2.0
HOW = "seen on a person's screen, with Slack's limits on posts, edits, files and reactions as the sandbox keeps them"


async def measure() -> list[Figure]:
    figures: list[Figure] = []
    try:
        for load in waits.LOADS:
            figures += await _under(load)
    except AssertionError as error:
        raise CannotRun(f"the bot did not do it: {error}") from error
    return figures


async def _under(load: waits.Load) -> list[Figure]:
    async with open_town() as there:
        card = await opened(there)
        await playbook_done(there, card)
        async with load(there):
            colleague = await waits.card_s(there, there.jo, "eu-central")
            escalated = await waits.escalation_s(there, card, "Call the transit provider")
            figures = [
                at_most(f"{load.__name__.replace('_', ' ')}: an escalation", [escalated], ESCALATION_S, "s", HOW),
                at_most("  a colleague's card", [colleague], CARD_S, "s"),
            ]
            if load is not waits.edits_limited:
                post = await there.lena.sees("#t2-tech", "Call the transit provider")
                answered = await waits.acknowledgement_s(there, post)
                figures.append(at_most("  “Acknowledged by”", [answered], ESCALATION_S, "s"))
        return figures
