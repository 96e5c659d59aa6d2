"""Nobody looks at a page, or acts on it, before it has come.

For Playwright a click on a link has ended once the browser has taken the new address. Of the page
there may be nothing then, or a half, or no script yet: what is counted is not all there, where
something stands is not laid out, and a key that scripts listen for goes unheard. What Playwright
waits for by itself is one element. Here everything that is asked of a page waits for the page.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Frame, Keyboard, Locator, Mouse, Page

if TYPE_CHECKING:
    from collections.abc import Callable

BY_ELEMENT = (
    "check",
    "click",
    "evaluate",
    "fill",
    "focus",
    "get_attribute",
    "hover",
    "inner_text",
    "input_value",
    "is_checked",
    "is_visible",
    "press",
    "select_option",
    "text_content",
    "uncheck",
)
"""What is asked of one element of a page, by whatever name the page is known."""

ASKED = {
    Page: (*BY_ELEMENT, "content", "eval_on_selector", "eval_on_selector_all", "title"),
    Frame: (*BY_ELEMENT, "content"),
    Locator: (
        *BY_ELEMENT,
        "all",
        "all_inner_texts",
        "all_text_contents",
        "bounding_box",
        "count",
        "drag_to",
        "evaluate_all",
        "press_sequentially",
        "scroll_into_view_if_needed",
    ),
    Keyboard: ("down", "insert_text", "press", "type", "up"),
    Mouse: ("click", "down", "move", "up", "wheel"),
}


def wait_for_pages() -> None:
    """Let all that tests ask of pages wait until they have come, from here on."""
    for kind, names in ASKED.items():
        for name in names:
            setattr(kind, name, _patient(getattr(kind, name)))


def _patient(ask: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(ask)
    def once_it_has_come(asked: Any, *what: Any, **how: Any) -> Any:  # noqa: ANN401 - Playwright's
        frame = _frame_of(asked)
        if "load" not in frame._load_states:  # noqa: SLF001 - known without a word to the browser
            asked._sync(frame.wait_for_load_state("load", None))  # noqa: SLF001 - as its own methods do
        return ask(asked, *what, **how)

    return once_it_has_come


def _frame_of(asked: Any) -> Any:  # noqa: ANN401 - of whatever kind
    of = asked._impl_obj  # noqa: SLF001 - of what is public, the keyboard knows of no page
    if isinstance(asked, Locator):
        return of._frame  # noqa: SLF001
    if isinstance(asked, Keyboard | Mouse):
        of = of._page  # noqa: SLF001
    return of if isinstance(asked, Frame) else of.main_frame
