"""Each step of a scale as a verb after a name: what somebody did, and what they did next.

All verbs are in the past tense: statements are past, and readers see a change for years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.complete import check_complete
from timeline.domain.scales import SCALES
from web.i18n.translate import npgettext

if TYPE_CHECKING:
    from collections.abc import Callable

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

THEN: dict[tuple[str, int], Callable[[int], str]] = {
    ("position", -2): lambda n: npgettext("then", "then opposed this", "then opposed this", n),
    ("position", -1): lambda n: npgettext("then", "then doubted this", "then doubted this", n),
    ("position", 0): lambda n: npgettext("then", "was then undecided", "were then undecided", n),
    ("position", 1): lambda n: npgettext("then", "then accepted this", "then accepted this", n),
    ("position", 2): lambda n: npgettext("then", "then supported this", "then supported this", n),
    ("vote", -2): lambda n: npgettext(
        "then", "then voted against this", "then voted against this", n
    ),
    ("vote", 0): lambda n: npgettext("then", "then abstained", "then abstained", n),
    ("vote", 2): lambda n: npgettext("then", "then voted for this", "then voted for this", n),
    ("expectation", -2): lambda n: npgettext(
        "then", "then ruled this out", "then ruled this out", n
    ),
    ("expectation", -1): lambda n: npgettext(
        "then", "then thought this unlikely", "then thought this unlikely", n
    ),
    ("expectation", 0): lambda n: npgettext(
        "then", "then left this open", "then left this open", n
    ),
    ("expectation", 1): lambda n: npgettext(
        "then", "then thought this likely", "then thought this likely", n
    ),
    ("expectation", 2): lambda n: npgettext("then", "then expected this", "then expected this", n),
    ("claim", -2): lambda n: npgettext("then", "then denied this", "then denied this", n),
    ("claim", -1): lambda n: npgettext("then", "then questioned this", "then questioned this", n),
    ("claim", 0): lambda n: npgettext(
        "then", "then left open whether it is so", "then left open whether it is so", n
    ),
    ("claim", 1): lambda n: npgettext("then", "then suggested this", "then suggested this", n),
    ("claim", 2): lambda n: npgettext("then", "then asserted this", "then asserted this", n),
    ("direction", -2): lambda n: npgettext(
        "then", "then wanted this lower", "then wanted this lower", n
    ),
    ("direction", -1): lambda n: npgettext(
        "then", "then leant towards lower", "then leant towards lower", n
    ),
    ("direction", 0): lambda n: npgettext(
        "then", "then wanted no change", "then wanted no change", n
    ),
    ("direction", 1): lambda n: npgettext(
        "then", "then leant towards higher", "then leant towards higher", n
    ),
    ("direction", 2): lambda n: npgettext(
        "then", "then wanted this higher", "then wanted this higher", n
    ),
}

for _name, _verbs in (("DID", DID), ("THEN", THEN)):
    check_complete(
        _name, _verbs, ((scale.name, step) for scale in SCALES.values() for step in scale.steps)
    )


def did(scale: str, stance: int, number: int) -> str:
    """Return what somebody with this stance did; ``number`` is that of the subject."""
    return DID[scale, stance](number)


def then(scale: str, stance: int, number: int) -> str:
    """Return what somebody did next who had another stance before."""
    return THEN[scale, stance](number)
