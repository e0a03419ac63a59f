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
        field(DEVICE, "Device", text_input(_INPUT, placeholder="Pixel 9", longest=LIMITS[DEVICE])),
        field(
            OS_VERSION,
            "OS version",
            text_input(_INPUT, placeholder="Android 16", longest=LIMITS[OS_VERSION]),
            optional=True,
        ),
        field(
            APP_VERSION,
            "App version",
            text_input(_INPUT, placeholder="5.2.1", longest=LIMITS[APP_VERSION]),
            optional=True,
        ),
        field(NOTE, "What did you see?", text_input(_INPUT, multiline=True, longest=LIMITS[NOTE]), optional=True),
    ]
    return modal(TRIAL_FORM, "Record a try", "Record", blocks, private_metadata=str(batch.id))
