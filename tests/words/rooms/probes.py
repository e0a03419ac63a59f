"""What a measurement shows, and every sentence about a verdict."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.messages.model import Content
from bot.probes import cards, forms
from bot.probes.batch import Batch, LeftOut, ProbeRun, RunState
from bot.probes.icmp.confidence import Missing
from bot.probes.icmp.path_facts import (
    Confidence,
    DelayRise,
    LossBegins,
    Outage,
    PathEnd,
    PathFacts,
    PathHop,
    PathWays,
    Rejects,
)
from bot.probes.manual import Trial
from bot.probes.model import About, Fault, Numbers, ProbeReading, ProbeResult, Subject, Verdict
from bot.probes.registry import KINDS
from bot.probes.wording import headline, long, path, short, summary, times
from bot.probes.wording.parts import noun_of
from tests.fake_probe import result
from tests.words.plain import Message
from tests.words.records import PLAYBOOK, at, batch, run

TRIED = Trial("UKIM", at(5), "Pixel 9", "Android 16", "5.2", reproduced=True, note="breaks up after ten minutes")
HOP = PathHop(3, "198.51.100.9", "Harbor core")
BEGINS = LossBegins(HOP, HOP, (0, 200), (120, 250), clean_before=True, packets=100)
LOSS = PathFacts(5, 10, begins=BEGINS, otherwise=(23, 46))


def messages() -> Mapping[str, Message]:
    return {**_cards(), **_sentences()}


def _cards() -> Mapping[str, Message]:
    asked = batch(run(1, "ping", lost=4), title="Ping U.S. East", playbook="")
    running = replace(asked.runs[0], state=RunState.RUNNING, result=None)
    places = batch(
        run(1, "mtr", lost=4, place="Berlin, DE"),
        run(2, "mtr", place="New York, US"),
        run(3, "mtr"),
        title="MTR U.S. East from 2 places",
        playbook="",
    )
    customers = replace(
        batch(run(6, "mtr", lost=4, place="New York, US"), run(7, "mtr", place="Boston, US")), parent_id=1
    )
    barred = batch(
        ProbeRun(1, 1, "target", "ping", "U.S. East", RunState.DONE, Subject("U.S. East"), result=_barred()),
        title="Ping U.S. East",
        playbook="",
    )
    states: dict[str, Batch | tuple[Batch, Batch]] = {
        "waiting": replace(asked, runs=(running,), state=RunState.QUEUED, ahead=2),
        "running": replace(asked, runs=(running,), state=RunState.RUNNING),
        "done, trouble": asked,
        "done, fine": batch(run(1, "ping"), title="Ping U.S. East", playbook=""),
        "could not run": barred,
        "cancelled": replace(asked, state=RunState.CANCELLED, cancelled_by="UJO"),
        "interrupted": replace(asked, state=RunState.INTERRUPTED),
        "from places": places,
        "repeated": (batch(run(1, "ping"), title="Ping U.S. East", playbook=""), asked),
        "path": _path_batch(),
    }
    playbooks: dict[str, Batch | tuple[Batch, Batch]] = {
        "running": replace(
            PLAYBOOK, state=RunState.RUNNING, runs=(replace(PLAYBOOK.runs[0], state=RunState.RUNNING, result=None),)
        ),
        "trouble": replace(PLAYBOOK, left_out=(LeftOut("vpn", "no VPN services"),)),
        "customers' places too": replace(PLAYBOOK, customers=customers),
        "fine": batch(run(1, "ping"), run(2, "tls"), run(3, "ping", step="control")),
        "repeated": (batch(run(1, "ping"), run(2, "mtr")), PLAYBOOK),
        "by hand, nobody tried": batch(by_hand="reproduce it on a device"),
        "by hand, tried": batch(by_hand="reproduce it on a device", trials=(TRIED, replace(TRIED, reproduced=False))),
    }
    return {
        **{f"Probe, {name}": _card(each) for name, each in states.items()},
        **{f"Playbook, {name}": _card(each) for name, each in playbooks.items()},
        "Not understood, one is meant": cards.did_you_mean("mrt", "us-east", [("mtr us-east", "mtr us-east")]),
        "Not understood, several may be": cards.did_you_mean(
            "ping", "us", [("ping us-east", "ping us-east"), ("ping us-west", "ping us-west")]
        ),
        "Details, a path": cards.detail(_path_batch()),
        "Details, a playbook": cards.detail(PLAYBOOK, 1),
        "Details, could not run": cards.detail(barred),
        "Details, nothing yet": cards.detail(replace(asked, runs=(running,))),
        "Details, long ago": cards.detail(replace(asked, emptied=True)),
        "Form: a try": forms.trial_form(PLAYBOOK),
    }


def _card(shown: Batch | tuple[Batch, Batch]) -> Content:
    """One that repeats another stands with it."""
    return cards.card(*shown) if isinstance(shown, tuple) else cards.card(shown)


def _path_batch() -> Batch:
    """An MTR that found a hop that loses packets."""
    hops = [
        ProbeReading(str(n), n < 3, (str(n), f"ae{n}.core.example.net", "4 of 10" if n > 2 else "0 of 10"))
        for n in range(1, 5)
    ]
    facts = replace(LOSS, confidence=Confidence.LOW)
    verdict = KINDS["mtr"].verdict(About("10.1.2.3"), "loses packets", numbers=Numbers(46, 23), path=facts)
    found = replace(result("mtr", "U.S. East"), verdict=verdict, columns=("Hop", "Host", "Lost"), readings=tuple(hops))
    return batch(replace(run(1, "mtr"), result=found), title="mtr U.S. East", playbook="")


def _barred() -> ProbeResult:
    made = result("ping", "U.S. East", barred="No permission to send pings")
    return replace(made, remedy="Give the container NET_RAW, or allow ping sockets.", readings=())


def _sentences() -> Mapping[str, Message]:
    about = About("10.1.2.3", "10.1.2.3")
    swept = Fault(About("10.1.2.4"), "4 of 10 lost", Numbers(sent=10, lost=4), "loss")
    silent = Fault(About("10.1.2.5"), "no answer", Numbers(sent=10, lost=10), "silent")
    ping = KINDS["ping"]
    verdicts: dict[str, Verdict] = {
        "ping, fine": ping.verdict(about, found="answers", numbers=Numbers(10, 0, median_ms=9.0)),
        "ping, loss": ping.verdict(
            about, "loses packets", numbers=swept.numbers, faults=(replace(swept, about=about),)
        ),
        "sweep, fine": ping.verdict(about, found="answer", numbers=Numbers(80, 0, median_ms=9.0), among=8),
        "sweep, two bad": ping.verdict(about, "loses packets", faults=(swept, silent), among=8),
        "not measured": ping.verdict(about, "No permission to send pings", measured=False),
        "dns, fails": _parts("dns", "resolver", "timed out", "timed out"),
        "tcp, fine": KINDS["tcp"].verdict(about, found="", numbers=Numbers(took_ms=12.0), among=3),
        "tcp, fails": _parts("tcp", "10.1.2.3:443", "connection refused"),
        "http, fine": KINDS["http"].verdict(
            About("https://acme.test/"), found="", numbers=Numbers(took_ms=120.0, status=200)
        ),
        "http, fails": _parts("http", "https://acme.test/", "503 Service Unavailable", "timed out"),
        "tls, fine": KINDS["tls"].verdict(about, found="", numbers=Numbers(days_left=61.0), among=2),
        "tls, fails": _parts("tls", "acme.test", "the certificate expired on 2026-11-29 (1 day ago)"),
        "vpn, fine": KINDS["vpn"].verdict(about, found="", numbers=Numbers(took_ms=31.0), among=4),
        "payment, fine": KINDS["payment"].verdict(about, found="succeeds", numbers=Numbers(took_ms=1310.0)),
        "payment, fails": _parts("payment", "the charge", "card_declined"),
    }
    texts = {f"Sentence: {name}": _every_way(verdict) for name, verdict in verdicts.items()}
    paths = {f"Sentence: mtr, {name}": _every_way(verdict) for name, verdict in _paths().items()}
    return {**texts, **paths, **_doubts(), **_summaries(ping.verdict(about, "loses packets", faults=(swept, silent)))}


def _every_way(verdict: Verdict) -> list[str]:
    """The headlines that it may have, then all of it, then a line among others."""
    headlines = headline.forms(verdict) if verdict.wrong and verdict.measured else []
    return [*[f"headline: {form}." for form in dict.fromkeys(headlines)], long(verdict), short(verdict)]


def _parts(kind: str, name: str, *reasons: str) -> Verdict:
    faults = tuple(
        Fault(About(f"{name}{'' if not place else f' {place + 1}'}"), why) for place, why in enumerate(reasons)
    )
    return KINDS[kind].verdict(About("U.S. East"), "fails", faults=faults, among=max(len(faults), 1))


def _paths() -> Mapping[str, Verdict]:
    about, lost, none = About("10.1.2.3", "10.1.2.3"), Numbers(46, 23), Numbers(46, 0, average_ms=21.0)
    filtered = Rejects(HOP, "administratively filtered", 46, 46, filtered=True)
    first = replace(BEGINS, first=PathHop(2, "192.0.2.2"), clean_before=False, before=(3, 40), silent=(2,))
    away = Outage(at(1), at(1) + timedelta(seconds=4), 20)

    def verdict(facts: PathFacts, wrong: str = "loses packets", numbers: Numbers = lost, **more: bool) -> Verdict:
        return KINDS["mtr"].verdict(about, wrong, "" if wrong else "answers", numbers=numbers, path=facts, **more)

    return {
        "fine": verdict(PathFacts(5, 10), "", none),
        "one packet lost": verdict(PathFacts(5, 10), "", Numbers(46, 1, average_ms=21.0), may_be_chance=True),
        "loss at a hop": verdict(LOSS),
        "loss at one of two": verdict(replace(LOSS, begins=first)),
        "loss, too few packets": verdict(replace(LOSS, begins=None)),
        "loss at the first hop": verdict(PathFacts(1, 10)),
        "loss, others seen": verdict(
            replace(LOSS, limited=(PathHop(2, lost=8, sent=10),), unclear=(PathHop(4, lost=2, sent=10),), pooled=2)
        ),
        "one of two ways": verdict(replace(LOSS, ways=PathWays(8, 3, (20, 20), (3, 26), shown=True))),
        "packets go round": verdict(replace(LOSS, loop=(HOP, PathHop(4, "198.51.100.10")))),
        "away for a time": verdict(replace(LOSS, outages=(away,), begins=None)),
        "stopped answering": verdict(replace(LOSS, outages=(replace(away, until=None),), begins=None)),
        "rejected": verdict(PathFacts(3, 10, end=PathEnd.REJECTED, rejects=(filtered,)), "is not reached"),
        "refuses ping": verdict(PathFacts(5, 10, end=PathEnd.REFUSES), "", none),
        "far away": verdict(PathFacts(30, 10, end=PathEnd.FAR), "", none),
        "on another way": verdict(PathFacts(6, 10, end=PathEnd.ELSEWHERE, last_answering=HOP), "", none),
        "loop": verdict(PathFacts(6, 10, end=PathEnd.LOOP, loop=(HOP, PathHop(4))), "is not reached"),
        "beyond": verdict(PathFacts(30, 10, end=PathEnd.BEYOND), "is not reached"),
        "silent": verdict(PathFacts(5, 10, end=PathEnd.SILENT, last_answering=HOP), "is not reached"),
        "nothing answers": verdict(PathFacts(0, 10, end=PathEnd.NOTHING), "is not reached"),
        "delay": verdict(PathFacts(5, 10, delays=(DelayRise(HOP, 84.0, 12.0, unsure=(2,)),)), "", none),
    }


def _doubts() -> Mapping[str, Message]:
    """How sure a place of loss is, and what would settle it."""
    cases = {
        "low": (Confidence.LOW, Missing(30, control=True, another_network=True)),
        "medium": (Confidence.MEDIUM, Missing(100, another_network=True)),
        "high": (Confidence.HIGH, Missing()),
    }
    listed = {}
    for name, (confidence, lacking) in cases.items():
        facts = replace(LOSS, confidence=confidence)
        verdict = KINDS["mtr"].verdict(About("10.1.2.3"), "loses packets", numbers=Numbers(46, 23), path=facts)
        listed[f"How sure: {name}"] = path.confidence_words(verdict, lacking)
    listed["A hop"] = path.place_words(HOP)
    return listed


def _summaries(bad: Verdict) -> Mapping[str, Message]:
    own, fine = [result("ping", "U.S. East", lost=4), result("tls", "U.S. East")], [result("ping", "U.S. West")]
    return {
        "Together: trouble, control fine": summary.summary(own, fine),
        "Together: trouble in both": summary.summary(own, own),
        "Together: all fine": summary.summary(fine, fine),
        "Together: control not measured": summary.summary(own, [result("ping", "U.S. West", barred="not allowed")]),
        "Together: nothing": summary.summary([], []),
        "Ruled out": summary.ruled_out(own, fine),
        "Still failing": [summary.still(bad), summary.still(own[0].verdict)],
        "Delay": path.delay_words(_paths()["delay"]),
        "Away": times.away_words([Outage(at(1), at(2), 9), Outage(at(5), None, 9)]),
        "Certificate ends": [times.ends(at(60 * 24 * 11), at(0)), times.ends(at(-60 * 24 * 3), at(0)), times.days(1.5)],
        "Acts soon": headline.soon(KINDS["tls"].verdict(About("a"), numbers=Numbers(days_left=11.0), warns=True)),
        "Headline that fits": [str(headline.fits("a b")), headline.fitting(["It fails", "Fails"], "U.S. West is fine")],
        "What parts are called": noun_of(bad),
    }
