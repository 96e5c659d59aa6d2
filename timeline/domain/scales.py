"""The scales: which words a topic offers for −2 … +2, one entry each."""

from __future__ import annotations

import msgspec

from timeline.domain.errors import Refused

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
            msg = f"the {self.name} scale has no step {stance:+d}"
            raise Refused(msg, field="stance", fix=self._choices())
        return word

    def value(self, word: str) -> int:
        """Return −2 … +2 for a word of this scale; raises `Refused` for any other word."""
        try:
            return self.words.index(word) - 2
        except ValueError:
            msg = f"stance {word!r} is not a word of the {self.name} scale"
            raise Refused(msg, field="stance", fix=self._choices()) from None

    @property
    def steps(self) -> tuple[int, ...]:
        """The stances that the scale has a word for, lowest first."""
        return tuple(value for value in VALUES if self.words[value + 2])

    def _choices(self) -> str:
        return "use one of: " + ", ".join([*filter(None, self.words), NO_POSITION])


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


def scale_named(name: str) -> Scale:
    """Return the scale of that name; raises `Refused` where there is none."""
    try:
        return SCALES[name]
    except KeyError:
        msg = f"there is no scale {name!r}"
        raise Refused(msg, field="scale", fix="use one of: " + ", ".join(SCALES)) from None


def check_asked(no_position_reason: str | None, asked: str) -> None:
    """Raise `Refused` if an answer is said to have been declined to no question."""
    if no_position_reason == "declined" and not asked:
        msg = "the question that was declined is missing"
        raise Refused(msg, field="asked", fix="say what was asked, or choose unstated")


def check_stance(stance: int | None, no_position_reason: str | None) -> None:
    """Raise `Refused` unless there is a stance or a reason for none, and not both."""
    if stance is None and no_position_reason not in REASONS:
        msg = "“no position” needs a reason"
        raise Refused(msg, field="no_position_reason", fix="use declined (asked) or unstated")
    if stance is not None and no_position_reason is not None:
        msg = "a reason for no position cannot stand beside a stance"
        raise Refused(msg, field="no_position_reason", fix="leave it empty")
