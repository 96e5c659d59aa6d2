"""The words of each scale: the names and meanings of its steps, and their forms in sentences.

It has an entry for each scale of `timeline.domain.scales`; importing it fails if one is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.complete import check_complete
from timeline.domain.scales import FIRST_VERSION, SCALES, VALUES
from web.i18n.translate import lazy_gettext

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class Step(msgspec.Struct, frozen=True):
    """One step of a scale.

    ``word`` is shown with its mark, ``meaning`` tells editors when to choose it. ``now`` and
    ``then`` follow a name in a sentence, in present and past tense; ``state`` follows "from" or
    "to".
    """

    word: LazyString
    meaning: LazyString
    now: LazyString
    then: LazyString
    state: LazyString


class ScaleWords(msgspec.Struct, frozen=True):
    """The words of one scale: its kind of question, and its ``steps`` in order."""

    purpose: LazyString
    steps: tuple[Step | None, Step | None, Step | None, Step | None, Step | None]


WORDS = {
    "position": ScaleWords(
        lazy_gettext("Should something be? For or against it."),
        (
            Step(
                lazy_gettext("opposes"),
                lazy_gettext("rejects it"),
                lazy_gettext("opposes this"),
                lazy_gettext("opposed this"),
                lazy_gettext("opposing"),
            ),
            Step(
                lazy_gettext("doubts"),
                lazy_gettext("finds it unwelcome, but does not rule it out"),
                lazy_gettext("has doubts about this"),
                lazy_gettext("doubted this"),
                lazy_gettext("doubting"),
            ),
            Step(
                lazy_gettext("undecided"),
                lazy_gettext("says that it is open, or weighs both sides"),
                lazy_gettext("is undecided about this"),
                lazy_gettext("was undecided about this"),
                lazy_gettext("being undecided"),
            ),
            Step(
                lazy_gettext("accepts"),
                lazy_gettext("would live with it"),
                lazy_gettext("accepts this"),
                lazy_gettext("accepted this"),
                lazy_gettext("accepting"),
            ),
            Step(
                lazy_gettext("supports"),
                lazy_gettext("wants it, argues for it"),
                lazy_gettext("supports this"),
                lazy_gettext("supported this"),
                lazy_gettext("supporting"),
            ),
        ),
    ),
    "vote": ScaleWords(
        lazy_gettext("A motion that is voted on."),
        (
            Step(
                lazy_gettext("against"),
                lazy_gettext("votes no"),
                lazy_gettext("voted against this"),
                lazy_gettext("voted against this"),
                lazy_gettext("voting against"),
            ),
            None,
            Step(
                lazy_gettext("abstained"),
                lazy_gettext("takes part, and votes neither way"),
                lazy_gettext("abstained on this"),
                lazy_gettext("abstained on this"),
                lazy_gettext("abstaining"),
            ),
            None,
            Step(
                lazy_gettext("for"),
                lazy_gettext("votes yes"),
                lazy_gettext("voted for this"),
                lazy_gettext("voted for this"),
                lazy_gettext("voting in favour"),
            ),
        ),
    ),
    "expectation": ScaleWords(
        lazy_gettext("Will something happen?"),
        (
            Step(
                lazy_gettext("rules out"),
                lazy_gettext("says that it will not happen"),
                lazy_gettext("rules this out"),
                lazy_gettext("ruled this out"),
                lazy_gettext("ruling it out"),
            ),
            Step(
                lazy_gettext("thinks unlikely"),
                lazy_gettext("does not count on it, but does not rule it out"),
                lazy_gettext("thinks this unlikely"),
                lazy_gettext("thought this unlikely"),
                lazy_gettext("thinking it unlikely"),
            ),
            Step(
                lazy_gettext("leaves open"),
                lazy_gettext("says that it may go either way"),
                lazy_gettext("leaves this open"),
                lazy_gettext("left this open"),
                lazy_gettext("leaving it open"),
            ),
            Step(
                lazy_gettext("thinks likely"),
                lazy_gettext("counts on it, but is not certain"),
                lazy_gettext("thinks this likely"),
                lazy_gettext("thought this likely"),
                lazy_gettext("thinking it likely"),
            ),
            Step(
                lazy_gettext("expects"),
                lazy_gettext("says that it will happen"),
                lazy_gettext("expects this"),
                lazy_gettext("expected this"),
                lazy_gettext("expecting it"),
            ),
        ),
    ),
    "claim": ScaleWords(
        lazy_gettext("Is something so?"),
        (
            Step(
                lazy_gettext("denies"),
                lazy_gettext("says that it is not so"),
                lazy_gettext("denies this"),
                lazy_gettext("denied this"),
                lazy_gettext("denying it"),
            ),
            Step(
                lazy_gettext("questions"),
                lazy_gettext("doubts that it is so"),
                lazy_gettext("questions this"),
                lazy_gettext("questioned this"),
                lazy_gettext("questioning it"),
            ),
            Step(
                lazy_gettext("leaves open"),
                lazy_gettext("says that it may be so or not"),
                lazy_gettext("leaves open whether it is so"),
                lazy_gettext("left this open"),
                lazy_gettext("leaving it open"),
            ),
            Step(
                lazy_gettext("suggests"),
                lazy_gettext("takes it to be so, without vouching for it"),
                lazy_gettext("suggests this"),
                lazy_gettext("suggested this"),
                lazy_gettext("suggesting it"),
            ),
            Step(
                lazy_gettext("asserts"),
                lazy_gettext("says that it is so"),
                lazy_gettext("asserts this"),
                lazy_gettext("asserted this"),
                lazy_gettext("asserting it"),
            ),
        ),
    ),
    "direction": ScaleWords(
        lazy_gettext("Where should a quantity go?"),
        (
            Step(
                lazy_gettext("lower"),
                lazy_gettext("wants it lower"),
                lazy_gettext("wants this lower"),
                lazy_gettext("wanted this lower"),
                lazy_gettext("lowering"),
            ),
            Step(
                lazy_gettext("rather lower"),
                lazy_gettext("would rather have it lower, or leans that way"),
                lazy_gettext("leans towards lower"),
                lazy_gettext("leant towards lower"),
                lazy_gettext("leaning towards lowering"),
            ),
            Step(
                lazy_gettext("as it is"),
                lazy_gettext("wants it as it is"),
                lazy_gettext("wants no change"),
                lazy_gettext("wanted no change"),
                lazy_gettext("keeping it as it is"),
            ),
            Step(
                lazy_gettext("rather higher"),
                lazy_gettext("would rather have it higher, or leans that way"),
                lazy_gettext("leans towards higher"),
                lazy_gettext("leant towards higher"),
                lazy_gettext("leaning towards raising"),
            ),
            Step(
                lazy_gettext("higher"),
                lazy_gettext("wants it higher"),
                lazy_gettext("wants this higher"),
                lazy_gettext("wanted this higher"),
                lazy_gettext("raising"),
            ),
        ),
    ),
}


EARLIER = {
    ("position", 0): Step(
        lazy_gettext("conditional"),
        lazy_gettext("names a condition; which direction it takes is not coded"),
        lazy_gettext("makes this conditional"),
        lazy_gettext("made this conditional"),
        lazy_gettext("setting a condition"),
    ),
}
"""Words for steps that only the first version of a scale had."""

check_complete(
    "EARLIER",
    EARLIER,
    ((scale.name, step) for scale in SCALES.values() for step, _ in scale.earlier),
)


def step_words(scale: str, stance: int, version: int | None = None) -> Step:
    """Return the words for −2 … +2 of a scale, of the current or another version.

    Raises `KeyError` for a step that the scale lacks.
    """
    if version == FIRST_VERSION and (scale, stance) in EARLIER:
        return EARLIER[scale, stance]
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
