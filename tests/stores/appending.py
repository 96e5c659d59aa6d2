"""A process that appends and says what is acknowledged: ``python -m tests.stores.appending``.

Takes the store, the number of its first stream and how many events a batch holds; writes a line
``position stream`` for every event whose append was answered, and never ends by itself.
"""

from __future__ import annotations

import sys
from itertools import count

from tests.stores.newsroom import introduced
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl


def main(address: str, first: str, size: str) -> None:
    log = EventLog.open(StoreUrl.parse(address))
    for start in count(int(first), int(size)):
        events = [introduced(number) for number in range(start, start + int(size))]
        positions = log.append(events)
        for position, event in zip(positions, events, strict=True):
            print(position, event.originator_id)  # noqa: T201 - the acknowledgement
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
