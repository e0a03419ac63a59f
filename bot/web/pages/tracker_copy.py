"""The story on its way into a tracker: what would go out, and where, before anybody sends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BadInput
from bot.exports.addresses import web_address
from bot.exports.forms import OPEN_QUESTIONS, WENT_WELL, what_goes_out
from bot.exports.service import CopyService
from bot.exports.tracker_copy import FilledIn
from bot.logins.model import Role
from bot.web.pages.investigation import number_of
from bot.web.pages.page import GoTo, Page, PageRequest, PageRoute, number_in

PATH = "/investigations/{number}/tracker"
TIER2 = frozenset((Role.TIER2,))


@dataclass(frozen=True, slots=True)
class CopyIssue:
    number: int
    key: str
    url: str
    title: str
    tracker: str


@dataclass(frozen=True, slots=True)
class CopyPreview:
    """Everything that whoever sends it should have seen."""

    investigation: int
    name: str
    issues: tuple[CopyIssue, ...]
    what_goes_out: str
    text: str


class TrackerCopyPages:
    def __init__(self, *, copies: CopyService) -> None:
        self._copies = copies

    @property
    def routes(self) -> Sequence[PageRoute]:
        return PageRoute(PATH, self.show, roles=TIER2), PageRoute(PATH, self.send, roles=TIER2, method="POST")

    async def show(self, asked: PageRequest) -> Page:
        number = number_of(asked)
        form = await self._copies.prepare(number, by=asked.visitor.user)
        issues = tuple(
            CopyIssue(
                issue.id,
                issue.issue.key,
                web_address(issue.issue.url),
                issue.issue.title,
                form.titles.get(issue.issue.tracker, issue.issue.tracker),
            )
            for issue in form.issues
        )
        name = form.overview.investigation.name
        return Page(
            "tracker_copy.html", f"The story of {name}", CopyPreview(number, name, issues, what_goes_out(), form.text)
        )

    async def send(self, asked: PageRequest) -> GoTo:
        number, issue = number_of(asked), number_in(asked.form.get("issue", ""))
        if issue is None:
            raise BadInput("Choose the issue that gets the story.")
        filled = FilledIn(asked.form.get(WENT_WELL, ""), asked.form.get(OPEN_QUESTIONS, ""))
        await self._copies.send(number, issue, filled, by=asked.visitor.user)
        return GoTo(f"/investigations/{number}")
