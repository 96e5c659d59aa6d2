"""What edition 2 reads of a statement."""

from __future__ import annotations

import msgspec

from timeline.domain.instants import DAY
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
        named = [one for one in self.readings if one is not None]
        return len(named) == len(self.readings) and {*map(sign, named)} == {sign(direction)}


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a statement on the topic, known in ``[known_from, known_until)``.

    ``statement`` is its public number. ``speaker`` and ``side`` name actors as merged at the
    asking position; ``side`` is on whose behalf the speaker spoke, if on anybody's.

    ``direction`` is −2 (opposes), −1 (doubts), 0 (undecided), +1 (accepts) or +2 (supports), or
    ``None`` with a ``reason``: no position. ``uncoded`` marks a *conditional* of the first scale:
    undecided, with a condition, direction not coded. ``sets`` and ``drops`` name conditions.

    ``rank`` is 0 for own words, 1 for second-hand, 2 for ascribed ones. ``own_text`` says that
    the source is the speaker's own document. ``occasion`` names the utterance, or the document:
    a decision and the votes on it share one. ``against`` says that it is recorded as a vote
    against the body. ``earliest`` and ``counts_from`` bound in seconds
    when it was said; ``earliest`` is ``None`` for an open start. ``amended_at`` is the log
    position at which it was last corrected, retracted or lost a source, 0 for never.
    """

    statement: int
    speaker: str
    speaker_kind: str = "person"
    side: str | None = None
    direction: int | None
    reason: str | None = None
    uncoded: bool = False
    sets: frozenset[str] = NO_TERMS
    drops: frozenset[str] = NO_TERMS
    rank: int = 0
    joint: bool = False
    voted: bool = False
    against: bool = False
    own_text: bool = False
    earliest: int | None
    counts_from: int
    timed: bool = False
    wording: int = 1
    occasion: str | None = None
    quote: Quote | None = None
    amended_at: int = 0
    retracted: bool = False
    known_from: int
    known_until: int | None = None

    @property
    def day(self) -> int:
        """The UTC day on which it counts, in days since 1970-01-01."""
        return self.counts_from // DAY

    @property
    def takes_position(self) -> bool:
        """Whether it may stand on the speaker's line: own words, unretracted, with a direction."""
        return self.direction is not None and self.rank == 0 and not self.retracted

    @property
    def carries(self) -> bool:
        """Whether its quote alone shows the direction."""
        quote, direction = self.quote, self.direction
        return quote is not None and direction is not None and quote.carries(direction)


BODIES = ("organisation", "state")
"""Kinds of actors that decide as a body; their own words are the body's."""


def is_body(words: Words) -> bool:
    """Tell whether a body speaks itself, for nobody else."""
    return words.speaker_kind in BODIES and words.side is None


def sign(direction: int) -> int:
    """Return the class of a direction: −1 against, 0 undecided, +1 for."""
    return (direction > 0) - (direction < 0)


def in_order(words: Words) -> tuple[int, int]:
    """Sort key: by counting instant, then by number."""
    return words.counts_from, words.statement
