"""Read the query of an address by a schema, with advice on invalid parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

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
