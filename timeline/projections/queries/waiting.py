"""What edition 2 of the position rule finds and no editor has signed or declined yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import edition2
from timeline.domain.position.edition2.words import BODIES
from timeline.domain.verdict import Ends
from timeline.projections.queries.edition2 import gather
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.queries.turning import DRAFT, gathered_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.domain.position.edition2 import Change
    from timeline.domain.statement import StatementRecorded
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.edition2 import Gathered

KINDS = (
    *("reversal", "succession", "withdrawn", "terms", "settles", "opens"),
    *("firmer", "softer"),
)
"""What may wait, the most consequential first; the last two are shades, and no changes."""
SHADES = ("firmer", "softer")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A change that waits for an editor.

    ``appeared`` and ``gone`` are conditions in the words of who named them. ``decides`` tells
    whether it is a body's, or of somebody who decides for a side then; ``proposed`` that only the
    words of a role say so.
    """

    topic: Topic
    change: Change
    appeared: tuple[str, ...]
    gone: tuple[str, ...]
    decides: bool
    proposed: bool

    @property
    def ends(self) -> Ends:
        """The change as a verdict names it, by ids."""
        change = self.change
        before, after = (tuple(sorted(end)) for end in (change.before, change.after))
        return Ends(self.topic.id, change.lanes[0], edition2.RULE, before, after)

    @property
    def id(self) -> str:
        """The id of the stream that verdicts on it go into."""
        return self.ends.stream

    @property
    def place(self) -> tuple[int, int, int, str]:
        """Sort key: the most consequential first, then deciders, then the latest."""
        kind = KINDS.index(self.change.kind)
        return kind, int(not self.decides), -self.change.counts_from, self.id


def waiting(conn: Connection, topics: Iterable[Topic]) -> dict[str, list[Waiting]]:
    """Return what waits on topics, shades too, by the id of the topic; votes never wait."""
    every = {one.id: one for one in topics}
    votes = vote_topics(conn, every)
    return {
        key: list(waiting_in(gather(conn, one))) for key, one in every.items() if key not in votes
    }


def made_by_draft(conn: Connection, said: StatementRecorded, counts_from: int) -> Waiting | None:
    """Return what would wait for an editor if a statement were recorded, and it made that."""
    if vote_topics(conn, [said.topic]):
        return None
    _, drafted = gathered_around(conn, said, counts_from)
    found = (one for one in waiting_in(drafted) if DRAFT in one.change.after)
    return min(found, key=lambda one: one.place, default=None)


def waiting_in(gathered: Gathered) -> Iterator[Waiting]:
    """Yield what waits of what was gathered on a topic, shades too."""
    record = gathered.record
    bodies = {one.speaker for one in record.words if one.speaker_kind in BODIES}
    shades = () if record.topic.recurring else edition2.findings(record).shades
    for one in (*edition2.changes(record), *shades):
        if one.status != "waiting":
            continue
        spoke = {one.before_by, one.after_by}
        yield Waiting(
            topic=gathered.topic,
            change=one,
            appeared=gathered.conditions_in_words(one.appeared, one.after_by, one.after),
            gone=gathered.conditions_in_words(one.gone, one.before_by, one.before),
            decides=bool(one.lanes[1:]) or one.lanes[0] in bodies or one.lanes[0] != one.after_by,
            proposed=gathered.is_proposed(spoke, one.lanes),
        )
