"""One bug in two trackers counts and shows once, with both links."""

from typing import Any

import pytest

from bot.briefings.issues import that_matter, told_once
from bot.briefings.lines import _issue
from bot.briefings.model import News
from bot.known_issues.cards import in_one_line, page, results
from bot.known_issues.model import ChangeKind, IssueState, LinkVerdict, TrackerIssue
from bot.known_issues.twins import mentions, once
from tests.fake_desk import ticket
from tests.fake_tracker import NOW, issue
from tests.slack_limits import texts
from tests.world import APP, US_EAST, World

JIRA = "https://jira.test/browse/VPN-31"
GITHUB = "https://github.test/acme/app/issues/9"


def github(title: str = "Login spins", body: str = "", **more: Any) -> TrackerIssue:
    return issue(9, title, **{"body": body, "url": GITHUB, "key": "app#9"} | more)


def jira(title: str = "Login spins at night", body: str = "", **more: Any) -> TrackerIssue:
    return issue(31, title, **{"tracker": "vpn", "uid": "j31", "key": "VPN-31", "url": JIRA, "body": body} | more)


def known(*issues: TrackerIssue) -> World:
    world = World()
    for each in issues:
        world.known.intake.applied(each.tracker, [each], cursor="1")
    return world


def paired(world: World) -> bool:
    first, second = world.known.get(1), world.known.get(2)
    assert bool(first.also) == bool(second.also)
    return bool(first.also)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (github("[VPN-31] Spinner at login"), jira("Auth hangs")),
        (github("Spinner at login (VPN-31)"), jira("Auth hangs")),
        (github("Spinner", "Jira: VPN-31"), jira("Auth hangs")),
        (github("Spinner", f"Tracked in {JIRA}."), jira("Auth hangs")),
        (github("Spinner", f"## Links\n\n- [the ticket]({JIRA}?focusedId=3)\n"), jira("Auth hangs")),
        (github("Spinner", f"{JIRA}\n\nIt spins."), jira("Auth hangs")),
        (github("Spinner"), jira("Auth hangs", f"GitHub issue: {GITHUB}#issuecomment-4")),
        (github("Spinner"), jira("Auth hangs", "Duplicate of acme/app#9")),
        (github("Login spins forever", "Seen by vpn-31's reporter on Monday"), jira("Login spins")),
        (github("SUP-77: login spins forever"), jira("[SUP-77] Login spins")),
        (github("Login spins forever"), jira("Login spins, forever!")),
        (github("Charged twice on reload of the checkout"), jira("Charged twice when the checkout is reloaded")),
        (
            github("Android app crashes on start after the update", fix_version="8.4.1"),
            jira("Android: crash on start after update", fix_version="8.4.1"),
        ),
        (
            github("Battery drain on iPhone since 8.3", fix_version="8.5.0"),
            jira("Battery drain on iPhone", fix_version="v8.5.0"),
        ),
    ],
)
def test_what_is_one_bug(one: TrackerIssue, other: TrackerIssue, first: bool) -> None:
    """Whichever comes first, whichever links to the other."""
    assert paired(known(one, other) if first else known(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (github("Spinner", "Related to VPN-31"), jira("Auth hangs")),
        (github("Spinner", "Blocked by VPN-31"), jira("Auth hangs")),
        (github("Spinner", "This is not the same as VPN-31"), jira("Auth hangs")),
        (github("Regression of VPN-31"), jira("Auth hangs")),
        (github("Spinner", "The people of VPN-31 have seen it too, perhaps"), jira("Auth hangs")),
        (github("VPN-31, VPN-32 and VPN-33 in one screen"), jira("Auth hangs")),
        (github("Crash on Windows-11"), jira("Windows-11 tray icon is missing")),
        (github("Login spins forever on iPads"), jira("Login spins forever")),
        (github("Login fails"), jira("Login fails")),
        (
            github("App crashes on start after update on Android", fix_version="8.4.1"),
            jira("App crashed on start after updates on Windows", fix_version="8.4.1"),
        ),
        (
            github("Battery drain on iPhone since 8.3", fix_version="8.5.0"),
            jira("Battery drain on iPhone", fix_version="8.4.0"),
        ),
        (
            github("Battery drain on iPhone", fix_version="8.5.0"),
            jira("Battery drain on Android", fix_version="8.5.0"),
        ),
        (github("Spinner", "VPN-310"), jira("Auth hangs")),
        (github("Spinner", "Jira: VPN-31"), jira("Auth hangs", tracker="app")),
    ],
)
def test_what_is_two(one: TrackerIssue, other: TrackerIssue) -> None:
    """A link alone says little, and so does a like title."""
    assert not paired(known(one, other))


def test_it_is_two_again_once_nobody_says_so() -> None:
    """The text was mended, or one of them is gone."""
    world = known(github("Spinner", "Jira: VPN-31"), jira("Auth hangs"))
    assert paired(world)
    world.known.intake.applied("app", [github("Spinner", "see the docs", updated_at=NOW.replace(hour=11))], cursor="2")
    assert not paired(world)


async def test_it_shows_once_with_both_links() -> None:
    """In a search, in the list without words, in one line, on its page."""
    world = known(github("Login spins", "Jira: VPN-31\n\n## Workaround\n\nRestart"), jira("Login spins at night"))
    found = await world.knowledge.search("login spins")
    shown = "\n".join(texts(list(results("login spins", found).blocks)))

    assert len(found.best) == 1 and len((await world.knowledge.newest()).best) == 1
    assert GITHUB in shown and f"(also <{JIRA}|VPN-31>)" in shown and "Restart" in shown
    assert JIRA in "\n".join(texts(list(page(world.knowledge.page(1)).blocks)))
    assert "Login spins" in in_one_line(world.known.get(1))


async def test_the_open_one_with_a_workaround_stands_for_both() -> None:
    """Whichever is the better hit."""
    declined = github("Login spins", "Jira: VPN-31", state=IssueState.DECLINED, closed_at=NOW)
    world = known(declined, jira("Login spins at night", "## Workaround\n\nRestart"))
    (match,) = (await world.knowledge.search("login spins")).best

    assert match.issue and match.issue.issue.key == "VPN-31"


async def counted() -> World:
    """KI-1 and KI-2 are one bug: INV-1 is about the one, INV-2 about the other; ticket 2 is in both."""
    world = known(github("Login spins", "Jira: VPN-31"), jira("Login spins at night"))
    assert world.desk
    world.desk.hidden = [ticket(number, world.clock()) for number in (1, 2, 3)]
    await world.opened(APP, symptom="x")
    await world.opened(US_EAST, symptom="y")
    await world.evidence.add_tickets(1, [1, 2], by="UKIM")
    await world.evidence.add_tickets(2, [2, 3], by="UKIM")
    await world.knowledge.use(1, 1, by="UKIM")
    await world.knowledge.use(2, 2, by="UKIM")
    return world


async def test_it_counts_once() -> None:
    """The tickets of both, each once; and development is asked once."""
    world = await counted()
    (match,) = (await world.knowledge.search("login spins")).best
    affected = world.rooms.gatherer.impacts(world.clock())

    assert match.affected == 3
    assert sorted(number for number, _ in world.knowledge.tickets_of(2)) == [1, 2, 3]
    assert {each.tickets for each in affected.values()} == {3}
    assert world.knowledge.page(2).investigations == ("INV-1", "INV-2")
    assert len(world.owed_keys("known-ask/%")) == 1


async def test_the_card_of_an_investigation_shows_it_once() -> None:
    world = await counted()
    await world.knowledge.use(1, 2, by="UKIM")

    assert len(world.known.about(1)) == 1


async def test_who_said_it_is_not_one_is_not_asked_about_the_other() -> None:
    world = known(github("Login spins at night", "Jira: VPN-31"), jira("Login spins at night"))
    opened = await world.opened(APP, symptom="login spins at night")
    (link,) = world.known.links.of(opened.id)
    await world.knowledge.decide(link.id, LinkVerdict.IT_ISNT, by="UKIM")
    world.known.intake.applied(
        "vpn", [jira("Login spins at night always", updated_at=NOW.replace(hour=11))], cursor="2"
    )

    assert len(world.known.links.of(opened.id)) == 1


def test_one_issue_names_another_once_and_itself_never() -> None:
    named = mentions(github("app#9: VPN-31", f"{JIRA}\n{GITHUB}\nVPN-31"))

    assert [(each.name, each.titled, each.same) for each in named] == [("vpn-31", True, True)]


async def test_the_briefing_tells_it_once_with_both_links() -> None:
    """Its number, its line, and the same news of both trackers."""
    world = await counted()
    issues = [world.known.get(1), world.known.get(2)]
    by_id = {each.id: each for each in issues}
    news = tuple(News(number, "x", "", ChangeKind.DONE, "", "") for number in by_id)
    alone = (News(2, "x", "", ChangeKind.ETA, "", ""),)
    (shown,) = that_matter(once(issues), world.rooms.gatherer.impacts(NOW), [])

    assert (shown.tickets, shown.also) == (3, (("VPN-31", JIRA),))
    assert [each.issue_id for each in told_once((*news, *alone), by_id)] == [1, 2]
    assert "(also <" in _issue(shown, NOW.date(), [])


async def test_the_form_of_a_handoff_offers_it_once() -> None:
    """As what somebody said it is."""
    world = known(github("Login spins", "Jira: VPN-31"), jira("Login spins at night"))
    await world.opened(APP, symptom="login spins")
    await world.knowledge.use(1, 1, by="UKIM")
    prepared = await world.handoffs.prepare(1, by="UKIM")

    assert [each.issue.key for each in prepared.issues] == ["app#9"] and prepared.draft.issue_id == 1
