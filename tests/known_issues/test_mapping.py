"""What support reads from an issue, and what stays missing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.mapping import IssueMapping, read
from bot.known_issues.model import EtaSource, IssueReading, IssueState, Priority
from bot.targets.model import Catalog, Target
from tests.fake_tracker import issue

CATALOG = Catalog(
    (
        Target("us-east", "U.S. East", "gateway", aliases=("virginia",)),
        Target("app", "The app", "app", aliases=("android", "ios")),
    )
)


def seen(mapping: IssueMapping | None = None, **more: Any) -> IssueReading:
    return read(issue(1, **more), mapping or IssueMapping(), CATALOG)


def test_a_bare_issue_says_nothing() -> None:
    """Everything is missing, and nothing is a guess; without its label it is not even known."""
    assert seen(labels=()) == IssueReading(known=False)
    assert seen() == IssueReading(known=True)


def test_symptom_and_workaround_come_from_the_body() -> None:
    """Under the headings of the mapping."""
    found = seen(symptom="It spins.", workaround="Restart it.")

    assert (found.symptom, found.workaround) == ("It spins.", "Restart it.")


def test_a_field_counts_before_the_body() -> None:
    """A Jira field of that name is what people keep up to date; one that says nothing does not count."""
    found = seen(symptom="It spins.", workaround="Restart it.", fields={"Workaround": "Wait.", "Symptoms": "n/a"})

    assert (found.symptom, found.workaround) == ("It spins.", "Wait.")


@pytest.mark.parametrize("value", ["TBC", "> [!NOTE]\n> not available", "~~Restart it.~~", "> None yet"])
def test_a_field_that_says_nothing_does_not_count(value: str) -> None:
    """In whatever marks Jira's panels and strikes are read as."""
    assert seen(workaround="Restart it.", fields={"Workaround": value}).workaround == "Restart it."
    assert seen(fields={"Workaround": "> Use ~~UDP~~ TCP"}).workaround == "Use TCP"


def test_headings_can_be_configured() -> None:
    """Then the usual ones don't count."""
    mapping = replace(IssueMapping(), workaround_headings=("Trick",))
    body = "## Trick\nStand on one leg.\n## Workaround\nNo."

    assert seen(mapping, body=body).workaround.startswith("Stand on one leg.")


@pytest.mark.parametrize(
    ("labels", "fields", "priority"),
    [
        (("P1",), {}, Priority.P1),
        (("priority: high",), {}, Priority.P1),
        (("Priority/Critical", "low"), {}, Priority.P0),
        (("severity=minor",), {}, Priority.P3),
        ((), {"priority": "Highest"}, Priority.P0),
        (("P3",), {"Priority": "Medium"}, Priority.P2),
        (("high five",), {"priority": "Whatever"}, None),
    ],
)
def test_priority_is_read(labels: tuple[str, ...], fields: dict[str, str], priority: Priority | None) -> None:
    """From the field, else the worst of the labels; a word that nobody configured is none."""
    assert seen(labels=labels, fields=fields).priority == priority


def test_names_of_priorities_can_be_configured() -> None:
    """In a house's own words."""
    mapping = replace(IssueMapping(), priorities={"On Fire": Priority.P0})

    assert seen(mapping, labels=("on-fire",)).priority is Priority.P0
    assert seen(mapping, labels=("P1",)).priority is None


@pytest.mark.parametrize(
    ("labels", "fields", "targets"),
    [
        (("android",), {}, ("app",)),
        (("area/Virginia", "component: iOS"), {}, ("us-east", "app")),
        ((), {"components": "Android, iOS, U.S. East"}, ("app", "us-east")),
        ((), {"components": "Edge PoP"}, ("us-east",)),
        (("edge-pop",), {}, ("us-east",)),
        (("backend",), {"components": "Windows"}, ()),
    ],
)
def test_components_lead_to_targets(labels: tuple[str, ...], fields: dict[str, str], targets: tuple[str, ...]) -> None:
    """By the targets' own names, and by those of the configuration; others lead nowhere."""
    mapping = replace(IssueMapping(), components={"edge pop": "us-east"})

    assert seen(mapping, labels=labels, fields=fields).targets == targets


def test_eta_comes_from_the_first_source_that_has_one() -> None:
    """In the order of the mapping; a source that is left out never counts."""
    dates = {EtaSource.DUE_DATE: date(2026, 12, 1), EtaSource.MILESTONE: date(2026, 12, 24)}
    body = "**ETA:** 12 Dec"
    in_order = replace(IssueMapping(), eta_order=(EtaSource.DUE_DATE, EtaSource.MILESTONE))
    body_only = replace(IssueMapping(), eta_order=(EtaSource.BODY,))

    assert seen(eta_dates=dates, body=body).eta == date(2026, 12, 24)
    assert seen(in_order, eta_dates=dates, body=body).eta_source is EtaSource.DUE_DATE
    assert seen(body_only, eta_dates=dates, body=body).eta == date(2026, 12, 12)
    assert seen(body="**ETA:** Q4").eta is None


def test_marks_are_labels_or_values_of_fields() -> None:
    """In any spelling, and among several values."""
    mapping = replace(IssueMapping(), known=("issuetype=Known Issue",), found_by_qa=("Sources=QA",))
    found = seen(mapping, labels=("Customer_Facing",), fields={"IssueType": "known issue", "sources": "Beta, qa"})

    assert (found.known, found.customer_facing, found.found_by_qa) == (True, True, True)
    assert not seen(mapping, labels=("known-issue",)).known


def test_customer_facing_is_unknown_unless_it_is_said() -> None:
    """Three answers, not two."""
    assert [seen(labels=labels).customer_facing for labels in ((), ("internal",), ("customer-facing", "internal"))] == [
        None,
        False,
        True,
    ]


def test_only_open_issues_wait_for_development() -> None:
    """A label that nobody took off says nothing."""
    assert seen(labels=("needs-triage",)).pending
    assert not seen(labels=("needs-triage",), state=IssueState.DONE).pending


@given(st.text(max_size=80), st.text(max_size=20), st.dictionaries(st.text(max_size=10), st.text(max_size=20)))
def test_any_issue_is_read(body: str, label: str, fields: dict[str, str]) -> None:
    """Nothing crashes."""
    seen(body=body, labels=(label,), fields=fields)
