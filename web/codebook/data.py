"""A codebook as data: every version, as the interchange states it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.interchange.native.codebooks import answer_codebook

if TYPE_CHECKING:
    from web.codebook.page import CodebookPage


def codebook_data(page: CodebookPage) -> dict[str, Any]:
    """Return the scale of the topic, the versions, oldest first, and how readings agree."""
    return {
        "scale": page.topic.scale.name,
        "codebooks": [answer_codebook(one, page.topic.scale) for one in page.found],
        "codings": msgspec.structs.asdict(page.coders),
        "blind_readings": msgspec.structs.asdict(page.readers),
    }
