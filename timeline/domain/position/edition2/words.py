"""What edition 2 reads of a statement."""

from __future__ import annotations

import msgspec

from timeline.domain.position.reading import Reading
from timeline.domain.quote import FEWEST_WORDS

NO_TERMS: frozenset[str] = frozenset()
READINGS = 2
"""How many blind readings decide whether a quote carries."""


class Quote(msgspec.Struct, frozen=True):
    """A quote that was read blind: question and quote, nothing else.

    ``readings`` holds the direction that each reader named, ``None`` where they could name none or
    found that it does not carry.
    """

    words: int
    readings: tuple[int | None, ...] = ()

    def carries(self, direction: int) -> bool:
        """Tell whether the quote alone shows a stance on the same side of the question."""
        if self.words < FEWEST_WORDS or len(self.readings) < READINGS:
            return False
        directions = [reading for reading in self.readings if reading is not None]
        is_complete = len(directions) == len(self.readings)
        return is_complete and {*map(sign, directions)} == {sign(direction)}


class StatementVersion(Reading, frozen=True, kw_only=True):
    """One version of a statement on the topic: what a lane is drawn from, and more.

    ``side`` names the actor, as merged at the asking position, on whose behalf the speaker spoke,
    if on anybody's. The ``stance`` is its direction: −2 (opposes), −1 (doubts), 0 (undecided), +1
    (accepts) or +2 (supports), or ``None`` with a ``reason``: no position. ``uncoded`` marks a
    *conditional* of the first scale: undecided, with a condition, direction not coded. ``sets`` and
    ``drops`` name conditions.

    ``own_text`` says that the source is the speaker's own document. ``occasion`` names the
    utterance, or the document: a decision and the votes on it share one. ``against`` says that it
    is recorded as a vote against the body. ``earliest`` and ``counts_from`` bound in seconds when
    it was said; ``earliest`` is ``None`` for an open start. ``amended_at`` is the log position at
    which it was last corrected, retracted or lost a source, 0 for never.
    """

    speaker_kind: str = "person"
    side: str | None = None
    reason: str | None = None
    uncoded: bool = False
    sets: frozenset[str] = NO_TERMS
    drops: frozenset[str] = NO_TERMS
    voted: bool = False
    against: bool = False
    own_text: bool = False
    earliest: int | None
    occasion: str | None = None
    quote: Quote | None = None
    amended_at: int = 0

    @property
    def takes_position(self) -> bool:
        """Whether it may stand on the speaker's line: own words, unretracted, with a direction."""
        return self.stance is not None and self.rank == 0 and not self.retracted

    @property
    def carries(self) -> bool:
        """Whether its quote alone shows the direction."""
        quote, direction = self.quote, self.stance
        return quote is not None and direction is not None and quote.carries(direction)


BODIES = ("organisation", "state")
"""Kinds of actors that decide as a body; their own words are the body's."""


def is_body(words: StatementVersion) -> bool:
    """Tell whether a body speaks itself, for nobody else."""
    return words.speaker_kind in BODIES and words.side is None


def sign(direction: int) -> int:
    """Return the class of a direction: −1 against, 0 undecided, +1 for."""
    return (direction > 0) - (direction < 0)


def in_order(words: StatementVersion) -> tuple[int, int]:
    """Sort key: by counting instant, then by number."""
    return words.counts_from, words.statement
