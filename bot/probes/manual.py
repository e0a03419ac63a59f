"""The steps of a playbook that people do by hand, and what they found. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Trial:
    """One try on one device. `by` is a user id."""

    by: str
    at: datetime
    device: str
    os_version: str
    app_version: str
    reproduced: bool
    note: str = ""


def trial_line(trial: Trial) -> str:
    """One try in words without markup: "reproduced on Pixel 9, Android 16, app 5.2"."""
    where = ", ".join(part for part in (trial.device, trial.os_version, _app(trial.app_version)) if part)
    note = f": {trial.note}" if trial.note else ""
    return f"{'reproduced' if trial.reproduced else 'not reproduced'} on {where}{note}"


def trials_words(step: str, trials: Sequence[Trial]) -> str:
    """One line about all tries; what is still to do, which is `step`, where nobody has tried."""
    if not trials:
        return step
    hits = sum(trial.reproduced for trial in trials)
    tries = "try" if len(trials) == 1 else "tries"
    return f"reproduced in {hits} of {len(trials)} {tries}"


def _app(version: str) -> str:
    return f"app {version}" if version else ""
