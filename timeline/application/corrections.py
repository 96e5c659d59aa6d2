"""Turn a correction from the interchange's names and values into fields of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.commands import Source
from timeline.application.prepare import check_mandate, is_said
from timeline.application.texts import text
from timeline.application.variables import corrected_value, undeclared
from timeline.domain.dates import check_dates, parse_date
from timeline.domain.development import Development
from timeline.domain.entry import NOT_CORRECTABLE
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, ON_RECORD, STATEMENT
from timeline.domain.messages import EdtfDate, InQuotes, Message, Word
from timeline.domain.scales import NO_POSITION, scale_named
from timeline.domain.statement import Statement, check_speaker
from timeline.domain.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.application.directory import Directory
    from timeline.domain.dates import SaidDate
    from timeline.domain.entry import Entry
    from timeline.domain.event import Byline
    from timeline.domain.field import Field
    from timeline.domain.topic import Topic

ANNOUNCED_BEFORE_IT_HAPPENED = Message(
    "announced_before_it_happened",
    "%(day)s was yet to come when this was recorded: it was announced",
    fix="record what came of it as a development of its own",
)
CANNOT_BE_EMPTY = Message(
    "cannot_be_empty",
    "%(name)s cannot be left empty",
    fix="retract the entry if all of it is wrong",
)
NOT_IN_THIS_FORM = Message(
    "not_in_this_form",
    "%(name)s takes %(form)s",
    fix="see the fields in docs/importing.md, and give it so",
)
ONE_TEXT, LIST_OF_TEXTS = Word("one text"), Word("a list of texts")
SOURCE = Word("a source with its fields, which the site and the command line correct")
TOPICS_ON_DIFFERENT_SCALES = Message(
    "topics_on_different_scales",
    "%(topic)s is on the %(scale)s scale, %(before)s on another",
    fix="choose the stance anew",
)

Changes = dict[str, Any]

CORRECTABLE: dict[type[Entry], dict[str, Field]] = {
    kind: {field.name: field for field in fields if field.correctable}
    for kind, fields in ((Statement, STATEMENT), (Development, DEVELOPMENT))
}
"""The correctable fields of each kind of entry, by the interchange's names."""


def changes_on_record(
    kind: type[Entry], changes: Mapping[str, object], directory: Directory, byline: Byline
) -> Changes:
    """Return the changes with the names and the values of the record.

    Topics and actors become ids, a `Source` the id of its document, an empty value ``None``. The
    stance stays a word, because its meaning depends on the topic. Raises `Refused` for a field
    that cannot be corrected.
    """
    correctable = CORRECTABLE[kind]
    variables = {
        name: _variable_value(value) for name, value in changes.items() if _is_variable(kind, name)
    }
    for name in changes.keys() - correctable.keys() - variables.keys():
        raise Refused(
            NOT_CORRECTABLE, field=name, name=InQuotes(name), choices=", ".join(sorted(correctable))
        )
    return {
        correctable[name].on_record: _value(correctable[name], value, directory, byline)
        for name, value in changes.items()
        if name in correctable
    } | variables


def _variable_value(value: object) -> str:
    field = ON_RECORD["variables"]
    _check_form(field, value)
    return text(str(value), field.name) if value else ""


def _is_variable(kind: type[Entry], name: str) -> bool:
    return kind is Statement and name.startswith(VARIABLES)


def check_statement(changes: Changes, statement: Statement, directory: Directory) -> Changes:
    """Return the complete changes, with the stance as a number; raises `Refused` by any rule."""
    topic = directory.topic(changes.get("topic", statement.fields["topic"]))
    full = _with_condition(_with_stance(changes, statement, topic, directory), statement)
    if full.get("topic", statement.fields["topic"]) != statement.fields["topic"]:
        topic.check_open()
        full["wording"] = topic.wording
        full = dict.fromkeys(undeclared(topic, statement.fields), "") | full
    full |= {
        name: corrected_value(topic, name, full[name])
        for name in full
        if name.startswith(VARIABLES) and full[name] != statement.fields.get(name)
    }
    after = statement.fields | full
    if not full.keys().isdisjoint(("speaker", "on_behalf_of", "said_at", "mandate_reason")):
        _check_speaker(after, directory)
    if not full.keys().isdisjoint(("said_at", "document")):
        _check_sources(statement, after, directory)
    return full


def check_development(changes: Changes, development: Development, directory: Directory) -> Changes:
    """Return the changes; raises `Refused` if the dates do not agree."""
    after = development.fields | changes
    if changes.keys().isdisjoint(("happened_at", "document", "status")):
        return changes
    try:
        _check_sources(development, after, directory)
    except Refused:
        announced = development.fields["status"] == "announced"
        if not announced or "status" not in changes or "happened_at" in changes:
            raise
        day = after["happened_at"]
        raise Refused(ANNOUNCED_BEFORE_IT_HAPPENED, field="status", day=EdtfDate(day)) from None
    return changes


def _value(field: Field, value: object, directory: Directory, byline: Byline) -> object:
    if value is None or value == "":
        return _empty_value(field)
    if field.noun == "statement" and field.many and isinstance(value, str):
        value = value.replace(",", " ").split()
    _check_form(field, value)
    if isinstance(value, Source):
        return directory.document(byline, value).id
    if isinstance(value, list | tuple):
        return tuple(
            _named_id(field, str(name), directory) for name in dict.fromkeys(value) if name
        )
    written = text(str(value), field.name)
    return _converted(field, written, directory) if written else _empty_value(field)


def _converted(field: Field, value: str, directory: Directory) -> object:
    if field.type is Type.FLAG:
        return int(is_said(value, field.name))
    if field.noun:
        return _named_id(field, value, directory)
    return parse_date(value, field.name).text if field.type is Type.DATE else value


def _check_form(field: Field, value: object) -> None:
    """Raise `Refused` for a list instead of one text, and the other way around."""
    is_list, is_source = isinstance(value, list | tuple), isinstance(value, Source)
    if (is_list, is_source) != (field.many, field.noun == "document"):
        form = SOURCE if field.noun == "document" else LIST_OF_TEXTS if field.many else ONE_TEXT
        raise Refused(NOT_IN_THIS_FORM, field=field.name, name=field.name, form=form)


def _named_id(field: Field, value: str, directory: Directory) -> str:
    """Return the id of the statement, actor or topic with a name; raises `NotFound`."""
    if field.noun == "statement":
        return directory.statement(value, field.name) or ""
    find = directory.actor if field.noun == "actor" else directory.topic
    return find(value, field=field.name).id


def _empty_value(field: Field) -> str | int | tuple[()] | None:
    """Return the record's value of an empty field; raises `Refused` if it cannot be empty."""
    # An empty choice is refused by its own rule, which lists the choices.
    if field.required and field.type is not Type.CHOICE:
        raise Refused(CANNOT_BE_EMPTY, field=field.name, name=field.name)
    if field.many:
        return ()
    if field.type is Type.FLAG:
        return 0
    return "" if field.required or field.is_content else None


def _with_stance(
    changes: Changes, statement: Statement, topic: Topic, directory: Directory
) -> Changes:
    full = dict(changes)
    scale = scale_named(topic.scale)
    if "stance" in full:
        takes_none = full["stance"] == NO_POSITION
        full["scale_version"] = scale.version(full["stance"])
        full["stance"] = None if takes_none else scale.value(full["stance"])
        full.setdefault("no_position_reason", statement.fields["no_position_reason"])
        if not takes_none:
            full["no_position_reason"] = changes.get("no_position_reason")
    elif "topic" in full and statement.fields["stance"] is not None:
        before = directory.topic(statement.fields["topic"])
        if before.scale != topic.scale:
            raise Refused(
                TOPICS_ON_DIFFERENT_SCALES,
                field="stance",
                topic=InQuotes(topic.slug),
                scale=topic.scale,
                before=InQuotes(before.slug),
            )
    return full


def _with_condition(changes: Changes, statement: Statement) -> Changes:
    """Return the changes with the identity of a condition that is added or removed."""
    parts = ("condition", "condition_topic", "condition_actor")
    if changes.keys().isdisjoint((*parts, "condition_id")):
        return changes
    after = statement.fields | changes
    has_condition = any(after[name] for name in parts)
    condition_id = after["condition_id"] if has_condition else changes.get("condition_id")
    return changes | {"condition_id": condition_id or (statement.id if has_condition else None)}


def _check_speaker(after: Changes, directory: Directory) -> None:
    speaker = directory.actor(after["speaker"])
    check_speaker(speaker.id, speaker.kind, after["on_behalf_of"])
    if after["on_behalf_of"] and not after["mandate_reason"]:
        behalf = directory.actor(after["on_behalf_of"])
        check_mandate(directory, speaker, behalf, parse_date(after["said_at"]))


def check_source(
    entry: Statement | Development, fields: Changes, published: SaidDate | None
) -> None:
    """Raise `Refused` if an entry with these fields is later than a source of it."""
    field = "said_at" if "said_at" in fields else "happened_at"
    check_dates(
        parse_date(fields[field]),
        published,
        entry.first_recorded_at,
        announced=fields.get("status") == "announced",
        field=field,
    )


def _check_sources(entry: Statement | Development, after: Changes, directory: Directory) -> None:
    further = set(entry.sources) - {entry.fields["document"]}
    for document in {after["document"], *further}:
        check_source(entry, after, directory.published(document))
