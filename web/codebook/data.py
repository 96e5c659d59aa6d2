"""A codebook as data: every version, as the interchange states it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.interchange.native.codebooks import answer_codebook

if TYPE_CHECKING:
    from web.codebook.page import CodebookPage


def codebook_data(page: CodebookPage) -> dict[str, Any]:
    """Return the scale of the topic, and the versions, oldest first."""
    return {
        "scale": page.topic.scale.name,
        "codebooks": [answer_codebook(one, page.topic.scale) for one in page.found],
    }
