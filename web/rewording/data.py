"""Two wordings as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.projections.queries.answers import word
from web.shell.data_answer import data_answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.projections.queries.entries import StatementEntry
    from web.entries.views import StatementView
    from web.rewording.page import RewordingPage


def as_json(page: RewordingPage) -> Response:
    """Return one object: the lane, both statements with their words in pieces, what differs."""
    changed = page.changed
    sides = zip(page.entries, (page.then, page.later), strict=True)
    then, later = (_told(page, entry, shown) for entry, shown in sides)
    told = {
        "topic": page.topic.slug,
        "actor": page.lane.slug,
        "known_at": page.clocks.known_at,
        "then": then | {"pieces": changed.then if changed else []},
        "later": later | {"pieces": changed.later if changed else []},
        "marked": bool(changed and changed.is_marked),
        "shared": changed.shared if changed else 0,
        "gone": changed.gone if changed else [],
        "new": changed.new if changed else [],
    }
    return data_answer(msgspec.json.encode(told), "application/json")


def _told(page: RewordingPage, entry: StatementEntry, shown: StatementView) -> dict[str, Any]:
    return {
        "number": entry.number,
        "said_at": entry.said_at,
        "stance": word(page.topic.scale, entry.stance),
        "lang": shown.quote_lang,
        "url": shown.sources[0].href if shown.sources else "",
    }
