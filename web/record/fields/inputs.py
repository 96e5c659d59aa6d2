"""What may stand in a field of a form: words, addresses, dates. Each says what to mend."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from timeline.application.texts import text
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import LIMITS
from timeline.domain.text import clean, clean_url
from web.i18n.translate import lazy_gettext
from web.record.fields.dates import read_date
from web.record.fields.languages import read_language
from web.record.fields.written_moments import read_moment
from web.record.forms.form_state import Problem, as_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from timeline.domain.field import Field
    from web.record.forms.form_state import FormState


OTHERS = "…"
"""In the order of a form: all fields that it does not name."""

S = TypeVar("S", bound="FormSchema")


class Missing(str):
    """What a field that is still empty asks for."""

    __slots__ = ()


class Words(fields.Field[str]):
    """A text within the limits of its field; ``wanted`` is what is said where it is empty."""

    def __init__(self, wanted: Any = "", **options: Any) -> None:  # noqa: ANN401 - marshmallow's
        super().__init__(load_default="", **options)
        self.wanted = wanted

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401 - marshmallow's
        attr: str | None,
        data: Mapping[str, Any] | None,
        **_: Any,  # noqa: ANN401
    ) -> str:
        name = self.data_key or attr or ""
        try:
            return self.read(str(value), name, data or {})
        except Refused as error:
            raise ValidationError(as_sentences(error)) from None

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the text as it may enter the record; raises `Refused`."""
        del data
        return text(value, name)


class Address(Words):
    """An address that readers can open."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the address; raises `Refused`."""
        del data
        return clean_url(value, name) if value.strip() else ""


class When(Words):
    """A date as people write it; ``precision`` names the field that says how exact it is."""

    def __init__(self, wanted: Any = "", precision: str = "", **options: Any) -> None:  # noqa: ANN401
        super().__init__(wanted, **options)
        self.precision = precision

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the date as EDTF; raises `Refused`."""
        exact = str(data.get(self.precision, "")) if self.precision else ""
        return read_date(value, exact, name) if value.strip() else ""


class Language(Words):
    """A language by its tag or its name."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the tag; raises `Refused`."""
        del data
        return read_language(value, name) if value.strip() else ""


class Moment(Words):
    """A moment as people write it, with its time of day."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the moment with its offset; raises `Refused`."""
        del data
        return read_moment(value, name) if value.strip() else ""


class Entries(Words):
    """Statements by their numbers, such as 12 or #12."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return each as #12, with a space between them; raises `Refused`."""
        words = super().read(value, name, data).replace(",", " ").split()
        return " ".join(f"#{word}" if word.isdecimal() else word for word in words)


class FormSchema(Schema):
    """Base of the forms."""

    class Meta:
        """What the form sends beside its fields is no mistake."""

        unknown = EXCLUDE

    def read(self, sheet: FormState) -> dict[str, Any]:
        """Return what is right of a sheet, and note on it what is not."""
        given = {
            field.data_key or name: self._typed(field, sheet, field.data_key or name)
            for name, field in self.load_fields.items()
        }
        extra = {name: sheet.value(name) for name in sheet.values if name not in given}
        sheet.order = tuple(given)
        try:
            found: dict[str, Any] = self.load(given | extra)
        except ValidationError as error:
            self._tell(sheet, error.normalized_messages())
            found = error.valid_data if isinstance(error.valid_data, dict) else {}
        self._ask(sheet, found)
        return found

    def _typed(self, field: fields.Field[Any], sheet: FormState, name: str) -> Any:  # noqa: ANN401
        return sheet.all(name) if isinstance(field, fields.List) else sheet.value(name)

    def _tell(self, sheet: FormState, messages: dict[str, Any]) -> None:
        for name, found in messages.items():
            message = _first(found)
            missing = isinstance(message, Missing)
            sheet.note_problem(Problem(name, str(message), missing=missing))

    def _ask(self, sheet: FormState, found: dict[str, Any]) -> None:
        """Ask for what is still empty."""
        for name, field in self.load_fields.items():
            wanted = getattr(field, "wanted", "")
            if wanted and not found.get(name):
                key = field.data_key or name
                sheet.note_problem(Problem(key, str(wanted), missing=True))


def form(**asked: fields.Field[Any]) -> type[FormSchema]:
    """Return a form of these fields, which it asks for in this order."""
    return cast("type[FormSchema]", FormSchema.from_dict(asked))


def asks(
    declared: Iterable[Field], *order: str, **special: fields.Field[Any]
) -> Callable[[type[S]], type[S]]:
    """Return what adds to a form every declared field that people can write, in this order.

    A name stands for itself and for what lies in it (``quote``), `OTHERS` for all that is not
    named; a name that is not declared is a text of the form's own. ``special`` has those that are
    to be read in another way than their type says.
    """
    known = {
        field.name: field for field in declared if field.correctable and field.noun != "document"
    }
    made = {
        field.attribute: special.get(field.attribute) or _input(field) for field in known.values()
    }
    named = [_inside(name, known) for name in order]
    rest = [name for name in known if not any(name in names for names in named)]
    at = order.index(OTHERS)
    names = [*chain.from_iterable(named[:at]), *rest, *chain.from_iterable(named[at + 1 :])]
    inputs = {_attribute(name): made.get(_attribute(name)) or Words() for name in names}

    def add(form: type[S]) -> type[S]:
        added = cast("type[S]", form.from_dict(inputs, name=form.__name__))
        added.__doc__ = form.__doc__
        return added

    return add


def _inside(name: str, known: Mapping[str, Field]) -> list[str]:
    return [one for one in known if one.startswith(f"{name}.")] or [name]


def _attribute(name: str) -> str:
    return name.replace(".", "_")


def _input(field: Field) -> fields.Field[Any]:
    if field.noun == "statement":
        return Entries(data_key=field.name if field.name != field.attribute else None)
    if field.many:
        return fields.List(fields.Str(), load_default=list)
    key = field.name if field.name != field.attribute else None
    kinds: dict[Type, type[Words]] = {
        Type.DATE: When,
        Type.ADDRESS: Address,
        Type.LANGUAGE: Language,
    }
    return kinds.get(field.type, Words)(data_key=key)


def _first(found: Any) -> str:  # noqa: ANN401 - marshmallow nests lists and dicts
    while isinstance(found, list | dict):
        found = next(iter(found.values() if isinstance(found, dict) else found))
    return found if isinstance(found, str) else str(found)


WHY = lazy_gettext("Say why. The reason stays on record.")


class Verbatim(Words):
    """Verbatim words, kept to the letter; ``limit`` names a field with the same limit."""

    limit = ""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the text as it will be kept; raises `Refused`."""
        del data
        return clean(value, name, LIMITS[self.limit or name]) if value.strip() else ""


class SourceText(Verbatim):
    """The pasted text of the source."""

    limit = "snapshot"


class Lines(Words):
    """Texts, one a line; ``limit`` names a field with the limit of each."""

    limit = ""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the lines that say something; raises `Refused`."""
        del data
        lines = (text(line, self.limit or name) for line in value.splitlines())
        return "\n".join(filter(None, lines))


class Aliases(Lines):
    """Other spellings of a name, one a line."""

    limit = "alias"


REASON = form(reason=Words(WHY))
"""A reason alone, as for what is taken back."""
