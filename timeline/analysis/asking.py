"""What is asked of an archive: which moment, which topics, and the answers in plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from timeline.analysis.tables import LONG
from timeline.analysis.text import question
from timeline.domain.dates import parse_instant_us
from timeline.domain.errors import NotFound, Refused
from timeline.domain.instants import NEWEST
from timeline.domain.messages import InQuotes, Message
from timeline.domain.position import MIXED
from timeline.domain.scales import SCALES
from timeline.domain.spelling import nearest
from timeline.domain.text import whole_number
from timeline.projections.queries.log import NOT_A_LOG_POSITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.analysis.manifest import Manifest
    from timeline.analysis.text import Given, Question

TOPIC_NOT_ARCHIVED = Message("topic_not_archived", "there is no topic %(name)s in the archive")
NOT_ARCHIVED_YET = Message(
    "not_archived_yet",
    "position @%(position)s is not in the archive, which ends at @%(upto)s",
    fix="bring it up first: standline archive",
)

MIXED_VALUE = 9
"""How an archive's engine says `mixed`."""


class Engine(Protocol):
    """Whoever answers questions over an archive."""

    def answer(self, question: Question, given: Given) -> Iterator[dict[str, Any]]:
        """Yield the rows of an answer; ``given`` are the small tables that the question names."""
        ...


class Asked(msgspec.Struct, frozen=True):
    """The moment that is asked for, and the topics (their numbers in the archive; empty for all).

    ``as_of`` is an instant in seconds, ``known_at`` a position of the log.
    """

    known_at: int
    as_of: int | None = None
    topics: tuple[int, ...] = ()

    def tables(self) -> Given:
        """Return the small tables that every question names."""
        as_of = NEWEST if self.as_of is None else self.as_of
        return {
            "asked": ({"known_at": LONG, "as_of": LONG}, [(self.known_at, as_of)]),
            "asked_topics": ({"topic": LONG}, [(topic,) for topic in self.topics]),
        }


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """Where an actor stood on a topic; ``counted`` are the statements that prove it.

    ``value`` is the stance from -2 to 2; of a mixed one ``lowest`` and ``highest`` are told.
    ``rank`` is 0 for first-hand words, 1 for second-hand, 2 for ascribed. ``first`` opens the run
    of days on which the same was said, ``last`` closes it, ``statements`` counts it. ``reported``
    is what later words of a lower rank say beside it.
    """

    topic: str
    actor: str
    stance: str
    value: int | None
    lowest: int | None
    highest: int | None
    rank: int
    statements: int
    first: int
    last: int
    counted: tuple[int, ...]
    reported: dict[str, Any] | None


def positions(engine: Engine, asked: Asked) -> Iterator[Stood]:
    """Yield where actors stood, by topic and actor."""
    for row in engine.answer(question("positions"), asked.tables()):
        counted = numbers(row["counted"])
        yield Stood(
            topic=row["topic"],
            actor=row["actor"],
            stance=word(row["scale"], row["stance"]),
            value=value(row["stance"]),
            lowest=row["lowest"],
            highest=row["highest"],
            rank=row["rank"],
            statements=int(row["statements"]),
            first=numbers(row["opened"])[0],
            last=counted[-1],
            counted=counted,
            reported=_beside(row),
        )


def _beside(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["reported_rank"] is None:
        return None
    return {
        "stance": word(row["scale"], row["reported_stance"]),
        "rank": row["reported_rank"],
        "statements": list(numbers(row["reported"])),
    }


def numbers(pairs: Any) -> tuple[int, ...]:  # noqa: ANN401 - a list of pairs, of whichever engine
    """Return the numbers of statements that come as pairs of instant and number, in order."""
    return tuple(int(number) for _, number in pairs)


def word(scale: str, stance: int) -> str:
    """Return the word of a scale for a stance."""
    return MIXED if stance == MIXED_VALUE else SCALES[scale].word(stance)


def value(stance: int) -> int | None:
    """Return a stance as a number; a mixed one has none."""
    return None if stance == MIXED_VALUE else stance


def topics_named(engine: Engine, slugs: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of topics in the archive; raises `NotFound` for one that is not there."""
    if not slugs:
        return ()
    known = {row["slug"]: int(row["topic"]) for row in engine.answer(question("topics"), {})}
    for slug in slugs:
        if slug not in known:
            meant = tuple(nearest(slug, known))
            raise NotFound(TOPIC_NOT_ARCHIVED, field="topic", name=InQuotes(slug), nearest=meant)
    return tuple(known[slug] for slug in slugs)


def position_known(engine: Engine, manifest: Manifest, text: str | None) -> int:
    """Read ``@POSITION`` or a UTC instant as a log position, without a text as the archive's end.

    Raises `Refused` for neither, and for a position that the archive does not reach.
    """
    if text is None:
        return manifest.upto
    if not text.startswith("@"):
        moment = {"moment": ({"instant": LONG}, [(parse_instant_us(text),)])}
        return next(int(row["position"]) for row in engine.answer(question("known"), moment))
    position = whole_number(text[1:])
    if position is None:
        raise Refused(NOT_A_LOG_POSITION, field="--known-at", text=InQuotes(text))
    if position > manifest.upto:
        raise Refused(NOT_ARCHIVED_YET, field="--known-at", position=position, upto=manifest.upto)
    return position
