"""What says which customers are more than usual: for the bot, and for an export that somebody replays."""

from bot.settings import Settings
from bot.targets.model import Catalog
from bot.trends.detector.detector import Detector
from bot.trends.detector.model import DetectorSettings
from bot.trends.model import TrendMode, TrendSettings


def build_detector(by: TrendSettings, catalog: Catalog) -> Detector:
    targets = tuple(target.key for target in catalog)
    return Detector(
        settings=DetectorSettings(targets=targets, zone=by.zone, holidays=by.holidays, false_per_week=by.false_per_week)
    )


def trend_settings(settings: Settings) -> TrendSettings:
    trends, workspace = settings.trends, settings.workspace
    return TrendSettings(
        mode=TrendMode(trends.mode) if settings.tickets_enabled else TrendMode.OFF,
        zone=workspace.tzinfo,
        hours=workspace.hours,
        holidays=frozenset(settings.briefing.holidays),
        false_per_week=trends.false_per_week,
        tell_agents=trends.tell_agents,
    )
