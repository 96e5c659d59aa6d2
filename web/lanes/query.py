"""Write the address of a view, and read its query, with advice on bad parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn
from urllib.parse import urlencode

import msgspec
from marshmallow import Schema, ValidationError, fields

from timeline.domain.errors import Refused
from timeline.domain.messages import Advice, Message, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from werkzeug.datastructures import MultiDict

    from timeline.domain.messages import Value

ADDRESS_MEANS_NOTHING = Message(
    "address_means_nothing", "in the address, %(name)s=%(value)s means nothing"
)
ONE_OF = Advice("Must be one of: %(choices)s")
TOO_LONG = Advice("Longer than maximum length %(length)s")
OUT_OF_RANGE = Advice(
    "Must be greater than or equal to %(least)s and less than or equal to %(most)s"
)
NO_INTEGER = Advice("Not a valid integer")

NO_NUMBER: dict[str, Any] = {"invalid": [Sentence(NO_INTEGER.text, {})]}


class ViewAddress(msgspec.Struct, frozen=True, kw_only=True):
    """The address of a view in fields; defaults are left out: equal views have equal addresses.

    ``path`` stands before the slug; ``names`` are the parameters of fields that have another name.
    """

    path: ClassVar[str]
    names: ClassVar[Mapping[str, str]]

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the parameters of this address with some fields changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs: list[tuple[str, str]] = []
        for name, default in self.defaults().items():
            value = getattr(address, name)
            if value != default:
                values = sorted(value) if isinstance(value, (tuple, list)) else [value]
                pairs += [(self.names.get(name, name), str(item)) for item in values]
        return pairs

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Return the value of each field that the address leaves out."""
        return dict(zip(cls.__struct_fields__, cls.__struct_defaults__, strict=True))

    def query(self, **changes: object) -> str:
        """Return the query of this view with some fields changed."""
        return urlencode(self.pairs(**changes), safe="@:,")

    def url(self, slug: str, **changes: object) -> str:
        """Return the address of this view with some fields changed."""
        query = self.query(**changes)
        return f"{self.path}/{slug}?{query}" if query else f"{self.path}/{slug}"


def word(choices: Collection[str], **options: Any) -> fields.Str:  # noqa: ANN401 - marshmallow's
    """Return a field for one of these words."""
    return fields.Str(validate=_one_of(choices), **options)


def text(length: int = 40, **options: Any) -> fields.Str:  # noqa: ANN401 - marshmallow's
    """Return a field for a text of at most so many characters."""

    def check(value: str) -> None:
        if len(value) > length:
            _refuse(TOO_LONG, length=length)

    return fields.Str(validate=check, **options)


def number(least: int, most: int, **options: Any) -> fields.Int:  # noqa: ANN401 - marshmallow's
    """Return a field for a whole number within these bounds."""

    def check(value: int) -> None:
        if not least <= value <= most:
            _refuse(OUT_OF_RANGE, least=least, most=most)

    return fields.Int(validate=check, error_messages=NO_NUMBER, **options)


def number_of(choices: Collection[int]) -> fields.Int:
    """Return a field for one of these numbers."""
    return fields.Int(validate=_one_of(choices), error_messages=NO_NUMBER)


def read_query(args: MultiDict[str, str], schema: Schema, lists: Sequence[str]) -> dict[str, Any]:
    """Read a query by a schema, ``lists`` as sorted tuples; empty values are ignored.

    Raises `Refused` naming the first invalid parameter.
    """
    values: dict[str, Any] = {
        name: list(filter(None, args.getlist(name))) if name in lists else args[name]
        for name in args
        if args[name] != ""
    }
    try:
        loaded: dict[str, Any] = schema.load(values)
    except ValidationError as error:
        name, problem = next(iter(error.messages_dict.items()))
        value, fix = ",".join(args.getlist(name))[:80], _first(problem)
        raise Refused(
            ADDRESS_MEANS_NOTHING,
            field=name,
            fix=Advice(fix.template),
            name=name,
            value=value,
            **fix.values,
        ) from None
    tuples = {n: tuple(sorted({*value})) for n, value in loaded.items() if isinstance(value, list)}
    return loaded | tuples


def _one_of(choices: Collection[object]) -> Callable[[object], None]:
    def check(value: object) -> None:
        if value not in choices:
            _refuse(ONE_OF, choices=", ".join(map(str, choices)))

    return check


def _refuse(advice: Advice, **values: Value) -> NoReturn:
    raise ValidationError([Sentence(advice.text, values)])


def _first(problem: Any) -> Sentence:  # noqa: ANN401 - marshmallow nests lists and dicts
    while isinstance(problem, (list, dict)):
        problem = next(iter(problem.values() if isinstance(problem, dict) else problem))
    return problem if isinstance(problem, Sentence) else Sentence("%(why)s", {"why": str(problem)})
