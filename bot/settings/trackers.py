"""The tables about trackers and known issues, and what of a tracker's issues means what."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from bot.known_issues.mapping import IssueMapping
from bot.known_issues.model import EtaSource, Priority
from bot.settings.section import NO_SECRET, Section
from bot.settings.values import BaseUrl, ProjectKey, Repository, ShortText, TicketCount, UserId

_PLAIN = IssueMapping()
PriorityName = Literal["P0", "P1", "P2", "P3"]
EtaSourceName = Literal["milestone", "fix_version", "due_date", "body"]


class GitHub(Section):
    """How to reach GitHub; on Enterprise Server the address ends in /api/v3."""

    api_url: BaseUrl = "https://api.github.com"
    token: SecretStr = NO_SECRET


class Jira(Section):
    """How to reach Jira Cloud."""

    url: BaseUrl = ""
    email: str = ""
    token: SecretStr = NO_SECRET


class TrackerSettings(Section):
    """One project of a tracker, see bot.known_issues.mapping.IssueMapping for what its marks mean.

    A label list may hold "field=value" too. `priority_names` are what a new issue gets for P0 to P3, `issue_type` and
    `declined` (resolutions that mean closed without a fix) are Jira's, `in_progress_labels` GitHub's.
    """

    kind: Literal["github", "jira"]
    repository: Repository = ""
    project: ProjectKey = ""
    refresh_s: Annotated[float, Field(ge=1, le=86400)] = 180
    known_labels: tuple[ShortText, ...] = _PLAIN.known
    customer_facing_labels: tuple[ShortText, ...] = _PLAIN.customer_facing
    internal_labels: tuple[ShortText, ...] = _PLAIN.internal
    found_by_qa_labels: tuple[ShortText, ...] = _PLAIN.found_by_qa
    pending_labels: tuple[ShortText, ...] = _PLAIN.pending
    symptom_headings: tuple[ShortText, ...] = _PLAIN.symptom_headings
    workaround_headings: tuple[ShortText, ...] = _PLAIN.workaround_headings
    eta_headings: tuple[ShortText, ...] = _PLAIN.eta_headings
    symptom_fields: tuple[ShortText, ...] = _PLAIN.symptom_fields
    workaround_fields: tuple[ShortText, ...] = _PLAIN.workaround_fields
    eta_fields: tuple[ShortText, ...] = _PLAIN.eta_fields
    priority_fields: tuple[ShortText, ...] = _PLAIN.priority_fields
    component_fields: tuple[ShortText, ...] = _PLAIN.component_fields
    eta_order: tuple[EtaSourceName, ...] = ("milestone", "fix_version", "due_date", "body")
    priorities: dict[str, PriorityName] = Field(default_factory=dict)
    components: dict[str, str] = Field(default_factory=dict)
    priority_names: dict[PriorityName, ShortText] = Field(default_factory=dict)
    issue_type: ShortText = "Bug"
    declined: tuple[ShortText, ...] = ()
    in_progress_labels: tuple[ShortText, ...] = ("in progress", "doing")

    def mapping(self) -> IssueMapping:
        """The mapping that the known issues understand; names of priorities come on top of the usual ones."""
        own = {name: Priority(level) for name, level in self.priorities.items()}
        return IssueMapping(
            known=self.known_labels,
            customer_facing=self.customer_facing_labels,
            internal=self.internal_labels,
            found_by_qa=self.found_by_qa_labels,
            pending=self.pending_labels,
            symptom_headings=self.symptom_headings,
            workaround_headings=self.workaround_headings,
            eta_headings=self.eta_headings,
            symptom_fields=self.symptom_fields,
            workaround_fields=self.workaround_fields,
            eta_fields=self.eta_fields,
            priority_fields=self.priority_fields,
            component_fields=self.component_fields,
            priorities={**_PLAIN.priorities, **own},
            components=self.components,
            eta_order=tuple(EtaSource(name) for name in self.eta_order),
        )


class KnownIssues(Section):
    """How known issues are searched, and when a lead is asked. `leads` are user ids by team, `words` synonyms."""

    ask_at: tuple[TicketCount, ...] = (10, 25, 50, 100)
    leads: dict[str, UserId] = Field(default_factory=dict)
    words: dict[ShortText, tuple[ShortText, ...]] = Field(default_factory=dict)
