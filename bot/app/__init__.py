"""The only place that reads settings and builds things: adapters, services, Slack, jobs."""

from bot.app.build import App, build_app
from bot.app.desk import build_desk
from bot.app.detector import build_detector
from bot.app.ground import open_database
from bot.app.mail import build_mailer
from bot.app.reading import build_reader
from bot.app.status import build_watched
from bot.app.trackers import build_trackers
from bot.app.ways import build_apprise, build_webhook

__all__ = [
    "App",
    "build_app",
    "build_apprise",
    "build_desk",
    "build_detector",
    "build_mailer",
    "build_reader",
    "build_trackers",
    "build_watched",
    "build_webhook",
    "open_database",
]
