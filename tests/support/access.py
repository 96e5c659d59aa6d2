"""What axe-core finds on a page as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

Theme: TypeAlias = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
TARGET_SIZE = {"target-size": {"enabled": True}}
"""The rule on the size of targets, which does not run by default."""


def check_access(page: Page, theme: Theme = "light", *, covered: bool = False) -> None:
    """Let axe-core look at the page; raises with its report if it finds anything.

    What is ``covered`` by an open list is too small only until the list is closed.
    """
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    # What passed is not brought over, and there is much of it.
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    found = Axe().run(page, options=options if covered else options | {"rules": TARGET_SIZE})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
