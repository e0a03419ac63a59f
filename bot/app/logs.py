"""Logs that customers sent: where they come from, and what the settings say of reading them."""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from bot.app.ground import Ground
from bot.customer_logs.child import CannotRead, LogProgram
from bot.customer_logs.service import LogSettings
from bot.customer_logs.slack_source import SlackLogs
from bot.errors import SecondLineError
from bot.settings import Settings
from bot.slack.downloads import Downloads
from bot.slack.request import Conversation

OWN_ID = "team-"


def build_log_source(ground: Ground, conversation: Conversation) -> SlackLogs:
    slack = ground.settings.slack
    downloads = Downloads(
        session=ground.client.session, token=slack.bot_token.get_secret_value(), api_url=slack.api_url
    )
    return SlackLogs(
        client=ground.client,
        downloads=downloads,
        message_at=lambda channel, ts, root: conversation.message_at(channel, ts, roots=[root] if root else []),
    )


def log_settings(settings: Settings, leads: Mapping[str, str]) -> LogSettings:
    """The numbers of masks are made with the bot's token: whoever has the database alone can't try addresses."""
    token = settings.slack.bot_token.get_secret_value()
    return LogSettings(
        ours=tuple(sorted({address for target in settings.catalog() for address in target.addresses})),
        own=own_signatures(settings),
        leads=leads,
        mask_key=hmac.new(token.encode(), b"masks in logs", sha256).digest(),
    )


def own_signatures(settings: Settings) -> tuple[Mapping[str, object], ...]:
    """The team's lines as the reading takes them; the number in an id is its place in the file."""
    return tuple(
        {"id": f"{OWN_ID}{place}", **signature.model_dump(mode="json", exclude_defaults=True)}
        for place, signature in enumerate(settings.logs.signatures)
    )


class LogCheck:
    """Asks the program that reads logs, which alone knows the engine of the patterns."""

    def __init__(self, settings: Settings, program: LogProgram | None = None) -> None:
        self._settings = settings
        self._program = program or LogProgram()

    async def wrong(self) -> Sequence[str]:
        """Which of the file's signatures can't be used, by key and title, and why. Raises SecondLineError."""
        try:
            refused = await self._program.refused(own_signatures(self._settings))
        except (CannotRead, OSError) as error:
            raise SecondLineError("the program that reads logs doesn't start") from error
        return [self._named(each) for each in refused]

    def _named(self, refused: str) -> str:
        place, _, why = refused.removeprefix(OWN_ID).partition(": ")
        return f'logs.signatures[{place}] "{self._settings.logs.signatures[int(place)].title}": {why}'
