"""The newsroom's own introduction of a topic, with its by-line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from web.i18n import dates

if TYPE_CHECKING:
    from timeline.projections.queries.ledes import KnownLede


class NewsroomLede(msgspec.Struct, frozen=True):
    """A sentence, who wrote it, and on which day; ``lang`` is empty in the record's language."""

    sentence: str
    by: str
    day: str
    machine: str
    lang: str


def newsroom_lede(known: KnownLede | None, lang: str) -> NewsroomLede | None:
    """Return the sentence in the reader's language if it has it; ``None`` without one."""
    if known is None or not known.sentence:
        return None
    written = known.recorded_at // MICROSECONDS
    translated = known.translations.get(lang)
    return NewsroomLede(
        sentence=translated or known.sentence,
        by=known.recorded_by,
        day=dates.day(written),
        machine=dates.machine(written),
        lang=lang if translated else "",
    )
