"""Ledes and natures of topics in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.texts import text
from timeline.domain.lede import Lede, clean_lede
from timeline.domain.nature import SIGNED, Nature
from timeline.interchange.native.fields import parse_stated
from timeline.interchange.native.rows_in import OWN_ID, id_referred_to

if TYPE_CHECKING:
    from collections.abc import Iterable

LEDES = "ledes"


class StatedLede(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A sentence, and the keys of the statements at the later ends of pinned changes.

    Without either it removes the lede before it.
    """

    sentence: str = ""
    pinned: list[str] = []


def read_ledes(value: Any) -> list[Lede]:  # noqa: ANN401 - JSON holds any value
    """Return the ledes in a line, oldest first; raises `Refused` if they are malformed."""
    stated = parse_stated(value, list[StatedLede], LEDES)
    return [
        clean_lede(Lede(text(lede.sentence, "lede"), tuple(map(id_referred_to, lede.pinned))))
        for lede in stated
    ]


def state_ledes(ledes: Iterable[Lede]) -> list[StatedLede]:
    """Return ledes for files."""
    return [
        StatedLede(sentence=lede.sentence, pinned=[OWN_ID + end for end in lede.pinned])
        for lede in ledes
    ]


NATURES = "natures"


class StatedNature(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """What a topic asks for; without ``limit_months`` its statements are never old."""

    asks: str
    recurring: bool = False
    limit_months: int | None = None
    prints: str = SIGNED
    reason: str = ""


def read_natures(value: Any) -> list[tuple[Nature, str]]:  # noqa: ANN401 - JSON holds any value
    """Return the natures in a line, oldest first, each with its reason; raises `Refused`."""
    stated = parse_stated(value, list[StatedNature], NATURES)
    return [
        (
            Nature(nature.asks, nature.recurring, nature.limit_months, nature.prints),
            text(nature.reason, "reason"),
        )
        for nature in stated
    ]


def state_natures(natures: Iterable[tuple[Nature, str]]) -> list[StatedNature]:
    """Return natures for files."""
    return [
        StatedNature(**msgspec.structs.asdict(nature), reason=reason) for nature, reason in natures
    ]
