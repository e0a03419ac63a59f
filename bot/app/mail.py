"""The mail server that is configured."""

from bot.clock import Clock
from bot.mail.mailer import Mailer, NoMail
from bot.mail.smtp import SmtpMailer, SmtpServer
from bot.settings import Settings


def build_mailer(settings: Settings, clock: Clock) -> Mailer:
    mail = settings.mail
    if not mail.server:
        return NoMail()
    host, _, port = mail.server.rpartition(":")
    server = SmtpServer(
        host=host.strip("[]"),
        port=int(port),
        tls=mail.tls,
        sender=mail.sender,
        sender_name=mail.sender_name,
        user=mail.user,
        password=mail.password.get_secret_value(),
        ca_file=mail.ca_file,
    )
    return SmtpMailer(server=server, clock=clock)
