"""Stances as readers see them: the word in their language and the mark beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask_babel import gettext, lazy_gettext

from timeline.domain.position import MIXED
from web.chart.levels import step

if TYPE_CHECKING:
    from timeline.domain.scales import Scale

_WORDS = (
    lazy_gettext("opposes"),
    lazy_gettext("doubts"),
    lazy_gettext("conditional"),
    lazy_gettext("accepts"),
    lazy_gettext("supports"),
    lazy_gettext("against"),
    lazy_gettext("abstained"),
    lazy_gettext("for"),
    lazy_gettext("rules out"),
    lazy_gettext("thinks unlikely"),
    lazy_gettext("leaves open"),
    lazy_gettext("thinks likely"),
    lazy_gettext("expects"),
    lazy_gettext("denies"),
    lazy_gettext("questions"),
    lazy_gettext("suggests"),
    lazy_gettext("asserts"),
)
"""The words of all scales, here so that the catalogues hold them."""


class StanceView(msgspec.Struct, frozen=True):
    """``step`` names the mark (as `web.chart.levels.step` says); ``neutral`` is its palette.

    ``manner`` says that the words are not the actor's own: second-hand or ascribed.
    """

    step: str
    word: str
    neutral: bool
    manner: str = ""

    @property
    def second(self) -> bool:
        """Whether the words are not the actor's own."""
        return bool(self.manner)


def view(scale: Scale, stance: int | str | None, *, rank: int | None = 0) -> StanceView:
    """Return how a stance looks; ``None`` is no position."""
    return StanceView(step(scale, stance), word(scale, stance), not scale.partisan, manner(rank))


def manner(rank: int | None, via: str = "") -> str:
    """Return how words came that are not the actor's own; nothing for those that are."""
    if not rank:
        return ""
    if rank > 1:
        return gettext("ascribed")
    return gettext("second-hand, via %(via)s", via=via) if via else gettext("second-hand")


def word(scale: Scale, stance: int | str | None) -> str:
    """Return the word for a stance in the reader's language."""
    if stance is None:
        return gettext("no position")
    return gettext("mixed") if stance == MIXED else gettext(scale.word(int(stance)))


_ATTRIBUTIONS = {
    "quoted": lazy_gettext("quoted"),
    "reported": lazy_gettext("reported, not quoted"),
    "voted": lazy_gettext("vote"),
    "joint": lazy_gettext("joint statement"),
    "ascribed": lazy_gettext("ascribed by the author of the source"),
}


def attribution(name: str, via: str = "") -> str:
    """Return in words how the source attributes a statement."""
    if name == "second_hand":
        return gettext("second-hand, via %(via)s", via=via)
    return str(_ATTRIBUTIONS[name])
