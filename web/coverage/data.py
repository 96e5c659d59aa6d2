"""Coverage as JSON: what was watched, as the interchange states it, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.dates import iso
from timeline.domain.instants import NEWEST, OLDEST
from timeline.interchange.native.coverage import answer_watch
from web.shell.data_answer import data_answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.coverage.page import CoveragePage, UnwatchedSide
    from web.lanes.coverage import Gap


def as_json(page: CoveragePage) -> Response:
    """Return one object: the topic, what was watched, and when nobody watched whom."""
    told = {
        "topic": page.topic.slug,
        "known_at": page.clocks.known_at,
        "coverage": [answer_watch(one, page.slugs) for one in page.found],
        "unwatched": [gap for side in page.unwatched for gap in _gaps(side)],
    }
    return data_answer(msgspec.json.encode(told), "application/json")


def _gaps(side: UnwatchedSide) -> list[dict[str, Any]]:
    slug = side.actor.slug if side.actor else None
    return [{"actor": slug} | _span(gap) for gap in side.gaps]


def _span(gap: Gap) -> dict[str, str | None]:
    """Return the first instant and the last one; null where there is none."""
    first, after = gap
    return {
        "from": None if first <= OLDEST else iso(first),
        "to": None if after >= NEWEST else iso(after - 1),
    }
