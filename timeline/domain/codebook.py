"""A codebook: the rules for coding statements on a topic, with clear and borderline cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.event import Content
from timeline.domain.messages import InQuotes, Message
from timeline.domain.variables import Variable, check_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.domain.scales import Scale

CODEBOOK_EMPTY = Message(
    "codebook_empty", "the codebook says nothing", fix="write at least one rule"
)
STANCE_RULED_TWICE = Message(
    "stance_ruled_twice",
    "the codebook has two entries for the stance %(stance)s",
    fix="put both into one",
)
EXAMPLE_EMPTY = Message(
    "example_empty",
    "an example has neither words nor a statement",
    fix="give the words, or the number of a statement on record",
)
EXAMPLE_SAYS_TWICE = Message(
    "example_says_twice",
    "an example has words of its own and a statement on record",
    fix="keep one of the two: a statement brings its words along",
)
RULE_WITHOUT_TITLE = Message(
    "rule_without_title", "a rule has no title", fix="name it in a few words"
)
NO_SUCH_EXAMPLE = Message(
    "no_such_example",
    "the example %(name)s is no statement on record",
    fix="give the number of a statement",
)


class Example(Content, frozen=True):
    """A case and how it is coded; ``stance`` is −2 … +2, or ``None`` for no position.

    The words are those of a ``statement`` on record, given by its id, and follow it where it is
    corrected, withheld or erased; or they stand here, with the ``source`` that they are from.
    ``why`` says what decides.
    """

    words: str = ""
    source: str = ""
    statement: str = ""
    stance: int | None = None
    why: str = ""


class StanceGuide(Content, frozen=True):
    """When to code one stance (``None`` for no position), with clear and borderline cases."""

    stance: int | None = None
    rule: str = ""
    clear: tuple[Example, ...] = ()
    borderline: tuple[Example, ...] = ()

    @property
    def examples(self) -> tuple[Example, ...]:
        """All its cases."""
        return (*self.clear, *self.borderline)


class CodingRule(Content, frozen=True):
    """A rule for what is not clear; rules are counted from 1 in their order."""

    title: str
    text: str = ""


class Codebook(Content, frozen=True):
    """One version of a codebook.

    ``about`` explains the question, ``reason`` says what this version changed. ``stances`` are
    ordered from the highest step to the lowest, no position last. ``variables`` are what it asks
    besides the stance, in the order of the form.
    """

    about: str = ""
    stances: tuple[StanceGuide, ...] = ()
    rules: tuple[CodingRule, ...] = ()
    variables: tuple[Variable, ...] = ()
    reason: str = ""

    @property
    def examples(self) -> Iterator[Example]:
        """All cases of all stances."""
        return chain.from_iterable(guide.examples for guide in self.stances)

    @property
    def texts(self) -> tuple[str, ...]:
        """All its texts, each once, in order."""
        texts = [self.about, *(guide.rule for guide in self.stances)]
        for example in self.examples:
            texts += (example.words, example.source, example.why)
        for rule in self.rules:
            texts += (rule.title, rule.text)
        for variable in self.variables:
            texts += (variable.label, *variable.choices)
        return tuple(dict.fromkeys(filter(None, (*texts, self.reason))))

    def variables_of(self, of: str) -> dict[str, Variable]:
        """Return the variables of statements, or the attributes of actors, by id."""
        return {variable.id: variable for variable in self.variables if variable.of == of}

    def guide(self, stance: int | None) -> StanceGuide:
        """Return the guide to a stance, empty if there is none."""
        guides = (guide for guide in self.stances if guide.stance == stance)
        return next(guides, StanceGuide(stance=stance))


def with_texts(codebook: Codebook, texts: Mapping[str, str]) -> Codebook:
    """Return the codebook with its texts replaced, by original; others stay as they are."""

    def put(text: str) -> str:
        return texts.get(text, text)

    def case(example: Example) -> Example:
        said = {"words": put(example.words), "source": put(example.source), "why": put(example.why)}
        return msgspec.structs.replace(example, **said)

    return Codebook(
        about=put(codebook.about),
        stances=tuple(
            StanceGuide(
                stance=guide.stance,
                rule=put(guide.rule),
                clear=tuple(map(case, guide.clear)),
                borderline=tuple(map(case, guide.borderline)),
            )
            for guide in codebook.stances
        ),
        rules=tuple(
            CodingRule(title=put(rule.title), text=put(rule.text)) for rule in codebook.rules
        ),
        variables=tuple(
            msgspec.structs.replace(
                variable, label=put(variable.label), choices=tuple(map(put, variable.choices))
            )
            for variable in codebook.variables
        ),
        reason=put(codebook.reason),
    )


def check_codebook(codebook: Codebook, scale: Scale) -> None:
    """Raise `Refused` if it is empty, or has steps that the scale lacks."""
    says = codebook.about or codebook.rules or codebook.variables
    if not (says or any(map(says_anything, codebook.stances))):
        raise Refused(CODEBOOK_EMPTY, field="codebook")
    seen: set[int | None] = set()
    for guide in codebook.stances:
        if guide.stance in seen:
            word = "no_position" if guide.stance is None else scale.word(guide.stance)
            raise Refused(STANCE_RULED_TWICE, field="codebook", stance=InQuotes(word))
        seen.add(guide.stance)
    for stance in (*seen, *(example.stance for example in codebook.examples)):
        if stance is not None:
            scale.word(stance)
    for example in codebook.examples:
        _check_example(example)
    if not all(rule.title for rule in codebook.rules):
        raise Refused(RULE_WITHOUT_TITLE, field="codebook")
    check_variables(codebook.variables)


def says_anything(guide: StanceGuide) -> bool:
    """Tell whether an entry has a rule or a case."""
    return bool(guide.rule or guide.examples)


def _check_example(example: Example) -> None:
    if not (example.words or example.statement):
        raise Refused(EXAMPLE_EMPTY, field="codebook")
    if example.words and example.statement:
        raise Refused(EXAMPLE_SAYS_TWICE, field="codebook")
