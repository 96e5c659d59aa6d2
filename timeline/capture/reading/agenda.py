"""The parts of a long transcript: the items of its agenda, and its speakers."""

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
"""The heading of an item in plenary protocols of the Bundestag, alone in its line."""

_PARAGRAPH = re.compile(r"[^\n]+")
_REFERENCE = re.compile(
    r"^(?:Drucksache|Überweisungsvorschlag|Ich |Wir |Damit |Nach einer |Die Fraktion|\()"
)
"""Lines under a heading that do not describe the item."""
LONGEST = 160
"""Most characters of an item's description."""


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
    """A speaker, with the number of turns and of characters."""

    name: str
    turns: int
    length: int


def items(text: str) -> tuple[Item, ...]:
    """Return the items of a transcript in order; none if there are fewer than two."""
    starts = [match.start() for match in HEADING.finditer(text)]
    if len(starts) < 2:  # noqa: PLR2004 - one item alone is the text
        return ()
    before = [0] if text[: starts[0]].strip() else []
    speeches = turns(text)
    return tuple(_item(text, *span, speeches) for span in pairwise([*before, *starts, len(text)]))


def _item(text: str, start: int, end: int, speeches: tuple[SpeakerTurn, ...]) -> Item:
    heading = HEADING.match(text, start)
    first = heading.end() if heading else start
    inside = [turn for turn in speeches if start <= turn.start < end]
    about = _about(text, first, inside[0].start if inside else end) if heading else ""
    speakers = tuple(dict.fromkeys(turn.speaker for turn in inside if turn.speaker))
    return Item(start, end, heading[0].strip() if heading else "", about, speakers)


def _about(text: str, start: int, end: int) -> str:
    words = (match[0].strip() for match in _PARAGRAPH.finditer(text, start, end))
    about = " – ".join(line for line in words if line and not _REFERENCE.match(line))
    if len(about) <= LONGEST:
        return about
    return about[:LONGEST].rpartition(" ")[0].rstrip(" ,;:–") + " …"


def voices(text: str) -> tuple[Voice, ...]:
    """Return the speakers of a transcript, by name; none if there are fewer than two."""
    spoken: dict[str, list[int]] = {}
    for speaker, start, end in _stretches(text):
        spoken.setdefault(speaker, []).append(end - start)
    if len(spoken) < 2:  # noqa: PLR2004 - one alone is the text
        return ()
    return tuple(Voice(name, len(said), sum(said)) for name, said in sorted(spoken.items()))


def words_of(text: str, speaker: str) -> str:
    """Return all words of one person, each turn under their name; empty if there are none."""
    said = (text[start:end].strip() for name, start, end in _stretches(text) if name == speaker)
    return "\n\n".join(said)


def _stretches(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each turn: the speaker, start and end, without headings of items."""
    speeches = turns(text)
    spans = pairwise([*(turn.start for turn in speeches), len(text)])
    for speech, (start, end) in zip(speeches, spans, strict=True):
        heading = HEADING.search(text, start, end)
        if speech.speaker:
            yield speech.speaker, start, heading.start() if heading else end
