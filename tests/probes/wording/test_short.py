"""Verdicts in a few words: shorter, and as true as the whole."""

from bot.probes.icmp.loss import Tally
from bot.probes.icmp.peers import against_peers, judged, sweep_verdict
from bot.probes.model import ProbeReading, Verdict
from bot.probes.results import verdict_of
from bot.probes.web.tcp import TCP
from bot.probes.wording import long, short
from bot.probes.wording.brief import brief


def swept(
    *received: int, rtts_ms: tuple[float, ...] = (), missing: tuple[str, ...] = (), own_drops: str = ""
) -> Verdict:
    delays = rtts_ms or (1.0,) * len(received)
    tallies = (Tally(10, (rtt,) * got) for got, rtt in zip(received, delays, strict=True))
    readings = against_peers([judged(f"192.0.2.{n}", tally) for n, tally in enumerate(tallies, 1)])
    return sweep_verdict("U.S. East", readings, missing=missing, own_drops=own_drops)


def tried(*reasons: str, missing: tuple[str, ...] = ()) -> Verdict:
    readings = [ProbeReading(f"10.0.0.{n}:443", not reason, reason=reason) for n, reason in enumerate(reasons)]
    return verdict_of(TCP, "U.S. East", readings, missing=missing)


def test_slow_address_with_one_lost_packet_is_called_slow() -> None:
    """The one packet is chance, the delay is the finding."""
    slow = swept(10, 10, 9, rtts_ms=(1.0, 1.0, 60.0))

    assert short(slow) == "192.0.2.3: 60.0 ms where its peers take 1.0 ms (2 of 3 addresses are fine)"


def test_loss_that_all_share_is_not_put_on_the_addresses() -> None:
    """The short form says too that they lose alike."""
    assert "and 3 more; they lose alike, 19 of 60 together: look at what they share" in short(swept(7, 6, 8, 7, 6, 7))


def test_what_this_machine_dropped_stays() -> None:
    """Loss that may be its own is said so also among other lines."""
    said = short(swept(10, 4, own_drops="this machine itself dropped 9 arriving packets"))

    assert said == "192.0.2.2 loses 6 of 10 (1 of 2 addresses is fine); this machine itself dropped 9 arriving packets"


def test_a_name_without_address_stays_beside_what_fails() -> None:
    """And where everything else is well it is all that is wrong."""
    gone = "gone.example: the name can't be looked up"

    assert short(tried("refused", "refused", "", missing=(gone,))) == f"2 of 3 ports fail (refused); {gone}"
    assert long(swept(10, 10, missing=(gone,))) == f"All 2 addresses answer without loss, median 1.0 ms; {gone}"
    assert not swept(10, 10, missing=(gone,)).ok


def test_different_reasons_are_left_to_the_whole() -> None:
    """The count is true without them."""
    assert short(tried("refused", "timeout")) == "2 of 2 ports fail"
    assert long(tried("refused", "timeout")) == ("2 of 2 ports fail: 10.0.0.0:443: refused; 10.0.0.1:443: timeout")


def test_what_was_not_measured_says_why_in_both_forms() -> None:
    """A refusal has no shorter form."""
    barred = Verdict("ping", swept(10).about, "No ICMP from here: not allowed", measured=False)

    assert long(barred) == short(barred) == "No ICMP from here: not allowed"


def test_a_refusal_with_a_full_stop_is_a_part_of_a_line() -> None:
    """What stands around it ends the line, once."""
    barred = Verdict("dns", swept(10).about, "U.S. East has no name to look up.", measured=False)

    assert brief(barred) == "U.S. East has no name to look up"


def test_steps_of_a_checklist_take_one_line_of_a_thread() -> None:
    """Numbers of parts stay behind Details; what fails keeps its reason where it fits."""
    assert brief(swept(10, 10)) == "Both answer, median 1.0 ms"
    assert brief(tried("", "", "")) == "All 3 ports are open"
    assert len(brief(tried("status 503 Service Unavailable", ""))) <= 40
