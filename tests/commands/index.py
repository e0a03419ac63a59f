"""What a press does, as the index of the commands has it."""

from bot.slack.listener import Handler, Listener
from commands import register
from commands.services import Services


class _Index(Listener[Services]):
    """Takes what is registered, and nothing from Bolt."""

    def __init__(self) -> None:
        self._routes = {}
        register(self)

    def acknowledge_the_rest(self) -> None: ...

    def handler(self, route: str) -> Handler[Services]:
        return self._routes[route].handler


_INDEX = _Index()


def handler_of(action_id: str) -> Handler[Services]:
    return _INDEX.handler(f"button {action_id}")
