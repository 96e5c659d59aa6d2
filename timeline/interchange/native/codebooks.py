"""Codebooks in files and pages: stances as words of the scale, examples by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.texts import text
from timeline.domain.codebook import Codebook, CodingRule, Example, StanceGuide
from timeline.domain.dates import iso_us
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.scales import NO_POSITION
from timeline.domain.text import whole_number
from timeline.domain.variables import OF_ACTORS, OF_STATEMENTS, Variable
from timeline.interchange.native.fields import parse_stated
from timeline.interchange.native.rows_in import OWN_ID, id_referred_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from timeline.domain.scales import Scale
    from timeline.projections.queries.codebooks import CodebookVersion

CODEBOOKS = "codebooks"

NUMBER_MARK = "#"

VARIABLE_OF_NOTHING = Message(
    "variable_of_nothing",
    "%(id)s is a variable of %(given)s, which has none",
    fix="use one of: %(choices)s",
)

AS_CODED = "written so in the imported file"
"""The reason of an imported codebook."""

ORDER = (2, 1, 0, -1, -2, None)
"""The order of stances in a codebook on pages and in files."""


class _StatedPart(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """Base of the parts of a codebook in a file."""


class StatedExample(_StatedPart, frozen=True):
    """An example: words with their source, or a statement by key; ``coded`` is a word of the scale.

    ``coded`` defaults to the stance of its guide.
    """

    words: str = ""
    source: str = ""
    statement: str = ""
    coded: str = ""
    why: str = ""


class StatedGuide(_StatedPart, frozen=True):
    """When to code a stance."""

    rule: str = ""
    clear: list[StatedExample] = []
    borderline: list[StatedExample] = []


class StatedRule(_StatedPart, frozen=True):
    """A rule for what is not clear."""

    title: str
    text: str = ""


class StatedVariable(_StatedPart, frozen=True):
    """A variable of statements, or an attribute of actors (``of = "actor"``)."""

    id: str
    kind: str
    of: str = ""
    label: str = ""
    choices: list[str] = []
    required: bool = False


class StatedCodebook(_StatedPart, frozen=True):
    """A version of a codebook; ``stances`` are by word of the scale, or ``no_position``."""

    about: str = ""
    stances: dict[str, StatedGuide] = {}
    rules: list[StatedRule] = []
    variables: list[StatedVariable] = []
    reason: str = ""


class CodebookAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A version in the API, in force from the log ``position`` on.

    ``codebook`` is null if its words were erased by law.
    """

    version: int
    position: int
    recorded_at: str
    recorded_by: str
    codebook: StatedCodebook | None


def answer_codebook(version: CodebookVersion, scale: Scale) -> CodebookAnswer:
    """Return a version for the API."""
    return CodebookAnswer(
        version=version.version,
        position=version.known_from,
        recorded_at=iso_us(version.recorded_at),
        recorded_by=version.recorded_by,
        codebook=state_codebook(version.codebook, scale) if version.codebook else None,
    )


def read_codebooks(value: Any, scale: Scale) -> list[Codebook]:  # noqa: ANN401 - JSON holds any value
    """Return the versions in a line, oldest first; raises `Refused` if they are malformed."""
    stated = parse_stated(value, list[StatedCodebook], CODEBOOKS)
    return [clean_codebook(codebook, scale) for codebook in stated]


def clean_codebook(
    stated: StatedCodebook, scale: Scale, statement_of: Callable[[str], str] = id_referred_to
) -> Codebook:
    """Return a codebook in its stored form.

    ``statement_of`` returns the id of a statement in an example. Raises `Refused` for a stance that
    the scale lacks and for invalid text.
    """
    guides = {
        _value(word, scale): _guide(word, guide, scale, statement_of)
        for word, guide in stated.stances.items()
    }
    return Codebook(
        about=text(stated.about, "about"),
        stances=tuple(guides[stance] for stance in ORDER if stance in guides),
        rules=tuple(
            CodingRule(title=text(rule.title, "rule_title"), text=text(rule.text, "rule"))
            for rule in stated.rules
        ),
        variables=tuple(map(_variable, stated.variables)),
        reason=text(stated.reason, "reason"),
    )


def _variable(stated: StatedVariable) -> Variable:
    if stated.of not in ("", OF_STATEMENTS, OF_ACTORS):
        raise Refused(
            VARIABLE_OF_NOTHING,
            field=CODEBOOKS,
            id=InQuotes(stated.id),
            given=InQuotes(stated.of),
            choices=f"{OF_STATEMENTS}, {OF_ACTORS}",
        )
    return Variable(
        id=text(stated.id, "variable"),
        kind=text(stated.kind, "variable"),
        is_attribute=stated.of == OF_ACTORS,
        label=text(stated.label, "variable"),
        choices=tuple(text(choice, "variable") for choice in stated.choices),
        required=stated.required,
    )


def statement_named(reference: str, stream_of: Callable[[int], str]) -> str:
    """Return the id of a statement by its key, or by its number after a #.

    ``stream_of`` returns the id of a number. Raises `NotFound` or `Refused`.
    """
    number = whole_number(reference.removeprefix(NUMBER_MARK))
    is_number = number is not None and reference.startswith(NUMBER_MARK)
    return stream_of(number or 0) if is_number else id_referred_to(reference)


def _guide(
    word: str, stated: StatedGuide, scale: Scale, statement_of: Callable[[str], str]
) -> StanceGuide:
    def cases(some: Iterable[StatedExample]) -> tuple[Example, ...]:
        return tuple(_example(example, word, scale, statement_of) for example in some)

    return StanceGuide(
        stance=_value(word, scale),
        rule=text(stated.rule, "rule"),
        clear=cases(stated.clear),
        borderline=cases(stated.borderline),
    )


def _example(
    stated: StatedExample, word: str, scale: Scale, statement_of: Callable[[str], str]
) -> Example:
    return Example(
        words=text(stated.words, "example"),
        source=text(stated.source, "example"),
        statement=statement_of(stated.statement) if stated.statement else "",
        stance=_value(stated.coded or word, scale),
        why=text(stated.why, "example"),
    )


def _value(word: str, scale: Scale) -> int | None:
    return None if word == NO_POSITION else scale.value(word)


def state_codebook(codebook: Codebook, scale: Scale) -> StatedCodebook:
    """Return a codebook for files and pages."""
    return StatedCodebook(
        about=codebook.about,
        stances={
            word_of(guide.stance, scale): StatedGuide(
                rule=guide.rule,
                clear=[_state(example, guide, scale) for example in guide.clear],
                borderline=[_state(example, guide, scale) for example in guide.borderline],
            )
            for guide in codebook.stances
        },
        rules=[StatedRule(title=rule.title, text=rule.text) for rule in codebook.rules],
        variables=[_state_variable(variable) for variable in codebook.variables],
        reason=codebook.reason,
    )


def _state_variable(variable: Variable) -> StatedVariable:
    return StatedVariable(
        id=variable.id,
        kind=variable.kind,
        of=OF_ACTORS if variable.is_attribute else "",
        label=variable.label,
        choices=[*variable.choices],
        required=variable.required,
    )


def word_of(stance: int | None, scale: Scale, version: int | None = None) -> str:
    """Return the word of a stance for files, in a version of the scale."""
    return NO_POSITION if stance is None else scale.word(stance, version)


def _state(example: Example, guide: StanceGuide, scale: Scale) -> StatedExample:
    is_other = example.stance != guide.stance
    return StatedExample(
        words=example.words,
        source=example.source,
        statement=OWN_ID + example.statement if example.statement else "",
        coded=word_of(example.stance, scale) if is_other else "",
        why=example.why,
    )
