"""What every test shares."""

import hypothesis

# Two cores shared with other processes: a slow example is no failure, pytest's own timeout is.
hypothesis.settings.register_profile("secondline", deadline=None)
hypothesis.settings.load_profile("secondline")
