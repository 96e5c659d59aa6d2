"""The codebook of a topic: by which rules statements on it are coded, in every version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.interchange.native.codebooks import answer_codebook
from web.codebook.page import codebook_page
from web.entries.about_topic import page_and_data
from web.shell.parts import add_part

if TYPE_CHECKING:
    from web.codebook.page import CodebookPage


def codebook_data(page: CodebookPage) -> dict[str, Any]:
    """Return the scale of the topic, the versions, oldest first, and how readings agree."""
    return {
        "scale": page.topic.scale.name,
        "codebooks": [answer_codebook(version, page.topic.scale) for version in page.all_versions],
        "codings": msgspec.structs.asdict(page.coders),
        "blind_readings": msgspec.structs.asdict(page.readers),
    }


blueprint = page_and_data("codebook", codebook_page, codebook_data)
add_part(blueprint, "topic.actions", "codebook/topic_action.html")
