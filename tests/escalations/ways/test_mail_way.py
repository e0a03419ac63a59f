"""Mail over the wire: one mail that says what to do, and each refusal by its kind."""

import pytest

from bot.escalations.telling import Failure, FailureKind, TellingOutcome
from bot.escalations.ways.mail_way import MailWay, message_id
from bot.mail.mailer import NoMail
from bot.mail.model import Delivery, Mail, MailOutcome
from bot.mail.smtp import SmtpMailer, SmtpServer
from tests.escalations.ways.tellings import LINK, telling
from tests.fake_clock import FakeClock
from tests.fake_mailer import FakeMailer
from tests.mail.mailbox import Mailbox, mail_server
from tests.probes.listeners import listening, silent

LENA, RAJ = "lena@harbor.example", "raj@harbor.example"


def way(port: int, *, wait_s: float = 5.0) -> MailWay:
    server = SmtpServer(host="127.0.0.1", port=port, tls="none", sender="t2@harbor.example")
    return MailWay(mailer=SmtpMailer(server=server, clock=FakeClock(), answer_s=wait_s, taken_s=wait_s))


async def test_a_mail_says_what_to_do_and_where_to_acknowledge() -> None:
    async with mail_server() as box:
        outcome = await way(box.port).tell((LENA, RAJ), telling())
    [mail] = box.mails
    body = mail.get_body()

    assert outcome == TellingOutcome((LENA, RAJ), sure=False), "that a server took it says no more than that"
    assert box.envelopes == [("t2@harbor.example", (LENA, RAJ))]
    assert mail["Subject"] == "P1 INV-12 needs an answer: U.S. East, packet loss"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert body is not None
    assert body.get_content().splitlines()[0] == f"Acknowledge: {LINK}"


async def test_what_is_sent_again_is_the_same_mail() -> None:
    """By its Message-ID; another step's, or another database's with the same numbers, is another."""
    async with mail_server() as box:
        for one in (telling(), telling(acknowledge_url=f"{LINK}2"), telling(key="x"), telling(request="Another")):
            await way(box.port).tell((LENA,), one)
    ids = [mail["Message-ID"] for mail in box.mails]

    assert ids[0] == ids[1] == f"<{message_id(telling())}@harbor.example>"
    assert len(set(ids)) == 3


async def test_a_refused_mailbox_is_named_and_the_other_is_told() -> None:
    async with mail_server(Mailbox(refusing={RAJ: "550 5.1.1 User unknown"})) as box:
        outcome = await way(box.port).tell((LENA, RAJ), telling())

    failure = Failure(FailureKind.MAILBOX_REFUSED, f"{RAJ}: 550 5.1.1 User unknown")
    assert outcome == TellingOutcome((LENA,), failure, sure=False)


@pytest.mark.parametrize(
    ("box", "failure"),
    [
        (
            Mailbox(refusing={LENA: "550 5.1.1 User unknown"}),
            Failure(FailureKind.MAILBOX_REFUSED, "550 5.1.1 User unknown"),
        ),
        (Mailbox(refusing={LENA: "450 greylisted"}), Failure(FailureKind.UNREACHABLE, "450 greylisted")),
        (Mailbox(answers=["554 5.7.1 spam"]), Failure(FailureKind.REFUSED, "554 5.7.1 spam")),
        (Mailbox(answers=["451 try later"]), Failure(FailureKind.UNREACHABLE, "451 try later")),
    ],
)
async def test_each_refusal_has_its_kind(box: Mailbox, failure: Failure) -> None:
    async with mail_server(box):
        outcome = await way(box.port).tell((LENA,), telling())

    assert outcome == TellingOutcome(failure=failure)


async def test_an_answer_that_never_came_may_have_told_them() -> None:
    async with mail_server(Mailbox(keeps_and_hangs_up=True)) as box:
        outcome = await way(box.port).tell((LENA,), telling())

    assert outcome.failure and outcome.failure.kind is FailureKind.UNKNOWN
    assert not outcome.sure


async def test_a_server_that_takes_the_connection_and_never_answers() -> None:
    async with listening(silent) as port:
        outcome = await way(port, wait_s=0.2).tell((LENA,), telling())

    assert outcome == TellingOutcome(failure=Failure(FailureKind.UNREACHABLE, "no answer within 0.2 s"))


async def test_a_mailer_that_hangs_is_given_up() -> None:
    """Whatever it waits for."""

    class Hanging(FakeMailer):
        async def send(self, mail: Mail) -> MailOutcome:
            async with listening(silent) as port:
                await SmtpMailer(
                    server=SmtpServer(host="127.0.0.1", port=port, tls="none", sender=LENA), clock=FakeClock()
                ).send(mail)
            return MailOutcome(Delivery.ACCEPTED)

    outcome = await MailWay(mailer=Hanging(), deadline_s=0.1).tell((LENA,), telling())
    assert outcome.failure == Failure(FailureKind.UNKNOWN, "the mail server did not answer within 0.1 s")


async def test_without_a_mail_server_the_step_says_so() -> None:
    outcome = await MailWay(mailer=NoMail()).tell((LENA,), telling())

    assert outcome == TellingOutcome(failure=Failure(FailureKind.NOT_CONFIGURED))


@pytest.mark.parametrize("key", ["ladder/4/2", "", "/" * 200, "ladder-\u00e9"])
def test_any_key_makes_a_message_id(key: str) -> None:
    Mail(to=(LENA,), subject="", text="", message_id=message_id(telling(key=key)))
