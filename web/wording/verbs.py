"""Each step of a scale as a verb behind a name: what somebody does, does now, and did before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.complete import check_complete
from timeline.domain.scales import SCALES
from web.i18n.translate import npgettext

if TYPE_CHECKING:
    from collections.abc import Callable

DOES: dict[tuple[str, int], Callable[[int], str]] = {
    ("position", -2): lambda n: npgettext("verb", "opposes this", "oppose this", n),
    ("position", -1): lambda n: npgettext("verb", "doubts this", "doubt this", n),
    ("position", 0): lambda n: npgettext("verb", "is undecided", "are undecided", n),
    ("position", 1): lambda n: npgettext("verb", "accepts this", "accept this", n),
    ("position", 2): lambda n: npgettext("verb", "supports this", "support this", n),
    ("vote", -2): lambda n: npgettext("verb", "votes against this", "vote against this", n),
    ("vote", 0): lambda n: npgettext("verb", "abstains", "abstain", n),
    ("vote", 2): lambda n: npgettext("verb", "votes for this", "vote for this", n),
    ("expectation", -2): lambda n: npgettext("verb", "rules this out", "rule this out", n),
    ("expectation", -1): lambda n: npgettext(
        "verb", "thinks this unlikely", "think this unlikely", n
    ),
    ("expectation", 0): lambda n: npgettext("verb", "leaves this open", "leave this open", n),
    ("expectation", 1): lambda n: npgettext("verb", "thinks this likely", "think this likely", n),
    ("expectation", 2): lambda n: npgettext("verb", "expects this", "expect this", n),
    ("claim", -2): lambda n: npgettext("verb", "denies this", "deny this", n),
    ("claim", -1): lambda n: npgettext("verb", "questions this", "question this", n),
    ("claim", 0): lambda n: npgettext(
        "verb", "leaves open whether it is so", "leave open whether it is so", n
    ),
    ("claim", 1): lambda n: npgettext("verb", "suggests this", "suggest this", n),
    ("claim", 2): lambda n: npgettext("verb", "asserts this", "assert this", n),
    ("direction", -2): lambda n: npgettext("verb", "wants this lower", "want this lower", n),
    ("direction", -1): lambda n: npgettext("verb", "leans towards lower", "lean towards lower", n),
    ("direction", 0): lambda n: npgettext("verb", "wants no change", "want no change", n),
    ("direction", 1): lambda n: npgettext("verb", "leans towards higher", "lean towards higher", n),
    ("direction", 2): lambda n: npgettext("verb", "wants this higher", "want this higher", n),
}

LEFT: dict[tuple[str, int], Callable[[int], str]] = {
    ("position", -2): lambda n: npgettext(
        "left", "no longer opposes this", "no longer oppose this", n
    ),
    ("position", -1): lambda n: npgettext(
        "left", "no longer doubts this", "no longer doubt this", n
    ),
    ("position", 1): lambda n: npgettext(
        "left", "no longer accepts this", "no longer accept this", n
    ),
    ("position", 2): lambda n: npgettext(
        "left", "no longer supports this", "no longer support this", n
    ),
    ("vote", -2): lambda n: npgettext(
        "left", "no longer votes against this", "no longer vote against this", n
    ),
    ("vote", 2): lambda n: npgettext(
        "left", "no longer votes for this", "no longer vote for this", n
    ),
    ("expectation", -2): lambda n: npgettext(
        "left", "no longer rules this out", "no longer rule this out", n
    ),
    ("expectation", -1): lambda n: npgettext(
        "left", "no longer thinks this unlikely", "no longer think this unlikely", n
    ),
    ("expectation", 1): lambda n: npgettext(
        "left", "no longer thinks this likely", "no longer think this likely", n
    ),
    ("expectation", 2): lambda n: npgettext(
        "left", "no longer expects this", "no longer expect this", n
    ),
    ("claim", -2): lambda n: npgettext("left", "no longer denies this", "no longer deny this", n),
    ("claim", -1): lambda n: npgettext(
        "left", "no longer questions this", "no longer question this", n
    ),
    ("claim", 1): lambda n: npgettext(
        "left", "no longer suggests this", "no longer suggest this", n
    ),
    ("claim", 2): lambda n: npgettext("left", "no longer asserts this", "no longer assert this", n),
    ("direction", -2): lambda n: npgettext(
        "left", "no longer wants this lower", "no longer want this lower", n
    ),
    ("direction", -1): lambda n: npgettext(
        "left", "no longer leans towards lower", "no longer lean towards lower", n
    ),
    ("direction", 1): lambda n: npgettext(
        "left", "no longer leans towards higher", "no longer lean towards higher", n
    ),
    ("direction", 2): lambda n: npgettext(
        "left", "no longer wants this higher", "no longer want this higher", n
    ),
}
"""What somebody does no more who took a side; nobody leaves the middle so."""

NOW: dict[tuple[str, int], Callable[[int], str]] = {
    ("position", -2): lambda n: npgettext("now", "now opposes this", "now oppose this", n),
    ("position", -1): lambda n: npgettext("now", "now doubts this", "now doubt this", n),
    ("position", 0): lambda n: npgettext("now", "is now undecided", "are now undecided", n),
    ("position", 1): lambda n: npgettext("now", "now accepts this", "now accept this", n),
    ("position", 2): lambda n: npgettext("now", "now supports this", "now support this", n),
    ("vote", -2): lambda n: npgettext("now", "now votes against this", "now vote against this", n),
    ("vote", 0): lambda n: npgettext("now", "now abstains", "now abstain", n),
    ("vote", 2): lambda n: npgettext("now", "now votes for this", "now vote for this", n),
    ("expectation", -2): lambda n: npgettext("now", "now rules this out", "now rule this out", n),
    ("expectation", -1): lambda n: npgettext(
        "now", "now thinks this unlikely", "now think this unlikely", n
    ),
    ("expectation", 0): lambda n: npgettext("now", "now leaves it open", "now leave it open", n),
    ("expectation", 1): lambda n: npgettext(
        "now", "now thinks this likely", "now think this likely", n
    ),
    ("expectation", 2): lambda n: npgettext("now", "now expects this", "now expect this", n),
    ("claim", -2): lambda n: npgettext("now", "now denies this", "now deny this", n),
    ("claim", -1): lambda n: npgettext("now", "now questions this", "now question this", n),
    ("claim", 0): lambda n: npgettext(
        "now", "now leaves open whether it is so", "now leave open whether it is so", n
    ),
    ("claim", 1): lambda n: npgettext("now", "now suggests this", "now suggest this", n),
    ("claim", 2): lambda n: npgettext("now", "now asserts this", "now assert this", n),
    ("direction", -2): lambda n: npgettext("now", "now wants this lower", "now want this lower", n),
    ("direction", -1): lambda n: npgettext(
        "now", "now leans towards lower", "now lean towards lower", n
    ),
    ("direction", 0): lambda n: npgettext("now", "now wants no change", "now want no change", n),
    ("direction", 1): lambda n: npgettext(
        "now", "now leans towards higher", "now lean towards higher", n
    ),
    ("direction", 2): lambda n: npgettext(
        "now", "now wants this higher", "now want this higher", n
    ),
}

DID: dict[tuple[str, int], Callable[[int], str]] = {
    ("position", -2): lambda n: npgettext("did", "opposed this", "opposed this", n),
    ("position", -1): lambda n: npgettext("did", "doubted this", "doubted this", n),
    ("position", 0): lambda n: npgettext("did", "was undecided", "were undecided", n),
    ("position", 1): lambda n: npgettext("did", "accepted this", "accepted this", n),
    ("position", 2): lambda n: npgettext("did", "supported this", "supported this", n),
    ("vote", -2): lambda n: npgettext("did", "voted against this", "voted against this", n),
    ("vote", 0): lambda n: npgettext("did", "abstained", "abstained", n),
    ("vote", 2): lambda n: npgettext("did", "voted for this", "voted for this", n),
    ("expectation", -2): lambda n: npgettext("did", "ruled this out", "ruled this out", n),
    ("expectation", -1): lambda n: npgettext(
        "did", "thought this unlikely", "thought this unlikely", n
    ),
    ("expectation", 0): lambda n: npgettext("did", "left this open", "left this open", n),
    ("expectation", 1): lambda n: npgettext("did", "thought this likely", "thought this likely", n),
    ("expectation", 2): lambda n: npgettext("did", "expected this", "expected this", n),
    ("claim", -2): lambda n: npgettext("did", "denied this", "denied this", n),
    ("claim", -1): lambda n: npgettext("did", "questioned this", "questioned this", n),
    ("claim", 0): lambda n: npgettext(
        "did", "left open whether it is so", "left open whether it is so", n
    ),
    ("claim", 1): lambda n: npgettext("did", "suggested this", "suggested this", n),
    ("claim", 2): lambda n: npgettext("did", "asserted this", "asserted this", n),
    ("direction", -2): lambda n: npgettext("did", "wanted this lower", "wanted this lower", n),
    ("direction", -1): lambda n: npgettext("did", "leant towards lower", "leant towards lower", n),
    ("direction", 0): lambda n: npgettext("did", "wanted no change", "wanted no change", n),
    ("direction", 1): lambda n: npgettext("did", "leant towards higher", "leant towards higher", n),
    ("direction", 2): lambda n: npgettext("did", "wanted this higher", "wanted this higher", n),
}

for _name, _verbs in (("DOES", DOES), ("NOW", NOW), ("DID", DID)):
    check_complete(
        _name, _verbs, ((scale.name, step) for scale in SCALES.values() for step in scale.steps)
    )
check_complete(
    "LEFT", LEFT, ((scale.name, step) for scale in SCALES.values() for step in scale.steps if step)
)


def does(scale: str, stance: int, number: int) -> str:
    """Return what somebody does who stands there now; ``number`` is that of the subject."""
    return DOES[scale, stance](number)


def now(scale: str, stance: int, number: int) -> str:
    """Return what somebody does now who stood elsewhere before."""
    return NOW[scale, stance](number)


def left(scale: str, stance: int, number: int) -> str:
    """Return what somebody does no more who took a side before."""
    return LEFT[scale, stance](number)


def did(scale: str, stance: int, number: int) -> str:
    """Return what somebody did who stood there before; ``number`` is that of the subject."""
    return DID[scale, stance](number)
