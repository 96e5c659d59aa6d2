"""How a form answers: shown once more with what is wrong, or on to what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, redirect

from timeline.domain.errors import Conflict, StandlineError
from web.record.sheet import clash
from web.record_access import refresh
from web.rendering import render_page, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.wrappers import Response

    from web.record.sheet import Sheet

NO_CONTENT, SEE_OTHER = 204, 303


def show(template: str, sheet: Sheet, *, status: int = 0, **context: Any) -> Response:  # noqa: ANN401
    """Show a form, with the status that says whether something is wrong with it."""
    response = render_page(template, block="form", sheet=sheet, **context)
    response.status_code = status or sheet.status
    return response


def go_on(address: str) -> Response:
    """Lead on to what was recorded."""
    if wants_fragment():
        response = make_response("", NO_CONTENT)
        response.headers["HX-Redirect"] = address
        return response
    return redirect(address, SEE_OTHER)


def attempt(
    sheet: Sheet, command: Callable[[], str], called: Mapping[str, str] | None = None
) -> str:
    """Give a command and return the address of what came of it.

    Where it is refused the answer is empty and the sheet says why. The read models have caught
    up when this returns.
    """
    try:
        address = command()
    except Conflict as error:
        sheet.conflict = clash(error)
        return ""
    except StandlineError as error:
        sheet.refuse(error, called)
        return ""
    refresh()
    return address
