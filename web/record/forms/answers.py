"""How a form answers: shown once more with what is wrong, or on to what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from timeline.domain.errors import Conflict, StandlineError
from web.record.forms.form_state import as_sentences, conflict_sentence
from web.shell.errors import UNAVAILABLE, status_of
from web.shell.page_cache import refresh_pages
from web.shell.rendering import leave_for, render, render_page, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from web.record.forms.form_state import FormState

T = TypeVar("T")


def show(template: str, sheet: FormState, *, status: int = 0, **context: Any) -> Response:  # noqa: ANN401
    """Show a form, with the status that says whether something is wrong with it."""
    response = render_page(template, block="form", sheet=sheet, **context)
    response.status_code = status or sheet.status
    return response


def go_on(address: str) -> Response:
    """Go to the page at an address, such as that of what was recorded."""
    return leave_for(address)


def use_own_ids(sheet: FormState) -> None:
    """Give a form that htmx opens within another form ids of its own, so that none stands twice."""
    if wants_fragment():
        sheet.prefix = "new-"


def lead_to_new_noun(address: str, value: str, name: str) -> Response:
    """Go to the page of a new topic or actor, or hand it to the form within which it was made."""
    if wants_fragment():
        return render("record/made.html", value=value, name=name)
    return go_on(address)


def attempt(
    sheet: FormState,
    command: Callable[[], T],
    refuse: Callable[[StandlineError], None] | None = None,
) -> T | None:
    """Give a command and return what came of it; the read models have caught up with it then.

    Nothing is given where the form is wrong, or nobody asked to record. Where it is refused,
    ``refuse`` notes why on the sheet and nothing is returned; so it is where the store takes
    nothing in, which is nothing that the form could mend.
    """
    if sheet.problems or sheet.quiet:
        return None
    try:
        done = command()
    except Conflict as error:
        sheet.conflict, sheet.later = conflict_sentence(error), error.since
        return None
    except StandlineError as error:
        if status_of(error) == UNAVAILABLE:
            sheet.away = as_sentences(error)
        else:
            (refuse or sheet.refuse)(error)
        return None
    refresh_pages()
    return done
