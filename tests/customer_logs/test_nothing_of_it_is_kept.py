"""No secret of a log is anywhere in the database, or in what people see of it."""

import json
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings

from bot.customer_logs import cards
from tests.customer_logs.secret_logs import logs
from tests.words.plain import rendered
from tests.world import World, contents


@given(logs())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
async def test_no_secret_is_stored_or_shown(log: tuple[bytes, Sequence[str]]) -> None:
    """The file, and the same pasted; with the rows of every table, and everything that can be pressed open."""
    content, secrets = log
    world = World()
    await world.opened()
    world.log_source.files["F1"] = ("jo.of@a.customer.example.log", content)
    world.log_source.messages["9.2"] = content.decode()
    assert world.logs.dropped(1, ["F1"], by="UKIM", channel="C1", ts="9.1", thread_ts="1.1")
    assert world.logs.dropped(1, [""], by="UKIM", channel="C1", ts="9.2", thread_ts="1.1")
    while await world.log_reader.step():
        pass
    shown = [world.logs.shown(number) for number in (1, 2)]
    seen = [rendered(cards.card(each)) for each in shown if each]
    seen += [rendered(cards.lines(each, place)) for each in shown if each for place in range(len(cards.parts(each)))]
    everything = json.dumps([contents(world), seen], default=str, ensure_ascii=False)

    assert [secret for secret in (*secrets, "jo.of@a") if secret in everything] == []
    assert len(seen) >= 2
