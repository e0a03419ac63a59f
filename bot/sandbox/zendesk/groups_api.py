"""The groups of agents."""

from bot.sandbox.zendesk import paging
from bot.sandbox.zendesk.answers import Answer, Call, Endpoint
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.wire import group_json


class GroupsApi:
    """Groups of one desk."""

    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("GET", "/groups", self.list, "groups:read")]

    def list(self, call: Call) -> Answer:
        groups = self._desk.groups()
        if paging.wants_cursor(call):
            return Answer(
                paging.by_cursor(
                    call,
                    groups,
                    "groups",
                    lambda one: group_json(one, base=call.base),
                    mark=lambda one: one.id,
                    most=100,
                )
            )
        rows_max = paging.OFFSET_ROWS_MAX
        return Answer(
            paging.by_offset(call, groups, "groups", lambda one: group_json(one, base=call.base), rows_max=rows_max)
        )
