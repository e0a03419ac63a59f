"""Mail over the wire, against real SMTP servers: what arrives, and what each failure becomes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.mail.model import Attachment, Delivery, Mail, MailOutcome, RefusedMailbox
from bot.mail.smtp import SmtpMailer, SmtpServer
from tests.mail.mailbox import Mailbox, mail_server, scripted
from tests.probes.listeners import Authority
from tests.stalls import STALL_S, Stalls

NOW = datetime(2026, 11, 30, 9, 20, tzinfo=UTC)
NOC = "noc@transit.example"
GREETED = (b"220 mail.test\r\n", b"250-mail.test\r\n250 HELP\r\n")
PROMISED = "550 5.1.1 User unknown"

Made = Callable[..., SmtpMailer]


def mailer(port: int, *, host: str = "127.0.0.1", wait_s: float = 5.0, **more: Any) -> SmtpMailer:
    known = {"tls": "none", "sender": "t2@harbor.example", "sender_name": "Second Line"} | more
    server = SmtpServer(host=host, port=port, **known)
    return SmtpMailer(server=server, clock=lambda: NOW, answer_s=wait_s, taken_s=wait_s)


def mail(**more: Any) -> Mail:
    known = {
        "to": (NOC,),
        "subject": "Loss at hop 3",
        "text": "Hello,\n\npackets are lost.",
        "message_id": "vendor-1-a",
    }
    return Mail(**{**known, **more})


async def test_a_mail_arrives_as_it_was_written() -> None:
    report = Attachment("mtr us-east.txt", "1. gw 0 % — ok\n".encode())
    async with mail_server() as box:
        sent = await mailer(box.port).send(
            mail(subject="Verlust an Hop 3 – bitte prüfen", attachments=(report,), reply_to="t2@harbor.example")
        )
    arrived = box.mails[0]
    body = arrived.get_body()

    assert sent == MailOutcome(Delivery.ACCEPTED)
    assert box.envelopes == [("t2@harbor.example", (NOC,))]
    assert str(arrived["From"]) == "Second Line <t2@harbor.example>"
    assert (arrived["To"], arrived["Reply-To"]) == (NOC, "t2@harbor.example")
    assert arrived["Subject"] == "Verlust an Hop 3 – bitte prüfen"
    assert (arrived["Message-ID"], arrived["Date"].datetime) == ("<vendor-1-a@harbor.example>", NOW)
    assert body is not None
    assert body.get_content().splitlines() == ["Hello,", "", "packets are lost."]
    [file] = arrived.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("mtr us-east.txt", "text/plain")
    assert file.get_content() == "1. gw 0 % — ok\n"


async def test_a_following_mail_names_the_one_before() -> None:
    async with mail_server() as box:
        await mailer(box.port).send(mail(message_id="vendor-2-b", answers="vendor-1-a", automatic=True))

    assert box.mails[0]["In-Reply-To"] == box.mails[0]["References"] == "<vendor-1-a@harbor.example>"
    assert box.mails[0]["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nBcc: everybody@harbor.example\r\n\r\nhello",
        "a\nBcc: everybody@harbor.example",
        "a\rBcc: x@y.example\u2028Bcc: x@y.example\u0085Bcc: z@y.example",
        "x" * 100_000,
        "😀" * 50_000,
        "safe\u202etxt.exe",
        "half \ud800 a character",
        "\0\x1b[31m",
        "=?utf-8?q?Bcc=3A_a=40b.example?=",
        "نص",
    ],
)
async def test_no_text_becomes_a_header_or_ends_the_mail(text: str) -> None:
    """Subject, file name and text of anybody; a line with one full stop would end the mail."""
    hostile = f"{text}\r\n.\r\nMAIL FROM:<x@y.example>\r\n"
    async with mail_server() as box:
        sent = await mailer(box.port).send(
            mail(subject=text, text=hostile, attachments=(Attachment(text, hostile.encode("utf-8", "replace")),))
        )

    assert sent.accepted
    assert len(box.mails) == 1
    arrived = box.mails[0]
    assert set(arrived.keys()) == {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}
    assert len(str(arrived["Subject"])) <= 200
    assert not {"\u202e", "\0", "\x1b", "\n", "\r"} & set(str(arrived["Subject"]))
    lines = box.raw[0].split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert box.raw[0].isascii()
    body = arrived.get_body()
    assert body is not None
    assert "MAIL FROM:<x@y.example>" in body.get_content()


async def test_a_large_mail_does_not_stop_the_loop() -> None:
    """Encoders of the standard library are slow and written in Python; they work in a thread."""
    async with scripted(*GREETED, b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n", b"250 taken\r\n") as port:
        with Stalls() as stalls:
            sent = await mailer(port, wait_s=30).send(mail(text="ü" * 100_000, subject="ü" * 100_000))

    assert sent.accepted
    assert stalls.busiest_s < STALL_S


async def test_a_refused_mailbox_is_named_with_its_code() -> None:
    async with mail_server(Mailbox(refusing={NOC: PROMISED})) as box:
        sent = await mailer(box.port).send(mail())

    assert sent == MailOutcome(
        Delivery.MAILBOX_REFUSED, "5.1.1 User unknown", 550, (RefusedMailbox(NOC, 550, "5.1.1 User unknown"),)
    )
    assert not sent.retry
    assert box.mails == []


async def test_one_refused_mailbox_does_not_keep_the_mail_from_the_others() -> None:
    async with mail_server(Mailbox(refusing={NOC: PROMISED})) as box:
        sent = await mailer(box.port).send(mail(to=(NOC, "second@transit.example", "no address")))

    assert sent.accepted
    assert [(each.address, each.code) for each in sent.refused] == [("no address", 553), (NOC, 550)]
    assert box.envelopes[0][1] == ("second@transit.example",)
    assert box.mails[0]["To"] == f"{NOC}, second@transit.example"


@pytest.mark.parametrize(
    "address", ["", "noc", "a@b@c", "x\r\nRCPT TO:<y@z.example>@a.example", "a b@c.example", "<a@b.c>"]
)
async def test_what_is_no_address_never_reaches_the_server(address: str) -> None:
    async with mail_server() as box:
        sent = await mailer(box.port).send(mail(to=(address,)))

    assert (sent.delivery, sent.code) == (Delivery.MAILBOX_REFUSED, 0)
    assert box.commands == []


async def test_greylisting_says_later() -> None:
    async with mail_server(Mailbox(refusing={NOC: "450 4.2.0 Greylisted, try again in 5 minutes"})) as box:
        sent = await mailer(box.port).send(mail())

    assert (sent.delivery, sent.code, sent.retry) == (Delivery.TEMPORARY, 450, True)
    assert sent.refused[0].temporary


@pytest.mark.parametrize(
    ("answer", "delivery"),
    [
        ("554 5.7.1 Spam", Delivery.REFUSED),
        ("451 4.3.0 Later", Delivery.TEMPORARY),
        ("299 hm", Delivery.UNKNOWN),
    ],
)
async def test_what_the_server_says_to_the_mail_itself(answer: str, delivery: Delivery) -> None:
    async with mail_server(Mailbox(answers=[answer])) as box:
        sent = await mailer(box.port).send(mail())

    assert sent.delivery is delivery


async def test_a_lost_answer_is_unknown_and_nothing_to_try_again() -> None:
    async with mail_server(Mailbox(keeps_and_hangs_up=True)) as box:
        sent = await mailer(box.port).send(mail())

    assert (sent.delivery, sent.retry) == (Delivery.UNKNOWN, False)
    assert len(box.mails) == 1


@pytest.mark.parametrize(
    ("lines", "delivery"),
    [
        ((), Delivery.UNREACHABLE),
        (GREETED, Delivery.UNREACHABLE),
        ((*GREETED, b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"), Delivery.UNKNOWN),
        ((b"554 no service\r\n",), Delivery.REFUSED),
        ((b"421 too busy\r\n",), Delivery.TEMPORARY),
        ((b"220 hi\r\n", b"\xff\xfe nonsense\r\n"), Delivery.UNREACHABLE),
        ((b"220 hi\r\n", b"250-" + b"x" * 50_000 + b"\r\n"), Delivery.UNREACHABLE),
        ((*GREETED, b"550 5.7.1 Sender refused \xff\xed\xa0\x80\r\n"), Delivery.REFUSED),
    ],
)
async def test_a_server_that_is_silent_or_talks_nonsense(lines: tuple[bytes, ...], delivery: Delivery) -> None:
    async with scripted(*lines) as port:
        sent = await mailer(port, wait_s=0.3).send(mail())

    assert sent.delivery is delivery
    sent.reason.encode()  # halves of characters would stop the database


async def test_nobody_listens() -> None:
    async with mail_server() as box:
        pass
    sent = await mailer(box.port).send(mail())

    assert (sent.delivery, sent.retry) == (Delivery.UNREACHABLE, True)
    assert "refused" in sent.reason


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize(("names", "accepted"), [(["localhost"], True), (["other.example"], False)])
async def test_certificates_are_checked(tmp_path: Path, tls: str, names: list[str], accepted: bool) -> None:
    authority = Authority(tmp_path)
    context = authority.server(*names)
    starttls, implicit = (context, None) if tls == "starttls" else (None, context)
    async with mail_server(starttls=starttls, implicit=implicit) as box:
        sent = await mailer(box.port, host="localhost", tls=tls, ca_file=str(authority.file)).send(mail())

    assert (sent.delivery is Delivery.ACCEPTED) is accepted
    assert len(box.mails) == accepted
    if not accepted:
        assert sent.delivery is Delivery.UNREACHABLE
        assert "certificate" in sent.reason


async def test_a_server_without_encryption_gets_no_mail_where_encryption_is_wanted() -> None:
    async with mail_server() as box:
        sent = await mailer(box.port, tls="starttls").send(mail())

    assert sent == MailOutcome(Delivery.REFUSED, "it offers no encryption (STARTTLS)")
    assert box.mails == []


@pytest.mark.parametrize(("password", "delivery"), [("right", Delivery.ACCEPTED), ("wrong", Delivery.REFUSED)])
async def test_login(tmp_path: Path, password: str, delivery: Delivery) -> None:
    authority = Authority(tmp_path)
    async with mail_server(Mailbox(logins={"bot": "right"}), starttls=authority.server("localhost")) as box:
        safe = mailer(
            box.port, host="localhost", tls="starttls", ca_file=str(authority.file), user="bot", password=password
        )
        sent = await safe.send(mail())

    assert sent.delivery is delivery
    assert "wrong" not in sent.reason


async def test_a_server_without_login_is_told_apart() -> None:
    async with scripted(*GREETED) as port:
        sent = await mailer(port, user="bot", password="secret").send(mail())

    assert sent == MailOutcome(Delivery.REFUSED, "it offers no login that the bot knows")


async def test_checking_asks_for_the_mailbox_and_sends_nothing() -> None:
    async with mail_server(Mailbox(refusing={NOC: PROMISED})) as box:
        assert (await mailer(box.port).check()).accepted
        assert (await mailer(box.port).check(["other@transit.example"])).accepted
        assert (await mailer(box.port).check([NOC])).delivery is Delivery.MAILBOX_REFUSED

    assert box.mails == []


@pytest.mark.parametrize("bad", ["", "a@b", "a b", "<a>", "a\r\nX: y", "x" * 101])
def test_a_message_id_is_letters_digits_and_dashes(bad: str) -> None:
    with pytest.raises(ValueError, match="no message id"):
        mail(message_id=bad)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(SmtpServer(host="h", port=1, tls="none", sender="a@b.example", password="secret"))
