"""What readers may see of events and entries: allowed by name, and asked for in one place.

Whatever gives out a row or an event (pages, JSON, CSV, feeds, payloads of the log) asks here. The
text of a source is for editors; words that are withheld by now are withheld at every moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.document import DocumentSnapshotTaken
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.fields import DEVELOPMENT, ROWS, STATEMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.domain.event import Event

_WORDS = {field.name for field in (*STATEMENT, *DEVELOPMENT) if field.is_content}
CODED = frozenset(
    (ROWS["statement"].keys() | ROWS["development"].keys()) - _WORDS - {FURTHER_SOURCES}
)
"""The fields of a row that stay where the words of the entry are withheld.

Further sources go, since they hold who passed the words on.
"""

ALWAYS = frozenset(("reason",))
"""What is left of the free text of an event about an entry whose words are withheld."""

FOR_EDITORS = (DocumentSnapshotTaken,)
"""Events whose free text no reader gets."""


def readable_row(row: Mapping[str, Any], *, withheld: bool) -> dict[str, Any]:
    """Return a row of the interchange as readers may see it."""
    return {name: value for name, value in row.items() if not withheld or name in CODED}


def readable_event(event: Event, *, withheld: bool) -> dict[str, Any]:
    """Return an event as readers may see it; ``withheld`` says so of the entry that it is about."""
    plain = {"type": event.TOPIC, **msgspec.to_builtins(event)}
    words = plain.get("content")
    if isinstance(event, FOR_EDITORS):
        plain["content"] = {}
    elif words and withheld:
        plain["content"] = {name: words[name] for name in ALWAYS if name in words}
    return plain
