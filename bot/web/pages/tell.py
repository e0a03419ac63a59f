"""What to tell customers now: for Tier 1, by target, to copy. It shows no customer's data."""

from datetime import date

from bot.investigations.model import Investigation
from bot.investigations.updates import UpdateService
from bot.known_issues.service import KnownIssueService
from bot.known_issues.wording import plain
from bot.web.pages.board import BoardPage
from bot.web.pages.board_model import Board, TargetState
from bot.web.pages.page import Page, PageRequest, PageRoute
from bot.web.pages.tell_model import Telling, TellIssue, TellTarget, to_tell


class TellPage:
    """The states are those of the board, so that both say the same."""

    def __init__(self, *, board: BoardPage, updates: UpdateService, known: KnownIssueService) -> None:
        self._board = board
        self._updates = updates
        self._known = known

    @property
    def route(self) -> PageRoute:
        return PageRoute("/tell", self.show, live=True, menu="Tell customers")

    async def show(self, asked: PageRequest) -> Page:
        board, live, day = await self._board.now()
        told = [self._target(state, live.get(state.key), day) for state in board.targets]
        targets = tuple(target for target in told if target)
        shown = {workaround.number for target in targets for workaround in target.workarounds}
        return Page("tell.html", "Tell customers", Telling(targets, self._issues(board, shown)))

    def _target(self, state: TargetState, investigation: Investigation | None, day: date) -> TellTarget | None:
        if not investigation:
            return to_tell(state, None, (), None, day)
        words, issues = self._updates.words(investigation.id), self._known.about(investigation.id)
        return to_tell(state, words, issues, investigation.id, day)

    def _issues(self, board: Board, shown: set[int]) -> tuple[TellIssue, ...]:
        """Those that no target tells of."""
        rest = [issue for issue in board.issues if issue.number not in shown]
        return tuple(
            TellIssue(
                number=issue.number,
                name=issue.name,
                title=issue.title,
                say="We know of this, and our developers have it.",
                workaround=plain(self._known.get(issue.number).reading.workaround),
                eta=None if issue.eta_passed else issue.eta,
            )
            for issue in rest
        )
