"""Customers read what fits the kind of thing that they wrote about."""

from pathlib import Path

import pytest

from bot.replies.drafting import Templates, told_values
from bot.replies.subjects import RoundSubject, subject_of
from bot.replies.wording import PURPOSES, filled
from bot.settings import load_settings
from bot.targets.model import Target
from tests.replies.rounds import Rounds
from tests.test_settings import TOKENS
from tests.world import APP, US_EAST

EXAMPLE = Path(__file__).parents[2] / "secondline.toml"
EAST, WEST, SITE = (Target(key, title, kind) for key, title, kind in (
    ("us-east", "U.S. East", "gateway"), ("us-west", "U.S. West", "gateway"), ("site", "Website", "website"),
))  # fmt: skip


@pytest.mark.parametrize(
    ("targets", "subject"),
    [
        ([], RoundSubject()),
        ([EAST, EAST], RoundSubject("gateway", "U.S. East")),
        ([WEST, EAST, EAST], RoundSubject("gateway", "U.S. East and U.S. West")),
        ([EAST, SITE], RoundSubject()),
        ([Target(f"g{n}", f"G{n}", "gateway") for n in range(4)], RoundSubject("gateway", "")),
    ],
)
def test_a_round_is_about_what_all_its_tickets_are_about(targets: list[Target], subject: RoundSubject) -> None:
    """Several kinds have nothing in common that could be told."""
    assert subject_of(targets) == subject


def test_texts_of_a_kind_stand_for_the_general_ones() -> None:
    """All of them: a German customer of a gateway is not told to update since only English has a text of its own."""
    templates = Templates(
        texts={"released": {"en": "Update.", "de": "Aktualisieren."}, "noted": {"en": "Noted."}},
        of_kind={"gateway": {"released": {"en": "Reconnect."}}},
    )

    assert templates.texts_of("released", "gateway") == {"en": "Reconnect."}
    assert templates.texts_of("released", "app") == {"en": "Update.", "de": "Aktualisieren."}
    assert templates.texts_of("noted", "gateway") == {"en": "Noted."}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", ["gateway", "website", "payments", "app", ""])
def test_shipped_texts_say_what_customers_can_do_and_none_of_our_words(kind: str, language: str) -> None:
    """No title of an issue; a version where there is something to update, and nowhere else."""
    replies = load_settings({**TOKENS, "SECONDLINE_CONFIG": str(EXAMPLE)}).replies
    values = {"title": "vpn-core: NULL deref", "version": "8.4.1", "workaround": "Use IKEv2", "eta": "2026-12-12"}
    templates = Templates(texts=replies.texts, of_kind={kind: getattr(replies, kind)} if kind else {})
    told = {
        purpose: filled(
            templates.texts_of(purpose, kind)[language], told_values(values, RoundSubject(kind, "U.S. East"))
        )
        for purpose in PURPOSES
    }

    assert not [text for text in told.values() if "vpn-core" in text or "{" in text]
    assert ("8.4.1" in told["released"]) is (kind in ("app", ""))
    assert ("U.S. East" in told["released"]) is (kind == "gateway")


async def test_each_round_has_the_text_of_its_kind() -> None:
    """By the investigations that its tickets belong to."""
    rounds = Rounds()
    templates = rounds.world.reply_runner._templates
    assert templates.texts
    await rounds.world.opened(US_EAST)
    await rounds.world.opened(APP)
    for target, number in (("U.S. East", 1), ("The app", 2)):
        round_id = rounds.open([number], key=f"k{number}", investigation_id=number)
        assert rounds.world.reply_runner._subjects.of(rounds.get(round_id)).name == target
