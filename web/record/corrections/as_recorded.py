"""An entry's fields as a form shows them: slugs and words in place of ids and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.corrections import ON_RECORD
from timeline.domain.scales import NO_POSITION
from timeline.domain.statement import Statement
from web.record.fields.choices import attributions, reasons, statuses, wordings
from web.record.fields.initial_values import source_fields
from web.wording.amendments import field_value

if TYPE_CHECKING:
    from timeline.domain.development import Development
    from timeline.domain.scales import Scale
    from web.wording.names import Names

Value = str | tuple[str, ...]

TO_RECORD = {control: field for control, field in ON_RECORD.items() if control != "source"}
UNSEEN = ("wording", "document")
"""What follows from the rest, or has fields of its own."""


def as_recorded(entry: Statement | Development, names: Names) -> dict[str, Value]:
    """Return what each field of the correction form holds, by its name there."""
    called = {field: control for control, field in TO_RECORD.items()}
    scale = scale_of(entry, names)
    shown: dict[str, Value] = {}
    for field in (*entry.CODED, *entry.WORDS):
        if field not in UNSEEN:
            control = called.get(field, field)
            shown[control] = _value(field, entry.fields[field], scale, names)
    document = names.document(entry.fields["document"])
    return shown | {name: value or "" for name, value in source_fields(document).items()}


def in_words(entry: Statement | Development, names: Names) -> dict[str, str]:
    """Return in the reader's words what each field holds that holds something."""
    called = {field: control for control, field in TO_RECORD.items()}
    scale = scale_of(entry, names)
    words = {}
    for field in (*entry.CODED, *entry.WORDS):
        value = entry.fields[field]
        if value not in (None, "", ()) or field == "stance":
            words[called.get(field, field)] = _worded(field, value, scale, names)
    return words


def _worded(field: str, value: Any, scale: Scale | None, names: Names) -> str:  # noqa: ANN401
    choices = {
        "attribution": attributions,
        "quote_wording": wordings,
        "no_position_reason": reasons,
        "status": statuses,
    }
    if field in choices:
        return str(dict(choices[field]()).get(value, value))
    return field_value(field, list(value) if isinstance(value, tuple) else value, scale, names)


def scale_of(entry: Statement | Development, names: Names) -> Scale | None:
    """Return the scale of a statement's topic."""
    return names.topic(entry.fields["topic"]).scale if isinstance(entry, Statement) else None


def _value(field: str, value: Any, scale: Scale | None, names: Names) -> Value:  # noqa: ANN401
    if field == "stance" and scale is not None:
        return NO_POSITION if value is None else scale.word(value)
    if not value:
        return () if field == "topics" else ""
    if field in ("speaker", "on_behalf_of", "according_to"):
        return names.actor(value).slug
    if field in ("topic", "condition_topic"):
        return names.topic(value).slug
    if field == "topics":
        return tuple(names.topic(one).slug for one in value)
    return str(value)
