"""What was corrected, retracted, reinstated or erased by law, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.field import Type
from timeline.domain.fields import DOCUMENT, ON_RECORD, on_record
from timeline.domain.variables import VARIABLES
from timeline.projections.queries import log
from web.i18n import dates
from web.i18n.translate import gettext
from web.wording import stances
from web.wording.kinds import outlet_kind_word, reason_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.domain.scales import Scale
    from timeline.projections.queries.attached import Amendment
    from timeline.stores.log import EventLog
    from web.wording.names import Names


NOTHING: tuple[object, ...] = (None, "", [])


class AmendmentView(msgspec.Struct, frozen=True):
    """One correction, retraction or reinstatement, in words."""

    kind: str
    position: int
    when: str
    by: str
    what: str
    reason: str
    material: bool


def show_amendment(
    amendment: Amendment, scale: Scale | None, names: Names, *, withheld: bool = False
) -> AmendmentView:
    """Return an amendment in words; ``scale`` is that of the statement's topic.

    If the words are withheld, it names only the field.
    """
    return AmendmentView(
        kind=amendment.kind,
        position=amendment.position,
        when=dates.moment_us(amendment.recorded_at),
        by=amendment.recorded_by,
        what=_correction(amendment, scale, names, withheld=withheld) if amendment.field else "",
        reason=amendment.reason,
        material=amendment.material,
    )


def joined(views: Iterable[AmendmentView]) -> tuple[AmendmentView, ...]:
    """Join amendments of the same moment and reason."""
    joined_views: list[AmendmentView] = []
    for view in views:
        last = joined_views[-1] if joined_views else None
        if last and _about(last) == _about(view) and view.what:
            joined_views[-1] = msgspec.structs.replace(
                last,
                what=f"{last.what}; {view.what}",
                material=last.material or view.material,
            )
        else:
            joined_views.append(view)
    return tuple(joined_views)


def _about(view: AmendmentView) -> tuple[str, str, str, str]:
    return view.kind, view.when, view.by, view.reason


def named_statements(amendments: Iterable[Amendment]) -> set[str]:
    """Return the ids of the statements that amendments name."""
    ids = set[str]()
    for amendment in amendments:
        if amendment.field in ON_RECORD and ON_RECORD[amendment.field].noun == "statement":
            for value in (amendment.old, amendment.new):
                ids |= {*value} if isinstance(value, list) else {value} if value else set()
    return ids


def field_value(field: str, value: object, scale: Scale | None, names: Names) -> str:
    """Return the value of a field in words."""
    if field == "stance" and scale is not None and not isinstance(value, str):
        return stances.word(scale, value if value is None else int(str(value)))
    if field in ON_RECORD and ON_RECORD[field].type is Type.FLAG:
        return gettext("yes") if str(value) == "1" else gettext("no")
    if value in NOTHING:
        return gettext("nothing")
    if isinstance(value, list):
        return ", ".join(_one_value(field, str(item), names) for item in value)
    return _one_value(field, str(value), names)


def _one_value(name: str, value: str, names: Names) -> str:
    field = ON_RECORD.get(name)
    if field and field.noun:
        return _noun(field.noun, value, names)
    if field and field.type is Type.DATE:
        return dates.said(value)
    if name == "no_position_reason":
        return reason_word(value)
    return gettext("“%(quote)s”", quote=value) if name == "quote" else value


def _noun(noun: str, stream: str, names: Names) -> str:
    if noun == "actor":
        return names.actor(stream).name
    if noun == "topic":
        return getattr(names.known_topic(stream), "label", stream)
    if noun == "statement":
        return names.number_mark(stream)
    document = names.document(stream)
    return document.outlet or document.title or document.url


def source_field_name(field: str) -> str:
    """Return the name of a field of a source in words."""
    return gettext(
        next(source_field.label for source_field in DOCUMENT if source_field.on_record == field)
    )


def source_value(field: str, value: str) -> str:
    """Return the value of a field of a source in words."""
    return outlet_kind_word(value) or value if field == "outlet_kind" else value


def field_name(field: str) -> str:
    """Return the name of a field in words."""
    label = ON_RECORD[field].label if field in ON_RECORD else ""
    return gettext(label) if label else field.removeprefix(VARIABLES)


def _correction(
    amendment: Amendment, scale: Scale | None, names: Names, *, withheld: bool = False
) -> str:
    field = amendment.field or ""
    declared = on_record(field)
    return correction_in_words(
        field_name(field),
        _amended_value(field, amendment.old, scale, names),
        _amended_value(field, amendment.new, scale, names),
        withheld=withheld and declared is not None and declared.is_content,
    )


def _amended_value(field: str, value: object, scale: Scale | None, names: Names) -> str:
    """Return the value of a field in words, without the stop that ends it; empty without one."""
    told = field_value(field, value, scale, names).removesuffix(".")
    return "" if value in NOTHING and told == gettext("nothing") else told


def correction_in_words(name: str, old: str, new: str, *, withheld: bool) -> str:
    """Say what a field was corrected from and to; of withheld words only that it was.

    Either is empty where the field has no value.
    """
    if withheld:
        return gettext("%(field)s was corrected", field=name)
    if not old:
        return gettext("%(field)s: %(new)s, not recorded before", field=name, new=new)
    if not new:
        return gettext("%(field)s: %(old)s, taken out", field=name, old=old)
    return gettext("%(field)s: %(old)s, corrected to: %(new)s", field=name, old=old, new=new)


class Erasure(msgspec.Struct, frozen=True):
    """The event by which words were erased: when, by whom, and which law demanded it."""

    position: int
    when: str
    by: str
    basis: str


def erasure_of(conn: Connection, stored: EventLog, stream: str) -> Erasure | None:
    """Return the last erasure of a stream's words; None if there was none."""
    erased = [row for row in log.of_stream(conn, stream) if row.type.endswith(".redacted")]
    if not erased:
        return None
    last = erased[-1]
    basis = getattr(stored.event(last.position), "basis", "")
    return Erasure(last.position, dates.moment_us(last.recorded_at), last.recorded_by, basis)
