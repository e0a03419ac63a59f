"""What a way that can't tell somebody says before it is needed."""

from bot.errors import SecondLineError


class NotTellable(SecondLineError):
    """Somebody of a ladder can't be reached as it is set up now; `sentence` says why, without a full stop."""
