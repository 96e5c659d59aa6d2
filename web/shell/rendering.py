"""Answers a page or a part of it: one template, one address, two representations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, render_template, request
from jinja2_fragments.flask import render_block

if TYPE_CHECKING:
    from flask import Response


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part; a page restored from history is always whole."""
    htmx = getattr(request, "htmx")  # noqa: B009 - the extension's own request class has it
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def wanted_part() -> str:
    """Return the id of the element that htmx puts the answer into, empty for none."""
    htmx = getattr(request, "htmx")  # noqa: B009 - the extension's own request class has it
    return (htmx.target or "") if wants_fragment() else ""


def render_page(template: str, *, block: str = "view", **context: object) -> Response:
    """Render the page, or only ``block`` of it for htmx; templates know it as ``is_part``."""
    if wants_fragment():
        return make_response(render_block(template, block, is_part=True, **context))
    return make_response(render_template(template, is_part=False, **context))
