"""A codebook as JSON: every version, as the interchange states it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.dates import iso_us
from timeline.interchange.native.codebooks import state_codebook
from web.shell.data_answer import data_answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.projections.queries.codebooks import CodebookVersion
    from web.codebook.page import CodebookPage


def as_json(page: CodebookPage) -> Response:
    """Return one object: the topic, and its versions, oldest first."""
    told = {
        "topic": page.topic.slug,
        "scale": page.topic.scale.name,
        "known_at": page.clocks.known_at,
        "codebooks": [_told(page, one) for one in page.found],
    }
    return data_answer(msgspec.json.encode(told), "application/json")


def _told(page: CodebookPage, version: CodebookVersion) -> dict[str, Any]:
    """Return a version; one whose words were erased has no codebook."""
    stated = state_codebook(version.codebook, page.topic.scale) if version.codebook else None
    return {
        "version": version.version,
        "position": version.known_from,
        "recorded_at": iso_us(version.recorded_at),
        "recorded_by": version.recorded_by,
        "codebook": stated,
    }
