"""What the newsroom itself says first of a topic, with its by-line: apart from what is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from web.i18n import dates

if TYPE_CHECKING:
    from timeline.projections.queries.ledes import KnownLede
    from web.wording.clocks import Clocks


class NewsroomLede(msgspec.Struct, frozen=True):
    """A sentence, who wrote it, and on which day; ``lang`` is empty in the record's language."""

    sentence: str
    by: str
    day: str
    machine: str
    lang: str


def newsroom_lede(known: KnownLede | None, clocks: Clocks) -> NewsroomLede | None:
    """Return the sentence that is shown; none of a moment at which it could not say what it does.

    Whoever wrote it knew all that had been said by that day.
    """
    if known is None or not known.sentence:
        return None
    written = known.recorded_at // MICROSECONDS
    if clocks.as_of is not None and clocks.as_of < written:
        return None
    return NewsroomLede(
        sentence=known.sentence,
        by=known.recorded_by,
        day=dates.day(written),
        machine=dates.machine(written),
        lang=known.lang,
    )
