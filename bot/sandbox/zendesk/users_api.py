"""The user endpoints."""

from bot.sandbox.zendesk.answers import Answer, Call, Endpoint
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.wire import ANONYMOUS, user_json


class UsersApi:
    """People of the desk: agents and customers."""

    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/users/me", self.me, "users:read"),
            Endpoint("GET", "/users/show_many", self.show_many, "users:read"),
            Endpoint("GET", r"/users/{id:\d+}", self.show, "users:read"),
        ]

    def me(self, call: Call) -> Answer:
        if call.actor.user_id is None:
            return Answer({"user": ANONYMOUS})
        return Answer({"user": user_json(self._desk.user(call.actor.user_id), base=call.base)})

    def show(self, call: Call) -> Answer:
        return Answer({"user": user_json(self._desk.user(call.id()), base=call.base)})

    def show_many(self, call: Call) -> Answer:
        asked = set(call.ids())
        rows = [user_json(user, base=call.base) for user in self._desk.users() if user.id in asked]
        return Answer({"users": rows, "next_page": None, "previous_page": None, "count": len(rows)})
