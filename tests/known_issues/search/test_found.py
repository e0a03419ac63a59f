"""What customers write finds the right known issue as often as the bench said when this was last changed."""

import pytest

from tests.bench.row_known import service_on
from tests.database import memory_database
from tests.known_issues.search.labelled import TARGETS, answer, known_issues, measured, reports


@pytest.mark.parametrize(("half", "first", "among_three"), [(1, 0.80, 0.90), (2, 0.77, 0.90)])
def test_reports_find_their_issue(half: int, first: float, among_three: float) -> None:
    service = service_on(memory_database(), TARGETS)
    service.intake.applied("app", known_issues(), cursor="1")
    found = measured([(report, answer(service, report.text)) for report in reports(half)])

    assert found.first >= first
    assert found.among_three >= among_three
    assert found.silent >= 0.6


def test_every_report_is_about_an_issue_of_its_half() -> None:
    """So that nothing that was learned of the first half's issues counts in the second."""
    halves = {half: {report.issue for report in reports(half) if report.issue} for half in (1, 2)}
    keys = {issue.key for issue in known_issues()}

    assert not halves[1] & halves[2]
    assert halves[1] | halves[2] == keys
