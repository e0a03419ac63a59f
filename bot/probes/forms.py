"""The form of a step that is done by hand."""

from bot.messages.model import Block
from bot.probes.batch import Batch
from bot.slack.blocks import field, modal, select, text_input

TRIAL_FORM = "probe_trial_form"

DEVICE = "device"
OS_VERSION = "os_version"
APP_VERSION = "app_version"
REPRODUCED = "reproduced"
NOTE = "note"
YES, NO = "yes", "no"

LIMITS = {DEVICE: 80, OS_VERSION: 40, APP_VERSION: 40, NOTE: 500}
"""Characters: ten tries are shown whole in the message of their playbook."""

_INPUT = "input"


def trial_form(batch: Batch) -> Block:
    answers = [("Yes, I see it too", YES), ("No, it works here", NO)]
    blocks = [
        field(REPRODUCED, "Does it happen?", select(_INPUT, answers)),
        _text(DEVICE, "Device", "Pixel 9", optional=False),
        _text(OS_VERSION, "OS version", "Android 16"),
        _text(APP_VERSION, "App version", "5.2.1"),
        _text(NOTE, "What did you see?", multiline=True),
    ]
    return modal(TRIAL_FORM, "Record a try", "Record", blocks, private_metadata=str(batch.id))


def _text(name: str, label: str, example: str = "", *, multiline: bool = False, optional: bool = True) -> Block:
    typed = text_input(_INPUT, placeholder=example, multiline=multiline, longest=LIMITS[name])
    return field(name, label, typed, optional=optional)
