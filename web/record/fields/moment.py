"""The moment of an embargo, as the form has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.dates import parse_instant_us
from web.i18n import dates
from web.i18n.translate import gettext
from web.record.fields.written_moments import moment_in_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web.record.forms.form_state import FormState

FIELD = "embargo_until"


def moment_of(given: Mapping[str, object]) -> int:
    """Return the moment that a form gives, in microseconds UTC; 0 for none."""
    written = given.get(FIELD)
    return parse_instant_us(str(written), FIELD) if written else 0


def note_moment(sheet: FormState, given: Mapping[str, object]) -> None:
    """Say how the moment is understood, and keep it with its zone: it means the same anywhere."""
    if moment := moment_of(given):
        sheet.put(FIELD, moment_in_field(moment))
        sheet.notes[FIELD] = gettext(
            "on record from %(moment)s on, not before", moment=dates.moment_us(moment)
        )
