"""What axe-core finds on a page as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

if TYPE_CHECKING:
    from playwright.sync_api import Page

Theme: TypeAlias = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
TARGET_SIZE = {"target-size": {"enabled": True}}
"""The rule on the size of targets, which does not run by default."""

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that look at colours: all others find in one theme what they find in the other."""


def check_access(page: Page, theme: Theme = "light", *, covered: bool = False) -> None:
    """Let axe-core look at the page; raises with its report if it finds anything.

    In the dark only colours are looked at, once the light has passed. What is ``covered`` by an
    open list is too small only until the list is closed.
    """
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    # What passed is not brought over, and there is much of it.
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if theme == "dark":
        options["runOnly"] = {"type": "rule", "values": COLOURS}
    elif not covered:
        options["rules"] = TARGET_SIZE
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", options))
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
