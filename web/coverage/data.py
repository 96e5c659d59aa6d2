"""Coverage as data: what was watched, as the interchange states it, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.instants import NEWEST, OLDEST, iso
from timeline.interchange.native.coverage import answer_watch

if TYPE_CHECKING:
    from timeline.projections.queries.watched_time import Gap
    from web.coverage.page import CoveragePage


def coverage_data(page: CoveragePage) -> dict[str, Any]:
    """Return what was watched, and when nobody watched whom."""
    return {
        "coverage": [answer_watch(one, page.slugs) for one in page.found],
        "unwatched": [
            {"actor": slug} | _span(gap)
            for side in page.sides
            for slug in (tuple(one.slug for one in side.actors) or (None,))
            for gap in side.gaps
        ],
    }


def _span(gap: Gap) -> dict[str, str | None]:
    """Return the first instant and the last one; null where there is none."""
    first, after = gap
    return {
        "from": None if first <= OLDEST else iso(first),
        "to": None if after >= NEWEST else iso(after - 1),
    }
