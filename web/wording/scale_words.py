"""The words of each scale: what its steps are called, mean, and come to in a sentence.

One entry for each scale of `timeline.domain.scales`; importing this fails where one is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.complete import check_complete
from timeline.domain.scales import SCALES, VALUES
from web.i18n.translate import lazy_gettext

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class Step(msgspec.Struct, frozen=True):
    """One step of a scale.

    ``word`` stands beside its mark, ``meaning`` tells editors when to take it, ``clause`` is a
    sentence in the past tense with ``question`` and ``who`` to fill in, ``state`` names it so that
    one can move from it and to it, ``now`` says it of ``who`` in the present: of one, and of many.
    """

    word: LazyString
    meaning: LazyString
    clause: LazyString
    state: LazyString
    now: tuple[LazyString, LazyString]


class ScaleWords(msgspec.Struct, frozen=True):
    """``purpose`` says what kind of question it is for; ``steps`` stand in the scale's order."""

    purpose: LazyString
    steps: tuple[Step | None, Step | None, Step | None, Step | None, Step | None]


WORDS = {
    "position": ScaleWords(
        lazy_gettext("Should something be? For or against it."),
        (
            Step(
                lazy_gettext("opposes"),
                lazy_gettext("rejects it"),
                lazy_gettext("On the question “%(question)s”, %(who)s opposed this"),
                lazy_gettext("opposing this"),
                (
                    lazy_gettext("%(who)s opposes this"),
                    lazy_gettext("%(who)s oppose this"),
                ),
            ),
            Step(
                lazy_gettext("doubts"),
                lazy_gettext("finds it unwelcome, but does not rule it out"),
                lazy_gettext("On the question “%(question)s”, %(who)s doubted this"),
                lazy_gettext("doubting this"),
                (
                    lazy_gettext("%(who)s has doubts about this"),
                    lazy_gettext("%(who)s have doubts about this"),
                ),
            ),
            Step(
                lazy_gettext("conditional"),
                lazy_gettext("names a condition, and takes no direction without it"),
                lazy_gettext("On the question “%(question)s”, %(who)s made this conditional"),
                lazy_gettext("making this conditional"),
                (
                    lazy_gettext("%(who)s makes this conditional"),
                    lazy_gettext("%(who)s make this conditional"),
                ),
            ),
            Step(
                lazy_gettext("accepts"),
                lazy_gettext("would live with it"),
                lazy_gettext("On the question “%(question)s”, %(who)s accepted this"),
                lazy_gettext("accepting this"),
                (
                    lazy_gettext("%(who)s accepts this"),
                    lazy_gettext("%(who)s accept this"),
                ),
            ),
            Step(
                lazy_gettext("supports"),
                lazy_gettext("wants it, argues for it"),
                lazy_gettext("On the question “%(question)s”, %(who)s supported this"),
                lazy_gettext("supporting this"),
                (
                    lazy_gettext("%(who)s supports this"),
                    lazy_gettext("%(who)s support this"),
                ),
            ),
        ),
    ),
    "vote": ScaleWords(
        lazy_gettext("A motion that is voted on."),
        (
            Step(
                lazy_gettext("against"),
                lazy_gettext("votes no"),
                lazy_gettext("On the question “%(question)s”, %(who)s voted against"),
                lazy_gettext("voting against"),
                (
                    lazy_gettext("%(who)s voted against this"),
                    lazy_gettext("%(who)s voted against this"),
                ),
            ),
            None,
            Step(
                lazy_gettext("abstained"),
                lazy_gettext("takes part, and votes neither way"),
                lazy_gettext("On the question “%(question)s”, %(who)s abstained"),
                lazy_gettext("abstaining"),
                (
                    lazy_gettext("%(who)s abstained on this"),
                    lazy_gettext("%(who)s abstained on this"),
                ),
            ),
            None,
            Step(
                lazy_gettext("for"),
                lazy_gettext("votes yes"),
                lazy_gettext("On the question “%(question)s”, %(who)s voted in favour"),
                lazy_gettext("voting in favour"),
                (
                    lazy_gettext("%(who)s voted for this"),
                    lazy_gettext("%(who)s voted for this"),
                ),
            ),
        ),
    ),
    "expectation": ScaleWords(
        lazy_gettext("Will something happen?"),
        (
            Step(
                lazy_gettext("rules out"),
                lazy_gettext("says that it will not happen"),
                lazy_gettext("On the question “%(question)s”, %(who)s ruled this out"),
                lazy_gettext("ruling this out"),
                (
                    lazy_gettext("%(who)s rules this out"),
                    lazy_gettext("%(who)s rule this out"),
                ),
            ),
            Step(
                lazy_gettext("thinks unlikely"),
                lazy_gettext("does not count on it, but does not rule it out"),
                lazy_gettext("On the question “%(question)s”, %(who)s thought this unlikely"),
                lazy_gettext("thinking this unlikely"),
                (
                    lazy_gettext("%(who)s thinks this unlikely"),
                    lazy_gettext("%(who)s think this unlikely"),
                ),
            ),
            Step(
                lazy_gettext("leaves open"),
                lazy_gettext("says that it may go either way"),
                lazy_gettext("On the question “%(question)s”, %(who)s left this open"),
                lazy_gettext("leaving this open"),
                (
                    lazy_gettext("%(who)s leaves this open"),
                    lazy_gettext("%(who)s leave this open"),
                ),
            ),
            Step(
                lazy_gettext("thinks likely"),
                lazy_gettext("counts on it, but is not certain"),
                lazy_gettext("On the question “%(question)s”, %(who)s thought this likely"),
                lazy_gettext("thinking this likely"),
                (
                    lazy_gettext("%(who)s thinks this likely"),
                    lazy_gettext("%(who)s think this likely"),
                ),
            ),
            Step(
                lazy_gettext("expects"),
                lazy_gettext("says that it will happen"),
                lazy_gettext("On the question “%(question)s”, %(who)s expected this"),
                lazy_gettext("expecting this"),
                (
                    lazy_gettext("%(who)s expects this"),
                    lazy_gettext("%(who)s expect this"),
                ),
            ),
        ),
    ),
    "claim": ScaleWords(
        lazy_gettext("Is something so?"),
        (
            Step(
                lazy_gettext("denies"),
                lazy_gettext("says that it is not so"),
                lazy_gettext("On the question “%(question)s”, %(who)s denied this"),
                lazy_gettext("denying this"),
                (
                    lazy_gettext("%(who)s denies this"),
                    lazy_gettext("%(who)s deny this"),
                ),
            ),
            Step(
                lazy_gettext("questions"),
                lazy_gettext("doubts that it is so"),
                lazy_gettext("On the question “%(question)s”, %(who)s questioned this"),
                lazy_gettext("questioning this"),
                (
                    lazy_gettext("%(who)s questions this"),
                    lazy_gettext("%(who)s question this"),
                ),
            ),
            Step(
                lazy_gettext("leaves open"),
                lazy_gettext("says that it may be so or not"),
                lazy_gettext("On the question “%(question)s”, %(who)s left this open"),
                lazy_gettext("leaving this open"),
                (
                    lazy_gettext("%(who)s leaves open whether it is so"),
                    lazy_gettext("%(who)s leave open whether it is so"),
                ),
            ),
            Step(
                lazy_gettext("suggests"),
                lazy_gettext("takes it to be so, without vouching for it"),
                lazy_gettext("On the question “%(question)s”, %(who)s suggested this"),
                lazy_gettext("suggesting this"),
                (
                    lazy_gettext("%(who)s suggests this"),
                    lazy_gettext("%(who)s suggest this"),
                ),
            ),
            Step(
                lazy_gettext("asserts"),
                lazy_gettext("says that it is so"),
                lazy_gettext("On the question “%(question)s”, %(who)s asserted this"),
                lazy_gettext("asserting this"),
                (
                    lazy_gettext("%(who)s asserts this"),
                    lazy_gettext("%(who)s assert this"),
                ),
            ),
        ),
    ),
    "direction": ScaleWords(
        lazy_gettext("Where should a quantity go?"),
        (
            Step(
                lazy_gettext("lower"),
                lazy_gettext("wants it lower"),
                lazy_gettext("On the question “%(question)s”, %(who)s wanted this lower"),
                lazy_gettext("wanting this lower"),
                (
                    lazy_gettext("%(who)s wants this lower"),
                    lazy_gettext("%(who)s want this lower"),
                ),
            ),
            Step(
                lazy_gettext("rather lower"),
                lazy_gettext("would rather have it lower, or leans that way"),
                lazy_gettext("On the question “%(question)s”, %(who)s leant towards lower"),
                lazy_gettext("leaning towards lower"),
                (
                    lazy_gettext("%(who)s leans towards lower"),
                    lazy_gettext("%(who)s lean towards lower"),
                ),
            ),
            Step(
                lazy_gettext("as it is"),
                lazy_gettext("wants it as it is"),
                lazy_gettext("On the question “%(question)s”, %(who)s wanted this as it was"),
                lazy_gettext("wanting this as it is"),
                (
                    lazy_gettext("%(who)s wants this as it is"),
                    lazy_gettext("%(who)s want this as it is"),
                ),
            ),
            Step(
                lazy_gettext("rather higher"),
                lazy_gettext("would rather have it higher, or leans that way"),
                lazy_gettext("On the question “%(question)s”, %(who)s leant towards higher"),
                lazy_gettext("leaning towards higher"),
                (
                    lazy_gettext("%(who)s leans towards higher"),
                    lazy_gettext("%(who)s lean towards higher"),
                ),
            ),
            Step(
                lazy_gettext("higher"),
                lazy_gettext("wants it higher"),
                lazy_gettext("On the question “%(question)s”, %(who)s wanted this higher"),
                lazy_gettext("wanting this higher"),
                (
                    lazy_gettext("%(who)s wants this higher"),
                    lazy_gettext("%(who)s want this higher"),
                ),
            ),
        ),
    ),
}


def step_words(scale: str, stance: int) -> Step:
    """Return the words for −2 … +2 of a scale; `KeyError` for a step that the scale lacks."""
    step = WORDS[scale].steps[stance + 2]
    if step is None:
        raise KeyError(stance)
    return step


check_complete(
    "WORDS",
    {
        f"{name} {value:+d}"
        for name, words in WORDS.items()
        for value, step in zip(VALUES, words.steps, strict=True)
        if step
    },
    (f"{scale.name} {value:+d}" for scale in SCALES.values() for value in scale.steps),
)
