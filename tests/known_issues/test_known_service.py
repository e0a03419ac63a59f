"""Known issues as they are found, read and followed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import NotFound
from bot.known_issues.model import (
    Change,
    ChangeKind,
    EtaSource,
    IssueDraft,
    IssueState,
    KnownIssue,
    Learned,
    LinkVerdict,
    Release,
    TrackerIssue,
    name_in,
)
from bot.known_issues.naming import NoTracker
from bot.known_issues.tracker import TrackerError
from tests.fake_tracker import NOW, down, issue
from tests.world import World, contents

TUNNEL = issue(
    1,
    "Tunnel fails after the update",
    symptom="Spinner for ever, connection refused",
    workaround="Reinstall the app",
    labels=("known-issue", "app"),
)
CARDS = issue(2, "Card declined twice", symptom="Customers are charged twice", workaround="Pay by PayPal")
LOSS = issue(3, "Packet loss at night", symptom="Slow speeds", labels=("known-issue", "U.S. East"))


@pytest.fixture
def world() -> World:
    world = World(words={"can't connect": ("connection refused", "tunnel fails")})
    world.known.intake.applied("app", [TUNNEL, CARDS, LOSS], cursor="one")
    return world


def found(world: World, words: str, **more: Any) -> list[str]:
    matches = world.known.search(words, **more).best
    return [
        match.issue.issue.key if match.issue else f"INV-{match.learned and match.learned.investigation_id}"
        for match in matches
    ]


def kinds(changes: list[Change]) -> list[str]:
    return [str(change.kind) for change in changes]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("can't connect", "app#1"),
        ("cant connect", "app#1"),
        ("reinstalling", "app#1"),
        ("tunel fials", "app#1"),
        ("SPINNER", "app#1"),
        ("charge cards", "app#2"),
        ("decline", "app#2"),
        ("us east slow speed", "app#3"),
        ("packets lost? packet loss", "app#3"),
        ('"*^:(NOT AND slow', "app#3"),
    ],
)
def test_search_finds(world: World, words: str, key: str) -> None:
    """By title, symptom, workaround, synonyms, stems, slips and target."""
    assert found(world, words)[0] == key


def _reworded(world: World) -> None:
    world.known.intake.applied("app", [replace(LOSS, title="Jitter at night", body="")], cursor="two")


def _gone(world: World) -> None:
    world.known.intake.rechecked("app", {"3": None})


def _unmarked(world: World) -> None:
    world.known.intake.applied("app", [replace(LOSS, labels=())], cursor="two")


@pytest.mark.parametrize("lose", [_reworded, _gone, _unmarked])
def test_a_word_that_no_document_has_any_more_is_no_correction(world: World, lose: Callable[[World], None]) -> None:
    """Whoever it is told to looks for something that is not there."""
    world.known.learned(Learned(7, "us-east", "pocket of loss", "x", "", NOW))
    before = world.known.search("pcket").instead
    lose(world)
    after = world.known.search("pcket").instead
    world.known.unlearned(7)

    assert (dict(before), dict(after)) == ({"pcket": ("packet", "pocket")}, {"pcket": ("pocket",)})
    assert not world.known.search("pcket").instead


@pytest.mark.parametrize("words", ["", '"', "zzzzqqq", "NOT", "*"])
def test_search_for_nothing_finds_nothing(world: World, words: str) -> None:
    """And breaks nothing."""
    assert found(world, words) == []


def test_search_says_why(world: World) -> None:
    """The person's own words, the target, and what a slip was taken for."""
    (first, *_) = world.known.search("us east slwo speeds").best
    instead = world.known.search("us east slwo speeds").instead

    assert (first.why, first.target, dict(instead)) == (("us east", "slwo", "speeds"), "us-east", {"slwo": ("slow",)})


def test_the_target_decides_between_equals() -> None:
    """In the thread of an investigation its own target counts."""
    world = World()
    one, other = issue(1, "It crashes", labels=("known-issue", "app")), issue(2, "It crashes", labels=("known-issue",))
    world.known.intake.applied("app", [one, other], cursor="x")

    assert found(world, "crashes", target="app")[0] == "app#1"
    assert found(world, "crashes")[0] == "app#2"


def test_an_open_issue_comes_before_a_closed_one() -> None:
    """With the same words."""
    world = World()
    closed = issue(2, "It crashes", state=IssueState.DONE, closed_at=NOW)
    world.known.intake.applied("app", [issue(1, "It crashes"), closed], cursor="x")

    assert found(world, "crashes") == ["app#1", "app#2"]


def test_issues_that_are_not_known_are_kept_but_not_found(world: World) -> None:
    """Handoffs need them; support does not look for them."""
    world.known.intake.applied("app", [issue(4, "Refactor spinner", labels=())], cursor="x")

    assert found(world, "refactor") == []
    assert world.known.with_uid("app", "4")


def test_our_own_investigations_are_found_until_they_are_reopened(world: World) -> None:
    """Root causes and workarounds are for the next one."""
    learned = Learned(7, "us-east", "packet loss", "transit provider", "use us-west", NOW)
    world.known.learned(learned)
    (match, *_) = world.known.search("transit").best

    assert match.learned == learned
    assert found(world, "virginia transit")[0] == "INV-7"
    world.known.unlearned(7)
    assert found(world, "transit") == []


@pytest.mark.parametrize(
    ("target", "symptom", "key"),
    [
        ("app", "customers can't connect, spinner for ever", "app#1"),
        ("app", "spinner after update", "app#1"),
        ("us-east", "slow speeds at night", "app#3"),
        ("us-west", "slow speeds at night", None),
        ("app", "login fails", None),
        ("app", "spinner", None),
        ("app", "update", None),
        ("us-east", "us east", None),
        ("app", "", None),
        ("app", "crash on start, spinner, black screen, battery drain, no sound", None),
        ("us-east", "charged twice by card", "app#2"),
    ],
)
def test_only_what_is_alike_enough_is_taken_for_the_same(
    world: World, target: str, symptom: str, key: str | None
) -> None:
    """A wrong guess costs more than none: most of the words, two at least, and no other target."""
    match = world.known.matcher.like(target, symptom)

    assert (match.issue.issue.key if match and match.issue else None) == key


def test_an_issue_that_was_closed_long_ago_is_not_taken_for_the_same(world: World) -> None:
    """A fix that is out for months is not what customers see today."""
    old = replace(TUNNEL, state=IssueState.DONE, closed_at=NOW - timedelta(days=90))
    world.known.intake.applied("app", [old], cursor="x")

    assert world.known.matcher.like("app", "spinner after update") is None


def test_what_was_there_before_is_no_news() -> None:
    """A tracker of years must not fill the first briefing; what comes or becomes known afterwards is news."""
    world, before = World(), NOW - timedelta(days=9)
    old = issue(1, created_at=before, updated_at=before)
    unknown = issue(2, labels=(), created_at=before, updated_at=before)

    assert world.known.intake.applied("app", [old, unknown, issue(3)], cursor="x") == [
        Change(3, NOW, ChangeKind.NEW, after="It fails", id=1)
    ]
    assert kinds(world.known.intake.applied("app", [replace(unknown, labels=("known-issue",))], cursor="y")) == ["new"]


CHANGED: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"title": "Other"}, ["title"]),
    ({"body": "## Workaround\nWait"}, ["symptom", "workaround"]),
    ({"eta_dates": {EtaSource.DUE_DATE: date(2026, 12, 12)}}, ["eta"]),
    ({"labels": ("known-issue", "app", "P1")}, ["priority"]),
    ({"assignees": ("kim",)}, ["assigned"]),
    ({"fix_version": "2.15"}, ["fix_version"]),
    ({"state": IssueState.IN_PROGRESS}, ["in_progress"]),
    ({"state": IssueState.DONE}, ["done"]),
    ({"state": IssueState.DECLINED}, ["declined"]),
    ({"state": IssueState.DONE, "fix_version": "2.15", "released": True}, ["fix_version", "done", "released"]),
    ({"key": "core#9", "url": "https://tracker.test/core/9"}, ["moved"]),
    ({"updated_at": NOW + timedelta(hours=1)}, []),
]


@pytest.mark.parametrize(("change", "expected"), CHANGED)
def test_each_thing_that_changes_is_told_once(world: World, change: dict[str, Any], expected: list[str]) -> None:
    """And applying it again tells nothing."""
    now = replace(TUNNEL, **change)

    assert kinds(world.known.intake.applied("app", [now], cursor="two")) == expected
    assert world.known.intake.applied("app", [now], cursor="two") == []
    stored = world.known.with_uid("app", "1")
    assert stored and stored.issue == now
    assert kinds(world.known.log.of(stored.id)) == ["new", *expected]


def test_a_reopened_issue_says_so(world: World) -> None:
    """It is not only open."""
    world.known.intake.applied("app", [replace(TUNNEL, state=IssueState.DONE)], cursor="x")

    assert kinds(world.known.intake.applied("app", [TUNNEL], cursor="y")) == ["reopened"]


def test_changes_since_are_told_with_the_issue_as_it_is_now(world: World) -> None:
    """What the briefing asks."""
    before = world.clock()
    world.clock.advance(60)
    now = replace(TUNNEL, title="Other")
    world.known.intake.applied("app", [now], cursor="x")

    ((seen, change),) = world.known.log.since(before)
    assert (seen.issue, change.before, change.after) == (now, TUNNEL.title, "Other")


def test_what_is_gone_is_not_found_until_it_is_back(world: World) -> None:
    """Its record stays, for the investigations that are about it."""
    assert kinds(world.known.intake.rechecked("app", {"1": None})) == ["gone"]
    assert world.known.intake.rechecked("app", {"1": None, "99": None}) == []
    assert found(world, "spinner") == []
    assert world.known.get(1).gone_at == world.clock()

    assert kinds(world.known.intake.rechecked("app", {"1": TUNNEL})) == ["back"]
    assert found(world, "spinner") == ["app#1"]
    assert world.known.get(1).gone_at is None


def test_a_failure_in_a_room_above_leaves_no_change(world: World) -> None:
    """Its edits are owed in the same transaction, or the page is applied again."""
    before = contents(world)

    def fail(told: object) -> None:
        raise RuntimeError("full")

    world.known.events.changed.heard_by(fail)
    with pytest.raises(RuntimeError):
        world.known.intake.applied("app", [replace(TUNNEL, title="Other")], cursor="two")

    assert contents(world) == before
    assert world.known.intake.progress.cursor("app") == "one"


def test_age_says_as_of_when_and_since_when_not(world: World) -> None:
    """Shown wherever the data is."""
    world.known.intake.answered("app")
    as_of = world.clock()
    world.clock.advance(60)
    world.known.intake.failed("app", "timed out")
    since = world.clock()
    world.clock.advance(60)
    world.known.intake.failed("app", "503")

    (age,) = world.known.ages()
    assert (age.as_of, age.failing_since, age.reason) == (as_of, since, "503")
    world.known.intake.answered("app")
    assert world.known.ages()[0].failing_since is None


def test_the_longest_unheard_of_are_asked_about_first(world: World) -> None:
    """Open ones, and closed ones that investigations are about; not those that were just told."""
    closed = replace(CARDS, state=IssueState.DONE)
    world.known.intake.applied("app", [closed, issue(4, state=IssueState.DONE)], cursor="x")
    world.known.links.decide(1, 2, LinkVerdict.IT_IS, by="UKIM")
    assert world.known.intake.store.stale("app", 10) == []

    world.clock.advance(7 * 3600)
    world.known.intake.applied("app", [TUNNEL], cursor="y")
    assert [each.uid for each in world.known.intake.store.stale("app", 10)] == ["2", "3"]
    assert [each.uid for each in world.known.intake.store.stale("app", 1)] == ["2"]


async def test_a_stored_issue_is_named_by_any_of_its_names(world: World) -> None:
    """Ours, the key in any case, the address; no tracker is asked."""
    world.tracker.failure = down()

    for name in ("KI-1", "app#1", "APP#1", TUNNEL.url, f"{TUNNEL.url}#issuecomment-3", " ki-1 ", "`app#1`."):
        assert (await world.known.naming.read(name)).issue == TUNNEL


async def test_an_issue_that_nobody_knew_is_stored(world: World) -> None:
    """By key or address, asked of every tracker."""
    world.tracker.put(issue(9, labels=()))

    assert (await world.known.naming.read("app#9")).name == "KI-4"
    with pytest.raises(NotFound):
        await world.known.naming.read("app#10")
    world.tracker.failure = down()
    with pytest.raises(TrackerError):
        await world.known.naming.read("app#99")


async def test_making_twice_makes_one(world: World) -> None:
    """The stamp is its identity."""
    draft = IssueDraft("New", "body", ("known-issue",))
    one = await world.known.create(draft, tracker="app", stamp="inv-1/handoff")
    two = await world.known.create(draft, tracker="app", stamp="inv-1/handoff")

    assert one.id == two.id
    with pytest.raises(NoTracker):
        await world.known.create(draft, tracker="other", stamp="x")


def test_new_releases_are_told_once() -> None:
    """Those that were there before the tracker was known are stored only."""
    world = World()
    told: list[str] = []
    world.known.events.released.heard_by(lambda releases: told.extend(release.name for release in releases))
    old = Release("app", "r1", "2.14", "", "", NOW - timedelta(days=30))
    new = Release("app", "r2", "2.15", "", "notes", NOW + timedelta(hours=1), ("1",))

    world.known.intake.released("app", [old])
    world.known.intake.released("app", [new, old])
    world.known.intake.released("app", [replace(new, notes="more"), old])

    assert told == ["2.15"]
    assert world.database.column("SELECT notes FROM known_releases ORDER BY published_at DESC") == ["more", ""]


def test_an_old_release_that_comes_into_sight_is_not_told() -> None:
    """A newer one was taken back, and the tracker's list is as long as before."""
    world = World()
    told: list[str] = []
    world.known.events.released.heard_by(lambda releases: told.extend(release.name for release in releases))
    older = [Release("app", f"r{days}", f"v{days}", "", "", NOW - timedelta(days=days)) for days in (1, 300, 400)]
    world.known.intake.released("app", older[:2])
    world.known.intake.released("app", older[1:])
    undated = Release("app", "j1", "9.9", "", "", datetime.min.replace(tzinfo=UTC))
    today = Release("app", "j2", "9.10", "", "", NOW.replace(hour=0, minute=0))
    world.known.intake.released("app", [undated, today, *older[1:]])

    assert told == ["9.9", "9.10"]


@pytest.mark.parametrize(
    ("now", "out"),
    [
        ({}, True),
        ({"state": IssueState.OPEN}, False),
        ({"fix_version": "2.16"}, False),
    ],
)
def test_what_went_out_stays_out(now: dict[str, Any], out: bool) -> None:
    """Until it is opened again or comes with another version: trackers forget their old releases."""
    world = World()
    went = issue(1, state=IssueState.DONE, fix_version="2.15", released=True)
    world.known.intake.applied("app", [went], cursor="1")
    later = replace(went, released=False, updated_at=NOW + timedelta(days=400), **now)
    changes = world.known.intake.applied("app", [later], cursor="2")

    assert world.known.get(1).issue.released is out
    assert "released" not in kinds(changes)


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Verbindung schließt sofort", "schließt"),
        ("новый тариф", "новый"),
        ("연결 오류", "연결 오류"),
        ("ガイド ページ", "ガイド"),
        ("Café login", "CAFE"),
        ("cafe login", "café"),
    ],
)
def test_every_script_is_found(title: str, asked: str) -> None:
    """As it is written in the tracker."""
    world = World()
    world.known.intake.applied("app", [issue(1, title)], cursor="1")

    assert found(world, asked) == ["app#1"]


def test_a_long_message_is_found_by_its_rarest_words() -> None:
    """What tells most may stand at the end."""
    world = World()
    others = [issue(n, "Evening dinner hope team going wrong side yesterday watching") for n in range(2, 12)]
    world.known.intake.applied("app", [issue(1, "Netflix shows proxy error M7111"), *others], cursor="1")
    polite = (
        "Hello team, hope everything is going well at your side. Yesterday evening after dinner my wife and I wanted"
    )

    assert found(world, f"{polite} watching Netflix and got error M7111")[0] == "app#1"


async def test_another_mapping_reads_everything_again(world: World) -> None:
    """And nothing of it is news."""
    told: list[tuple[KnownIssue, Change]] = []
    await world.known.intake.reread("one")
    changed = World(database=world.database, mapping=replace(world.mapping, workaround_headings=("Trick",)))
    changed.known.events.changed.heard_by(told.extend)
    await changed.known.intake.reread("two")

    assert changed.known.get(1).reading.workaround == ""
    assert [str(change.kind) for _, change in told] == ["workaround", "workaround"]
    assert kinds(changed.known.log.of(1)) == ["new"]
    assert found(changed, "reinstall") == []
    told.clear()
    await changed.known.intake.reread("two")
    assert told == []


def test_a_stored_issue_comes_back_as_it_was() -> None:
    """Every field, through JSON."""
    whole = TrackerIssue(
        tracker="app",
        uid="5",
        key="VPN-5",
        url="https://x.test/5",
        title="Tïtle",
        body="b",
        state=IssueState.DECLINED,
        created_at=NOW,
        updated_at=datetime(2026, 11, 20, 9, 12, 30, 123456, tzinfo=UTC),
        closed_at=NOW,
        labels=("a", "b"),
        fields={"priority": "High"},
        assignees=("kim", "jo"),
        fix_version="2.15",
        released=True,
        eta_dates={EtaSource.DUE_DATE: date(2026, 12, 12)},
    )
    world = World()
    world.known.intake.applied("app", [whole], cursor="x")
    stored = world.known.with_uid("app", "5")

    assert stored and stored.issue == whole


@pytest.mark.parametrize(
    "text", ["KI-31", "ki 31", "KI31", "KI\N{EN DASH}31", "KI\N{NON-BREAKING HYPHEN}31", "KI-31.", "*KI-31*", "#KI-31?"]
)
def test_our_name_is_read_however_it_is_typed(text: str) -> None:
    """A phone puts other dashes for the hyphen; a search for it would find nothing."""
    assert name_in(text) == 31


@pytest.mark.parametrize("text", ["KI-31 on Android", "kitchen 31", "VPN-31", "31", "KI-31 KI-32"])
def test_what_says_more_is_no_name(text: str) -> None:
    assert name_in(text) is None
