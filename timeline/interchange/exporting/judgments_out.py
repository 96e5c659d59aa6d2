"""What people judged of what is on record, as rows: quotes read blindly, and changes signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.prepare import YES
from timeline.domain.position.edition2 import RULE
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.interchange.native.rows_in import key_of
from timeline.interchange.native.verdicts import VERDICTS, state_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.exporting.standing import CurrentEntry, Judged, Record


def reading_rows(record: Record, standing: CurrentEntry) -> Iterator[Row]:
    """Yield a row for each blind reading of the quote of an entry, as the quote now stands."""
    key = key_of(standing.first)
    for one in record.quote_readings(standing):
        topic = record.topics[standing.entry.fields["topic"]]
        read = one.content
        if not (key and read):
            continue
        silent = read.direction is None
        row = {
            "kind": "reading",
            "topic": topic.slug,
            "key": key,
            "quote.text": standing.entry.fields["quote"],
            "reader": one.reader,
            "direction": NO_POSITION if silent else SCALES[topic.scale].word(read.direction or 0),
        }
        yield row | ({"carries": YES} if read.carries else {})


def verdict_row(record: Record, judged: Judged, keys: Mapping[str, str | None]) -> Row:
    """Return what editors said of a change as a row; ``keys`` names the entries at its ends."""
    ends = judged.ends
    row = {
        "kind": "verdict",
        "topic": record.topics[ends.topic].slug,
        "actor": record.actors[ends.lane].slug,
        "before": [keys[stream] for stream in judged.before],
        "after": [keys[stream] for stream in judged.after],
        VERDICTS: [dict(msgspec.to_builtins(state_verdict(one))) for one in judged.said],
    }
    return row if ends.edition == RULE else row | {"edition": str(ends.edition)}
