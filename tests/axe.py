"""What axe finds on a page. Of its rules only those of colours can say something else in the dark."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

_RULES: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"label-content-name-mismatch": {"enabled": True}}}
_OF_COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
_RUN = "(options) => axe.run(options).then((results) => results.violations)"
"""All that it looked at, which nobody reads, would take as long to tell as to look at."""


async def found_by_axe(page: Page, where: str, *, colours: bool = False) -> list[str]:
    """A line for each element and rule. `colours` is for a page that was looked at before, in others."""
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(AXE_SCRIPT)
    violations = await page.evaluate(_RUN, _OF_COLOURS if colours else _RULES)
    return [
        f"{where}: {violation['id']}: {node['html'][:160]}\n  {node['failureSummary'][:300]}"
        for violation in violations
        for node in violation["nodes"]
    ]
