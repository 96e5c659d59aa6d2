"""What a map file may say, key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, ValidationError, fields, validate

from timeline.domain.errors import Refused
from timeline.domain.naming import is_slug
from timeline.domain.scales import SCALES
from timeline.domain.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

UNMATCHED = ("reject", "skip", "keep")


def _slug(value: str) -> None:
    if not is_slug(value):
        msg = f"{value!r} is not a slug; use lower-case letters, digits and hyphens"
        raise ValidationError(msg)


class FileSchema(Schema):
    format = fields.String()
    encoding = fields.String()
    delimiter = fields.String(validate=validate.Length(equal=1))
    quote = fields.String(validate=validate.Length(equal=1))
    keep_soft_hyphens = fields.Boolean()


class MatchSchema(Schema):
    column = fields.String(required=True)
    values = fields.List(fields.String())
    pattern = fields.String()


class TopicsSchema(Schema):
    column = fields.String(required=True)
    unmatched = fields.String(validate=validate.OneOf(UNMATCHED))
    scale = fields.String(validate=validate.OneOf(list(SCALES)))
    story = fields.String()


class TopicSchema(Schema):
    slug = fields.String(required=True, validate=_slug)
    name = fields.String()
    question = fields.String()
    scale = fields.String(validate=validate.OneOf(list(SCALES)))
    story = fields.String()
    column = fields.String()
    values = fields.List(fields.String())
    pattern = fields.String()
    flip = fields.Boolean()


class MapSchema(Schema):
    file = fields.Nested(FileSchema)
    namespace = fields.String(validate=_slug)
    ignore = fields.Raw()
    columns = fields.Dict(keys=fields.String())
    constants = fields.Dict(keys=fields.String())
    templates = fields.Dict(keys=fields.String())
    values = fields.Dict(keys=fields.String())
    dates = fields.Dict(keys=fields.String())
    topics = fields.Nested(TopicsSchema)
    topic = fields.List(fields.Nested(TopicSchema))
    flip = fields.Nested(MatchSchema)
    skip = fields.Nested(MatchSchema)


TABLES = {
    "at the top": MapSchema,
    "under [file]": FileSchema,
    "under [topics]": TopicsSchema,
    "under [[topic]]": TopicSchema,
    "under [flip] or [skip]": MatchSchema,
}
KEYS = tuple(name for schema in TABLES.values() for name in schema().fields)


def checked(table: dict[str, Any]) -> dict[str, Any]:
    """Return a parsed map with every key known; raises `Refused` with the first problem."""
    try:
        return dict(MapSchema().load(table))
    except ValidationError as error:
        raise _first_problem(error) from None


def _first_problem(error: ValidationError) -> Refused:
    path, message = next(_problems(error.messages))
    where = ".".join(path)
    if "Unknown field" in message:
        msg = f"there is no key {path[-1]!r} here in a map"
        return Refused(msg, field=where, fix=_meant(path[-1]))
    fix = "see the map format in docs/importing.md"
    return Refused(message.rstrip("."), field=where, fix=fix)


def _meant(key: str) -> str:
    places: dict[str, str] = {}
    for place, schema in TABLES.items():
        for name in schema().fields:
            places.setdefault(name, place)
    close = nearest(key, list(places), n=1)
    if not close:
        return "the keys are in docs/importing.md"
    return f"did you mean {close[0]} {places[close[0]]}?"


def _problems(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401 - marshmallow nests dicts and lists
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _problems(inner, (*path, str(name)))
    else:
        yield path, str(messages[0])
