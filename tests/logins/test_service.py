"""Who comes in, who stays in, and who is shown out."""

import pytest

from bot.errors import BadInput
from bot.logins.model import LoginFailed, NoSuchScreen, NotLetIn, Role, digest_of
from bot.people import NotTier2
from tests.logins.door import Door


@pytest.mark.parametrize(
    ("user", "roles"), [("UKIM", {Role.TIER2}), ("ULENA", {Role.MANAGEMENT}), ("UTOM", {Role.TIER1})]
)
async def test_people_are_what_their_groups_say(user: str, roles: set[Role]) -> None:
    door = Door()
    visitor = await door.service.visitor(await door.signed_in(user))

    assert visitor and visitor.roles == roles and visitor.user == user and visitor.csrf


@pytest.mark.parametrize("user", ["UEVE", "UKIM"])
async def test_who_is_in_no_group_or_has_left_is_not_let_in(user: str) -> None:
    door = Door()
    door.people.nobodies = frozenset({"UKIM"})

    with pytest.raises(NotLetIn):
        await door.signed_in(user)
    assert door.database.value("SELECT count(*) FROM sessions") == 0


async def test_another_workspace_is_not_let_in() -> None:
    """Also where it has a person of the same id."""
    door = Door()
    door.provider.workspace = "T0OTHER"

    with pytest.raises(NotLetIn, match="another workspace"):
        await door.signed_in("UKIM")


async def test_a_sign_in_that_somebody_else_began_is_refused() -> None:
    """An attacker's code in a victim's browser would sign the victim in as the attacker."""
    door = Door()
    foreign = (await door.service.begin()).state
    secret = (await door.service.begin()).secret

    for state, kept in ((foreign, secret), ("", secret), (foreign, ""), ("\udcff", secret), ("", "")):
        with pytest.raises(LoginFailed):
            await door.service.finish(secret=kept, state=state, code="code-of-UKIM")


async def test_nonce_and_verifier_come_back_as_they_went() -> None:
    """And neither is the state, which everybody sees who sees the address."""
    door = Door()
    await door.signed_in("UKIM")
    began, ended = door.provider.asked

    assert (began["nonce"], began["verifier"]) == (ended["nonce"], ended["verifier"])
    assert len({began["state"], began["nonce"], began["verifier"]}) == 3
    assert len(began["verifier"]) >= 43  # RFC 7636 section 4.1


async def test_no_secret_is_in_the_database() -> None:
    door = Door()
    secret = await door.signed_in("UKIM")
    token, screen = await door.service.make_token("UKIM"), await door.service.make_screen("kitchen", by="UKIM")
    dump = "\n".join(door.database.tables.conn.iterdump())

    assert digest_of(secret) in dump
    assert not any(each in dump for each in (secret, token, screen))


async def test_an_open_session_ends_when_somebody_leaves() -> None:
    """Also where they come back later: what was ended stays so."""
    door = Door()
    secret, token = await door.signed_in("UKIM"), await door.service.make_token("UKIM")
    door.people.nobodies = frozenset({"UKIM"})
    gone = await door.service.visitor(secret)
    door.people.nobodies = frozenset()

    assert gone is None
    assert await door.service.visitor(secret) is None
    assert await door.service.visitor(token) is None


async def test_who_is_taken_out_of_a_group_sees_nothing_until_they_are_back() -> None:
    """A group that is being changed, or that Slack does not tell for a moment, ends nothing for good."""
    door = Door()
    secret = await door.signed_in("UKIM")
    team = door.people.tier2.pop("UKIM")
    assert await door.service.visitor(secret) is None
    door.people.tier2["UKIM"] = team

    assert await door.service.visitor(secret)


async def test_a_session_ends_after_its_time_and_by_signing_out() -> None:
    door = Door()
    first, second = await door.signed_in("UKIM"), await door.signed_in("UKIM")
    visitor = await door.service.visitor(first)
    assert visitor
    door.service.end(visitor.session)
    assert await door.service.visitor(first) is None and await door.service.visitor(second)

    door.clock.advance(hours=12, seconds=1)
    assert await door.service.visitor(second) is None


async def test_a_screen_is_made_and_ended_by_tier_2_under_its_name() -> None:
    door = Door()
    secret = await door.service.make_screen("  The   kitchen ", by="UKIM")
    visitor = await door.service.visitor(secret)
    assert visitor and visitor.roles == {Role.SCREEN} and visitor.user == "" and visitor.csrf == ""

    for name in ("the kitchen"[:0], "x" * 41):
        with pytest.raises(BadInput):
            await door.service.make_screen(name, by="UKIM")
    for name in ("The kitchen", "the KITCHEN"):  # `end` could not tell them apart
        with pytest.raises(BadInput, match="'The kitchen' already"):
            await door.service.make_screen(name, by="UJO")
    with pytest.raises(NotTier2):
        await door.service.end_screen("The kitchen", by="UTOM")
    with pytest.raises(NoSuchScreen, match="There is The kitchen"):
        await door.service.end_screen("hall", by="UJO")
    await door.service.end_screen("the KITCHEN", by="UJO")

    assert await door.service.visitor(secret) is None
    assert await door.service.make_screen("The kitchen", by="UJO")


async def test_a_screen_outlives_who_made_it() -> None:
    door = Door()
    secret = await door.service.make_screen("kitchen", by="UKIM")
    door.people.nobodies = frozenset({"UKIM"})
    door.clock.advance(days=400)

    assert await door.service.visitor(secret)


async def test_signing_out_everywhere_ends_programs_too() -> None:
    door = Door()
    secrets = [await door.signed_in("UKIM"), await door.service.make_token("UKIM", "numbers")]
    other = await door.signed_in("UJO")

    assert door.service.end_all("UKIM") == 2
    assert [await door.service.visitor(secret) for secret in secrets] == [None, None]
    assert await door.service.visitor(other)


async def test_looking_at_a_page_again_and_again_writes_little() -> None:
    door = Door()
    secret = await door.signed_in("UKIM")
    before = door.database.changes
    for _ in range(100):
        door.clock.advance(seconds=1)
        await door.service.visitor(secret)

    assert door.database.changes == before
    door.clock.advance(minutes=5)
    await door.service.visitor(secret)
    assert door.database.changes == before + 1


@pytest.mark.parametrize("secret", ["", "x", "\x00", "ü" * 50, "\udcff", "a" * 100_000])
async def test_what_is_no_secret_of_ours_is_nobody(secret: str) -> None:
    assert await Door().service.visitor(secret) is None
