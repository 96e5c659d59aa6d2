"""What a long transcript can be opened by: the items of its agenda, and its speakers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.turns import SpeakerTurn, turns

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADING = re.compile(
    r"^(?:Tagesordnungspunkte?|Zusatzs?punkte?|Einzelpl(?:an|äne)|Gesch(?:ä|ae)ftsordnung)\b"
    r"(?![^\n]*[:.?!])[^\n]{0,40}$",
    re.MULTILINE,
)
"""How plenary protocols of the Bundestag name an item, alone in its line."""

_PARAGRAPH = re.compile(r"[^\n]+")
_REFERENCE = re.compile(
    r"^(?:Drucksache|Überweisungsvorschlag|Ich |Wir |Damit |Nach einer |Die Fraktion|\()"
)
"""Lines under a heading that do not say what it is about."""
LONGEST = 160
"""Characters of what is said of an item."""


class Item(msgspec.Struct, frozen=True):
    """An item of an agenda, from ``start`` to ``end`` in the text.

    ``about`` begins with the words under its ``heading``; before the first item both are empty.
    """

    start: int
    end: int
    heading: str
    about: str
    speakers: tuple[str, ...]


class Voice(msgspec.Struct, frozen=True):
    """Somebody who speaks, how often, and in how many characters."""

    name: str
    turns: int
    length: int


def items(text: str) -> tuple[Item, ...]:
    """Return the items of a transcript in their order; nothing where it has fewer than two."""
    starts = [match.start() for match in HEADING.finditer(text)]
    if len(starts) < 2:  # noqa: PLR2004 - one item alone is the text
        return ()
    before = [0] if text[: starts[0]].strip() else []
    found = turns(text)
    return tuple(_item(text, *span, found) for span in pairwise([*before, *starts, len(text)]))


def _item(text: str, start: int, end: int, found: tuple[SpeakerTurn, ...]) -> Item:
    heading = HEADING.match(text, start)
    first = heading.end() if heading else start
    inside = [turn for turn in found if start <= turn.start < end]
    about = _about(text, first, inside[0].start if inside else end) if heading else ""
    named = tuple(dict.fromkeys(turn.speaker for turn in inside if turn.speaker))
    return Item(start, end, heading[0].strip() if heading else "", about, named)


def _about(text: str, start: int, end: int) -> str:
    words = (match[0].strip() for match in _PARAGRAPH.finditer(text, start, end))
    told = " – ".join(one for one in words if one and not _REFERENCE.match(one))
    if len(told) <= LONGEST:
        return told
    return told[:LONGEST].rpartition(" ")[0].rstrip(" ,;:–") + " …"


def voices(text: str) -> tuple[Voice, ...]:
    """Return who speaks in a transcript, by name; nothing where fewer than two do."""
    spoken: dict[str, list[int]] = {}
    for speaker, start, end in _stretches(text):
        spoken.setdefault(speaker, []).append(end - start)
    if len(spoken) < 2:  # noqa: PLR2004 - one alone is the text
        return ()
    return tuple(Voice(name, len(said), sum(said)) for name, said in sorted(spoken.items()))


def words_of(text: str, speaker: str) -> str:
    """Return all that one person says, each stretch under their name; empty where they do not."""
    said = (text[start:end].strip() for name, start, end in _stretches(text) if name == speaker)
    return "\n\n".join(said)


def _stretches(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield who speaks from where to where, without the headings of items in between."""
    found = turns(text)
    spans = pairwise([*(turn.start for turn in found), len(text)])
    for one, (start, end) in zip(found, spans, strict=True):
        heading = HEADING.search(text, start, end)
        if one.speaker:
            yield one.speaker, start, heading.start() if heading else end
