"""Show what was recorded while somebody was typing, and let them go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.entry import Corrected
from web.i18n import dates
from web.i18n.translate import gettext
from web.record.forms.form_state import Since
from web.wording.amendments import field_name, field_value
from web.wording.event_titles import brief_title

if TYPE_CHECKING:
    from timeline.domain.event import Event
    from timeline.domain.scales import Scale
    from web.record.forms.form_state import FormState
    from web.wording.names import Names


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
