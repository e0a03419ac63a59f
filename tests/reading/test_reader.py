"""What a ticket says: targets affected and only mentioned, the symptom, platform, versions, codes, language."""

import pytest

from bot.reading.model import Reading, TicketText
from bot.reading.reader import TicketReader
from tests.reading.catalogs import example, reader


def read(subject: str, description: str = "", **fields: str) -> Reading:
    return reader().read(TicketText(subject, description, fields=fields))


def targets(reading: Reading) -> tuple[str, str]:
    return " ".join(said.key for said in reading.affected), " ".join(said.key for said in reading.elsewhere)


@pytest.mark.parametrize(
    ("text", "affected", "elsewhere"),
    [
        ("US West works but U.S. East doesn't connect since this morning", "us-east", "us-west"),
        ("I live in California and can't connect to us-east", "us-east", "us-west"),
        ("Tried singapore too and it is fine. US East keeps disconnecting", "us-east", "ap-southeast"),
        ("US East and West are down", "us-east us-west", ""),
        ("Everything but EU Central works", "eu-central", ""),
        ("auf us-east geht es, auf Frankfurt nicht", "eu-central", "us-east"),
        ("only US East works, all others time out", "", "us-east"),
        ("I switched from Frankfurt to US West and it works fine", "", "us-west eu-central"),
        ("my card was declined twice", "payments", ""),
        ("East US is slower than Frankfurt", "us-east", "eu-central"),
        ("useast14 has packet loss", "us-east", ""),
        ("handshake with 198.51.100.11 times out", "us-east", ""),
        ("sydney-server lahm, Deutschland geht gut", "ap-southeast", "eu-central"),
    ],
)
def test_targets(text: str, affected: str, elsewhere: str) -> None:
    """Affected ones, and those that are only mentioned."""
    assert targets(read(text)) == (affected, elsewhere)


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("can't connect", "connect"),
        ("verbindet sich nicht mehr", "connect"),
        ("keeps disconnecting every few minutes", "drops"),
        ("very slow today", "slow"),
        ("5 Mbps instead of 500 in the speed test", "speed"),
        ("names don't resolve, DNS broken", "dns"),
        ("DNS leak detected", "leak"),
        ("Netflix detects the VPN", "streaming"),
        ("I can't log in", "login"),
        ("ma carte est refusée", "payment"),
        ("L'application plante au démarrage", "crash"),
        ("no dns leak, all good", ""),
        ("Hello", ""),
    ],
)
def test_symptom(text: str, symptom: str) -> None:
    said = read(text).symptom

    assert (said.key if said else "") == symptom


def test_everything_of_a_ticket() -> None:
    reading = read("US East", "App 8.4.1 crashes on my iPhone, iOS 26.2, error 809.\n\nSent from my iPad")

    assert (reading.platform and reading.platform.key, reading.versions, reading.codes, reading.language) == (
        "ios",
        ("app 8.4.1", "ios 26.2"),
        ("809",),
        "en",
    )
    assert {"ios 26.2", "error 809"} <= set(reading.terms)


def test_classes_of_a_team_add_to_the_usual_ones() -> None:
    own = {"connect": ["tunnel sulks"], "port-forwarding": ["port forward*"]}
    with_usual = TicketReader(catalog=example(), symptoms=own)
    alone = TicketReader(catalog=example(), symptoms=own, usual_symptoms=False)
    said = {
        text: [each.read(TicketText(text)).symptom for each in (with_usual, alone)]
        for text in ("my tunnel sulks", "port forwarding lost", "it is slow")
    }

    assert [[each and each.key for each in found] for found in said.values()] == [
        ["connect", "connect"],
        ["port-forwarding", "port-forwarding"],
        ["slow", None],
    ]


def test_fields_of_the_desk_say_what_they_mean() -> None:
    reading = read("help", "it is slow", target="US West", platform="Android", version="8.4.1", symptom="dns")

    assert targets(reading) == ("us-west", "")
    assert (reading.platform and reading.platform.key, reading.versions) == ("android", ("app 8.4.1",))
    assert reading.symptom and reading.symptom.key == "dns"


def test_tags_say_a_target_where_the_words_name_none() -> None:
    tags = ("vip", "server_us_east")
    silent, named, fine = (
        reader().read(TicketText(text, tags=tags)) for text in ("it drops", "Frankfurt drops", "us east works fine")
    )

    assert [targets(each) for each in (silent, named, fine)] == [("us-east", ""), ("eu-central", ""), ("", "us-east")]
    assert targets(read("it drops", target="region_us_west")) == ("us-west", "")
