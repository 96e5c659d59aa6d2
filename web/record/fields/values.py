"""Read the values of the codebook's variables from a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import Refused
from timeline.domain.variables import VARIABLES, checked_values
from web.record.forms.form_state import Problem, as_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.entries.variables import VariableView
    from web.record.forms.form_state import FormState


def read_values(sheet: FormState, variables: Iterable[VariableView]) -> dict[str, str]:
    """Return the value of each variable on a sheet; note those that are missing or invalid."""
    values: dict[str, str] = {}
    for variable in variables:
        typed = sheet.value(variable.field)
        declared = {variable.id: variable.declared}
        try:
            values |= checked_values(declared, {variable.id: typed}, VARIABLES, whole=True)
        except Refused as error:
            missing = not typed.strip()
            sheet.note_problem(Problem(variable.field, as_sentences(error), missing=missing))
        sheet.order += (variable.field,)
    return values
