"""When a rise began: with the ticket from which on more came than usual, not with a usual one before it."""

from bot.trends.detector.rises import began
from tests.trends.detector.test_detector import DAY, EAST, HOUR, MINUTE, MONDAY, Stream, begun, detector, stepped


def test_a_usual_ticket_before_is_none_of_it() -> None:
    assert began([10, 150, 152, 155, 156, 160], 0.01, 160) == 150
    assert began([10, 40, 70, 100, 150, 152, 155, 156, 157, 160], 0.03, 160) == 150


def test_what_rises_slowly_began_with_its_first_ticket() -> None:
    assert began([20, 45, 60, 90, 110, 125, 150], 0.001, 160) == 20
    assert began([], 0.1, 160) == 160


def test_a_rise_names_the_first_ticket_of_the_burst() -> None:
    for seed in range(1, 6):
        stream, one = Stream(seed=seed), detector()
        now = MONDAY + 14 * DAY + 12 * HOUR
        one.add(stream.usual(MONDAY, now, an_hour=2.0))
        more = [*stream.usual(now, now + 4 * HOUR, an_hour=2.0), *stream.burst(now + 2 * HOUR, 20, every=2 * MINUTE)]

        [rise] = [rise for rise in begun(stepped(one, more, now, now + 4 * HOUR)) if rise.series == EAST]

        assert abs(rise.since - (now + 2 * HOUR)) <= 10 * MINUTE
