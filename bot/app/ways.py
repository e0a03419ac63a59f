"""How the steps of a ladder tell somebody, and the links by which they are acknowledged without Slack."""

import os
from collections.abc import Mapping

import aiohttp

from bot.app.ground import Ground
from bot.clock import Clock
from bot.escalations.links import SignedLinks
from bot.escalations.telling import WayKind, Ways
from bot.escalations.ways.apprise_way import AppriseWay
from bot.escalations.ways.mail_way import MailWay
from bot.escalations.ways.slack_way import SlackWay
from bot.escalations.ways.webhook import WebhookWay
from bot.settings import Settings


def build_ways(ground: Ground, environ: Mapping[str, str] | None = None) -> Ways:
    """All of them: the settings decide which ladder has which. Addresses with secrets are read by name when a step
    needs them."""
    owed, clock = ground.records.owed, ground.records.clock
    place = SlackWay(owed=owed)
    return Ways(
        owed={WayKind.GROUP: SlackWay(owed=owed, in_thread=True), WayKind.DM: place, WayKind.CHANNEL: place},
        outside={
            WayKind.MAIL: MailWay(mailer=ground.mailer),
            WayKind.APPRISE: build_apprise(environ),
            WayKind.WEBHOOK: build_webhook(ground.http, clock, environ),
        },
        links=build_links(ground.settings, clock),
    )


def build_apprise(environ: Mapping[str, str] | None = None) -> AppriseWay:
    return AppriseWay(environ=os.environ if environ is None else environ)


def build_webhook(http: aiohttp.ClientSession, clock: Clock, environ: Mapping[str, str] | None = None) -> WebhookWay:
    return WebhookWay(session=http, environ=os.environ if environ is None else environ, clock=clock)


def build_links(settings: Settings, clock: Clock) -> SignedLinks | None:
    """None where nobody outside can reach the bot."""
    web = settings.web
    if not web.public_url:
        return None
    return SignedLinks(secret=web.link_secret.get_secret_value(), public_url=web.public_url, clock=clock)
