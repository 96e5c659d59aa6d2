"""The schema of a map file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from marshmallow import Schema, ValidationError, fields, validate

from timeline.application.wordings import OtherWording
from timeline.domain.errors import DID_YOU_MEAN, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import is_slug
from timeline.domain.scales import SCALES
from timeline.domain.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

MAP_MALFORMED = Message("map_malformed", "%(why)s", fix="see the map format in docs/importing.md")
UNKNOWN_KEY = Message(
    "unknown_key",
    "there is no key %(key)s here in a map",
    fix="the keys are in docs/importing.md",
)

UNMATCHED = ("reject", "skip", "keep")
UNKNOWN = "unknown"
"""The schema's error for an unknown key."""


def _slug(value: str) -> None:
    if not is_slug(value):
        msg = f"{value!r} is not a slug; use lower-case letters, digits and hyphens"
        raise ValidationError(msg)


class MapTable(Schema):
    error_messages = {"unknown": UNKNOWN}  # noqa: RUF012 - marshmallow's


class FileSchema(MapTable):
    format = fields.String()
    encoding = fields.String()
    delimiter = fields.String(validate=validate.Length(equal=1))
    quote = fields.String(validate=validate.Length(equal=1))
    keep_soft_hyphens = fields.Boolean()
    sheet = fields.String()


class MatchSchema(MapTable):
    column = fields.String(required=True)
    values = fields.List(fields.String())
    pattern = fields.String()


class TopicsSchema(MapTable):
    column = fields.String(required=True)
    unmatched = fields.String(validate=validate.OneOf(UNMATCHED))
    scale = fields.String(validate=validate.OneOf(list(SCALES)))
    story = fields.String()


class TopicSchema(MapTable):
    slug = fields.String(required=True, validate=_slug)
    name = fields.String()
    question = fields.String()
    scale = fields.String(validate=validate.OneOf(list(SCALES)))
    story = fields.String()
    column = fields.String()
    values = fields.List(fields.String())
    pattern = fields.String()
    flip = fields.Boolean()


class MapSchema(MapTable):
    file = fields.Nested(FileSchema)
    namespace = fields.String(validate=_slug)
    ignore = fields.Raw()
    nothing = fields.List(fields.String())
    cut = fields.List(fields.String())
    split = fields.Dict(keys=fields.String(), values=fields.String())
    strip = fields.Dict(keys=fields.String())
    on_other_wording = fields.String(validate=validate.OneOf(get_args(OtherWording)))
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


def load_table(table: dict[str, Any]) -> dict[str, Any]:
    """Check a parsed map against the schema; raises `Refused` with the first problem."""
    try:
        return dict(MapSchema().load(table))
    except ValidationError as error:
        raise _first_problem(error) from None


def _first_problem(error: ValidationError) -> Refused:
    path, message = next(_problems(error.messages))
    where, key = ".".join(path), path[-1] if path else ""
    if message != UNKNOWN:
        return Refused(MAP_MALFORMED, field=where, why=message.rstrip("."))
    meant = _meant(key)
    fix = DID_YOU_MEAN if meant else None
    return Refused(UNKNOWN_KEY, field=where, fix=fix, key=InQuotes(key), meant=meant)


def _meant(key: str) -> str:
    """Return the most similar known key, and its place; empty if none is similar."""
    places: dict[str, str] = {}
    for place, schema in TABLES.items():
        for name in schema().fields:
            places.setdefault(name, place)
    close = nearest(key, list(places), n=1)
    return f"{close[0]} {places[close[0]]}" if close else ""


def _problems(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401 - marshmallow nests dicts and lists
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _problems(inner, (*path, str(name)))
    else:
        yield path, str(messages[0])
