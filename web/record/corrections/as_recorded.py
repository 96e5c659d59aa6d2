"""The fields of an entry as a form shows them: slugs and words instead of ids and numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from timeline.domain.field import Type
from timeline.domain.fields import ON_RECORD
from timeline.domain.scales import NO_POSITION
from timeline.domain.statement import Statement
from timeline.domain.variables import OF_STATEMENTS, TEXT, VARIABLES
from web.entries.variables import VariableView, variables_now
from web.record.fields.choices import attributions, reasons, statuses, wordings
from web.record.fields.initial_values import source_fields
from web.shell.request import read_connection
from web.wording import stances
from web.wording.amendments import field_value

if TYPE_CHECKING:
    from timeline.domain.development import Development
    from timeline.domain.field import Field
    from timeline.domain.scales import Scale
    from web.wording.names import Names

Value = str | tuple[str, ...]

CHOICES = {
    "attribution": attributions,
    "quote.wording": wordings,
    "no_position_reason": reasons,
    "status": statuses,
}


def as_recorded(entry: Statement | Development, names: Names) -> dict[str, Value]:
    """Return the value of each field of the correction form, by its name there."""
    scale = scale_of(entry, names)
    shown = {
        field.name: _value(field, _recorded(entry, field), entry, scale, names)
        for field in _correctable_fields(entry)
        if field.noun != "document"
    }
    document = names.document(entry.fields["document"])
    values = {name: value for name, value in entry.fields.items() if name.startswith(VARIABLES)}
    unset = {variable.field: "" for variable in variables_of(entry)}
    source = {name: value or "" for name, value in source_fields(document).items()}
    return {**shown, **unset, **values, **source}


def in_words(entry: Statement | Development, names: Names) -> dict[str, str]:
    """Return the value of each field that is not empty, in the reader's language."""
    scale = scale_of(entry, names)
    return {
        field.name: _value_in_words(field, value, entry, scale, names)
        for field in _correctable_fields(entry)
        if (value := _recorded(entry, field)) not in (None, "", (), 0) or field.type is Type.STANCE
    } | {
        variable.field: variable.words(value)
        for variable in variables_of(entry)
        if (value := entry.fields.get(variable.field))
    }


def variables_of(entry: Statement | Development) -> list[VariableView]:
    """Return the codebook's variables for a statement, and those that it has from before.

    A variable that the codebook has no more can only be emptied, or stay as it is.
    """
    if not isinstance(entry, Statement):
        return []
    current = variables_now(read_connection(), entry.fields["topic"])
    current_fields = {variable.field for variable in current}
    dropped = [
        name.removeprefix(VARIABLES)
        for name, value in entry.fields.items()
        if name.startswith(VARIABLES) and value and name not in current_fields
    ]
    return [
        *current,
        *(VariableView(id_, VARIABLES + id_, OF_STATEMENTS, TEXT, id_) for id_ in dropped),
    ]


def _correctable_fields(entry: Statement | Development) -> list[Field]:
    """Return the fields that can be corrected, in the order in which corrections are recorded."""
    fields = (ON_RECORD[name] for name in (*entry.CODED, *entry.WORDS))
    return [field for field in fields if field.correctable]


def _recorded(entry: Statement | Development, field: Field) -> Any:  # noqa: ANN401
    """Return the value of a field; a condition that is the statement's own counts as none."""
    value = entry.fields[field.on_record]
    if field.type is Type.FLAG:
        return "yes" if value else ""
    return None if field.name == "condition.same_as" and value == entry.id else value


def _value_in_words(
    field: Field,
    value: Any,  # noqa: ANN401 - a field holds text, a number or a tuple
    entry: Statement | Development,
    scale: Scale | None,
    names: Names,
) -> str:
    if field.type is Type.STANCE and scale is not None:
        return stances.word(scale, value, entry.fields["scale_version"])
    if field.name in CHOICES:
        return str(dict(CHOICES[field.name]()).get(value, value))
    shown = list(value) if isinstance(value, tuple) else value
    return field_value(field.on_record, shown, scale, names)


def scale_of(entry: Statement | Development, names: Names) -> Scale | None:
    """Return the scale of a statement's topic."""
    return names.topic(entry.fields["topic"]).scale if isinstance(entry, Statement) else None


def _value(
    field: Field,
    value: Any,  # noqa: ANN401 - a field holds text, a number or a tuple
    entry: Statement | Development,
    scale: Scale | None,
    names: Names,
) -> Value:
    if field.type is Type.STANCE and scale is not None:
        version = entry.fields["scale_version"]
        return NO_POSITION if value is None else scale.word(value, version)
    if field.noun == "statement":
        targets = value if field.many else (value,)
        return " ".join(names.number_mark(target) for target in targets if target)
    if not value:
        return () if field.many else ""
    if field.noun:
        slug = partial(_slug, field.noun, names)
        return tuple(map(slug, value)) if field.many else slug(value)
    return str(value)


def _slug(noun: str, names: Names, stream: str) -> str:
    return names.topic(stream).slug if noun == "topic" else names.actor(stream).slug
