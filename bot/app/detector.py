"""What says which customers are more than usual, for an export that somebody replays."""

from bot.app.room_settings import trend_settings
from bot.settings import Settings
from bot.trends.detector.detector import Detector
from bot.trends.detector.model import DetectorSettings


def build_detector(settings: Settings) -> Detector:
    by, targets = trend_settings(settings), tuple(target.key for target in settings.catalog())
    return Detector(
        settings=DetectorSettings(targets=targets, zone=by.zone, holidays=by.holidays, false_per_week=by.false_per_week)
    )
