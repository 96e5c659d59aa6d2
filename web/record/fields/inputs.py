"""Input fields of forms: text, addresses, dates. Each reports what is wrong with its value."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from timeline.application.texts import text
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import LIMITS
from timeline.domain.text import clean, clean_url
from timeline.domain.variables import VARIABLES, checked_values
from web.i18n.translate import lazy_gettext
from web.record.fields.dates import read_date, read_moment
from web.record.fields.languages import read_language
from web.record.forms.form_state import Problem, as_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from timeline.domain.field import Field
    from web.entries.variables import VariableView
    from web.record.forms.form_state import FormState

OTHERS = "…"
"""Stands in the order of a form for all fields that the order does not name."""

S = TypeVar("S", bound="FormSchema")


class MissingMessage(str):
    """The message of a field that is still empty."""

    __slots__ = ()


class TextInput(fields.Field[str]):
    """A text within the limits of its field; ``wanted`` is the message if it is empty."""

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


class AddressInput(TextInput):
    """An address that readers can open."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the address; raises `Refused`."""
        del data
        return clean_url(value, name) if value.strip() else ""


class DateInput(TextInput):
    """A date as people write it; ``precision`` names the field that says how exact it is."""

    def __init__(self, wanted: Any = "", precision: str = "", **options: Any) -> None:  # noqa: ANN401
        super().__init__(wanted, **options)
        self.precision = precision

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the date as EDTF; raises `Refused`."""
        exact = str(data.get(self.precision, "")) if self.precision else ""
        return read_date(value, exact, name) if value.strip() else ""


class LanguageInput(TextInput):
    """A language by its tag or its name."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the tag; raises `Refused`."""
        del data
        return read_language(value, name) if value.strip() else ""


class MomentInput(TextInput):
    """A moment as people write it, with its time of day."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the moment with its offset; raises `Refused`."""
        del data
        return read_moment(value, name) if value.strip() else ""


class EntriesInput(TextInput):
    """Statements by their numbers, such as 12 or #12."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return each as #12, with a space between them; raises `Refused`."""
        words = super().read(value, name, data).replace(",", " ").split()
        return " ".join(f"#{word}" if word.isdecimal() else word for word in words)


class FormSchema(Schema):
    """Base of the forms."""

    class Meta:
        """Ignore unknown fields."""

        unknown = EXCLUDE

    def read(self, sheet: FormState) -> dict[str, Any]:
        """Return the values of a sheet, and note the errors on it; what is refused is empty."""
        raw = {
            field.data_key or name: self._typed(field, sheet, field.data_key or name)
            for name, field in self.load_fields.items()
        }
        extra = {name: sheet.value(name) for name in sheet.values if name not in raw}
        sheet.order = tuple(raw)
        data = {name: self._empty(field) for name, field in self.load_fields.items()}
        try:
            data |= self.load(raw | extra)
        except ValidationError as error:
            self._note_errors(sheet, error.normalized_messages())
            data |= cast("dict[str, Any]", error.valid_data)
        self._note_missing(sheet, data)
        return data

    def _typed(self, field: fields.Field[Any], sheet: FormState, name: str) -> Any:  # noqa: ANN401
        return sheet.all(name) if isinstance(field, fields.List) else sheet.value(name)

    def _empty(self, field: fields.Field[Any]) -> Any:  # noqa: ANN401
        return [] if isinstance(field, fields.List) else ""

    def _note_errors(self, sheet: FormState, messages: dict[str, Any]) -> None:
        for name, errors in messages.items():
            message = _first_message(errors)
            missing = isinstance(message, MissingMessage)
            sheet.note_problem(Problem(name, str(message), missing=missing))

    def _note_missing(self, sheet: FormState, found: dict[str, Any]) -> None:
        """Note the required fields that are empty."""
        for name, field in self.load_fields.items():
            wanted = getattr(field, "wanted", "")
            if wanted and not found.get(name):
                key = field.data_key or name
                sheet.note_problem(Problem(key, str(wanted), missing=True))


def form(**inputs: fields.Field[Any]) -> type[FormSchema]:
    """Return a form with these inputs in this order."""
    return cast("type[FormSchema]", FormSchema.from_dict(inputs))


def declare_inputs(
    declared: Iterable[Field], *order: str, **special: fields.Field[Any]
) -> Callable[[type[S]], type[S]]:
    """Return a class decorator that adds an input for each declared field that people can write.

    ``order`` gives their order: a name stands for the field and for those within it (``quote``),
    `OTHERS` for all that are not named; an undeclared name is a plain text of this form.
    ``special`` has inputs that replace the usual one of the field's type.
    """
    by_name = {
        field.name: field for field in declared if field.correctable and field.noun != "document"
    }
    by_attribute = {
        field.attribute: special.get(field.attribute) or _input(field) for field in by_name.values()
    }
    groups = [_names_within(name, by_name) for name in order]
    rest = [name for name in by_name if not any(name in names for names in groups)]
    at = order.index(OTHERS)
    names = [*chain.from_iterable(groups[:at]), *rest, *chain.from_iterable(groups[at + 1 :])]
    inputs = {_attribute(name): by_attribute.get(_attribute(name)) or TextInput() for name in names}

    def add(form: type[S]) -> type[S]:
        added = cast("type[S]", form.from_dict(inputs, name=form.__name__))
        added.__doc__ = form.__doc__
        return added

    return add


def _names_within(name: str, names: Mapping[str, Field]) -> list[str]:
    return [inner for inner in names if inner.startswith(f"{name}.")] or [name]


def _attribute(name: str) -> str:
    return name.replace(".", "_")


def _input(field: Field) -> fields.Field[Any]:
    if field.noun == "statement":
        return EntriesInput(data_key=field.name if field.name != field.attribute else None)
    if field.many:
        return fields.List(fields.Str(), load_default=list)
    key = field.name if field.name != field.attribute else None
    kinds: dict[Type, type[TextInput]] = {
        Type.DATE: DateInput,
        Type.ADDRESS: AddressInput,
        Type.LANGUAGE: LanguageInput,
    }
    return kinds.get(field.type, TextInput)(data_key=key)


def _first_message(messages: Any) -> str:  # noqa: ANN401 - marshmallow nests lists and dicts
    while isinstance(messages, list | dict):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages if isinstance(messages, str) else str(messages)


WHY = lazy_gettext("Say why. The reason stays on record.")


class VerbatimInput(TextInput):
    """Verbatim words, kept to the letter; ``limit`` names a field with the same limit."""

    limit = ""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the text as it will be kept; raises `Refused`."""
        del data
        return clean(value, name, LIMITS[self.limit or name]) if value.strip() else ""


class SourceTextInput(VerbatimInput):
    """The pasted text of the source."""

    limit = "snapshot"


class LinesInput(TextInput):
    """Texts, one on each line; ``limit`` names a field with the same limit."""

    limit = ""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the lines that are not empty; raises `Refused`."""
        del data
        lines = (text(line, self.limit or name) for line in value.splitlines())
        return "\n".join(filter(None, lines))


class AliasesInput(LinesInput):
    """Other spellings of a name, one on each line."""

    limit = "alias"


REASON = form(reason=TextInput(WHY))
"""A form with only a reason, such as that of a retraction."""


def read_values(sheet: FormState, variables: Iterable[VariableView]) -> dict[str, str]:
    """Return the value of each variable on a sheet; note those that are missing or invalid."""
    values: dict[str, str] = {}
    for variable in variables:
        typed = sheet.value(variable.field)
        declared = {variable.id: variable.declared}
        try:
            values |= checked_values(declared, {variable.id: typed}, VARIABLES, whole=True)
        except Refused as error:
            missing = not typed.strip()
            sheet.note_problem(Problem(variable.field, as_sentences(error), missing=missing))
        sheet.order += (variable.field,)
    return values
