"""The only place that reads settings and builds things: adapters, services, Slack, jobs."""

from bot.app.build import App, build_app
from bot.app.desk import build_desk
from bot.app.ground import open_database

__all__ = ["App", "build_app", "build_desk", "open_database"]
