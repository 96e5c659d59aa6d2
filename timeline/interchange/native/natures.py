"""Natures of topics in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.texts import text
from timeline.domain.nature import SIGNED, Nature
from timeline.interchange.native.fields import parse_stated

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        StatedNature(
            asks=nature.asks,
            recurring=nature.recurring,
            limit_months=nature.limit_months,
            prints=nature.prints,
            reason=reason,
        )
        for nature, reason in natures
    ]
