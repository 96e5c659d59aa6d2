"""A codebook as JSON: every version, as the interchange states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.interchange.native.codebooks import answer_codebook
from web.shell.data_answer import data_answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.codebook.page import CodebookPage


def as_json(page: CodebookPage) -> Response:
    """Return one object: the topic, and its versions, oldest first."""
    told = {
        "topic": page.topic.slug,
        "scale": page.topic.scale.name,
        "known_at": page.clocks.known_at,
        "codebooks": [answer_codebook(one, page.topic.scale) for one in page.found],
    }
    return data_answer(msgspec.json.encode(told), "application/json")
