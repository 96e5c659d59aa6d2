"""The scales: the words of a topic for −2 … +2."""

from __future__ import annotations

import msgspec

from timeline.domain.errors import Refused, check_choice
from timeline.domain.messages import InQuotes, Message

UNKNOWN_SCALE = Message(
    "unknown_scale", "there is no scale %(name)s", fix="use one of: %(choices)s"
)
QUESTION_MISSING = Message(
    "question_missing",
    "the question that was declined is missing",
    fix="say what was asked, or choose unstated",
)
NO_POSITION_WITHOUT_REASON = Message(
    "no_position_without_reason",
    "“no position” needs a reason",
    fix="use one of: %(choices)s",
)
REASON_BESIDE_STANCE = Message(
    "reason_beside_stance",
    "a reason for no position cannot stand beside a stance",
    fix="leave it empty",
)

NO_SUCH_STEP = Message(
    "no_such_step", "the %(scale)s scale has no step %(step)s", fix="use one of: %(choices)s"
)
NOT_A_WORD_OF_THE_SCALE = Message(
    "not_a_word_of_the_scale",
    "stance %(stance)s is not a word of the %(scale)s scale",
    fix="use one of: %(choices)s",
)

NO_POSITION = "no_position"
REASONS = ("refuses", "silent", "defers", "forecast", "comments", "declined", "unstated")
"""Why somebody takes no position: they refuse to answer; say nothing; leave it to others; say what
will be, not what should be; or comment on others' words. The last two are older reasons, which
cover the first two."""
ASKED = ("refuses", "declined")
"""The reasons that need the question that was asked."""
EARLIER_REASONS = ("declined", "unstated")
VALUES = (-2, -1, 0, 1, 2)
FIRST_VERSION, SECOND_VERSION = 1, 2
"""Versions of a scale; a word in both counts as one of the first."""


class Scale(msgspec.Struct, frozen=True):
    """The five words of one kind of question, weakest support first.

    ``words`` has one entry for each of −2 … +2; ``None`` if the scale lacks this step. Only a
    ``partisan`` scale is drawn in the for/against colours. ``earlier`` pairs stances with words
    that only its first version had: they stay readable.
    """

    name: str
    words: tuple[str | None, str | None, str | None, str | None, str | None]
    partisan: bool = False
    earlier: tuple[tuple[int, str], ...] = ()

    def word(self, stance: int, version: int | None = None) -> str:
        """Return the word for a stance, in the current version of the scale or in another.

        Raises `Refused` for a step that the scale lacks.
        """
        if version == FIRST_VERSION and stance in (earlier := dict(self.earlier)):
            return earlier[stance]
        word = self.words[stance + 2] if stance in VALUES else None
        if word is None:
            raise Refused(
                NO_SUCH_STEP,
                field="stance",
                scale=self.name,
                step=f"{stance:+d}",
                choices=self._choices(),
            )
        return word

    def value(self, word: str) -> int:
        """Return −2 … +2 for a word of this scale; raises `Refused` for any other word."""
        if stances := [stance for stance, earlier in self.earlier if earlier == word]:
            return stances[0]
        try:
            return self.words.index(word) - 2
        except ValueError:
            raise Refused(
                NOT_A_WORD_OF_THE_SCALE,
                field="stance",
                stance=InQuotes(word),
                scale=self.name,
                choices=self._choices(),
            ) from None

    def version(self, word: str) -> int:
        """Return the first version of the scale that has a word."""
        is_later = word in (self.words[stance + 2] for stance, _ in self.earlier)
        return SECOND_VERSION if is_later else FIRST_VERSION

    @property
    def steps(self) -> tuple[int, ...]:
        """The stances that the scale has a word for, lowest first."""
        return tuple(value for value in VALUES if self.words[value + 2])

    def _choices(self) -> str:
        return ", ".join([*filter(None, self.words), NO_POSITION])


SCALES = {
    scale.name: scale
    for scale in (
        Scale(
            "position",
            ("opposes", "doubts", "undecided", "accepts", "supports"),
            partisan=True,
            earlier=((0, "conditional"),),
        ),
        Scale("vote", ("against", None, "abstained", None, "for"), partisan=True),
        Scale(
            "expectation",
            ("rules out", "thinks unlikely", "leaves open", "thinks likely", "expects"),
        ),
        Scale("claim", ("denies", "questions", "leaves open", "suggests", "asserts")),
        Scale("direction", ("lower", "rather lower", "as it is", "rather higher", "higher")),
    )
}


def words_of(scale: str) -> tuple[str, ...]:
    """Return the words of a scale by name, weakest support first; none for an unknown scale."""
    entry = SCALES.get(scale)
    return tuple(filter(None, entry.words)) if entry else ()


def scale_named(name: str) -> Scale:
    """Return a scale by name; raises `Refused` if there is none."""
    check_choice(UNKNOWN_SCALE, SCALES, field="scale", name=name)
    return SCALES[name]


def check_question(no_position_reason: str | None, asked: str) -> None:
    """Raise `Refused` if an answer was declined and the question is missing."""
    if no_position_reason in ASKED and not asked:
        raise Refused(QUESTION_MISSING, field="asked")


def check_stance(stance: int | None, no_position_reason: str | None) -> None:
    """Raise `Refused` unless there is a stance or a reason for none, and not both."""
    if stance is None and no_position_reason not in REASONS:
        raise Refused(
            NO_POSITION_WITHOUT_REASON, field="no_position_reason", choices=", ".join(REASONS)
        )
    if stance is not None and no_position_reason is not None:
        raise Refused(REASON_BESIDE_STANCE, field="no_position_reason")
