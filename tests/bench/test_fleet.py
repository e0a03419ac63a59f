"""The simulated fleet is what it says, and whoever is measured on it is measured rightly."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.bench.fleet import DAY, HOUR, Fleet, FleetSettings, Outage, simulate
from tests.bench.fleet_score import Truth

SMALL = FleetSettings(targets=6, days=21, busiest_an_hour=4)


def test_the_same_seed_is_the_same_fleet() -> None:
    one, again, other = simulate(SMALL, seed=1), simulate(SMALL, seed=1), simulate(SMALL, seed=2)

    assert one.arrivals == again.arrivals
    assert one.outages == again.outages
    assert one.arrivals != other.arrivals


def test_rates_gaps_and_angry_customers_are_in_it() -> None:
    fleet = simulate(FleetSettings(targets=6, days=21, gaps_a_week=2, angry_a_week=30), seed=3)
    tickets = [ticket for _, ticket in fleet.arrivals]

    assert len({ticket.customer for ticket in tickets}) < 0.98 * len(tickets)
    assert fleet.gaps
    for since, until in fleet.gaps:
        assert not [minute for minute, _ in fleet.arrivals if since + 1 < minute <= until]
    whole = sum(fleet.rate(number, at) for number in range(6) for at in range(0, 21 * DAY, HOUR))
    assert 0.7 * whole < len(tickets) < 2 * whole


def test_an_outage_begins_with_the_first_ticket_that_it_brings() -> None:
    quiet = FleetSettings(
        targets=6, days=21, busiest_an_hour=0.001, quietest_an_hour=0.001, angry_a_week=0, gaps_a_week=0
    )
    fleet = simulate(replace(quiet, factors=(20_000, 30_000)), seed=3)
    written: dict[str, list[datetime]] = {name: [] for name in fleet.names}
    for _, ticket in fleet.arrivals:
        written[ticket.affected[0]].append(ticket.created_at)

    assert len(fleet.outages) > 10
    for outage in fleet.outages:
        inside = [at for at in written[outage.target] if fleet.at(outage.start) <= at < fleet.at(outage.end)]
        assert outage.first is None or fleet.at(outage.first) == min(inside)


def test_an_alert_is_true_where_an_outage_is() -> None:
    fleet = Fleet(FleetSettings(targets=2, days=28), 1, names=["a", "b"], rate=lambda number, minute: 1.0)
    begin = 20 * DAY
    fleet.outages = [Outage("a", begin, begin + 2 * HOUR, 5, "step", "connect", 1.0, begin + 10)]
    fleet.surges = [(22 * DAY, 22 * DAY + HOUR, 3.0)]

    score = Truth(fleet).score(
        [
            (begin + 5, "a"),  # before anybody wrote because of it
            (begin + 30, "a"),
            (begin + 40, "a"),  # the same
            (begin + 40, "b"),  # another target
            (begin + 100, "b"),  # still that one
            (begin + 3 * HOUR + 1, "a"),  # goes on from the true one
            (22 * DAY + 30, "b"),
            (25 * DAY, "a"),
            (3 * DAY, "a"),  # before anything is counted
        ]
    )

    assert (score.recall, score.false, score.of_surges) == (1.0, 3, 1)
    assert [minutes for _, minutes in score.found] == [20]
    assert fleet.at(begin) - fleet.begins == timedelta(days=20)
