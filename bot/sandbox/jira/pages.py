"""What people see of an issue in a browser."""

from collections.abc import Callable

from bot.sandbox.jira import workflow
from bot.sandbox.jira.adf import plain
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.rest.answers import Call
from bot.sandbox.rest.page import issue_page


def browse(site: JiraSite) -> Callable[[Call], str]:
    """The page below /browse/{key}."""

    def page(call: Call) -> str:
        issue = site.issue(call.params["key"])
        facts = {
            "Status": issue.status.name,
            "Priority": issue.priority.name,
            "Labels": ", ".join(issue.labels),
            "Fix version": ", ".join(one.name for one in issue.fix_versions),
            "Due": str(issue.due_date or ""),
            "Assigned to": issue.assignee.name if issue.assignee else "",
        }
        texts = [(issue.reporter.name, plain(issue.description))]
        for name in (workflow.SYMPTOMS, workflow.WORKAROUND):
            if issue.fields.get(name):
                texts.append((workflow.CUSTOM_FIELDS[name], plain(issue.fields[name])))
        texts += [(comment.author.name, plain(comment.body)) for comment in issue.comments]
        return issue_page(issue.key, issue.summary, facts, texts)

    return page
