"""The sandbox's mail server, against the standard library's client; and the page that shows what it got."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import system_clock
from bot.sandbox.mail.box import Box, Mood
from bot.sandbox.mail.page import routes
from bot.sandbox.mail.server import MailServer


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    found = MailServer(box=Box(clock=system_clock))
    await found.start()
    yield found
    await found.close()


def mail(text: str = "Hello,\n.\n..two\nfrom us\n", subject: str = "Loss") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "t2@harbor.example", "noc@northlink.example", subject
    message.set_content(text)
    message.add_attachment(b"a report", maintype="text", subtype="plain", filename="mtr.txt")
    return message


def send(port: int, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.send_message(message)


async def test_a_mail_is_kept_as_it_was_written(server: MailServer) -> None:
    await asyncio.to_thread(send, server.port, mail())
    [received] = server._box.received

    assert received.text == "Hello,\n.\n..two\nfrom us\n"
    assert received.files == [("mtr.txt", "a report")]
    assert (received.sender, received.to) == ("t2@harbor.example", ("noc@northlink.example",))


@pytest.mark.parametrize(
    ("mood", "error", "code"),
    [(Mood.LATER, smtplib.SMTPRecipientsRefused, 450), (Mood.REFUSES, smtplib.SMTPRecipientsRefused, 550)],
)
async def test_moods(server: MailServer, mood: Mood, error: type[smtplib.SMTPRecipientsRefused], code: int) -> None:
    server._box.mood = mood
    with pytest.raises(error) as caught:
        await asyncio.to_thread(send, server.port, mail())

    assert [answer[0] for answer in caught.value.recipients.values()] == [code]
    assert server._box.received == []


async def test_a_lost_answer_leaves_the_mail_there(server: MailServer) -> None:
    server._box.loses_answer = True
    with pytest.raises(smtplib.SMTPServerDisconnected):
        await asyncio.to_thread(send, server.port, mail())
    await asyncio.to_thread(send, server.port, mail())

    assert len(server._box.received) == 2


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"MAIL FROM:<a@b.example>\r\n", b"503"),
        (b"EHLO \r\n", b"501"),
        (b"EHLO x\r\nRCPT TO:<a@b.example>\r\n", b"503"),
        (b"EHLO x\r\nMAIL FROM:a@b.example\r\n", b"501"),
        (b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<nobody>\r\n", b"501"),
        (b"EHLO x\r\nDATA\r\n", b"503"),
        (b"\xff\xfe\r\n", b"500"),
        (b"EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<a@b.c>\r\nDATA\r\nline\n.\r\n", b"552"),
        (b"EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<a@b.c>\r\nDATA\r\n" + b"x" * 1100 + b"\r\n.\r\n", b"552"),
    ],
)
async def test_it_is_as_strict_as_a_real_one(server: MailServer, said: bytes, answer: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(said + b"QUIT\r\n")
    lines = (await reader.read()).split(b"\r\n")
    writer.close()

    assert any(line.startswith(answer) for line in lines), lines
    assert server._box.received == []


async def test_the_page_shows_mail_and_runs_none_of_it(server: MailServer) -> None:
    app = web.Application()
    app.add_subapp("/mail", routes(server._box))
    async with TestClient(TestServer(app)) as client:
        assert "no mail yet" in await (await client.get("/mail/")).text()
        await asyncio.to_thread(send, server.port, mail("<script>alert(1)</script>\n", "<b>Loss"))
        page = await (await client.get("/mail/")).text()

    assert "&lt;script&gt;" in page and "<script>" not in page
    assert "&lt;b&gt;Loss" in page
    assert "mtr.txt" in page
