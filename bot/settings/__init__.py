"""secondline.toml and the environment, typed and checked."""

from bot.settings.load import load_part, load_settings
from bot.settings.problems import Problem, SettingsError
from bot.settings.shape import Settings

__all__ = ["Problem", "Settings", "SettingsError", "load_part", "load_settings"]
