"""A version of a statement, as edition 2 reads it."""

from __future__ import annotations

import msgspec

from timeline.domain.position.reading import Reading
from timeline.domain.quote import FEWEST_WORDS

NO_TERMS: frozenset[str] = frozenset()
READINGS = 2
"""How many blind readings decide whether a quote shows a stance alone."""


class Quote(msgspec.Struct, frozen=True):
    """A quote that was read blind: the readers saw only question and quote.

    ``readings`` holds the direction that each reader named; ``None`` if they named none or found
    that it does not show a stance alone.
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
    """One version of a statement on the topic.

    ``side`` is the actor on whose behalf the speaker spoke, if any, as merged at the requested log
    position. ``stance`` is the direction: −2 (opposes), −1 (doubts), 0 (undecided), +1 (accepts)
    or +2 (supports), or ``None`` with a ``reason`` for no position. ``uncoded`` marks a
    *conditional* of the first scale: undecided, with a condition, without a coded direction.
    ``sets`` and ``drops`` name conditions.

    ``own_text`` says that the source is the speaker's own document. ``occasion`` is the utterance
    or the document; a decision and the votes on it share one. ``against`` marks a recorded vote
    against the body. It was said between ``earliest`` and ``counts_from`` (seconds); ``earliest``
    is ``None`` if open. ``amended_at`` is the log position at which it was last corrected,
    retracted or lost a source, 0 for never.
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
        """Whether it may be on the speaker's line: own words, unretracted, with a direction."""
        return self.stance is not None and self.rank == 0 and not self.retracted

    @property
    def carries(self) -> bool:
        """Whether its quote alone shows the direction."""
        quote, direction = self.quote, self.stance
        return quote is not None and direction is not None and quote.carries(direction)


BODIES = ("organisation", "state")
"""Kinds of actors that decide as a body."""


def is_body(words: StatementVersion) -> bool:
    """Tell whether a body speaks for itself."""
    return words.speaker_kind in BODIES and words.side is None


def sign(direction: int) -> int:
    """Return the class of a direction: −1 against, 0 undecided, +1 for."""
    return (direction > 0) - (direction < 0)


def in_order(words: StatementVersion) -> tuple[int, int]:
    """Sort key: by counting instant, then by number."""
    return words.counts_from, words.statement
