"""What a codebook asks beside the stance, as somebody typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import Refused
from timeline.domain.variables import VARIABLES, checked_values
from web.record.forms.form_state import Problem, as_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.entries.variables import VariableView
    from web.record.forms.form_state import FormState


def read_values(sheet: FormState, asked: Iterable[VariableView]) -> dict[str, str]:
    """Return what a sheet says of each variable; what is missing or unfit is noted there."""
    found: dict[str, str] = {}
    for variable in asked:
        written = sheet.value(variable.field)
        declared = {variable.id: variable.declared}
        try:
            found |= checked_values(declared, {variable.id: written}, VARIABLES, whole=True)
        except Refused as error:
            missing = not written.strip()
            sheet.note_problem(Problem(variable.field, as_sentences(error), missing=missing))
        sheet.order += (variable.field,)
    return found
