"""An entry's fields as a form shows them: slugs and words in place of ids and figures."""

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
    """Return what each field of the correction form holds, by its name there."""
    scale = scale_of(entry, names)
    shown = {
        field.name: _value(field, _recorded(entry, field), entry, scale, names)
        for field in _mended(entry)
        if field.noun != "document"
    }
    document = names.document(entry.fields["document"])
    own = {name: value for name, value in entry.fields.items() if name.startswith(VARIABLES)}
    asked = {variable.field: "" for variable in variables_of(entry)}
    source = {name: value or "" for name, value in source_fields(document).items()}
    return {**shown, **asked, **own, **source}


def in_words(entry: Statement | Development, names: Names) -> dict[str, str]:
    """Return in the reader's words what each field holds that holds something."""
    scale = scale_of(entry, names)
    return {
        field.name: _worded(field, value, entry, scale, names)
        for field in _mended(entry)
        if (value := _recorded(entry, field)) not in (None, "", (), 0) or field.type is Type.STANCE
    } | {
        variable.field: variable.words(value)
        for variable in variables_of(entry)
        if (value := entry.fields.get(variable.field))
    }


def variables_of(entry: Statement | Development) -> list[VariableView]:
    """Return what is asked of a statement beside its stance, and what it has of that from before.

    What no codebook asks for any more may only be emptied, or stay as it is.
    """
    if not isinstance(entry, Statement):
        return []
    asked = variables_now(read_connection(), entry.fields["topic"])
    known = {variable.field for variable in asked}
    gone = [
        name.removeprefix(VARIABLES)
        for name, value in entry.fields.items()
        if name.startswith(VARIABLES) and value and name not in known
    ]
    return [
        *asked,
        *(VariableView(id_, VARIABLES + id_, OF_STATEMENTS, TEXT, id_) for id_ in gone),
    ]


def _mended(entry: Statement | Development) -> list[Field]:
    """Return the fields that can be corrected, in the order in which corrections are recorded."""
    fields = (ON_RECORD[name] for name in (*entry.CODED, *entry.WORDS))
    return [field for field in fields if field.correctable]


def _recorded(entry: Statement | Development, field: Field) -> Any:  # noqa: ANN401
    """Return what a field holds; a condition of its own is the same as no other."""
    value = entry.fields[field.on_record]
    if field.type is Type.FLAG:
        return "yes" if value else ""
    return None if field.name == "condition.same_as" and value == entry.id else value


def _worded(
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
        some = value if field.many else (value,)
        return " ".join(names.number_mark(one) for one in some if one)
    if not value:
        return () if field.many else ""
    if field.noun:
        slug = partial(_slug, field.noun, names)
        return tuple(map(slug, value)) if field.many else slug(value)
    return str(value)


def _slug(noun: str, names: Names, stream: str) -> str:
    return names.topic(stream).slug if noun == "topic" else names.actor(stream).slug
