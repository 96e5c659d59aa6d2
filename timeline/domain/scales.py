"""The scales: which words a topic offers for −2 … +2, one entry each."""

from __future__ import annotations

import msgspec

from timeline.domain.errors import Refused
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
    fix="use declined (asked) or unstated",
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
REASONS = ("declined", "unstated")
VALUES = (-2, -1, 0, 1, 2)


class Scale(msgspec.Struct, frozen=True):
    """The five words of one kind of question, weakest support first.

    ``words`` has one entry for each of −2 … +2; ``None`` where the scale has no such step.
    Only a ``partisan`` scale is drawn in the for/against colours.
    """

    name: str
    words: tuple[str | None, str | None, str | None, str | None, str | None]
    partisan: bool = False

    def word(self, stance: int) -> str:
        """Return the word for a stance; raises `Refused` for a step that the scale lacks."""
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
            "position", ("opposes", "doubts", "conditional", "accepts", "supports"), partisan=True
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
    """Return the words of the scale of that name, weakest support first; none where none is."""
    found = SCALES.get(scale)
    return tuple(filter(None, found.words)) if found else ()


def scale_named(name: str) -> Scale:
    """Return the scale of that name; raises `Refused` where there is none."""
    try:
        return SCALES[name]
    except KeyError:
        raise Refused(
            UNKNOWN_SCALE, field="scale", name=InQuotes(name), choices=", ".join(SCALES)
        ) from None


def check_asked(no_position_reason: str | None, asked: str) -> None:
    """Raise `Refused` if an answer is said to have been declined to no question."""
    if no_position_reason == "declined" and not asked:
        raise Refused(QUESTION_MISSING, field="asked")


def check_stance(stance: int | None, no_position_reason: str | None) -> None:
    """Raise `Refused` unless there is a stance or a reason for none, and not both."""
    if stance is None and no_position_reason not in REASONS:
        raise Refused(NO_POSITION_WITHOUT_REASON, field="no_position_reason")
    if stance is not None and no_position_reason is not None:
        raise Refused(REASON_BESIDE_STANCE, field="no_position_reason")
