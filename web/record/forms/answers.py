"""The responses of a form: show it with its errors or what is new, or go on to what it recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from timeline.domain.entry import Corrected
from timeline.domain.errors import Conflict, StandlineError
from web.i18n import dates
from web.i18n.translate import gettext
from web.record.forms.form_state import Since, as_sentences, conflict_sentence
from web.shell.errors import UNAVAILABLE, status_of
from web.shell.page_cache import refresh_pages
from web.shell.rendering import leave_for, render, render_page, wants_fragment
from web.wording.amendments import field_name, field_value
from web.wording.event_titles import brief_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from timeline.domain.event import Event
    from timeline.domain.scales import Scale
    from web.record.forms.form_state import FormState
    from web.wording.names import Names

T = TypeVar("T")


def show(template: str, sheet: FormState, *, status: int = 0, **context: Any) -> Response:  # noqa: ANN401
    """Show a form, with an HTTP status that says whether it has errors."""
    response = render_page(template, block="form", sheet=sheet, **context)
    response.status_code = status or sheet.status
    return response


def go_on(address: str) -> Response:
    """Redirect to an address, such as that of the new entry."""
    return leave_for(address)


def use_own_ids(sheet: FormState) -> None:
    """Give a form that htmx opens inside another form a prefix, so that no id is used twice."""
    if wants_fragment():
        sheet.prefix = "new-"


def lead_to_new_noun(address: str, value: str, name: str) -> Response:
    """Go to the page of a new topic or actor, or return it to the form that opened this one."""
    if wants_fragment():
        return render("record/made.html", value=value, name=name)
    return go_on(address)


def attempt(
    sheet: FormState,
    command: Callable[[], T],
    refuse: Callable[[StandlineError], None] | None = None,
) -> T | None:
    """Run a command and return its result, once the read models have caught up.

    The command does not run if the sheet has errors or is quiet. If it is refused, ``refuse``
    notes why on the sheet and nothing is returned. If the store is unavailable, the sheet says so:
    that is no error of the form.
    """
    if sheet.problems or sheet.quiet:
        return None
    try:
        result = command()
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
    return result


def look_again(sheet: FormState, names: Names, scale: Scale | None = None) -> None:
    """Describe what was recorded in between, and set the form to the new version.

    ``scale`` is that of the statement's topic.
    """
    if not sheet.later:
        return
    sheet.put("version", str(sheet.later[-1].originator_version))
    sheet.since = [
        Since(
            brief_title(event.TOPIC),
            _detail(event, names, scale),
            event.recorded_by,
            dates.moment_us(event.recorded_at),
        )
        for event in sheet.later
    ]


def _detail(event: Event, names: Names, scale: Scale | None) -> str:
    if not isinstance(event, Corrected):
        return ""
    words = event.content.new if event.content else None
    new = event.new if words is None else words
    value = list(new) if isinstance(new, tuple) else new
    return gettext(
        "%(field)s is now: %(value)s",
        field=field_name(event.field),
        value=field_value(event.field, value, scale, names),
    )
